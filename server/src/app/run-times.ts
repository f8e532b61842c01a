import {
  allRead,
  allTradersRead,
  awaitsProof,
  bilateralZone,
  intervalEnd,
  type IntervalRecord,
  rulebookFor,
  type State,
  zoneKey,
} from '@busbar/core/exchange'

/** A run that is due for longer is held up by something that somebody has to look at. */
const overdueMs = 60_000

/** When an interval's next run is due at the latest: its first one, or its final one after that. */
export function runDueMs(
  state: State,
  { interval, status }: Pick<IntervalRecord, 'interval' | 'status'>,
): number {
  const { readingDeadlineSeconds, finalAfterIntervals } = rulebookFor(state, interval)
  return status === 'cleared'
    ? intervalEnd(state, interval) + readingDeadlineSeconds * 1_000
    : intervalEnd(state, interval + finalAfterIntervals)
}

/** Whether a run may be due: cheap, and the core decides. */
export function isRunDue(state: State, record: IntervalRecord, now: number): boolean {
  const { zone, interval, status } = record
  if (status === 'open' || status === 'fixed') return false
  if (state.dirty.has(zoneKey(zone, interval))) return true
  if (status === 'final' || now < intervalEnd(state, interval)) return false
  if (status === 'provisional' && awaitsProof(state, record)) return false
  if (now >= runDueMs(state, record)) return true
  if (status === 'provisional') return false
  return zone === bilateralZone ? allTradersRead(state, record) : allRead(state, zone, interval)
}

/** Whether nothing but its own settlement holds up a run, and it is not posted. */
export function isRunOverdue(state: State, record: IntervalRecord, now: number): boolean {
  const { status } = record
  if (status !== 'cleared' && status !== 'provisional') return false
  if (status === 'provisional' && awaitsProof(state, record)) return false
  return now >= runDueMs(state, record) + overdueMs
}
