import { connectionWattHours } from '../../metering/index.ts'
import type { Rail, Rulebook, TradeRules } from '../../rulebook/index.ts'
import {
  type LadderStep,
  type Offer,
  type OfferContent,
  sources,
  type Trade,
} from '../../trades/index.ts'
import { WattHours } from '../../units/index.ts'
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
} from '../lookups.ts'
import { priceRejection } from '../orders.ts'
import { accepted, type Applied, type Effect } from '../outcome.ts'
import { reject, type Rejected } from '../rejection.ts'
import type { State } from '../state.ts'
import { dropProposal } from './trade-end.ts'

type Handled = Applied | Rejected

/** The offers that met in a trade. */
export const offersOf = (state: State, { sellOffer, buyOffer }: Trade): Offer[] =>
  [sellOffer, buyOffer].flatMap((number) => {
    const offer = number === null ? undefined : state.trading.offers.get(number)
    return offer === undefined ? [] : [offer]
  })

/**
 * Puts a standing offer or request on the board. It binds nobody: what it meets is signed first.
 */
export function placeOffer(
  state: State,
  at: number,
  sequence: number,
  account: number,
  content: OfferContent,
): Handled {
  const actor = actorWith(state, account, tradingRoles)
  if (isRejected(actor)) return actor
  const misplaced = namesRejection(state, account, content) ?? fieldsRejection(content)
  if (misplaced !== undefined) return misplaced
  const { trading } = state
  const rulebook = rulebookFor(state, content.fromInterval)
  const unfit = offerRejection(state, at, rulebook, content)
  if (unfit !== undefined) return unfit
  const own = trading.offersOf.get(account) ?? new Set<number>()
  const most = rulebook.trades?.offersPerAccountMax ?? 0
  if (own.size >= most) return reject('offers_exceeded', 'account', `at most ${most}`)
  trading.lastOffer += 1
  const offer: Offer = {
    offer: trading.lastOffer,
    account,
    zone: state.meters[content.meter]?.zone ?? -1,
    energy: WattHours.from(BigInt(content.energyWhPerInterval)),
    content,
    sequence,
    status: 'open',
    refusedBy: [],
    trade: null,
  }
  trading.offers.set(offer.offer, offer)
  trading.offersOf.set(account, own.add(offer.offer))
  const { status } = offer
  return accepted(sequence, { kind: 'offer_changed', offer: offer.offer, status }, [changed(offer)])
}

const changed = ({ offer, status }: Offer): Effect => ({ kind: 'offer_changed', offer, status })

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
  const effects = takeOffBoard(state, offer, 'withdrawn')
  return accepted(sequence, { kind: 'offer_changed', offer: number, status: 'withdrawn' }, effects)
}

/** Ends an offer, and the match that waits for its signature. */
export function takeOffBoard(
  state: State,
  offer: Offer,
  status: 'filled' | 'withdrawn' | 'expired',
): Effect[] {
  const { offers, offersOf: byAccount, trades } = state.trading
  const trade = offer.trade === null ? undefined : trades.get(offer.trade)
  const waits = trade !== undefined && status !== 'filled'
  const effects = waits ? dropProposal(state, trade, 'withdrawn') : []
  offer.status = status
  offers.delete(offer.offer)
  const own = byAccount.get(offer.account)
  own?.delete(offer.offer)
  if (own?.size === 0) byAccount.delete(offer.account)
  return [...effects, changed(offer)]
}

/** Both sides have signed: each offer is filled once, and its other steps are void. */
export const fillOffers = (state: State, trade: Trade): Effect[] =>
  offersOf(state, trade).flatMap((offer) => takeOffBoard(state, offer, 'filled'))

/**
 * Ends what a suspended account has offered, proposed or signed and is not agreed. What is agreed
 * stands: the other side may rely on it, and may leave it.
 */
export function dropDealings(state: State, account: number): Effect[] {
  const { trades, tradesOf, offers, offersOf: byAccount } = state.trading
  const effects: Effect[] = []
  for (const number of [...(byAccount.get(account) ?? [])]) {
    const offer = offers.get(number)
    if (offer !== undefined) effects.push(...takeOffBoard(state, offer, 'withdrawn'))
  }
  for (const number of [...(tradesOf.get(account) ?? [])]) {
    const trade = trades.get(number)
    if (trade === undefined || trade.proposal === null) continue
    effects.push(...dropProposal(state, trade, 'withdrawn'))
  }
  return effects
}

function namesRejection(
  state: State,
  account: number,
  { meter: number, ladder }: OfferContent,
): Rejected | undefined {
  const unknown = (kind: LadderStep['with'], isKnown: (number: number) => boolean): number =>
    ladder.findIndex((step) => step.with === kind && step.number !== null && !isKnown(step.number))
  const nobody = unknown('participant', (one) => participantOf(state, one) !== undefined)
  if (nobody >= 0) return reject('account_unknown', `ladder.${nobody}.number`)
  const nowhere = unknown('zone', (one) => state.zones[one] !== undefined)
  if (nowhere >= 0) return reject('zone_unknown', `ladder.${nowhere}.number`)
  const meter = state.meters[number]
  if (meter?.kind !== 'physical') return reject('meter_unknown', 'meter')
  return meter.account === account ? undefined : reject('meter_foreign', 'meter')
}

function fieldsRejection(content: OfferContent): Rejected | undefined {
  const invalid = (field: string, limit: string): Rejected => reject('field_invalid', field, limit)
  if (!inRange(content.fromInterval, 0, intervalMax)) {
    return invalid('fromInterval', `from 0 to ${intervalMax}`)
  }
  if (!inRange(content.intervals, 1, 86_400)) return invalid('intervals', '1 to 86400')
  if (!inRange(content.energyWhPerInterval, 1, Number(WattHours.max))) {
    return invalid('energyWhPerInterval', `1 to ${WattHours.max}`)
  }
  const { side, source, ladder } = content
  if (!sources.includes(source) || (side === 'buy' && source !== 'any')) {
    return invalid('source', 'any, or what a seller declares')
  }
  if (ladder.length < 1 || ladder.length > 16) return invalid('ladder', '1 to 16 steps')
  for (const [index, step] of ladder.entries()) {
    const field = `ladder.${index}`
    if (!Number.isSafeInteger(step.priceMicrosPerKwh)) {
      return invalid(`${field}.priceMicrosPerKwh`, 'an integer')
    }
    if (!sources.includes(step.source) || (side === 'sell' && step.source !== 'any')) {
      return invalid(`${field}.source`, 'any, or what a buyer wants')
    }
    if ((step.with === 'anyone') !== (step.number === null)) {
      return invalid(`${field}.number`, step.with === 'anyone' ? 'null' : 'a number')
    }
  }
  return undefined
}

function offerRejection(
  state: State,
  at: number,
  rulebook: Rulebook,
  content: OfferContent,
): Rejected | undefined {
  const meter = state.meters[content.meter]
  const watts = content.side === 'sell' ? meter?.exportWattsMax : meter?.importWattsMax
  const most = connectionWattHours(watts ?? 0, rulebook.intervalSeconds)
  if (BigInt(content.energyWhPerInterval) > most) {
    return reject('capacity_exceeded', 'energyWhPerInterval', `at most ${most}`)
  }
  const price = pricesRejection(rulebook, content)
  if (price !== undefined) return price
  const { trades: rules } = rulebook
  if (rules === undefined) return reject('trades_not_offered', 'fromInterval')
  if (participantOf(state, meter?.account ?? -1)?.retailer === null) {
    return reject('retailer_mismatch', 'account', 'a customer of a retailer')
  }
  const open = { ...rulebook, horizonIntervals: intervalMax }
  const closed = gateRejection(state, at, open, content.fromInterval)
  const last = currentInterval(state, at) + rules.horizonIntervals
  if (closed !== undefined || content.fromInterval + content.intervals - 1 > last) {
    return reject('window_closed', 'fromInterval', `gate open, to interval ${last} at most`)
  }
  return boundsRejection(state, at, rules, content)
}

/** Of several prices outside of the bounds or off the tick, the bounds are told first. */
function pricesRejection(rulebook: Rulebook, { ladder }: OfferContent): Rejected | undefined {
  const unfit = ladder.flatMap(({ priceMicrosPerKwh }, index): Rejected[] => {
    const one = priceRejection(rulebook, { limitMicrosPerKwh: priceMicrosPerKwh })
    return one === undefined ? [] : [{ ...one, field: `ladder.${index}.priceMicrosPerKwh` }]
  })
  return unfit.find(({ reason }) => reason === 'price_out_of_bounds') ?? unfit[0]
}

function boundsRejection(
  state: State,
  at: number,
  rules: TradeRules,
  { rails, toleranceBasisPoints, penaltyBasisPoints, expiresAt, fromInterval }: OfferContent,
): Rejected | undefined {
  const out = (field: string, limit: string): Rejected =>
    reject('terms_out_of_bounds', field, limit)
  // A platform that bills is a third party, which only a contract names.
  const offered: readonly Rail[] = rules.rails.filter((rail) => rail !== 'bill-platform')
  if (rails.length < 1 || !rails.every((rail) => offered.includes(rail))) {
    return out('rails', offered.join(', '))
  }
  if (!inRange(toleranceBasisPoints, 0, rules.toleranceBasisPointsMax)) {
    return out('toleranceBasisPoints', `0 to ${rules.toleranceBasisPointsMax}`)
  }
  const { penaltyBasisPointsMin: least, penaltyBasisPointsMax: most } = rules
  if (!inRange(penaltyBasisPoints, least, most)) {
    return out('penaltyBasisPoints', `${least} to ${most}`)
  }
  const gate = gateOf(state, fromInterval)
  if (!Number.isSafeInteger(expiresAt) || expiresAt <= at || expiresAt > gate) {
    return out('expiresAt', `after ${at}, at most ${gate}`)
  }
  return undefined
}
