import { type ContractTerms, windowEnd } from '../../trades/index.ts'
import { bilateralZone, currentInterval, intervalEnd, recordOf, rulebookFor } from '../lookups.ts'
import { intervalMilliseconds } from '../lookups.ts'
import type { State } from '../state.ts'

/*
 * Rails outside of the ledger are asked for money once a cycle. Cycles of a contract are of so many
 * intervals as its rulebook says and begin with its window; the last one is what is left of it.
 */

/** The end of the cycle that `interval` is in. */
export function cycleEnd(terms: ContractTerms, cycle: number, interval: number): number {
  const whole = Math.floor((interval - terms.fromInterval) / cycle)
  return Math.min(terms.fromInterval + (whole + 1) * cycle, windowEnd(terms))
}

/**
 * When a cycle that ends before `until` is asked for: its readings are in, or estimated, by then.
 */
export function collectionTime(state: State, until: number): number {
  const { readingDeadlineSeconds } = rulebookFor(state, until - 1)
  const lengthMs = intervalMilliseconds(state)
  return intervalEnd(state, until - 1) + readingDeadlineSeconds * 1_000 + lengthMs
}

/** Where the cycles end that are to be asked for at `at`: the end of the last of them. */
export function collectableUntil(
  state: State,
  at: number,
  terms: ContractTerms,
  cycle: number,
): number {
  const { readingDeadlineSeconds } = rulebookFor(state, terms.fromInterval)
  const lengthMs = intervalMilliseconds(state)
  const ended = currentInterval(state, Math.max(0, at - readingDeadlineSeconds * 1_000 - lengthMs))
  if (ended >= windowEnd(terms)) return windowEnd(terms)
  const cycles = Math.max(0, Math.floor((ended - terms.fromInterval) / cycle))
  return terms.fromInterval + cycles * cycle
}

/** Whether some interval of a trade before `until` has not had its first run yet. */
export function awaitsRun(state: State, trade: number, from: number, until: number): boolean {
  for (let interval = from; interval < until; interval += 1) {
    const record = recordOf(state, bilateralZone, interval)
    if (record?.obligations.has(trade) === true && !record.deliveries.has(trade)) return true
  }
  return false
}
