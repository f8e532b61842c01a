import type { State } from '@busbar/core/exchange'
import type { Journal } from './ports/journal.ts'
import type { Vault } from './ports/vault.ts'
import { type SnapshotMark, takeSnapshot } from './recover.ts'

/** A snapshot after so many entries keeps a restart to seconds. */
const entriesMost = 250_000

/**
 * As long as writing a state down takes less than this, it is done every so often, so that its
 * hash is known for a place near the end of the journal.
 */
const quick = { tookMsMost: 20, everyMs: 600_000, firstAfterMs: 30_000 } as const
/** What is quick the first time, when nothing was measured: so many entries at most. */
const quickEntriesMost = 20_000

/** When the state is written down, and what hash the newest written state has. */
export class Snapshots {
  readonly #journal: Journal
  readonly #state: State
  readonly #vault: Vault
  readonly #nowMs: () => number
  #newest: SnapshotMark | null
  #atMs: number
  #atSequence: number
  #tookMs: number | undefined

  /** `nowMs`: monotonic, for how long something takes. */
  constructor(parts: {
    readonly journal: Journal
    readonly state: State
    readonly vault: Vault
    readonly newest: SnapshotMark | null
    readonly nowMs: () => number
  }) {
    this.#journal = parts.journal
    this.#state = parts.state
    this.#vault = parts.vault
    this.#nowMs = parts.nowMs
    this.#newest = parts.newest
    this.#atSequence = parts.state.sequence
    this.#atMs = parts.nowMs() - quick.everyMs + quick.firstAfterMs
  }

  /** Null as long as none was taken. */
  get newest(): SnapshotMark | null {
    return this.#newest
  }

  isDue(): boolean {
    const { sequence } = this.#state
    if (sequence - this.#atSequence >= entriesMost) return true
    if (sequence === this.#newest?.sequence) return false
    const isQuick = this.#tookMs === undefined
      ? sequence <= quickEntriesMost
      : this.#tookMs <= quick.tookMsMost
    return isQuick && this.#nowMs() - this.#atMs >= quick.everyMs
  }

  /** See `takeSnapshot`; resolves with the hash of the state. */
  async take(): Promise<string> {
    const { sequence } = this.#state
    const begunMs = this.#nowMs()
    this.#atSequence = sequence
    this.#atMs = begunMs
    const taken = takeSnapshot(this.#journal, this.#state, this.#vault)
    // The text is made before anything is waited for: that is what others wait for.
    this.#tookMs = this.#nowMs() - begunMs
    const stateHash = await taken
    // Where the journal lacks what the state follows from, none was written.
    const isWritten = sequence > 0 && (await this.#journal.last()).sequence >= sequence
    if (isWritten) this.#newest = { sequence, stateHash }
    return stateHash
  }
}
