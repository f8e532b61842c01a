/**
 * Goal: offers that meet become a contract that nobody is bound by before both have signed it, each
 * offer is filled once, and what is not signed goes back on the board for others.
 * Method: the small market with contracts; offers in a few words, and the board after each step.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { LadderStep, OfferContent } from '../../trades/index.ts'
import { type Command, encodeState, type Outcome, tradesDue } from '../index.ts'
import {
  accountOf,
  firstInterval,
  hex,
  type Market,
  meters,
  type Person,
} from '../testing/market.ts'
import { suspend } from '../testing/rejection-case.ts'
import {
  acceptance,
  openTradeMarket,
  proposal,
  termsOf,
  toGateOf,
} from '../testing/trade-market.ts'

type Side = 'alice' | 'bob' | 'carol'

const anyone = (price: number): LadderStep => ({
  with: 'anyone', number: null, source: 'any', priceMicrosPerKwh: price * 10_000,
})
const only = (who: Person, price: number): LadderStep => ({
  ...anyone(price), with: 'participant', number: accountOf(who),
})

/** 400 Wh in interval 3 until its gate, unless `change` says otherwise. */
export function offer(
  market: Market,
  who: Side,
  side: 'buy' | 'sell',
  ladder: readonly LadderStep[],
  change: Partial<OfferContent> = {},
): Command {
  const content: OfferContent = {
    meter: meters[who],
    side,
    source: 'any',
    fromInterval: firstInterval + 3,
    ...{ intervals: 1, energyWhPerInterval: 400 },
    ladder,
    rails: ['clearing-house'],
    ...{ toleranceBasisPoints: 1_000, penaltyBasisPoints: 1_000 },
    expiresAt: (firstInterval + 3) * 300_000 - 60_000,
    ...change,
  }
  return market.instruction('place_offer', who, content)
}

/** Each offer on the board: owner, status. */
const board = (market: Market): string[] =>
  [...market.state.trading.offers.values()].map(
    ({ offer: number, status }) => `${number} ${status}`,
  )

const tend = (market: Market): Outcome => market.submit({ kind: 'tend_trades' })

/** The contract that waits for signatures in a trade. */
function waiting(market: Market, trade: number): string {
  const found = market.state.trading.trades.get(trade)?.proposal?.contract
  if (found === undefined) throw new Error(`nothing waits in trade ${trade}`)
  return found
}

function met(): Market {
  const market = openTradeMarket()
  market.must(offer(market, 'alice', 'sell', [only('bob', 20), anyone(24)]))
  market.must(offer(market, 'bob', 'buy', [anyone(30)]))
  market.must(offer(market, 'carol', 'buy', [anyone(29)]))
  equal(tradesDue(market.state, market.at), true)
  market.must({ kind: 'tend_trades' })
  return market
}

describe('two offers that meet', () => {
  test('are proposed one contract, half way between their prices, and wait for signatures', () => {
    const market = met()
    deepEqual(board(market), ['1 matched', '2 matched', '3 open'])
    const trade = market.state.trading.trades.get(1)
    equal(trade?.proposal?.terms.priceMicrosPerKwh, 250_000)
    equal(trade.proposal.proposer, null)
    equal(market.state.trading.inForce.size, 0)
    equal(market.held('bob'), 0n)
    equal(tend(market).kind, 'rejected')
  })

  test('are filled when both have signed, in whichever order, and leave the board', () => {
    for (const order of [['alice', 'bob'], ['bob', 'alice']] as const) {
      const market = met()
      const contract = waiting(market, 1)
      const [first, second] = order.map((who) => market.must(acceptance(market, who, contract)))
      equal(first?.kind, 'trade_changed')
      equal(second?.kind, 'trade_agreed')
      deepEqual(board(market), ['3 open'])
      const version = market.state.trading.trades.get(1)?.versions[0]
      deepEqual([version?.sellerSignature, version?.buyerSignature], ['0x', '0x'])
    }
  })

  test('one signature binds nobody, and nobody signs twice', () => {
    const market = met()
    const contract = waiting(market, 1)
    market.must(acceptance(market, 'alice', contract))
    const again = market.submit(acceptance(market, 'alice', contract))
    equal(again.kind === 'rejected' && again.reason, 'party_foreign')
    equal(market.state.trading.inForce.size, 0)
    const told = market.effects.filter((one) => one.kind === 'trade_changed')
    deepEqual(told.map((one) => 'what' in one && one.what), ['invited', 'signed'])
  })

  test('refused, go back on the board and do not meet again: another takes its place', () => {
    const market = met()
    const content = { contract: waiting(market, 1) }
    market.must(market.instruction('decline_trade', 'bob', content))
    deepEqual(board(market), ['1 open', '2 open', '3 open'])
    equal(market.state.trading.trades.size, 0)
    market.must({ kind: 'tend_trades' })
    deepEqual(board(market), ['1 matched', '2 open', '3 matched'])
    // 0.24 from anyone and 0.29: on the tick below the middle.
    equal(market.state.trading.trades.get(2)?.proposal?.terms.priceMicrosPerKwh, 265_000)
  })

  test('that nobody signs in time go back on the board, too', () => {
    const market = met()
    market.to(market.state.trading.trades.get(1)?.proposal?.terms.expiresAt ?? 0)
    market.must({ kind: 'tend_trades' })
    // The offers end at the same gate.
    deepEqual(board(market), [])
    equal(market.state.trading.offersOf.size, 0)
    equal(market.state.trading.tradesOf.size, 0)
    equal(tradesDue(market.state, market.at), false)
  })

  test('one taken back ends the match, and the other meets somebody else', () => {
    const market = met()
    market.must(market.instruction('withdraw_offer', 'bob', { offer: 2 }))
    deepEqual(board(market), ['1 open', '3 open'])
    market.must({ kind: 'tend_trades' })
    deepEqual(board(market), ['1 matched', '3 matched'])
  })

  test('may be answered by a counter-offer, and are filled by it', () => {
    const market = met()
    const replaces = waiting(market, 1)
    const terms = termsOf(market, 'alice', 'bob', { priceMicrosPerKwh: 220_000, replaces })
    market.must(proposal(market, 'bob', { ...terms, fromInterval: firstInterval + 3 }))
    deepEqual(board(market), ['1 matched', '2 matched', '3 open'])
    market.must(acceptance(market, 'alice', waiting(market, 1)))
    deepEqual(board(market), ['3 open'])
  })
})

describe('the board', () => {
  test('has no offer of who is suspended, nor waits for its signature', () => {
    const market = met()
    suspend(market, accountOf('bob'))
    deepEqual(board(market), ['1 open', '3 open'])
    equal(market.state.trading.trades.size, 0)
  })

  test('has so many offers of an account as the rulebook says', () => {
    const market = openTradeMarket()
    for (let i = 0; i < 4; i += 1) market.must(offer(market, 'alice', 'sell', [anyone(90)]))
    const one = market.submit(offer(market, 'alice', 'sell', [anyone(90)]))
    equal(one.kind === 'rejected' && one.reason, 'offers_exceeded')
    market.must(market.instruction('withdraw_offer', 'alice', { offer: 2 }))
    market.must(offer(market, 'alice', 'sell', [anyone(90)]))
  })

  test('asks nobody to sign that may have no more trades', () => {
    const market = openTradeMarket()
    for (let i = 1; i <= 8; i += 1) {
      market.must(proposal(market, 'alice', termsOf(market, 'alice', 'bob', { id: hex(i, 32) })))
    }
    market.must(offer(market, 'alice', 'sell', [anyone(10)]))
    market.must(offer(market, 'carol', 'buy', [anyone(30)]))
    equal(tradesDue(market.state, market.at), false)
    equal(tend(market).kind, 'rejected')
  })

  test('is not changed by tending that is refused', () => {
    const market = met()
    for (const who of ['alice', 'bob'] as const) {
      market.must(acceptance(market, who, waiting(market, 1)))
    }
    const before = encodeState(market.state)
    equal(tend(market).kind, 'rejected')
    equal(encodeState(market.state), before)
  })

  test('lets an offer lapse at its time, and says so', () => {
    const market = openTradeMarket()
    market.must(offer(market, 'alice', 'sell', [anyone(90)]))
    toGateOf(market, 2)
    equal(tradesDue(market.state, market.at), false)
    market.toGate(3)
    ok(tradesDue(market.state, market.at))
    const result = market.must({ kind: 'tend_trades' })
    deepEqual(result, { kind: 'trades_tended', matched: 0, lapsed: 1 })
    deepEqual(board(market), [])
  })

  test('a contract that somebody has proposed before a match takes another id', () => {
    const market = openTradeMarket()
    market.must(offer(market, 'alice', 'sell', [anyone(20)]))
    market.must(offer(market, 'bob', 'buy', [anyone(30)]))
    const guessed = {
      ...termsOf(market, 'alice', 'bob', {
        id: hex(2, 32), priceMicrosPerKwh: 250_000, fromInterval: firstInterval + 3,
      }),
    }
    market.must(proposal(market, 'alice', guessed))
    market.must({ kind: 'tend_trades' })
    const { trades, contracts } = market.state.trading
    equal(trades.get(2)?.proposal?.terms.id, `0x${(2n ** 64n + 2n).toString(16).padStart(32, '0')}`)
    deepEqual([...contracts.values()], [1, 2])
  })
})
