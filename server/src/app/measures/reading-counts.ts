import { currentInterval, intervalStart, rulebookFor, type State } from '@busbar/core/exchange'
import type { SignedReadingBatch, Submission } from '../ports/exchange-service.ts'
import { protocolOfGateway } from './protocols.ts'

/** What became of what came in, by code, in one interval of arrival. */
export type Arrivals = {
  acceptedBatches: number
  repeatedBatches: number
  readonly refusedBatches: Map<string, number>
  /** By `ReadingOutcome`. */
  readonly outcomes: Map<string, number>
  /** Of those that counted: after the deadline for the first run. */
  late: number
}

const noArrivals = (): Arrivals => ({
  ...{ acceptedBatches: 0, repeatedBatches: 0, late: 0 },
  refusedBatches: new Map(),
  outcomes: new Map(),
})

/** Counts readings as they come, by the interval in which they do and what their gateway speaks. */
export class ReadingCounts {
  readonly #intervalsKept: number
  readonly #arrivals = new Map<number, Map<string, Arrivals>>()

  constructor(intervalsKept: number) {
    this.#intervalsKept = intervalsKept
  }

  /** `answers` are those to `batches`, one by one. */
  take(
    state: State,
    nowMs: number,
    batches: readonly SignedReadingBatch[],
    answers: readonly Submission[],
  ): void {
    if (state.market === null) return
    const now = currentInterval(state, nowMs)
    for (const [index, batch] of batches.entries()) {
      const answer = answers[index]
      if (answer === undefined) continue
      const arrivals = this.#at(now, protocolOfGateway(state, batch.gateway))
      this.#count(state, nowMs, batch, answer, arrivals)
    }
  }

  /** What came from one interval through another, by what gateways speak. */
  between(from: number, to: number): ReadonlyMap<string, readonly Arrivals[]> {
    const found = new Map<string, Arrivals[]>()
    for (const [interval, byProtocol] of this.#arrivals) {
      if (interval < from || interval > to) continue
      for (const [protocol, arrivals] of byProtocol) {
        found.set(protocol, [...(found.get(protocol) ?? []), arrivals])
      }
    }
    return found
  }

  #count(
    state: State,
    nowMs: number,
    { readings }: SignedReadingBatch,
    answer: Submission,
    arrivals: Arrivals,
  ): void {
    if (answer.kind === 'rejected') {
      add(arrivals.refusedBatches, answer.reason)
      return
    }
    if (answer.repeated) {
      arrivals.repeatedBatches += 1
      return
    }
    arrivals.acceptedBatches += 1
    if (answer.result.kind !== 'readings_taken') return
    for (const [index, outcome] of answer.result.outcomes.entries()) {
      add(arrivals.outcomes, outcome)
      const boundary = readings[index]?.boundary
      if (outcome !== 'counted' || boundary === undefined) continue
      const { readingDeadlineSeconds } = rulebookFor(state, Math.max(0, boundary - 1))
      const dueMs = intervalStart(state, boundary) + readingDeadlineSeconds * 1_000
      if (nowMs > dueMs) arrivals.late += 1
    }
  }

  #at(interval: number, protocol: string): Arrivals {
    const byProtocol = this.#arrivals.get(interval) ?? new Map<string, Arrivals>()
    this.#arrivals.set(interval, byProtocol)
    for (const oldest of this.#arrivals.keys()) {
      if (this.#arrivals.size <= this.#intervalsKept) break
      this.#arrivals.delete(oldest)
    }
    const arrivals = byProtocol.get(protocol) ?? noArrivals()
    byProtocol.set(protocol, arrivals)
    return arrivals
  }
}

const add = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
