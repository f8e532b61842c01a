/**
 * Goal: whatever was agreed and delivered, both implementations settle a bilateral trade alike, who
 * kept it is never worse off, and nothing leaps at the edge of the band.
 * Method: properties over random trades, with prices and energies near zero and shortages near the
 * edge of the band as often as any. Replay one failure with `SEED=…`.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { MicrosPerKwh, WattHours } from '../units/index.ts'
import {
  type ActualsInput,
  type ActualsOutcome,
  settleActuals,
  settleActualsNaive,
  type SettlementItem,
} from './index.ts'

const accounts = { rounding: 0, fees: 1, platform: 3, p1: 6, p7: 7 }

const wh = (value: bigint): WattHours => WattHours.from(value)
const perKwh = (value: bigint): MicrosPerKwh => MicrosPerKwh.from(value)
const smaller = (a: bigint, b: bigint): WattHours => wh(a < b ? a : b)
const positive = (value: bigint): WattHours => wh(value > 0n ? value : 0n)

const sumOf = (items: readonly SettlementItem[]): bigint =>
  items.reduce((sum, item) => sum + item.amount, 0n)

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const runs = { numRuns: Number(process.env.RUNS ?? 400), ...replay }

const energy = fc.oneof(fc.nat(10), fc.nat(5_000), fc.nat(100_000_000)).map(BigInt)
const price = fc
  .oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -500_000, max: 1_000_000 }))
  .map((value) => perKwh(BigInt(value)))
const fee = fc.constantFrom(0n, 1n, 500n, 7_001n).map(perKwh)
const size = (value: bigint): bigint => (value < 0n ? -value : value)
const anyTariff = fc.record({
  retail: price.map((value) => perKwh(size(value))),
  feedIn: price,
})

/** What one meter is short of: by this trade's share near the band's edge, and by its others. */
const side = fc.record({
  short: fc.oneof(
    fc.constantFrom('none' as const, 'all' as const),
    fc.integer({ min: -2, max: 2 }).map((from) => ({ fromEdge: BigInt(from) })),
    energy.map((any) => ({ any })),
  ),
  otherObligations: energy,
  otherShort: energy,
})

const wanted = fc.record({
  contracted: energy,
  limit: fc.option(energy),
  delivered: energy,
  sellers: side,
  buyers: side,
  platform: fc.option(fc.constant(accounts.platform)),
  price,
  sellerTariff: fc.option(anyTariff, { freq: 8 }),
  buyerTariff: fc.option(anyTariff, { freq: 8 }),
  terms: fc.record({
    toleranceBasisPoints: fc.constantFrom(0, 1, 333, 1_000, 10_000),
    penaltyBasisPoints: fc.constantFrom(0, 1, 1_000, 10_000),
    buyerShortRule: fc.constantFrom('actual' as const, 'contracted' as const),
    platformFeeMicrosPerKwh: fee,
  }),
  tradeFeeMicrosPerKwh: fee,
})

/** A trade as it can be: what is missing is missing because a meter is short. */
const anyTrade = wanted.map(({ sellers, buyers, ...rest }): ActualsInput => {
  const owed = rest.limit === null ? rest.contracted : smaller(rest.contracted, rest.limit)
  const edge = (owed * BigInt(rest.terms.toleranceBasisPoints)) / 10_000n
  const shareOf = ({ short }: typeof sellers): WattHours => {
    if (short === 'none') return wh(0n)
    if (short === 'all') return wh(owed)
    if ('any' in short) return wh(short.any % (owed + 1n))
    return smaller(owed, positive(edge + short.fromEdge))
  }
  const meterOf = (drawn: typeof sellers, own: bigint) => {
    const others = drawn.otherObligations
    const more = drawn.short === 'none' ? 0n : drawn.otherShort % (others + 1n)
    return { shortage: wh(own + more), obligations: wh(owed + others) }
  }
  const [sellerShort, buyerShort] = [shareOf(sellers), shareOf(buyers)]
  const [sellerMeter, buyerMeter] = [meterOf(sellers, sellerShort), meterOf(buyers, buyerShort)]
  const isWhole = sellerMeter.shortage + buyerMeter.shortage === 0n
  return {
    ...rest,
    trade: 12,
    seller: { account: accounts.p1, meter: 1 },
    buyer: { account: accounts.p7, meter: 7 },
    contracted: wh(rest.contracted),
    limit: rest.limit === null ? null : wh(rest.limit),
    delivered: wh(isWhole ? owed : rest.delivered % (owed + 1n)),
    ...{ sellerShort, buyerShort, sellerMeter, buyerMeter },
  }
})

/** The same trade if one side had kept it. */
const keptBy = (who: 'seller' | 'buyer') => (input: ActualsInput): ActualsInput => {
  const none = wh(0n)
  const kept =
    who === 'seller'
      ? { sellerShort: none, sellerMeter: { ...input.sellerMeter, shortage: none } }
      : { buyerShort: none, buyerMeter: { ...input.buyerMeter, shortage: none } }
  const changed = { ...input, ...kept }
  const isWhole = changed.sellerMeter.shortage + changed.buyerMeter.shortage === 0n
  return isWhole ? { ...changed, delivered: wh(owedOf(changed)) } : changed
}

const owedOf = ({ contracted, limit }: ActualsInput): bigint =>
  limit !== null && limit < contracted ? limit : contracted

const paying = new Set([
  'trade_buy', 'trade_loss_paid', 'trade_penalty_paid', 'exchange_fee', 'platform_fee',
])
const fees = ['exchange_fee', 'fee_income', 'platform_fee', 'platform_income']

/** What a party gets of the trade, fees aside, in thousandths of a micro, and by how many lines. */
function tradedBy(account: number, { items }: ActualsOutcome): { sum: bigint; slack: bigint } {
  const own = items.filter((item) => item.account === account && !fees.includes(item.reason))
  return { sum: 1_000n * sumOf(own), slack: 1_000n * BigInt(own.length) }
}

const holds = (of: fc.Arbitrary<ActualsInput>, property: (input: ActualsInput) => void): void => {
  fc.assert(fc.property(of, property), runs)
}

describe('of any trade', () => {
  test('both implementations give the same, line by line', () => {
    holds(anyTrade, (input) => deepEqual(settleActuals(input), settleActualsNaive(input)))
  })

  test('the lines sum to zero, each is there once, and each rounds by less than a micro', () => {
    holds(anyTrade, (input) => {
      const { items, parts } = settleActuals(input)
      equal(sumOf(items), 0n)
      const keys = items.map(({ account, meter, reason, price: at }) =>
        [account, meter, reason, at].join('/'))
      equal(new Set(keys).size, keys.length)
      const missing = owedOf(input) - input.delivered
      equal(parts.undeliveredBySeller + parts.undeliveredByBuyer, missing)
      const residue = items.find(({ account }) => account === accounts.rounding)?.amount ?? 0n
      ok(residue >= 0n && residue <= BigInt(items.length))
      for (const item of items) {
        if (item.reason === 'rounding' || item.reason === 'fee_income') continue
        const exact = item.price * item.energy * (paying.has(item.reason) ? -1n : 1n)
        const residual = exact - 1_000n * item.amount
        ok(residual >= 0n && residual < 1_000n, `${item.reason} is off by ${residual}`)
      }
    })
  })

  test('a buyer that took its energy pays at most the price, its retailer included', () => {
    holds(anyTrade.map(keptBy('buyer')), (input) => {
      if (input.buyerTariff === null) return
      const owed = owedOf(input)
      const { sum, slack } = tradedBy(accounts.p7, settleActuals(input))
      const fromRetailer = input.buyerTariff.retail * (owed - input.delivered)
      ok(-sum + fromRetailer <= input.price * owed + slack)
    })
  })

  test('a seller that delivered gets at least the price, its retailer included', () => {
    holds(anyTrade.map(keptBy('seller')), (input) => {
      if (input.sellerTariff === null) return
      const owed = owedOf(input)
      const { sum, slack } = tradedBy(accounts.p1, settleActuals(input))
      const toRetailer = input.sellerTariff.feedIn * (owed - input.delivered)
      ok(sum + toRetailer >= input.price * owed - slack)
    })
  })

  test('what is short costs a penalty, however much the allocation gave the trade', () => {
    const other = fc.tuple(anyTrade, energy)
    fc.assert(
      fc.property(other, ([input, drawn]) => {
        if (input.sellerMeter.shortage + input.buyerMeter.shortage === 0n) return
        const delivered = wh(drawn % (owedOf(input) + 1n))
        const otherwise = settleActuals({ ...input, delivered })
        deepEqual(penalties(otherwise), penalties(settleActuals(input)))
      }),
      runs,
    )
  })

  test('a limit costs nobody anything: it is as if less had been agreed', () => {
    holds(anyTrade, (input) => {
      const less = { ...input, contracted: wh(owedOf(input)), limit: null }
      deepEqual(settleActuals(input), settleActuals(less))
      const { result, items } = settleActuals(keptBy('seller')(keptBy('buyer')(input)))
      equal(result, 'complete')
      ok(items.every(({ reason }) => !/loss|penalty/.test(reason)))
    })
  })

  for (const who of ['seller', 'buyer'] as const) {
    test(`one more watt-hour that the ${who} is short of moves no money by leaps`, () => {
      const other = who === 'seller' ? 'buyer' : 'seller'
      holds(anyTrade.map(keptBy(other)), (input) => {
        const next = oneMoreShort(input, who)
        if (next === undefined) return
        const [before, after] = [settleActuals(input), settleActuals(next)]
        const { price: at, terms, sellerTariff, buyerTariff } = input
        const losses = size(sellerTariff?.feedIn ?? 0n) + size(buyerTariff?.retail ?? 0n)
        const penalty = (size(at) * BigInt(terms.penaltyBasisPoints)) / 10_000n + 1n
        const leap = 3n * size(at) + losses + penalty
        for (const account of [accounts.p1, accounts.p7]) {
          const [one, two] = [tradedBy(account, before), tradedBy(account, after)]
          ok(size(two.sum - one.sum) <= leap + one.slack + two.slack)
        }
      })
    })
  }

  test('a seller gains nothing by delivering less, at no price', () => {
    holds(anyTrade.map(keptBy('buyer')), (input) => {
      if (input.buyerTariff === null) return
      const kept = tradedBy(accounts.p1, settleActuals(keptBy('seller')(input)))
      const broken = tradedBy(accounts.p1, settleActuals(input))
      ok(broken.sum <= kept.sum + kept.slack + broken.slack)
    })
  })

  test('a buyer that pays what was contracted pays it, whatever it took', () => {
    holds(anyTrade.map(keptBy('seller')), (input) => {
      const terms = { ...input.terms, buyerShortRule: 'contracted' as const }
      const { sum } = tradedBy(accounts.p7, settleActuals({ ...input, terms }))
      ok(-sum >= input.price * owedOf(input))
    })
  })
})

const penalties = ({ items }: ActualsOutcome): readonly SettlementItem[] =>
  items.filter(({ reason }) => reason.startsWith('trade_penalty'))

function oneMoreShort(input: ActualsInput, who: 'seller' | 'buyer'): ActualsInput | undefined {
  const short = who === 'seller' ? input.sellerShort : input.buyerShort
  const meter = who === 'seller' ? input.sellerMeter : input.buyerMeter
  if (short === owedOf(input) || meter.shortage === meter.obligations) return undefined
  const more = wh(short + 1n)
  const moreOfMeter = { ...meter, shortage: wh(meter.shortage + 1n) }
  const delivered = positive(input.delivered - 1n)
  return who === 'seller'
    ? { ...input, delivered, sellerShort: more, sellerMeter: moreOfMeter }
    : { ...input, delivered, buyerShort: more, buyerMeter: moreOfMeter }
}
