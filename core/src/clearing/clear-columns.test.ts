/**
 * Goal: the fast engine is exact on batches of the size it is made for, and refuses columns that
 * are no orders.
 * Method: seeded batches of up to twenty thousand orders, shaped to reach each way through the
 * histograms and the shares at the price, against `clearNaive`. Replay one failure with `SEED=…`.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Fault } from '../errors/index.ts'
import { MicrosPerKwh, WattHours } from '../units/index.ts'
import { clear, clearColumns, clearNaive, type Order, type OrderColumns } from './index.ts'
import { ration } from './ration.ts'

/** Draws an integer from `min` to `max`. */
type Draw = (min: number, max: number) => number

const limitShapes: Readonly<Record<string, (draw: Draw, i: number) => number>> = {
  'one price': () => -7,
  'three prices': (draw) => draw(-1, 1),
  'a market range on its tick': (draw) => draw(-50_000, 100_000) * 10,
  'the whole range of prices': (draw) => draw(-1e12, 1e12),
  'two prices to a bucket': (draw) => draw(-3_000, 3_000),
  'both ends of it, and the middle': (draw) => draw(-1, 1) * 1e12,
  'a cluster in a wide range': (draw) => (draw(0, 9) === 0 ? draw(-1e12, 1e12) : draw(99, 101)),
  'falling, so that the range grows while it is read': (draw, i) => 1_000 - i * draw(1, 3),
  'rising ever faster': (draw, i) => Math.floor(i ** 2.5) + draw(0, 3),
}

const energyShapes: Readonly<Record<string, (draw: Draw) => number>> = {
  'one watt-hour': () => 1,
  'a household': (draw) => draw(1, 5_000),
  'all there is, shared by twenty thousand': (draw) => draw(5e10 - 9, 5e10),
  'crumbs and giants': (draw) => (draw(0, 1) === 0 ? draw(1, 3) : draw(1, 5e10)),
}

describe('clear gives what clearNaive gives', () => {
  for (const [name, limitOf] of Object.entries(limitShapes)) {
    test(name, () => {
      const count = fc.oneof(fc.integer({ min: 60, max: 300 }), fc.integer({ max: 20_000, min: 0 }))
      const energyOf = fc.constantFrom(...Object.values(energyShapes))
      const batch = fc.record({ count, energyOf, seed: fc.nat() }, { noNullPrototype: true })
      fc.assert(
        fc.property(batch, (drawn) => {
          const orders = makeOrders(drawn.count, drawn.seed, limitOf, drawn.energyOf)
          deepEqual(clear(orders), clearNaive(orders))
        }),
        { numRuns: 12, ...replay },
      )
    })
  }
})

describe('ration', () => {
  test('the example of its text', () => {
    deepEqual(share([10, 10, 16], 29), [8, 8, 13])
  })

  test('shares are those of the formula, at any size', () => {
    const energy = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 10 ** 13 }))
    const input = fc.record({ own: fc.array(energy, { minLength: 1 }), part: fc.nat(1_000) })
    fc.assert(
      fc.property(input, ({ own, part }) => {
        const wanted = own.reduce((sum, one) => sum + BigInt(one), 0n)
        const left = (wanted * BigInt(part)) / 1_000n
        const upTo = (k: number): bigint =>
          (left * own.slice(0, k).reduce((sum, one) => sum + BigInt(one), 0n)) / wanted
        const expected = own.map((_, k) => Number(upTo(k + 1) - upTo(k)))
        deepEqual(share(own, Number(left)), expected)
      }),
      { numRuns: 1_000, ...replay },
    )
  })
})

describe('columns that are no orders are refused by code, field and limit', () => {
  const bad: readonly (readonly [string, string, string, Partial<Record<Column, number>>])[] = [
    ['a third side', 'CLEARING_ORDER_INVALID', 'side', { side: 2 }],
    ['no energy', 'CLEARING_ORDER_INVALID', 'energy', { energy: 0 }],
    ['negative energy', 'CLEARING_ORDER_INVALID', 'energy', { energy: -1 }],
    ['endless energy', 'CLEARING_ORDER_INVALID', 'energy', { energy: Infinity }],
    ['half a watt-hour', 'CLEARING_ORDER_INVALID', 'energy', { energy: 1.5 }],
    ['energy that is not a number', 'CLEARING_ORDER_INVALID', 'energy', { energy: Number.NaN }],
    ['more energy than there is', 'CLEARING_ORDER_INVALID', 'energy', { energy: 1e15 + 1 }],
    ['half a micro', 'CLEARING_ORDER_INVALID', 'limit', { limit: 0.5 }],
    ['a limit that is not a number', 'CLEARING_ORDER_INVALID', 'limit', { limit: Number.NaN }],
    ['an endless limit', 'CLEARING_ORDER_INVALID', 'limit', { limit: Infinity }],
    ['a limit out of range', 'CLEARING_ORDER_INVALID', 'limit', { limit: -1e12 - 1 }],
    ['a side with too much energy', 'CLEARING_ENERGY_TOO_LARGE', 'energy', { energy: 1e15 }],
  ]
  for (const [name, code, field, changed] of bad) {
    test(name, () => {
      const columns = ordersAlike(5_000)
      for (const [column, value] of Object.entries(changed)) {
        columns[column as Column][4_500] = value
      }
      const order = code === 'CLEARING_ORDER_INVALID' ? 4_500 : undefined
      equal(refused(columns, code, field).details.order, order)
    })
  }

  test('too many orders', () => {
    refused(ordersAlike(4_000_001), 'CLEARING_ORDERS_TOO_MANY', 'orders')
  })

  test('a limit of minus zero is zero', () => {
    const columns = ordersAlike(2)
    columns.limit.fill(-0)
    const { priceMicrosPerKwh } = clearColumns(columns, (orders) => orders.sort())
    ok(Object.is(priceMicrosPerKwh, 0))
  })
})

type Column = keyof OrderColumns

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

/** Half buys, half sells, all of one watt-hour at one price. */
function ordersAlike(count: number): OrderColumns {
  return {
    side: Uint8Array.from({ length: count }, (_, i) => i % 2),
    energy: new Float64Array(count).fill(1),
    limit: new Float64Array(count).fill(10),
  }
}

function refused(columns: OrderColumns, code: string, field: string): Fault {
  let fault: Fault | undefined
  throws(() => clearColumns(columns, (orders) => orders.sort()), (error) => {
    ok(error instanceof Fault)
    equal(error.code, code)
    equal(error.details.field, field)
    ok(String(error.details.limit).length > 0)
    fault = error
    return true
  })
  ok(fault)
  return fault
}

function share(own: readonly number[], leftWh: number): number[] {
  const energy = Float64Array.from(own)
  const fills = new Float64Array(own.length)
  const wantedWh = own.reduce((sum, one) => sum + one, 0)
  ration(energy, Uint32Array.from(own.keys()), leftWh, wantedWh, fills)
  return [...fills]
}

function makeOrders(
  count: number,
  seed: number,
  limitOf: (draw: Draw, i: number) => number,
  energyOf: (draw: Draw) => number,
): Order[] {
  const draw = drawer(seed)
  return Array.from({ length: count }, (_, i): Order => {
    const id = `${draw(0, 0xffff).toString(16)}-${i}`
    const side = draw(0, 1) === 0 ? 'buy' : 'sell'
    const energy = WattHours.from(BigInt(energyOf(draw)))
    return { id, side, energy, limit: MicrosPerKwh.from(BigInt(limitOf(draw, i))) }
  })
}

/** SplitMix32, twice per draw, so that wide ranges are reached in every place. */
function drawer(seed: number): Draw {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  return (min, max) => min + (((next() >>> 11) * 2 ** 32 + next()) % (max - min + 1))
}
