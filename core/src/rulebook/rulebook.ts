import { Fault } from '../errors/index.ts'
import { ceilDivide, type Interval, MicrosPerKwh } from '../units/index.ts'
import { type Bound, bounded, invalid, oneOf, record, unknownField } from './fields.ts'
import { parseTradeRules, type TradeRules } from './trade-rules.ts'

/**
 * The rules of one market: everything that may be chosen, as data. A rulebook is versioned, named
 * by its hash in every batch, and takes effect at a future interval, never backwards.
 *
 * Units are in the names; every number is an integer.
 */
export type Rulebook = {
  /** Which set of rules this is: `der-to-cash`. */
  readonly name: string
  /** Counts up within one market. */
  readonly version: number
  /** Length of an interval. The same for the life of a market: intervals are numbered by it. */
  readonly intervalSeconds: number
  /** An interval stops taking orders this long before it starts. */
  readonly gateLeadSeconds: number
  /** Orders may be placed for this many intervals after the one whose gate closes next. */
  readonly horizonIntervals: number
  readonly priceMinMicrosPerKwh: number
  readonly priceMaxMicrosPerKwh: number
  readonly priceTickMicrosPerKwh: number
  /** The most energy one order may name. */
  readonly orderEnergyMaxWh: number
  /** The most open orders one account may have in one interval. */
  readonly ordersPerAccountMax: number
  readonly reconciliation: {
    readonly policy: ReconciliationPolicy
    /** A deviation is priced at the interval's price plus or minus this, against who deviated. */
    readonly spreadBasisPoints: number
    /**
     * By how much of its contract a meter may produce or consume more at that price. What is beyond
     * was never scheduled and is the retailer's: else an order of one watt-hour would open the
     * balancing price to a whole building, and set it for everybody.
     */
    readonly overDeviationBasisPoints: number
  }
  /** What each side pays to the exchange for energy it trades. */
  readonly feeMicrosPerKwh: number
  /** After the end of an interval, readings are awaited this long; then they are estimated. */
  readonly readingDeadlineSeconds: number
  /** The final run of an interval comes this many intervals after its end. */
  readonly finalAfterIntervals: number
  /** Corrected readings are taken for this many intervals after the end of theirs. */
  readonly correctionIntervals: number
  /** Who can read an order before the gate, and how it opens after it. */
  readonly orderBook: OrderBook
  /** `sealed-reveal`: for so long after the gate owners may reveal their orders. */
  readonly revealSeconds: number
  /** `sealed-reveal`: what an order costs that its owner does not reveal, whatever it is. */
  readonly bondMicros: number
  /** Whether every clearing is proven, and what waits for its proof. */
  readonly proof: ProofPolicy
  /** A clearing without a proof so long after it is overdue. */
  readonly proofDeadlineSeconds: number
  /** Contracts between named parties; without it the market has none. */
  readonly trades?: TradeRules
  /** What moves money or rules takes two people; without it one authority's word is enough. */
  readonly fourEyes?: FourEyes
}

/** How two people of the authorities decide together what one has proposed. */
export type FourEyes = {
  /** So long a proposal waits for somebody else's approval; then it has lapsed. */
  readonly deadlineSeconds: number
}

/**
 * `balancing-authority`: deviations are the balancing authority's, and what was never scheduled is
 * settled with the retailer at once. `retailer-bill`: the same, but what is the retailer's is only
 * counted and declared to it, and its bill asks for the money.
 */
export const reconciliationPolicies = ['balancing-authority', 'retailer-bill'] as const
export type ReconciliationPolicy = (typeof reconciliationPolicies)[number]

/**
 * `open`: the exchange reads orders as they come. `sealed-committee`: orders are encrypted to the
 * interval, and a committee's joint signature opens them after the gate. `sealed-reveal`: owners
 * open their own orders after the gate, or lose a bond.
 */
export const orderBooks = ['open', 'sealed-committee', 'sealed-reveal'] as const
export type OrderBook = (typeof orderBooks)[number]

/**
 * `none`: clearings have no proof. `optional`: what an interval has credited is held back while its
 * proof is overdue or its clearing is shown to be faulty. `required`: it is held back until the
 * clearing is proven, and the final run waits for that.
 */
export const proofPolicies = ['none', 'optional', 'required'] as const
export type ProofPolicy = (typeof proofPolicies)[number]

const priceMax = Number(MicrosPerKwh.max)

/** The schema: every numeric field with its limits. `docs/reference/rulebook.md` shows it. */
export const rulebookBounds = {
  version: { min: 1, max: 1_000_000, means: 'counts up within one market' },
  intervalSeconds: { min: 60, max: 86_400, means: 'length of an interval' },
  gateLeadSeconds: { min: 0, max: 86_400, means: 'from the gate to the start of delivery' },
  horizonIntervals: { min: 1, max: 10_000, means: 'how far ahead orders are taken' },
  priceMinMicrosPerKwh: { min: -priceMax, max: priceMax, means: 'lowest limit price' },
  priceMaxMicrosPerKwh: { min: -priceMax, max: priceMax, means: 'highest limit price' },
  priceTickMicrosPerKwh: { min: 1, max: 1_000_000, means: 'limit prices are multiples of it' },
  // So that the most orders an auction takes stay within what it can add up.
  orderEnergyMaxWh: { min: 1, max: 250_000_000, means: 'the most energy of one order' },
  ordersPerAccountMax: { min: 1, max: 10_000, means: 'open orders of an account in an interval' },
  spreadBasisPoints: { min: 0, max: 100_000, means: 'n of the price plus or minus n %' },
  overDeviationBasisPoints: { min: 0, max: 1_000_000, means: 'contract exceeded at that price' },
  feeMicrosPerKwh: { min: 0, max: 1_000_000_000, means: 'exchange fee on traded energy' },
  readingDeadlineSeconds: { min: 0, max: 2_592_000, means: 'how long readings are awaited' },
  finalAfterIntervals: { min: 1, max: 1_000_000, means: 'when the final run comes' },
  correctionIntervals: { min: 1, max: 1_000_000, means: 'how long corrections are taken' },
  revealSeconds: { min: 0, max: 172_800, means: 'how long after the gate orders are revealed' },
  bondMicros: { min: 0, max: 1_000_000_000_000, means: 'what an order not revealed costs' },
  proofDeadlineSeconds: { min: 0, max: 2_592_000, means: 'a later proof is overdue' },
} as const satisfies Record<string, Bound>

/** The schema of `fourEyes`, as `rulebookBounds`. */
export const fourEyesBounds = {
  deadlineSeconds: { min: 60, max: 2_592_000, means: 'a proposal waits for approval' },
} as const satisfies Record<string, Bound>

const topLevelFields = [
  'name', 'version', 'intervalSeconds', 'gateLeadSeconds', 'horizonIntervals',
  'priceMinMicrosPerKwh', 'priceMaxMicrosPerKwh', 'priceTickMicrosPerKwh', 'orderEnergyMaxWh',
  'ordersPerAccountMax', 'reconciliation', 'feeMicrosPerKwh', 'readingDeadlineSeconds',
  'finalAfterIntervals', 'correctionIntervals', 'orderBook', 'revealSeconds', 'bondMicros',
  'proof', 'proofDeadlineSeconds', 'trades', 'fourEyes',
]
const reconciliationFields = ['policy', 'spreadBasisPoints', 'overDeviationBasisPoints']

/**
 * Checks a rulebook against its schema.
 *
 * @throws Fault RULEBOOK_INVALID naming the first field that breaks it, and the limit.
 */
export function parseRulebook(value: unknown): Rulebook {
  const book = record(value, 'rulebook')
  unknownField(book, topLevelFields)
  const { name } = book
  if (typeof name !== 'string' || !/^[a-z0-9-]{1,32}$/.test(name)) {
    throw invalid('name', 'must be 1 to 32 of a-z, 0-9 and -')
  }
  const reconciliation = record(book.reconciliation, 'reconciliation')
  unknownField(reconciliation, reconciliationFields, 'reconciliation.')
  const policy = oneOf(reconciliation, 'policy', reconciliationPolicies, 'reconciliation.')
  const number = (field: NumericField, source = book): number =>
    bounded(source, field, rulebookBounds[field])
  const parsed: Rulebook = {
    name,
    version: number('version'),
    intervalSeconds: number('intervalSeconds'),
    gateLeadSeconds: number('gateLeadSeconds'),
    horizonIntervals: number('horizonIntervals'),
    priceMinMicrosPerKwh: number('priceMinMicrosPerKwh'),
    priceMaxMicrosPerKwh: number('priceMaxMicrosPerKwh'),
    priceTickMicrosPerKwh: number('priceTickMicrosPerKwh'),
    orderEnergyMaxWh: number('orderEnergyMaxWh'),
    ordersPerAccountMax: number('ordersPerAccountMax'),
    reconciliation: {
      policy,
      spreadBasisPoints: number('spreadBasisPoints', reconciliation),
      overDeviationBasisPoints: number('overDeviationBasisPoints', reconciliation),
    },
    feeMicrosPerKwh: number('feeMicrosPerKwh'),
    readingDeadlineSeconds: number('readingDeadlineSeconds'),
    finalAfterIntervals: number('finalAfterIntervals'),
    correctionIntervals: number('correctionIntervals'),
    orderBook: oneOf(book, 'orderBook', orderBooks),
    revealSeconds: number('revealSeconds'),
    bondMicros: number('bondMicros'),
    proof: oneOf(book, 'proof', proofPolicies),
    proofDeadlineSeconds: number('proofDeadlineSeconds'),
    // Left out where it is not there: a rulebook's hash is of the fields that it has.
    ...(book.trades === undefined ? {} : { trades: parseTradeRules(book.trades) }),
    ...(book.fourEyes === undefined ? {} : { fourEyes: parseFourEyes(book.fourEyes) }),
  }
  checkTogether(parsed)
  checkSealed(parsed)
  return parsed
}

function parseFourEyes(value: unknown): FourEyes {
  const source = record(value, 'fourEyes')
  unknownField(source, Object.keys(fourEyesBounds), 'fourEyes.')
  const { deadlineSeconds } = fourEyesBounds
  return { deadlineSeconds: bounded(source, 'deadlineSeconds', deadlineSeconds, 'fourEyes.') }
}

type NumericField = keyof typeof rulebookBounds

function checkTogether(book: Rulebook): void {
  if (book.priceMinMicrosPerKwh >= book.priceMaxMicrosPerKwh) {
    throw invalid('priceMaxMicrosPerKwh', 'must be above priceMinMicrosPerKwh')
  }
  for (const field of ['priceMinMicrosPerKwh', 'priceMaxMicrosPerKwh'] as const) {
    if (book[field] % book.priceTickMicrosPerKwh !== 0) {
      throw invalid(field, 'must be a multiple of priceTickMicrosPerKwh')
    }
    // A deviation is priced outside of the bounds by the spread, and that is a price as well.
    const size = BigInt(Math.abs(book[field]))
    const spread = ceilDivide(size * BigInt(book.reconciliation.spreadBasisPoints), 10_000n)
    if (size + spread > MicrosPerKwh.max) {
      throw invalid(field, `with spreadBasisPoints, must be at most ${MicrosPerKwh.max} in size`)
    }
  }
  if (book.correctionIntervals < book.finalAfterIntervals) {
    throw invalid('correctionIntervals', 'must be at least finalAfterIntervals')
  }
  const finalAfterSeconds = book.finalAfterIntervals * book.intervalSeconds
  if (book.readingDeadlineSeconds > finalAfterSeconds) {
    throw invalid('readingDeadlineSeconds', 'must not be after the final run')
  }
}

/** What belongs to one kind of book, or to proofs, stands at zero without it and not with it. */
function checkSealed(book: Rulebook): void {
  const { orderBook, revealSeconds, bondMicros, proof, proofDeadlineSeconds } = book
  const reveals = orderBook === 'sealed-reveal'
  if (reveals !== revealSeconds >= 1) throw invalid('revealSeconds', onlyWith('sealed-reveal'))
  if (reveals !== bondMicros >= 1) throw invalid('bondMicros', onlyWith('sealed-reveal'))
  if (revealSeconds > book.gateLeadSeconds + book.intervalSeconds) {
    throw invalid('revealSeconds', 'must not be after the end of delivery')
  }
  if (orderBook === 'open' && proof !== 'none') throw invalid('proof', 'none with an open book')
  if ((proof === 'none') === proofDeadlineSeconds >= 1) {
    throw invalid('proofDeadlineSeconds', onlyWith('a proof'))
  }
}

const onlyWith = (what: string): string => `at least 1 with ${what}, 0 without`

/** A rulebook and the first interval it holds for. */
export type EffectiveRulebook = { readonly from: Interval; readonly rulebook: Rulebook }

/** The rulebook in force for `interval`: the last whose first interval is not after it. */
export function rulebookAt(books: readonly EffectiveRulebook[], interval: Interval): Rulebook {
  for (let i = books.length - 1; i >= 0; i -= 1) {
    const candidate = books[i]
    if (candidate !== undefined && candidate.from <= interval) return candidate.rulebook
  }
  throw new Fault('RULEBOOK_INVALID', { field: 'from', limit: `none holds for ${interval}` })
}
