/**
 * Goal: an auction gives one price that follows the rule, creates no energy, breaks no limit and
 * does not depend on who came first; and the fast engine is the rule.
 * Method: a table for the cases a market operator argues about; properties for the rest, on batches
 * made to be awkward, against `clearNaive` and against a view that tries every price there is.
 * Replay one failure with `SEED=…`.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Fault } from '../errors/index.ts'
import { MicrosPerKwh, WattHours } from '../units/index.ts'
import { clear, clearNaive, type Clearing, type Order } from './index.ts'

// side id energy(Wh) limit(micros/kWh)  →  energy @ price, then one fill per line
const cases: Readonly<Record<string, string>> = {
  'short supply lifts the price to the buyer at the margin': `
    buy  alice 400 30
    buy  carol 100 10
    sell bob   300 20
    --
    300 @ 30
    alice 300
    bob   300
  `,
  'short demand lowers the price to the seller at the margin': `
    buy  alice 300 30
    sell bob   400 20
    sell dave  100 40
    --
    300 @ 20
    alice 300
    bob   300
  `,
  'nothing left over gives the middle of the range': `
    buy  alice 100 30
    sell bob   100 20
    --
    100 @ 25
    alice 100
    bob   100
  `,
  'the middle is rounded down': `
    buy  alice 100 25
    sell bob   100 20
    --
    100 @ 22
    alice 100
    bob   100
  `,
  'the middle is rounded down below zero too': `
    buy  alice 100 -20
    sell bob   100 -25
    --
    100 @ -23
    alice 100
    bob   100
  `,
  'a middle across zero is rounded down': `
    buy  alice 100 2
    sell bob   100 -3
    --
    100 @ -1
    alice 100
    bob   100
  `,
  'the range in which nothing is left over begins just above a buyer who is left out': `
    buy  alice 100 30
    buy  bob    50 10
    sell carol 100 5
    --
    100 @ 20
    alice 100
    carol 100
  `,
  'the range in which nothing is left over ends just below a seller who is left out': `
    buy  alice 100 30
    sell bob    50 21
    sell carol 100 5
    --
    100 @ 12
    alice 100
    carol 100
  `,
  'negative prices clear': `
    buy  pump  80 -10
    sell solar 100 -50
    --
    80 @ -50
    pump  80
    solar 80
  `,
  'a price of zero clears': `
    buy  pump  80 0
    sell solar 80 0
    --
    80 @ 0
    pump  80
    solar 80
  `,
  'the most traded wins over the least left over': `
    buy  alice 100 10
    buy  bob    50 9
    sell carol 100 9
    sell dave   20 20
    --
    100 @ 10
    alice 100
    carol 100
  `,
  'as much demand left over at one price as supply at the next: demand is left over': `
    buy  alice 100 10
    buy  bob    50 9
    sell carol 100 9
    sell dave   50 10
    --
    100 @ 9
    alice 100
    carol 100
  `,
  'less supply left over at one price than demand at the next lower: supply is left over': `
    buy  alice 100 10
    buy  bob    50 9
    sell carol 100 9
    sell dave   49 10
    --
    100 @ 10
    alice 100
    carol 100
  `,
  'buyers at the price share in proportion, to the watt-hour, by ascending id': `
    buy  a  1 10
    buy  b  1 10
    buy  c  1 10
    buy  z 10 11
    sell s 12 5
    --
    12 @ 10
    b  1
    c  1
    s 12
    z 10
  `,
  'sellers at the price share in proportion': `
    buy  b  29 10
    sell s1 10 5
    sell s2 10 5
    sell s3 16 5
    --
    29 @ 5
    b  29
    s1  8
    s2  8
    s3 13
  `,
  'better limits fill whole before the price is shared': `
    buy  a 10 30
    buy  b 10 20
    buy  c 30 20
    sell s 30 10
    --
    30 @ 20
    a 10
    b 5
    c 15
    s 30
  `,
  'a gap between bid and ask is no trade': `
    buy  alice 100 10
    sell bob   100 11
    --
    no trade
  `,
  'buyers alone do not trade': `
    buy  alice 100 10
    buy  bob   100 20
    --
    no trade
  `,
  'sellers alone do not trade': `
    sell alice 100 10
    --
    no trade
  `,
  'no orders, no trade': `
    --
    no trade
  `,
  'one side at its limit of energy is shared to the watt-hour': `
    buy  a 333333333333333 1000000000000
    buy  b 333333333333333 1000000000000
    buy  c 333333333333334 1000000000000
    sell s 999999999999999 -1000000000000
    --
    999999999999999 @ 1000000000000
    a 333333333333332
    b 333333333333333
    c 333333333333334
    s 999999999999999
  `,
}

const engines = { clear, clearNaive }

for (const [engine, run] of Object.entries(engines)) {
  describe(engine, () => {
    for (const [name, table] of Object.entries(cases)) {
      test(name, () => {
        const [input = '', want = ''] = table.split('--')
        deepEqual(show(run(lines(input).map(parseOrder))), lines(want))
      })
    }

    test('ids rank by their UTF-8 bytes, not by UTF-16 units', () => {
      const orders = ['\u{10000}', '\uffff'].map((id) => order(id, 'buy', 1n, 10n))
      const result = run([...orders, order('s', 'sell', 1n, 5n)])
      deepEqual(result.fills.map((fill) => fill.orderId), ['s', '\u{10000}'])
    })

    test('bad input is refused by code, field and limit', () => {
      const good = order('a', 'buy', 1n, 1n)
      const bad = (changed: object): Order[] => [{ ...good, ...changed }]
      const tooMuch = ['b', 'c'].map((id) => order(id, 'buy', 6n * 10n ** 14n, 1n))
      refused(() => run(bad({ energy: 0n })), 'CLEARING_ORDER_INVALID', 'energy')
      refused(() => run(bad({ energy: -1n })), 'CLEARING_ORDER_INVALID', 'energy')
      refused(() => run(bad({ energy: 10n ** 15n + 1n })), 'CLEARING_ORDER_INVALID', 'energy')
      refused(() => run(bad({ limit: 10n ** 12n + 1n })), 'CLEARING_ORDER_INVALID', 'limit')
      refused(() => run(bad({ side: 'hold' })), 'CLEARING_ORDER_INVALID', 'side')
      refused(() => run(bad({ id: '' })), 'CLEARING_ORDER_INVALID', 'id')
      refused(() => run(bad({ id: '\ud800' })), 'CLEARING_ORDER_INVALID', 'id')
      refused(() => run(bad({ id: 'x'.repeat(257) })), 'CLEARING_ORDER_INVALID', 'id')
      refused(() => run([good, good]), 'CLEARING_ORDER_DUPLICATE', 'id')
      refused(() => run(tooMuch), 'CLEARING_ENERGY_TOO_LARGE', 'energy')
      refused(() => run(Array(4_000_001).fill(good)), 'CLEARING_ORDERS_TOO_MANY', 'orders')
    })
  })
}

describe('properties', () => {
  test('the fast engine gives what the naive one gives, for every permutation', () => {
    fc.assert(
      fc.property(arbitraryBatch, fc.infiniteStream(fc.nat()), (orders, keys) => {
        const expected = clearNaive(orders)
        deepEqual(clear(orders), expected)
        const shuffled = orders
          .map((item) => ({ item, key: keys.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ item }) => item)
        deepEqual(clear(shuffled), expected)
        deepEqual(clearNaive(shuffled), expected)
      }),
      { numRuns: 2_000, ...replay },
    )
  })

  test('the naive engine gives the price that trying every price gives', () => {
    fc.assert(
      fc.property(batchOf(energies.small, limits.few), (orders) => {
        equal(clearNaive(orders).price, priceByTryingAll(orders))
      }),
      { numRuns: 1_000, ...replay },
    )
  })

  test('every fill is within its order, bought is sold, and priority is kept', () => {
    fc.assert(fc.property(arbitraryBatch, holds), { numRuns: 1_000, ...replay })
  })

  test('each order at the price is within one watt-hour of its share', () => {
    fc.assert(
      fc.property(batchOf(energies.any, limits.one), (orders) => {
        const { energy, fills } = clear(orders)
        const wanted = { buy: total(orders, 'buy'), sell: total(orders, 'sell') }
        for (const { id, side, energy: own } of orders) {
          const got = fills.find((fill) => fill.orderId === id)?.energy ?? 0n
          const short = own * energy - got * wanted[side]
          ok(short < wanted[side] && -short < wanted[side])
        }
      }),
      { numRuns: 500, ...replay },
    )
  })
})

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const energies = {
  small: fc.bigInt({ min: 1n, max: 6n }),
  usual: fc.bigInt({ min: 1n, max: 100_000_000n }),
  huge: fc.bigInt({ min: 10n ** 13n - 3n, max: 10n ** 13n }),
  any: fc.oneof(fc.bigInt({ min: 1n, max: 6n }), fc.bigInt({ min: 1n, max: 10n ** 13n })),
}

const limits = {
  one: fc.constant(7n),
  few: fc.bigInt({ min: -4n, max: 6n }),
  usual: fc.bigInt({ min: -500_000n, max: 1_000_000n }),
  sparse: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
  ends: fc.constantFrom(-(10n ** 12n), -(10n ** 12n) + 1n, -1n, 0n, 1n, 10n ** 12n),
}

/** Up to 90 orders, so that a side stays within 10^15 Wh; short and long batches are both usual. */
function batchOf(
  energy: fc.Arbitrary<bigint>,
  limit: fc.Arbitrary<bigint>,
): fc.Arbitrary<Order[]> {
  const side = fc.constantFrom('buy' as const, 'sell' as const)
  const id = fc.string({ minLength: 1, maxLength: 3, unit: 'binary' })
  const draft = fc.record({ id, side, energy, limit })
  return fc.oneof(
    fc.uniqueArray(draft, { maxLength: 8, selector: (item) => item.id }),
    fc.uniqueArray(draft, { maxLength: 90, selector: (item) => item.id, size: 'max' }),
  ) as fc.Arbitrary<Order[]>
}

const arbitraryBatch = fc.oneof(
  ...Object.values(energies).flatMap((energy) =>
    Object.values(limits).map((limit) => batchOf(energy, limit)),
  ),
)

/** Every price from one below all limits to one above, judged by the text of the rule. */
function priceByTryingAll(orders: readonly Order[]): bigint | null {
  const tried: { price: bigint; demand: bigint; supply: bigint }[] = []
  for (let price = -6n; price <= 8n; price += 1n) {
    const demand = total(orders.filter((item) => item.limit >= price), 'buy')
    const supply = total(orders.filter((item) => item.limit <= price), 'sell')
    tried.push({ price, demand, supply })
  }
  const traded = (one: (typeof tried)[number]): number => Number(smaller(one.demand, one.supply))
  const over = (one: (typeof tried)[number]): number => Math.abs(Number(one.demand - one.supply))
  const most = Math.max(...tried.map(traded))
  if (most === 0) return null
  const largest = tried.filter((one) => traded(one) === most)
  const least = Math.min(...largest.map(over))
  const best = largest.filter((one) => over(one) === least)
  const prices = (from: typeof tried): number[] => from.map((one) => Number(one.price))
  if (least === 0) {
    return BigInt(Math.floor((Math.min(...prices(best)) + Math.max(...prices(best))) / 2))
  }
  const demandOver = best.filter((one) => one.demand > one.supply)
  return BigInt(demandOver.length > 0 ? Math.max(...prices(demandOver)) : Math.min(...prices(best)))
}

function holds(orders: readonly Order[]): void {
  const { price, energy, fills } = clear(orders)
  const got = new Map(fills.map((fill) => [fill.orderId, fill.energy]))
  equal(got.size, fills.length)
  if (price === null) return deepEqual({ energy, fills }, { energy: 0n, fills: [] })
  const traded = { buy: 0n, sell: 0n }
  for (const item of orders) {
    const fill = got.get(item.id) ?? 0n
    traded[item.side] += fill
    const better = item.side === 'buy' ? item.limit > price : item.limit < price
    if (better) equal(fill, item.energy)
    else if (item.limit !== price) equal(fill, 0n)
    ok(fill >= 0n && fill <= item.energy)
  }
  deepEqual(traded, { buy: energy, sell: energy })
  const ids = fills.map((fill) => Buffer.from(fill.orderId))
  deepEqual(ids, ids.toSorted(Buffer.compare))
}

function total(orders: readonly Order[], side: Order['side']): bigint {
  return orders.reduce((sum, item) => (item.side === side ? sum + item.energy : sum), 0n)
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b)

function order(id: string, side: Order['side'], energy: bigint, limit: bigint): Order {
  return { id, side, energy: energy as WattHours, limit: limit as MicrosPerKwh }
}

function parseOrder(line: string): Order {
  const [side, id = '', energy = '', limit = ''] = line.split(' ')
  ok(side === 'buy' || side === 'sell')
  return order(id, side, BigInt(energy), BigInt(limit))
}

function refused(run: () => unknown, code: string, field: string): void {
  throws(run, (error) => {
    ok(error instanceof Fault)
    equal(error.code, code)
    equal(error.details.field, field)
    ok(String(error.details.limit).length > 0)
    return true
  })
}

const lines = (text: string): string[] =>
  text.trim().split('\n').map((line) => line.trim().replace(/\s+/g, ' ')).filter((line) => line)

const show = ({ price, energy, fills }: Clearing): string[] =>
  price === null
    ? ['no trade']
    : [`${energy} @ ${price}`, ...fills.map((fill) => `${fill.orderId} ${fill.energy}`)]
