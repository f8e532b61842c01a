/**
 * Goal: a correction that takes back more than any one payment has brought goes back through all
 * that it came by, on every rail, and leaves nobody owing anything.
 * Method: a trade of several cycles is delivered and paid, then its seller's meter is corrected.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sumReceived } from '../../payments/index.ts'
import { unexplainedDues } from '../index.ts'
import { accountOf, type Market, startMs } from '../testing/market.ts'
import {
  agreeBy,
  answer,
  outsideRails,
  paymentOf,
  postCharges,
  tendUntil,
} from '../testing/payment-market.ts'
import { openTradeMarket, settleTradesOf } from '../testing/trade-market.ts'

const lengthMs = 300_000
const [alice, bob] = [accountOf('alice'), accountOf('bob')]

/** Goes on, and has the rails answer on the way. */
function goOn(market: Market, at: number): Market {
  for (let step = market.at + lengthMs; step < at; step += lengthMs) answer(tendUntil(market, step))
  return answer(tendUntil(market, at))
}

/** Four intervals of 400 Wh, delivered and paid by and by: 80,200 micros for each. */
function paidInParts(rail: (typeof outsideRails)[number]): Market {
  const market = openTradeMarket()
  agreeBy(market, rail, { intervals: 4 })
  for (const [index, boundary] of [2, 3, 4, 5, 6].entries()) {
    goOn(market, startMs + boundary * lengthMs)
    market.read('alice', boundary, 0, 400 * index)
    market.read('bob', boundary, 400 * index, 0)
    if (index > 0) equal(settleTradesOf(market, boundary - 1).kind, 'accepted')
  }
  return postCharges(goOn(market, startMs + 9 * lengthMs))
}

const sumOf = (all: readonly { readonly amount: bigint }[]): bigint =>
  all.reduce((sum, { amount }) => sum + amount, 0n)

const captured = (market: Market, payer: number) =>
  [...market.state.trading.payments.values()]
    .filter((one) => one.state === 'captured' && one.payer === payer)
    .map(({ payment, amount, refundOf, legs }) => {
      equal(sumReceived(legs), amount)
      return { payment, amount, refundOf }
    })

describe('more than any one payment has brought goes back through several', () => {
  for (const rail of outsideRails) {
    test(`by ${rail}`, () => {
      const market = paidInParts(rail)
      const paid = captured(market, bob)
      ok(paid.length > 1)
      // Of two bills what is below a cent has gone over the ledger, when the trade was over.
      const brought = rail.startsWith('bill') ? 310_000n : 320_800n
      equal(sumOf(paid), brought)
      // The meter gave out nothing in three of the four: of what was paid little stays paid.
      for (const boundary of [3, 4, 5]) market.read('alice', boundary, 0, 0, 1)
      market.read('alice', 6, 0, 400, 1)
      for (const interval of [2, 3, 4, 5]) settleTradesOf(market, interval)
      goOn(market, market.at + 4 * lengthMs)
      const back = captured(market, alice)
      const whole = sumOf(back)
      ok(paid.every(({ amount }) => amount < whole), 'no payment has brought so much')
      const refunds = back.filter(({ refundOf }) => refundOf !== null)
      ok(refunds.length > 1)
      for (const { payment, amount } of paid) {
        ok(sumOf(refunds.filter(({ refundOf }) => refundOf === payment)) <= amount)
      }
      // Penalties beyond all that was paid are no refund, but owed like any debt.
      equal(sumOf(refunds), whole < brought ? whole : brought)
      for (const { payment } of back) equal(paymentOf(market, payment).state, 'captured')
      deepEqual([...market.state.trading.dues], [])
      deepEqual([...unexplainedDues(market.state)], [])
      equal(market.state.trading.owed.size, 0)
    })
  }
})
