/**
 * Goal: a rulebook is taken exactly if every field keeps its limit and the fields agree, and the
 * one in force for an interval is the last that began before it.
 * Method: the shipped rulebook, then each field moved over each of its limits; no field is left out
 * because the table of limits itself is walked.
 */
import { deepEqual, equal, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from '../errors/index.ts'
import { Interval } from '../units/index.ts'
import {
  derToCash,
  openDerToCash,
  parseRulebook,
  type Rulebook,
  rulebookAt,
  rulebookBounds,
} from './index.ts'

type Field = keyof typeof rulebookBounds

/** The shipped one, with the times that this test counts on. */
const base: Rulebook = {
  ...derToCash,
  intervalSeconds: 300,
  priceMinMicrosPerKwh: -500_000,
  priceMaxMicrosPerKwh: 1_000_000,
  priceTickMicrosPerKwh: 10,
  finalAfterIntervals: 12,
  correctionIntervals: 8_640,
}

const fields = Object.keys(rulebookBounds) as Field[]

/** `base` with one numeric field set, wherever it stands. */
function withField(field: Field, value: unknown): unknown {
  return field === 'spreadBasisPoints' || field === 'overDeviationBasisPoints'
    ? { ...base, reconciliation: { ...base.reconciliation, [field]: value } }
    : { ...base, [field]: value }
}

function refused(value: unknown, field: string): void {
  throws(
    () => parseRulebook(value),
    (error) =>
      error instanceof Fault && error.code === 'RULEBOOK_INVALID' && error.details.field === field,
    `refused by ${field}`,
  )
}

for (const [which, book] of Object.entries({ derToCash, openDerToCash })) {
  test(`the shipped rulebook ${which} keeps its own schema`, () => {
    deepEqual(parseRulebook(book), book)
    deepEqual(parseRulebook(JSON.parse(JSON.stringify(book))), book)
  })
}

test('every field of a rulebook but its name and choices has limits', () => {
  const { name: _name, orderBook: _book, proof: _proof, reconciliation, ...numbers } = derToCash
  const { policy: _policy, ...spread } = reconciliation
  deepEqual(Object.keys({ ...numbers, ...spread }).sort(), fields.toSorted())
})

for (const field of fields) {
  const { min, max } = rulebookBounds[field]
  test(`${field} is a whole number from ${min} to ${max}`, () => {
    const wrong = [min - 1, max + 1, min + 0.5, String(min), null, undefined, Number.NaN, Infinity]
    for (const value of wrong) refused(withField(field, value), field)
  })
}

const revealed = { orderBook: 'sealed-reveal', revealSeconds: 30, bondMicros: 500 } as const
const unproven = { proof: 'none', proofDeadlineSeconds: 0 } as const
const unsealed = { orderBook: 'open', ...unproven } as const

/** Values at a limit that also agree with the other fields. */
const atLimits: readonly Partial<Rulebook>[] = [
  { version: 1 }, { version: 1_000_000 },
  { intervalSeconds: 60 }, { intervalSeconds: 86_400 },
  { gateLeadSeconds: 0 }, { gateLeadSeconds: 86_400 },
  { horizonIntervals: 1 }, { horizonIntervals: 10_000 },
  { priceTickMicrosPerKwh: 1 }, { priceTickMicrosPerKwh: 500_000 },
  { orderEnergyMaxWh: 1 }, { orderEnergyMaxWh: rulebookBounds.orderEnergyMaxWh.max },
  { ordersPerAccountMax: 1 }, { ordersPerAccountMax: 10_000 },
  { feeMicrosPerKwh: 0 }, { feeMicrosPerKwh: 1_000_000_000 },
  { readingDeadlineSeconds: 0 }, { readingDeadlineSeconds: 3_600 },
  { finalAfterIntervals: 1, readingDeadlineSeconds: 300 }, { finalAfterIntervals: 8_640 },
  { correctionIntervals: 12 }, { correctionIntervals: 1_000_000 },
  { priceMinMicrosPerKwh: -900_000_000_000 }, { priceMaxMicrosPerKwh: 900_000_000_000 },
  { ...revealed, revealSeconds: 1 }, { ...revealed, revealSeconds: 360 },
  { ...revealed, intervalSeconds: 86_400, gateLeadSeconds: 86_400, revealSeconds: 172_800 },
  { ...revealed, bondMicros: 1 }, { ...revealed, bondMicros: 1_000_000_000_000 },
  { proofDeadlineSeconds: 1 }, { proofDeadlineSeconds: 2_592_000 },
  { proof: 'optional' }, { proof: 'none', proofDeadlineSeconds: 0 }, { ...revealed, ...unproven },
]

test('each limit itself is taken where the other fields allow it', () => {
  for (const change of atLimits) {
    const book = { ...base, ...change }
    deepEqual(parseRulebook(book), book)
  }
})

describe('fields agree with each other', () => {
  const cases: readonly [string, Partial<Rulebook>, string][] = [
    ['no room between the prices', { priceMinMicrosPerKwh: 1_000_000 }, 'priceMaxMicrosPerKwh'],
    ['a lowest price off the tick', { priceMinMicrosPerKwh: -499_995 }, 'priceMinMicrosPerKwh'],
    ['a highest price off the tick', { priceMaxMicrosPerKwh: 999_995 }, 'priceMaxMicrosPerKwh'],
    ['corrections that end before the final', { correctionIntervals: 11 }, 'correctionIntervals'],
    ['readings awaited after it', { readingDeadlineSeconds: 3_601 }, 'readingDeadlineSeconds'],
    [
      'a highest price that is none with its spread',
      { priceMaxMicrosPerKwh: 1_000_000_000_000 },
      'priceMaxMicrosPerKwh',
    ],
    [
      'a lowest price that is none with its spread',
      { priceMinMicrosPerKwh: -1_000_000_000_000 },
      'priceMinMicrosPerKwh',
    ],
    ['time to reveal what a committee opens', { revealSeconds: 1 }, 'revealSeconds'],
    ['time to reveal what is open', { ...unsealed, revealSeconds: 1 }, 'revealSeconds'],
    ['no time to reveal', { ...revealed, revealSeconds: 0 }, 'revealSeconds'],
    ['revealed after delivery', { ...revealed, revealSeconds: 361 }, 'revealSeconds'],
    ['a bond that a committee makes needless', { bondMicros: 1 }, 'bondMicros'],
    ['a bond in an open book', { ...unsealed, bondMicros: 1 }, 'bondMicros'],
    ['nothing lost by not revealing', { ...revealed, bondMicros: 0 }, 'bondMicros'],
    ['a proof of an open book', { ...unsealed, proof: 'optional' }, 'proof'],
    ['a proof without a deadline', { proofDeadlineSeconds: 0 }, 'proofDeadlineSeconds'],
    ['a deadline without a proof', { proof: 'none' }, 'proofDeadlineSeconds'],
  ]
  for (const [name, change, field] of cases) {
    test(name, () => refused({ ...base, ...change }, field))
  }
})

describe('what is not a rulebook', () => {
  test('is refused with the field that breaks it', () => {
    for (const value of [null, undefined, 1, 'der-to-cash', [], true]) refused(value, 'rulebook')
    for (const value of [null, [], 1]) {
      refused({ ...base, reconciliation: value }, 'reconciliation')
    }
    for (const name of ['', 'Der', 'a b', 'x'.repeat(33), 'é', 7, null]) {
      refused({ ...base, name }, 'name')
    }
    refused({ ...base, reconciliation: { ...base.reconciliation, policy: 'other' } },
      'reconciliation.policy')
    for (const other of ['', 'sealed', 'Open', null, 1, undefined]) {
      refused({ ...base, orderBook: other }, 'orderBook')
      refused({ ...base, proof: other }, 'proof')
    }
  })

  test('a field too many is refused at every level', () => {
    refused({ ...base, feeMicros: 1 }, 'feeMicros')
    refused({ ...base, reconciliation: { ...base.reconciliation, band: 1 } },
      'reconciliation.band')
  })

  test('a field too few is refused', () => {
    for (const field of Object.keys(base)) {
      const { [field as keyof Rulebook]: _left, ...rest } = base
      refused(rest, field)
    }
  })
})

test('the rulebook in force is the last that begins at or before the interval', () => {
  const books = [
    { from: Interval.from(0), rulebook: base },
    { from: Interval.from(100), rulebook: { ...base, version: 2 } },
  ]
  equal(rulebookAt(books, Interval.from(99)).version, 1)
  equal(rulebookAt(books, Interval.from(100)).version, 2)
  throws(() => rulebookAt([], Interval.from(1)), { code: 'RULEBOOK_INVALID' })
  throws(() => rulebookAt(books.slice(1), Interval.from(99)), { code: 'RULEBOOK_INVALID' })
})
