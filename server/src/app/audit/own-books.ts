import type { State } from '@busbar/core/exchange'

/**
 * Every balance once more, from nothing but what moved it: deposits, withdrawals and the lines of
 * all runs. Gives the accounts whose balance is another.
 *
 * Covers what the state remembers; records older than the correction window are not in it, and then
 * the sums would differ, so they are compared only while nothing has been forgotten.
 */
export function ownBooks(
  state: State,
): readonly { readonly account: number; readonly expected: bigint; readonly got: bigint }[] {
  const sums = new Map<number, bigint>()
  const add = (account: number, amount: bigint): void => {
    sums.set(account, (sums.get(account) ?? 0n) + amount)
  }
  for (const { account, amountMicros } of state.deposits.values()) {
    add(account, BigInt(amountMicros))
  }
  for (const { account, amountMicros } of state.withdrawals) add(account, -BigInt(amountMicros))
  for (const zoneIntervals of state.intervals.values()) {
    for (const { runs } of zoneIntervals.values()) {
      for (const { items } of runs) for (const { account, amount } of items) add(account, amount)
    }
  }
  const accounts = new Set([...sums.keys(), ...state.ledger.balances.keys()])
  return [...accounts]
    .filter((account) => account >= 0)
    .sort((a, b) => a - b)
    .map((account) => ({
      account,
      expected: sums.get(account) ?? 0n,
      got: state.ledger.balances.get(account) ?? 0n,
    }))
    .filter(({ expected, got }) => expected !== got)
}
