/**
 * Goal: what is set aside for an order is never less than what it can cost, and never grows once
 * the price is known.
 * Method: a property that plays out any fills, prices and meter readings within their limits and
 * compares the money that the reconciliation takes with what was set aside. Replay: `SEED=…`.
 */
import { equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { connectionWattHours, plausibleTenths } from '../metering/index.ts'
import type { Meter, Tariff } from '../registry/index.ts'
import { derToCash, type Rulebook } from '../rulebook/index.ts'
import { type MeterPosition, reconcile } from '../settlement/index.ts'
import { Micros, MicrosPerKwh, WattHours } from '../units/index.ts'
import { type MeterExposure, worstCase } from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const runs = { numRuns: Number(process.env.RUNS ?? 2_000), ...replay }

const price = (value: number | bigint): MicrosPerKwh => MicrosPerKwh.from(BigInt(value))
const energy = (value: number | bigint): WattHours => WattHours.from(BigInt(value))

const meterOf = (kind: Meter['kind'], importWattsMax: number, exportWattsMax: number): Meter => ({
  meter: 0, name: 'm', kind, account: 6, zone: 0, gateway: null, importWattsMax, exportWattsMax,
  digits: 9,
})

const rulebookOf = (spreadBasisPoints: number, feeMicrosPerKwh: number): Rulebook => ({
  ...derToCash,
  feeMicrosPerKwh,
  reconciliation: {
    policy: 'balancing-authority',
    spreadBasisPoints,
    overDeviationBasisPoints: feeMicrosPerKwh,
  },
})

/** The most a meter can show in one direction that intake believes. */
const mostWh = (watts: number): bigint =>
  (connectionWattHours(watts, derToCash.intervalSeconds) * plausibleTenths) / 10n

/** What the account paid for one meter; the trades' other side is somebody else's. */
function costOf(
  { meter, tariff }: MeterExposure,
  rulebook: Rulebook,
  outcome: Outcome,
): bigint {
  const { bought, sold } = outcome
  const physical = meter.kind === 'physical'
  const own: MeterPosition = {
    meter: 0,
    account: 6,
    kind: meter.kind,
    bought,
    sold,
    tradeBought: WattHours.zero,
    tradeSold: WattHours.zero,
    imported: physical ? outcome.imported : WattHours.zero,
    exported: physical ? outcome.exported : WattHours.zero,
    retailer: physical ? 4 : null,
    tariff: physical ? tariff : null,
  }
  const other: MeterPosition = {
    ...own, meter: 1, account: 9, kind: 'virtual', bought: sold, sold: bought,
    imported: WattHours.zero, exported: WattHours.zero, retailer: null, tariff: null,
  }
  const { items } = reconcile({
    price: outcome.price,
    meters: [own, other],
    balancingAuthority: 5,
    spreadBasisPoints: rulebook.reconciliation.spreadBasisPoints,
    overDeviationBasisPoints: rulebook.reconciliation.overDeviationBasisPoints,
    feeMicrosPerKwh: price(rulebook.feeMicrosPerKwh),
    isRetailBilled: rulebook.reconciliation.policy === 'retailer-bill',
  })
  return -items.reduce((sum, item) => (item.account === 6 ? sum + item.amount : sum), 0n)
}

type Outcome = {
  readonly price: MicrosPerKwh | null
  readonly bought: WattHours
  readonly sold: WattHours
  readonly imported: WattHours
  readonly exported: WattHours
}

/** A number from `min` to `max`, at an end as often as anywhere between. */
const between = (min: number, max: number): fc.Arbitrary<number> =>
  fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max }))

const scenario = fc
  .tuple(between(-500_000, 900_000), between(0, 500_000))
  .chain(([min, width]) => {
    const max = min + width
    const order = fc.record({
      side: fc.constantFrom('buy' as const, 'sell' as const),
      energyWh: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 2_000 })),
      limit: between(min, max),
      /** Of what the price allows, in thousandths. */
      filled: between(0, 1_000),
    })
    return fc.record({
      min: fc.constant(min),
      max: fc.constant(max),
      clearing: fc.option(between(min, max), { nil: null, freq: 8 }),
      orders: fc.array(order, { minLength: 1, maxLength: 5 }),
      kind: fc.constantFrom<Meter['kind'][]>('physical', 'physical', 'virtual'),
      importWatts: fc.constantFrom(0, 100, 12_000),
      exportWatts: fc.constantFrom(0, 100, 6_000),
      imported: between(0, 1_000),
      exported: between(0, 1_000),
      spread: fc.constantFrom(0, 1, 1_000, 10_000, 15_000, 100_000),
      fee: fc.constantFrom(0, 500, 90_001),
      retail: between(-900_000, 900_000),
      feedIn: between(-900_000, 900_000),
    })
  })

type Scenario = typeof scenario extends fc.Arbitrary<infer Value> ? Value : never

function playOut(one: Scenario): { exposure: MeterExposure; outcome: Outcome; fills: bigint[] } {
  const tariff: Tariff = { retail: price(one.retail), feedIn: price(one.feedIn) }
  const meter = meterOf(one.kind, one.importWatts, one.exportWatts)
  const orders = one.orders.map(({ side, energyWh, limit }) => ({
    side, energy: energy(energyWh), limit: price(limit),
  }))
  const { clearing } = one
  const fills = one.orders.map(({ side, energyWh, limit, filled }) => {
    const allowed = clearing !== null && (side === 'buy' ? limit >= clearing : limit <= clearing)
    return allowed ? BigInt(Math.floor((energyWh * filled) / 1_000)) : 0n
  })
  const sum = (side: 'buy' | 'sell'): WattHours =>
    energy(fills.reduce((all, fill, i) => (one.orders[i]?.side === side ? all + fill : all), 0n))
  const part = (most: bigint, thousandths: number): WattHours =>
    energy((most * BigInt(thousandths)) / 1_000n)
  const outcome = {
    price: clearing === null ? null : price(clearing),
    bought: sum('buy'),
    sold: sum('sell'),
    imported: part(mostWh(one.importWatts), one.imported),
    exported: part(mostWh(one.exportWatts), one.exported),
  }
  return { exposure: { meter, tariff, orders }, outcome, fills }
}

describe('what is set aside', () => {
  test('covers the cost of every outcome, and shrinks when the price is known', () => {
    fc.assert(
      fc.property(scenario, (one) => {
        const { exposure, outcome } = playOut(one)
        const rulebook = rulebookOf(one.spread, one.fee)
        const before = worstCase(exposure, rulebook, price(one.min), price(one.max))
        const cost = costOf(exposure, rulebook, outcome)
        ok(cost <= before, `costs ${cost}, set aside ${before}`)
        if (outcome.price === null || outcome.bought + outcome.sold === 0n) return
        const contract = [
          { side: 'buy' as const, energy: outcome.bought, limit: outcome.price },
          { side: 'sell' as const, energy: outcome.sold, limit: outcome.price },
        ].filter((fill) => fill.energy > 0n)
        const known = { ...exposure, orders: contract }
        const after = worstCase(known, rulebook, outcome.price, outcome.price)
        ok(cost <= after, `costs ${cost}, set aside after the gate ${after}`)
        ok(after <= before, `${after} after the gate, ${before} before`)
      }),
      runs,
    )
  })

  test('shrinks with every order taken back', () => {
    fc.assert(
      fc.property(scenario, fc.nat(4), (one, index) => {
        const { exposure } = playOut(one)
        const rulebook = rulebookOf(one.spread, one.fee)
        const [min, max] = [price(one.min), price(one.max)]
        const orders = exposure.orders.filter((_, i) => i !== index % exposure.orders.length)
        const fewer = worstCase({ ...exposure, orders }, rulebook, min, max)
        ok(fewer <= worstCase(exposure, rulebook, min, max))
      }),
      runs,
    )
  })
})

describe('by example', () => {
  const [min, max] = [price(-500_000), price(1_000_000)]
  const tariff: Tariff = { retail: price(300_000), feedIn: price(60_000) }
  const order = (side: 'buy' | 'sell', wattHours: number, limit: number) => ({
    side, energy: energy(wattHours), limit: price(limit),
  })

  test('nothing is set aside without orders', () => {
    const meter = meterOf('physical', 12_000, 6_000)
    equal(worstCase({ meter, tariff, orders: [] }, rulebookOf(1_000, 500), min, max), 0n)
  })

  test('a virtual meter sets aside buys at their limits, sells below zero, and the fee', () => {
    const meter = meterOf('virtual', 12_000, 6_000)
    const orders = [order('buy', 500, 200_000), order('sell', 100, -50_000), order('sell', 1, 9)]
    // 100,000 for the buy, 5,000 for the sell, 301 for 601 Wh at 500 a kWh, 8 for rounding.
    equal(worstCase({ meter, tariff, orders }, rulebookOf(1_000, 500), min, max), 105_309n)
  })

  test('a physical meter sets aside what its connection can take at the highest price', () => {
    const meter = meterOf('physical', 12_000, 6_000)
    const orders = [order('sell', 400, 0)]
    // 1,200 Wh at 1,100,000; 400 Wh missed at 10 % of 1,000,000; the fee of 200; 8 for rounding.
    const expected = 1_320_000n + 40_000n + 200n + 8n
    equal(worstCase({ meter, tariff, orders }, rulebookOf(1_000, 500), min, max), expected)
  })

  test('with a spread above 100 % the lowest price is the dearest to be short at', () => {
    const meter = meterOf('physical', 12_000, 0)
    const orders = [order('sell', 400, -500_000)]
    const one = { meter, tariff: { retail: price(0), feedIn: price(0) }, orders }
    // Short at −500,000 with 1,000 %: 4,500,000 a kWh for 1,200 Wh.
    ok(worstCase(one, rulebookOf(100_000, 0), min, price(0)) >= 5_400_000n)
  })

  test('more than any account can hold is as much as none does', () => {
    const meter = meterOf('physical', 10_000_000_000, 0)
    const orders = [order('buy', 1, 0)]
    const rulebook = { ...rulebookOf(1_000, 0), intervalSeconds: 86_400 }
    const max = price(9n * 10n ** 11n)
    equal(worstCase({ meter, tariff, orders }, rulebook, price(0), max), Micros.max)
  })
})
