/**
 * Goal: what an interval comes to for a meter is what its lines sum to, and whatever its readings
 * say, money stays inside of the span that was told before; for a trade's two sides as well.
 * Method: random terms and small connections. The naive model settles every energy that the
 * connection lets through by `reconcileNaive`, and every division of a trade by
 * `settleActualsNaive`: the span of a meter is exactly from the least to the most of them, that of
 * a trade holds all of them and is wider by no more than rounding and the penalties of both.
 * Replay one failure with `SEED=…`.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { MicrosPerKwh, WattHours } from '../units/index.ts'
import {
  type ActualsInput,
  meterMoney,
  type MeterPosition,
  meterSpan,
  type MeterTerms,
  reconcileNaive,
  settleActualsNaive,
  type TradeTerms,
  tradeSpan,
} from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const runs = { numRuns: Number(process.env.RUNS ?? 150), ...replay }
const owner = 6

const small = fc.nat(14).map((value) => WattHours.from(BigInt(value)))
const price = fc
  .oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -500_000, max: 1_000_000 }))
  .map((value) => MicrosPerKwh.from(BigInt(value)))
const basisPoints = fc.constantFrom(0, 1, 1_000, 2_000, 10_000, 25_000)
const tariff = fc.record({ retail: price, feedIn: price })

const meterTerms: fc.Arbitrary<MeterTerms> = fc
  .record({
    price: fc.option(price, { nil: null, freq: 6 }),
    ...{ bought: small, sold: small, tariff },
    ...{ spreadBasisPoints: basisPoints, overDeviationBasisPoints: basisPoints },
    feeMicrosPerKwh: fc.constantFrom(0n, 1n, 500n).map(MicrosPerKwh.from),
  })
  .map((terms) =>
    terms.price === null ? { ...terms, bought: WattHours.zero, sold: WattHours.zero } : terms,
  )

/** By the settlement itself; a virtual meter is the other side of what was traded. */
function naiveMoney(terms: MeterTerms, imported: bigint, exported: bigint): bigint {
  const none = WattHours.zero
  const other = { bought: terms.sold, sold: terms.bought, imported: none, exported: none }
  const own: MeterPosition = {
    ...{ meter: 0, account: owner, kind: 'physical', bought: terms.bought, sold: terms.sold },
    ...{ imported: WattHours.from(imported), exported: WattHours.from(exported) },
    ...{ tradeBought: none, tradeSold: none, retailer: 4, tariff: terms.tariff },
  }
  const { items } = reconcileNaive({
    ...terms,
    meters: [
      own,
      { ...own, ...other, meter: 1, account: 9, kind: 'virtual', retailer: null, tariff: null },
    ],
    ...{ balancingAuthority: 5, isRetailBilled: false },
  })
  return items.reduce((sum, item) => (item.account === owner ? sum + item.amount : sum), 0n)
}

const least = (values: readonly bigint[]): bigint => values.reduce((a, b) => (a < b ? a : b))
const most = (values: readonly bigint[]): bigint => values.reduce((a, b) => (a > b ? a : b))

describe('a meter', () => {
  test('comes to what its lines sum to', () => {
    fc.assert(
      fc.property(meterTerms, fc.nat(40), fc.nat(40), (terms, imported, exported) => {
        const [taken, given] = [BigInt(imported), BigInt(exported)]
        equal(meterMoney(terms, given - taken), naiveMoney(terms, taken, given))
      }),
      runs,
    )
  })

  test('moves exactly as far as its connection lets it', () => {
    fc.assert(
      fc.property(meterTerms, fc.nat(30), fc.nat(30), (terms, imported, exported) => {
        const all: bigint[] = []
        for (let at = -imported; at <= exported; at += 1) {
          const [taken, given] = at < 0 ? [-at, 0] : [0, at]
          all.push(naiveMoney(terms, BigInt(taken), BigInt(given)))
        }
        const caps = { imported: BigInt(imported), exported: BigInt(exported) }
        deepEqual(meterSpan(terms, caps), { least: least(all), most: most(all) })
      }),
      runs,
    )
  })

  test('turns where a tolerance of several times its contract ends', () => {
    const terms: MeterTerms = {
      ...{ price: MicrosPerKwh.from(67n), bought: WattHours.zero, sold: WattHours.from(6n) },
      tariff: { retail: MicrosPerKwh.zero, feedIn: MicrosPerKwh.from(-1n) },
      ...{ spreadBasisPoints: 0, overDeviationBasisPoints: 25_000 },
      feeMicrosPerKwh: MicrosPerKwh.zero,
    }
    deepEqual(meterSpan(terms, { imported: 0n, exported: 22n }), { least: -1n, most: 1n })
  })
})

const tradeTerms: fc.Arbitrary<TradeTerms> = fc.record({
  trade: fc.constant(3),
  seller: fc.constant({ account: owner, meter: 1 }),
  buyer: fc.constant({ account: 7, meter: 2 }),
  platform: fc.constantFrom(null, 8),
  contracted: small,
  limit: fc.option(small, { nil: null }),
  ...{ price, sellerTariff: fc.option(tariff), buyerTariff: fc.option(tariff) },
  terms: fc.record({
    ...{ toleranceBasisPoints: basisPoints, penaltyBasisPoints: basisPoints },
    buyerShortRule: fc.constantFrom('actual' as const, 'contracted' as const),
    platformFeeMicrosPerKwh: fc.constantFrom(0n, 70_000n).map(MicrosPerKwh.from),
  }),
  tradeFeeMicrosPerKwh: fc.constantFrom(0n, 501n).map(MicrosPerKwh.from),
})

/** Every division of what is owed among delivered and the faults of both, each side's sum. */
function divisions(terms: TradeTerms): readonly { seller: bigint; buyer: bigint }[] {
  const { contracted, limit } = terms
  const owed = limit !== null && limit < contracted ? limit : contracted
  const sums: { seller: bigint; buyer: bigint }[] = []
  for (let delivered = 0n; delivered <= owed; delivered += 1n) {
    for (let sellerShort = 0n; sellerShort <= owed; sellerShort += 1n) {
      for (let buyerShort = 0n; buyerShort <= owed; buyerShort += 1n) {
        if (delivered < owed && sellerShort + buyerShort === 0n) continue
        const input: ActualsInput = {
          ...terms,
          delivered: WattHours.from(delivered),
          ...{ sellerShort: WattHours.from(sellerShort), buyerShort: WattHours.from(buyerShort) },
          sellerMeter: { shortage: WattHours.from(sellerShort), obligations: owed },
          buyerMeter: { shortage: WattHours.from(buyerShort), obligations: owed },
        }
        const { items } = settleActualsNaive(input)
        const sumOf = (account: number): bigint =>
          items.reduce((sum, item) => (item.account === account ? sum + item.amount : sum), 0n)
        sums.push({ seller: sumOf(owner), buyer: sumOf(7) })
      }
    }
  }
  return sums
}

describe('a trade', () => {
  test('stays inside of its span for both sides, which is hardly wider than it has to be', () => {
    fc.assert(
      fc.property(tradeTerms, (terms) => {
        const all = divisions(terms)
        for (const side of ['seller', 'buyer'] as const) {
          const span = tradeSpan(terms, side)
          const found = all.map((sums) => sums[side])
          ok(span.least <= least(found) && most(found) <= span.most)
          const slack = terms.terms.penaltyBasisPoints === 0 ? 6n : 6n + penaltyMost(terms)
          ok(span.most - most(found) <= slack && least(found) - span.least <= slack)
        }
      }),
      { ...runs, numRuns: Math.min(runs.numRuns, 60) },
    )
  })
})

/** All of the trade short at the dearest penalty, rounded up. */
function penaltyMost({ price: at, contracted, terms }: TradeTerms): bigint {
  const size = at < 0n ? -at : at
  return (size * BigInt(terms.penaltyBasisPoints) * contracted) / 10_000_000n + 2n
}
