/**
 * Goal: the chain is told in time what it is to hold for trades, no more often than it has to be;
 * and who asks the chain for everything still pays its trades out of what is held.
 * Method: the small market with contracts, step by step; random histories of trades and payments
 * compare a chain that does as it is told (`HoldsOnChain`).
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Micros } from '../../units/index.ts'
import { holdRenewedAfterMs } from './chain-holds.ts'
import type { Command } from '../index.ts'
import { accountOf, type Market } from '../testing/market.ts'
import {
  agree,
  deliver,
  openTradeMarket,
  settleTradesOf,
  termsOf,
  toGateOf,
} from '../testing/trade-market.ts'

const bob = accountOf('bob')

type Told = readonly (readonly [account: number, amount: bigint])[]

const toldOf = (market: Market): Told[] =>
  market.effects.flatMap((effect) =>
    effect.kind === 'trade_holds_changed'
      ? [effect.holds.map(({ account, amount }) => [account, amount] as const)]
      : [],
  )

const request = (amountMicros: number, heldMicros?: number): Command => ({
  ...{ kind: 'record_withdrawal_request', reference: '0xaa:0', account: bob, amountMicros },
  ...(heldMicros === undefined ? {} : { heldMicros }),
})
const advance = (stage: 'near' | 'due'): Command =>
  ({ kind: 'advance_withdrawal_request', reference: '0xaa:0', account: bob, stage })
const payment = (amountMicros: number): Command =>
  ({ kind: 'record_chain_withdrawal', reference: '0xbb:0', account: bob, amountMicros })

describe('the chain', () => {
  test('is told at the agreement, and when the trade is settled', () => {
    const market = openTradeMarket()
    agree(market, termsOf(market))
    const held = market.held('bob')
    ok(held >= 80_200n, 'the price is set aside')
    const agreed = toldOf(market)
    deepEqual(agreed.at(-1)?.find(([account]) => account === bob), [bob, held])
    toGateOf(market, 2)
    deliver(market, 2, { alice: 400, bob: -400 })
    equal(toldOf(market).length, agreed.length, 'nothing has changed until the run')
    settleTradesOf(market, 2)
    const settled = toldOf(market)
    equal(settled.length, agreed.length + 1)
    deepEqual(settled.at(-1)?.find(([account]) => account === bob), [bob, 0n])
    equal(market.state.trading.chainHolds.told.size, 0)
  })

  test('is told again at a gate before what it holds lapses', () => {
    const market = openTradeMarket()
    agree(market, termsOf(market))
    const first = toldOf(market).length
    market.to(market.at + holdRenewedAfterMs - 600_000)
    market.state.trading.chainHolds.told.set(bob, {
      amount: Micros.from(market.held('bob')),
      at: market.at - holdRenewedAfterMs,
    })
    const interval = market.state.clearedThrough + 1
    market.must({ kind: 'close_gate', interval })
    const again = toldOf(market).slice(first).flat().filter(([account]) => account === bob)
    deepEqual(again, [[bob, market.held('bob')]])
  })
})

describe('who asks the chain for everything', () => {
  /** Bob owes for the trade while its request may be paid at any moment. */
  function owing(heldMicros?: number): Market {
    const market = openTradeMarket()
    agree(market, termsOf(market))
    market.must(request(Number(market.balance('bob')), heldMicros))
    toGateOf(market, 2)
    market.must(advance('near'))
    market.must(advance('due'))
    deliver(market, 2, { alice: 400, bob: -400 })
    return market
  }

  test('pays its trade out of what the chain holds, and gets the rest', () => {
    const needed = openTradeMarket()
    agree(needed, termsOf(needed))
    const held = Number(needed.held('bob'))
    const market = owing(held)
    const before = { alice: market.balance('alice'), bob: market.balance('bob') }
    settleTradesOf(market, 2)
    equal(market.balance('alice') - before.alice, 80_000n - 200n)
    equal(market.balance('bob') - before.bob, -80_200n, 'paid by itself')
    market.must(payment(Number(before.bob) - held))
    equal(market.balance('bob'), BigInt(held) - 80_200n)
    equal(market.state.ledger.claims.size, 0)
  })

  test('is covered for where nothing was held before it asked', () => {
    const market = owing()
    const before = market.balance('bob')
    settleTradesOf(market, 2)
    equal(market.balance('bob'), before, 'others paid')
    const { arrears } = market.state.ledger
    deepEqual([...arrears.values()], [80_200n], 'and bob owes it')
  })

  test('keeps no more than is still held', () => {
    const market = owing(Number(openTradeMarket().balance('bob')))
    const claim = market.state.ledger.claims.get(bob)
    ok(claim !== undefined)
    settleTradesOf(market, 2)
    equal(market.state.ledger.claims.get(bob)?.held, 0n, 'nothing is held any more')
  })
})
