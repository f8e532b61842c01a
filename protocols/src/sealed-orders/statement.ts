import { Fault } from '@busbar/core/errors'
import type { Hex } from '../hash/index.ts'
import { fieldFromHex, fieldToHex } from './field.ts'
import { limitMicrosMax, priceOffset } from './order.ts'

/** What a clearing says to everybody, beside its roots. */
export type Header = {
  /** All orders of the set, void ones included: at most 2^24 − 1. */
  readonly orderCount: number
  readonly voidCount: number
  /** Null where nothing was traded. */
  readonly priceMicrosPerKwh: number | null
  /** Below 2^53. */
  readonly energyWh: number
}

const countMax = 2 ** 24 - 1

/**
 * One field element: counts (24 bits each, from the lowest), whether there is a price (1), the
 * price (41, offset; 0 without one), the energy (56).
 *
 * @throws Fault HEADER_INVALID
 */
export function packHeader(header: Header): Hex {
  const { orderCount, voidCount, priceMicrosPerKwh: price, energyWh } = header
  if (!isCount(orderCount, countMax)) throw invalid('orderCount', `from 0 to ${countMax}`)
  if (!isCount(voidCount, orderCount)) throw invalid('voidCount', `from 0 to ${orderCount}`)
  if (!isCount(energyWh, Number.MAX_SAFE_INTEGER)) throw invalid('energyWh', 'a safe integer')
  if (price !== null && (!Number.isSafeInteger(price) || Math.abs(price) > limitMicrosMax)) {
    throw invalid('priceMicrosPerKwh', `from ${-limitMicrosMax} to ${limitMicrosMax}, or null`)
  }
  let word = BigInt(orderCount) | (BigInt(voidCount) << 24n) | (BigInt(energyWh) << 90n)
  if (price !== null) word |= (1n << 48n) | ((BigInt(price) + priceOffset) << 49n)
  return fieldToHex(word)
}

/** What `packHeader` packed. @throws Fault FIELD_MALFORMED, HEADER_INVALID */
export function unpackHeader(hex: string): Header {
  const word = fieldFromHex(hex, 'header')
  const bits = (from: bigint, count: bigint): number => Number((word >> from) & (2n ** count - 1n))
  const hasPrice = bits(48n, 1n) === 1
  const header: Header = {
    orderCount: bits(0n, 24n),
    voidCount: bits(24n, 24n),
    priceMicrosPerKwh: hasPrice ? bits(49n, 41n) - Number(priceOffset) : null,
    energyWh: bits(90n, 56n),
  }
  if (packHeader(header) !== hex) throw invalid('header', 'as packHeader writes it')
  return header
}

const isCount = (value: number, max: number): boolean =>
  Number.isSafeInteger(value) && value >= 0 && value <= max

const invalid = (field: string, limit: string): Fault =>
  new Fault('HEADER_INVALID', { field, limit })

/** The public inputs of a proof of clearing, in the order of the circuit. */
export const publicInputsOf = (statement: {
  readonly context: string
  readonly ordersRoot: string
  readonly fillsRoot: string
  readonly header: Header
}): readonly [string, string, string, string] => [
  statement.context,
  statement.ordersRoot,
  statement.fillsRoot,
  packHeader(statement.header),
]
