import { type Command, type Outcome, recordOf, type State } from '@busbar/core/exchange'

/** What runs have posted to each account. */
export type PostedSums = Map<number, bigint>

const add = (sums: PostedSums, account: number, amount: bigint): void => {
  sums.set(account, (sums.get(account) ?? 0n) + amount)
}

/**
 * Adds what `command` posted, if it settled an interval. To be called after each command of a
 * replay: the state forgets intervals that can no longer be corrected.
 */
export function addPosted(
  sums: PostedSums,
  state: State,
  command: Command,
  outcome: Outcome,
): void {
  if (command.kind !== 'settle_interval' || outcome.kind !== 'accepted') return
  if (outcome.result.kind !== 'interval_settled' || outcome.result.run === null) return
  const run = recordOf(state, command.zone, command.interval)?.runs[outcome.result.run]
  for (const { account, amount } of run?.items ?? []) add(sums, account, amount)
}

/** What the runs that the state remembers have posted: all of them in a young market only. */
export function postedIn(state: State): PostedSums {
  const sums: PostedSums = new Map()
  for (const zoneIntervals of state.intervals.values()) {
    for (const { runs } of zoneIntervals.values()) {
      for (const { items } of runs) {
        for (const { account, amount } of items) add(sums, account, amount)
      }
    }
  }
  return sums
}

/**
 * Every balance once more, from nothing but what moved it: deposits, withdrawals and the lines of
 * all runs, whose sums are `posted`. Gives the accounts whose balance is another.
 */
export function ownBooks(
  state: State,
  posted: ReadonlyMap<number, bigint>,
): readonly { readonly account: number; readonly expected: bigint; readonly got: bigint }[] {
  const sums: PostedSums = new Map(posted)
  for (const { account, amountMicros } of state.deposits.values()) {
    add(sums, account, BigInt(amountMicros))
  }
  for (const { account, amountMicros } of state.withdrawals) {
    add(sums, account, -BigInt(amountMicros))
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
