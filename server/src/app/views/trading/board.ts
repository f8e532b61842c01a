import { participantOf, type State } from '@busbar/core/exchange'
import type { Offer } from '@busbar/core/trades'
import type { Page } from '../../ports/exchange-service.ts'
import type { BoardFilter, BoardOfferView } from '../../ports/trading-views.ts'

/**
 * What anybody may see of open offers. Steps that name a participant say who somebody's sister is,
 * and at which price: they are left out, and an offer with no other step is not on the board.
 */
export function boardViews(state: State, filter: BoardFilter, page: Page): BoardOfferView[] {
  const views: BoardOfferView[] = []
  for (const offer of state.trading.offers.values()) {
    if (offer.offer < (page.from ?? 0) || !isWanted(offer, filter)) continue
    const ladder = offer.content.ladder.filter((step) => step.with !== 'participant')
    if (ladder.length === 0) continue
    const { offer: number, account, zone, status } = offer
    if (status !== 'open' && status !== 'matched') continue
    const retailer = participantOf(state, account)?.retailer ?? null
    const content = { ...offer.content, ladder }
    views.push({ offer: number, account, retailer, zone, status, content })
    if (views.length >= page.limit) break
  }
  return views
}

function isWanted({ content, zone }: Offer, filter: BoardFilter): boolean {
  const { interval } = filter
  const covers =
    interval === undefined ||
    (content.fromInterval <= interval && interval < content.fromInterval + content.intervals)
  return (
    covers &&
    (filter.side === undefined || content.side === filter.side) &&
    (filter.zone === undefined || zone === filter.zone) &&
    (filter.source === undefined || content.source === filter.source)
  )
}
