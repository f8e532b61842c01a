/**
 * Goal: a bill has its name, is postponed for a fee, drawn from collateral where nothing binds the
 * retailers, and given back where it was paid twice, each once.
 * Method: the small market with contracts, told step by step; amounts are worked out by hand.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Outcome, unexplainedDues } from '../index.ts'
import { accountOf, type Market, startMs } from '../testing/market.ts'
import {
  agreeBy,
  answer,
  collectionMs,
  defaultOf,
  deliverAndCollect,
  paymentOf,
  tend,
  tendUntil,
  termMs,
  word,
} from '../testing/payment-market.ts'
import { openTradeMarket, settleTradesOf } from '../testing/trade-market.ts'

const reasonOf = (outcome: Outcome): string =>
  outcome.kind === 'rejected' ? outcome.reason : outcome.repeated ? 'repeated' : 'accepted'

const isEven = (market: Market): void => {
  deepEqual([...market.state.trading.dues], [], 'nobody owes anything outside of the ledger')
  deepEqual([...unexplainedDues(market.state)], [])
  deepEqual(market.state.trading.owed.size, 0)
}

describe('a bill', () => {
  const billed = (): Market => {
    const market = openTradeMarket()
    agreeBy(market, 'bill-seller')
    return deliverAndCollect(market)
  }
  const postpone = (market: Market): string =>
    reasonOf(market.submit(market.instruction('postpone_payment', 'bob', { payment: 1 })))

  test('has the name that the network gives it as soon as its payer is asked', () => {
    const market = billed()
    equal(paymentOf(market, 1).reference, '')
    const asked = (change: object) => reasonOf(word(market, 1, 'asked', change))
    equal(asked({ reference: '' }), 'field_invalid')
    equal(asked({ amountMicros: 60_000 }), 'payment_exists')
    equal(asked({ reference: 'bill:8|1' }), 'accepted')
    equal(asked({ reference: 'bill:8|1' }), 'repeated')
    equal(asked({ reference: 'bill:8|2' }), 'payment_exists')
    deepEqual([paymentOf(market, 1).state, paymentOf(market, 1).reference], [
      'capturing', 'bill:8|1',
    ])
    equal(postpone(market), 'accepted')
    equal(asked({ reference: 'bill:8|1' }), 'repeated')
    equal(reasonOf(word(market, 1, 'captured', { reference: 'bill:8|1' })), 'accepted')
    equal(asked({ reference: 'bill:8|1' }), 'payment_not_awaited')
  })

  test('is postponed once, for a fee to who waits for it', () => {
    const market = billed()
    equal(postpone(market), 'accepted')
    deepEqual([paymentOf(market, 1).state, paymentOf(market, 1).dueAt], [
      'postponed', collectionMs + 2 * termMs,
    ])
    equal(market.state.trading.owed.get(1)?.get(accountOf('bob')), -10_000n)
    tendUntil(market, collectionMs + termMs)
    equal(paymentOf(market, 1).state, 'capturing')
    equal(postpone(market), 'postponement_exceeded')
    equal(market.state.trading.defaults.size, 0)
    answer(market)
    isEven(market)
  })

  test('that is late is a default, and no longer one when it is paid', () => {
    const market = billed()
    const free = market.state.trading.collateral.get(`1:${accountOf('bob')}`)
    ok(free !== undefined && free > 0n, 'without an agreement collateral stands for it')
    market.to(collectionMs + termMs - 1)
    equal(reasonOf(market.submit({ kind: 'tend_payments' })), 'nothing_to_tend')
    equal(postpone(tend(market.to(collectionMs + termMs))), 'payment_not_awaited')
    equal(defaultOf(market, 1).cause, 'payment_overdue')
  })

  test('that is not paid is drawn from collateral where nothing binds the retailers', () => {
    const market = billed()
    const before = market.balance('bob')
    tend(market.to(collectionMs + termMs))
    equal(defaultOf(market, 1).status, 'cured')
    equal(paymentOf(market, 1).state, 'releasing')
    ok(market.held('bob') >= 80_200n, 'it stays held until it is posted')
    isEven(market)
    for (const interval of [3, 4, 5, 6, 7]) market.closeGate(interval)
    equal(settleTradesOf(market, 3).kind, 'accepted')
    // Seven cents by the bill that was not paid, and what no bill carries.
    equal(market.balance('bob') - before, -80_200n)
    equal(market.held('bob'), 0n)
  })

  test('whose energy was an estimate leaves its collateral until the final run', () => {
    const market = openTradeMarket()
    agreeBy(market, 'bill-seller')
    tendUntil(market, startMs + 3 * 300_000 + 120_000)
    equal(settleTradesOf(market, 2).kind, 'accepted')
    ok(market.held('bob') > 0n)
    tendUntil(market, startMs + 6 * 300_000)
    equal(settleTradesOf(market, 2).kind, 'accepted')
    ok(market.held('bob') > 0n, 'it is known what is owed, and not yet that it is paid')
    tendUntil(market, startMs + 8 * 300_000)
    equal(market.held('bob'), 0n)
  })

  test('that is paid after it was recovered is given back', () => {
    const market = billed()
    tend(market.to(collectionMs + termMs))
    equal(reasonOf(word(market, 1, 'captured')), 'accepted')
    tend(market)
    const back = paymentOf(market, 2)
    deepEqual([back.payer, back.payee, back.amount, back.refundOf], [
      accountOf('alice'), accountOf('bob'), 70_000n, 1,
    ])
    answer(market)
    isEven(market)
  })
})
