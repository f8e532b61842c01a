/**
 * Transactions that the chain must see exactly once, in order.
 *
 * This is only their storage: signing, sending and finality are the sender's.
 */

/**
 * - `queued`: known, not yet signed.
 * - `signed`: `raw` holds the bytes that are sent, again and again, until they are final.
 * - `sent`: a node took the bytes at least once.
 * - `mined`: in a block that may still be reorganised away.
 * - `final`: done.
 * - `failed`: given up; a person has to look.
 */
export const outboxStatuses = ['queued', 'signed', 'sent', 'mined', 'final', 'failed'] as const

export type OutboxStatus = (typeof outboxStatuses)[number]

export type OutboxDraft = {
  /** Made from what the transaction is for, so that making it again gives the same id. */
  readonly id: string
  /** The journal entry whose effect this is; 0 for what no command asked for. */
  readonly journalSequence: number
  /** For people: what the transaction does. */
  readonly description: string
  /** 0x and 40 hex digits. */
  readonly toAddress: string
  /** 0x and hex digits. */
  readonly calldata: string
  /** Milliseconds UTC. */
  readonly queuedAt: number
}

export type OutboxItem = OutboxDraft & {
  /** The order of sending, ascending. Assigned by the store, from 1. */
  readonly position: number
  readonly status: OutboxStatus
  /** The gas limit of the signed transaction. */
  readonly gas: number | null
  readonly nonce: number | null
  /** The signed transaction, 0x and hex digits. */
  readonly raw: string | null
  readonly txHash: string | null
  readonly blockNumber: number | null
  readonly blockHash: string | null
  readonly gasUsed: number | null
  /** Milliseconds UTC. */
  readonly finalAt: number | null
  readonly error: string | null
}

/** What sending may change. A field that is absent stays; `null` clears it (as after a reorg). */
export type OutboxChanges = Partial<Omit<OutboxItem, keyof OutboxDraft | 'position'>>

export interface Outbox {
  /**
   * Adds the items at the end, all or none, on disk when the promise resolves.
   *
   * Idempotent by id: an id that is there with the same destination, calldata and journal sequence
   * has no effect; with others it faults OUTBOX_ITEM_DIFFERS. (The description and the time do not
   * count: a newer version of the server may word one differently and sees another clock.)
   *
   * Faults: OUTBOX_ITEM_INVALID when a field is malformed or the journal has no such sequence.
   */
  enqueue(items: readonly OutboxDraft[]): Promise<void>

  /** The first `limit` items that are neither final nor failed, by position. */
  unfinished(limit: number): Promise<readonly OutboxItem[]>

  /** The first `limit` items that were given up, by position. */
  failed(limit: number): Promise<readonly OutboxItem[]>

  /** On disk when it resolves. Faults: OUTBOX_ITEM_UNKNOWN, OUTBOX_ITEM_INVALID. */
  update(id: string, changes: OutboxChanges): Promise<void>

  find(id: string): Promise<OutboxItem | undefined>

  /** What a journal entry put on the chain, by position. */
  ofJournalSequence(sequence: number): Promise<readonly OutboxItem[]>

  /** A page of at most `limit` items after `afterPosition`, by position. */
  list(afterPosition: number, limit: number): Promise<readonly OutboxItem[]>

  /** The highest journal sequence that has an item, 0 when there is none. */
  lastJournalSequence(): Promise<number>
}
