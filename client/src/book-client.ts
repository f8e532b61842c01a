import {
  type ConservationHistory,
  type IntervalTallies,
  type JournalHead,
  type JournalHeads,
  type JournalSpan,
  routes,
} from '@busbar/protocols/api'
import type { CallOptions, Calls } from './calls.ts'
import { fill, withQuery } from './requests.ts'

/** What shows that a market's books were whole, interval by interval: `client.books`. */
export class BookClient {
  readonly #calls: Calls

  constructor(calls: Calls) {
    this.#calls = calls
  }

  /** What held at the time, a point for each `step` intervals; without `from` the newest. */
  history(
    asked: { readonly from?: number; readonly points?: number; readonly step?: number } = {},
    options?: CallOptions,
  ): Promise<ConservationHistory> {
    const path = withQuery(routes.conservationHistory.path, asked)
    return this.#calls.get<ConservationHistory>(path, options)
  }

  /** Where the books stood at each run of an interval, of all zones. */
  interval(interval: number, options?: CallOptions): Promise<IntervalTallies> {
    const path = fill(routes.conservationInterval.path, { interval })
    return this.#calls.get<IntervalTallies>(path, options)
  }

  /** Hashes of the journal at what the chain bears witness of: from an entry on, or the newest. */
  heads(
    asked: { readonly from?: number; readonly before?: number; readonly limit?: number } = {},
    options?: CallOptions,
  ): Promise<JournalHeads> {
    return this.#calls.get<JournalHeads>(withQuery(routes.journalHeads.path, asked), options)
  }

  /** One of them with what it takes to check it. */
  head(sequence: number, options?: CallOptions): Promise<JournalHead> {
    const path = fill(routes.journalHead.path, { sequence })
    return this.#calls.get<JournalHead>(path, options)
  }

  /** A span of the journal as it is stored: for operators and auditors. */
  journal(
    asked: { readonly from?: number; readonly limit?: number } = {},
    options?: CallOptions,
  ): Promise<JournalSpan> {
    const path = withQuery(routes.auditJournal.path, asked)
    return this.#calls.getPrivate<JournalSpan>(path, options)
  }
}
