import { floorDivide } from '@busbar/core/units'
import { microsPerCent } from './amounts.ts'

/** What one party owes another. */
export type Owed = { readonly payer: number; readonly payee: number; readonly amountMicros: bigint }

/** What is between two parties, `low < high`: above zero `low` owes `high`. */
export type PairBalance = {
  readonly low: number
  readonly high: number
  readonly balanceMicros: bigint
}

/** What one pays the other, in whole cents. */
export type NetTransfer = {
  readonly debtor: number
  readonly creditor: number
  readonly amountMicros: bigint
}

export type Netting = {
  readonly transfers: readonly NetTransfer[]
  /** What is left between each pair, less than a cent: it goes into the next netting. */
  readonly carried: readonly PairBalance[]
}

/**
 * Nets what parties owe each other, pair by pair, to one transfer in whole cents. Nothing is lost:
 * for each pair what was carried and what is owed now is what is transferred and what is carried
 * on. No party stands between the two, so nobody owes for a third.
 *
 * ```text
 *   carried  1 owes 2   0.004     1 owes 2 7.009 and 2 owes 1 3.000: 1 transfers 4.01 to 2
 *            and 0.003 stays between them.
 * ```
 *
 * What a party owes itself is settled without a transfer.
 */
export function netPairs(owed: readonly Owed[], carried: readonly PairBalance[] = []): Netting {
  const balances = new Map<string, PairBalance>()
  const add = (low: number, high: number, micros: bigint): void => {
    const key = `${low}:${high}`
    const before = balances.get(key)?.balanceMicros ?? 0n
    balances.set(key, { low, high, balanceMicros: before + micros })
  }
  for (const { low, high, balanceMicros } of carried) add(low, high, balanceMicros)
  for (const { payer, payee, amountMicros } of owed) {
    if (payer < payee) add(payer, payee, amountMicros)
    else if (payee < payer) add(payee, payer, -amountMicros)
  }
  const pairs = [...balances.values()].sort((a, b) => a.low - b.low || a.high - b.high)
  return {
    transfers: pairs.map(transferOf).filter(({ amountMicros }) => amountMicros > 0n),
    carried: pairs.map(restOf).filter(({ balanceMicros }) => balanceMicros !== 0n),
  }
}

const magnitude = (micros: bigint): bigint => (micros < 0n ? -micros : micros)

/** Who owes pays the floor: what is below a cent stays owed, on the same side. */
const wholeCents = (micros: bigint): bigint =>
  floorDivide(magnitude(micros), microsPerCent) * microsPerCent

function transferOf({ low, high, balanceMicros }: PairBalance): NetTransfer {
  const [debtor, creditor] = balanceMicros > 0n ? [low, high] : [high, low]
  return { debtor, creditor, amountMicros: wholeCents(balanceMicros) }
}

function restOf({ low, high, balanceMicros }: PairBalance): PairBalance {
  const rest = magnitude(balanceMicros) - wholeCents(balanceMicros)
  return { low, high, balanceMicros: balanceMicros < 0n ? -rest : rest }
}
