import type { MeteredInterval, SettlementLine } from '@busbar/protocols/api'

export type Sum = readonly [key: string, energy: bigint, amount: bigint]

export const lineSum = (line: SettlementLine): Sum => [
  `${line.meter}/${line.reason}/${line.priceMicrosPerKwh}`,
  BigInt(line.energyWh),
  BigInt(line.amountMicros),
]

/** What stands after all runs, as text: lines that cancel out are gone. */
export function sumsOf(lines: readonly Sum[]): string {
  const sums = new Map<string, readonly [bigint, bigint]>()
  for (const [key, energy, amount] of lines) {
    const [energyBefore, amountBefore] = sums.get(key) ?? [0n, 0n]
    sums.set(key, [energyBefore + energy, amountBefore + amount])
  }
  return [...sums]
    .filter(([, [energy, amount]]) => energy !== 0n || amount !== 0n)
    .map(([key, [energy, amount]]) => `${key}/${energy}/${amount}`)
    .sort()
    .join(' ')
}

/** Lines that move what is owed, and are no part of what the interval comes to. */
const debts: ReadonlySet<SettlementLine['reason']> = new Set([
  'arrears_covered', 'arrears_cover', 'arrears_repaid', 'arrears_received',
  'collateral_paid', 'collateral_received', 'remainder_paid', 'remainder_received',
])

export const isDebt = ({ reason }: SettlementLine): boolean => debts.has(reason)

/** Whether one of its readings was put right after the first one. */
export const isCorrected = ({ opening, closing }: MeteredInterval): boolean =>
  [opening, closing].some((registers) => (registers?.version ?? 0) > 0)
