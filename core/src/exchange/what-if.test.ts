/**
 * Goal: what an interval would have come to by other rules is what it comes to in a market that
 * has them, for the same orders and the same meters; by its own rules it is what stands; and asking
 * changes nothing.
 * Method: the same random orders and readings in two markets, each by its rulebook, with the naive
 * engine as well. `SEED` replays one.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { clearNaive } from '../clearing/index.ts'
import type { Rulebook } from '../rulebook/index.ts'
import { reconcileNaive } from '../settlement/index.ts'
import { encodeState, type Engine, standingOf, whatIf } from './index.ts'
import { fastEngine, type Market, meters, openMarket, testRulebook } from './testing/market.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const naive: Engine = { ...fastEngine, clear: clearNaive, reconcile: reconcileNaive }

const owners = ['alice', 'bob', 'carol', 'retailer'] as const
const metered = ['alice', 'bob', 'carol'] as const

const order = fc.record({
  owner: fc.constantFrom(...owners), sells: fc.boolean(),
  energyWh: fc.integer({ min: 1, max: 90 }),
  limit: fc.integer({ min: -40, max: 90 }).map((one) => one * 10_000),
})
const shown = fc.tuple(fc.nat(300), fc.nat(300))
const readings = fc.tuple(shown, shown, shown)

/** Rules that orders and money depend on. */
const rules = fc.record({
  feeMicrosPerKwh: fc.nat(9_000),
  priceMinMicrosPerKwh: fc.constantFrom(-500_000, -100_000, 0),
  priceMaxMicrosPerKwh: fc.constantFrom(1_000_000, 600_000, 400_000),
  priceTickMicrosPerKwh: fc.constantFrom(10, 20_000, 100_000),
  orderEnergyMaxWh: fc.constantFrom(5_000, 60),
  ordersPerAccountMax: fc.constantFrom(4, 2),
  reconciliation: fc.record({
    policy: fc.constantFrom('balancing-authority' as const, 'retailer-bill' as const),
    spreadBasisPoints: fc.constantFrom(0, 1_000, 5_000),
    overDeviationBasisPoints: fc.constantFrom(0, 2_000, 1_000_000),
  }),
}).map((change): Rulebook => ({ ...testRulebook, ...change }))

type Order = { owner: (typeof owners)[number]; sells: boolean; energyWh: number; limit: number }

/** A market that has these rules, after one interval; what it refuses it has not. */
function played(
  rulebook: Rulebook,
  orders: readonly Order[],
  registers: readonly (readonly [number, number])[],
): Market {
  const market = openMarket({ rulebook, deposits: { guarantee: 10 ** 12 } })
  for (const { owner, sells, energyWh, limit } of orders) {
    market.submit(market.orderOf(owner, sells ? 'sell' : 'buy', energyWh, limit, 0))
  }
  market.toGate(0).closeGate(0)
  market.toStart(1)
  market.must(market.readings(metered.map((owner) => [owner, 0, 0, 0])))
  market.must(market.readings(metered.map((owner, i) => [owner, 1, ...(registers[i] ?? [0, 0])])))
  market.settle(0)
  return market
}

/** What stands: price, energy, and each account's money of all runs. */
function standing(market: Market) {
  const { price, energy, runs } = market.record(0)
  const net = new Map<number, bigint>()
  for (const { net: moved } of runs) {
    for (const { account, amount } of moved) net.set(account, (net.get(account) ?? 0n) + amount)
  }
  return { price, energy, net: sorted(net) }
}

const sorted = (net: ReadonlyMap<number, bigint>) =>
  [...net].filter(([, amount]) => amount !== 0n).sort(([a], [b]) => a - b)

test('is what it is in a market that has these rules', () => {
  fc.assert(
    fc.property(rules, rules, fc.array(order, { maxLength: 14 }), readings, (one, other, ...of) => {
      const [orders, registers] = of
      const { feeMicrosPerKwh, reconciliation } = one
      const asked: Rulebook = { ...testRulebook, feeMicrosPerKwh, reconciliation }
      const market = played(asked, orders, registers)
      const elsewhere = played(other, takenIn(market), registers)
      const record = market.record(0)
      const all = [...record.orders.values()].flat()
      const before = encodeState(market.state)
      for (const [rulebook, stands] of [[asked, market], [other, elsewhere]] as const) {
        const found = whatIf(market.state, record, all, rulebook, fastEngine)
        const { price, energy, net } = standing(stands)
        deepEqual({ price: found.price, energy: found.energy, net: sorted(found.net) }, {
          price, energy, net,
        })
        equal(found.refused, all.length - count(stands))
        deepEqual(whatIf(market.state, record, all, rulebook, naive), found)
      }
      deepEqual(sorted(standingOf(record)), standing(market).net)
      equal(encodeState(market.state), before)
    }),
    { ...replay, numRuns: 200, }
  )
})

const count = (market: Market): number => [...market.record(0).orders.values()].flat().length

/** Only what the first market took: its limits are not those that are asked about. */
const takenIn = (market: Market): readonly Order[] =>
  market.journal.flatMap(({ command }) => {
    if (command.kind !== 'place_order') return []
    const { meter, side, energyWh, limitMicrosPerKwh } = command
    const owner = owners.find((one) => meters[one] === meter) ?? 'alice'
    return [{ owner, sells: side === 'sell', energyWh, limit: limitMicrosPerKwh }]
  })
