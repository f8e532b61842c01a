/**
 * Goal: an allocation gives never more than there is or is owed, as much as its rule promises, and
 * the same whoever wrote the trades down in whatever sequence.
 * Method: properties on small markets full of ties, against `allocateNaive` and against every cut
 * there is. Replay one failure with `SEED=…`.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { WattHours } from '../units/index.ts'
import {
  allocate, allocateNaive, allocationRules, checkCut, type MeteredTrades,
} from './index.ts'

describe('properties', () => {
  test('both implementations give the same, for every sequence of the input', () => {
    fc.assert(
      fc.property(arbitraryMarket, fc.infiniteStream(fc.nat()), (market, keys) => {
        for (const rule of allocationRules) {
          const expected = allocateNaive({ ...market, rule })
          deepEqual(allocate({ ...market, rule }), expected)
          const input = { ...shuffled(market, keys), rule }
          for (const run of [allocate, allocateNaive]) {
            const { delivered, cut } = run(input)
            deepEqual(byNumber(input, delivered), byNumber(market, expected.delivered))
            deepEqual(cut, expected.cut)
          }
        }
      }),
      { numRuns: 1_500, ...replay },
    )
  })

  test('no trade gets more than it owes, no meter gives or takes more than it has', () => {
    fc.assert(
      fc.property(arbitraryMarket, arbitraryRule, (market, rule) => {
        const { delivered } = allocate({ ...market, rule })
        equal(delivered.length, market.trades.length)
        const left = leftOvers(market, delivered)
        ok([...left.sellers.values(), ...left.buyers.values(), ...left.trades].every(isNotNegative))
        ok(delivered.every(isNotNegative))
      }),
      { numRuns: 1_000, ...replay },
    )
  })

  test('all but pro-rata are maximal: no trade can get more by itself', () => {
    const rules = allocationRules.filter((rule) => rule !== 'pro-rata')
    fc.assert(
      fc.property(arbitraryMarket, fc.constantFrom(...rules), (market, rule) => {
        const left = leftOvers(market, allocate({ ...market, rule }).delivered)
        for (const [i, { seller, buyer }] of market.trades.entries()) {
          const least = [left.trades[i], left.sellers.get(seller), left.buyers.get(buyer)]
          ok(least.some((energy) => energy === 0n))
        }
      }),
      { numRuns: 1_000, ...replay },
    )
  })

  test('max-flow delivers what the smallest of all cuts lets through, and shows such a cut', () => {
    fc.assert(
      fc.property(arbitraryMarket, (market) => {
        const { delivered, cut } = allocate({ ...market, rule: 'max-flow' })
        equal(total(delivered), smallestCut(market))
        ok(cut !== null)
        equal(checkCut(market, delivered, cut), null)
      }),
      { numRuns: 1_500, ...replay },
    )
  })

  test('max-flow takes nothing from a meter, and delivers no less than any other rule', () => {
    fc.assert(
      fc.property(arbitraryMarket, arbitraryRule, (market, rule) => {
        const most = allocate({ ...market, rule: 'max-flow' }).delivered
        ok(total(most) >= total(allocate({ ...market, rule }).delivered))
        const before = allocate({ ...market, rule: 'maximal-proportional' }).delivered
        const [left, leftBefore] = [leftOvers(market, most), leftOvers(market, before)]
        for (const side of ['sellers', 'buyers'] as const) {
          for (const [meter, energy] of left[side]) {
            ok(energy <= (leftBefore[side].get(meter) ?? -1n))
          }
        }
      }),
      { numRuns: 1_000, ...replay },
    )
  })

  test('no trade gets less by maximal-proportional than by pro-rata', () => {
    fc.assert(
      fc.property(arbitraryMarket, (market) => {
        const once = allocate({ ...market, rule: 'pro-rata' }).delivered
        const repeated = allocate({ ...market, rule: 'maximal-proportional' }).delivered
        ok(once.every((energy, i) => energy <= (repeated[i] ?? -1n)))
      }),
      { numRuns: 1_000, ...replay },
    )
  })

  test('by pro-rata each trade is within a watt-hour of the smaller of its exact shares', () => {
    fc.assert(
      fc.property(arbitraryMarket, (market) => {
        const { delivered } = allocate({ ...market, rule: 'pro-rata' })
        for (const [i, trade] of market.trades.entries()) {
          const got = delivered[i] ?? -1n
          const exact = (['seller', 'buyer'] as const).map((side) => {
            const own = market.trades.filter((other) => other[side] === trade[side])
            const meters = market[`${side}s`]
            const energy = meters.find(({ meter }) => meter === trade[side])?.energy ?? -1n
            const owed = total(own.map((other) => other.energy))
            return { shared: smaller(energy, owed) * trade.energy, owed }
          })
          ok(exact.every(({ shared, owed }) => owed === 0n || got * owed < shared + owed))
          ok(exact.some(({ shared, owed }) => owed === 0n || got * owed > shared - owed))
        }
      }),
      { numRuns: 1_000, ...replay },
    )
  })

  test('what no trade connects does not touch each other', () => {
    fc.assert(
      fc.property(arbitraryMarket, arbitraryMarket, arbitraryRule, (one, other, rule) => {
        const both = together(one, other)
        const { delivered } = allocate({ ...both, rule })
        deepEqual(delivered, [
          ...allocate({ ...one, rule }).delivered, ...allocate({ ...other, rule }).delivered,
        ])
      }),
      { numRuns: 1_000, ...replay },
    )
  })
})

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const arbitraryRule = fc.constantFrom(...allocationRules)

/** In range as they are drawn. */
const from = (least: bigint, most: bigint): fc.Arbitrary<WattHours> =>
  fc.bigInt({ min: least, max: most }) as fc.Arbitrary<WattHours>

/** At most five meters a side and twelve trades, so that a meter owes at most 10^15 Wh. */
function marketOf(energy: fc.Arbitrary<WattHours>): fc.Arbitrary<MeteredTrades> {
  const meters = fc
    .uniqueArray(fc.nat({ max: 9 }), { minLength: 1, maxLength: 5 })
    .chain((numbers) =>
      fc.tuple(...numbers.map((meter) => fc.record({ meter: fc.constant(meter), energy }))),
    )
  const drafts = fc.uniqueArray(
    fc.record({ trade: fc.nat({ max: 30 }), start: fc.nat(), to: fc.nat(), energy }),
    { maxLength: 12, selector: ({ trade }) => trade, size: 'max' },
  )
  return fc.tuple(meters, meters, drafts).map(([sellers, buyers, trades]) => ({
    sellers,
    buyers,
    trades: trades.map(({ trade, start, to, energy: owed }) => ({
      trade,
      seller: sellers[start % sellers.length]!.meter,
      buyer: buyers[to % buyers.length]!.meter,
      energy: owed,
    })),
  }))
}

const arbitraryMarket = fc.oneof(
  marketOf(from(0n, 2n)),
  marketOf(from(0n, 12n)),
  marketOf(fc.constantFrom(...([0n, 10n, 30n] as WattHours[]))),
  marketOf(from(0n, 5_000n)),
  marketOf(from(0n, 8n * 10n ** 13n)),
)

function shuffled({ sellers, buyers, trades }: MeteredTrades, keys: Iterator<number>) {
  const shuffle = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, key: Number(keys.next().value) }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item)
  return { sellers: shuffle(sellers), buyers: shuffle(buyers), trades: shuffle(trades) }
}

/** The second market with numbers of its own. */
function together(one: MeteredTrades, other: MeteredTrades): MeteredTrades {
  const beyond = 100
  const moved = (meters: MeteredTrades['sellers']): MeteredTrades['sellers'] =>
    meters.map(({ meter, energy }) => ({ meter: meter + beyond, energy }))
  return {
    sellers: [...one.sellers, ...moved(other.sellers)],
    buyers: [...one.buyers, ...moved(other.buyers)],
    trades: [
      ...one.trades,
      ...other.trades.map(({ trade, seller, buyer, energy }) => ({
        trade: trade + beyond, seller: seller + beyond, buyer: buyer + beyond, energy,
      })),
    ],
  }
}

function leftOvers({ sellers, buyers, trades }: MeteredTrades, delivered: readonly bigint[]) {
  const left = (
    meters: MeteredTrades['sellers'],
    side: 'seller' | 'buyer',
  ): ReadonlyMap<number, bigint> =>
    new Map(
      meters.map(({ meter, energy }) => [
        meter,
        energy - total(delivered.filter((_, i) => trades[i]?.[side] === meter)),
      ]),
    )
  return {
    sellers: left(sellers, 'seller'),
    buyers: left(buyers, 'buyer'),
    trades: trades.map(({ energy }, i) => energy - (delivered[i] ?? 0n)),
  }
}

/**
 * Whichever sellers are cut off whole: what the others owe to a buyer gets no further than the
 * trades or the buyer let it. The least of all ways to choose them is what can pass (the theorem of
 * Ford and Fulkerson).
 */
function smallestCut({ sellers, buyers, trades }: MeteredTrades): bigint {
  const ways = Array.from({ length: 2 ** sellers.length }, (_, way) => {
    const isCutOff = (meter: number): boolean =>
      ((way >> sellers.findIndex((one) => one.meter === meter)) & 1) === 1
    const others = trades.filter(({ seller }) => !isCutOff(seller))
    const passing = buyers.map(({ meter, energy }) =>
      smaller(energy, owedTo(meter, others)),
    )
    const cutOff = sellers.filter(({ meter }) => isCutOff(meter)).map(({ energy }) => energy)
    return total(passing) + total(cutOff)
  })
  return ways.reduce(smaller)
}

const owedTo = (meter: number, trades: MeteredTrades['trades']): bigint =>
  total(trades.flatMap(({ buyer, energy }) => (buyer === meter ? [energy] : [])))

const byNumber = ({ trades }: MeteredTrades, delivered: readonly bigint[]) =>
  new Map(trades.map(({ trade }, i): [number, bigint] => [trade, delivered[i] ?? -1n]).sort(
    ([a], [b]) => a - b,
  ))

const total = (energies: readonly bigint[]): bigint => energies.reduce((sum, one) => sum + one, 0n)
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b)
const isNotNegative = (energy: bigint): boolean => energy >= 0n
