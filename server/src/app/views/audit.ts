import type { IntervalRecord, State } from '@busbar/core/exchange'
import { Micros } from '@busbar/core/units'
import type { AuditBalanceView, AuditIntervalView } from '../ports/exchange-views.ts'

/** An interval with everybody's part in it, for operators and auditors. */
export function auditIntervalView(
  record: IntervalRecord,
  disputes: AuditIntervalView['disputes'],
): AuditIntervalView {
  const sums = new Map<number, bigint>()
  for (const { net } of record.runs) {
    for (const { account, amount } of net) sums.set(account, (sums.get(account) ?? 0n) + amount)
  }
  return {
    zone: record.zone,
    interval: record.interval,
    status: record.status,
    price: record.price,
    energy: record.energy,
    fills: [...record.fills]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([digest, energy]) => ({ digest, energy })),
    nets: [...sums]
      .sort(([a], [b]) => a - b)
      .map(([account, amount]) => ({ account, amount: Micros.from(amount) })),
    disputes,
  }
}

/** The ledger without the world outside. */
export const auditBalances = (state: State): readonly AuditBalanceView[] =>
  [...state.ledger.balances]
    .filter(([account]) => account >= 0)
    .sort(([a], [b]) => a - b)
    .map(([account, balance]) => ({ account, balance }))
