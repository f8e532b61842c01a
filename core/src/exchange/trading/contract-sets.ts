import type { Trading } from './trading-state.ts'

/**
 * Takes the contracts that were recorded since the gate before, as the set of the gate of
 * `interval`: ascending, and kept so that each can be shown to be in it.
 */
export function fixContracts(
  trading: Trading,
  interval: number,
  sequence: number,
): readonly string[] {
  const digests = [...trading.recorded].sort()
  trading.recorded = []
  if (digests.length === 0) return digests
  trading.contractSets.set(interval, { sequence, digests, known: digests.length })
  for (const digest of digests) trading.contractGates.set(digest, interval)
  return digests
}

/** Forgets in which set a contract is, and the set with the last of its contracts. */
export function forgetContract(trading: Trading, digest: string): void {
  const interval = trading.contractGates.get(digest)
  if (interval === undefined) return
  trading.contractGates.delete(digest)
  const set = trading.contractSets.get(interval)
  if (set === undefined) return
  set.known -= 1
  if (set.known === 0) trading.contractSets.delete(interval)
}
