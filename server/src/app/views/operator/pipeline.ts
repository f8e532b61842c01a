import {
  bilateralZone,
  gateOf,
  intervalEnd,
  type IntervalRecord,
  intervalStart,
  rulebookFor,
  type State,
  zoneKey,
} from '@busbar/core/exchange'
import type { IntervalException, IntervalPhase, PipelineInterval } from '@busbar/protocols/api'

/** The newest intervals of all zones together that are shown one by one. */
export const intervalsShown = 120

/** A gate or an opening that is due for longer is not on its way any more. */
const dueMs = 10_000

export type Pipeline = {
  readonly stages: readonly {
    readonly phase: IntervalPhase
    readonly count: number
    readonly oldestMs: number | null
  }[]
  readonly intervals: readonly PipelineInterval[]
}

/** From the gate that closes next to the final run. */
export const phases = [
  'orders', 'opening', 'scheduled', 'delivery', 'metering', 'provisional', 'final',
] as const satisfies readonly IntervalPhase[]

/**
 * Where each interval is at `now`, UTC milliseconds of the market, newest first, and how many are
 * in each phase since when. Of intervals that take orders only the one whose gate closes next.
 */
export function pipelineOf(
  state: State,
  now: number,
  workOf: (record: IntervalRecord) => number | undefined,
): Pipeline {
  const next = state.clearedThrough + 1
  const known = [...state.intervals.values()]
    .flatMap((records) => [...records.values()])
    .filter(({ interval, status }) => status !== 'open' || interval === next)
  const counts = new Map<IntervalPhase, { count: number; oldestMs: number }>()
  for (const record of known) {
    const { phase, sinceMs } = phaseOf(state, record, now)
    const before = counts.get(phase)
    const oldestMs = Math.min(before?.oldestMs ?? sinceMs, sinceMs)
    counts.set(phase, { count: (before?.count ?? 0) + 1, oldestMs })
  }
  const newest = known
    .sort((a, b) => b.interval - a.interval || a.zone - b.zone)
    .slice(0, intervalsShown)
  return {
    stages: phases.map((phase) => {
      const { count = 0, oldestMs = null } = counts.get(phase) ?? {}
      return { phase, count, oldestMs }
    }),
    intervals: newest.map((record) => viewOf(state, record, now, workOf(record))),
  }
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

/** What somebody should look at, worst first. */
export function exceptionsOf(
  state: State,
  record: IntervalRecord,
  now: number,
): readonly IntervalException[] {
  const { zone, interval, status, proof, voids, runs } = record
  const rulebook = rulebookFor(state, interval)
  const gate = gateOf(state, interval)
  const end = intervalEnd(state, interval)
  const isDue = (at: number): boolean => now >= at + dueMs
  const deadline = end + rulebook.readingDeadlineSeconds * 1_000
  const { meterCount, readCount } = metersOf(state, record)
  const waits = status === 'cleared' || status === 'provisional'
  const isLate = waits && now >= end && readCount < meterCount
  const found: readonly (readonly [IntervalException, boolean])[] = [
    ['proof_faulty', proof === 'faulty'],
    ['gate_overdue', status === 'open' && isDue(gate)],
    ['opening_overdue', status === 'fixed' && isDue(gate + rulebook.revealSeconds * 1_000)],
    ['run_overdue', status === 'cleared' && isDue(deadline)],
    ['final_overdue', status === 'provisional' && isDue(finalAt(state, interval))],
    ['proof_overdue', proof === 'overdue'],
    ['readings_missing', isLate],
    ['meters_estimated', (runs.at(-1)?.estimated.length ?? 0) > 0],
    ['resettled', runs.some(({ kind }) => kind === 'resettled')],
    ['correction_waits', state.dirty.has(zoneKey(zone, interval))],
    ['orders_void', voids.size > 0],
  ]
  return found.flatMap(([name, holds]) => (holds ? [name] : []))
}

/** When the final run of an interval is due. */
function finalAt(state: State, interval: number): number {
  const { finalAfterIntervals } = rulebookFor(state, interval)
  return intervalEnd(state, interval + finalAfterIntervals)
}
