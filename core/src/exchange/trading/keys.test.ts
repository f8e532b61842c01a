/**
 * Goal: a key that somebody put in another's place without its owner noticing cannot sign a
 * contract before its owner had time to notice, whichever way it takes; and an owner who has its
 * old key waits for nothing.
 * Method: keys replaced by an authority and by their owners on the small market with contracts, and
 * what each may sign when.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Outcome } from '../index.ts'
import { accountOf, type Market, newcomer, testContract } from '../testing/market.ts'
import {
  acceptance,
  openTradeMarket,
  proposal,
  termsOf,
  testTradeRules,
} from '../testing/trade-market.ts'

const delayMs = testTradeRules.keyDelaySeconds * 1_000

/** Replaces alice's key, by an authority or by herself. */
function replaceKey(market: Market, by: 'operator' | 'alice', number: number, approval?: string) {
  const { address, publicKey } = newcomer(number)
  const key = { participant: accountOf('alice'), address, publicKey }
  const content = approval === undefined ? key : { ...key, approval }
  market.must(market.instruction('replace_key', by, content))
}

/** What a proposal of alice's is answered, for a window that is open then. */
function signs(market: Market): string {
  const fromInterval = Math.floor(market.at / 300_000) + 3
  const terms = termsOf(market, 'alice', 'bob', { fromInterval, id: market.id() })
  return answer(market.submit(proposal(market, 'alice', terms)))
}

const answer = (outcome: Outcome): string =>
  outcome.kind === 'accepted' ? 'ok' : outcome.reason

/** Closes the gates that lie between, as a market must. */
function later(market: Market, at: number): Market {
  while (market.state.clearedThrough < Math.floor(at / 300_000)) {
    const next = market.state.clearedThrough + 1
    market.to(Math.max(market.at, next * 300_000 - 60_000))
    market.must({ kind: 'close_gate', interval: next })
  }
  return market.to(Math.max(at, market.at))
}

describe('a key', () => {
  test('that an account was admitted with signs at once', () => {
    equal(signs(openTradeMarket()), 'ok')
  })

  test('that replaced another signs after the delay', () => {
    const market = openTradeMarket()
    replaceKey(market, 'operator', 95)
    const effect = market.effects.find(({ kind }) => kind === 'key_certified')
    const tradesFrom = market.at + delayMs
    deepEqual(effect, { kind: 'key_certified', account: accountOf('alice'), tradesFrom })
    equal(signs(market), 'key_too_new')
    later(market, tradesFrom - 60_001)
    equal(market.at < tradesFrom && signs(market), 'key_too_new')
    later(market, tradesFrom)
    equal(signs(market), 'ok')
  })

  test('may not accept either before its time', () => {
    const market = openTradeMarket()
    const terms = termsOf(market, 'bob', 'alice')
    market.must(proposal(market, 'bob', terms))
    replaceKey(market, 'operator', 95)
    equal(answer(market.submit(acceptance(market, 'alice', testContract(terms)))), 'key_too_new')
  })

  test('that the old one approved signs at once, as does one that its owner asked for', () => {
    const market = openTradeMarket()
    replaceKey(market, 'operator', 95, '0x00')
    equal(signs(market), 'ok')
    replaceKey(market, 'alice', 96)
    equal(signs(market), 'ok')
  })

  test('that may not sign yet hands its place on to none that may', () => {
    const market = openTradeMarket()
    const tradesFrom = market.at + delayMs
    replaceKey(market, 'operator', 95)
    market.at += 1_000
    replaceKey(market, 'alice', 96)
    equal(signs(market), 'key_too_new')
    const own = market.state.trading.keys.get(accountOf('alice'))
    deepEqual(own?.map((key) => [key.tradesFrom, key.approved]), [
      [tradesFrom, false], [tradesFrom, true],
    ])
  })

  test('orders and withdraws as before, whatever its age', () => {
    const market = openTradeMarket()
    replaceKey(market, 'operator', 95)
    market.order('alice', 'sell', 100, 200_000, 1)
  })
})
