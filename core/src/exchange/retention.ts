import { rulebookFor, zoneKey } from './lookups.ts'
import type { State } from './state.ts'

/**
 * Forgets what can no longer be corrected when the gate of `interval` has closed: its records and
 * readings, and the ids that could only be replayed into it. The journal keeps everything.
 */
export function forgetBefore(state: State, interval: number): void {
  const { correctionIntervals, finalAfterIntervals } = rulebookFor(state, interval)
  const last = interval - correctionIntervals - finalAfterIntervals - 2
  for (const zoneIntervals of state.intervals.values()) {
    const record = zoneIntervals.get(last)
    // An interval that could not be settled yet (a guarantee exhausted) is never forgotten.
    if (record?.status === 'final') zoneIntervals.delete(last)
  }
  for (const readings of state.readings.values()) readings.boundaries.delete(last - 1)
  for (const zone of state.zones) state.readCounts.delete(zoneKey(zone.zone, last - 1))
  for (const key of state.expiring.get(last) ?? []) state.remembered.delete(key)
  state.expiring.delete(last)
}
