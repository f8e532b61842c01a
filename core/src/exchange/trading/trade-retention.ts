import { isStanding } from '../../credit/index.ts'
import { isOver } from '../../payments/index.ts'
import { bilateralZone } from '../lookups.ts'
import { paymentsOfTrade } from '../payments/payment-moves.ts'
import type { IntervalRecord, State } from '../state.ts'
import { forgetContract } from './contract-sets.ts'
import { hasCollateral } from './trade-collateral.ts'

/**
 * Forgets trades that are over once nothing of them can change: their intervals up to `last` are
 * forgotten, nothing of them is owed, and nobody is in default of them. With them go their
 * contracts and payments; the journal keeps everything.
 */
export function forgetTrades(state: State, last: number): void {
  const { trading } = state
  const failed = new Set<number>()
  for (const one of trading.defaults.values()) if (isStanding(one)) failed.add(one.trade)
  const late = [...(state.intervals.get(bilateralZone)?.values() ?? [])].filter(
    ({ interval }) => interval <= last,
  )
  const gone = new Set<number>()
  for (const [number, { status, endsAt, versions }] of trading.trades) {
    if (status === 'invited' || trading.inForce.has(number) || endsAt > last) continue
    if (failed.has(number) || isOwed(state, number)) continue
    if (late.some((record) => isOf(record, number))) continue
    gone.add(number)
    trading.trades.delete(number)
    for (const { contract } of versions) {
      trading.contracts.delete(contract)
      forgetContract(trading, contract)
    }
    for (const payment of trading.paymentsOf.get(number) ?? []) trading.payments.delete(payment)
    trading.paymentsOf.delete(number)
  }
  if (gone.size === 0) return
  for (const [number, { trade }] of trading.defaults) {
    if (gone.has(trade)) trading.defaults.delete(number)
  }
}

const isOf = ({ obligations, charges }: IntervalRecord, trade: number): boolean =>
  obligations.has(trade) || charges.some((charge) => charge.trade === trade)

/** Whether money of the trade is still to move. */
function isOwed(state: State, trade: number): boolean {
  const { owed, agenda } = state.trading
  if (owed.has(trade)) return true
  if (['collect', 'reserve', 'review'].some((duty) => agenda.has(`${duty}:${trade}`))) return true
  return !paymentsOfTrade(state, trade).every(isOver) || hasCollateral(state, trade)
}
