/**
 * Goal: offers meet as their owners said in plain terms, each at most once, and nobody is left with
 * a partner where it and another would both rather have each other.
 * Method: ladders as people say them, in a table; then properties over random boards: stable, both
 * implementations alike, and the same for any sequence of the offers.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Rail } from '../rulebook/index.ts'
import { WattHours } from '../units/index.ts'
import {
  type LadderStep,
  type Match,
  matchOf,
  matchOffers,
  matchOffersNaive,
  type Offer,
  type OfferContent,
  preference,
  type Source,
} from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

/** Accounts by name, and the street in which each lives. */
const people = { anna: 6, sister: 7, neighbour: 8, stranger: 9, rich: 10 } as const
const streets = { anna: 1, sister: 2, neighbour: 1, stranger: 3, rich: 3 } as const
type Name = keyof typeof people

/**
 * What somebody says, and its ladder: `<who>[ sun] <price>` with commas between, where who is a
 * name, `street` (one's own) or `anyone`, and the price in hundredths per kWh.
 */
function ladderOf(owner: Name, text: string): LadderStep[] {
  return text.split(',').map((part): LadderStep => {
    const words = part.trim().split(' ')
    const [who = ''] = words
    const source: Source = words.includes('sun') ? 'solar' : 'any'
    const rest = { source, priceMicrosPerKwh: Number(words.at(-1)) * 10_000 }
    if (who === 'anyone') return { with: 'anyone', number: null, ...rest }
    if (who === 'street') return { with: 'zone', number: streets[owner], ...rest }
    return { with: 'participant', number: people[who as Name], ...rest }
  })
}

type Change = Partial<OfferContent> & { readonly refusedBy?: readonly number[] }

/** `anna buys: sister 28, street sun 25, anyone 20`, or `sister sells sun: anyone 20`. */
function offerOf(number: number, text: string, change: Change = {}): Offer {
  const [head = '', ladder = ''] = text.split(':')
  const [name = '', verb = '', source] = head.trim().split(' ')
  const owner = name as Name
  const { refusedBy = [], ...rest } = change
  const content: OfferContent = {
    meter: people[owner] * 10 + number,
    side: verb === 'buys' ? 'buy' : 'sell',
    source: source === 'sun' ? 'solar' : 'any',
    ...{ fromInterval: 100, intervals: 4, energyWhPerInterval: 500 },
    ladder: ladderOf(owner, ladder),
    rails: ['clearing-house'],
    ...{ toleranceBasisPoints: 1_000, penaltyBasisPoints: 1_000, expiresAt: 1_000 },
    ...rest,
  }
  return {
    ...{ offer: number, account: people[owner], zone: streets[owner], content, sequence: number },
    energy: WattHours.from(BigInt(content.energyWhPerInterval)),
    ...{ status: 'open', refusedBy: [...refusedBy], trade: null },
  }
}

const ladder = 'anna buys: sister 28, street sun 25, anyone 20'

/** What each says, and which of them meet at which price. */
const sayings: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
  'first my sister at 0.28': [
    [
      ladder,
      'sister sells: anyone 28',
      'neighbour sells sun: anyone 10',
      'stranger sells: anyone 5',
    ],
    ['sister > anna 28'],
  ],
  'then sun from my street at 0.25': [
    [ladder, 'neighbour sells sun: anyone 25', 'stranger sells: anyone 5'],
    ['neighbour > anna 25'],
  ],
  'what my street does not make of sun counts as from anyone': [
    [ladder, 'neighbour sells: anyone 25'],
    [],
  ],
  'then anyone at 0.20': [
    [ladder, 'stranger sells: anyone 20'],
    ['stranger > anna 20'],
  ],
  'my sister is not asked for less than she was named with': [
    [ladder, 'sister sells: anyone 29'],
    [],
  ],
  'between what is asked and what is given they meet half way': [
    [ladder, 'stranger sells: anyone 10'],
    ['stranger > anna 15'],
  ],
  'of two on one step the cheaper is taken': [
    [ladder, 'stranger sells: anyone 18', 'rich sells: anyone 14'],
    ['rich > anna 17'],
  ],
  'of two alike the older is taken': [
    [ladder, 'rich sells: anyone 14', 'stranger sells: anyone 14'],
    ['rich > anna 17'],
  ],
  'a seller has a ladder too: its friend comes first, for less': [
    ['sister sells: anna 10, anyone 15', 'rich buys: anyone 90', 'anna buys: anyone 12'],
    ['sister > anna 11'],
  ],
  'who is not wanted back has to take the next': [
    ['sister sells: anna 10', 'anna buys: neighbour 30, anyone 30', 'neighbour sells: anyone 30'],
    ['neighbour > anna 30'],
  ],
  'nobody trades with itself': [['anna buys: anyone 30', 'anna sells: anyone 10'], []],
  'what is asked is more than what is given': [
    ['anna buys: anyone 10', 'rich sells: anyone 11'],
    [],
  ],
}

const nameOf = (account: number): string =>
  Object.entries(people).find(([, number]) => number === account)?.[0] ?? '?'

const shown = ({ sell, buy, priceMicrosPerKwh }: Match): string =>
  `${nameOf(sell.account)} > ${nameOf(buy.account)} ${priceMicrosPerKwh / 10_000}`

describe('what people say', () => {
  for (const [name, [said, met]] of Object.entries(sayings)) {
    test(name, () => {
      const offers = said.map((text, index) => offerOf(index + 1, text))
      for (const match of [matchOffers, matchOffersNaive]) {
        deepEqual(match(offers, 10).map(shown), met)
      }
    })
  }

  const anna = 'anna buys: anyone 30'
  const rich = 'rich sells: anyone 10'
  const apart: Readonly<Record<string, Change>> = {
    'another hour': { fromInterval: 101 },
    'a longer window': { intervals: 5 },
    'other energy': { energyWhPerInterval: 501 },
    'no rail of the other': { rails: ['prepaid'] },
    'refused before': { refusedBy: [1] },
    'the same meter': { meter: people.anna * 10 + 1 },
  }
  for (const [name, change] of Object.entries(apart)) {
    test(`do not meet: ${name}`, () => {
      deepEqual(matchOffers([offerOf(1, anna), offerOf(2, rich, change)], 10), [])
      const changed = 'refusedBy' in change ? { refusedBy: [2] } : change
      const other = 'meter' in change ? { meter: people.rich * 10 + 2 } : changed
      deepEqual(matchOffers([offerOf(1, anna, other), offerOf(2, rich)], 10), [])
    })
  }

  test('meet by the first rail of the seller that the buyer takes', () => {
    const rails = (...names: Rail[]): Change => ({ rails: names })
    const sell = offerOf(2, rich, rails('money-block', 'prepaid', 'clearing-house'))
    const buy = offerOf(1, anna, rails('clearing-house', 'prepaid'))
    equal(matchOf(sell, buy, 10)?.rail, 'prepaid')
  })

  test('an offer that is not open meets nobody', () => {
    const matched: Offer = { ...offerOf(1, anna), status: 'matched' }
    deepEqual(matchOffers([matched, offerOf(2, rich)], 10), [])
  })

  test('the price is on a tick, and never below what is asked', () => {
    const at = (asked: number, given: number): number | undefined => {
      const step = (price: number): LadderStep[] => [
        { with: 'anyone', number: null, source: 'any', priceMicrosPerKwh: price },
      ]
      const sell = offerOf(2, rich, { ladder: step(asked) })
      return matchOf(sell, offerOf(1, anna, { ladder: step(given) }), 10)?.priceMicrosPerKwh
    }
    deepEqual([at(10, 40), at(-40, -10), at(-20, 10), at(7, 12), at(20, 20)], [
      20, -30, -10, 7, 20,
    ])
  })
})

const names = Object.keys(people) as Name[]
const stepText = fc
  .tuple(
    fc.constantFrom(...names, 'street', 'anyone'),
    fc.boolean(),
    fc.integer({ min: 1, max: 9 }),
  )
  .map(([who, sun, price]) => ({ who, sun, price }))
const board = fc
  .array(
    fc.record({
      owner: fc.constantFrom(...names),
      buys: fc.boolean(),
      sun: fc.boolean(),
      steps: fc.array(stepText, { minLength: 1, maxLength: 4 }),
      refusedBy: fc.array(fc.integer({ min: 1, max: 14 }), { maxLength: 2 }),
      intervals: fc.constantFrom(4, 4, 4, 5),
    }),
    { maxLength: 14 },
  )
  .map((all) =>
    all.map(({ owner, buys, sun, steps, refusedBy, intervals }, index) => {
      const ladderText = steps
        .map((step) => `${step.who}${buys && step.sun ? ' sun' : ''} ${step.price}`)
        .join(', ')
      const verb = buys ? 'buys' : sun ? 'sells sun' : 'sells'
      return offerOf(index + 1, `${owner} ${verb}: ${ladderText}`, { refusedBy, intervals })
    }),
  )

/** Where seller and buyer would both rather have each other than what they got. */
function unstable(offers: readonly Offer[], matches: readonly Match[]): string[] {
  const of = (offer: Offer): Match | undefined =>
    matches.find(({ sell, buy }) => sell === offer || buy === offer)
  const wants = (offer: Offer, other: Match): boolean => {
    const own = of(offer)
    return own === undefined || preference(offer, other, own) < 0
  }
  return offers.flatMap((sell) =>
    offers.flatMap((buy) => {
      if (sell.content.side !== 'sell' || buy.content.side !== 'buy') return []
      const match = matchOf(sell, buy, 10)
      if (match === undefined || !wants(sell, match) || !wants(buy, match)) return []
      return [shown(match)]
    }),
  )
}

describe('any board', () => {
  test('is matched so that no two would rather have each other, each offer once', () => {
    fc.assert(
      fc.property(board, (offers) => {
        const matches = matchOffers(offers, 10)
        deepEqual(unstable(offers, matches), [])
        const used = matches.flatMap(({ sell, buy }) => [sell.offer, buy.offer])
        equal(new Set(used).size, used.length)
        for (const { sell, buy, priceMicrosPerKwh: price } of matches) {
          deepEqual(matchOf(sell, buy, 10)?.priceMicrosPerKwh, price)
          ok(sell.account !== buy.account)
        }
      }),
      { numRuns: 400, ...replay },
    )
  })

  test('is matched alike by both implementations', () => {
    fc.assert(
      fc.property(board, (offers) => {
        deepEqual(matchOffers(offers, 10).map(shown), matchOffersNaive(offers, 10).map(shown))
      }),
      { numRuns: 400, ...replay },
    )
  })

  test('is matched the same in whichever sequence it is read', () => {
    const shuffled = board.chain((offers) =>
      fc.tuple(
        fc.constant(offers),
        fc.shuffledSubarray(offers, { minLength: offers.length }),
      ),
    )
    fc.assert(
      fc.property(shuffled, ([offers, others]) => {
        deepEqual(matchOffers(others, 10).map(shown), matchOffers(offers, 10).map(shown))
      }),
      { numRuns: 200, ...replay },
    )
  })
})
