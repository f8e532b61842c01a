import type { MeteredEnergy } from '../metering/index.ts'
import type { EnergyBalance, Reason, SettlementItem } from './items.ts'
import { Micros, MicrosPerKwh, type WattHours } from '../units/index.ts'

export type RunKind = 'provisional' | 'final' | 'resettled'

/** One settlement of one interval: only the difference to the runs before it. */
export type Run = {
  /** 0, 1, 2 … without gaps. */
  readonly run: number
  readonly kind: RunKind
  /** The journal entry that posted it, and its time. */
  readonly sequence: number
  readonly at: number
  readonly items: readonly SettlementItem[]
  /** Lines of trades whose rail is outside of the ledger: booked as dues, and not in `net`. */
  readonly dues: readonly SettlementItem[]
  /** Each account's sum over the items, without zeros, ascending by account. */
  readonly net: readonly { readonly account: number; readonly amount: Micros }[]
  readonly energy: EnergyBalance
  /** What the run was computed from: every physical meter's energy as it was known then. */
  readonly metered: readonly (MeteredEnergy & { readonly meter: number })[]
  /**
   * Of a run of trades: what each meter's contracts got of its energy, ascending, without zeros.
   */
  readonly traded: readonly TradedMeter[]
  /** Meters whose energy was estimated in this run. */
  readonly estimated: readonly number[]
}

/** What a meter sold and bought by contract in one interval. */
export type TradedMeter = {
  readonly meter: number
  readonly sold: WattHours
  readonly bought: WattHours
}

/** What a run says of energy, beside its money. */
export type RunEnergy = Pick<Run, 'energy' | 'metered' | 'traded' | 'estimated'>

/**
 * Whether a run would say nothing new of energy. Where bills ask for what was not traded, a
 * correction may move no money here and yet change what they ask for.
 */
export function saysSameEnergy(before: RunEnergy | undefined, next: RunEnergy): boolean {
  return before !== undefined && textOf(before) === textOf(next)
}

/** Field by field: a state that was read back has them in another sequence. */
const textOf = ({ energy: all, metered, traded, estimated }: RunEnergy): string =>
  [
    ...[all.injected, all.consumed, all.imported, all.exported],
    ...[all.imbalanceBought, all.imbalanceSold, all.tradeBought, all.tradeSold],
    '|',
    ...metered.flatMap(({ meter, imported, exported }) => [meter, imported, exported]),
    '|',
    ...traded.flatMap(({ meter, sold, bought }) => [meter, sold, bought]),
    '|',
    ...estimated,
  ].join()

/** What stands posted for an interval: key of account, meter, trade, reason and price. */
export type Posted = Map<string, { readonly energy: bigint; readonly amount: bigint }>

const keyOf = (item: SettlementItem): string =>
  `${item.account}/${item.meter}/${item.trade}/${item.reason}/${item.price}`

/**
 * What must be posted so that `target` stands: new lines, changed ones by their difference, and
 * those that no longer hold taken back. Posting it moves `posted` to the target, so settling in
 * steps and settling at once end in the same sums.
 */
export function difference(posted: Posted, target: readonly SettlementItem[]): SettlementItem[] {
  const items: SettlementItem[] = []
  const seen = new Set<string>()
  for (const item of target) {
    const key = keyOf(item)
    seen.add(key)
    const before = posted.get(key) ?? { energy: 0n, amount: 0n }
    const energy = item.energy - before.energy
    const amount = item.amount - before.amount
    if (energy === 0n && amount === 0n) continue
    const { account, meter, trade, reason, price } = item
    // One sequence of fields, whoever worked the item out: the text of a state must not tell.
    items.push({ account, meter, trade, reason, energy, price, amount: Micros.from(amount) })
  }
  for (const [key, before] of posted) {
    if (seen.has(key)) continue
    const [account = '', meter = '', trade = '', reason = '', price = ''] = key.split('/')
    items.push({
      account: Number(account),
      meter: Number(meter),
      trade: Number(trade),
      reason: reason as Reason,
      energy: -before.energy,
      price: MicrosPerKwh.from(BigInt(price)),
      amount: Micros.from(-before.amount),
    })
  }
  return items
}

/** Moves `posted` by what was posted. */
export function applyDifference(posted: Posted, items: readonly SettlementItem[]): void {
  for (const item of items) {
    const key = keyOf(item)
    const before = posted.get(key) ?? { energy: 0n, amount: 0n }
    const energy = before.energy + item.energy
    const amount = before.amount + item.amount
    if (energy === 0n && amount === 0n) posted.delete(key)
    else posted.set(key, { energy, amount })
  }
}

/** Each account's sum, without zeros, ascending by account. */
export function netOf(
  items: readonly SettlementItem[],
): { readonly account: number; readonly amount: Micros }[] {
  const sums = new Map<number, bigint>()
  for (const { account, amount } of items) sums.set(account, (sums.get(account) ?? 0n) + amount)
  return [...sums]
    .filter(([, amount]) => amount !== 0n)
    .sort(([a], [b]) => a - b)
    .map(([account, amount]) => ({ account, amount: Micros.from(amount) }))
}
