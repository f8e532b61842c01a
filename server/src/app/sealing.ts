import { Fault } from '@busbar/core/errors'
import type { Command, State } from '@busbar/core/exchange'
import type { JournalEntry, Snapshot } from './ports/journal.ts'
import type { Vault } from './ports/vault.ts'

/**
 * Commands that say what sealed orders hold, or open them. Their bodies are sealed before they are
 * chained and written, so that neither the journal nor its backups tell what anybody bid.
 */
const sealedKinds: ReadonlySet<string> = new Set(['open_orders', 'reveal_order'])

/** The body of an entry as it is chained and stored. */
export const storedBody = (vault: Vault, kind: string, sequence: number, body: string): string =>
  sealedKinds.has(kind) ? vault.seal(kind, sequence, body) : body

/** The canonical JSON of an entry's command. Faults: those of `Vault.open`. */
export const openedBody = (
  vault: Vault,
  { kind, sequence, body }: Pick<JournalEntry, 'kind' | 'sequence' | 'body'>,
): string => (sealedKinds.has(kind) ? vault.open(kind, sequence, body) : body)

/** The command of an entry as it was given. Faults: those of `Vault.open`. */
export const commandOf = (
  vault: Vault,
  entry: Pick<JournalEntry, 'kind' | 'sequence' | 'body'>,
): Command => JSON.parse(openedBody(vault, entry)) as Command

/** Where no key is: open books need none, and anything else is a fault and never in the clear. */
export const lockedVault: Vault = {
  seal(kind, sequence) {
    throw new Fault('VAULT_KEY_MISSING', { kind, sequence })
  },
  open(kind, sequence) {
    throw new Fault('VAULT_KEY_MISSING', { kind, sequence })
  },
}

const snapshotKind = 'snapshot'

/**
 * The text of a snapshot as it is stored: sealed while the state holds what owners have revealed
 * and what is not yet cleared. After a clearing nothing of that is in it.
 */
export const storedSnapshot = (vault: Vault, state: State, body: string): string =>
  holdsOpenings(state) ? vault.seal(snapshotKind, state.sequence, body) : body

/** The state's text. Faults: those of `Vault.open`. */
export function openedSnapshot(vault: Vault, { sequence, body }: Snapshot): string {
  const isState = body.startsWith('{') || body.startsWith('[')
  return isState ? body : vault.open(snapshotKind, sequence, body)
}

function holdsOpenings(state: State): boolean {
  for (const zoneIntervals of state.intervals.values()) {
    for (const { sealed } of zoneIntervals.values()) {
      for (const { revealed } of sealed.values()) if (revealed !== null) return true
    }
  }
  return false
}
