import type { FaultCode } from '@busbar/core/errors'
import type { Rulebook } from '@busbar/core/rulebook'
import type { Journal } from './journal.ts'

/** Which intervals of which zones another rulebook is tried on. */
export type WhatIfQuestion = {
  readonly rulebook: Rulebook
  /** The first and the last interval. */
  readonly from: number
  readonly to: number
  /** Undefined for all that there are. */
  readonly zone: number | undefined
  readonly intervalMs: number
  /**
   * When the gate of the first interval closed, UTC milliseconds: the replay begins with a state
   * from before. 0 where there can be none.
   */
  readonly gateMs: number
  /** IANA name: by which days are counted. */
  readonly timeZone: string
  /** The journal is replayed up to this entry. */
  readonly until: number
  /** What each account had after it: the replay must come to the same. */
  readonly balances: ReadonlyMap<number, bigint>
}

/** How far it is. */
export type WhatIfProgress = {
  /** Of the entries of the journal that are to be replayed, from where the replay began. */
  readonly replayed: number
  readonly entries: number
  /** Days of the span whose gates have closed in the replay, the one under way included. */
  readonly day: number
  readonly days: number
  /** Intervals that are judged. */
  readonly judged: number
}

/** What one rulebook makes of some intervals of a zone. */
export type WhatIfSide = {
  readonly energyWh: bigint
  /** Weighted by energy, rounded down; null where nothing is traded. */
  readonly meanPriceMicrosPerKwh: bigint | null
  readonly feesMicros: bigint
}

export type WhatIfSum = {
  readonly intervals: number
  readonly own: WhatIfSide
  readonly other: WhatIfSide
  /** Orders that the other rulebook would not have taken. */
  readonly refusedOrders: number
  /** What some would have more, interval by interval; as much others would have less. */
  readonly movedMicros: bigint
}

export const notReachedReasons = ['no_auction', 'not_settled', 'correction_waits'] as const
export type NotReached = (typeof notReachedReasons)[number]

/** What the whole span comes to. */
export type WhatIfFound = {
  /** Ascending. */
  readonly zones: readonly (WhatIfSum & { readonly zone: number })[]
  /** By day and zone, ascending. `day`: `2026-06-01`. */
  readonly days: readonly (WhatIfSum & { readonly day: string; readonly zone: number })[]
  /** Whose money would differ most, those that differ more first. */
  readonly accounts: readonly { readonly account: number; readonly differenceMicros: bigint }[]
  /** How many accounts' money would differ. */
  readonly accountCount: number
  /** By zone and reason, without zeros. */
  readonly notReached: readonly {
    readonly zone: number
    readonly reason: NotReached
    readonly intervals: number
  }[]
}

export type WhatIfOutcome =
  | { readonly kind: 'found'; readonly found: WhatIfFound }
  /** With the fault by which it cannot be told. */
  | { readonly kind: 'failed'; readonly code: FaultCode; readonly detail: string }

/** All that a replay reads. */
export type ReplayedJournal = Pick<Journal, 'read' | 'snapshotBefore'>

/** Works out a question beside the market, which goes on meanwhile. */
export interface WhatIfRunner {
  /** Ends early, with WHAT_IF_STOPPED, once `signal` is aborted. Never rejects. */
  run(
    question: WhatIfQuestion,
    journal: ReplayedJournal,
    progress: (progress: WhatIfProgress) => void,
    signal: AbortSignal,
  ): Promise<WhatIfOutcome>
}
