import type { Meter } from '../registry/index.ts'
import { nearest } from './energy.ts'
import { type BoundaryReading, digitsAt, type MeterReadings, registerDifference } from './registers.ts'

/** What became of one reading of a batch. Only `counted` changes anything. */
export type ReadingOutcome =
  | 'counted'
  | 'duplicate'
  | 'conflicting'
  | 'superseded'
  | 'implausible'
  | 'out_of_range'
  | 'meter_unknown'
  | 'gateway_foreign'
  | 'too_early'
  | 'too_late'

/** Tolerance of the connection's rating: fuses and clocks are not exact. Tenths. */
export const plausibleTenths = 12n

/**
 * Whether a reading counts, and as what. A reading is known by meter and boundary: the same content
 * again is a duplicate, other content under the same version conflicts, a higher version corrects.
 *
 * A register may not run backwards or faster than the connection allows, measured from the nearest
 * readings on both sides; a roll-over is told from a reset by exactly that.
 */
export function judgeReading(
  meter: Meter,
  readings: MeterReadings,
  reading: { boundary: number; version: number; importWh: bigint; exportWh: bigint },
  intervalSeconds: number,
): ReadingOutcome {
  const digits = digitsAt(readings, reading.boundary - 1)
  const modulus = 10n ** BigInt(digits)
  if (reading.importWh >= modulus || reading.exportWh >= modulus) return 'out_of_range'
  const present = readings.boundaries.get(reading.boundary)
  if (present !== undefined) {
    if (reading.version < present.version) return 'superseded'
    if (reading.version === present.version) {
      const same =
        present.closing.importWh === reading.importWh && present.closing.exportWh === reading.exportWh
      return same ? 'duplicate' : 'conflicting'
    }
  }
  const candidate: BoundaryReading = { version: reading.version, closing: reading, opening: reading }
  const before = nearest(readings, reading.boundary - 1, -1)
  if (before !== undefined) {
    const from = readings.boundaries.get(before)
    if (from && !plausible(meter, readings, before, from, reading.boundary, candidate, intervalSeconds)) {
      return 'implausible'
    }
  }
  const after = nearest(readings, reading.boundary + 1, 1)
  if (after !== undefined) {
    const to = readings.boundaries.get(after)
    if (to && !plausible(meter, readings, reading.boundary, candidate, after, to, intervalSeconds)) {
      return 'implausible'
    }
  }
  return 'counted'
}

function plausible(
  meter: Meter,
  readings: MeterReadings,
  from: number,
  opening: BoundaryReading,
  to: number,
  closing: BoundaryReading,
  intervalSeconds: number,
): boolean {
  // Across a replaced device the registers say nothing; each side was judged on its own.
  if (readings.digits.some((change) => change.from > from && change.from < to)) return true
  const digits = digitsAt(readings, to - 1)
  const imported = registerDifference(opening.opening.importWh, closing.closing.importWh, digits)
  const exported = registerDifference(opening.opening.exportWh, closing.closing.exportWh, digits)
  const seconds = BigInt(to - from) * BigInt(intervalSeconds)
  return (
    imported * 36_000n <= BigInt(meter.importWattsMax) * seconds * plausibleTenths &&
    exported * 36_000n <= BigInt(meter.exportWattsMax) * seconds * plausibleTenths
  )
}

/** Takes a reading that was judged to count. A replaced device keeps its own opening registers. */
export function takeReading(
  readings: MeterReadings,
  reading: { boundary: number; version: number; importWh: bigint; exportWh: bigint },
): void {
  const registers = { importWh: reading.importWh, exportWh: reading.exportWh }
  const replaced = readings.digits.some((change) => change.from === reading.boundary && change.from > 0)
  const opening = replaced
    ? (readings.boundaries.get(reading.boundary)?.opening ?? registers)
    : registers
  readings.boundaries.set(reading.boundary, { version: reading.version, closing: registers, opening })
  if (reading.boundary > readings.latest) readings.latest = reading.boundary
}

/** Records that the device was replaced at `boundary`: the old one's last and the new one's first. */
export function replaceDevice(
  readings: MeterReadings,
  boundary: number,
  version: number,
  final: { importWh: bigint; exportWh: bigint },
  initial: { importWh: bigint; exportWh: bigint },
  digits: number,
): void {
  readings.boundaries.set(boundary, { version, closing: final, opening: initial })
  readings.digits.push({ from: boundary, digits })
  readings.digits.sort((a, b) => a.from - b.from)
  if (boundary > readings.latest) readings.latest = boundary
}

/** The longest energy a meter's connection lets through in one interval, rounded up. */
export const connectionWattHours = (watts: number, intervalSeconds: number): bigint =>
  (BigInt(watts) * BigInt(intervalSeconds) + 3_599n) / 3_600n
