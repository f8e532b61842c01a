/**
 * Goal: what two parties have agreed is what both have signed last, whoever asked first, whatever
 * came between and whoever says it again; and a change costs who asked for it.
 * Method: stories in lines, each with its answer, on the small market with contracts; then what the
 * stories leave behind, by hand.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { TradeStatus } from '../../trades/index.ts'
import { conservation } from '../conservation.ts'
import { accountOf, firstInterval } from '../testing/market.ts'
import { openTradeMarket, settleTradesOf, tradeRecord } from '../testing/trade-market.ts'
import { TradeStory } from '../testing/trade-story.ts'

/** Each line, and its answer after `>`; `ok` where none is given. */
const stories: Readonly<Record<string, string>> = {
  'an invitation is accepted': `
    alice invites bob as A price 20
    bob accepts A
  `,
  'a buyer asks, and the seller accepts': `
    bob asks alice as A price 20
    alice accepts A
  `,
  'a counter-offer takes the place of what it answers': `
    alice invites bob as A price 20
    bob counters A as B price 18
    bob accepts A      > contract_superseded (contract)
    alice declines A   > contract_superseded (contract)
    alice counters B as C price 19
    alice accepts C    > party_foreign (account)
    bob accepts C
  `,
  'nobody signs for both sides': `
    alice invites bob as A
    alice accepts A    > party_foreign (account)
    carol accepts A    > party_foreign (account)
    bob accepts A
    bob accepts A      > contract_superseded (contract)
  `,
  'each side takes back its own and refuses the other': `
    alice invites bob as A
    alice declines A   > party_foreign (account)
    bob withdraws A    > party_foreign (account)
    carol declines A   > party_foreign (account)
    bob declines A
    bob accepts A      > trade_unknown (contract)
  `,
  'what was taken back cannot be put forward again with its old signature': `
    alice invites bob as A
    alice withdraws A
    alice again A      > contract_exists (terms.id)
    bob accepts A      > trade_unknown (contract)
  `,
  'nor what was refused, countered or replaced': `
    alice invites bob as A from 3
    bob declines A
    alice again A      > contract_exists (terms.id)
    alice invites bob as B from 3
    bob counters B as C
    alice again B      > contract_exists (terms.id)
    alice accepts C
    alice changes C as D price 30
    bob accepts D
    bob again C        > contract_exists (terms.id)
    bob again D        > contract_exists (terms.id)
  `,
  'an answer that comes too late is none': `
    alice invites bob as A from 3 until 300
    at lapse A
    bob accepts A      > trade_unknown (contract)
    alice again A      > contract_exists (terms.id)
    at gate 2
    alice again A      > terms_out_of_bounds (terms.expiresAt)
  `,
  'a change is in force once both have signed it': `
    alice invites bob as A price 20
    bob accepts A
    bob changes A as B price 18
    bob accepts B      > party_foreign (account)
    alice accepts B
    alice changes A as C price 30 > contract_superseded (terms.replaces)
    alice changes B as C price 30
    bob declines C
    alice changes B as D price 22
    bob accepts D
  `,
  'one proposal at a time; a counter-offer answers it': `
    alice invites bob as A price 20
    bob accepts A
    bob changes A as B price 18
    alice changes A as C price 22 > proposal_open (terms.replaces)
    bob changes A as C price 17   > proposal_open (terms.replaces)
    alice counters B as D price 19
    alice accepts B    > contract_superseded (contract)
    bob accepts D
  `,
  'a refused change leaves the contract in force': `
    alice invites bob as A
    bob accepts A
    bob changes A as B wh 10
    alice declines B
    bob accepts B      > contract_superseded (contract)
    bob changes A as C wh 20
    bob withdraws C
    bob changes A as D wh 30
    alice accepts D
  `,
  'others have no part in it': `
    alice invites bob as A
    carol counters A as B          > party_foreign (account)
    bob accepts A
    carol changes A as C           > party_foreign (account)
    carol leaves A                 > party_foreign (account)
  `,
  'both cancel by a change to nothing': `
    alice invites bob as A for 4
    bob accepts A
    bob changes A as B wh 0
    alice accepts B
    bob changes B as C wh 10       > contract_superseded (terms.replaces)
    alice leaves B                 > contract_superseded (contract)
  `,
  'one leaves where the contract names a fee': `
    alice invites bob as A
    bob accepts A
    bob leaves A                   > exit_not_agreed (contract)
    alice invites bob as B fee 5000
    bob leaves B                   > contract_superseded (contract)
    bob accepts B
    bob leaves B
    bob leaves B                   > contract_superseded (contract)
  `,
  'after the last gate there is nothing to change or to leave': `
    alice invites bob as A from 1 fee 5000
    bob accepts A
    at gate 1
    bob leaves A                   > window_closed (contract)
    bob changes A as B price 18    > window_closed (terms.intervals)
    at gate 2
    bob changes A as C price 18    > contract_superseded (terms.replaces)
  `,
  'a window that has begun keeps its beginning': `
    alice invites bob as A from 1 for 4
    bob accepts A
    at gate 1
    bob changes A as B from 3 for 2 > window_closed (terms.fromInterval)
    bob changes A as C from 1 for 1
    alice accepts C
    at gate 2
  `,
  'a change asked for before the window begins is judged anew when it is accepted': `
    alice invites bob as A from 1 for 4
    bob accepts A
    bob changes A as B from 3 for 2 until 60
    at gate 1
    alice accepts B                 > window_closed (terms.fromInterval)
  `,
  'in the moment of a gate nothing changes': `
    alice invites bob as A from 1 for 4 fee 1
    bob accepts A
    bob changes A as B price 18 from 1
    at gate 0
    at 1
    alice leaves A                  > gate_open (contract)
    at gate 1
    alice leaves A
  `,
  'who is suspended signs nothing, and what it proposed is void': `
    alice invites bob as A
    carol invites bob as B
    bob accepts B
    operator suspends alice
    bob accepts A                   > trade_unknown (contract)
    alice invites bob as C          > account_suspended (account)
    bob invites alice as D          > account_suspended (terms.buyer)
    operator reinstates alice
    alice invites bob as E
    operator suspends bob
    bob accepts E                   > account_suspended (account)
  `,
  'the other side of who is suspended may leave for nothing': `
    alice invites bob as A for 3
    bob accepts A
    operator suspends alice
    alice leaves A                  > exit_not_agreed (contract)
    bob leaves A
  `,
}

for (const [name, text] of Object.entries(stories)) {
  test(name, () => {
    const story = new TradeStory(openTradeMarket())
    const lines = text.trim().split('\n')
    const expected = lines.map((line) => {
      const [said = '', answer = 'ok'] = line.split('>').map((part) => part.trim())
      return `${said} > ${answer}`
    })
    const answered = expected.map((line) => {
      const [said = ''] = line.split(' > ')
      return `${said} > ${story.play(said)}`
    })
    deepEqual(answered, expected)
    equal(conservation(story.market.state).moneyMicros, 0n)
  })
}

/** A market in which the lines were taken. */
function told(...lines: readonly string[]): TradeStory {
  const story = new TradeStory(openTradeMarket())
  for (const line of lines) equal(story.play(line), 'ok', line)
  return story
}

const first = (story: TradeStory) => {
  const trade = story.market.state.trading.trades.get(1)
  if (trade === undefined) throw new Error('there is a trade')
  return trade
}

describe('what is in force', () => {
  test('has both signatures under the same bytes, and names what it replaces', () => {
    const story = told('alice invites bob as A', 'bob accepts A', 'alice changes A as B price 21')
    equal(story.play('bob accepts B'), 'ok')
    const { versions } = first(story)
    deepEqual(versions.map(({ contract }) => contract), [
      story.contract('A').contract, story.contract('B').contract,
    ])
    equal(versions[1]?.terms.replaces, versions[0]?.contract)
    for (const { sellerSignature, buyerSignature } of versions) {
      deepEqual([sellerSignature, buyerSignature], ['0x', '0x'])
    }
  })

  test('is what an obligation is of, from the next gate on', () => {
    const story = told(
      'alice invites bob as A from 1 for 3 wh 100', 'bob accepts A', 'at gate 1',
      'bob changes A as B from 1 for 3 wh 300', 'alice accepts B', 'at gate 2',
    )
    const owed = [1, 2].map((interval) => tradeRecord(story.market, interval).obligations.get(1))
    deepEqual(owed.map((one) => one?.contracted), [100n, 300n])
    const contracts = ['A', 'B'].map((one) => story.contract(one).contract)
    deepEqual(owed.map((one) => one?.contract), contracts)
  })

  test('each recorded contract is in the set of the next gate, in ascending order', () => {
    const story = told(
      'alice invites bob as A from 3', 'bob accepts A', 'alice invites bob as B from 3',
      'bob accepts B', 'at gate 0', 'bob changes B as C from 3 price 12', 'alice accepts C',
      'at gate 1', 'at gate 2',
    )
    const sets = [0, 1, 2].map((one) => tradeRecord(story.market, one).contractsRecorded)
    const digests = (...letters: string[]) => letters.map((one) => story.contract(one).contract)
    deepEqual(sets, [digests('A', 'B').sort(), digests('C'), []])
  })

  const ends: readonly (readonly [string, TradeStatus, number, readonly string[]])[] = [
    ['runs to its end', 'completed', 3, ['at gate 3']],
    ['both cancel', 'cancelled', 2, ['bob changes A as B wh 0', 'alice accepts B', 'at gate 2']],
    ['one leaves', 'exited', 2, ['bob leaves A', 'at gate 2']],
  ]
  for (const [name, status, owedIn, lines] of ends) {
    test(`${name}: nothing is held, nothing is owed any more`, () => {
      const start = ['alice invites bob as A from 1 for 2 fee 700', 'bob accepts A', 'at gate 1']
      const story = told(...start, ...lines)
      equal(first(story).status, status)
      equal(first(story).endsAt, firstInterval + owedIn)
      const { market } = story
      equal(market.state.trading.inForce.size, 0)
      equal(market.state.trading.tradesOf.size, 0)
      for (const interval of [1, 2]) story.deliverNothing(interval)
      for (const interval of [1, 2, 3]) settleTradesOf(market, interval)
      deepEqual([market.held('alice'), market.held('bob')], [0n, 0n])
      equal(market.state.trading.limits.size, 0)
    })
  }
})

describe('a change costs', () => {
  const balances = (story: TradeStory): readonly bigint[] =>
    (['alice', 'bob'] as const).map((name) => story.market.balance(name))

  /** What alice and bob are paid of an interval in which nothing is delivered. */
  function paid(...lines: readonly string[]): readonly bigint[] {
    const story = told(...lines)
    const before = balances(story)
    story.deliverNothing(0)
    equal(settleTradesOf(story.market, 0).kind, 'accepted')
    return balances(story).map((balance, index) => balance - (before[index] ?? 0n))
  }

  const agreed = ['alice invites bob as A from 4 for 3 fee 7000', 'bob accepts A']

  test('who asked for it, once the other accepts', () => {
    const lines = ['bob changes A as B from 4 price 18', 'alice accepts B', 'at gate 0']
    deepEqual(paid(...agreed, ...lines), [50_000n, -50_000n])
  })

  test('who asked first, though the other answers with terms of its own', () => {
    const lines = [
      'bob changes A as B from 4 price 18', 'alice counters B as C from 4 price 19',
      'bob accepts C', 'at gate 0',
    ]
    deepEqual(paid(...agreed, ...lines), [50_000n, -50_000n])
  })

  test('nothing while it is asked for, nor when it is refused', () => {
    const lines = ['bob changes A as B from 4 price 18', 'alice declines B', 'at gate 0']
    deepEqual(paid(...agreed, ...lines), [0n, 0n])
  })

  test('who leaves what the contract says', () => {
    deepEqual(paid(...agreed, 'alice leaves A', 'at gate 0'), [-7_000n, 7_000n])
  })

  test('nothing who leaves a suspended side', () => {
    const lines = ['operator suspends bob', 'alice leaves A', 'at gate 0']
    deepEqual(paid(...agreed, ...lines), [0n, 0n])
  })

  test('money that is there: it is set aside until it is posted', () => {
    const story = told(...agreed, 'bob leaves A')
    const { market } = story
    equal(market.held('bob'), 7_000n)
    equal(market.submit(market.withdrawal('bob', 99_995_000)).kind, 'rejected')
    const poor = new TradeStory(openTradeMarket({ deposits: { bob: 300_000 } }))
    for (const line of agreed) equal(poor.play(line), 'ok', line)
    const rest = Number(poor.market.available('bob')) - 6_999
    poor.market.must(poor.market.withdrawal('bob', rest))
    equal(poor.play('bob leaves A'), 'funds_insufficient (account)')
    poor.market.must(poor.market.deposit('bob', 1))
    equal(poor.play('bob leaves A'), 'ok')
  })
})

describe('places', () => {
  test('an account has as many trades as the rulebook says, and others cannot take them', () => {
    const { market } = told()
    const story = new TradeStory(market)
    for (let i = 0; i < 8; i += 1) equal(story.play(`carol invites bob as ${i} from 4`), 'ok')
    equal(story.play('carol invites bob as X from 4'), 'trades_exceeded (account)')
    // Bob has signed none of them: he may still have his own.
    for (let i = 0; i < 8; i += 1) equal(story.play(`bob invites alice as B${i} from 4`), 'ok')
    equal(story.play('bob accepts 0'), 'trades_exceeded (account)')
    equal(story.play('bob withdraws B0'), 'ok')
    equal(story.play('bob accepts 0'), 'ok')
    equal(market.state.trading.tradesOf.get(accountOf('bob'))?.size, 8)
  })

  test('what is over gives its place back', () => {
    const story = told('alice invites bob as A from 1', 'bob accepts A', 'at gate 2')
    equal(story.market.state.trading.tradesOf.size, 0)
  })

  test('contracts that were not agreed are forgotten when they would have lapsed', () => {
    const story = told('alice invites bob as A from 1 until 100', 'bob declines A', 'at gate 0')
    const { contracts, spent } = story.market.state.trading
    deepEqual([contracts.size, spent.size], [1, 1])
    equal(story.play('at gate 1'), 'ok')
    deepEqual([contracts.size, spent.size], [0, 0])
  })
})
