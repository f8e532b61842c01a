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
    const view = ladder.length === 0 ? undefined : offerView(state, offer, ladder)
    if (view === undefined) continue
    views.push(view)
    if (views.length >= page.limit) break
  }
  return views
}

/** What an account has on the board itself, with every step; undefined without the account. */
export function ownOfferViews(
  state: State,
  account: number,
  page: Page,
): BoardOfferView[] | undefined {
  if (participantOf(state, account) === undefined) return undefined
  return [...(state.trading.offersOf.get(account) ?? [])]
    .filter((number) => number >= (page.from ?? 0))
    .sort((a, b) => a - b)
    .slice(0, page.limit)
    .flatMap((number) => {
      const offer = state.trading.offers.get(number)
      return (offer && offerView(state, offer, offer.content.ladder)) ?? []
    })
}

function offerView(
  state: State,
  { offer, account, zone, status, content }: Offer,
  ladder: Offer['content']['ladder'],
): BoardOfferView | undefined {
  if (status !== 'open' && status !== 'matched') return undefined
  const retailer = participantOf(state, account)?.retailer ?? null
  return { offer, account, retailer, zone, status, content: { ...content, ladder } }
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
