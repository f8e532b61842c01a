import type { Offer } from './offer.ts'
import { type Match, matchOf, preference } from './matching.ts'

/**
 * `matchOffers` as one would do it by hand: every seller without a partner asks the buyers one
 * after the other, dearest first; whoever is asked leaves a partner for a dearer one; until nothing
 * moves.
 */
export function matchOffersNaive(offers: readonly Offer[], tick: number): Match[] {
  const open = offers.filter(({ status }) => status === 'open')
  const sells = open.filter(({ content }) => content.side === 'sell')
  const buys = open.filter(({ content }) => content.side === 'buy')
  const possible = sells.flatMap((sell) => buys.flatMap((buy) => matchOf(sell, buy, tick) ?? []))
  const refused = new Set<Match>()
  let standing: Match[] = []
  for (;;) {
    const asking = sells.find(
      (sell) =>
        !standing.some((match) => match.sell === sell) &&
        possible.some((match) => match.sell === sell && !refused.has(match)),
    )
    if (asking === undefined) break
    const wishes = possible.filter((match) => match.sell === asking && !refused.has(match))
    const wish = wishes.reduce((best, one) => (preference(asking, one, best) < 0 ? one : best))
    const rival = standing.find((match) => match.buy === wish.buy)
    if (rival === undefined) standing = [...standing, wish]
    else if (preference(wish.buy, wish, rival) < 0) {
      refused.add(rival)
      standing = [...standing.filter((match) => match !== rival), wish]
    } else refused.add(wish)
  }
  return standing.sort((a, b) => a.sell.offer - b.sell.offer)
}
