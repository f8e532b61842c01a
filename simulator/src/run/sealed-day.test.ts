/**
 * Goal: a day behind sealed orders is as exact as an open one, hides what it should, and whoever
 * bends a sealed set is found out.
 * Method: whole days against the rules of the core with a stand-in for the committee; the auditor
 * recomputes sets from its own description of them; exchanges with one planted lie each.
 */
import { deepEqual, equal, notEqual, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { derToCash } from '@busbar/core/rulebook'
import { type District, firstIntervals, seededDistrict } from '../scenario/index.ts'
import type { Exchange, IntervalOutcome, SealedOrder } from './exchange-port.ts'
import { createInProcessExchange } from './in-process-exchange.ts'
import { runDay } from './run-day.ts'

const seed = Number(process.env.SEED ?? 1)
/** A dozen buildings: few of them have batteries to live from. */
const buildings = firstIntervals(dozenOf(seededDistrict({ seed })), 30)
const common = { market: 'der-to-cash', rulebook: derToCash, seed, district: buildings }
const revealing = {
  ...derToCash,
  orderBook: 'sealed-reveal',
  revealSeconds: 30,
  bondMicros: 100_000,
} as const

for (const rulebook of [derToCash, revealing]) {
  test(`sealed orders are opened, cleared and agree (${rulebook.orderBook})`, async () => {
    const exchange = createInProcessExchange()
    const summary = await runDay({ ...common, rulebook }, exchange)
    deepEqual(summary.audit.differences, [])
    deepEqual([summary.rejections, summary.voids], [{}, {}])
    ok(summary.tradedIntervals > 10)
    ok(summary.audit.compared.orders > 30 * 10)
    equal(summary.audit.compared.orders, summary.orders)
    ok(summary.audit.compared.ownFills > 30 * 2)
  })
}

function dozenOf(whole: District): District {
  const { loadWh, pvWh } = whole.series
  const series = { ...whole.series, loadWh: loadWh.slice(0, 12), pvWh: pvWh.slice(0, 12) }
  return { ...whole, sites: whole.sites.slice(0, 12), series }
}

/** What is sent while a day of `intervals` runs. */
async function sentBy(withSeed: number, intervals: number): Promise<readonly SealedOrder[]> {
  const inside = createInProcessExchange()
  const sent: SealedOrder[] = []
  const listening: Exchange = {
    ...inside,
    submitSealedOrders(orders) {
      sent.push(...orders)
      return inside.submitSealedOrders(orders)
    },
  }
  const district = firstIntervals(buildings, intervals)
  await runDay({ ...common, seed: withSeed, district }, listening)
  return sent
}

test('the same seed seals the same bytes, another seed others', async () => {
  const first = await sentBy(seed, 10)
  deepEqual(await sentBy(seed, 10), first)
  notEqual((await sentBy(seed + 1, 10))[0]?.commitment, first[0]?.commitment)
})

test('a collateral figure tells which of a meter’s orders it is of, and nothing else', async () => {
  const figures = new Map<number, Map<number, number[]>>()
  for (const { account, interval, collateralMicros } of await sentBy(seed, 20)) {
    const own = figures.get(account) ?? new Map<number, number[]>()
    figures.set(account, own.set(interval, [...(own.get(interval) ?? []), collateralMicros]))
  }
  for (const intervals of figures.values()) {
    const longest = [...intervals.values()].toSorted((a, b) => b.length - a.length)[0] ?? []
    for (const list of intervals.values()) deepEqual(list, longest.slice(0, list.length))
  }
})

type Set = NonNullable<IntervalOutcome['sealedSet']>

const lies: readonly (readonly [string, (outcome: IntervalOutcome) => IntervalOutcome, RegExp])[] =
  [
    [
      'drops an order that has a receipt',
      onSet((set) => ({ ...set, orders: set.orders.slice(1) })),
      /receipt/,
    ],
    [
      'adds an order that nobody sent',
      onSet((set) => ({
        ...set,
        orders: [
          ...set.orders,
          ...set.orders.slice(0, 1).map((order) => ({
            ...order,
            commitment: order.commitment.replace(/.{4}$/, '0000'),
          })),
        ],
      })),
      /receipt|set/,
    ],
    [
      'changes a limit by one micro',
      onOpening((opening) => ({
        ...opening,
        limitMicrosPerKwh: opening.limitMicrosPerKwh + 1,
      })),
      /set/,
    ],
    [
      'changes an energy by one watt-hour',
      onOpening((opening) => ({
        ...opening,
        energyWh: opening.energyWh + 1,
      })),
      /set/,
    ],
    [
      'gives an order to another',
      onOpening((opening) => ({
        ...opening,
        account: opening.account + 1,
      })),
      /set/,
    ],
    [
      'calls a good order void',
      onSet((set) => ({
        ...set,
        orders: set.orders.map((order, i) =>
          i === 0 ? { ...order, voidReason: 'mismatch' } : order,
        ),
      })),
      /set/,
    ],
    [
      'shows another root of orders',
      onSet((set) => ({ ...set, ordersRoot: set.fillsRoot })),
      /set/,
    ],
    ['shows another root of fills', onSet((set) => ({ ...set, fillsRoot: set.ordersRoot })), /set/],
    ['counts voids wrongly', onSet((set) => ({ ...set, voidCount: set.voidCount + 1 })), /set/],
    [
      'shifts the price by one micro',
      (outcome) => ({
        ...outcome,
        priceMicrosPerKwh: (outcome.priceMicrosPerKwh ?? 0) + 1,
      }),
      /price/,
    ],
    [
      'shifts a fill by one watt-hour',
      (outcome) => ({
        ...outcome,
        fills: outcome.fills.map((fill, i) =>
          i > 0 ? fill : { ...fill, energyWh: fill.energyWh + 1 },
        ),
      }),
      /fill/,
    ],
  ]

function onSet(change: (set: Set) => Set): (outcome: IntervalOutcome) => IntervalOutcome {
  return (outcome) =>
    outcome.sealedSet === undefined ? outcome : { ...outcome, sealedSet: change(outcome.sealedSet) }
}

function onOpening(change: (opening: Opening) => Opening) {
  return onSet((set) => ({
    ...set,
    orders: set.orders.map((order, i) =>
      i > 0 || order.opening === null ? order : { ...order, opening: change(order.opening) },
    ),
  }))
}

type Opening = NonNullable<Set['orders'][number]['opening']>

describe('the auditor notices an exchange that', () => {
  for (const [lie, tell, about] of lies) {
    test(lie, async () => {
      const inside = createInProcessExchange()
      const lying: Exchange = {
        ...inside,
        interval: async (interval) => tell(await inside.interval(interval)),
      }
      const district = firstIntervals(buildings, 12)
      const { audit } = await runDay({ ...common, district }, lying)
      equal(audit.agrees, false)
      ok(
        audit.differences.some((one) => about.test(one.about)),
        JSON.stringify(audit.differences),
      )
    })
  }
})

test('a trader notices a fill that is not the one in the root', async () => {
  const inside = createInProcessExchange()
  const lying: Exchange = {
    ...inside,
    async ownFills(...asked) {
      const [first, ...others] = await inside.ownFills(...asked)
      return first === undefined ? [] : [{ ...first, energyWh: first.energyWh + 1 }, ...others]
    },
  }
  const { audit } = await runDay({ ...common, district: firstIntervals(buildings, 4) }, lying)
  ok(audit.differences.length > 0 && audit.differences.every(({ about }) => about === 'fill'))
})
