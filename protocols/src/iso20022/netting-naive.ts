import type { Netting, NetTransfer, Owed, PairBalance } from './netting.ts'

/**
 * As `netPairs`, another way: every pair of parties is looked at, and each micro that one owes the
 * other is counted by itself, cent for cent.
 */
export function netPairsNaive(
  owed: readonly Owed[],
  carried: readonly PairBalance[] = [],
): Netting {
  const parties = [
    ...owed.flatMap(({ payer, payee }) => [payer, payee]),
    ...carried.flatMap(({ low, high }) => [low, high]),
  ]
  const sorted = [...new Set(parties)].sort((a, b) => a - b)
  const owes = (from: number, to: number): bigint => {
    let sum = 0n
    for (const one of owed) if (one.payer === from && one.payee === to) sum += one.amountMicros
    for (const { low, high, balanceMicros } of carried) {
      if (low === from && high === to && balanceMicros > 0n) sum += balanceMicros
      if (low === to && high === from && balanceMicros < 0n) sum -= balanceMicros
    }
    return sum
  }
  const transfers: NetTransfer[] = []
  const left: PairBalance[] = []
  for (const low of sorted) {
    for (const high of sorted.filter((party) => party > low)) {
      let down = owes(low, high)
      let up = owes(high, low)
      const both = down < up ? down : up
      down -= both
      up -= both
      const text = (down + up).toString().padStart(5, '0')
      const rest = BigInt(text.slice(-4))
      const paid = down + up - rest
      const [debtor, creditor] = down > 0n ? [low, high] : [high, low]
      if (paid > 0n) transfers.push({ debtor, creditor, amountMicros: paid })
      if (rest > 0n) left.push({ low, high, balanceMicros: down > 0n ? rest : -rest })
    }
  }
  return { transfers, carried: left }
}
