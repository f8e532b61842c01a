/** One accepted command, in its place in the hash chain. Times are milliseconds UTC. */
export type JournalEntry = {
  /** 1 for the first entry of a market, without gaps. */
  readonly sequence: number
  /** When the server accepted the command. Order is by `sequence`: clocks may step back. */
  readonly at: number
  readonly kind: string
  /** Canonical JSON of the command: at most 16 MiB, no control characters. */
  readonly body: string
  /** `hash` of the entry before, 64 zeros for the first. */
  readonly previousHash: string
  /** See `entryHash`; 64 hex digits. */
  readonly hash: string
}

/** The end of the chain. `{ sequence: 0, hash: 64 zeros }` when nothing was appended yet. */
export type JournalEnd = { readonly sequence: number; readonly hash: string }

/** The state after the entry `sequence`. A cache: it can always be made again from the journal. */
export type Snapshot = {
  readonly sequence: number
  /** SHA-256 of the state, 64 hex digits. */
  readonly stateHash: string
  readonly body: string
}

/** Which batches of readings: `limit` of them at most. */
export type BatchesAsked = {
  readonly gateway: number
  readonly boundary: number
  readonly afterSequence: number
  readonly limit: number
}

/** The truth of what was asked and when. Entries are never changed and never removed. */
export interface Journal {
  /**
   * Appends all entries or none; they are on disk when the promise resolves.
   *
   * Faults: JOURNAL_BROKEN when the entries do not continue the chain, JOURNAL_ENTRY_INVALID when
   * one cannot be stored exactly, STORE_FAILED when the engine failed: the outcome is then unknown,
   * and the journal accepts nothing more until it is opened again.
   */
  append(entries: readonly JournalEntry[]): Promise<void>

  /**
   * A page of the entries after `afterSequence`, in order: at most `limit` of them, fewer when
   * their bodies are large. Only an empty page means the end.
   */
  read(afterSequence: number, limit: number): Promise<readonly JournalEntry[]>

  /**
   * Batches of readings that `gateway` has sent, after `afterSequence`, in order: those that have a
   * reading of the boundary.
   */
  readBatches(asked: BatchesAsked): Promise<readonly Pick<JournalEntry, 'sequence' | 'body'>[]>

  last(): Promise<JournalEnd>

  /**
   * Keeps the newest three snapshots, and of the older ones some to begin a replay with: as many as
   * the logarithm of the journal's length. Saving a sequence again replaces it.
   *
   * Faults: SNAPSHOT_INVALID when it is of an entry that is not in the journal, or too large.
   */
  saveSnapshot(snapshot: Snapshot): Promise<void>

  latestSnapshot(): Promise<Snapshot | undefined>

  /**
   * The newest whose last entry is from before a moment (UTC milliseconds). Appending goes on while
   * it is read.
   *
   * Faults: STORE_FAILED where it is passed over for others meanwhile; asked again it is another.
   */
  snapshotBefore(atMs: number): Promise<Snapshot | undefined>
}
