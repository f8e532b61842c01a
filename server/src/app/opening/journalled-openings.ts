import { assert } from '@busbar/core/errors'
import type { Command, IntervalRecord, Opening, State } from '@busbar/core/exchange'
import type { Journal, JournalEntry } from '../ports/journal.ts'
import type { Vault } from '../ports/vault.ts'
import { commandOf } from '../sealing.ts'

type OpenOrders = Extract<Command, { readonly kind: 'open_orders' }>

/** The commitments of a sealed set, ascending: the order of every tree and of every opening. */
export const commitmentsOf = ({ sealed }: Pick<IntervalRecord, 'sealed'>): readonly string[] =>
  [...sealed.keys()].sort()

/**
 * What `command` opens, by commitment, as it stands before it is applied: afterwards the state
 * forgets what owners have revealed.
 */
export function openingsBefore(
  { intervals }: State,
  command: OpenOrders,
): ReadonlyMap<string, Opening> {
  const record = intervals.get(command.zone)?.get(command.interval)
  const openings = new Map<string, Opening>()
  if (record === undefined) return openings
  for (const [index, commitment] of commitmentsOf(record).entries()) {
    const revealed = record.sealed.get(commitment)?.revealed?.opening
    const opening = command.openings[index] ?? revealed
    if (opening !== undefined) openings.set(commitment, opening)
  }
  return openings
}

const pageSize = 500

/** What the journal keeps of an opening. */
export type JournalledOpenings = {
  /** By commitment; also what the core has judged void. */
  readonly openings: ReadonlyMap<string, Opening>
  /** The committee's joint signature; empty where owners reveal, or nothing was to be opened. */
  readonly evidence: string
}

/**
 * What was opened of a cleared interval, from the sealed entries of the journal: the state keeps
 * nothing of it.
 *
 * Faults: those of `Vault.open`.
 */
export async function journalledOpenings(
  journal: Pick<Journal, 'read'>,
  vault: Vault,
  record: IntervalRecord,
): Promise<JournalledOpenings> {
  const { zone, interval, openedSequence, fixedSequence } = record
  const [entry] = await journal.read(openedSequence - 1, 1)
  assert(entry?.sequence === openedSequence, 'what was applied is in the journal')
  const openings = new Map<string, Opening>()
  // With no order left to open the gate itself has cleared it.
  if (entry.kind === 'close_gate') return { openings, evidence: '' }
  const command = commandOf(vault, entry)
  assert(command.kind === 'open_orders', 'a sealed book is opened by its command')
  for (const [index, commitment] of commitmentsOf(record).entries()) {
    const opening = command.openings[index] ?? null
    if (opening !== null) openings.set(commitment, opening)
  }
  const { evidence } = command
  if (command.openings.length > 0) return { openings, evidence }
  for await (const revealed of entriesBetween(journal, fixedSequence, openedSequence)) {
    if (revealed.kind !== 'reveal_order') continue
    const reveal = commandOf(vault, revealed)
    if (reveal.kind !== 'reveal_order') continue
    if (reveal.zone !== zone || reveal.interval !== interval) continue
    openings.set(reveal.commitment, reveal.opening)
  }
  return { openings, evidence }
}

async function* entriesBetween(
  journal: Pick<Journal, 'read'>,
  after: number,
  before: number,
): AsyncGenerator<JournalEntry> {
  for (let from = after; ; ) {
    const page = await journal.read(from, pageSize)
    for (const entry of page) {
      if (entry.sequence >= before) return
      yield entry
      from = entry.sequence
    }
    if (page.length === 0) return
  }
}
