import { rulebookFor } from '../lookups.ts'
import { reject, type Rejected } from '../rejection.ts'
import type { State } from '../state.ts'
import type { Effect } from '../outcome.ts'

type NewKey = {
  readonly account: number
  readonly publicKey: string
  readonly address: string
  /** Whether the key before it approved. */
  readonly isApproved: boolean
}

/**
 * Certifies a key in another's place: the exchange says whose it is, and nothing else, because who
 * made it keeps it. It signs contracts only after a delay in which its owner can notice, unless the
 * one before approved it. The first key of an account, which is certified when its participant is
 * admitted, signs at once.
 */
export function certifyKey(state: State, at: number, sequence: number, key: NewKey): Effect[] {
  const { account, publicKey, address, isApproved: approved } = key
  const keys = state.trading.keys.get(account) ?? []
  const { keyDelaySeconds = 0 } = rulebookFor(state, state.clearedThrough + 1).trades ?? {}
  // A key that may not sign yet approves no other into its place before its own time.
  const earliest = Math.max(at, keys.at(-1)?.tradesFrom ?? at)
  const tradesFrom = approved ? earliest : at + keyDelaySeconds * 1_000
  keys.push({ publicKey, address, sequence, at, tradesFrom, approved })
  state.trading.keys.set(account, keys)
  return [{ kind: 'key_certified', account, tradesFrom }]
}

/** Why an account's key may not sign a contract at `at`, or who it belongs to may not. */
export function signingRejection(state: State, at: number, account: number): Rejected | undefined {
  const key = state.trading.keys.get(account)?.at(-1)
  if (key !== undefined && at < key.tradesFrom) {
    return reject('key_too_new', 'account', `from ${key.tradesFrom}`)
  }
  if (!state.trading.consents.has(account)) return reject('consent_missing', 'account')
  return undefined
}
