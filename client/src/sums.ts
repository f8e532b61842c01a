/** Energy and money of one kind, to be added up with others of it. */
export type Sum = readonly [key: string, energy: bigint, amount: bigint]

/** What stands of all of them, as text that two computations compare: what cancels out is gone. */
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
