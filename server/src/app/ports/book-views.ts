import type {
  AuditBalanceView, ConservationView, SentTransactionView, TransactionView,
} from './exchange-views.ts'
import type { AnchoredTally, HeadSpan, JournalHead, TallyPoint } from './tallies.ts'
import type { JournalEnd, JournalEntry } from './journal.ts'

/** What of an interval a transaction puts on the chain. */
export type CheckpointPart = TransactionView & {
  readonly part: 'orders' | 'clearing' | 'proof' | 'run'
  readonly zone: number
  readonly interval: number
  /** Of a run. */
  readonly run: number | null
}

export type CheckpointView = JournalHead & { readonly transactions: readonly CheckpointPart[] }

export type CheckpointDetail = CheckpointView & {
  /** What the entry says, where it is nothing that anybody has asked for: canonical JSON. */
  readonly body: string | null
  readonly sent: readonly SentTransactionView[]
}

/** What shows that the books are whole, to whoever asks. */
export type BookViews = {
  /** As it is at this moment. */
  readonly now: () => Promise<ConservationView>

  /** Every account that ever held money, ascending. */
  readonly balances: () => readonly AuditBalanceView[]

  /** Ascending from the interval `from`; without it the newest. Undefined without a market. */
  readonly history: (page: {
    readonly from: number | undefined
    readonly points: number
    readonly step: number
  }) => Promise<readonly TallyPoint[] | undefined>

  /** Of all zones, ascending by entry; undefined where nothing was posted. */
  readonly interval: (interval: number) => Promise<readonly AnchoredTally[] | undefined>

  /** What the chain bears witness of, ascending. */
  readonly checkpoints: (
    page: HeadSpan & { readonly limit: number },
  ) => Promise<{ readonly last: JournalEnd; readonly heads: readonly CheckpointView[] }>

  /** Entries as they are stored, from `from` on; `last` is the newest entry's number. */
  readonly journal: (page: {
    readonly from: number
    readonly limit: number
  }) => Promise<{ readonly entries: readonly JournalEntry[]; readonly last: number }>

  /** Undefined where the entry put no interval on the chain. */
  readonly checkpoint: (sequence: number) => Promise<CheckpointDetail | undefined>
}
