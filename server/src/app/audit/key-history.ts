import { participantOf, type State } from '@busbar/core/exchange'

/** Why the key that an account signs with could not have signed a contract at `at`, if so. */
export function signingKeyFault(state: State, account: number, at: number): string | undefined {
  const key = state.trading.keys.get(account)?.at(-1)
  const own = participantOf(state, account)?.publicKey
  // Nobody has replaced the key that it was admitted with.
  if (key === undefined) return undefined
  if (key.publicKey !== own) return `account ${account} signs with a key that is not its last`
  const isEarly = at < key.tradesFrom
  return isEarly ? `account ${account} signed before its key could, ${key.tradesFrom}` : undefined
}

/**
 * What is wrong with keys that replaced others: they follow one another in the journal, a key that
 * nobody approved waits, and none signs before the one that approved it could have.
 */
export function keyFaults(
  state: State,
): readonly { readonly account: number; readonly fault: string }[] {
  const delays = state.rulebooks.map(({ rulebook }) => rulebook.trades?.keyDelaySeconds ?? 0)
  const delayMs = 1_000 * Math.min(...delays)
  const found: { readonly account: number; readonly fault: string }[] = []
  for (const [account, keys] of state.trading.keys) {
    for (const [place, { sequence, at, tradesFrom, approved }] of keys.entries()) {
      const before = keys[place - 1]
      const differ = (fault: string): void => void found.push({ account, fault })
      if (sequence > state.sequence) differ(`key ${place} is of an entry that does not exist`)
      if (tradesFrom < at) differ(`key ${place} could sign before it was certified`)
      if (!approved && tradesFrom < at + delayMs) differ(`key ${place} did not wait`)
      if (before === undefined) continue
      if (sequence <= before.sequence || at < before.at) {
        differ(`key ${place} is not later than the one before`)
      }
      if (approved && tradesFrom < before.tradesFrom) {
        differ(`key ${place} was approved by one that could not sign yet`)
      }
    }
    if (keys.at(-1)?.publicKey !== participantOf(state, account)?.publicKey) {
      found.push({ account, fault: 'its last certified key is not the one in use' })
    }
  }
  return found
}
