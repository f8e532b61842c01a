import type { Reason } from '@busbar/core/settlement'

/** Lines for money that was lacking or forfeited: they depend on balances, not on the interval. */
const beside: ReadonlySet<Reason> = new Set([
  'arrears_covered', 'arrears_cover', 'arrears_repaid', 'arrears_received', 'bond_lost',
  'bond_received',
])

export const isBeside = (reason: Reason): boolean => beside.has(reason)

export type Sum = readonly [key: string, energy: bigint, amount: bigint]

/** As text: lines that cancel out are gone. */
export function sumsOf(lines: readonly Sum[]): string {
  const sums = new Map<string, readonly [bigint, bigint]>()
  for (const [key, energyWh, amount] of lines) {
    const [energyBefore, amountBefore] = sums.get(key) ?? [0n, 0n]
    sums.set(key, [energyBefore + energyWh, amountBefore + amount])
  }
  return [...sums]
    .filter(([, [energyWh, amount]]) => energyWh !== 0n || amount !== 0n)
    .map(([key, [energyWh, amount]]) => `${key}/${energyWh}/${amount}`)
    .sort()
    .join(' ')
}
