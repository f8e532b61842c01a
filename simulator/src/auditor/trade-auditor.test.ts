/**
 * Goal: the auditor of trades is right, is no copy of the exchange, and notices every figure that
 * is not as it must be.
 * Method: amounts worked out by hand; random markets whose deliveries, declarations and money the
 * core works out (only this test imports it), in which the auditor finds nothing; then the same
 * with one figure changed, which it names. Replay one failure with `SEED=…`.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allocate, shortages } from '@busbar/core/metering'
import { settleActuals } from '@busbar/core/settlement'
import { contractedEnergy } from '@busbar/core/trades'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import fc from 'fast-check'
import type { Energy } from './metered-energy.ts'
import type { Difference } from './observations.ts'
import { TradeAuditor } from './trade-auditor.ts'
import type {
  ObservedTerms,
  Position,
  PublishedDeclaration,
  PublishedDelivery,
  TradeAuditTerms,
} from './trade-observations.ts'

const seed = Number(process.env.SEED ?? 1)
const runs = { seed, numRuns: Number(process.env.RUNS ?? 300) }

const [north, south, platform] = [5, 6, 9]
const first = 1_000

/** Meters are numbered as their owners are, from ten on; the even ones are customers of north. */
const meters = Array.from({ length: 8 }, (_, i) => ({
  ...{ meter: 10 + i, account: 10 + i, retailer: i % 2 === 0 ? north : south },
}))

const rules: TradeAuditTerms = {
  ...{ intervalMs: 900_000, gateLeadMs: 300_000, allocation: 'maximal-proportional' },
  ...{ feeMicrosPerKwh: 50_000, roundingAccount: 0, feesAccount: 1, meters },
  tariffs: [north, south].map((retailer) => ({
    ...{ retailer, fromInterval: 0, retailMicrosPerKwh: 300_000, feedInMicrosPerKwh: 80_000 },
  })),
}

type Signed = { readonly trade: number; readonly atMs: number; readonly terms: ObservedTerms }
type Shown = ReadonlyMap<number, Energy>
type Market = {
  readonly allocation: TradeAuditTerms['allocation']
  readonly signed: readonly Signed[]
  readonly limits: readonly { readonly trade: number; readonly energyWh: number }[]
  readonly shown: Shown
}

/** What everybody publishes of one interval, as the core works it out. */
type Published = {
  readonly deliveries: PublishedDelivery[]
  readonly declarations: PublishedDeclaration[]
  readonly positions: Position[]
}

function published({ allocation, signed, limits, shown }: Market): Published {
  const energyOf = (meter: number): Energy =>
    shown.get(meter) ?? { importWh: 0n, exportWh: 0n, measured: true }
  const trades = signed.flatMap(({ trade, terms }) => {
    const contracted = contractedEnergy(termsOfCore(terms), first)
    if (contracted === 0n) return []
    const most = limits.find((limit) => limit.trade === trade)?.energyWh
    const limit = most === undefined ? null : WattHours.from(BigInt(most))
    const energy = limit === null ? contracted : WattHours.min(contracted, limit)
    const pair = { seller: terms.sellerMeter, buyer: terms.buyerMeter }
    return [{ trade, ...pair, energy, contracted, limit, terms }]
  })
  const side = (of: 'seller' | 'buyer', way: 'exportWh' | 'importWh') =>
    [...new Set(trades.map((one) => one[of]))]
      .sort((a, b) => a - b)
      .map((meter) => ({ meter, energy: WattHours.from(energyOf(meter)[way]) }))
  const input = { sellers: side('seller', 'exportWh'), buyers: side('buyer', 'importWh'), trades }
  const { delivered } = allocate({ ...input, rule: allocation })
  const short = shortages(input)
  const money = new Map<number, bigint>()
  const traded = new Map<number, { sold: bigint; bought: bigint }>()
  const deliveries = trades.map((one, at): PublishedDelivery => {
    const { trade, terms, contracted, limit } = one
    const got = delivered[at] ?? WattHours.zero
    const own = short.trades[at] ?? { seller: WattHours.zero, buyer: WattHours.zero }
    const tariff = (retailer: number) => {
      const found = rules.tariffs.find((known) => known.retailer === retailer)
      const retail = MicrosPerKwh.from(BigInt(found?.retailMicrosPerKwh ?? 0))
      return { retail, feedIn: MicrosPerKwh.from(BigInt(found?.feedInMicrosPerKwh ?? 0)) }
    }
    const none = { meter: -1, obligations: WattHours.zero, shortage: WattHours.zero }
    const { items, result } = settleActuals({
      ...{ trade, contracted, limit, delivered: got, platform: terms.platform },
      seller: { account: terms.seller, meter: terms.sellerMeter },
      buyer: { account: terms.buyer, meter: terms.buyerMeter },
      ...{ sellerShort: own.seller, buyerShort: own.buyer },
      sellerMeter: short.sellers.find(({ meter }) => meter === one.seller) ?? none,
      buyerMeter: short.buyers.find(({ meter }) => meter === one.buyer) ?? none,
      price: MicrosPerKwh.from(BigInt(terms.priceMicrosPerKwh)),
      sellerTariff: tariff(terms.sellerRetailer),
      buyerTariff: tariff(terms.buyerRetailer),
      terms: {
        toleranceBasisPoints: terms.toleranceBasisPoints,
        penaltyBasisPoints: terms.penaltyBasisPoints,
        buyerShortRule: terms.buyerShort,
        platformFeeMicrosPerKwh: MicrosPerKwh.from(BigInt(terms.platformFeeMicrosPerKwh)),
      },
      tradeFeeMicrosPerKwh: MicrosPerKwh.from(BigInt(rules.feeMicrosPerKwh)),
    })
    const sumOf = (account: number): bigint =>
      items.reduce((sum, item) => (item.account === account ? sum + item.amount : sum), 0n)
    for (const { account, amount } of items) money.set(account, (money.get(account) ?? 0n) + amount)
    for (const [meter, way] of [[one.seller, 'sold'], [one.buyer, 'bought']] as const) {
      const before = traded.get(meter) ?? { sold: 0n, bought: 0n }
      traded.set(meter, { ...before, [way]: before[way] + got })
    }
    return {
      ...{ trade, interval: first, result, deliveredWh: Number(got) },
      ...{ contractedWh: Number(contracted), obligedWh: Number(one.energy) },
      ...{ sellerShortWh: Number(own.seller), buyerShortWh: Number(own.buyer) },
      sellerMicros: Number(sumOf(terms.seller)),
      buyerMicros: Number(sumOf(terms.buyer)),
    }
  })
  const declarations = [...traded].map(([meter, { sold, bought }]) => ({
    retailer: meters.find((one) => one.meter === meter)?.retailer ?? -1,
    ...{ interval: first, account: meter, meter, soldWh: Number(sold), boughtWh: Number(bought) },
    exportedWh: Number(energyOf(meter).exportWh),
    importedWh: Number(energyOf(meter).importWh),
    ...{ auctionSoldWh: 0, auctionBoughtWh: 0 },
  }))
  const brought = 60_000_000n
  const positions = [...money].map(([account, micros]) => ({
    ...{ accounts: [account], broughtMicros: brought, hasMicros: brought + micros },
  }))
  return { deliveries, declarations, positions }
}

/** What the core needs besides of a contract has no part in its energy. */
const termsOfCore = (terms: ObservedTerms): Parameters<typeof contractedEnergy>[0] => ({
  ...terms,
  ...{ id: '0x', exitFeeMicros: null, rail: 'clearing-house', expiresAt: 0, replaces: '0x' },
})

function audited(market: Market, { deliveries, declarations, positions }: Published) {
  const auditor = new TradeAuditor({ ...rules, allocation: market.allocation }, (meter, from, to) =>
    Array.from({ length: to - from + 1 }, () =>
      market.shown.get(meter) ?? { importWh: 0n, exportWh: 0n, measured: true },
    ),
  )
  for (const { trade, atMs, terms } of market.signed) auditor.agreed(trade, atMs, terms)
  for (const limit of market.limits) {
    const window = { atMs: 0, fromInterval: first, intervals: 1 }
    auditor.limited({ utility: 4, ...window, ...limit })
  }
  auditor.check(first, first, { deliveries, declarations })
  return auditor.report(positions)
}

const differencesOf = (market: Market, figures: Published): readonly Difference[] =>
  audited(market, figures).differences

type More = Partial<ObservedTerms>

const terms = (seller: number, buyer: number, more: More = {}): ObservedTerms => ({
  ...{ seller, buyer, sellerMeter: seller, buyerMeter: buyer },
  ...{ sellerRetailer: seller % 2 === 0 ? north : south },
  ...{ buyerRetailer: buyer % 2 === 0 ? north : south, fromInterval: first, intervals: 8 },
  profile: { kind: 'per-interval', energyWh: 625 },
  ...{ priceMicrosPerKwh: 5_000_000, toleranceBasisPoints: 1_000, penaltyBasisPoints: 2_500 },
  ...{ buyerShort: 'actual', platform, platformFeeMicrosPerKwh: 100_000, ...more },
})

const energy = (importWh: number, exportWh: number): Energy => ({
  ...{ importWh: BigInt(importWh), exportWh: BigInt(exportWh), measured: true },
})

describe('by hand', () => {
  // A quarter of an hour of 5 kWh between 14:00 and 16:00 at 5.00: what seller and buyer get.
  const cases: readonly (readonly [string, number, number, number, number])[] = [
    ['100 %', 625, 625, 3_031_250, -3_156_250],
    ['92 %', 575, 625, 2_788_750, -2_903_750],
    ['60 %', 375, 625, 1_583_750, -1_658_750],
    ['0 %', 0, 625, -703_750, 703_750],
    ['over', 700, 625, 3_031_250, -3_156_250],
    ['buyer short', 625, 375, 3_283_750, -3_358_750],
  ]
  for (const [name, exportWh, importWh, seller, buyer] of cases) {
    test(`what 625 Wh come to: ${name}`, () => {
      const market: Market = {
        allocation: 'maximal-proportional',
        signed: [{ trade: 1, atMs: 0, terms: terms(10, 11) }],
        limits: [],
        shown: new Map([[10, energy(0, exportWh)], [11, energy(importWh, 0)]]),
      }
      const { money } = audited(market, { deliveries: [], declarations: [], positions: [] })
      deepEqual([money.get(10), money.get(11)], [BigInt(seller), BigInt(buyer)])
    })
  }

  test('ten sellers, of whom one delivers, and a buyer for all of it', () => {
    const got = (allocation: TradeAuditTerms['allocation']): bigint => {
      const sellers = [10, 11, 12, 13, 14, 15, 16]
      const market: Market = {
        allocation,
        signed: sellers.map((seller, i) => ({ trade: i + 1, atMs: 0, terms: terms(seller, 17) })),
        limits: [],
        shown: new Map([[13, energy(0, 625)], [17, energy(625, 0)]]),
      }
      return audited(market, { deliveries: [], declarations: [], positions: [] }).sinks.soldWh
    }
    const rulesOf = ['maximal-proportional', 'max-flow', 'fifo', 'pro-rata'] as const
    deepEqual(rulesOf.map(got), [625n, 625n, 625n, 90n])
  })

  test('a change counts from the next gate on, a lower word of a utility before its gate', () => {
    const auditor = new TradeAuditor(rules, () => [energy(625, 625), energy(625, 625)])
    const gateMs = (interval: number): number => interval * 900_000 - 300_000
    const later = { profile: { kind: 'per-interval', energyWh: 100 } } as const
    auditor.agreed(1, 0, terms(10, 11))
    auditor.agreed(1, gateMs(first), terms(10, 11, later))
    const word = { trade: 1, fromInterval: first, intervals: 9 }
    auditor.limited({ utility: 3, ...word, atMs: 0, energyWh: 10 })
    auditor.limited({ utility: 3, ...word, atMs: 1, energyWh: 500 })
    auditor.limited({ utility: 4, ...word, atMs: gateMs(first + 1), energyWh: 1 })
    auditor.check(first, first + 1, { deliveries: [], declarations: [] })
    deepEqual(auditor.tradedOf(10, first), { soldWh: 500n, boughtWh: 0n })
    deepEqual(auditor.tradedOf(11, first + 1), { soldWh: 0n, boughtWh: 100n })
    auditor.ended(1, first + 2)
    auditor.check(first + 2, first + 2, { deliveries: [], declarations: [] })
    deepEqual(auditor.tradedOf(10, first + 2), { soldWh: 0n, boughtWh: 0n })
  })
})

const anyWh = fc.oneof(fc.nat(20), fc.nat(3_000))
const anyMeter = fc.integer({ min: 10, max: 17 })
const anyTerms = fc.record({
  pair: fc.uniqueArray(anyMeter, { minLength: 2, maxLength: 2 }),
  profile: fc.oneof(
    fc.record({ kind: fc.constant('per-interval' as const), energyWh: anyWh }),
    fc.record({
      kind: fc.constant('total' as const),
      energyWh: anyWh,
      weights: fc.constantFrom<readonly number[]>(
        [], [0, 1, 2, 3, 4, 5, 6, 7], [7, 1, 0, 0, 0, 0, 0, 0],
      ),
    }),
  ),
  priceMicrosPerKwh: fc.integer({ min: -500_000, max: 1_000_000 }),
  toleranceBasisPoints: fc.constantFrom(0, 1, 333, 1_000, 10_000),
  penaltyBasisPoints: fc.constantFrom(0, 1, 1_000, 10_000),
  buyerShort: fc.constantFrom('actual' as const, 'contracted' as const),
  platform: fc.constantFrom(null, platform),
  platformFeeMicrosPerKwh: fc.constantFrom(0, 1, 7_001),
})

const anyMarket: fc.Arbitrary<Market> = fc
  .record({
    allocation: fc.constantFrom(
      ...(['maximal-proportional', 'max-flow', 'pro-rata', 'fifo'] as const),
    ),
    contracts: fc.array(anyTerms, { minLength: 1, maxLength: 9 }),
    limits: fc.array(fc.record({ trade: fc.integer({ min: 1, max: 9 }), energyWh: anyWh }), {
      maxLength: 3,
    }),
    shown: fc.array(fc.tuple(anyWh, anyWh), { minLength: 8, maxLength: 8 }),
  })
  .map(({ allocation, contracts, limits, shown }) => ({
    allocation,
    signed: contracts.map(({ pair, ...more }, i) => {
      const [seller = 10, buyer = 11] = pair
      return { trade: i + 1, atMs: 0, terms: terms(seller, buyer, more) }
    }),
    limits: [...new Map(limits.map((limit) => [limit.trade, limit])).values()],
    shown: new Map(
      shown.map(([importWh, exportWh], i): [number, Energy] => {
        return [10 + i, energy(importWh, exportWh)]
      }),
    ),
  }))

test('the auditor and the exchange come to the same, whatever was agreed and metered', () => {
  let delivered = 0
  fc.assert(
    fc.property(anyMarket, (market) => {
      const figures = published(market)
      delivered += figures.deliveries.filter(({ deliveredWh }) => deliveredWh !== 0).length
      deepEqual(differencesOf(market, figures), [])
    }),
    runs,
  )
  ok(delivered > runs.numRuns, 'there was something to compare')
})

describe('a figure that is changed is named', () => {
  const market: Market = {
    allocation: 'maximal-proportional',
    signed: [
      { trade: 1, atMs: 0, terms: terms(10, 11) },
      { trade: 2, atMs: 0, terms: terms(10, 13) },
      { trade: 3, atMs: 0, terms: terms(12, 13, { buyerShort: 'contracted' }) },
    ],
    limits: [{ trade: 3, energyWh: 400 }],
    shown: new Map([
      ...[[10, energy(0, 900)], [11, energy(625, 0)], [12, energy(0, 300)]] as const,
      [13, energy(700, 0)] as const,
    ]),
  }

  test('nothing was', () => {
    const { differences, compared, sinks } = audited(market, published(market))
    deepEqual(differences, [])
    deepEqual(compared, { intervals: 1, deliveries: 3, cuts: 0, declarations: 4, accounts: 6 })
    equal(sinks.soldWh, sinks.boughtWh)
    ok(sinks.soldWh > 0n && sinks.soldWh <= sinks.exportedWh)
  })

  const figures = [
    'contractedWh', 'obligedWh', 'deliveredWh', 'sellerShortWh', 'buyerShortWh', 'sellerMicros',
    'buyerMicros',
  ] as const
  for (const name of figures) {
    test(`a delivery's ${name}`, () => {
      const all = published(market)
      const [one] = all.deliveries
      if (one === undefined) throw new Error('there are three')
      all.deliveries[0] = { ...one, [name]: (one[name] ?? 0) + 1 }
      const found = differencesOf(market, all).map(({ about, subject }) => [about, subject])
      deepEqual(found, [['delivery', `trade 1 ${name}`]])
    })
  }

  const told = [
    ...(['soldWh', 'boughtWh', 'exportedWh', 'importedWh', 'account', 'auctionSoldWh'] as const),
  ]
  for (const name of told) {
    test(`a declaration's ${name}`, () => {
      const all = published(market)
      const at = all.declarations.findIndex(({ meter }) => meter === 13)
      const one = all.declarations[at]
      if (one === undefined) throw new Error('meter 13 bought')
      all.declarations[at] = { ...one, [name]: one[name] + 1 }
      const found = differencesOf(market, all)
      deepEqual(found[0]?.subject, `meter 13 ${name}`)
      ok(found.every(({ about }) => about === 'declaration'))
    })
  }

  test('a declaration that is missing, and one to a retailer whose customer it is not', () => {
    const all = published(market)
    const [gone] = all.declarations.splice(0, 1)
    const missing = differencesOf(market, all)
    deepEqual(missing.map(({ subject, got }) => [subject, got]), [['meter 10', 'missing']])
    if (gone === undefined) throw new Error('there are four')
    all.declarations.push({ ...gone, retailer: south })
    const both = differencesOf(market, all).map(({ subject, got }) => [subject, got])
    deepEqual(both, [['meter 10', 'missing'], ['meter 10', 'declared']])
  })

  test('a trade that is published and was never signed, or is not published at all', () => {
    const all = published(market)
    const [one] = all.deliveries
    if (one === undefined) throw new Error('there are three')
    all.deliveries.push({ ...one, trade: 7 })
    deepEqual(differencesOf(market, all).map(({ subject }) => subject), ['trade 7'])
    const less = published(market)
    less.deliveries.splice(1, 1)
    ok(differencesOf(market, less).every(({ subject }) => subject.startsWith('trade 2 ')))
    equal(differencesOf(market, less).length, 8)
  })

  test('one micro that an account has too much, and an account that is missing', () => {
    const all = published(market)
    const at = all.positions.findIndex(({ accounts }) => accounts[0] === 11)
    const one = all.positions[at]
    if (one === undefined) throw new Error('11 bought')
    all.positions[at] = { ...one, hasMicros: one.hasMicros + 1n }
    const subjects = (figures: Published) => differencesOf(market, figures).map((d) => d.subject)
    deepEqual(subjects(all), ['account 11'])
    const less = { ...published(market), positions: all.positions.toSpliced(at, 1) }
    deepEqual(subjects(less), ['account 11'])
  })
})
