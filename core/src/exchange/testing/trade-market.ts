/**
 * The small market with contracts between named parties: `market.agree(…)`. A second retailer
 * serves bob, so that trades cross from one to the other. Nothing outside of tests imports it.
 */
import type { TradeRules } from '../../rulebook/index.ts'
import { type ContractTerms, noContract, type Trade } from '../../trades/index.ts'
import {
  bilateralZone,
  type Command,
  type IntervalRecord,
  type Outcome,
  recordOf,
  type Result,
} from '../index.ts'
import {
  accountOf,
  digestOf,
  firstInterval,
  hex,
  type Market,
  type MarketOptions,
  type MeterOwner,
  meters,
  newcomer,
  openMarket,
  type Person,
  testContract,
  testRulebook,
} from './market.ts'

export const testTradeRules: TradeRules = {
  horizonIntervals: 100,
  allocation: 'maximal-proportional',
  toleranceBasisPointsMax: 2_000,
  penaltyBasisPointsMin: 0,
  penaltyBasisPointsMax: 5_000,
  feeMicrosPerKwh: 500,
  modificationMicros: 50_000,
  keyDelaySeconds: 86_400,
  reserveAheadIntervals: 4,
  collectionIntervals: 2,
  verificationIntervals: 2,
  paymentTermSeconds: 600,
  postponementsMax: 1,
  postponementMicros: 10_000,
  tradesPerAccountMax: 8,
  offersPerAccountMax: 4,
  rails: ['clearing-house', 'money-block', 'prepaid', 'bill-seller', 'bill-platform'],
  enforcement: {
    warningSeconds: 600,
    fineSeconds: 600,
    suspensionSeconds: 600,
    fineMicros: 1_000_000,
  },
}

export const tradeRulebook = {
  ...testRulebook,
  reconciliation: { ...testRulebook.reconciliation, policy: 'retailer-bill' },
  trades: testTradeRules,
} as const

/** Who supplies bob: admitted after the others of the small market. */
export const otherRetailer = accountOf('carol') + 1

type Side = 'alice' | 'bob' | 'carol'

/** The small market in which everybody may trade. alice and carol are the first retailer's. */
export function openTradeMarket(options: MarketOptions = {}): Market {
  const market = openMarket({ rulebook: tradeRulebook, ...options })
  const rival = newcomer(90, { name: 'rival', roles: ['retailer'], retailer: null })
  market.must(market.instruction('admit_participant', 'operator', rival))
  const bob = market.state.participants[accountOf('bob') - 3]
  if (bob === undefined) throw new Error('bob is in the market')
  market.state.participants[accountOf('bob') - 3] = { ...bob, retailer: otherRetailer }
  const tariff = { fromInterval: 0, retailMicrosPerKwh: 350_000, feedInMicrosPerKwh: 50_000 }
  const command = market.instruction('set_tariff', 'retailer', tariff)
  market.must({ ...command, account: otherRetailer } as Command)
  for (const person of ['alice', 'bob', 'carol'] as const) {
    const textHash = digestOf('terms')
    market.must(market.instruction('consent_to_enforcement', person, { textHash }))
  }
  const grid = { zone: 0, utility: accountOf('grid') }
  market.must(market.instruction('assign_utility', 'operator', grid))
  return market
}

/** A contract of 400 Wh at 0.20 in interval 2, alice to bob, unless `change` says otherwise. */
export function termsOf(
  market: Market,
  seller: Side = 'alice',
  buyer: Side = 'bob',
  change: Partial<ContractTerms> = {},
): ContractTerms {
  const retailerOf = (side: Side): number =>
    market.state.participants[accountOf(side) - 3]?.retailer ?? 0
  const { fromInterval = firstInterval + 2 } = change
  return {
    id: hex(1, 32),
    seller: accountOf(seller),
    buyer: accountOf(buyer),
    sellerMeter: meters[seller],
    buyerMeter: meters[buyer],
    sellerRetailer: retailerOf(seller),
    buyerRetailer: retailerOf(buyer),
    fromInterval,
    intervals: 1,
    profile: { kind: 'per-interval', energyWh: 400 },
    priceMicrosPerKwh: 200_000,
    toleranceBasisPoints: 1_000,
    penaltyBasisPoints: 1_000,
    buyerShort: 'actual',
    exitFeeMicros: null,
    rail: 'clearing-house',
    platform: null,
    platformFeeMicrosPerKwh: 0,
    expiresAt: fromInterval * 300_000 - 60_000,
    replaces: noContract,
    ...change,
  }
}

export const proposal = (market: Market, by: Person, terms: ContractTerms): Command => ({
  ...market.signed('propose_trade', by),
  terms,
  digest: testContract(terms),
})

export const acceptance = (market: Market, by: Person, contract: string): Command => ({
  ...market.signed('accept_trade', by),
  digest: contract,
})

/** Proposes and accepts a contract; both must be taken. */
export function agree(market: Market, terms: ContractTerms): Trade {
  const nameOf = (account: number): Person =>
    (['alice', 'bob', 'carol'] as const).find((name) => accountOf(name) === account) ?? 'alice'
  market.must(proposal(market, nameOf(terms.seller), terms))
  const result = market.must(acceptance(market, nameOf(terms.buyer), testContract(terms)))
  return tradeOfResult(market, result)
}

export function tradeOfResult(market: Market, result: Result): Trade {
  const number = 'trade' in result ? result.trade : 0
  const trade = market.state.trading.trades.get(number)
  if (trade === undefined) throw new Error(`no trade came of ${result.kind}`)
  return trade
}

/** What stands of the trades of an interval. */
export function tradeRecord(market: Market, interval: number): IntervalRecord {
  const record = recordOf(market.state, bilateralZone, firstInterval + interval)
  if (record === undefined) throw new Error(`nothing is known of the trades of ${interval}`)
  return record
}

export const settleTradesOf = (market: Market, interval: number): Outcome =>
  market.submit({
    kind: 'settle_interval',
    zone: bilateralZone,
    interval: firstInterval + interval,
  })

/** Closes the gates up to one interval's, in their time. */
export function toGateOf(market: Market, interval: number): Market {
  for (let next = 0; next <= interval; next += 1) {
    if (market.state.clearedThrough >= firstInterval + next) continue
    market.toGate(next)
    market.closeGate(next)
  }
  return market
}

/** Reads meters at both ends of an interval: what each exported (above zero) or imported. */
export function deliver(
  market: Market,
  interval: number,
  energies: Partial<Readonly<Record<MeterOwner, number>>>,
): Market {
  market.toStart(interval + 1)
  for (const owner of ['alice', 'bob', 'carol'] as const) {
    const energy = energies[owner] ?? 0
    market.read(owner, interval, 0, 0)
    market.read(owner, interval + 1, energy < 0 ? -energy : 0, energy > 0 ? energy : 0)
  }
  return market
}
