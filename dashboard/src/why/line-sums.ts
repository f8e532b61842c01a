import type { Sum } from '@busbar/client'
import type { MeteredInterval, SettlementLine } from '@busbar/protocols/api'

export const lineSum = (line: SettlementLine): Sum => [
  `${line.meter}/${line.reason}/${line.priceMicrosPerKwh}`,
  BigInt(line.energyWh),
  BigInt(line.amountMicros),
]

/** Lines that move what is owed, and are no part of what the interval comes to. */
const debts: ReadonlySet<SettlementLine['reason']> = new Set([
  'arrears_covered', 'arrears_cover', 'arrears_repaid', 'arrears_received',
  'collateral_paid', 'collateral_received', 'remainder_paid', 'remainder_received',
])

export const isDebt = ({ reason }: SettlementLine): boolean => debts.has(reason)

/** Whether one of its readings was put right after the first one. */
export const isCorrected = ({ opening, closing }: MeteredInterval): boolean =>
  [opening, closing].some((registers) => (registers?.version ?? 0) > 0)
