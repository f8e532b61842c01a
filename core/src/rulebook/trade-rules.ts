import { type Bound, bounded, invalid, listOf, oneOf, record, unknownField } from './fields.ts'

/**
 * How a meter that serves several trades is shared among them.
 *
 * - `pro-rata`: each side shares its meter in proportion to the obligations, and a trade gets the
 *   smaller of its two shares. Simple, and it may leave most of what could be delivered.
 * - `maximal-proportional`: that, repeated on what is left over, then finished as `fifo` does it.
 *   No trade can get more without another getting less.
 * - `max-flow`: the most energy that can be delivered in all, from there on.
 * - `fifo`: the lower trade number first, each as much as both meters have left.
 */
export const allocationRules = ['maximal-proportional', 'max-flow', 'pro-rata', 'fifo'] as const
export type AllocationRule = (typeof allocationRules)[number]

/** How money of a trade reaches its seller. The process calls them A, B, C, D1 and D2. */
export const rails = [
  'clearing-house',
  'money-block',
  'prepaid',
  'bill-seller',
  'bill-platform',
] as const
export type Rail = (typeof rails)[number]

/** How long each step of the enforcement ladder gives to cure a default, and what a fine is. */
export type LadderTerms = {
  readonly warningSeconds: number
  readonly fineSeconds: number
  readonly suspensionSeconds: number
  readonly fineMicros: number
}

/** What a rulebook says of contracts between named parties. */
export type TradeRules = {
  /** The first interval of a contract is at most so far ahead, and so is its last. */
  readonly horizonIntervals: number
  readonly allocation: AllocationRule
  /** The most that a contract may name. */
  readonly toleranceBasisPointsMax: number
  readonly penaltyBasisPointsMin: number
  readonly penaltyBasisPointsMax: number
  /** Of energy delivered, from each side. */
  readonly feeMicrosPerKwh: number
  /** What the requester of a modification pays to the other side, once that accepts it. */
  readonly modificationMicros: number
  /** A new key may sign contracts so long after it was certified, unless the old one approved. */
  readonly keyDelaySeconds: number
  /** Money for an interval is set aside so long before it, or at once if it is nearer. */
  readonly reserveAheadIntervals: number
  /** Rails outside of the ledger collect what was delivered so often. */
  readonly collectionIntervals: number
  /** The exchange asks retailers for meter data so often. */
  readonly verificationIntervals: number
  readonly paymentTermSeconds: number
  /** A payer may ask for another term so often, each time for this. */
  readonly postponementsMax: number
  readonly postponementMicros: number
  readonly tradesPerAccountMax: number
  readonly offersPerAccountMax: number
  readonly rails: readonly Rail[]
  readonly enforcement: LadderTerms
}

const day = 86_400

/** The schema, as `rulebookBounds`. Sixty days are 17,280 intervals of five minutes. */
export const tradeBounds = {
  horizonIntervals: { min: 1, max: 86_400, means: 'how far ahead contracts reach' },
  toleranceBasisPointsMax: { min: 0, max: 10_000, means: 'the widest band without a penalty' },
  penaltyBasisPointsMin: { min: 0, max: 100_000, means: 'the smallest penalty of a contract' },
  penaltyBasisPointsMax: { min: 0, max: 100_000, means: 'the largest penalty of a contract' },
  feeMicrosPerKwh: { min: 0, max: 1_000_000_000, means: 'exchange fee on delivered energy' },
  modificationMicros: { min: 0, max: 1_000_000_000, means: 'what asking for a change costs' },
  keyDelaySeconds: { min: 0, max: 30 * day, means: 'before a new key may sign contracts' },
  reserveAheadIntervals: { min: 1, max: 10_000, means: 'when money is set aside' },
  collectionIntervals: { min: 1, max: 10_000, means: 'how often other rails collect' },
  verificationIntervals: { min: 1, max: 10_000, means: 'how often meter data is asked for' },
  paymentTermSeconds: { min: 1, max: 90 * day, means: 'until a payment is overdue' },
  postponementsMax: { min: 0, max: 12, means: 'how often a payment may be postponed' },
  postponementMicros: { min: 0, max: 1_000_000_000, means: 'what a postponement costs' },
  tradesPerAccountMax: { min: 1, max: 10_000, means: 'trades of an account that are not over' },
  offersPerAccountMax: { min: 1, max: 1_000, means: 'open offers of an account' },
} as const satisfies Record<string, Bound>

export const ladderBounds = {
  warningSeconds: { min: 1, max: 90 * day, means: 'from the warning to the fine' },
  fineSeconds: { min: 1, max: 90 * day, means: 'from the fine to the suspension' },
  suspensionSeconds: { min: 1, max: 365 * day, means: 'from it to the notice of disconnection' },
  fineMicros: { min: 0, max: 1_000_000_000_000, means: 'the fine, on the bill' },
} as const satisfies Record<string, Bound>

const fields = [...Object.keys(tradeBounds), 'allocation', 'rails', 'enforcement']

/** @throws Fault RULEBOOK_INVALID naming the field, with `trades.` before it */
export function parseTradeRules(value: unknown): TradeRules {
  const source = record(value, 'trades')
  const within = 'trades.'
  unknownField(source, fields, within)
  const ladder = record(source.enforcement, `${within}enforcement`)
  unknownField(ladder, Object.keys(ladderBounds), `${within}enforcement.`)
  const number = (field: keyof typeof tradeBounds): number =>
    bounded(source, field, tradeBounds[field], within)
  const term = (field: keyof typeof ladderBounds): number =>
    bounded(ladder, field, ladderBounds[field], `${within}enforcement.`)
  const rules: TradeRules = {
    horizonIntervals: number('horizonIntervals'),
    allocation: oneOf(source, 'allocation', allocationRules, within),
    toleranceBasisPointsMax: number('toleranceBasisPointsMax'),
    penaltyBasisPointsMin: number('penaltyBasisPointsMin'),
    penaltyBasisPointsMax: number('penaltyBasisPointsMax'),
    feeMicrosPerKwh: number('feeMicrosPerKwh'),
    modificationMicros: number('modificationMicros'),
    keyDelaySeconds: number('keyDelaySeconds'),
    reserveAheadIntervals: number('reserveAheadIntervals'),
    collectionIntervals: number('collectionIntervals'),
    verificationIntervals: number('verificationIntervals'),
    paymentTermSeconds: number('paymentTermSeconds'),
    postponementsMax: number('postponementsMax'),
    postponementMicros: number('postponementMicros'),
    tradesPerAccountMax: number('tradesPerAccountMax'),
    offersPerAccountMax: number('offersPerAccountMax'),
    rails: listOf(source, 'rails', rails, within),
    enforcement: {
      warningSeconds: term('warningSeconds'),
      fineSeconds: term('fineSeconds'),
      suspensionSeconds: term('suspensionSeconds'),
      fineMicros: term('fineMicros'),
    },
  }
  if (rules.penaltyBasisPointsMax < rules.penaltyBasisPointsMin) {
    throw invalid(`${within}penaltyBasisPointsMax`, 'must not be below penaltyBasisPointsMin')
  }
  return rules
}
