import { participantOf, type State } from '@busbar/core/exchange'
import type { Offer } from '@busbar/core/trades'
import type { OrderedPage } from '../../ports/exchange-service.ts'
import type { BoardFilter, BoardOfferView } from '../../ports/trading-views.ts'
import { inOrder } from './trades.ts'

/**
 * What anybody may see of open offers. Steps that name a participant say who somebody's sister is,
 * and at which price: they are left out, and an offer with no other step is not on the board.
 */
export function boardViews(
  state: State,
  filter: BoardFilter,
  page: OrderedPage,
): BoardOfferView[] {
  const views: BoardOfferView[] = []
  const { offers } = state.trading
  for (const number of inOrder([...offers.keys()], page)) {
    const offer = offers.get(number)
    if (offer === undefined || !isWanted(offer, filter)) continue
    const ladder = publicSteps(offer)
    const view = ladder.length === 0 ? undefined : offerView(state, offer, ladder)
    if (view === undefined) continue
    views.push(view)
    if (views.length >= page.limit) break
  }
  return views
}

/** What everybody may see of an offer's ladder; nothing where it is not on the board. */
export const publicSteps = ({ content }: Offer): Offer['content']['ladder'] =>
  content.ladder.filter((step) => step.with !== 'participant')

/** What an account has on the board itself, with every step; undefined without the account. */
export function ownOfferViews(
  state: State,
  account: number,
  page: OrderedPage,
): BoardOfferView[] | undefined {
  if (participantOf(state, account) === undefined) return undefined
  const own = [...(state.trading.offersOf.get(account) ?? [])].sort((a, b) => a - b)
  return inOrder(own, page)
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
