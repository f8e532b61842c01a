import { unexplainedMoney } from '../ledger/index.ts'
import type { State } from './state.ts'

/** What cannot be explained: zero, or the books are wrong. Energy in Wh, money in micros. */
export type Conservation = {
  readonly moneyMicros: bigint
  readonly energyWh: bigint
  /** Deposits minus withdrawals minus what the accounts hold. */
  readonly tokensMicros: bigint
  /** Settled intervals the energy figure is a sum over. */
  readonly intervals: number
}

/** The conservation report: computed from the postings, not from running totals. */
export function conservation(state: State): Conservation {
  let energy = 0n
  let money = absolute(unexplainedMoney(state.ledger))
  let intervals = 0
  for (const zoneIntervals of state.intervals.values()) {
    for (const record of zoneIntervals.values()) {
      const last = record.runs.at(-1)
      if (last === undefined) continue
      intervals += 1
      energy += absolute(last.energy.unexplained)
      for (const run of record.runs) {
        money += absolute(run.items.reduce((sum, item) => sum + item.amount, 0n))
      }
    }
  }
  let held = 0n
  for (const [account, balance] of state.ledger.balances) if (account >= 0) held += balance
  const tokensMicros = state.totals.deposited - state.totals.withdrawn - held
  return { moneyMicros: money, energyWh: energy, tokensMicros, intervals }
}

const absolute = (value: bigint): bigint => (value < 0n ? -value : value)
