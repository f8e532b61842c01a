/**
 * Goal: whichever rail a trade is paid by, everybody ends with the same money, and each step of a
 * payment on a rail has its effect once: setting aside, renewing, asking, postponing, giving back.
 * Method: the small market with contracts, told rail by rail; amounts are worked out by hand.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decodeState, encodeState, type Outcome, unexplainedDues } from '../index.ts'
import { accountOf, type Market, people, startMs, testContract } from '../testing/market.ts'
import {
  agreeBy,
  allRails,
  answer,
  collectionMs,
  defaultOf,
  deliverAndCollect,
  intervalAt,
  outsideRails,
  paymentOf,
  postCharges,
  railTerms,
  tend,
  tendUntil,
  termMs,
  topUpOf,
  word,
  worthOf,
} from '../testing/payment-market.ts'
import {
  acceptance,
  agree,
  openTradeMarket,
  proposal,
  settleTradesOf,
  toGateOf,
  tradeRecord,
} from '../testing/trade-market.ts'

const accounts = [0, 1, 2, ...people.map(accountOf), accountOf('carol') + 1]

const reasonOf = (outcome: Outcome): string =>
  outcome.kind === 'rejected' ? outcome.reason : outcome.repeated ? 'repeated' : 'accepted'

const isEven = (market: Market): void => {
  deepEqual([...market.state.trading.dues], [], 'nobody owes anything outside of the ledger')
  deepEqual([...unexplainedDues(market.state)], [])
  deepEqual(market.state.trading.owed.size, 0)
}

describe('the same net amounts by every rail', () => {
  const deliveries = [
    [400, 400], [500, 400], [370, 400], [100, 400], [0, 400], [400, 200], [400, 0],
  ]
  for (const buyerShort of ['actual', 'contracted'] as const) {
    for (const [exported = 0, imported = 0] of deliveries) {
      test(`${buyerShort}: ${exported} Wh out, ${imported} Wh in`, () => {
        const worths = allRails.map((rail) => {
          const market = openTradeMarket()
          const change = { buyerShort, toleranceBasisPoints: 500 }
          agreeBy(market, rail, change)
          const before = accounts.map((account) => worthOf(market, account))
          deliverAndCollect(market, exported, imported)
          answer(market)
          const moved = movedBy(market)
          isEven(market)
          postCharges(market)
          equal(market.state.trading.defaults.size, 0)
          return accounts.map((account, index) =>
            worthOf(market, account) - (before[index] ?? 0n) + (moved.get(account) ?? 0n),
          )
        })
        for (const worth of worths) deepEqual(worth, worths[0])
        ok(worths[0]?.some((one) => one !== 0n), 'money was owed at all')
      })
    }
  }

  /** What payments have brought and taken, by account. */
  const movedBy = (market: Market): Map<number, bigint> => {
    const moved = new Map<number, bigint>()
    for (const { state, legs } of market.state.trading.payments.values()) {
      if (state !== 'captured') continue
      for (const { account, amount } of legs) {
        moved.set(account, (moved.get(account) ?? 0n) + amount)
      }
    }
    return moved
  }
})

describe('a correction', () => {
  for (const rail of outsideRails) {
    test(`by ${rail} is given back through the payment it corrects`, () => {
      const market = openTradeMarket()
      agreeBy(market, rail)
      deliverAndCollect(market)
      postCharges(answer(market))
      market.read('alice', 3, 0, 300, 1)
      equal(settleTradesOf(market, 2).kind, 'accepted')
      ok(market.state.trading.dues.size > 0)
      tendUntil(market, collectionMs + 3 * 300_000)
      const refund = paymentOf(market, 2)
      deepEqual([refund.payer, refund.payee, refund.refundOf], [
        accountOf('alice'), accountOf('bob'), 1,
      ])
      answer(market)
      isEven(market)
    })
  }
})

describe('a hold of a payment provider', () => {
  const held = (change: object = {}): Market => {
    const market = openTradeMarket({ deposits: { bob: 1_000_000 } })
    const terms = railTerms(market, 'money-block', change)
    market.must(proposal(market, 'alice', terms))
    market.must(acceptance(market, 'bob', testContract(terms)))
    return market
  }

  test('is asked for at the agreement, of the worst that the cycle can cost', () => {
    const market = held()
    const { state, reservedMicros, payer, payee } = paymentOf(market, 1)
    deepEqual([state, payer, payee], ['reserving', accountOf('bob'), accountOf('alice')])
    // 400 Wh at 0.20 and 0.0005 a kWh, and room for rounding.
    equal(reservedMicros, 80_208n)
    ok(market.effects.some((one) => one.kind === 'payment_changed' && one.state === 'reserving'))
  })

  test('that the provider refuses ends the trade before its delivery, as a default', () => {
    const market = held()
    equal(reasonOf(word(market, 1, 'failed')), 'accepted')
    const trade = market.state.trading.trades.get(1)
    deepEqual([trade?.status, trade?.reason], ['terminated', 'reservation_failed'])
    equal(defaultOf(market, 1).cause, 'reservation_failed')
    toGateOf(market, 2)
    equal(market.state.trading.trades.get(1)?.endsAt, intervalAt(2))
  })

  test('that is not answered before the gate ends the trade, and nobody has defaulted', () => {
    const market = held()
    toGateOf(market, 2)
    const trade = market.state.trading.trades.get(1)
    deepEqual([trade?.status, trade?.reason], ['terminated', 'reservation_missed'])
    equal(market.state.trading.defaults.size, 0)
    tend(market)
    equal(paymentOf(market, 1).state, 'releasing')
  })

  test('is renewed in the last quarter of its time, and stands then', () => {
    const market = held()
    const first = market.at + 800_000
    word(market, 1, 'reserved', { expiresAt: first })
    tendUntil(market, market.at + 599_999)
    equal(paymentOf(market, 1).state, 'reserved')
    tendUntil(market, market.at + 1)
    equal(paymentOf(market, 1).state, 'renewing')
    // The first word once more, late: it renews nothing.
    equal(reasonOf(word(market, 1, 'reserved', { expiresAt: first })), 'repeated')
    equal(paymentOf(market, 1).state, 'renewing')
    equal(reasonOf(word(market, 1, 'reserved', { expiresAt: first + 5_000_000 })), 'accepted')
    equal(paymentOf(market, 1).state, 'reserved')
    tendUntil(market, first)
    equal(market.state.trading.defaults.size, 0)
  })

  const outcomes = [
    ['refused', (market: Market) => void word(market, 1, 'failed')],
    ['missed', (market: Market) => void tendUntil(market, paymentOf(market, 1).expiresAt ?? 0)],
    ['lapsed at the provider', (market: Market) => void word(market, 1, 'expired')],
  ] as const
  for (const [how, happens] of outcomes) {
    test(`whose renewal is ${how} is a default before the delivery`, () => {
      const market = held({ intervals: 4, fromInterval: intervalAt(3) })
      word(market, 1, 'reserved', { expiresAt: market.at + 400_000 })
      tendUntil(market, market.at + 300_000)
      happens(market)
      const trade = market.state.trading.trades.get(1)
      deepEqual([trade?.status, trade?.endsAt], ['terminated', intervalAt(3)])
      const { cause, account, creditor, payment } = defaultOf(market, 1)
      deepEqual([cause, account, creditor, payment], [
        'renewal_failed', accountOf('bob'), accountOf('alice'), 1,
      ])
      tend(market)
      // What was set aside for the second cycle is let go.
      deepEqual(
        [...market.state.trading.payments.values()].slice(1).map(({ state }) => state),
        market.state.trading.payments.size > 1 ? ['releasing'] : [],
      )
      tendUntil(market, market.at + 1_200_000)
      equal(tradeRecord(market, 3).obligations.size, 0)
      equal(market.state.trading.owed.size, 0)
    })
  }

  test('that is not needed is let go', () => {
    const market = held()
    answer(market)
    deliverAndCollect(market, 0, 400)
    const [hold, loss] = [paymentOf(market, 1), paymentOf(market, 2)]
    equal(hold.state, 'releasing')
    deepEqual([loss.payer, loss.state], [accountOf('alice'), 'capturing'])
    equal(reasonOf(word(market, 1, 'released')), 'accepted')
    equal(reasonOf(word(market, 1, 'released')), 'repeated')
  })

  test('is one for each cycle of a longer trade, each asked for ahead', () => {
    const market = held({ intervals: 6 })
    // Cycles of two intervals, and four intervals are within reach of the next gate.
    deepEqual(
      [...market.state.trading.payments.values()].map(({ fromInterval }) => fromInterval),
      [intervalAt(2), intervalAt(4)],
    )
    answer(market)
    tendUntil(market, startMs + 300_000)
    equal(paymentOf(market, 3).fromInterval, intervalAt(6))
    answer(market)
    tendUntil(market, startMs + 4 * 300_000)
    for (const [boundary, energy] of [[2, 0], [3, 400], [4, 800]] as const) {
      market.read('alice', boundary, 0, energy)
      market.read('bob', boundary, energy, 0)
    }
    for (const interval of [2, 3]) equal(settleTradesOf(market, interval).kind, 'accepted')
    tendUntil(market, market.at + 419_999)
    equal(paymentOf(market, 1).state, 'reserved')
    tendUntil(market, market.at + 1)
    deepEqual([paymentOf(market, 1).state, paymentOf(market, 1).amount], ['capturing', 160_400n])
    equal(paymentOf(market, 2).state, 'reserved')
  })
})

describe('a prepaid balance', () => {
  test('that is too small refuses the contract', () => {
    const market = openTradeMarket()
    market.must(topUpOf(market, 'bob', 80_000))
    const terms = railTerms(market, 'prepaid')
    market.must(proposal(market, 'alice', terms))
    const refused = market.submit(acceptance(market, 'bob', testContract(terms)))
    equal(reasonOf(refused), 'funds_insufficient')
    market.must(topUpOf(market, 'bob', 208))
    market.must(acceptance(market, 'bob', testContract(terms)))
    equal(market.state.trading.prepaidHeld.get(accountOf('bob')), 80_208n)
  })

  test('pays at once, and the retailers owe each other what their customers moved', () => {
    const market = openTradeMarket()
    agreeBy(market, 'prepaid')
    deliverAndCollect(market)
    const { prepaid, netting } = market.state.trading
    equal(paymentOf(market, 1).state, 'captured')
    equal(prepaid.get(accountOf('bob')), 10_000_000n - 80_200n)
    equal(prepaid.get(accountOf('alice')), 10_000_000n + 80_000n - 200n - 400n)
    const [retailer, grid] = [accountOf('retailer'), accountOf('grid')]
    const other = accountOf('carol') + 1
    deepEqual([...netting.between], [
      [`1:${other}`, -400n], [`${grid}:${other}`, -400n], [`${retailer}:${other}`, -79_400n],
    ])
    tendUntil(market, market.at + 600_000)
    const [transfer] = netting.nettings.values()
    deepEqual(
      [transfer?.debtor, transfer?.creditor, transfer?.amount, transfer?.state],
      [other, retailer, 70_000n, 'ordered'],
    )
    equal(netting.between.get(`${retailer}:${other}`), -9_400n)
  })

  test('that has not got what is owed pays when it is topped up', () => {
    const market = openTradeMarket()
    market.must(topUpOf(market, 'bob', 10_000_000))
    agree(market, railTerms(market, 'prepaid'))
    // The seller was short, and owes the buyer the loss and a penalty.
    deliverAndCollect(market, 0, 400)
    const owing = paymentOf(market, 2)
    deepEqual([owing.payer, owing.state], [accountOf('alice'), 'capturing'])
    market.must(topUpOf(market, 'alice', 10_000_000))
    equal(owing.state, 'captured')
    isEven(market)
  })
})

describe('a transfer between retailers', () => {
  const settled = (): Market => {
    const market = openTradeMarket()
    agreeBy(market, 'prepaid')
    deliverAndCollect(market)
    return tendUntil(market, market.at + 600_000)
  }
  const say = (market: Market, state: 'paid' | 'returned', reference = 'camt-1'): string =>
    reasonOf(market.submit({ kind: 'record_netting', netting: 1, state, reference }))

  test('is paid once, and may come back after that', () => {
    const market = settled()
    deepEqual(
      [say(market, 'paid'), say(market, 'paid'), say(market, 'paid', 'camt-2')],
      ['accepted', 'repeated', 'payment_exists'],
    )
    equal(say(market, 'returned', 'camt-3'), 'accepted')
    equal(say(market, 'paid', 'camt-4'), 'netting_not_awaited')
    const { between } = market.state.trading.netting
    equal(between.get(`${accountOf('retailer')}:${accountOf('carol') + 1}`), -79_400n)
    tendUntil(market, market.at + 600_000)
    equal(market.state.trading.netting.nettings.get(2)?.amount, 70_000n)
  })
})

test('a market in the middle of payments reads back to itself', () => {
  for (const rail of outsideRails) {
    const market = openTradeMarket()
    agreeBy(market, rail)
    deliverAndCollect(market, 300, 400)
    tendUntil(market, collectionMs + termMs)
    const text = encodeState(market.state)
    deepEqual(decodeState(text), market.state)
  }
})
