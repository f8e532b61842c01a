import { assert } from '../errors/index.ts'

/** BigInt `/` truncates towards zero, which would favour one side when a price is negative. */
export function floorDivide(dividend: bigint, divisor: bigint): bigint {
  assert(divisor > 0n, 'a divisor is positive')
  const quotient = dividend / divisor
  return dividend % divisor < 0n ? quotient - 1n : quotient
}

export const ceilDivide = (dividend: bigint, divisor: bigint): bigint =>
  -floorDivide(-dividend, divisor)
