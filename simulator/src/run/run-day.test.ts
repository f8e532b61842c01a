/**
 * Goal: a simulated day is the same every time, its money is explained to the micro, faults change
 * nothing that is corrected in time, and a wrong exchange is found out.
 * Method: whole days against the rules of the core in this process; twins with and without faults;
 * exchanges with one planted error each.
 */
import { deepEqual, equal, notDeepEqual, notEqual, ok, rejects } from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { clear } from '@busbar/core/clearing'
import type { Engine } from '@busbar/core/exchange'
import { openDerToCash } from '@busbar/core/rulebook'
import { reconcile } from '@busbar/core/settlement'
import { Micros, MicrosPerKwh } from '@busbar/core/units'
import type { FaultOptions } from '../meters/index.ts'
import {
  type District,
  firstIntervals,
  seededDistrict,
  seededNeighbourhood,
} from '../scenario/index.ts'
import type { Exchange, SignedOrder } from './exchange-port.ts'
import { createInProcessExchange } from './in-process-exchange.ts'
import { firstIntervalOf } from './market-plan.ts'
import { type Progress, runDay } from './run-day.ts'

const seed = Number(process.env.SEED ?? 1)
const homes = seededNeighbourhood({ seed })
const common = { market: 'der-to-cash', rulebook: openDerToCash, seed }

test('a day of homes is traded, delivered, settled, and agrees to the micro', async () => {
  const exchange = createInProcessExchange()
  const steps: Progress[] = []
  const summary = await runDay({ ...common, district: homes }, exchange, (one) => steps.push(one))
  deepEqual(summary.audit.differences, [])
  deepEqual(summary.audit.compared, {
    accounts: 4 + 17, intervals: 288, orders: summary.orders, readings: 17 * 289, ownFills: 0,
  })
  equal(summary.estimatedMeterIntervals, 0)
  deepEqual(summary.rejections, {})
  ok(summary.tradedWh > 50_000 && summary.tradedIntervals > 200)
  ok(summary.averagePriceMicrosPerKwh !== null)
  ok(summary.imbalanceWh > 0 && summary.imbalanceWh < 2 * summary.tradedWh)
  ok(summary.selfSupply > 0.3 && summary.selfSupply <= 1)
  deepEqual(summary.suspicion.suspects, [])
  equal(steps.filter(({ step }) => step === 'settled').length, 288)
  const sum = [...exchange.state.ledger.balances.values()].reduce((all, one) => all + one, 0n)
  equal(sum, 0n)
})

test('the same seed sends the same bytes, another seed others', async () => {
  const sent = async (withSeed: number): Promise<string> => {
    const hash = createHash('sha256')
    const inside = createInProcessExchange()
    const listening: Exchange = {
      ...inside,
      submitOrders(orders) {
        hash.update(JSON.stringify(orders))
        return inside.submitOrders(orders)
      },
      submitReadings(batch) {
        hash.update(JSON.stringify(batch))
        return inside.submitReadings(batch)
      },
    }
    await runDay({ ...common, seed: withSeed, district: firstIntervals(homes, 40) }, listening)
    return hash.digest('hex')
  }
  const first = await sent(seed)
  equal(await sent(seed), first)
  notEqual(await sent(seed + 1), first)
})

test('a flat tariff serves as well: batteries then follow the prices of the auction', async () => {
  const options = { ...common, district: homes, tariff: 'flat' } as const
  const summary = await runDay(options, createInProcessExchange())
  deepEqual(summary.audit.differences, [])
  ok(summary.batteryLossWh > 0)
})

test('no order knows what happens after the interval before the last', async () => {
  const turn = 30
  const ordersOf = async (district: District): Promise<readonly SignedOrder[]> => {
    const inside = createInProcessExchange()
    const sent: SignedOrder[] = []
    const listening: Exchange = {
      ...inside,
      submitOrders(orders) {
        sent.push(...orders)
        return inside.submitOrders(orders)
      },
    }
    await runDay({ ...common, district }, listening)
    return sent
  }
  const district = firstIntervals(homes, 40)
  const { loadWh, pvWh, priceMicrosPerKwh } = district.series
  const changed = (values: Int32Array): Int32Array =>
    values.map((value, k) => (k < turn ? value : value + 100 + k))
  const loads = loadWh.map(changed)
  const prices = priceMicrosPerKwh.map((price, k) => (k < turn ? price : price + 100_000))
  const series = { loadWh: loads, pvWh, priceMicrosPerKwh: prices }
  // Connections stay, so that nothing but the future differs.
  const other = await ordersOf({ ...district, series })
  const known = await ordersOf(district)
  const through = (orders: readonly SignedOrder[], n: number): readonly SignedOrder[] =>
    orders.filter(({ interval }) => interval <= firstIntervalOf(district) + n)
  deepEqual(through(other, turn + 1), through(known, turn + 1))
  notDeepEqual(through(other, turn + 2), through(known, turn + 2))
})

test('180 buildings trade for three hours and agree to the micro', async () => {
  const district = firstIntervals(seededDistrict({ seed }), 36)
  const summary = await runDay({ ...common, district }, createInProcessExchange())
  deepEqual(summary.audit.differences, [])
  equal(summary.sites, 180)
  deepEqual(summary.readings, { counted: 180 * 37 })
})

const corrected: FaultOptions = {
  late: { rate: 0.1, delayIntervals: 3 },
  duplicate: { rate: 0.1 },
  lost: { rate: 0.05, recoveredAfterIntervals: 20 },
}

test('late, doubled and recovered readings end in the balances of a clean day', async () => {
  const district = firstIntervals(homes, 120)
  const clean = createInProcessExchange()
  const faulty = createInProcessExchange()
  await runDay({ ...common, district }, clean)
  const summary = await runDay({ ...common, district, faults: corrected }, faulty)
  deepEqual(summary.audit.differences, [])
  ok((summary.readings.duplicate ?? 0) > 0 && (summary.readings.repeated ?? 0) > 0)
  ok(faulty.state.ledger.entries > clean.state.ledger.entries, 'corrections were posted')
  deepEqual(await faulty.balances(), await clean.balances())
})

test('an answer that is lost, so that everything is sent twice, changes nothing', async () => {
  const district = firstIntervals(homes, 60)
  const options = { ...common, district, faults: { duplicate: { rate: 0.1 } } }
  const inside = createInProcessExchange()
  const deaf: Exchange = {
    ...inside,
    async submitOrders(orders) {
      await inside.submitOrders(orders)
      return inside.submitOrders(orders)
    },
    async submitReadings(batch) {
      await inside.submitReadings(batch)
      return inside.submitReadings(batch)
    },
  }
  const summary = await runDay(options, deaf)
  deepEqual(summary.audit.differences, [])
  deepEqual(summary, await runDay(options, createInProcessExchange()))
})

test('lost readings are estimated, by the auditor as by the exchange', async () => {
  const faults: FaultOptions = { lost: { rate: 0.2 }, late: { rate: 0.2, delayIntervals: 5 } }
  const district = firstIntervals(homes, 150)
  const summary = await runDay({ ...common, district, faults }, createInProcessExchange())
  deepEqual(summary.audit.differences, [])
  ok(summary.estimatedMeterIntervals > 17 * 10)
})

test('the last readings lost: what is not known is estimated at the end', async () => {
  const exactly = [38, 39, 40].map((boundary) => ({ gateway: 0, boundary }))
  const district = firstIntervals(homes, 40)
  const faults = { lost: { exactly } }
  const summary = await runDay({ ...common, district, faults }, createInProcessExchange())
  deepEqual(summary.audit.differences, [])
  equal(summary.estimatedMeterIntervals, 17 * 3)
})

test('a lying meter is paid as it lies, and suspected', async () => {
  const faults: FaultOptions = { lying: { exactly: [4], percent: -15 } }
  const summary = await runDay({ ...common, district: homes, faults }, createInProcessExchange())
  deepEqual(summary.audit.differences, [])
  ok(summary.suspicion.missingWh > 0)
  deepEqual(summary.suspicion.suspectNames, ['home-5'])
  const found = summary.suspicion.suspects.find(({ register }) => register === 'import')
  equal(Math.round(found?.percent ?? 0), -15)
})

const planted: readonly (readonly [string, Pick<Engine, 'clear' | 'reconcile'>, RegExp])[] = [
  [
    'a price one micro too high',
    {
      clear(orders) {
        const clearing = clear(orders)
        if (clearing.price === null) return clearing
        return { ...clearing, price: MicrosPerKwh.from(clearing.price + 1n) }
      },
      reconcile,
    },
    /price/,
  ],
  [
    'a micro from one account to another',
    {
      clear,
      reconcile(input) {
        const { items, energy } = reconcile(input)
        const [first, second] = items.filter(({ meter }) => meter > 0)
        const moved = items.map((item) => {
          if (item === first) return { ...item, amount: Micros.from(item.amount - 1n) }
          if (item === second) return { ...item, amount: Micros.from(item.amount + 1n) }
          return item
        })
        return { items: moved, energy }
      },
    },
    /interval|balance/,
  ],
  [
    'a spread that is a hundredth of a per cent too small',
    {
      clear,
      reconcile: (input) =>
        reconcile({ ...input, spreadBasisPoints: input.spreadBasisPoints - 1 }),
    },
    /interval|balance/,
  ],
]

for (const [error, engine, about] of planted) {
  test(`the auditor finds ${error}`, async () => {
    const district = firstIntervals(homes, 120)
    const summary = await runDay({ ...common, district }, createInProcessExchange(engine))
    equal(summary.audit.agrees, false)
    ok(summary.audit.differences.some((one) => about.test(one.about)))
  })
}

test('a district and a rulebook that do not fit together are refused', async () => {
  const hourly = { ...openDerToCash, intervalSeconds: 3_600 }
  const options = { ...common, district: homes, rulebook: hourly }
  await rejects(runDay(options, createInProcessExchange()), /intervals of 300 s, the rulebook of/)
  const early = { ...common, district: homes, rulebook: { ...openDerToCash, gateLeadSeconds: 150 } }
  const refused = runDay(early, createInProcessExchange())
  await rejects(refused, /gateLeadSeconds is 150, must leave 180 s/)
})

test('what somebody breaks for a while is made good once it is whole again', async () => {
  const district = firstIntervals(homes, 40)
  let boundary = -1
  const live = async () => {
    boundary += 1
    return { isSilent: boundary >= 5 && boundary < 12, isLate: boundary >= 20 && boundary < 24 }
  }
  const whole = await runDay({ ...common, district }, createInProcessExchange())
  const broken = await runDay({ ...common, district, live }, createInProcessExchange())
  deepEqual(broken.audit.differences, [])
  equal(boundary, 40)
  ok(broken.estimatedMeterIntervals === 0, 'every reading came in the end')
  notEqual(JSON.stringify(broken.readings), JSON.stringify({ ...whole.readings, counted: 0 }))
})
