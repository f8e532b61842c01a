/**
 * Goal: of several reasons why a contract, an offer or a limit is refused the first of the list is
 * given, who asks before what is asked.
 * Method: staircases: a command that breaks every rule is mended step by step, and the answers must
 * come in the order of the list.
 */
import { equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import type { ContractTerms, OfferContent } from '../../trades/index.ts'
import { type Command, type Rejection, rejections } from '../index.ts'
import { accountOf, firstInterval, hex, type Market, testContract } from '../testing/market.ts'
import { suspend, unknownAccount } from '../testing/rejection-case.ts'
import {
  accepting,
  anyone,
  changing,
  inForce,
  invited,
  limiting,
  placing,
} from '../testing/trade-case.ts'
import {
  acceptance,
  openTradeMarket,
  proposal,
  termsOf,
  toGateOf,
} from '../testing/trade-market.ts'

type Step = readonly [Rejection, Command]

function stairs(name: string, market: () => Market, steps: (market: Market) => Iterable<Step>) {
  test(name, () => {
    const order = Object.keys(rejections)
    const open = market()
    let before = -1
    for (const [expected, command] of steps(open)) {
      const outcome = open.submit(command)
      equal(outcome.kind === 'rejected' ? outcome.reason : outcome.kind, expected)
      ok(order.indexOf(expected) > before, `${expected} comes later in the list`)
      before = order.indexOf(expected)
    }
  })
}

const consentOfAlice = (market: Market): void => {
  const textHash = hex(1, 64)
  market.must(market.instruction('consent_to_enforcement', 'alice', { textHash }))
}

function* whoSigns(market: Market): Iterable<Step> {
  const { trading } = market.state
  suspend(market, accountOf('carol'))
  trading.consents.delete(accountOf('alice'))
  const tradesFrom = market.at + 1
  const key = { publicKey: '', address: '', sequence: 1, at: 0, tradesFrom, approved: false }
  trading.keys.set(accountOf('alice'), [key])
  const terms = termsOf(market, 'bob', 'carol', { intervals: 0, replaces: hex(7, 64) })
  const signed = proposal(market, 'alice', terms)
  const by = (account: number): Command => ({ ...signed, account }) as Command
  yield ['account_unknown', by(unknownAccount)]
  yield ['account_suspended', by(accountOf('carol'))]
  yield ['role_missing', by(accountOf('grid'))]
  yield ['key_too_new', by(accountOf('alice'))]
  trading.keys.clear()
  yield ['consent_missing', by(accountOf('alice'))]
  consentOfAlice(market)
  yield ['party_foreign', by(accountOf('alice'))]
}
stairs('who signs a contract', openTradeMarket, whoSigns)

function* whatIsProposed(market: Market): Iterable<Step> {
  suspend(market, accountOf('carol'))
  const known = invited(market, { id: hex(500, 32) })
  for (let i = 10; i < 17; i += 1) invited(market, { id: hex(i, 32) })
  let terms: ContractTerms = {
    ...termsOf(market, 'alice', 'alice', { id: hex(9, 32) }),
    ...{ buyer: unknownAccount, buyerMeter: 77, sellerRetailer: 9, intervals: 0 },
    ...{ profile: { kind: 'per-interval', energyWh: 1_001 }, priceMicrosPerKwh: 5_000_001 },
    ...{ replaces: hex(7, 64), rail: 'barter' as 'prepaid' },
  }
  const mend = (change: Partial<ContractTerms>): Command =>
    proposal(market, 'alice', (terms = { ...terms, ...change }))
  yield ['account_unknown', mend({})]
  yield ['account_suspended', mend({ buyer: accountOf('carol') })]
  yield ['meter_unknown', mend({ buyer: accountOf('alice') })]
  yield ['meter_foreign', mend({ buyerMeter: 2 })]
  yield ['field_invalid', mend({ buyerMeter: 1 })]
  yield ['capacity_exceeded', mend({ intervals: 1_000 })]
  yield ['price_out_of_bounds', mend({ profile: { kind: 'per-interval', energyWh: 400 } })]
  yield ['price_off_tick', mend({ priceMicrosPerKwh: 1 })]
  yield ['trade_unknown', mend({ priceMicrosPerKwh: 10 })]
  const again = termsOf(market, 'alice', 'bob', { id: hex(500, 32) })
  equal(testContract(again), known)
  yield ['contract_exists', proposal(market, 'alice', again)]
  yield ['parties_equal', mend({ replaces: termsOf(market).replaces })]
  yield ['retailer_mismatch', mend({ buyer: accountOf('bob'), buyerMeter: 2 })]
  const { sellerRetailer, buyerRetailer } = termsOf(market)
  yield ['window_closed', mend({ sellerRetailer, buyerRetailer })]
  yield ['terms_out_of_bounds', mend({ intervals: 1 })]
  yield ['trades_exceeded', mend({ rail: 'clearing-house' })]
}
stairs('what is proposed', openTradeMarket, whatIsProposed)

function* whatIsAccepted(market: Market): Iterable<Step> {
  yield ['trade_unknown', accepting(market, hex(7, 64))]
  const until = { expiresAt: market.at + 1_000 }
  const first = invited(market, until)
  const change = changing(market, first, { id: hex(8, 32), ...until })
  market.must(change)
  yield ['contract_superseded', accepting(market, first, 'alice')]
  market.to(market.at + 1_000)
  yield ['proposal_expired', accepting(market, 'digest' in change ? change.digest : '', 'alice')]
  const late = invited(market, { id: hex(10, 32) })
  for (let i = 11; i < 18; i += 1) {
    market.must(proposal(market, 'bob', termsOf(market, 'alice', 'bob', { id: hex(i, 32) })))
  }
  yield ['trades_exceeded', acceptance(market, 'bob', late)]
}
stairs('what is accepted', openTradeMarket, whatIsAccepted)

const poor = (): Market => openTradeMarket({ deposits: { bob: 0 } })
stairs('and whether it can be paid', poor, (market) => [
  ['funds_insufficient', accepting(market, invited(market))],
])

function* whatIsOffered(market: Market): Iterable<Step> {
  suspend(market, accountOf('carol'))
  for (let i = 0; i < 4; i += 1) market.must(placing({})(market))
  let content: Partial<OfferContent> = {
    ladder: [{ ...anyone, with: 'participant', number: unknownAccount, priceMicrosPerKwh: 1 }],
    ...{ meter: 77, intervals: 0, energyWhPerInterval: 1_001, rails: [] },
  }
  const mend = (change: Partial<OfferContent>): Command =>
    placing((content = { ...content, ...change }))(market)
  yield ['account_suspended', placing(content, 'carol')(market)]
  const by = (account: number): Command => ({ ...mend({}), account }) as Command
  yield ['role_missing', by(accountOf('grid'))]
  yield ['zone_unknown', mend({ ladder: [{ ...anyone, with: 'zone', number: 7 }] })]
  yield ['meter_unknown', mend({ ladder: [{ ...anyone, priceMicrosPerKwh: 10 ** 7 + 1 }] })]
  yield ['meter_foreign', mend({ meter: 2 })]
  yield ['field_invalid', mend({ meter: 1 })]
  yield ['capacity_exceeded', mend({ intervals: 1_000 })]
  yield ['price_out_of_bounds', mend({ energyWhPerInterval: 400 })]
  yield ['price_off_tick', mend({ ladder: [{ ...anyone, priceMicrosPerKwh: 1 }] })]
  yield ['window_closed', mend({ ladder: [anyone] })]
  yield ['terms_out_of_bounds', mend({ intervals: 1 })]
  yield ['offers_exceeded', mend({ rails: ['clearing-house'] })]
}
stairs('what is offered', openTradeMarket, whatIsOffered)

function* whatIsLimited(market: Market): Iterable<Step> {
  inForce(market, { intervals: 3 })
  toGateOf(market, 2)
  const wrong = { fromInterval: firstInterval + 2, intervals: 9, energyWh: -1 }
  yield ['role_missing', limiting(market, wrong, 'alice')]
  const { utilities } = market.state.trading
  utilities.clear()
  yield ['utility_foreign', limiting(market, wrong)]
  utilities.set(0, accountOf('grid'))
  yield ['field_invalid', limiting(market, wrong)]
  yield ['gate_closed', limiting(market, { ...wrong, energyWh: 1 })]
  const later = { ...wrong, energyWh: 1, fromInterval: firstInterval + 3 }
  yield ['trade_unknown', limiting(market, { ...later, trade: 7 })]
  yield ['window_closed', limiting(market, later)]
}
stairs('what is limited', openTradeMarket, whatIsLimited)
