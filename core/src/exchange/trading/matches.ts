import {
  type ContractTerms,
  type Match,
  matchOffers,
  noContract,
  type Offer,
} from '../../trades/index.ts'
import type { Engine } from '../engine.ts'
import { participantOf, rulebookFor } from '../lookups.ts'
import { takeOffBoard } from './offers.ts'
import { accepted, type Applied, type Effect } from '../outcome.ts'
import { reject, type Rejected } from '../rejection.ts'
import type { State } from '../state.ts'
import { enterTrade, fullRejection, takePart } from './trade-book.ts'
import { dropProposal, isOpen } from './trade-end.ts'

/** How long the parties of a match have to sign it. */
const matchMs = 3_600_000

/**
 * Lets proposals and offers lapse that are past their time, and proposes contracts to offers that
 * meet. Nobody is bound by a proposal that it has not signed.
 */
export function tendTrades(
  state: State,
  at: number,
  sequence: number,
  engine: Engine,
): Applied | Rejected {
  const effects: Effect[] = []
  let lapsed = 0
  for (const trade of [...state.trading.trades.values()]) {
    if (trade.proposal === null || isOpen(trade.proposal, at)) continue
    effects.push(...dropProposal(state, trade, 'expired'))
    lapsed += 1
  }
  for (const offer of [...state.trading.offers.values()]) {
    if (!hasLapsed(offer, at)) continue
    effects.push(...takeOffBoard(state, offer, 'expired'))
    lapsed += 1
  }
  const matches = openMatches(state)
  for (const match of matches) effects.push(...proposeMatch(state, at, sequence, match, engine))
  if (effects.length === 0) return reject('nothing_to_tend')
  const result = { kind: 'trades_tended', matched: matches.length, lapsed } as const
  return accepted(sequence, result, effects)
}

const hasLapsed = ({ status, content }: Offer, at: number): boolean =>
  status === 'open' && at >= content.expiresAt

/** Whether `tendTrades` would do anything. */
export function tradesDue(state: State, at: number): boolean {
  const { trades, offers } = state.trading
  for (const { proposal } of trades.values()) {
    if (proposal !== null && !isOpen(proposal, at)) return true
  }
  for (const offer of offers.values()) if (hasLapsed(offer, at)) return true
  return openMatches(state).length > 0
}

/** Only offers of the same energy in the same window meet: each such set is matched by itself. */
function openMatches(state: State): Match[] {
  const alike = new Map<string, Offer[]>()
  for (const offer of state.trading.offers.values()) {
    const { fromInterval, intervals, energyWhPerInterval } = offer.content
    if (offer.status !== 'open' || isFull(state, offer)) continue
    const key = `${fromInterval}:${intervals}:${energyWhPerInterval}`
    const set = alike.get(key)
    if (set === undefined) alike.set(key, [offer])
    else set.push(offer)
  }
  const matches: Match[] = []
  for (const offers of alike.values()) {
    const [first] = offers
    if (first === undefined || offers.length < 2) continue
    const { priceTickMicrosPerKwh } = rulebookFor(state, first.content.fromInterval)
    matches.push(...matchOffers(offers, priceTickMicrosPerKwh))
  }
  return matches.sort((a, b) => a.sell.offer - b.sell.offer)
}

/** Whoever may have no more trades is asked to sign none. */
const isFull = (state: State, { account, content }: Offer): boolean =>
  fullRejection(state, account, null, content) !== undefined

function proposeMatch(
  state: State,
  at: number,
  sequence: number,
  match: Match,
  engine: Engine,
): Effect[] {
  const { sell, buy } = match
  const proposed = contractOfMatch(state, at, match, engine)
  const signatures = { sellerSignature: null, buyerSignature: null }
  const proposal = { ...proposed, ...signatures, proposer: null, requester: null, sequence, at }
  const trade = enterTrade(state, proposal, { sell: sell.offer, buy: buy.offer })
  const effects: Effect[] = [{ kind: 'trade_changed', trade: trade.trade, what: 'invited' }]
  for (const offer of [sell, buy]) {
    takePart(state, offer.account, trade)
    offer.status = 'matched'
    offer.trade = trade.trade
    effects.push({ kind: 'offer_changed', offer: offer.offer, status: 'matched' })
  }
  return effects
}

/**
 * Its id is the next trade's number; another if somebody has proposed just this contract before.
 */
function contractOfMatch(
  state: State,
  at: number,
  match: Match,
  engine: Engine,
): { readonly contract: string; readonly terms: ContractTerms } {
  const { contracts, lastTrade } = state.trading
  for (let attempt = 0n; ; attempt += 1n) {
    const id = (attempt << 64n) + BigInt(lastTrade + 1)
    const terms = termsOf(state, at, match, `0x${id.toString(16).padStart(32, '0')}`)
    const contract = engine.contract(terms)
    if (!contracts.has(contract)) return { contract, terms }
  }
}

function termsOf(state: State, at: number, match: Match, id: string): ContractTerms {
  const { sell, buy } = match
  const { content } = sell
  const both = [content, buy.content]
  return {
    id,
    seller: sell.account,
    buyer: buy.account,
    sellerMeter: content.meter,
    buyerMeter: buy.content.meter,
    sellerRetailer: participantOf(state, sell.account)?.retailer ?? 0,
    buyerRetailer: participantOf(state, buy.account)?.retailer ?? 0,
    fromInterval: content.fromInterval,
    intervals: content.intervals,
    profile: { kind: 'per-interval', energyWh: content.energyWhPerInterval },
    priceMicrosPerKwh: match.priceMicrosPerKwh,
    // Neither side is held to more than it offered: the wider band, the smaller penalty.
    toleranceBasisPoints: Math.max(...both.map((one) => one.toleranceBasisPoints)),
    penaltyBasisPoints: Math.min(...both.map((one) => one.penaltyBasisPoints)),
    buyerShort: 'actual',
    exitFeeMicros: null,
    rail: match.rail,
    platform: null,
    platformFeeMicrosPerKwh: 0,
    expiresAt: Math.min(...both.map((one) => one.expiresAt), at + matchMs),
    replaces: noContract,
  }
}
