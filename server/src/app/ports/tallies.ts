import type { EnergyBalance, RunKind } from '@busbar/core/settlement'
import type { OutboxItem } from './outbox.ts'

/**
 * Where the books stood the moment a run was posted: a function of the journal up to its entry.
 * Money in micros, energy in watt-hours.
 */
export type Tally = {
  /** The entry that posted the run, and its time. */
  readonly journalSequence: number
  readonly at: number
  /** `bilateralZone` for the trades between named parties of all zones. */
  readonly zone: number
  readonly interval: number
  readonly run: number
  readonly kind: RunKind
  readonly money: {
    /** Since the market was opened. */
    readonly deposited: bigint
    readonly withdrawn: bigint
    /** Of all accounts but the outside. */
    readonly balances: bigint
    /** Of the world outside, below zero: with `balances` it makes zero. */
    readonly outside: bigint
    /** The sum of the run's lines: zero. */
    readonly posted: bigint
    /** What the run took from those it took from, and gave to others. */
    readonly moved: bigint
  }
  /** Where the energy came from and went by the run; all zero for trades. */
  readonly energy: EnergyBalance
  /** Added up over the meters that the run was computed from. */
  readonly metered: { readonly exported: bigint; readonly imported: bigint; readonly count: number }
  /** Of a run of trades: what meters sold and bought by contract, and what no meter had. */
  readonly traded: { readonly sold: bigint; readonly bought: bigint; readonly lacking: bigint }
  /** What the chain is to hold of the run. */
  readonly readingsRoot: string
  readonly postingsRoot: string
}

/** What the chain had of a run when all of its transactions were final. Kept as it was seen. */
export type TallyAnchor = {
  readonly journalSequence: number
  /** Time of the market when it was looked at. */
  readonly at: number
  /** Whether the chain has the run's roots. */
  readonly hasRoots: boolean
  /** Tokens in custody then, and what the ledger's accounts had: never more. */
  readonly custody: bigint
  readonly ledger: bigint
}

export type AnchoredTally = {
  readonly tally: Tally
  readonly anchor: TallyAnchor | null
  /** A transaction of it was given up. */
  readonly isFailed: boolean
}

/** Several intervals as one point; of energies and money in motion the sums. */
export type TallyPoint = {
  /** The first interval that it can hold. */
  readonly interval: number
  readonly intervalCount: number
  readonly runCount: number
  /** Runs of which something does not hold. */
  readonly wrongCount: number
  /** Runs that the chain does not have for good yet. */
  readonly waitingCount: number
  /** By the last run of each zone, with the imbalance and trades that stand on each side. */
  readonly energyIn: bigint
  readonly energyOut: bigint
  readonly moved: bigint
  /** After the point's last run. */
  readonly balances: bigint
  /** As the chain was last seen in it; null where it was not. */
  readonly custody: bigint | null
}

/** Which heads are asked for: from an entry on, or the newest before one, or of all. */
export type HeadSpan = { readonly from?: number | undefined; readonly before?: number | undefined }

/** An entry of the journal without its contents. */
export type JournalHead = {
  readonly sequence: number
  readonly at: number
  readonly kind: string
  readonly previousHash: string
  readonly hash: string
}

export type OutboxSummary = Pick<
  OutboxItem,
  'id' | 'journalSequence' | 'description' | 'status' | 'txHash' | 'blockNumber' | 'gasUsed'
>

/**
 * What is kept of every run for ever, written with its journal entry and never changed; and which
 * entries of the journal the chain bears witness of.
 */
export interface TallyBook {
  /** Ascending by entry. */
  list(afterSequence: number, limit: number): Promise<readonly AnchoredTally[]>

  /** Of all zones and runs of an interval, ascending by entry. */
  ofInterval(interval: number): Promise<readonly AnchoredTally[]>

  /** Ascending, a point for each `step` intervals from `from` on that has any. */
  points(from: number, points: number, step: number): Promise<readonly TallyPoint[]>

  /** The newest interval that has one, undefined where none has. */
  newestInterval(): Promise<number | undefined>

  /**
   * The entry of the first one after `afterSequence` that has no anchor; where each has one, the
   * number after that of the newest.
   */
  firstUnanchored(afterSequence: number): Promise<number>

  /** Those after `afterSequence` without an anchor whose transactions are all final. */
  unanchored(afterSequence: number, limit: number): Promise<readonly Tally[]>

  /** On disk when it resolves. An entry has one anchor: the first. */
  anchor(anchors: readonly TallyAnchor[]): Promise<void>

  /** Through which entry of the journal they were not kept yet; 0 where all are there. */
  missingThrough(): Promise<number>

  /** Adds what was not kept; from then on all are there. */
  fill(tallies: readonly Tally[]): Promise<void>

  /**
   * The entries that fixed, cleared or settled an interval on the chain: the first `limit` from
   * `from` on, or without it the newest, or those before `before`. Ascending.
   */
  checkpoints(span: HeadSpan, limit: number): Promise<readonly JournalHead[]>

  /** The transactions of intervals that follow from these entries, in the order of sending. */
  transactionsOf(sequences: readonly number[]): Promise<readonly OutboxSummary[]>
}
