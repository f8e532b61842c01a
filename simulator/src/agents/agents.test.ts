/**
 * Goal: agents act on the past only, write orders that the market takes, and never make energy.
 * Method: two districts that differ only in the future must bring the same orders; properties over
 * batteries; a seeded day checked interval by interval against the energy balance.
 */
import { deepEqual, equal, notDeepEqual, ok } from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type District, seededDistrict, seededNeighbourhood } from '../scenario/index.ts'
import { chargeLimitWh, dischargeLimitWh, runBattery } from './battery.ts'
import { planBattery } from './battery-plan.ts'
import { createForecaster } from './forecast.ts'
import { type Knowledge, limitOnTick, quartiles } from './order-intent.ts'
import { createRetailerAgent } from './retailer-agent.ts'
import { createSiteAgent, type Flow } from './site-agent.ts'
import { tariffAt, tariffChanges } from './tariffs.ts'

const seed = Number(process.env.SEED ?? 1)
const intervalMs = 300_000
const rules = {
  priceMinMicrosPerKwh: -500_000,
  priceMaxMicrosPerKwh: 1_000_000,
  priceTickMicrosPerKwh: 10,
  orderEnergyMaxWh: 100_000_000,
  feeMicrosPerKwh: 500,
}

const knows = (changed: Partial<Knowledge> = {}): Knowledge => ({
  tariff: () => ({ retailMicrosPerKwh: 250_000, feedInMicrosPerKwh: 60_000 }),
  intervals: 288,
  lastPriceMicrosPerKwh: 150_000,
  recentPrices: null,
  wholesaleMicrosPerKwh: 80_000,
  ...changed,
})

test('a battery keeps within its limits and every watt-hour stays accounted for', () => {
  const scene = fc.record({
    capacityWh: fc.integer({ min: 0, max: 200_000 }),
    powerW: fc.integer({ min: 0, max: 100_000 }),
    efficiencyBasisPoints: fc.integer({ min: 5_000, max: 10_000 }),
    full: fc.double({ min: 0, max: 1, noNaN: true }),
    setpointWh: fc.integer({ min: -50_000, max: 50_000 }),
  })
  fc.assert(
    fc.property(scene, ({ full, setpointWh, ...battery }) => {
      const before = Math.floor(battery.capacityWh * full)
      const run = runBattery(battery, before, setpointWh, intervalMs)
      ok(run.storedWh >= 0 && run.storedWh <= battery.capacityWh)
      equal(before + run.chargedWh, run.storedWh + run.lostWh + run.dischargedWh)
      ok(run.chargedWh <= chargeLimitWh(battery, before, intervalMs))
      ok(run.dischargedWh <= dischargeLimitWh(battery, before, intervalMs))
      ok(run.chargedWh === 0 || run.dischargedWh === 0)
      ok(run.lostWh >= 0 && Object.values(run).every(Number.isInteger))
    }),
    { seed },
  )
})

test('what a battery does, by moment', () => {
  const battery = { capacityWh: 150_000, powerW: 75_000, efficiencyBasisPoints: 9_000 }
  const recent = { lower: 100_000, median: 150_000, upper: 200_000 }
  // stored, panels minus load, last price → firm, charged if bought, discharged if sold
  // Charging pays up to 200,000 × 0.9 / 1.1.
  const cases: readonly (readonly [number, number, number, number, number, number])[] = [
    [75_000, 4_000, 150_000, 4_000, 0, 0],
    [149_100, 4_000, 150_000, 1_000, 0, 0],
    [75_000, -4_000, 200_000, -4_000, 0, 2_250],
    [75_000, -40_000, 200_000, -6_250, 0, 0],
    [75_000, -4_000, 100_000, 0, 6_250, 0],
    [75_000, -4_000, 149_000, 0, 0, 0],
    [75_000, -4_000, 160_000, -4_000, 0, 0],
    [0, -4_000, 250_000, 0, 0, 0],
  ]
  for (const [stored, balance, last, firmWh, chargeIfBoughtWh, dischargeIfSoldWh] of cases) {
    const knowledge = knows({ lastPriceMicrosPerKwh: last, recentPrices: recent })
    const plan = planBattery(battery, stored, balance, 100, knowledge, intervalMs)
    const { chargeWorthMicrosPerKwh: worth } = plan
    equal(Math.round(worth), chargeIfBoughtWh > 0 ? 163_636 : 0)
    const got = [plan.firmWh, plan.chargeIfBoughtWh, plan.dischargeIfSoldWh].map((wh) => wh + 0)
    deepEqual(got, [firmWh, chargeIfBoughtWh, dischargeIfSoldWh])
  }
})

test('a battery waits in the valley of the tariff for its peak', () => {
  const battery = { capacityWh: 6_400, powerW: 5_000, efficiencyBasisPoints: 9_000 }
  const tariff = (k: number) => ({
    retailMicrosPerKwh: k >= 192 && k < 252 ? 500_000 : 210_000,
    feedInMicrosPerKwh: 60_000,
  })
  const valley = planBattery(battery, 3_000, -100, 100, knows({ tariff }), intervalMs)
  deepEqual([valley.firmWh, valley.chargeIfBoughtWh, valley.dischargeIfSoldWh], [0, 416, 0])
  const peak = planBattery(battery, 3_000, -100, 200, knows({ tariff }), intervalMs)
  deepEqual([peak.firmWh, peak.chargeIfBoughtWh, peak.dischargeIfSoldWh], [-100, 0, 150])
})

test('limits lie on the tick, on the safe side, within the bounds', () => {
  equal(limitOnTick('buy', 123_456, rules), 123_450)
  equal(limitOnTick('sell', 123_456, rules), 123_460)
  equal(limitOnTick('sell', -5, rules), 0)
  equal(limitOnTick('buy', -5, rules), -10)
  equal(limitOnTick('buy', 9e9, rules), 1_000_000)
  equal(quartiles([1, 2, 3]), null)
  const hundred = Array.from({ length: 101 }, (_, i) => 100 - i)
  deepEqual(quartiles(hundred), { lower: 25, median: 50, upper: 75 })
})

test('orders depend on nothing that happens after the interval before the last', () => {
  const district = seededNeighbourhood({ seed })
  for (const turn of [2, 60, 150]) {
    const past = dayOf(district, turn)
    const other = dayOf(withOtherFuture(district, turn - 1), turn)
    deepEqual(other.orders, past.orders)
  }
  notDeepEqual(dayOf(withOtherFuture(district, 100), 150).orders, dayOf(district, 150).orders)
})

test('every order is one that the market takes, on one side, between the tariffs', () => {
  const { orders } = dayOf(seededDistrict({ seed }), 288)
  ok(orders.length > 180 * 280)
  const fee = rules.feeMicrosPerKwh
  for (const { side, energyWh, limitMicrosPerKwh } of orders) {
    ok(Number.isInteger(energyWh) && energyWh > 0)
    ok(limitMicrosPerKwh % 10 === 0)
    ok(limitMicrosPerKwh >= 60_000 + fee && limitMicrosPerKwh <= 250_000 - fee)
    ok(side === 'buy' || side === 'sell')
  }
})

test('import minus export is load minus panels plus what the battery took', () => {
  const district = seededNeighbourhood({ seed })
  const { flows, stored } = dayOf(district, 288)
  for (const { flow, loadWh, pvWh } of flows) {
    const { importWh, exportWh, chargedWh, dischargedWh, curtailedWh } = flow
    equal(importWh - exportWh, loadWh - pvWh + curtailedWh + chargedWh - dischargedWh)
    ok(importWh === 0 || exportWh === 0)
  }
  const sum = (pick: (flow: Flow) => number): number =>
    flows.reduce((total, { flow }) => total + pick(flow), 0)
  ok(sum((flow) => flow.dischargedWh) > 17 * 3_000, 'batteries are used')
  const began = 17 * 3_200
  const ended = stored.reduce((total, one) => total + one, 0)
  equal(began + sum((flow) => flow.chargedWh), ended + sum((f) => f.dischargedWh + f.lostWh))
})

test('forecasts are useful, and wrong', () => {
  const district = seededDistrict({ seed })
  let missed = 0
  let total = 0
  district.sites.forEach((site, i) => {
    const forecaster = createForecaster({
      seed, name: site.name, intervalsPerDay: 288, wattHoursMax: 1e9,
    })
    const loads = district.series.loadWh[i] ?? new Int32Array(0)
    equal(forecaster.expect(2), null)
    loads.forEach((load, k) => {
      const expected = k < 2 ? null : forecaster.expect(2)
      if (k >= 2) forecaster.observe(loads[k - 2] ?? 0)
      if (expected === null) return
      missed += Math.abs(expected - load)
      total += load
    })
  })
  ok(missed / total > 0.01 && missed / total < 0.15, `${missed / total}`)
})

test('the retailer buys and sells all there is at its tariff, and a part of it cheaper', () => {
  const retailer = createRetailerAgent({ rules, importMaxWh: 9_000, exportMaxWh: 4_000 })
  deepEqual(retailer.decide(0, knows()), [
    { side: 'sell', energyWh: 9_000, limitMicrosPerKwh: 250_000 },
    { side: 'buy', energyWh: 4_000, limitMicrosPerKwh: 60_000 },
  ])
  retailer.observe({ importWh: 1_000, exportWh: 0 })
  retailer.observe({ importWh: 3_000, exportWh: 0 })
  const ladder = retailer.decide(1, knows()).slice(0, -2)
  equal(ladder.length, 12)
  // A half of the way to the end of the ladder is an eighth of the way to the tariff.
  deepEqual(ladder[5], { side: 'sell', energyWh: 200, limitMicrosPerKwh: 101_250 })
  deepEqual(ladder[11], { side: 'sell', energyWh: 200, limitMicrosPerKwh: 250_000 })
})

test('a tariff is announced once per change; a flat one is the mean of the day', () => {
  const district = seededDistrict({ seed })
  const changes = tariffChanges(district, 'time-of-use')
  deepEqual(changes.map((change) => change.from), [0, 84, 192, 252, 276])
  equal(tariffAt(changes, 200).retailMicrosPerKwh, 330_000)
  const [flat, ...more] = tariffChanges(district, 'flat')
  equal(more.length, 0)
  // (8 h at 190 + 11 h at 250 + 5 h at 330) / 24 = 246.667
  equal(flat?.tariff.retailMicrosPerKwh, 246_670)
})

function withOtherFuture(district: District, from: number): District {
  const changed = (values: Int32Array): Int32Array =>
    values.map((value, k) => (k < from ? value : (value * 7 + k) % 5_000))
  const { loadWh, pvWh, priceMicrosPerKwh } = district.series
  const series = { loadWh: loadWh.map(changed), pvWh: pvWh.map(changed), priceMicrosPerKwh }
  return { ...district, series }
}

/** Runs all agents up to the decision for interval `turn`; every other order is filled. */
function dayOf(district: District, turn: number) {
  const orders: { side: string; energyWh: number; limitMicrosPerKwh: number }[] = []
  const flows: { flow: Flow; loadWh: number; pvWh: number }[] = []
  const stored: number[] = []
  district.sites.forEach((site, i) => {
    const agent = createSiteAgent({ site, seed, intervalMs, rules })
    for (let n = 0; n <= turn; n += 1) {
      if (n < district.intervals) {
        const made = agent.decide(n, knows())
        orders.push(...made)
        agent.filled(n, made.map((order, k) => (k % 2 === 0 ? order.energyWh : 0)))
      }
      if (n === 0 || (n === turn && turn < district.intervals)) continue
      const loadWh = district.series.loadWh[i]?.[n - 1] ?? 0
      const pvWh = district.series.pvWh[i]?.[n - 1] ?? 0
      flows.push({ flow: agent.deliver(n - 1, { loadWh, pvWh }), loadWh, pvWh })
    }
    stored.push(agent.storedWh())
  })
  return { orders, flows, stored }
}
