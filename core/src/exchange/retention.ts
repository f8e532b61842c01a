import type { MeterReadings } from '../metering/index.ts'
import type { Rulebook } from '../rulebook/index.ts'
import { bilateralZone, recordOf, zoneKey } from './lookups.ts'
import type { IntervalRecord, State } from './state.ts'
import { forgetTrades } from './trading/trade-retention.ts'

/**
 * Forgets what can no longer be corrected when the gate of `interval` has closed: its records and
 * readings, and the ids that could only be replayed into it. The journal keeps everything.
 */
export function forgetBefore(state: State, interval: number): void {
  const last = interval - Math.max(...state.rulebooks.map(({ rulebook }) => kept(rulebook)))
  const stays = new Map<number, number>()
  for (const [zone, zoneIntervals] of state.intervals) {
    let oldest = last + 1
    for (const [number, record] of zoneIntervals) {
      if (number > last) continue
      if (isEnded(state, record)) zoneIntervals.delete(number)
      else oldest = Math.min(oldest, number)
    }
    stays.set(zone, oldest)
  }
  forgetTrades(state, last)
  // What a contract delivers is read from the same meters.
  const ofContracts = stays.get(bilateralZone) ?? last + 1
  for (const { meter, zone } of state.meters) {
    const since = Math.min(stays.get(zone) ?? last + 1, ofContracts)
    forgetReadings(state, meter, zone, last - 1, since)
  }
  for (const { zone } of state.zones) state.readCounts.delete(zoneKey(zone, last - 1))
  for (const key of state.expiring.get(last) ?? []) state.remembered.delete(key)
  state.expiring.delete(last)
}

/**
 * What is not settled to the end (a guarantee exhausted, a correction) is not forgotten before it
 * is, nor what is not proven: its credits may be held back, or may have to be.
 */
const isEnded = (state: State, { zone, interval, status, proof }: IntervalRecord): boolean =>
  status === 'final' &&
  (proof === 'none' || proof === 'proven') &&
  !state.dirty.has(zoneKey(zone, interval))

/**
 * Forgets a meter's readings up to `oldest`, but never the newest two: a meter that falls silent
 * goes on being estimated from them, and what it says on its return is judged against them. Nor
 * where a gap begins or ends of which a part may still be corrected: its energy is spread evenly
 * from one reading to the next.
 */
function forgetReadings(
  state: State,
  meter: number,
  zone: number,
  oldest: number,
  stays: number,
): void {
  const readings = state.readings.get(meter)
  if (readings === undefined) return
  const isKept = (boundary: number): boolean =>
    boundary > oldest ||
    boundary >= readings.latest - 1 ||
    isBeside(readings, boundary, stays, (one) =>
      [zone, bilateralZone].some((each) => recordOf(state, each, one) !== undefined))
  if (!isKept(oldest)) readings.boundaries.delete(oldest)
  // What was among the newest when its turn came stands first.
  for (const boundary of readings.boundaries.keys()) {
    if (isKept(boundary)) break
    readings.boundaries.delete(boundary)
  }
}

/**
 * Whether one of the intervals from the reading before `boundary` to the one after it `isThere`.
 * None before `stays` is.
 */
function isBeside(
  { boundaries, latest }: MeterReadings,
  boundary: number,
  stays: number,
  isThere: (interval: number) => boolean,
): boolean {
  for (let one = boundary; one < latest; one += 1) {
    if (one >= stays && isThere(one)) return true
    if (boundaries.has(one + 1)) break
  }
  for (let one = boundary - 1; one >= stays; one -= 1) {
    if (isThere(one)) return true
    if (boundaries.has(one)) break
  }
  return false
}

/**
 * For how many gates something is kept: until its final run and all corrections have passed, and as
 * long as the chain takes demands for an order of it, which is until its proof is due. That is
 * counted from the clearing's block: what a final run waits for is time enough for that. Gates
 * close ahead of time by their lead, and any rulebook, past ones too, may still rule an interval.
 */
const kept = (rulebook: Rulebook): number =>
  Math.max(
    rulebook.correctionIntervals,
    Math.ceil(rulebook.proofDeadlineSeconds / rulebook.intervalSeconds),
  ) +
  rulebook.finalAfterIntervals +
  Math.ceil(rulebook.gateLeadSeconds / rulebook.intervalSeconds) +
  2
