import type { DeviceBook } from './devices.ts'
import type { GrantBook } from './grants.ts'
import type { Journal, JournalEntry } from './journal.ts'
import type { JournalledNotice, NoticeBook } from './notices.ts'
import type { SessionBook } from './sign-in.ts'
import type { Outbox, OutboxDraft } from './outbox.ts'
import type { Tally, TallyBook } from './tallies.ts'

/** Commands, and the chain transactions and notices that follow from them. */
export type Batch = {
  readonly entries: readonly JournalEntry[]
  readonly outbox: readonly OutboxDraft[]
  /** In the order in which their accounts are told. */
  readonly notices?: readonly JournalledNotice[]
  /** Of the runs that the entries posted. */
  readonly tallies?: readonly Tally[]
}

/** Everything durable of one market, with one writer. */
export interface Store extends Journal, Outbox {
  /**
   * Journal entries and their effects in one transaction: after a crash both are there or neither.
   *
   * Batches given at the same time are committed one after the other, in the order of the calls.
   * Faults: those of `append` and `enqueue`, NOTICE_INVALID and TALLY_INVALID.
   */
  commit(batch: Batch): Promise<void>

  /** What accounts are told, and how far it was brought. */
  readonly notices: NoticeBook

  /** Who reads for which account. */
  readonly grants: GrantBook & SessionBook

  /** What the devices of homes did. Nothing follows from it. */
  readonly devices: DeviceBook

  /** Where the books stood at every run. */
  readonly tallies: TallyBook

  /** Waits for what is under way and lets another process open the store. */
  close(): Promise<void>
}
