import { connectionWattHours } from '../metering/index.ts'
import type { TradeRules } from '../rulebook/index.ts'
import {
  type ContractTerms,
  type LadderStep,
  type Match,
  matchOffers,
  noContract,
  type Offer,
  type OfferContent,
  type Proposal,
  sources,
  type Trade,
} from '../trades/index.ts'
import { WattHours } from '../units/index.ts'
import type { Engine } from './engine.ts'
import {
  actorWith,
  currentInterval,
  gateOf,
  gateRejection,
  inRange,
  intervalMax,
  isRejected,
  participantOf,
  rulebookFor,
  tradingRoles,
} from './lookups.ts'
import { dropProposal, isOpen, newTrade } from './negotiation.ts'
import { priceRejection } from './orders.ts'
import { accepted, type Applied, type Effect } from './outcome.ts'
import { reject, type Rejected } from './rejection.ts'
import type { State } from './state.ts'

type Handled = Applied | Rejected

/** How long the parties of a match have to sign it. */
const matchMs = 3_600_000

/** The offers that met in a trade. */
export const offersOf = (state: State, { sellOffer, buyOffer }: Trade): Offer[] =>
  [sellOffer, buyOffer].flatMap((number) => {
    const offer = number === null ? undefined : state.trading.offers.get(number)
    return offer === undefined ? [] : [offer]
  })

/** Puts a standing offer or request on the board. It binds nobody: what it meets is signed first. */
export function placeOffer(
  state: State,
  at: number,
  sequence: number,
  account: number,
  content: OfferContent,
): Handled {
  const actor = actorWith(state, account, tradingRoles)
  if (isRejected(actor)) return actor
  const meter = state.meters[content.meter]
  if (meter?.kind !== 'physical') return reject('meter_unknown', 'meter')
  if (meter.account !== account) return reject('meter_foreign', 'meter')
  const unfit = offerRejection(state, at, content)
  if (unfit !== undefined) return unfit
  const { trading } = state
  const { intervalSeconds, trades } = rulebookFor(state, content.fromInterval)
  const watts = content.side === 'sell' ? meter.exportWattsMax : meter.importWattsMax
  const most = connectionWattHours(watts, intervalSeconds)
  if (BigInt(content.energyWhPerInterval) > most) {
    return reject('capacity_exceeded', 'energyWhPerInterval', `at most ${most}`)
  }
  const mine = [...trading.offers.values()].filter(
    (offer) => offer.account === account && (offer.status === 'open' || offer.status === 'matched'),
  )
  const limit = trades?.offersPerAccountMax ?? 0
  if (mine.length >= limit) return reject('offers_exceeded', 'account', `at most ${limit}`)
  trading.lastOffer += 1
  const offer: Offer = {
    offer: trading.lastOffer,
    account,
    zone: meter.zone,
    energy: WattHours.from(BigInt(content.energyWhPerInterval)),
    content,
    sequence,
    status: 'open',
    refusedBy: [],
    trade: null,
  }
  trading.offers.set(offer.offer, offer)
  return changed(sequence, offer)
}

const changed = (sequence: number, { offer, status }: Offer, effects: Effect[] = []): Applied =>
  accepted(sequence, { kind: 'offer_changed', offer, status }, [
    { kind: 'offer_changed', offer, status },
    ...effects,
  ])

/** Takes an offer off the board; a match that nobody or only one side has signed ends with it. */
export function withdrawOffer(
  state: State,
  sequence: number,
  account: number,
  number: number,
): Handled {
  const offer = state.trading.offers.get(number)
  if (offer === undefined) return reject('offer_unknown', 'offer')
  if (offer.account !== account) return reject('party_foreign', 'offer')
  if (offer.status !== 'open' && offer.status !== 'matched') {
    return reject('offer_not_open', 'offer', offer.status)
  }
  const effects = endMatch(state, offer)
  offer.status = 'withdrawn'
  state.trading.offers.delete(number)
  return changed(sequence, offer, effects)
}

function endMatch(state: State, offer: Offer): Effect[] {
  const trade = offer.trade === null ? undefined : state.trading.trades.get(offer.trade)
  return trade === undefined ? [] : dropProposal(state, trade, 'withdrawn')
}

function offerRejection(state: State, at: number, content: OfferContent): Rejected | undefined {
  if (!inRange(content.fromInterval, 0, intervalMax)) {
    return reject('field_invalid', 'fromInterval', `from 0 to ${intervalMax}`)
  }
  if (!inRange(content.intervals, 1, 86_400)) {
    return reject('field_invalid', 'intervals', '1 to 86400')
  }
  if (!inRange(content.energyWhPerInterval, 1, Number.MAX_SAFE_INTEGER)) {
    return reject('field_invalid', 'energyWhPerInterval', 'an integer of at least 1')
  }
  const rulebook = rulebookFor(state, content.fromInterval)
  const { trades: rules } = rulebook
  if (rules === undefined) return reject('trades_not_offered', 'fromInterval')
  const open = { ...rulebook, horizonIntervals: intervalMax }
  const closed = gateRejection(state, at, open, content.fromInterval)
  const last = currentInterval(state, at) + rules.horizonIntervals
  if (closed !== undefined || content.fromInterval + content.intervals - 1 > last) {
    return reject('window_closed', 'fromInterval', `gate open, to interval ${last} at most`)
  }
  for (const [index, step] of content.ladder.entries()) {
    const unfit = stepRejection(state, content, step, `ladder.${index}`)
    if (unfit !== undefined) return unfit
    const price = priceRejection(rulebook, { limitMicrosPerKwh: step.priceMicrosPerKwh })
    if (price !== undefined) return { ...price, field: `ladder.${index}.priceMicrosPerKwh` }
  }
  return termsRejection(state, at, rules, content)
}

function termsRejection(
  state: State,
  at: number,
  rules: TradeRules,
  content: OfferContent,
): Rejected | undefined {
  const { ladder, rails, toleranceBasisPoints, penaltyBasisPoints, expiresAt } = content
  if (ladder.length < 1 || ladder.length > 16) return reject('field_invalid', 'ladder', '1 to 16')
  if (rails.length < 1 || !rails.every((rail) => rules.rails.includes(rail))) {
    return reject('terms_out_of_bounds', 'rails', rules.rails.join(', '))
  }
  if (!inRange(toleranceBasisPoints, 0, rules.toleranceBasisPointsMax)) {
    const limit = `0 to ${rules.toleranceBasisPointsMax}`
    return reject('terms_out_of_bounds', 'toleranceBasisPoints', limit)
  }
  const { penaltyBasisPointsMin: least, penaltyBasisPointsMax: most } = rules
  if (!inRange(penaltyBasisPoints, least, most)) {
    return reject('terms_out_of_bounds', 'penaltyBasisPoints', `${least} to ${most}`)
  }
  const gate = gateOf(state, content.fromInterval)
  if (!Number.isSafeInteger(expiresAt) || expiresAt <= at || expiresAt > gate) {
    return reject('terms_out_of_bounds', 'expiresAt', `after ${at}, at most ${gate}`)
  }
  return undefined
}

function stepRejection(
  state: State,
  { side, source }: OfferContent,
  step: LadderStep,
  field: string,
): Rejected | undefined {
  if (!Number.isSafeInteger(step.priceMicrosPerKwh)) {
    return reject('field_invalid', `${field}.priceMicrosPerKwh`, 'an integer')
  }
  if (!sources.includes(source) || (side === 'buy' && source !== 'any')) {
    return reject('field_invalid', 'source', 'any, or what a seller declares')
  }
  if (!sources.includes(step.source) || (side === 'sell' && step.source !== 'any')) {
    return reject('field_invalid', `${field}.source`, 'any, or what a buyer wants')
  }
  if (step.with === 'anyone') {
    return step.number === null ? undefined : reject('field_invalid', `${field}.number`, 'null')
  }
  if (step.number === null) return reject('field_invalid', `${field}.number`, 'a number')
  if (step.with === 'zone') {
    const isKnown = state.zones[step.number] !== undefined
    return isKnown ? undefined : reject('zone_unknown', `${field}.number`)
  }
  const isKnown = participantOf(state, step.number) !== undefined
  return isKnown ? undefined : reject('account_unknown', `${field}.number`)
}

/**
 * Lets proposals and offers lapse that are past their time, and proposes contracts to offers that
 * meet. Nobody is bound by a proposal that it has not signed.
 */
export function tendTrades(
  state: State,
  at: number,
  sequence: number,
  engine: Engine,
): Handled {
  const effects: Effect[] = []
  let lapsed = 0
  for (const trade of [...state.trading.trades.values()]) {
    if (trade.proposal === null || isOpen(trade.proposal, at)) continue
    effects.push(...dropProposal(state, trade, 'expired'))
    lapsed += 1
  }
  for (const offer of [...state.trading.offers.values()]) {
    if (offer.status === 'matched') continue
    if (offer.status === 'open' && at < offer.content.expiresAt) continue
    if (offer.status === 'open') {
      offer.status = 'expired'
      effects.push({ kind: 'offer_changed', offer: offer.offer, status: 'expired' })
      lapsed += 1
    }
    state.trading.offers.delete(offer.offer)
  }
  const matches = openMatches(state)
  for (const match of matches) effects.push(...proposeMatch(state, at, sequence, match, engine))
  if (effects.length === 0) return reject('nothing_to_tend')
  const result = { kind: 'trades_tended', matched: matches.length, lapsed } as const
  return accepted(sequence, result, effects)
}

/** Whether `tendTrades` would do anything. */
export function tradesDue(state: State, at: number): boolean {
  const { trades, offers } = state.trading
  for (const { proposal } of trades.values()) {
    if (proposal !== null && !isOpen(proposal, at)) return true
  }
  for (const { status, content } of offers.values()) {
    if (status === 'filled' || (status === 'open' && at >= content.expiresAt)) return true
  }
  return openMatches(state).length > 0
}

function openMatches(state: State): Match[] {
  const offers = [...state.trading.offers.values()]
  if (offers.length < 2) return []
  const rulebook = rulebookFor(state, state.clearedThrough + 1)
  return matchOffers(offers, rulebook.priceTickMicrosPerKwh)
}

function proposeMatch(
  state: State,
  at: number,
  sequence: number,
  match: Match,
  engine: Engine,
): Effect[] {
  const { sell, buy } = match
  const { trading } = state
  trading.lastTrade += 1
  const terms = termsOf(state, at, match, trading.lastTrade)
  const contract = engine.contract(terms)
  const proposal: Proposal = {
    ...{ contract, terms, proposer: null, sequence, at },
    sellerSignature: null,
    buyerSignature: null,
  }
  const trade = newTrade(trading.lastTrade, proposal, { sell: sell.offer, buy: buy.offer })
  trading.trades.set(trade.trade, trade)
  trading.contracts.set(contract, trade.trade)
  for (const offer of [sell, buy]) {
    offer.status = 'matched'
    offer.trade = trade.trade
  }
  return [
    { kind: 'trade_changed', trade: trade.trade, what: 'invited' },
    { kind: 'offer_changed', offer: sell.offer, status: 'matched' },
    { kind: 'offer_changed', offer: buy.offer, status: 'matched' },
  ]
}

function termsOf(state: State, at: number, match: Match, trade: number): ContractTerms {
  const { sell, buy } = match
  const { content } = sell
  const tolerance = [sell, buy].map((offer) => offer.content.toleranceBasisPoints)
  const penalty = [sell, buy].map((offer) => offer.content.penaltyBasisPoints)
  return {
    id: `0x${trade.toString(16).padStart(32, '0')}`,
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
    toleranceBasisPoints: Math.max(...tolerance),
    penaltyBasisPoints: Math.min(...penalty),
    buyerShort: 'actual',
    exitFeeMicros: null,
    rail: match.rail,
    platform: null,
    platformFeeMicrosPerKwh: 0,
    expiresAt: Math.min(content.expiresAt, buy.content.expiresAt, at + matchMs),
    replaces: noContract,
  }
}
