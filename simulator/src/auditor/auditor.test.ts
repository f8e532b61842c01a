/**
 * Goal: the auditor is right, is independent, and notices.
 * Method: cases worked out by hand; the core as a second opinion on random markets (only this test
 * imports it); and planted errors, of which each must be reported where it was made.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { clear } from '@busbar/core/clearing'
import { emptyReadings, meteredEnergy, takeReading } from '@busbar/core/metering'
import { reconcile } from '@busbar/core/settlement'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import fc from 'fast-check'
import { deviationPrices, worthDown, worthUp } from './arithmetic.ts'
import { createAuditor } from './auditor.ts'
import { checkClearing, fillsAt, priceOf } from './clearing-check.ts'
import { suspectMeters } from './lying-meters.ts'
import { energies, enter, type MeterBook } from './metered-energy.ts'
import type { AuditedMeter, AuditTerms, ObservedOrder } from './observations.ts'
import { intervalNets } from './settlement-books.ts'

const seed = Number(process.env.SEED ?? 1)

const site: AuditedMeter = {
  meter: 1, account: 8, kind: 'physical', digits: 6, retailer: 5, fromInterval: 0,
}
const desk: AuditedMeter = {
  meter: 0, account: 5, kind: 'virtual', digits: 9, retailer: null, fromInterval: 0,
}
const terms: AuditTerms = {
  feeMicrosPerKwh: 500,
  spreadBasisPoints: 1_000,
  overDeviationBasisPoints: 10_000,
  roundingAccount: 0,
  feesAccount: 1,
  balancingAuthority: 6,
  meters: [desk, site],
  tariffs: [
    { retailer: 5, fromInterval: 0, retailMicrosPerKwh: 300_000, feedInMicrosPerKwh: 60_000 },
  ],
}

/** Nobody's own: what commitments are made of, from those who made it. */
const hashes = new Set(['@noble/hashes/sha3.js', '@zkpassport/poseidon2'])

test('the auditor imports nothing of what it checks', () => {
  const folder = import.meta.dirname
  const sources = readdirSync(folder).filter((name) => !name.endsWith('.test.ts'))
  ok(sources.length > 5)
  for (const name of sources) {
    const text = readFileSync(join(folder, name), 'utf8')
    for (const [, from = ''] of text.matchAll(/from '([^']+)'/g)) {
      ok(from.startsWith('./') || hashes.has(from), `${name} imports ${from}`)
    }
  }
})

test('what a meter does beyond, short of, or without its contract', () => {
  // bought, sold, imported, exported → micros of the site, at 100,001: short 110,002, over 90,000.
  const cases: readonly (readonly [string, number, number, number, number, bigint])[] = [
    ['as sold', 0, 333, 0, 333, 33_300n - 167n],
    ['over-production', 0, 333, 0, 400, 33_300n - 167n + 6_030n],
    ['far over-production', 0, 333, 0, 700, 33_300n - 167n + 29_970n + 2_040n],
    ['under-production', 0, 333, 0, 300, 33_300n - 167n - 3_631n],
    ['sold, but imports', 0, 333, 7, 0, 33_300n - 167n - 36_631n - 2_100n],
    ['as bought', 333, 0, 333, 0, -33_301n - 167n],
    ['over-consumption', 333, 0, 400, 0, -33_301n - 167n - 7_371n],
    ['far over-consumption', 333, 0, 700, 0, -33_301n - 167n - 36_631n - 10_200n],
    ['under-consumption', 333, 0, 300, 0, -33_301n - 167n + 2_970n],
    ['bought, but exports', 333, 0, 0, 7, -33_301n - 167n + 29_970n + 420n],
    ['no contract, imports', 0, 0, 7, 0, -2_100n],
    ['no contract, exports', 0, 0, 0, 7, 420n],
  ]
  for (const [name, bought, sold, imported, exported, expected] of cases) {
    const contract = { boughtWh: BigInt(bought), soldWh: BigInt(sold) }
    const energy = { importWh: BigInt(imported), exportWh: BigInt(exported), measured: true }
    const nets = intervalNets(terms, 0, 100_001n, [{ meter: site, contract, energy }])
    equal(nets.get(8), expected, name)
    equal([...nets.values()].reduce((sum, amount) => sum + amount, 0n), 0n)
  }
})

test('rounding favours nobody who is counted, at negative prices too', () => {
  deepEqual([worthDown(-7n, 100n), worthUp(-7n, 100n)], [-1n, 0n])
  deepEqual([worthDown(1n, 999n), worthUp(1n, 1_001n)], [0n, 2n])
  deepEqual(deviationPrices(-100n, 1_000), { short: -90n, over: -110n })
  deepEqual(deviationPrices(101n, 1_000), { short: 112n, over: 90n })
})

test('energy between, after and before readings, and over a roll-over', () => {
  const book: MeterBook = { digits: 4, byBoundary: new Map() }
  const read = (boundary: number, importWh: number): string =>
    enter(book, { meter: 1, boundary, version: 0, importWh, exportWh: 0 })
  deepEqual([read(10, 9_990), read(11, 10), read(14, 20), read(14, 20), read(14, 21)], [
    'counted', 'counted', 'counted', 'duplicate', 'conflicting',
  ])
  const list = energies(book, 9, 15)
  deepEqual(list.map((energy) => Number(energy.importWh)), [0, 20, 3, 3, 4, 0, 0])
  deepEqual(list.map((energy) => energy.measured), [false, true, false, false, false, false, false])
  read(13, 17)
  deepEqual(energies(book, 13, 15).map((energy) => Number(energy.importWh)), [3, 3, 3])
})

const limit = fc.integer({ min: -30, max: 30 }).map((tick) => tick * 10)
const orderList = fc
  .array(fc.record({ buy: fc.boolean(), energyWh: fc.integer({ min: 1, max: 5_000 }), limit }), {
    maxLength: 30,
  })
  .map((list): readonly ObservedOrder[] =>
    list.map((order, i) => ({
      digest: `0x${((i * 7_919) % 65_536).toString(16).padStart(4, '0')}`,
      meter: i,
      interval: 4,
      side: order.buy ? 'buy' : 'sell',
      energyWh: order.energyWh,
      limitMicrosPerKwh: order.limit,
    })),
  )

test('the auditor and the exchange clear alike', () => {
  fc.assert(
    fc.property(orderList, (orders) => {
      const clearing = clear(
        orders.map((order) => ({
          id: order.digest,
          side: order.side,
          energy: WattHours.from(BigInt(order.energyWh)),
          limit: MicrosPerKwh.from(BigInt(order.limitMicrosPerKwh)),
        })),
      )
      const price = priceOf(orders)
      equal(price, clearing.price === null ? null : Number(clearing.price))
      const fills = clearing.fills.map(({ orderId, energy }) => [orderId, energy] as const)
      if (price !== null) deepEqual(new Map(fills), new Map([...fillsAt(orders, price)].sort()))
    }),
    { seed, numRuns: 500 },
  )
})

test('the auditor and the exchange settle alike', () => {
  const energy = fc.integer({ min: 0, max: 1_000_000 })
  const scene = fc.record({
    price: fc.option(fc.integer({ min: -500_000, max: 1_000_000 })),
    spread: fc.integer({ min: 0, max: 20_000 }),
    meters: fc.array(fc.tuple(energy, energy, energy, energy, fc.boolean()), { maxLength: 8 }),
  })
  fc.assert(
    fc.property(scene, ({ price, spread, meters }) => {
      // What sites sell more than they buy, or the other way round, goes over the desk.
      const excess = meters.reduce((sum, [bought, sold]) => sum + sold - bought, 0)
      const over = [Math.max(0, excess), Math.max(0, -excess), 0, 0, true] as const
      const rows = [...meters, over].map(([bought, sold, imported, exported, isVirtual], i) => ({
        meter: { ...(isVirtual ? desk : site), meter: i, account: isVirtual ? 5 : 8 + i },
        contract: { boughtWh: BigInt(bought), soldWh: BigInt(sold) },
        energy: { importWh: BigInt(imported), exportWh: BigInt(exported), measured: true },
      }))
      const wh = (value: bigint): WattHours => WattHours.from(value)
      const none = { boughtWh: 0n, soldWh: 0n }
      const contracted = rows.map((row) => (price === null ? { ...row, contract: none } : row))
      const { items } = reconcile({
        price: price === null ? null : MicrosPerKwh.from(BigInt(price)),
        meters: contracted.map(({ meter, contract, energy: metered }) => ({
          meter: meter.meter,
          account: meter.account,
          kind: meter.kind,
          bought: wh(contract.boughtWh),
          sold: wh(contract.soldWh),
          tradeBought: wh(0n),
          tradeSold: wh(0n),
          imported: wh(meter.kind === 'virtual' ? 0n : metered.importWh),
          exported: wh(meter.kind === 'virtual' ? 0n : metered.exportWh),
          retailer: meter.retailer,
          tariff:
            meter.kind === 'virtual'
              ? null
              : { retail: MicrosPerKwh.from(300_000n), feedIn: MicrosPerKwh.from(60_000n) },
        })),
        balancingAuthority: 6,
        spreadBasisPoints: spread,
        overDeviationBasisPoints: 10_000,
        feeMicrosPerKwh: MicrosPerKwh.from(500n),
        isRetailBilled: false,
      })
      const theirs = new Map<number, bigint>()
      for (const { account, amount } of items) {
        theirs.set(account, (theirs.get(account) ?? 0n) + amount)
      }
      const market = { ...terms, spreadBasisPoints: spread }
      const ours = intervalNets(market, 0, price === null ? null : BigInt(price), contracted)
      const nonZero = (nets: ReadonlyMap<number, bigint>) =>
        [...nets].filter(([, amount]) => amount !== 0n).sort(([a], [b]) => a - b)
      deepEqual(nonZero(ours), nonZero(theirs))
    }),
    { seed, numRuns: 500 },
  )
})

test('the auditor and the exchange estimate alike', () => {
  const boundaries = fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { maxLength: 12 })
  fc.assert(
    fc.property(boundaries, fc.integer({ min: 0, max: 99_999 }), (read, start) => {
      const book: MeterBook = { digits: 5, byBoundary: new Map() }
      const readings = emptyReadings(5)
      for (const boundary of read) {
        const register = (start + boundary * boundary * 37) % 100_000
        enter(book, { meter: 1, boundary, version: 0, importWh: register, exportWh: 7 })
        const registers = { importWh: BigInt(register), exportWh: 7n }
        takeReading(readings, { boundary, version: 0, ...registers })
      }
      energies(book, 0, 22).forEach((ours, interval) => {
        const theirs = meteredEnergy(readings, interval)
        equal(ours.importWh, theirs.imported, `interval ${interval} of ${read.join()}`)
        equal(ours.measured, theirs.assurance === 'metered')
      })
    }),
    { seed, numRuns: 500 },
  )
})

test('one micro, one fill, one price: each is found where it is wrong', () => {
  const bid = { side: 'buy', energyWh: 300, limitMicrosPerKwh: 200_000 } as const
  const ask = { side: 'sell', energyWh: 900, limitMicrosPerKwh: 150_000 } as const
  const orders: readonly ObservedOrder[] = [
    { digest: '0xaa', meter: 1, interval: 4, ...bid },
    { digest: '0xbb', meter: 0, interval: 4, ...ask },
  ]
  const right = {
    interval: 4,
    priceMicrosPerKwh: 150_000,
    fills: [{ digest: '0xaa', energyWh: 300 }, { digest: '0xbb', energyWh: 300 }],
  }
  deepEqual(checkClearing(orders, right), [])
  const dearer = checkClearing(orders, { ...right, priceMicrosPerKwh: 150_001 })
  deepEqual(dearer.map(({ about, expected, got }) => [about, expected, got]), [
    ['price', '150000', '150001'],
  ])
  const [buy] = right.fills
  const fills = [...(buy === undefined ? [] : [buy]), { digest: '0xcc', energyWh: 300 }]
  const wrong = checkClearing(orders, { ...right, fills })
  deepEqual(wrong.map(({ subject }) => subject), ['0xbb', '0xcc'])

  const auditor = createAuditor(terms)
  auditor.deposited(8, 1_000_000n)
  for (const order of orders) auditor.ordered(order)
  auditor.cleared(right)
  auditor.read({ meter: 1, boundary: 4, version: 0, importWh: 0, exportWh: 0 }, 'counted')
  auditor.read({ meter: 1, boundary: 5, version: 0, importWh: 300, exportWh: 0 }, 'counted')
  const balances = new Map([[8, 954_850n], [5, 44_850n], [1, 300n]])
  deepEqual(auditor.report({ balances }).differences, [])
  const stolen = auditor.report({ balances: new Map(balances).set(8, 954_849n).set(9, 1n) })
  deepEqual(stolen.differences.map(({ account, expected, got }) => [account, expected, got]), [
    [8, '954850', '954849'],
    [9, '0', '1'],
  ])
  const nets = new Map([[4, new Map([[8, -45_150n], [5, 44_850n], [1, 301n]])]])
  const inInterval = auditor.report({ balances, nets }).differences
  deepEqual(inInterval.map(({ interval, account }) => [interval, account]), [[4, 1]])
  auditor.read({ meter: 1, boundary: 5, version: 0, importWh: 300, exportWh: 0 }, 'counted')
  equal(auditor.report({ balances }).differences[0]?.expected, 'duplicate')
})

test('the meters that explain what the main meter misses are named', () => {
  const truth = (meter: number, k: number): number =>
    1_000 + ((meter * 7_919 + k * 104_729 + meter * k * 31) % 997) * (1 + (meter % 3))
  const shares = new Map([[3, 0.8], [7, 0.95]])
  const meters = Array.from({ length: 12 }, (_, meter) => meter)
  const intervals = Array.from({ length: 96 }, (_, k) => k)
  const reported = new Map(
    meters.map((meter) => [
      meter,
      intervals.map((k) => ({
        importWh: BigInt(Math.floor(truth(meter, k) * (shares.get(meter) ?? 1))),
        exportWh: 0n,
        measured: k !== 5,
      })),
    ]),
  )
  const main = intervals.map((k) => meters.reduce((sum, meter) => sum + truth(meter, k), 0))
  const { suspects, explained, missingWh } = suspectMeters(main, reported)
  deepEqual(suspects.map(({ meter, percent }) => [meter, percent]), [[3, -20], [7, -5]])
  ok(explained > 0.99 && missingWh > 0)
  const sums = intervals.map((k) =>
    [...reported.values()].reduce((sum, list) => sum + Number(list[k]?.importWh), 0),
  )
  deepEqual(suspectMeters(sums, reported).suspects, [])
})
