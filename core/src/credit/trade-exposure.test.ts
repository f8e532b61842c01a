/**
 * Goal: what is set aside for a contract is enough, whatever its meters then show, and not more
 * than something could cost.
 * Method: properties over random contracts and outcomes, prices and tariffs near zero as often as
 * far from it; then the outcomes that cost just what was set aside. Replay one with `SEED=…`.
 */
import { equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Tariff } from '../registry/index.ts'
import { type ActualsInput, type ActualsOutcome, settleActuals } from '../settlement/index.ts'
import { type ContractTerms, noContract } from '../trades/index.ts'
import { MicrosPerKwh, WattHours } from '../units/index.ts'
import { type TradeExposure, tradeWorstCase } from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const runs = { numRuns: Number(process.env.RUNS ?? 2_000), ...replay }

const [seller, buyer, platform] = [6, 7, 8]
const price = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.integer({ min: -500_000, max: 1_000_000 }),
)
const tariff: fc.Arbitrary<Tariff | null> = fc.option(
  fc.record({ retail: price, feedIn: price }).map(({ retail, feedIn }) => ({
    retail: MicrosPerKwh.from(BigInt(retail)), feedIn: MicrosPerKwh.from(BigInt(feedIn)),
  })),
  { freq: 6 },
)

const exposure = fc.record({
  energy: fc.oneof(fc.nat(10), fc.nat(5_000)),
  price,
  tolerance: fc.constantFrom(0, 1_000, 10_000),
  penalty: fc.constantFrom(0, 1, 1_000, 30_000),
  buyerShort: fc.constantFrom('actual' as const, 'contracted' as const),
  hasPlatform: fc.boolean(),
  platformFee: fc.constantFrom(0, 1, 7_001),
  fee: fc.constantFrom(0n, 1n, 500n),
  sellerTariff: tariff,
  buyerTariff: tariff,
})
type Drawn = typeof exposure extends fc.Arbitrary<infer One> ? One : never

function exposureOf(drawn: Drawn, holds: { price: boolean; penalties: boolean }): TradeExposure {
  const terms: ContractTerms = {
    ...{ id: '0x01', seller, buyer, sellerMeter: 1, buyerMeter: 2, sellerRetailer: 4 },
    ...{ buyerRetailer: 5, fromInterval: 100, intervals: 1, priceMicrosPerKwh: drawn.price },
    profile: { kind: 'per-interval', energyWh: drawn.energy },
    ...{ toleranceBasisPoints: drawn.tolerance, penaltyBasisPoints: drawn.penalty },
    ...{ buyerShort: drawn.buyerShort, exitFeeMicros: null, rail: 'clearing-house' },
    platform: drawn.hasPlatform ? platform : null,
    platformFeeMicrosPerKwh: drawn.hasPlatform ? drawn.platformFee : 0,
    ...{ expiresAt: 0, replaces: noContract },
  }
  return {
    terms,
    energy: WattHours.from(BigInt(drawn.energy)),
    sellerTariff: drawn.sellerTariff,
    buyerTariff: drawn.buyerTariff,
    feeMicrosPerKwh: drawn.fee,
    holdsPrice: holds.price,
    holdsPenalties: holds.penalties,
  }
}

/** What meters may show: parts of the contract, in whole watt-hours. */
const shown = fc.record({
  limit: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  delivered: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
  sellerShort: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
  buyerShort: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
})
type Shown = typeof shown extends fc.Arbitrary<infer One> ? One : never

function settled(drawn: Drawn, { limit, ...parts }: Shown): ActualsOutcome {
  const { terms, energy, ...rest } = exposureOf(drawn, { price: true, penalties: true })
  const part = (of: bigint, share: number): WattHours =>
    WattHours.from(BigInt(Math.floor(Number(of) * share)))
  const owed = limit === null ? energy : part(energy, limit)
  const [sellerShort, buyerShort] = [part(owed, parts.sellerShort), part(owed, parts.buyerShort)]
  const isWhole = sellerShort + buyerShort === 0n
  const input: ActualsInput = {
    trade: 1,
    seller: { account: seller, meter: 1 },
    buyer: { account: buyer, meter: 2 },
    platform: terms.platform,
    contracted: energy,
    limit: limit === null ? null : owed,
    delivered: isWhole ? owed : part(owed, parts.delivered),
    ...{ sellerShort, buyerShort },
    sellerMeter: { shortage: sellerShort, obligations: owed },
    buyerMeter: { shortage: buyerShort, obligations: owed },
    price: MicrosPerKwh.from(BigInt(drawn.price)),
    ...{ sellerTariff: rest.sellerTariff, buyerTariff: rest.buyerTariff },
    terms: {
      toleranceBasisPoints: terms.toleranceBasisPoints,
      penaltyBasisPoints: terms.penaltyBasisPoints,
      buyerShortRule: terms.buyerShort,
      platformFeeMicrosPerKwh: MicrosPerKwh.from(BigInt(terms.platformFeeMicrosPerKwh)),
    },
    tradeFeeMicrosPerKwh: MicrosPerKwh.from(drawn.fee),
  }
  return settleActuals(input)
}

const costs = ({ items }: ActualsOutcome, account: number, only?: RegExp): bigint =>
  -items
    .filter((item) => item.account === account && (only === undefined || only.test(item.reason)))
    .reduce((sum, item) => sum + item.amount, 0n)

describe('what is set aside for an interval of a contract', () => {
  test('covers whatever it may cost either side', () => {
    fc.assert(
      fc.property(exposure, shown, (drawn, meters) => {
        const most = tradeWorstCase(exposureOf(drawn, { price: true, penalties: true }))
        const outcome = settled(drawn, meters)
        ok(costs(outcome, seller) <= most.seller, `the seller pays ${costs(outcome, seller)}`)
        ok(costs(outcome, buyer) <= most.buyer, `the buyer pays ${costs(outcome, buyer)}`)
      }),
      runs,
    )
  })

  test('covers the price and the fees alone where nothing more is held', () => {
    fc.assert(
      fc.property(exposure, shown, (drawn, meters) => {
        const most = tradeWorstCase(exposureOf(drawn, { price: true, penalties: false }))
        const outcome = settled(drawn, meters)
        const only = /^(trade_(buy|sell)|exchange_fee|platform_fee)$/
        ok(costs(outcome, seller, only) <= most.seller)
        ok(costs(outcome, buyer, only) <= most.buyer)
      }),
      runs,
    )
  })

  test('covers losses and penalties alone where another rail pays the price', () => {
    fc.assert(
      fc.property(exposure, shown, (drawn, meters) => {
        const most = tradeWorstCase(exposureOf(drawn, { price: false, penalties: true }))
        const outcome = settled(drawn, meters)
        const only = /^trade_(loss|penalty)_paid$/
        ok(costs(outcome, seller, only) <= most.seller)
        ok(costs(outcome, buyer, only) <= most.buyer)
        const none = tradeWorstCase(exposureOf(drawn, { price: false, penalties: false }))
        equal(none.seller + none.buyer, 0n)
      }),
      runs,
    )
  })

  const plain: Drawn = {
    ...{ energy: 4_000, price: 200_000, tolerance: 0, penalty: 1_000, buyerShort: 'actual' },
    ...{ hasPlatform: true, platformFee: 7_001, fee: 500n },
    sellerTariff: { retail: MicrosPerKwh.from(300_000n), feedIn: MicrosPerKwh.from(60_000n) },
    buyerTariff: { retail: MicrosPerKwh.from(350_000n), feedIn: MicrosPerKwh.from(50_000n) },
  }
  const whole: Shown = { limit: null, delivered: 1, sellerShort: 0, buyerShort: 0 }
  const worst: readonly (readonly [string, Partial<Drawn>, Shown, 'seller' | 'buyer'])[] = [
    ['a seller that brings nothing', {}, { ...whole, delivered: 0, sellerShort: 1 }, 'seller'],
    // Its meter is short of all its trades, and this one got its energy all the same.
    ['a buyer that took it and is short', {}, { ...whole, buyerShort: 1 }, 'buyer'],
    ['a buyer that takes what it contracted', { penalty: 0 }, whole, 'buyer'],
    ['a buyer that pays for what it does not take', {
      buyerShort: 'contracted', fee: 0n,
    }, { ...whole, delivered: 0, buyerShort: 1 }, 'buyer'],
  ]
  for (const [name, change, meters, side] of worst) {
    test(`is not more than it costs ${name}`, () => {
      const drawn = { ...plain, ...change }
      const most = tradeWorstCase(exposureOf(drawn, { price: true, penalties: true }))[side]
      const cost = costs(settled(drawn, meters), side === 'seller' ? seller : buyer)
      ok(cost <= most && most - cost <= 8n, `${cost} of ${most}`)
    })
  }
})
