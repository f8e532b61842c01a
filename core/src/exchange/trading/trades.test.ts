/**
 * Goal: a contract between customers of two retailers goes from an invitation to paid energy, and
 * every watt-hour that meters show ends once, whatever else the meters do in the interval.
 * Method: the small market with contracts, told step by step; balances are worked out by hand.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { conservation } from '../conservation.ts'
import { accountOf, firstInterval } from '../testing/market.ts'
import {
  acceptance,
  agree,
  deliver,
  openTradeMarket,
  proposal,
  settleTradesOf,
  termsOf,
  toGateOf,
  tradeRecord,
} from '../testing/trade-market.ts'
import { testContract } from '../testing/market.ts'

describe('a trade', () => {
  test('is invited, accepted, delivered in full and paid at its price', () => {
    const market = openTradeMarket()
    const trade = agree(market, termsOf(market))
    equal(trade.status, 'agreed')
    const before = { alice: market.balance('alice'), bob: market.balance('bob') }
    ok(market.held('bob') >= 80_200n, 'the price is set aside')
    toGateOf(market, 2)
    deliver(market, 2, { alice: 400, bob: -400 })
    equal(settleTradesOf(market, 2).kind, 'accepted')
    // 400 Wh at 0.20: 80,000 micros; 0.0005 a kWh from each side: 200.
    equal(market.balance('alice') - before.alice, 80_000n - 200n)
    equal(market.balance('bob') - before.bob, -80_000n - 200n)
    equal(market.held('bob'), 0n)
    equal(market.held('alice'), 0n)
    equal(tradeRecord(market, 2).deliveries.get(trade.trade)?.result, 'complete')
    equal(conservation(market.state).moneyMicros, 0n)
  })

  test('takes its energy before the retailer gets the rest', () => {
    const market = openTradeMarket()
    agree(market, termsOf(market))
    toGateOf(market, 2)
    deliver(market, 2, { alice: 500, bob: -700, carol: -100 })
    settleTradesOf(market, 2)
    market.settle(2)
    const energy = market.record(2).runs.at(-1)?.energy
    deepEqual(energy, {
      ...{ injected: 500n, consumed: 800n, imported: 400n, exported: 100n },
      ...{ imbalanceBought: 0n, imbalanceSold: 0n, tradeBought: 400n, tradeSold: 400n },
      unexplained: 0n,
    })
  })

  test('corrected by a later reading ends where it would have settled at once', () => {
    const late = openTradeMarket()
    const once = openTradeMarket()
    for (const market of [late, once]) {
      agree(market, termsOf(market))
      toGateOf(market, 2)
    }
    deliver(late, 2, { alice: 300, bob: -400 })
    settleTradesOf(late, 2)
    late.settle(2)
    late.read('alice', 3, 0, 400, 1)
    settleTradesOf(late, 2)
    deliver(once, 2, { alice: 300, bob: -400 })
    once.read('alice', 3, 0, 400, 1)
    settleTradesOf(once, 2)
    for (const name of ['alice', 'bob', 'retailer', 'fees', 'rounding'] as const) {
      equal(late.balance(name), once.balance(name), name)
    }
  })

  test('corrected where only its retailers are concerned has a run that says so', () => {
    const market = openTradeMarket()
    agree(market, termsOf(market))
    toGateOf(market, 2)
    deliver(market, 2, { alice: 500, bob: -700 })
    settleTradesOf(market, 2)
    market.settle(2)
    market.read('bob', 3, 900, 0, 1)
    equal(settleTradesOf(market, 2).kind, 'accepted')
    market.settle(2)
    const { runs } = tradeRecord(market, 2)
    deepEqual(runs.map(({ items }) => items.length > 0), [true, false], 'no money moved')
    const shown = runs.map(({ metered }) => metered.map(({ imported }) => imported))
    deepEqual(shown, [[0n, 700n], [0n, 900n]], 'bob is billed for what his trade did not get')
    const retail = market.record(2).runs.map(({ energy }) => energy.imported)
    deepEqual(retail, [300n, 500n])
    settleTradesOf(market, 2)
    equal(tradeRecord(market, 2).runs.length, 2)
  })

  test('that nobody answers lapses, and its contract can be answered no more', () => {
    const market = openTradeMarket()
    const terms = termsOf(market)
    market.must(proposal(market, 'alice', terms))
    market.to(terms.expiresAt)
    const late = market.submit(acceptance(market, 'bob', testContract(terms)))
    equal(late.kind === 'rejected' ? late.reason : 'taken', 'proposal_expired')
    market.must({ kind: 'tend_trades' })
    equal(market.state.trading.trades.size, 0)
  })

  test('is in the set that the next gate puts on the chain', () => {
    const market = openTradeMarket()
    const terms = termsOf(market)
    agree(market, terms)
    toGateOf(market, 0)
    deepEqual(tradeRecord(market, 0).contractsRecorded, [testContract(terms)])
    equal(tradeRecord(market, 0).obligations.size, 0)
  })

  test('needs money for the intervals within reach alone', () => {
    const market = openTradeMarket({ deposits: { bob: 400_000 } })
    const terms = termsOf(market, 'alice', 'bob', { intervals: 20 })
    agree(market, terms)
    const held = market.held('bob')
    ok(held < 400_000n, `${held} are held of a contract of 1,600,000`)
    equal(accountOf('bob'), terms.buyer)
    equal(terms.fromInterval, firstInterval + 2)
  })
})
