import { connectionWattHours } from '../metering/index.ts'
import type { Meter } from '../registry/index.ts'
import type { Rulebook, TradeRules } from '../rulebook/index.ts'
import {
  buyerShortRules,
  type ContractTerms,
  contractedEnergy,
  noContract,
  type Profile,
  windowEnd,
} from '../trades/index.ts'
import {
  currentInterval,
  gateRejection,
  inRange,
  intervalMax,
  intervalStart,
  participantOf,
  rulebookFor,
  gateOf,
} from './lookups.ts'
import { priceRejection } from './orders.ts'
import { reject, type Rejected } from './rejection.ts'
import type { State } from './state.ts'

/** Ten thousand of the currency: no exit fee and no platform's fee is more. */
const feeMax = 10_000_000_000

/**
 * Why a contract cannot be signed now: its parties and meters, its window, its terms. Asked of both
 * signatures, so that what is agreed could also have been proposed at that moment.
 */
export function contractRejection(
  state: State,
  at: number,
  terms: ContractTerms,
): Rejected | undefined {
  const malformed = windowFields(terms)
  if (malformed !== undefined) return malformed
  const rulebook = rulebookFor(state, terms.fromInterval)
  const { trades: rules } = rulebook
  if (rules === undefined) return reject('trades_not_offered', 'fromInterval')
  return (
    partiesRejection(state, terms) ??
    windowRejection(state, at, rules, terms) ??
    termsRejection(rulebook, rules, terms) ??
    profileRejection(terms) ??
    capacityRejection(state, terms) ??
    expiryRejection(state, at, terms)
  )
}

/**
 * Why a contract cannot take the place of another: it is between the same parties, meters and by
 * the same rail, and leaves alone what was delivered already.
 */
export function modificationRejection(
  state: State,
  before: ContractTerms,
  after: ContractTerms,
): Rejected | undefined {
  const fixed = [
    'seller', 'buyer', 'sellerMeter', 'buyerMeter', 'sellerRetailer', 'buyerRetailer', 'rail',
    'platform', 'platformFeeMicrosPerKwh',
  ] as const
  const changed = fixed.find((field) => before[field] !== after[field])
  if (changed !== undefined) {
    return reject('terms_out_of_bounds', `terms.${changed}`, 'as in the version before')
  }
  const firstOpen = state.clearedThrough + 1
  if (before.fromInterval >= firstOpen) return undefined
  // Delivery has begun: intervals keep their numbers, and those behind the gate their energy.
  if (after.fromInterval !== before.fromInterval) {
    return reject('window_closed', 'terms.fromInterval', `${before.fromInterval}`)
  }
  if (windowEnd(after) < firstOpen) {
    return reject('window_closed', 'terms.intervals', `to ${firstOpen} at least`)
  }
  return undefined
}

function windowFields(terms: ContractTerms): Rejected | undefined {
  if (!inRange(terms.fromInterval, 0, intervalMax)) {
    return reject('field_invalid', 'terms.fromInterval', `from 0 to ${intervalMax}`)
  }
  if (!inRange(terms.intervals, 1, 86_400)) {
    return reject('field_invalid', 'terms.intervals', '1 to 86400')
  }
  if (!Number.isSafeInteger(terms.expiresAt) || terms.expiresAt < 0) {
    return reject('field_invalid', 'terms.expiresAt', 'UTC milliseconds')
  }
  return undefined
}

function partiesRejection(state: State, terms: ContractTerms): Rejected | undefined {
  if (terms.seller === terms.buyer) return reject('parties_equal', 'terms.buyer')
  if (terms.sellerMeter === terms.buyerMeter) return reject('parties_equal', 'terms.buyerMeter')
  for (const side of ['seller', 'buyer'] as const) {
    const party = participantOf(state, terms[side])
    if (party === undefined) return reject('account_unknown', `terms.${side}`)
    if (party.status === 'suspended') return reject('account_suspended', `terms.${side}`)
    const meter = state.meters[terms[`${side}Meter`]]
    if (meter?.kind !== 'physical') return reject('meter_unknown', `terms.${side}Meter`)
    if (meter.account !== party.account) return reject('meter_foreign', `terms.${side}Meter`)
    if (party.retailer === null || party.retailer !== terms[`${side}Retailer`]) {
      return reject('retailer_mismatch', `terms.${side}Retailer`, `${party.retailer ?? 'none'}`)
    }
  }
  if (terms.platform !== null && participantOf(state, terms.platform) === undefined) {
    return reject('account_unknown', 'terms.platform')
  }
  if (terms.platform === terms.seller || terms.platform === terms.buyer) {
    return reject('parties_equal', 'terms.platform')
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
  const replaced = state.trading.contracts.get(terms.replaces)
  const before = replaced === undefined ? undefined : state.trading.trades.get(replaced)
  const hasBegun = before?.versions.at(-1)?.terms.fromInterval === terms.fromInterval
  const first = hasBegun ? state.clearedThrough + 1 : terms.fromInterval
  const rulebook = rulebookFor(state, first)
  const closed = gateRejection(state, at, { ...rulebook, horizonIntervals: intervalMax }, first)
  if (closed !== undefined && !hasBegun) return reject('window_closed', 'terms.fromInterval')
  const last = currentInterval(state, at) + rules.horizonIntervals
  if (windowEnd(terms) - 1 > last) {
    return reject('window_closed', 'terms.intervals', `to interval ${last} at most`)
  }
  return undefined
}

function termsRejection(
  rulebook: Rulebook,
  rules: TradeRules,
  terms: ContractTerms,
): Rejected | undefined {
  const { priceMicrosPerKwh } = terms
  if (!Number.isSafeInteger(priceMicrosPerKwh)) {
    return reject('field_invalid', 'terms.priceMicrosPerKwh', 'an integer')
  }
  const price = priceRejection(rulebook, { limitMicrosPerKwh: priceMicrosPerKwh })
  if (price !== undefined) return { ...price, field: 'terms.priceMicrosPerKwh' }
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

/** A modification to no energy at all is how both sides cancel a contract. */
function profileRejection({ profile, intervals, replaces }: ContractTerms): Rejected | undefined {
  const least = replaces === noContract ? 1 : 0
  if (!inRange(profile.energyWh, least, Number.MAX_SAFE_INTEGER)) {
    return reject('field_invalid', 'terms.profile.energyWh', `an integer of at least ${least}`)
  }
  if (profile.kind === 'per-interval') return undefined
  return weightsRejection(profile, intervals)
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
function capacityRejection(state: State, terms: ContractTerms): Rejected | undefined {
  const { intervalSeconds } = rulebookFor(state, terms.fromInterval)
  const most = (meter: Meter | undefined, watts: 'exportWattsMax' | 'importWattsMax'): bigint =>
    connectionWattHours(meter?.[watts] ?? 0, intervalSeconds)
  const sold = most(state.meters[terms.sellerMeter], 'exportWattsMax')
  const bought = most(state.meters[terms.buyerMeter], 'importWattsMax')
  const limit = sold < bought ? sold : bought
  const { profile } = terms
  const isFlat = profile.kind === 'per-interval' || profile.weights.length === 0
  // The last interval of an even total is as large as any: rounding is cumulative.
  const from = isFlat ? windowEnd(terms) - 1 : terms.fromInterval
  for (let interval = from; interval < windowEnd(terms); interval += 1) {
    if (contractedEnergy(terms, interval) > limit) {
      return reject('capacity_exceeded', 'terms.profile', `at most ${limit} Wh an interval`)
    }
  }
  return undefined
}

/** A proposal lapses before what it is about begins. */
function expiryRejection(state: State, at: number, terms: ContractTerms): Rejected | undefined {
  if (terms.expiresAt <= at) return reject('proposal_expired', 'terms.expiresAt')
  const gate = gateOf(state, terms.fromInterval)
  const end = intervalStart(state, windowEnd(terms))
  const last = gate > at ? gate : end
  if (terms.expiresAt > last) {
    return reject('terms_out_of_bounds', 'terms.expiresAt', `at most ${last}`)
  }
  return undefined
}
