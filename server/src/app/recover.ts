import { createHash } from 'node:crypto'
import { Fault } from '@busbar/core/errors'
import {
  type Accepted,
  apply,
  type Command,
  decodeState,
  type Effect,
  emptyState,
  encodeState,
  type Engine,
  type State,
} from '@busbar/core/exchange'
import { journalStart, verifyChain } from './journal-chain.ts'
import type { Journal, JournalEnd, JournalEntry, Snapshot } from './ports/journal.ts'
import type { Vault } from './ports/vault.ts'
import { commandOf, lockedVault, openedSnapshot, storedSnapshot } from './sealing.ts'

const pageSize = 2_000

/** SHA-256 of the state's text. */
export const stateHashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

export type Recovered = {
  readonly state: State
  readonly end: JournalEnd
  /** How many entries were replayed after the snapshot. */
  readonly replayed: number
  /** The snapshot that it began with; null where the journal was replayed from its start. */
  readonly snapshot: SnapshotMark | null
}

/** That a state has this hash after this entry of the journal. */
export type SnapshotMark = Pick<Snapshot, 'sequence' | 'stateHash'>

/**
 * Builds the state from the newest snapshot and the journal after it. A snapshot is a cache: one
 * that is damaged is passed over and the journal replayed from its start.
 *
 * Faults: JOURNAL_BROKEN if the entries do not chain, JOURNAL_REPLAY_FAILED if one that was
 * accepted is not accepted again, VAULT_KEY_MISSING and VAULT_TEXT_INVALID of what is sealed.
 */
export async function recover(
  journal: Journal,
  engine: Engine,
  vault: Vault = lockedVault,
  progress: (done: number) => void = () => {},
): Promise<Recovered> {
  const start = await fromSnapshot(journal, await journal.latestSnapshot(), vault)
  const from = start ?? { state: emptyState(), end: journalStart }
  const replayed = await replay(journal, engine, from, vault, progress)
  return { ...replayed, snapshot: start?.mark ?? null }
}

/** One entry of the journal, right after it was applied. */
export type Replayed = {
  readonly command: Command
  readonly outcome: Accepted
  readonly effects: readonly Effect[]
}

export type Follow = (state: State, replayed: Replayed) => Promise<void> | undefined

/** A journal as if `through` were its last entry. */
export const journalThrough = (
  journal: Pick<Journal, 'read'>,
  through: number,
): Pick<Journal, 'read'> => ({
  async read(after, limit) {
    const left = through - after
    return left <= 0 ? [] : journal.read(after, Math.min(limit, left))
  },
})

/**
 * Applies every entry after `start`, checking the chain as it goes.
 *
 * @param follow is told of each; where it answers with a promise nothing is applied before that
 */
export async function replay(
  journal: Pick<Journal, 'read'>,
  engine: Engine,
  start: { readonly state: State; readonly end: JournalEnd },
  vault: Vault = lockedVault,
  progress: (done: number) => void = () => {},
  follow: Follow = () => undefined,
): Promise<Omit<Recovered, 'snapshot'>> {
  const { state } = start
  let { end } = start
  let replayed = 0
  for (;;) {
    const page = await journal.read(end.sequence, pageSize)
    if (page.length === 0) return { state, end, replayed }
    const check = verifyChain(page, end)
    if (check.kind === 'broken') {
      throw new Fault('JOURNAL_BROKEN', { sequence: check.sequence, reason: check.reason })
    }
    for (const entry of page) {
      const following = follow(state, applyEntry(state, entry, engine, vault))
      if (following !== undefined) await following
    }
    end = check.last
    replayed += page.length
    progress(end.sequence)
  }
}

function applyEntry(
  state: State,
  entry: JournalEntry,
  engine: Engine,
  vault: Vault,
): Replayed {
  const { sequence, at } = entry
  const command = commandOf(vault, entry)
  if (command.kind !== entry.kind) {
    throw new Fault('JOURNAL_REPLAY_FAILED', { sequence, reason: 'kind differs from body' })
  }
  const { outcome, effects } = apply(state, { sequence, at, command }, engine)
  if (outcome.kind === 'rejected') {
    throw new Fault('JOURNAL_REPLAY_FAILED', { sequence, reason: outcome.reason })
  }
  if (outcome.repeated) throw new Fault('JOURNAL_REPLAY_FAILED', { sequence, reason: 'repeated' })
  return { command, outcome, effects }
}

/** The state of a snapshot, where there is one that can be relied on. */
export async function fromSnapshot(
  journal: Pick<Journal, 'read'>,
  snapshot: Snapshot | undefined,
  vault: Vault,
): Promise<{ state: State; end: JournalEnd; mark: SnapshotMark } | undefined> {
  const body = snapshot && textOrNothing(vault, snapshot)
  if (snapshot === undefined || body === undefined) return undefined
  if (stateHashOf(body) !== snapshot.stateHash) return undefined
  const [entry] = await journal.read(snapshot.sequence - 1, 1)
  if (entry?.sequence !== snapshot.sequence) return undefined
  const state = decodedOrNothing(body)
  if (state?.sequence !== snapshot.sequence) return undefined
  const { sequence, stateHash } = snapshot
  return { state, end: { sequence, hash: entry.hash }, mark: { sequence, stateHash } }
}

/**
 * A sealed snapshot that does not open is as good as none: a key that is really missing is missed
 * by the journal too.
 */
function textOrNothing(vault: Vault, snapshot: Snapshot): string | undefined {
  try {
    return openedSnapshot(vault, snapshot)
  } catch (error) {
    if (error instanceof Fault && error.code.startsWith('VAULT_')) return undefined
    throw error
  }
}

/** A snapshot of another version of the state is as good as none. */
function decodedOrNothing(body: string): State | undefined {
  try {
    return decodeState(body)
  } catch (error) {
    if (error instanceof Fault && error.code === 'STATE_MALFORMED') return undefined
    throw error
  }
}

/** How long a snapshot waits for what it rests on, and how often it looks. */
const waitMs = { most: 2_000, step: 10 }

/**
 * Writes the state as a snapshot, once the journal has all that the state follows from: commands
 * are applied before they are written, and one that is lost must not live on in a snapshot. If the
 * journal does not come that far, none is written: it is only a cache.
 */
export async function takeSnapshot(
  journal: Journal,
  state: State,
  vault: Vault = lockedVault,
): Promise<string> {
  const { sequence } = state
  const text = encodeState(state)
  const stateHash = stateHashOf(text)
  if (sequence === 0) return stateHash
  const body = storedSnapshot(vault, state, text)
  for (let waitedMs = 0; (await journal.last()).sequence < sequence; waitedMs += waitMs.step) {
    if (waitedMs >= waitMs.most) return stateHash
    await new Promise((resolve) => setTimeout(resolve, waitMs.step))
  }
  await journal.saveSnapshot({ sequence, stateHash, body })
  return stateHash
}
