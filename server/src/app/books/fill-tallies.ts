import { emptyState, type Engine } from '@busbar/core/exchange'
import { journalStart } from '../journal-chain.ts'
import type { Store } from '../ports/store.ts'
import type { Tally } from '../ports/tallies.ts'
import type { Vault } from '../ports/vault.ts'
import { journalThrough, replay } from '../recover.ts'
import { tallyOfEffect } from './tallies.ts'

/**
 * Makes the tallies of a journal that was written before there were any, by replaying it from its
 * start: once, before anything is served. Does nothing where all are there.
 *
 * Faults: those of `replay`.
 */
export async function fillTallies(
  store: Store,
  engine: Engine,
  vault: Vault,
  progress: (done: number) => void = () => {},
): Promise<void> {
  const through = await store.tallies.missingThrough()
  if (through === 0) return
  const tallies: Tally[] = []
  const start = { state: emptyState(), end: journalStart }
  await replay(
    journalThrough(store, through), engine, start, vault, progress,
    (state, { effects }) => {
      tallies.push(...effects.flatMap((effect) => tallyOfEffect(state, effect) ?? []))
      return undefined
    },
  )
  await store.tallies.fill(tallies)
}
