import { connectionWattHours } from '../../metering/index.ts'
import type { Meter } from '../../registry/index.ts'
import type { Rulebook, TradeRules } from '../../rulebook/index.ts'
import {
  buyerShortRules,
  type ContractTerms,
  largestEnergy,
  noContract,
  type Profile,
  type Trade,
  windowEnd,
} from '../../trades/index.ts'
import { WattHours } from '../../units/index.ts'
import {
  currentInterval,
  gateOf,
  gateRejection,
  inRange,
  intervalMax,
  intervalStart,
  participantOf,
  rulebookFor,
} from '../lookups.ts'
import { priceRejection } from '../orders.ts'
import { reject, type Rejected } from '../rejection.ts'
import type { State } from '../state.ts'
import { tradeOf } from './trade-book.ts'

/*
 * Why a contract cannot be signed now. Asked of both signatures, so that what is agreed could also
 * have been proposed at that moment. In two halves: what stands between them in the order of
 * precedence is about the proposal that it answers.
 */

/** Ten thousand of the currency: no exit fee and no platform's fee is more. */
const feeMax = 10_000_000_000

const windowMax = 86_400

/** First half: who and which meters it names, and whether its numbers make sense there. */
export function placeRejection(state: State, terms: ContractTerms): Rejected | undefined {
  const misnamed = namesRejection(state, terms) ?? fieldsRejection(terms)
  if (misnamed !== undefined) return misnamed
  const rulebook = rulebookFor(state, terms.fromInterval)
  return (
    capacityRejection(state, terms, rulebook) ??
    namedPrice(rulebook, terms) ??
    (offersTrades(state, terms) ? undefined : reject('trades_not_offered', 'terms.fromInterval'))
  )
}

/** Second half: its sides, its window, its terms and until when it can be answered. */
export function termsRejection(
  state: State,
  at: number,
  terms: ContractTerms,
): Rejected | undefined {
  const { trades: rules } = rulebookFor(state, terms.fromInterval)
  if (rules === undefined) return reject('trades_not_offered', 'terms.fromInterval')
  return (
    sidesRejection(state, terms) ??
    windowRejection(state, at, rules, terms) ??
    boundsRejection(rules, terms) ??
    expiryRejection(state, at, terms)
  )
}

/**
 * Why a contract cannot take the place of the one in force: it is between the same meters and by
 * the same rail, and leaves alone what was delivered already.
 */
export function modificationRejection(
  state: State,
  trade: Trade | null,
  after: ContractTerms,
): Rejected | undefined {
  const before = trade?.versions.at(-1)?.terms
  if (before === undefined) return undefined
  const firstOpen = state.clearedThrough + 1
  // Delivery has begun: intervals keep their numbers, and those behind the gate their energy.
  if (before.fromInterval < firstOpen && after.fromInterval !== before.fromInterval) {
    return reject('window_closed', 'terms.fromInterval', `${before.fromInterval}`)
  }
  if (trade !== null && (windowEnd(after) < firstOpen || trade.endsAt <= firstOpen)) {
    return reject('window_closed', 'terms.intervals', `to ${firstOpen} at least`)
  }
  const fixed = [
    'sellerMeter', 'buyerMeter', 'sellerRetailer', 'buyerRetailer', 'rail', 'platform',
    'platformFeeMicrosPerKwh',
  ] as const
  const changed = fixed.find((field) => before[field] !== after[field])
  return changed === undefined
    ? undefined
    : reject('terms_out_of_bounds', `terms.${changed}`, 'as in the version before')
}

function namesRejection(state: State, terms: ContractTerms): Rejected | undefined {
  const sides = ['seller', 'buyer'] as const
  const parties = sides.map((side) => participantOf(state, terms[side]))
  for (const [index, side] of sides.entries()) {
    if (parties[index] === undefined) return reject('account_unknown', `terms.${side}`)
  }
  if (terms.platform !== null && participantOf(state, terms.platform) === undefined) {
    return reject('account_unknown', 'terms.platform')
  }
  for (const [index, side] of sides.entries()) {
    if (parties[index]?.status === 'suspended') return reject('account_suspended', `terms.${side}`)
  }
  const meters = sides.map((side) => state.meters[terms[`${side}Meter`]])
  for (const [index, side] of sides.entries()) {
    if (meters[index]?.kind !== 'physical') return reject('meter_unknown', `terms.${side}Meter`)
  }
  for (const [index, side] of sides.entries()) {
    if (meters[index]?.account !== terms[side]) return reject('meter_foreign', `terms.${side}Meter`)
  }
  return undefined
}

function fieldsRejection(terms: ContractTerms): Rejected | undefined {
  const invalid = (field: string, limit: string): Rejected =>
    reject('field_invalid', `terms.${field}`, limit)
  if (!inRange(terms.fromInterval, 0, intervalMax)) {
    return invalid('fromInterval', `from 0 to ${intervalMax}`)
  }
  if (!inRange(terms.intervals, 1, windowMax)) return invalid('intervals', `1 to ${windowMax}`)
  if (!Number.isSafeInteger(terms.expiresAt) || terms.expiresAt < 0) {
    return invalid('expiresAt', 'UTC milliseconds')
  }
  if (!Number.isSafeInteger(terms.priceMicrosPerKwh)) {
    return invalid('priceMicrosPerKwh', 'an integer')
  }
  // A modification to no energy at all is how both sides cancel a contract.
  const least = terms.replaces === noContract ? 1 : 0
  if (!inRange(terms.profile.energyWh, least, Number(WattHours.max))) {
    return invalid('profile.energyWh', `${least} to ${WattHours.max}`)
  }
  return terms.profile.kind === 'per-interval'
    ? undefined
    : weightsRejection(terms.profile, terms.intervals)
}

function weightsRejection(
  { weights }: Extract<Profile, { kind: 'total' }>,
  intervals: number,
): Rejected | undefined {
  const field = 'terms.profile.weights'
  if (weights.length === 0) return undefined
  if (weights.length !== intervals) return reject('field_invalid', field, `${intervals} or none`)
  if (!weights.every((weight) => inRange(weight, 0, 1_000_000))) {
    return reject('field_invalid', field, '0 to 1000000 each')
  }
  if (weights.every((weight) => weight === 0)) return reject('field_invalid', field, 'not all 0')
  return undefined
}

/** No interval asks for more than either connection lets through. */
function capacityRejection(
  state: State,
  terms: ContractTerms,
  { intervalSeconds }: Rulebook,
): Rejected | undefined {
  const most = (meter: Meter | undefined, watts: 'exportWattsMax' | 'importWattsMax'): bigint =>
    connectionWattHours(meter?.[watts] ?? 0, intervalSeconds)
  const sold = most(state.meters[terms.sellerMeter], 'exportWattsMax')
  const bought = most(state.meters[terms.buyerMeter], 'importWattsMax')
  const limit = sold < bought ? sold : bought
  return largestEnergy(terms) > limit
    ? reject('capacity_exceeded', 'terms.profile', `at most ${limit} Wh an interval`)
    : undefined
}

function namedPrice(
  rulebook: Rulebook,
  { priceMicrosPerKwh }: ContractTerms,
): Rejected | undefined {
  const unfit = priceRejection(rulebook, { limitMicrosPerKwh: priceMicrosPerKwh })
  return unfit && { ...unfit, field: 'terms.priceMicrosPerKwh' }
}

/** Whether every rulebook of the window has contracts. */
const offersTrades = (state: State, { fromInterval, intervals }: ContractTerms): boolean =>
  rulebookFor(state, fromInterval).trades !== undefined &&
  state.rulebooks.every(
    ({ from, rulebook }) =>
      from <= fromInterval || from >= fromInterval + intervals || rulebook.trades !== undefined,
  )

function sidesRejection(state: State, terms: ContractTerms): Rejected | undefined {
  if (terms.seller === terms.buyer) return reject('parties_equal', 'terms.buyer')
  if (terms.sellerMeter === terms.buyerMeter) return reject('parties_equal', 'terms.buyerMeter')
  if (terms.platform === terms.seller || terms.platform === terms.buyer) {
    return reject('parties_equal', 'terms.platform')
  }
  for (const side of ['seller', 'buyer'] as const) {
    const retailer = participantOf(state, terms[side])?.retailer ?? null
    if (retailer === null || retailer !== terms[`${side}Retailer`]) {
      return reject('retailer_mismatch', `terms.${side}Retailer`, `${retailer ?? 'none'}`)
    }
  }
  return undefined
}

/** A modification under way begins in the past: what it changes lies ahead all the same. */
function windowRejection(
  state: State,
  at: number,
  rules: TradeRules,
  terms: ContractTerms,
): Rejected | undefined {
  const current = tradeOf(state, terms.replaces)?.versions.at(-1)?.terms
  const isUnderWay =
    current?.fromInterval === terms.fromInterval && current.fromInterval <= state.clearedThrough
  const rulebook = { ...rulebookFor(state, terms.fromInterval), horizonIntervals: intervalMax }
  if (!isUnderWay && gateRejection(state, at, rulebook, terms.fromInterval) !== undefined) {
    return reject('window_closed', 'terms.fromInterval')
  }
  const last = currentInterval(state, at) + rules.horizonIntervals
  if (windowEnd(terms) - 1 > last) {
    return reject('window_closed', 'terms.intervals', `to interval ${last} at most`)
  }
  return undefined
}

function boundsRejection(rules: TradeRules, terms: ContractTerms): Rejected | undefined {
  const out = (field: string, limit: string): Rejected =>
    reject('terms_out_of_bounds', `terms.${field}`, limit)
  if (!rules.rails.includes(terms.rail)) return out('rail', rules.rails.join(', '))
  if (terms.rail === 'bill-platform' && terms.platform === null) return out('platform', 'a biller')
  if (terms.platform === null && terms.platformFeeMicrosPerKwh !== 0) {
    return out('platformFeeMicrosPerKwh', '0 without a platform')
  }
  if (!inRange(terms.platformFeeMicrosPerKwh, 0, feeMax)) {
    return out('platformFeeMicrosPerKwh', `0 to ${feeMax}`)
  }
  const { toleranceBasisPointsMax, penaltyBasisPointsMin, penaltyBasisPointsMax } = rules
  if (!inRange(terms.toleranceBasisPoints, 0, toleranceBasisPointsMax)) {
    return out('toleranceBasisPoints', `0 to ${toleranceBasisPointsMax}`)
  }
  if (!inRange(terms.penaltyBasisPoints, penaltyBasisPointsMin, penaltyBasisPointsMax)) {
    return out('penaltyBasisPoints', `${penaltyBasisPointsMin} to ${penaltyBasisPointsMax}`)
  }
  if (!buyerShortRules.includes(terms.buyerShort)) return out('buyerShort', buyerShortRules.join())
  if (terms.exitFeeMicros !== null && !inRange(terms.exitFeeMicros, 0, feeMax)) {
    return out('exitFeeMicros', `0 to ${feeMax}`)
  }
  return undefined
}

/** A proposal lapses before what it is about begins; of a window under way, before its end. */
function expiryRejection(state: State, at: number, terms: ContractTerms): Rejected | undefined {
  const gate = gateOf(state, terms.fromInterval)
  const last = gate > at ? gate : intervalStart(state, windowEnd(terms))
  if (terms.expiresAt <= at || terms.expiresAt > last) {
    return reject('terms_out_of_bounds', 'terms.expiresAt', `after ${at}, at most ${last}`)
  }
  return undefined
}
