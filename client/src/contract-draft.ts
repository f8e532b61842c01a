import type { BoardOffer, ContractTerms, Market } from '@busbar/protocols/api'
import { objectIn } from './json-object.ts'

/** What one side has to know of the other to name it in a contract. */
export type PartyCard = {
  readonly account: number
  readonly meter: number
  readonly retailer: number
  readonly name: string
}

/** Terms of an invitation before they have an id. */
export type ContractDraft = Omit<ContractTerms, 'id' | 'replaces'>

/** What is agreed beside the parties; see `usualTerms` for what may be left out. */
export type DraftDeal = Pick<
  ContractTerms,
  'fromInterval' | 'intervals' | 'priceMicrosPerKwh'
> & { readonly energyWhEach: number; readonly expiresAt?: number } & Partial<
    Pick<ContractTerms, 'toleranceBasisPoints' | 'penaltyBasisPoints' | 'rail'>
  >

/** A tenth: what both sides are forgiven, and what is paid for what is not. */
const usualBasisPoints = 1_000

/** Rails, band and penalty as a market has them where nobody has said anything else. */
export function usualTerms({ rulebook: { trades } }: Pick<Market, 'rulebook'>) {
  const rails = trades?.rails.filter((rail) => rail !== 'bill-platform') ?? []
  const { toleranceBasisPointsMax: most = 0 } = trades ?? {}
  const { penaltyBasisPointsMin: least = 0, penaltyBasisPointsMax: dearest = 0 } = trades ?? {}
  return {
    rails: rails.slice(0, 1),
    toleranceBasisPoints: Math.min(usualBasisPoints, most),
    penaltyBasisPoints: Math.max(least, Math.min(usualBasisPoints, dearest)),
  }
}

/** A card as somebody has given it; undefined where the text is none. */
export function cardIn(text: string): PartyCard | undefined {
  const card = objectIn<PartyCard>(text)
  if (card === undefined) return undefined
  const { account, meter, retailer, name } = card
  const isWhole = [account, meter, retailer].every(
    (one) => Number.isSafeInteger(one) && Number(one) >= 0,
  )
  return isWhole && typeof name === 'string' ? (card as PartyCard) : undefined
}

/** As it is given to others: `busbar trade card` prints the same. */
export const cardText = ({ account, name, meter, retailer }: PartyCard): string =>
  JSON.stringify({ account, name, meter, retailer })

/** The two sides, as terms name them. */
export function sidesOf(
  side: 'buy' | 'sell',
  own: Omit<PartyCard, 'name'>,
  other: Omit<PartyCard, 'name'>,
) {
  const [seller, buyer] = side === 'sell' ? [own, other] : [other, own]
  return {
    ...{ seller: seller.account, sellerMeter: seller.meter, sellerRetailer: seller.retailer },
    ...{ buyer: buyer.account, buyerMeter: buyer.meter, buyerRetailer: buyer.retailer },
  }
}

/** An invitation to the other side, with what is usual where nothing else is said. */
export function draftOf(
  market: Pick<Market, 'rulebook'>,
  side: 'buy' | 'sell',
  own: Omit<PartyCard, 'name'>,
  other: Omit<PartyCard, 'name'>,
  { energyWhEach, expiresAt, ...deal }: DraftDeal,
): ContractDraft {
  const { intervalSeconds, gateLeadSeconds } = market.rulebook
  const { rails: [rail = 'clearing-house'], ...band } = usualTerms(market)
  const gate = (deal.fromInterval * intervalSeconds - gateLeadSeconds) * 1_000
  return {
    ...sidesOf(side, own, other),
    ...{ rail, ...band, ...deal },
    profile: { kind: 'per-interval', energyWh: energyWhEach },
    ...{ buyerShort: 'actual', exitFeeMicros: null, platform: null, platformFeeMicrosPerKwh: 0 },
    expiresAt: Math.min(expiresAt ?? gate, gate),
  }
}

/** On the terms of an offer, at a price; undefined where somebody has no retailer to be named. */
export function answerTo(
  market: Pick<Market, 'rulebook'>,
  { account, retailer, content }: BoardOffer,
  own: { readonly account: number; readonly meter: number; readonly retailer: number | null },
  priceMicrosPerKwh: number,
): ContractDraft | undefined {
  if (retailer === null || own.retailer === null) return undefined
  const { fromInterval, intervals, toleranceBasisPoints, penaltyBasisPoints } = content
  return draftOf(
    market,
    content.side === 'sell' ? 'buy' : 'sell',
    { ...own, retailer: own.retailer },
    { account, meter: content.meter, retailer },
    {
      ...{ fromInterval, intervals, priceMicrosPerKwh, toleranceBasisPoints, penaltyBasisPoints },
      ...{ energyWhEach: content.energyWhPerInterval, expiresAt: content.expiresAt },
      rail: content.rails[0] ?? 'clearing-house',
    },
  )
}
