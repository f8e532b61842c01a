/**
 * Goal: who does not pay meets one step after the other, each at its time and with what it rests
 * on; paying ends that at any step, an appeal pauses it, and what is recovered reaches the
 * creditor.
 * Method: a bill that is not paid, played step by step as a table: what happens, how it then
 * stands.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type EnforcementStep, finesOf } from '../../credit/index.ts'
import { systemAccounts } from '../../registry/index.ts'
import { collateralNeeded, type Command, type Outcome, unexplainedDues } from '../index.ts'
import { accountOf, digestOf, type Market, type Person, startMs } from '../testing/market.ts'
import {
  agreeBound,
  agreeBy,
  answer,
  byOtherRetailer,
  collectionMs,
  defaultOf,
  deliverAndCollect,
  intervalAt,
  paymentOf,
  railTerms,
  tend,
  tendUntil,
  termMs,
  topUpOf,
  uniqueId,
  word,
  wordOf,
} from '../testing/payment-market.ts'
import { agree, openTradeMarket, otherRetailer, settleTradesOf } from '../testing/trade-market.ts'

const grounds = digestOf('grounds')
const evidence = digestOf('evidence')
const minute = 60_000

const reasonOf = (outcome: Outcome): string =>
  outcome.kind === 'rejected' ? outcome.reason : outcome.repeated ? 'repeated' : 'accepted'

/** Of a platform's whose fee is worth a bill’s cents: two for 400 Wh. */
const withFee = { platformFeeMicrosPerKwh: 50_000 }

/** bob owes by bill, and his retailer and alice's are bound to each other. */
function unpaid(change: object = {}): Market {
  const market = openTradeMarket()
  agreeBound(market)
  agreeBy(market, 'bill-seller', change)
  return tendUntil(deliverAndCollect(market), collectionMs + termMs)
}

const bob = (market: Market): string | undefined =>
  market.state.participants[accountOf('bob') - 3]?.status

/** How it stands: status, steps taken, whether bob may trade. */
function standing(market: Market): string {
  const { status, steps } = defaultOf(market, 1)
  const last = steps.at(-1)?.step ?? 'no step'
  return `${status}, ${last}, ${bob(market)}`
}

type Does = (market: Market) => unknown
const wait = (minutes: number): Does => (market) => tendUntil(market, market.at + minutes * minute)
const pays: Does = (market) => equal(reasonOf(word(market, 1, 'captured')), 'accepted')
const by = (person: Person, kind: 'appeal_default' | 'decide_appeal', content: object): Does =>
  (market) => market.must(market.instruction(kind, person, { default: 1, ...content } as never))
const appeals = by('bob', 'appeal_default', { grounds })
const dismissed = by('operator', 'decide_appeal', { upheld: false })
const upheld = by('operator', 'decide_appeal', { upheld: true })
const recoveryOf = (market: Market, amountMicros: number, reference: string): Command =>
  byOtherRetailer(
    market.instruction('record_recovery', 'retailer', { default: 1, amountMicros, reference }),
  )
const recovered = (amount: number, reference: string): Does => (market) =>
  market.must(recoveryOf(market, amount, reference))
const suspended = (person: Person): Does => (market) =>
  market.must(market.instruction('suspend_participant', 'operator', {
    participant: accountOf(person),
  }))

/** Each step gives ten minutes. */
type Line = readonly [what: string, does: Does, then: string]

const plays: Readonly<Record<string, readonly Line[]>> = {
  'a defaulter who climbs all steps': [
    ['is warned', wait(0), 'open, warning, active'],
    ['until the deadline', wait(9), 'open, warning, active'],
    ['is fined', wait(1), 'open, fine, active'],
    ['is suspended', wait(10), 'open, suspension, suspended'],
    ['gets notice', wait(10), 'exhausted, disconnection_notice, suspended'],
    ['and no more', wait(60), 'exhausted, disconnection_notice, suspended'],
    ['pays at last', pays, 'cured, disconnection_notice, active'],
  ],
  'one who cures after the warning': [
    ['pays', pays, 'cured, warning, active'],
    ['and is left alone', wait(60), 'cured, warning, active'],
  ],
  'one who cures after the fine': [
    ['waits', wait(10), 'open, fine, active'],
    ['pays', pays, 'cured, fine, active'],
    ['and is left alone', wait(60), 'cured, fine, active'],
  ],
  'one who cures after the suspension': [
    ['waits', wait(20), 'open, suspension, suspended'],
    ['pays', pays, 'cured, suspension, active'],
    ['and is left alone', wait(60), 'cured, suspension, active'],
  ],
  'an appeal that is lost': [
    ['appeals after four minutes', (m) => [wait(4)(m), appeals(m)], 'appealed, warning, active'],
    ['which pauses the ladder', wait(30), 'appealed, warning, active'],
    ['loses', dismissed, 'open, warning, active'],
    ['has the six minutes that were left', wait(5), 'open, warning, active'],
    ['and is fined', wait(1), 'open, fine, active'],
  ],
  'an appeal of one who is suspended, won': [
    ['is suspended', wait(20), 'open, suspension, suspended'],
    ['appeals', appeals, 'appealed, suspension, suspended'],
    ['wins', upheld, 'overturned, suspension, active'],
    ['and owes as before, for another term', wait(9), 'overturned, suspension, active'],
    ['pays', pays, 'overturned, suspension, active'],
  ],
  'an appeal against the notice, lost': [
    ['is at the end', wait(30), 'exhausted, disconnection_notice, suspended'],
    ['appeals', appeals, 'appealed, disconnection_notice, suspended'],
    ['loses', dismissed, 'exhausted, disconnection_notice, suspended'],
  ],
  'money that the retailer recovers': [
    ['half of it', recovered(40_000, 'a'), 'open, warning, active'],
    ['waits', wait(10), 'open, fine, active'],
    ['the rest after the fine', recovered(30_000, 'b'), 'cured, fine, active'],
  ],
  'a suspension that an authority has spoken as well': [
    ['is suspended by the ladder', wait(20), 'open, suspension, suspended'],
    ['and by the authority', suspended('bob'), 'open, suspension, suspended'],
    ['paying cures the default alone', pays, 'cured, suspension, suspended'],
  ],
  'a suspension that was there before': [
    ['by an authority', suspended('bob'), 'open, warning, suspended'],
    ['then by the ladder', wait(20), 'open, suspension, suspended'],
    ['paying lifts neither', pays, 'cured, suspension, suspended'],
  ],
}

for (const [name, play] of Object.entries(plays)) {
  test(name, () => {
    const market = unpaid()
    for (const [what, does, then] of play) {
      does(market)
      equal(standing(market), then, what)
      deepEqual([...unexplainedDues(market.state)], [], what)
    }
  })
}

describe('a step', () => {
  test('names its consent, its deadline and the fine, which is on the bill', () => {
    const market = unpaid()
    const balance = market.balance('bob')
    wait(20)(market)
    const { steps } = defaultOf(market, 1)
    const consent = market.state.trading.consents.get(accountOf('bob'))?.digest
    const from = collectionMs + termMs
    const shown = steps.map((one) => [one.step, one.at, one.deadline, one.fine, one.consent])
    deepEqual(shown, [
      ['warning', from, from + 10 * minute, 0n, consent],
      ['fine', from + 10 * minute, from + 20 * minute, 1_000_000n, consent],
      ['suspension', from + 20 * minute, from + 30 * minute, 0n, consent],
    ])
    equal(finesOf(defaultOf(market, 1)), 1_000_000n)
    equal(market.balance('bob'), balance)
    const told = market.effects.filter(({ kind }) => kind === 'default_changed').length
    ok(told >= 3, 'the world is told of each')
    equal(market.effects.filter(({ kind }) => kind === 'participant_suspended').length, 1)
  })

  test('is shown by the debtor’s retailer, each once', () => {
    const market = unpaid()
    const show = (step: EnforcementStep, retailer: number, proof = evidence): string => {
      const content = { default: 1, step, evidence: proof }
      const command = market.instruction('record_enforcement', 'retailer', content)
      return reasonOf(market.submit({ ...command, account: retailer } as Command))
    }
    equal(show('fine', otherRetailer), 'default_not_open')
    equal(show('warning', accountOf('retailer')), 'party_foreign')
    equal(show('warning', accountOf('bob')), 'role_missing')
    equal(show('warning', otherRetailer, '0x'), 'field_invalid')
    equal(show('warning', otherRetailer), 'accepted')
    equal(show('warning', otherRetailer), 'default_not_open')
    equal(defaultOf(market, 1).steps[0]?.evidence, evidence)
  })

  test('is not taken where nobody has consented', () => {
    const market = openTradeMarket()
    agreeBound(market)
    agreeBy(market, 'bill-seller')
    market.state.trading.consents.delete(accountOf('bob'))
    tendUntil(deliverAndCollect(market), collectionMs + termMs)
    wait(60)(market)
    equal(standing(market), 'open, no step, active')
    pays(market)
    equal(standing(market), 'cured, no step, active')
  })
})

describe('what is recovered', () => {
  test('goes to the creditor first, through both retailers, and each reference counts once', () => {
    const market = unpaid(withFee)
    // The bill: five cents of the price less alice's fees, and the platform's two.
    equal(defaultOf(market, 1).amount, 70_000n)
    market.must(recoveryOf(market, 60_000, 'a'))
    equal(reasonOf(market.submit(recoveryOf(market, 60_000, 'a'))), 'repeated')
    equal(reasonOf(market.submit(recoveryOf(market, 1, 'a'))), 'payment_exists')
    equal(reasonOf(market.submit(recoveryOf(market, 10_001, 'b'))), 'terms_out_of_bounds')
    const { dues, prepaid, netting } = market.state.trading
    equal(prepaid.get(accountOf('alice')), 50_000n)
    equal(dues.get(accountOf('alice')), undefined)
    equal(dues.get(accountOf('grid')), 10_000n)
    equal(netting.between.get(`${accountOf('retailer')}:${otherRetailer}`), -50_000n)
    equal(paymentOf(market, 1).state, 'releasing', 'the bill is withdrawn')
    equal(reasonOf(word(market, 1, 'released')), 'accepted')
    equal(defaultOf(market, 1).recovered, 60_000n)
  })

  test('twice, because the bill was paid as well, is given back', () => {
    const market = unpaid()
    market.must(recoveryOf(market, 10_000, 'a'))
    pays(market)
    equal(defaultOf(market, 1).status, 'cured')
    tend(market)
    const back = paymentOf(market, 2)
    deepEqual([back.payer, back.payee, back.amount], [
      accountOf('alice'), accountOf('bob'), 10_000n,
    ])
    answer(market)
    deepEqual([...market.state.trading.dues], [])
  })
})

test('a debt whose payment failed is asked for anew when its default is overturned', () => {
  const market = unpaid()
  equal(reasonOf(word(market, 1, 'failed')), 'accepted')
  equal(market.state.trading.defaults.size, 1, 'one default for one payment')
  appeals(market)
  upheld(market)
  tend(market)
  deepEqual([paymentOf(market, 2).state, paymentOf(market, 2).amount], ['capturing', 70_000n])
  answer(market)
  deepEqual([...market.state.trading.dues], [])
})

test('who is in default twice is suspended until both are cured', () => {
  const market = openTradeMarket()
  agreeBound(market)
  for (const number of [1, 2]) agreeBy(market, 'bill-seller', { id: uniqueId(number) })
  tendUntil(deliverAndCollect(market, 800, 800), collectionMs + termMs)
  equal(market.state.trading.defaults.size, 2)
  wait(20)(market)
  equal(standing(market), 'open, suspension, suspended')
  pays(market)
  equal(standing(market), 'cured, suspension, suspended')
  equal(reasonOf(word(market, 2, 'captured')), 'accepted')
  equal(standing(market), 'cured, suspension, active')
})

test('who does not give back is in default of its own part, not of the fees with it', () => {
  const market = openTradeMarket()
  agreeBound(market)
  agreeBy(market, 'bill-seller', withFee)
  answer(deliverAndCollect(market))
  market.read('alice', 3, 0, 200, 1)
  equal(reasonOf(settleTradesOf(market, 2)), 'accepted')
  tendUntil(market, market.at + 600_000 + termMs)
  const { amount, legs } = paymentOf(market, 2)
  const one = defaultOf(market, 1)
  deepEqual([one.account, -one.amount], [
    accountOf('alice'), legs.find(({ account }) => account === accountOf('alice'))?.amount,
  ])
  ok(one.amount < amount, 'the exchange and the platform give the rest')
  const content = { default: 1, amountMicros: Number(one.amount), reference: 'a' }
  market.must(market.instruction('record_recovery', 'retailer', content))
  equal(defaultOf(market, 1).status, 'cured')
  market.must(wordOf(market, 2, 'released'))
  answer(tend(market))
  const below = [[systemAccounts.fees, -200n], [accountOf('bob'), 200n]]
  deepEqual([...market.state.trading.dues], below, 'and they have, but for what is below a cent')
  deepEqual([...unexplainedDues(market.state)], [])
})

describe('who lacked money before a delivery', () => {
  test('is good again at the next deadline, if the ledger has it by then', () => {
    const market = openTradeMarket({ deposits: { bob: 0 } })
    agreeBound(market)
    agree(market, railTerms(market, 'money-block'))
    equal(reasonOf(word(market, 1, 'failed')), 'accepted')
    wait(10)(market)
    equal(standing(market), 'open, fine, active')
    market.must(market.deposit('bob', Number(defaultOf(market, 1).amount)))
    equal(standing(market), 'open, fine, active')
    wait(10)(market)
    equal(standing(market), 'cured, fine, active')
  })

  test('is good again when the provider holds as much for another trade', () => {
    const market = openTradeMarket({ deposits: { bob: 0 } })
    agreeBound(market)
    agree(market, railTerms(market, 'money-block'))
    equal(reasonOf(word(market, 1, 'failed')), 'accepted')
    agree(market, railTerms(market, 'money-block', { id: uniqueId(2) }))
    equal(reasonOf(word(market, 2, 'reserved')), 'accepted')
    equal(standing(market), 'cured, warning, active')
  })

  test('climbs as well, and is good again when the money is there', () => {
    const market = openTradeMarket({ deposits: { bob: 0 } })
    agreeBound(market)
    agreeBy(market, 'prepaid', { intervals: 6, profile: { kind: 'per-interval', energyWh: 1_000 } })
    const balance = market.state.trading.prepaid
    balance.set(accountOf('bob'), market.state.trading.prepaidHeld.get(accountOf('bob')) as never)
    tendUntil(market, startMs + 300_000)
    deepEqual([defaultOf(market, 1).cause, standing(market)], [
      'reservation_failed', 'open, warning, active',
    ])
    equal(market.state.trading.trades.get(1)?.endsAt, intervalAt(6))
    equal(reasonOf(market.submit(recoveryOf(market, 1, 'x'))), 'default_not_open')
    tendUntil(market, market.at + 20 * minute)
    equal(standing(market), 'open, suspension, suspended')
    market.must(topUpOf(market, 'bob', 10_000_000))
    equal(standing(market), 'cured, suspension, active')
  })
})

describe('an agreement', () => {
  const pair = [accountOf('retailer'), otherRetailer] as const
  const record = (market: Market, from: number, until: number | null, hash = 'contract'): string =>
    reasonOf(market.submit(market.instruction('record_agreement', 'operator', {
      retailers: [otherRetailer, accountOf('retailer')],
      basis: 'bilateral',
      documentHash: digestOf(hash),
      fromInterval: from,
      untilInterval: until,
    })))
  const needed = (market: Market, interval: number): boolean =>
    collateralNeeded(market.state, pair[0], pair[1], interval)

  test('spares collateral from its first interval to before its end, both ways', () => {
    const market = openTradeMarket()
    equal(record(market, intervalAt(10), intervalAt(20)), 'accepted')
    deepEqual([9, 10, 19, 20].map((one) => needed(market, intervalAt(one))), [
      true, false, false, true,
    ])
    equal(collateralNeeded(market.state, pair[1], pair[0], intervalAt(10)), false)
    equal(collateralNeeded(market.state, pair[0], pair[0], intervalAt(9)), false)
  })

  test('leaves alone what was set aside already, also at its end', () => {
    const market = openTradeMarket()
    agreeBy(market, 'bill-seller')
    equal(record(market, intervalAt(2), null), 'effective_in_past')
    equal(record(market, intervalAt(40), null), 'accepted')
    equal(record(market, intervalAt(40), intervalAt(41)), 'accepted')
    equal(needed(market, intervalAt(41)), true)
    equal(market.state.trading.agreements.length, 1)
  })

  test('needs two retailers, a document and an end after its beginning', () => {
    const market = openTradeMarket()
    const ask = (change: object, person: Person = 'operator'): string =>
      reasonOf(market.submit(market.instruction('record_agreement', person, {
        retailers: pair, basis: 'bilateral', documentHash: digestOf('x'), fromInterval: 1,
        untilInterval: null, ...change,
      })))
    equal(ask({}, 'alice'), 'role_missing')
    equal(ask({ retailers: [99, 4] }), 'account_unknown')
    equal(ask({ retailers: [accountOf('alice'), 4] }), 'role_missing')
    equal(ask({ retailers: [4, 4] }), 'field_invalid')
    equal(ask({ basis: 'verbal' }), 'field_invalid')
    equal(ask({ documentHash: '0x' }), 'field_invalid')
    equal(ask({ fromInterval: -1 }), 'field_invalid')
    equal(ask({ untilInterval: 1 }), 'field_invalid')
    equal(ask({}), 'accepted')
  })
})
