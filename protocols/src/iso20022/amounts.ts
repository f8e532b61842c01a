import { Fault } from '@busbar/core/errors'
import { floorDivide } from '@busbar/core/units'
import { code } from './forms.ts'

/** Money moves between banks in hundredths of the currency. */
export const microsPerCent = 10_000n

/** The largest amount of one transfer or sum that is written: 13 digits before the point. */
const microsMax = 10n ** 19n - 1n

/**
 * `12.34` for 12,340,000 micros. What is smaller than a cent cannot be held, and is not rounded
 * away here: the caller keeps it for later.
 *
 * @throws Fault PAYMENT_MESSAGE_INVALID for a fraction of a cent, nothing, and less than nothing
 */
export function amountText(micros: bigint, field: string): string {
  if (micros <= 0n || micros > microsMax) {
    throw new Fault(code, { field, limit: 'an amount above zero of up to 13 digits' })
  }
  const cents = floorDivide(micros, microsPerCent)
  if (cents * microsPerCent !== micros) {
    throw new Fault(code, { field, limit: 'whole cents', value: micros })
  }
  const digits = cents.toString().padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** The micros of a text that has the form of an amount or of a sum. */
export function amountMicros(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.')
  return BigInt(whole) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'))
}
