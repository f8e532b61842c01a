/**
 * Goal: whatever was traded and metered, money and energy are conserved, both reconciliations agree
 * line by line, rounding never pays anybody, and the way to the last run does not matter.
 * Method: properties over random intervals whose trades balance, with prices and energies near zero
 * as often as large ones. Replay one failure with `SEED=…`.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Micros, MicrosPerKwh, WattHours } from '../units/index.ts'
import {
  applyDifference,
  difference,
  type MeterPosition,
  netOf,
  type Posted,
  reconcile,
  reconcileNaive,
  type ReconciliationInput,
  type SettlementItem,
} from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const runs = { numRuns: Number(process.env.RUNS ?? 400), ...replay }

const energy = fc.oneof(fc.nat(10), fc.nat(5_000), fc.nat(100_000_000)).map(BigInt)
const price = fc
  .oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -500_000, max: 1_000_000 }))
  .map((value) => MicrosPerKwh.from(BigInt(value)))

const site = fc.record({
  account: fc.integer({ min: 6, max: 12 }),
  kind: fc.constantFrom('physical' as const, 'physical' as const, 'virtual' as const),
  bought: energy,
  sold: energy,
  imported: energy,
  exported: energy,
  /** In percent of what the meter shows: what its contracts get of it. */
  inTrades: fc.constantFrom(0, 0, 33, 100),
  retailer: fc.constantFrom(3, 4),
  retail: price,
  feedIn: price,
})

/** An interval whose trades balance: a virtual meter takes or gives what is left over. */
const interval = fc
  .record({
    price: fc.option(price, { nil: null, freq: 6 }),
    sites: fc.array(site, { maxLength: 12 }),
    spreadBasisPoints: fc.constantFrom(0, 1, 1_000, 10_000, 25_000),
    overDeviationBasisPoints: fc.constantFrom(0, 1, 2_000, 10_000, 1_000_000),
    feeMicrosPerKwh: fc.constantFrom(0n, 1n, 500n).map(MicrosPerKwh.from),
    isRetailBilled: fc.boolean(),
  })
  .map((wanted): ReconciliationInput => {
    const traded = wanted.price !== null
    const meters = wanted.sites.map((one, meter) => positionOf(one, meter, traded))
    const sum = (of: 'bought' | 'sold'): bigint => meters.reduce((all, one) => all + one[of], 0n)
    const [bought, sold] = [sum('bought'), sum('sold')]
    meters.push({
      meter: meters.length,
      account: 3,
      kind: 'virtual',
      bought: WattHours.from(sold > bought ? sold - bought : 0n),
      sold: WattHours.from(bought > sold ? bought - sold : 0n),
      tradeBought: WattHours.zero,
      tradeSold: WattHours.zero,
      imported: WattHours.zero,
      exported: WattHours.zero,
      retailer: null,
      tariff: null,
    })
    const { sites: _sites, ...rules } = wanted
    return { ...rules, meters, balancingAuthority: 5 }
  })

type Site = typeof site extends fc.Arbitrary<infer Value> ? Value : never

function positionOf(one: Site, meter: number, traded: boolean): MeterPosition {
  const physical = one.kind === 'physical'
  const of = (value: bigint, counts: boolean): WattHours => WattHours.from(counts ? value : 0n)
  return {
    meter,
    account: one.account,
    kind: one.kind,
    bought: of(one.bought, traded),
    sold: of(one.sold, traded),
    tradeBought: of((one.imported * BigInt(one.inTrades)) / 100n, physical),
    tradeSold: of((one.exported * BigInt(one.inTrades)) / 100n, physical),
    imported: of(one.imported, physical),
    exported: of(one.exported, physical),
    retailer: physical ? one.retailer : null,
    tariff: physical ? { retail: one.retail, feedIn: one.feedIn } : null,
  }
}

/** What a meter pays for, at a price above zero; for the rest it is paid. */
const paying: ReadonlySet<string> = new Set([
  'auction_buy', 'exchange_fee', 'under_production', 'over_consumption', 'retail_import',
])

const sumOf = (items: readonly { readonly amount: bigint }[]): bigint =>
  items.reduce((sum, item) => sum + item.amount, 0n)

describe('a reconciliation', () => {
  test('creates no money and leaves no watt-hour without an owner', () => {
    fc.assert(
      fc.property(interval, (input) => {
        const { items, energy: balance } = reconcile(input)
        equal(sumOf(items), 0n)
        equal(balance.unexplained, 0n)
        const physical = input.meters.filter((meter) => meter.kind === 'physical')
        equal(balance.injected, physical.reduce((sum, meter) => sum + meter.exported, 0n))
        equal(balance.consumed, physical.reduce((sum, meter) => sum + meter.imported, 0n))
      }),
      runs,
    )
  })

  test('gives each meter exactly the energy it showed, in one place each', () => {
    fc.assert(
      fc.property(interval, (input) => {
        // Of what is the retailer's to bill there are no lines: then only that is left over.
        const { items } = reconcile({ ...input, isRetailBilled: false })
        for (const meter of input.meters.filter((one) => one.kind === 'physical')) {
          const of = (reason: string): bigint =>
            items
              .filter((item) => item.meter === meter.meter && item.reason === reason)
              .reduce((sum, item) => sum + item.energy, 0n)
          const out = of('auction_sell') + of('over_production') + of('under_consumption')
          const into = of('auction_buy') + of('over_consumption') + of('under_production')
          const retail = of('retail_export') - of('retail_import')
          const ofTrades = meter.tradeSold - meter.tradeBought
          equal(out - into + retail + ofTrades, meter.exported - meter.imported)
        }
      }),
      runs,
    )
  })

  test('posts nothing of what the retailer bills itself, and nothing else changes', () => {
    fc.assert(
      fc.property(interval, (input) => {
        const posted = reconcile({ ...input, isRetailBilled: false })
        const billed = reconcile({ ...input, isRetailBilled: true })
        const isOther = ({ reason }: SettlementItem): boolean =>
          !/^retail_/.test(reason) && reason !== 'rounding'
        deepEqual(billed.items.filter(isOther), posted.items.filter(isOther))
        equal(billed.items.some(({ reason }) => reason.startsWith('retail_')), false)
        deepEqual(billed.energy, posted.energy)
      }),
      runs,
    )
  })

  test('is the same from both implementations, item for item and in the same order', () => {
    fc.assert(
      fc.property(interval, (input) => {
        deepEqual(reconcile(input), reconcileNaive(input))
      }),
      runs,
    )
  })

  test('names each account, meter, trade, reason and price once', () => {
    fc.assert(
      fc.property(interval, (input) => {
        const keys = reconcile(input).items.map(keyOf)
        equal(new Set(keys).size, keys.length)
      }),
      runs,
    )
  })

  test('rounds less than a micro a line, always to the rounding account', () => {
    fc.assert(
      fc.property(interval, (input) => {
        const { items } = reconcile(input)
        const residue = items.find((item) => item.account === 0)?.amount ?? 0n
        ok(residue >= 0n && residue <= 6n * BigInt(input.meters.length))
        for (const item of items) {
          if (item.meter === -1) continue
          const exact = item.price * item.energy * (paying.has(item.reason) ? -1n : 1n)
          const residual = exact - item.amount * 1_000n
          ok(residual >= 0n && residual < 1_000n, `${item.reason} is off by ${residual}`)
        }
      }),
      runs,
    )
  })

  test('costs who deviates, against having delivered to the watt-hour', () => {
    const deviation = fc.record({ sold: energy, metered: energy, price, spread: fc.nat(10_000) })
    fc.assert(
      fc.property(deviation, ({ sold, metered, price: at, spread }) => {
        const input = (exported: bigint): ReconciliationInput => ({
          price: at,
          balancingAuthority: 5,
          spreadBasisPoints: spread,
          // Beyond a band the tariff counts, which no price says anything about.
          overDeviationBasisPoints: 10 ** 15,
          feeMicrosPerKwh: MicrosPerKwh.zero,
          isRetailBilled: false,
          meters: [
            positionOf(siteWith({ sold, exported }), 0, true),
            { ...positionOf(siteWith({ bought: sold }), 1, true), kind: 'virtual' },
          ],
        })
        const paid = (exported: bigint): bigint =>
          sumOf(reconcile(input(exported)).items.filter((item) => item.account === 6))
        // What was not delivered could have been sold, what was over could have been traded.
        if (sold > 0n) ok((paid(metered) - paid(sold)) * 1_000n <= (metered - sold) * at)
      }),
      runs,
    )
  })
})

const siteWith = (change: Partial<Site>): Site => ({
  account: 6, kind: 'physical', bought: 0n, sold: 0n, imported: 0n, exported: 0n, inTrades: 0,
  retailer: 4, retail: MicrosPerKwh.zero, feedIn: MicrosPerKwh.zero, ...change,
})

describe('rounding', () => {
  test('n tiny meters are never paid more, nor pay less, than one with the energy of all', () => {
    const split = fc.record({ parts: fc.array(fc.nat(20), { minLength: 1, maxLength: 30 }), price })
    fc.assert(
      fc.property(split, fc.boolean(), ({ parts, price: at }, buys) => {
        const net = (energies: readonly number[]): bigint => {
          const total = BigInt(energies.reduce((sum, part) => sum + part, 0))
          const meters = energies.map((part, meter) => {
            const traded = buys ? { bought: BigInt(part) } : { sold: BigInt(part) }
            const metered = buys ? { imported: BigInt(part) } : { exported: BigInt(part) }
            return positionOf(siteWith({ ...traded, ...metered }), meter, true)
          })
          const other = buys ? { sold: total } : { bought: total }
          const shop = positionOf(siteWith({ ...other, account: 9 }), meters.length, true)
          const { items } = reconcile({
            price: at,
            meters: [...meters, { ...shop, kind: 'virtual', retailer: null, tariff: null }],
            balancingAuthority: 5,
            spreadBasisPoints: 1_000,
            overDeviationBasisPoints: 0,
            feeMicrosPerKwh: MicrosPerKwh.from(7n),
            isRetailBilled: false,
          })
          return sumOf(items.filter((item) => item.account === 6))
        }
        ok(net(parts) <= net([parts.reduce((sum, part) => sum + part, 0)]))
      }),
      runs,
    )
  })
})

const keyOf = (item: SettlementItem): string =>
  `${item.account}/${item.meter}/${item.trade}/${item.reason}/${item.price}`

const standing = (posted: Posted): Map<string, { energy: bigint; amount: bigint }> =>
  new Map([...posted].sort(([a], [b]) => (a < b ? -1 : 1)))

const worthPosting = (items: readonly SettlementItem[]): SettlementItem[] =>
  items.filter((item) => item.amount !== 0n || item.energy !== 0n)

describe('runs', () => {
  test('of a correction post the difference, and take back what no longer holds', () => {
    const posted: Posted = new Map()
    const item = (reason: 'over_production' | 'under_production', amount: bigint): SettlementItem =>
      ({
        account: 6, meter: 1, trade: 0, reason, energy: 10n, price: MicrosPerKwh.from(5n),
        amount: amount as SettlementItem['amount'],
      })
    applyDifference(posted, difference(posted, [item('over_production', 40n)]))
    deepEqual(difference(posted, [item('over_production', 40n)]), [])
    const correction = difference(posted, [item('under_production', -30n)])
    deepEqual(
      correction.map(({ reason, energy: wattHours, amount }) => [reason, wattHours, amount]),
      [['under_production', 10n, -30n], ['over_production', -10n, -40n]],
    )
    deepEqual(netOf(correction), [{ account: 6, amount: -70n }])
    applyDifference(posted, correction)
    deepEqual([...posted.keys()], ['6/1/0/under_production/5'])
  })

  test('keep the trades of one meter apart, also where one is taken back', () => {
    const posted: Posted = new Map()
    const sale = (trade: number, energy: bigint): SettlementItem => ({
      account: 6, meter: 1, trade, reason: 'trade_sell', energy,
      price: MicrosPerKwh.from(1_000n), amount: Micros.from(energy),
    })
    applyDifference(posted, difference(posted, [sale(3, 10n), sale(12, 5n)]))
    const correction = difference(posted, [sale(12, 7n)])
    deepEqual(
      correction.map(({ meter, trade, reason, energy: wattHours, amount }) =>
        [meter, trade, reason, wattHours, amount]),
      [[1, 12, 'trade_sell', 2n, 2n], [1, 3, 'trade_sell', -10n, -10n]],
    )
  })

  test('step by step end where one run would have ended', () => {
    fc.assert(
      fc.property(fc.array(interval, { minLength: 1, maxLength: 5 }), (inputs) => {
        const stepwise: Posted = new Map()
        const paid = new Map<number, bigint>()
        for (const input of inputs) {
          const items = difference(stepwise, reconcile(input).items)
          equal(sumOf(items), 0n)
          for (const { account, amount } of netOf(items)) {
            paid.set(account, (paid.get(account) ?? 0n) + amount)
          }
          applyDifference(stepwise, items)
        }
        const last = inputs.at(-1)
        ok(last !== undefined)
        const target = reconcile(last).items
        const atOnce: Posted = new Map()
        applyDifference(atOnce, difference(atOnce, target))
        deepEqual(standing(stepwise), standing(atOnce))
        for (const { account, amount } of netOf(target)) equal(paid.get(account), amount)
        equal(atOnce.size, worthPosting(target).length)
        deepEqual(difference(stepwise, target), [])
      }),
      runs,
    )
  })
})
