import { bilateralZone, limitOn, recordOf, type State } from '@busbar/core/exchange'
import {
  type ContractTerms,
  type ContractVersion,
  contractedEnergy,
  contractedTotal,
  type Trade,
} from '@busbar/core/trades'
import { WattHours } from '@busbar/core/units'
import type { OrderedPage, Page, Reader } from '../../ports/exchange-service.ts'
import type { TradeDeliveryView, TradeView } from '../../ports/trading-views.ts'
import { type Relation, relationOf, termsOf } from './relation.ts'

/** The trades that concern a reader, from `page.from` on; in one way alone, if it is said. */
export function tradeViews(
  state: State,
  reader: Reader,
  page: OrderedPage,
  relation?: TradeView['relation'],
): TradeView[] {
  const views: TradeView[] = []
  // They were made in the order of their numbers.
  for (const number of inOrder([...state.trading.trades.keys()], page)) {
    const view = tradeView(state, reader, number)
    if (view === undefined || (relation ?? view.relation) !== view.relation) continue
    views.push(view)
    if (views.length >= page.limit) break
  }
  return views
}

/** Ascending numbers, as a page goes through them. */
export function inOrder(numbers: readonly number[], { from, order }: OrderedPage): number[] {
  if (order === 'asc') return numbers.filter((number) => number >= (from ?? 0))
  return numbers.filter((number) => number <= (from ?? Infinity)).reverse()
}

export function tradeView(state: State, reader: Reader, number: number): TradeView | undefined {
  const trade = state.trading.trades.get(number)
  const relation = trade && relationOf(state, reader, trade)
  const terms = trade && termsOf(trade)
  if (trade === undefined || relation === undefined || terms === undefined) return undefined
  switch (relation.kind) {
    case 'party':
      return partyView(trade)
    case 'retailer':
      return retailerView(trade, terms, relation.side)
    case 'utility':
      return utilityView(state, trade, terms, relation.zones)
  }
}

const common = ({ trade, status, reason }: Trade) => ({ trade, status, reason })

function partyView(trade: Trade): TradeView {
  const { proposal, versions, totals, endsAt } = trade
  const shown = ({ at, ...version }: ContractVersion) => ({ ...version, atMs: at })
  return {
    relation: 'party',
    ...common(trade),
    proposal: proposal === null ? null : withoutTime(proposal),
    versions: versions.map(shown),
    endsAt,
    totals: {
      contractedWh: totals.contracted,
      obligedWh: totals.obliged,
      deliveredWh: totals.delivered,
      complete: totals.complete,
      partial: totals.partial,
      failed: totals.failed,
      settled: totals.settled,
      final: totals.final,
      sellerMicros: totals.seller,
      buyerMicros: totals.buyer,
    },
  }
}

function withoutTime<T extends { readonly at: number }>(proposal: T): Omit<T, 'at'> {
  const { at: _, ...rest } = proposal
  return rest
}

function retailerView(trade: Trade, terms: ContractTerms, side: 'sell' | 'buy'): TradeView {
  const isSeller = side === 'sell'
  return {
    relation: 'retailer',
    ...common(trade),
    side,
    account: isSeller ? terms.seller : terms.buyer,
    meter: isSeller ? terms.sellerMeter : terms.buyerMeter,
    rail: terms.rail,
    fromInterval: terms.fromInterval,
    intervals: terms.intervals,
    endsAt: trade.endsAt,
    contractedWh: contractedTotal(terms),
    deliveredWh: trade.totals.delivered,
  }
}

function utilityView(
  state: State,
  trade: Trade,
  terms: ContractTerms,
  zones: ReadonlySet<number>,
): TradeView {
  const own = (meter: number): { zone: number; meter: number } | undefined => {
    const zone = state.meters[meter]?.zone
    return zone !== undefined && zones.has(zone) ? { zone, meter } : undefined
  }
  const [seller, buyer] = [own(terms.sellerMeter), own(terms.buyerMeter)]
  return {
    relation: 'utility',
    ...common(trade),
    fromInterval: terms.fromInterval,
    intervals: terms.intervals,
    endsAt: trade.endsAt,
    contractedWh: contractedTotal(terms),
    sellerZone: seller?.zone ?? null,
    buyerZone: buyer?.zone ?? null,
    sellerMeter: seller?.meter ?? null,
    buyerMeter: buyer?.meter ?? null,
  }
}

/** What a trade owed and delivered, by interval; money to its parties alone. */
export function deliveryViews(
  state: State,
  reader: Reader,
  number: number,
  page: Page,
): TradeDeliveryView[] | undefined {
  const trade = state.trading.trades.get(number)
  const relation = trade && relationOf(state, reader, trade)
  const terms = trade && termsOf(trade)
  if (trade === undefined || relation === undefined || terms === undefined) return undefined
  const first = trade.versions[0]?.terms.fromInterval ?? terms.fromInterval
  const views: TradeDeliveryView[] = []
  const end = Math.min(trade.endsAt, terms.fromInterval + terms.intervals)
  for (let interval = Math.max(first, page.from ?? 0); interval < end; interval += 1) {
    if (views.length >= page.limit) break
    views.push(deliveryView(state, trade, terms, interval, relation))
  }
  return views
}

function deliveryView(
  state: State,
  { trade }: Trade,
  terms: ContractTerms,
  interval: number,
  relation: Relation,
): TradeDeliveryView {
  const record = recordOf(state, bilateralZone, interval)
  const obligation = record?.obligations.get(trade)
  const delivery = record?.deliveries.get(trade)
  const contracted = obligation?.contracted ?? contractedEnergy(terms, interval)
  const ahead = limitOn(state, trade, interval)
  const limit = obligation?.limit ?? ahead
  const owed = limit === null ? contracted : WattHours.min(contracted, limit.energy)
  const isParty = relation.kind === 'party'
  const own = (side: 'sell' | 'buy'): boolean =>
    isParty || (relation.kind === 'retailer' && relation.side === side)
  return {
    interval,
    contractedWh: contracted,
    limit:
      limit === null
        ? null
        : {
            utility: limit.utility,
            energyWh: limit.energy,
            reason: limit.reason,
            sequence: limit.sequence,
          },
    obligedWh: owed,
    result: delivery?.result ?? null,
    deliveredWh: delivery?.delivered ?? null,
    sellerShortWh: own('sell') ? (delivery?.sellerShort ?? null) : null,
    buyerShortWh: own('buy') ? (delivery?.buyerShort ?? null) : null,
    sellerMicros: isParty ? (delivery?.seller ?? null) : null,
    buyerMicros: isParty ? (delivery?.buyer ?? null) : null,
    isFinal: record?.status === 'final',
  }
}
