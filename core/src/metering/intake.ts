import type { Meter } from '../registry/index.ts'
import { ceilDivide } from '../units/index.ts'
import { nearest } from './energy.ts'
import {
  type BoundaryReading,
  digitsAt,
  type MeterReadings,
  registerDifference,
  type Registers,
} from './registers.ts'

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

/** A version is one byte of a reading's leaf. */
export const versionMax = 255

/** One reading as it arrives: what the registers showed at `boundary`. */
type Reading = Registers & { readonly boundary: number; readonly version: number }

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
  reading: Reading,
  intervalSeconds: number,
): ReadingOutcome {
  const digits = digitsAt(readings, reading.boundary - 1)
  if (!shown(reading.importWh, digits) || !shown(reading.exportWh, digits)) return 'out_of_range'
  if (reading.version < 0 || reading.version > versionMax) return 'out_of_range'
  const present = readings.boundaries.get(reading.boundary)
  if (present !== undefined) {
    if (reading.version < present.version) return 'superseded'
    if (reading.version === present.version) {
      const { importWh, exportWh } = present.closing
      const same = importWh === reading.importWh && exportWh === reading.exportWh
      return same ? 'duplicate' : 'conflicting'
    }
  }
  return plausibleBeside(meter, readings, readingAt(readings, reading), intervalSeconds)
    ? 'counted'
    : 'implausible'
}

const shown = (register: bigint, digits: number): boolean =>
  register >= 0n && register < 10n ** BigInt(digits)

type AtBoundary = { readonly boundary: number; readonly reading: BoundaryReading }

/**
 * Whether what is known at one boundary can be true beside its nearest neighbours: neither register
 * counted more in between than the connection lets through.
 */
export function plausibleBeside(
  meter: Meter,
  readings: MeterReadings,
  candidate: AtBoundary,
  intervalSeconds: number,
): boolean {
  const neighbour = (step: 1 | -1): AtBoundary | undefined => {
    const boundary = nearest(readings, candidate.boundary + step, step)
    const reading = boundary === undefined ? undefined : readings.boundaries.get(boundary)
    return boundary === undefined || reading === undefined ? undefined : { boundary, reading }
  }
  const before = neighbour(-1)
  if (before && !plausible(meter, readings, before, candidate, intervalSeconds)) return false
  const after = neighbour(1)
  return after === undefined || plausible(meter, readings, candidate, after, intervalSeconds)
}

function plausible(
  meter: Meter,
  readings: MeterReadings,
  { boundary: from, reading: { opening } }: AtBoundary,
  { boundary: to, reading: { closing } }: AtBoundary,
  intervalSeconds: number,
): boolean {
  // Across a replaced device the registers say nothing; each side was judged on its own.
  if (readings.digits.some((change) => change.from > from && change.from < to)) return true
  const digits = digitsAt(readings, to - 1)
  const imported = registerDifference(opening.importWh, closing.importWh, digits)
  const exported = registerDifference(opening.exportWh, closing.exportWh, digits)
  const seconds = BigInt(to - from) * BigInt(intervalSeconds)
  return (
    imported * 36_000n <= BigInt(meter.importWattsMax) * seconds * plausibleTenths &&
    exported * 36_000n <= BigInt(meter.exportWattsMax) * seconds * plausibleTenths
  )
}

/** Takes a reading that was judged to count. */
export function takeReading(readings: MeterReadings, reading: Reading): void {
  readings.boundaries.set(reading.boundary, readingAt(readings, reading).reading)
  if (reading.boundary > readings.latest) readings.latest = reading.boundary
}

/**
 * What is known at the boundary once `reading` is taken. Where the device was replaced, a reading
 * corrects the old one's last registers; the new one keeps those it began with.
 */
function readingAt(readings: MeterReadings, reading: Reading): AtBoundary {
  const { boundary, version } = reading
  const closing = { importWh: reading.importWh, exportWh: reading.exportWh }
  const replaced = readings.digits.some((change) => change.from === boundary && change.from > 0)
  const opening = replaced ? (readings.boundaries.get(boundary)?.opening ?? closing) : closing
  return { boundary, reading: { version, closing, opening } }
}

/** Records that the device was replaced: the old one's last registers and the new one's first. */
export function replaceDevice(
  readings: MeterReadings,
  boundary: number,
  version: number,
  final: Registers,
  initial: Registers,
  digits: number,
): void {
  readings.boundaries.set(boundary, { version, closing: final, opening: initial })
  readings.digits.push({ from: boundary, digits })
  readings.digits.sort((a, b) => a.from - b.from)
  if (boundary > readings.latest) readings.latest = boundary
}

/** The longest energy a meter's connection lets through in one interval, rounded up. */
export const connectionWattHours = (watts: number, intervalSeconds: number): bigint =>
  ceilDivide(BigInt(watts) * BigInt(intervalSeconds), 3_600n)
