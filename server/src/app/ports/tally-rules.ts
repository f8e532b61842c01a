import { canonicalJson } from '@busbar/core/encoding'
import { bilateralZone } from '@busbar/core/exchange'
import type { AnchoredTally, Tally, TallyAnchor } from './tallies.ts'

const size = (value: bigint): bigint => (value < 0n ? -value : value)

/** What cannot be explained by a tally: zero, or the books are wrong. */
export function unexplainedIn({ zone, money, energy, metered, traded }: Tally): {
  readonly money: bigint
  readonly energy: bigint
} {
  const { deposited, withdrawn, balances, outside, posted } = money
  const left = energyInto(energy) - energyOutOf(energy)
  // What a run of trades says of meters is said of them again, and balanced, by their zones' runs.
  const isTrades = zone === bilateralZone
  const meters = isTrades
    ? 0n
    : size(metered.exported - energy.injected) + size(metered.imported - energy.consumed)
  return {
    money: size(balances + outside) + size(deposited - withdrawn - balances) + size(posted),
    energy: size(left) + meters + size(traded.sold - traded.bought) + traded.lacking,
  }
}

/** What came into a zone, by what its meters put out, trades and the outside. */
export const energyInto = (energy: Tally['energy']): bigint =>
  energy.injected + energy.imported + energy.imbalanceBought + energy.tradeBought

/** What went out of it, or was consumed. */
export const energyOutOf = (energy: Tally['energy']): bigint =>
  energy.consumed + energy.exported + energy.imbalanceSold + energy.tradeSold

/** Whether nothing of the books is left unexplained. */
export function holds(tally: Tally): boolean {
  const { money, energy } = unexplainedIn(tally)
  return money === 0n && energy === 0n
}

/** Whether the chain has what the run put there, and covers what the ledger owes. */
export const anchorHolds = ({ hasRoots, custody, ledger }: TallyAnchor): boolean =>
  hasRoots && custody >= ledger

export type TallyState = 'holds' | 'waiting' | 'wrong'

export function tallyState({ tally, anchor, isFailed }: AnchoredTally): TallyState {
  if (!holds(tally) || isFailed) return 'wrong'
  if (anchor === null) return 'waiting'
  return anchorHolds(anchor) ? 'holds' : 'wrong'
}

/** As it is stored: one text for each, quantities as texts, which no reader of JSON rounds. */
export const tallyText = (tally: Tally): string => canonicalJson(withTexts(tally))

const withTexts = (value: unknown): unknown => {
  if (typeof value === 'bigint') return `#${value}`
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withTexts(one)]))
}

/** What `tallyText` wrote. */
export const tallyFrom = (text: string): Tally =>
  JSON.parse(text, (_name, value: unknown) =>
    typeof value === 'string' && value.startsWith('#') ? BigInt(value.slice(1)) : value) as Tally
