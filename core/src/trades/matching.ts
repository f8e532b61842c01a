import { floorDivide } from '../units/index.ts'
import type { LadderStep, Offer } from './offer.ts'
import type { Rail } from '../rulebook/index.ts'

/** Two offers that meet, the price they meet at and the rail that both take. */
export type Match = {
  readonly sell: Offer
  readonly buy: Offer
  readonly priceMicrosPerKwh: number
  readonly rail: Rail
}

/**
 * The first step of a ladder that admits the other side, and its place. Later steps that admit it
 * too do not count: whoever names a sister first asks nothing else of her.
 */
export function stepFor(
  offer: Offer,
  other: Offer,
): { step: LadderStep; rank: number } | undefined {
  const rank = offer.content.ladder.findIndex((step) => admits(offer, step, other))
  const step = offer.content.ladder[rank]
  return step === undefined ? undefined : { step, rank }
}

function admits(offer: Offer, step: LadderStep, other: Offer): boolean {
  const isBuyer = offer.content.side === 'buy'
  if (isBuyer && step.source !== 'any' && step.source !== other.content.source) return false
  switch (step.with) {
    case 'participant':
      return step.number === other.account
    case 'zone':
      return step.number === other.zone
    case 'anyone':
      return true
  }
}

/** Whether two offers could be one contract, and how; undefined where they could not. */
export function matchOf(sell: Offer, buy: Offer, tick: number): Match | undefined {
  const [a, b] = [sell.content, buy.content]
  const isSame =
    a.fromInterval === b.fromInterval &&
    a.intervals === b.intervals &&
    a.energyWhPerInterval === b.energyWhPerInterval
  if (!isSame || sell.account === buy.account || a.meter === b.meter) return undefined
  if (sell.refusedBy.includes(buy.offer) || buy.refusedBy.includes(sell.offer)) return undefined
  const rail = a.rails.find((one) => b.rails.includes(one))
  if (rail === undefined) return undefined
  const asked = stepFor(sell, buy)?.step.priceMicrosPerKwh
  const given = stepFor(buy, sell)?.step.priceMicrosPerKwh
  if (asked === undefined || given === undefined || asked > given) return undefined
  return { sell, buy, priceMicrosPerKwh: middle(asked, given, tick), rail }
}

/**
 * Half way between what is asked and what is given, down to a tick, which is never below `asked`.
 */
function middle(asked: number, given: number, tick: number): number {
  const sum = BigInt(asked) + BigInt(given)
  const ticks = floorDivide(sum, 2n * BigInt(tick))
  const price = Number(ticks * BigInt(tick))
  return price < asked ? asked : price
}

/**
 * Proposes contracts to offers that meet: a stable matching, in which no seller and buyer would
 * both rather have each other. Each wants the lowest step of its ladder that it can get; on one
 * step the better price, then the older offer. Sellers ask and buyers choose, so among the stable
 * matchings this is the sellers' best.
 *
 * Depends on the offers alone, not on the sequence in which they stand.
 */
export function matchOffers(offers: readonly Offer[], tick: number): Match[] {
  const sells = offers.filter(isOpen('sell')).sort(byNumber)
  const buys = offers.filter(isOpen('buy')).sort(byNumber)
  const wishes = new Map<Offer, Match[]>()
  for (const sell of sells) {
    const own = buys.flatMap((buy) => matchOf(sell, buy, tick) ?? [])
    wishes.set(sell, own.sort((a, b) => preference(sell, a, b)))
  }
  const held = new Map<Offer, Match>()
  const asking = [...sells]
  for (let sell = asking.pop(); sell !== undefined; sell = asking.pop()) {
    const wish = wishes.get(sell)?.shift()
    if (wish === undefined) continue
    const before = held.get(wish.buy)
    if (before !== undefined && preference(wish.buy, before, wish) < 0) {
      asking.push(sell)
      continue
    }
    held.set(wish.buy, wish)
    if (before !== undefined) asking.push(before.sell)
  }
  return [...held.values()].sort((a, b) => a.sell.offer - b.sell.offer)
}

const isOpen = (side: 'buy' | 'sell') => ({ status, content }: Offer): boolean =>
  status === 'open' && content.side === side

const byNumber = (a: Offer, b: Offer): number => a.offer - b.offer

/** Below zero where `offer`, which is a side of both, would rather have `a`. */
export function preference(offer: Offer, a: Match, b: Match): number {
  const isSeller = offer.content.side === 'sell'
  const other = (match: Match): Offer => (isSeller ? match.buy : match.sell)
  const rank = (match: Match): number => stepFor(offer, other(match))?.rank ?? 0
  const price = a.priceMicrosPerKwh - b.priceMicrosPerKwh
  return (
    rank(a) - rank(b) || (isSeller ? -price : price) || other(a).offer - other(b).offer
  )
}
