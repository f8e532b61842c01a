import {
  bilateralZone,
  gateOf,
  intervalEnd,
  type IntervalRecord,
  intervalStart,
  revealUntil,
  type State,
  zoneKey,
} from '@busbar/core/exchange'
import {
  type IntervalException,
  intervalExceptions,
  type IntervalPhase,
  type PipelineInterval,
} from '@busbar/protocols/api'
import { runDueMs } from '../../run-times.ts'

/** So many of the newest intervals of all zones together are shown one by one. */
export const newestShown = 120

/** And so many of those that somebody should look at, however old they are. */
export const exceptionsShown = 120

/** A gate or an opening that is due for longer is not on its way any more. */
const dueMs = 10_000

export type Pipeline = {
  readonly stages: readonly {
    readonly phase: IntervalPhase
    readonly count: number
    readonly oldestMs: number | null
  }[]
  /** Of all that are kept, those that somebody should look at. */
  readonly exceptionCount: number
  readonly intervals: readonly PipelineInterval[]
}

/** From the gate that closes next to the final run. */
export const phases = [
  'orders', 'opening', 'scheduled', 'delivery', 'metering', 'provisional', 'final',
] as const satisfies readonly IntervalPhase[]

/**
 * Where each interval is at `now`, UTC milliseconds of the market, and how many are in each phase
 * since when. Of intervals that take orders only the one whose gate closes next.
 *
 * All that are kept are judged: the worst that somebody should look at stand first, however old
 * they are, and after these the newest.
 */
export function pipelineOf(
  state: State,
  now: number,
  workOf: (record: IntervalRecord) => number | undefined,
): Pipeline {
  const next = state.clearedThrough + 1
  const newest = [...state.intervals.values()]
    .flatMap((records) => [...records.values()])
    .filter(({ interval, status }) => status !== 'open' || interval === next)
    .sort((a, b) => b.interval - a.interval || a.zone - b.zone)
  const judged = newest.flatMap((record) => {
    const [worst] = exceptionsOf(state, record, now)
    return worst === undefined ? [] : [{ record, rank: intervalExceptions.indexOf(worst) }]
  })
  // Sorting keeps the order of equals: among these the newest stand first.
  const worst = judged
    .sort((a, b) => a.rank - b.rank)
    .slice(0, exceptionsShown)
    .map(({ record }) => record)
  const listed = new Set([...worst, ...newest.slice(0, newestShown)])
  return {
    stages: stagesOf(state, newest, now),
    exceptionCount: judged.length,
    intervals: [...listed].map((record) => viewOf(state, record, now, workOf(record))),
  }
}

function stagesOf(
  state: State,
  records: readonly IntervalRecord[],
  now: number,
): Pipeline['stages'] {
  const counts = new Map<IntervalPhase, { count: number; oldestMs: number }>()
  for (const record of records) {
    const { phase, sinceMs } = phaseOf(state, record, now)
    const before = counts.get(phase)
    const oldestMs = Math.min(before?.oldestMs ?? sinceMs, sinceMs)
    counts.set(phase, { count: (before?.count ?? 0) + 1, oldestMs })
  }
  return phases.map((phase) => {
    const { count = 0, oldestMs = null } = counts.get(phase) ?? {}
    return { phase, count, oldestMs }
  })
}

/** Which phase an interval is in, and since when by the market's clock. */
export function phaseOf(
  state: State,
  record: Pick<IntervalRecord, 'interval' | 'status' | 'runs'>,
  now: number,
): { readonly phase: IntervalPhase; readonly sinceMs: number } {
  const { interval, status, runs } = record
  const gate = gateOf(state, interval)
  switch (status) {
    case 'open':
      return { phase: 'orders', sinceMs: gateOf(state, Math.max(0, interval - 1)) }
    case 'fixed':
      return { phase: 'opening', sinceMs: gate }
    case 'cleared': {
      const [start, end] = [intervalStart(state, interval), intervalEnd(state, interval)]
      if (now < start) return { phase: 'scheduled', sinceMs: gate }
      if (now < end) return { phase: 'delivery', sinceMs: start }
      return { phase: 'metering', sinceMs: end }
    }
    case 'provisional':
    case 'final':
      return { phase: status, sinceMs: runs.at(-1)?.at ?? gate }
  }
}

function viewOf(
  state: State,
  record: IntervalRecord,
  now: number,
  workMs: number | undefined,
): PipelineInterval {
  const { zone, interval, status, proof, orderCount, voids, runs } = record
  const { phase, sinceMs } = phaseOf(state, record, now)
  return {
    ...{ zone, interval, phase, sinceMs, status, proof },
    startMs: intervalStart(state, interval),
    ...{ orderCount, voidCount: voids.size, ...metersOf(state, record) },
    runCount: runs.length,
    workMs: workMs ?? null,
    exceptions: [...exceptionsOf(state, record, now)],
  }
}

/** How many physical meters must be read at its end, and how many were. Of trades: none. */
function metersOf(
  state: State,
  { zone, interval, runs }: IntervalRecord,
): Pick<PipelineInterval, 'meterCount' | 'readCount' | 'estimatedCount'> {
  const estimatedCount = runs.at(-1)?.estimated.length ?? 0
  if (zone === bilateralZone) return { meterCount: 0, readCount: 0, estimatedCount }
  return {
    meterCount: state.physicalMeters.get(zone)?.count ?? 0,
    readCount: state.readCounts.get(zoneKey(zone, interval + 1)) ?? 0,
    estimatedCount,
  }
}

/** What somebody should look at, worst first; who needs the worst only stops there. */
export function* exceptionsOf(
  state: State,
  record: IntervalRecord,
  now: number,
): Generator<IntervalException, undefined> {
  const { zone, interval, status, proof, voids, runs } = record
  const isDue = (at: number): boolean => now >= at + dueMs
  if (proof === 'faulty') yield 'proof_faulty'
  if (status === 'open' && isDue(gateOf(state, interval))) yield 'gate_overdue'
  if (status === 'fixed' && isDue(revealUntil(state, interval))) yield 'opening_overdue'
  if (status === 'cleared' && isDue(runDueMs(state, record))) yield 'run_overdue'
  if (status === 'provisional' && isDue(runDueMs(state, record))) yield 'final_overdue'
  if (proof === 'overdue') yield 'proof_overdue'
  if (isReadLate(state, record, now)) yield 'readings_missing'
  if ((runs.at(-1)?.estimated.length ?? 0) > 0) yield 'meters_estimated'
  if (runs.some(({ kind }) => kind === 'resettled')) yield 'resettled'
  if (state.dirty.has(zoneKey(zone, interval))) yield 'correction_waits'
  if (voids.size > 0) yield 'orders_void'
}

function isReadLate(state: State, record: IntervalRecord, now: number): boolean {
  const { interval, status } = record
  const waits = status === 'cleared' || status === 'provisional'
  if (!waits || now < intervalEnd(state, interval)) return false
  const { meterCount, readCount } = metersOf(state, record)
  return readCount < meterCount
}
