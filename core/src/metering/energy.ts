import { assert } from '../errors/index.ts'
import { floorDivide, WattHours } from '../units/index.ts'
import {
  type BoundaryReading,
  digitsAt,
  type MeteredEnergy,
  type MeterReadings,
  registerDifference,
} from './registers.ts'

/** How far back or ahead a reading is looked for, in boundaries. */
const gapMax = 8_640

/**
 * A meter's energy over `interval`, from the readings that count now.
 *
 * With both boundaries read it is their difference. Inside a gap, what the registers counted over
 * the whole gap is spread evenly by cumulative rounding, so the parts sum to the whole. After the
 * last reading, the energy of the last metered interval is repeated. A meter never read gives zero.
 * Everything but the first is an estimate and is marked as one.
 *
 * ```text
 *   boundary   10     11     12     13      import register 500, –, –, 530 Wh
 *   interval      10     11     12          10, 10 and 10 Wh, interpolated
 * ```
 */
export function meteredEnergy(readings: MeterReadings, interval: number): MeteredEnergy {
  const opening = readings.boundaries.get(interval)
  const closing = readings.boundaries.get(interval + 1)
  if (opening !== undefined && closing !== undefined) {
    return { ...between(readings, interval, opening, interval + 1, closing), assurance: 'metered' }
  }
  const before = nearest(readings, interval, -1)
  if (before === undefined) return absent
  const after = nearest(readings, interval + 1, 1)
  if (after !== undefined) return interpolated(readings, interval, before, after)
  return repeated(readings, before)
}

const absent: MeteredEnergy = {
  imported: WattHours.zero,
  exported: WattHours.zero,
  assurance: 'absent',
}

function interpolated(
  readings: MeterReadings,
  interval: number,
  before: number,
  after: number,
): MeteredEnergy {
  const total = between(readings, before, known(readings, before), after, known(readings, after))
  const length = BigInt(after - before)
  const done = BigInt(interval - before)
  return {
    imported: shareOf(total.imported, done, length),
    exported: shareOf(total.exported, done, length),
    assurance: 'interpolated',
  }
}

/** Part `done` of `length` equal parts of `total`, by cumulative rounding: the parts sum to it. */
function shareOf(total: WattHours, done: bigint, length: bigint): WattHours {
  const before = cumulativeFloor(total, done, length)
  return WattHours.from(cumulativeFloor(total, done + 1n, length) - before)
}

const cumulativeFloor = (total: bigint, done: bigint, length: bigint): bigint =>
  floorDivide(total * done, length)

function repeated(readings: MeterReadings, before: number): MeteredEnergy {
  const last = readings.boundaries.get(before - 1)
  if (last === undefined) return { ...absent, assurance: 'repeated' }
  const energy = between(readings, before - 1, last, before, known(readings, before))
  return { ...energy, assurance: 'repeated' }
}

function between(
  readings: MeterReadings,
  from: number,
  opening: BoundaryReading,
  to: number,
  closing: BoundaryReading,
): { imported: WattHours; exported: WattHours } {
  assert(from < to, 'a reading ends what an earlier one began')
  let imported = 0n
  let exported = 0n
  let start = opening.opening
  // A replaced device ends its registers at its last boundary and the next begins its own there.
  for (const change of readings.digits) {
    if (change.from <= from || change.from >= to) continue
    const replaced = known(readings, change.from)
    const digits = digitsAt(readings, change.from - 1)
    imported += registerDifference(start.importWh, replaced.closing.importWh, digits)
    exported += registerDifference(start.exportWh, replaced.closing.exportWh, digits)
    start = replaced.opening
  }
  const digits = digitsAt(readings, to - 1)
  imported += registerDifference(start.importWh, closing.closing.importWh, digits)
  exported += registerDifference(start.exportWh, closing.closing.exportWh, digits)
  return { imported: WattHours.from(imported), exported: WattHours.from(exported) }
}

function known(readings: MeterReadings, boundary: number): BoundaryReading {
  const reading = readings.boundaries.get(boundary)
  assert(reading !== undefined, 'the boundary was read')
  return reading
}

/** The nearest boundary that was read, `start` included, going by `step`. */
export function nearest(
  readings: MeterReadings,
  start: number,
  step: 1 | -1,
): number | undefined {
  if (step === 1 && readings.latest < start) return undefined
  if (readings.boundaries.size <= fewBoundaries) return nearestOfFew(readings, start, step)
  const { latest } = readings
  const atHand = step === -1 && latest <= start && start - latest < gapMax
  if (atHand && readings.boundaries.has(latest)) return latest
  for (let boundary = start, seen = 0; seen < gapMax; boundary += step, seen += 1) {
    if (readings.boundaries.has(boundary)) return boundary
  }
  return undefined
}

/** Up to this many boundaries it is quicker to look at each than to step through a gap. */
const fewBoundaries = 64

function nearestOfFew(readings: MeterReadings, start: number, step: 1 | -1): number | undefined {
  let best: number | undefined
  for (const boundary of readings.boundaries.keys()) {
    const ahead = (boundary - start) * step
    if (ahead < 0 || ahead >= gapMax) continue
    if (best === undefined || ahead < (best - start) * step) best = boundary
  }
  return best
}
