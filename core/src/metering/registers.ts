import { WattHours } from '../units/index.ts'

/** Cumulative registers of a meter at one boundary, in watt-hours. */
export type Registers = { readonly importWh: bigint; readonly exportWh: bigint }

/**
 * What is known of a meter at one boundary. `closing` ends the interval before it, `opening` begins
 * the one after; they differ only where the device was replaced.
 */
export type BoundaryReading = {
  readonly version: number
  readonly closing: Registers
  readonly opening: Registers
}

/** All readings of one meter that count, by boundary. */
export type MeterReadings = {
  readonly boundaries: Map<number, BoundaryReading>
  /** The digits of the device from a boundary on, ascending: a replaced device may have others. */
  readonly digits: { readonly from: number; readonly digits: number }[]
  /** Latest boundary that was read, −1 before the first. */
  latest: number
}

/** How an interval's energy is known, best first. */
export type Assurance = 'metered' | 'interpolated' | 'repeated' | 'absent'

/** One meter's energy over one interval. */
export type MeteredEnergy = {
  readonly imported: WattHours
  readonly exported: WattHours
  readonly assurance: Assurance
}

/**
 * What a register counted between two readings of one device. A register that reached its last
 * digit begins again at zero, so the difference is taken modulo 10^digits; whether the result is
 * plausible is decided by the meter's connection.
 *
 * @example registerDifference(999_990n, 20n, 6) // 30 Wh over the roll-over
 */
export function registerDifference(before: bigint, after: bigint, digits: number): bigint {
  const modulus = 10n ** BigInt(digits)
  const difference = (after - before) % modulus
  return difference < 0n ? difference + modulus : difference
}

export const emptyReadings = (digits: number): MeterReadings => ({
  boundaries: new Map(),
  digits: [{ from: 0, digits }],
  latest: -1,
})

export function digitsAt(readings: MeterReadings, boundary: number): number {
  let found = readings.digits[0]?.digits ?? 9
  for (const entry of readings.digits) if (entry.from <= boundary) found = entry.digits
  return found
}
