import { apply, emptyState, type Engine } from '@busbar/core/exchange'
import { journalStart } from '../journal-chain.ts'
import type { Store } from '../ports/store.ts'
import type { Tally } from '../ports/tallies.ts'
import type { Vault } from '../ports/vault.ts'
import { commandOf } from '../sealing.ts'
import { tallyOfEffect } from './tallies.ts'

const pageSize = 2_000

/**
 * Makes the tallies of a journal that was written before there were any, by replaying it from its
 * start: once, before anything is served. Does nothing where all are there.
 *
 * Faults: those of `Vault.open`.
 */
export async function fillTallies(
  store: Store,
  engine: Engine,
  vault: Vault,
  progress: (done: number) => void = () => {},
): Promise<void> {
  const through = await store.tallies.missingThrough()
  if (through === 0) return
  const state = emptyState()
  const tallies: Tally[] = []
  for (let after = journalStart.sequence; after < through; ) {
    const page = await store.read(after, pageSize)
    if (page.length === 0) break
    for (const entry of page) {
      const { sequence, at } = entry
      if (sequence > through) break
      const { effects } = apply(state, { sequence, at, command: commandOf(vault, entry) }, engine)
      tallies.push(...effects.flatMap((effect) => tallyOfEffect(state, effect) ?? []))
    }
    after = page.at(-1)?.sequence ?? through
    progress(after)
  }
  await store.tallies.fill(tallies)
}
