/**
 * Goal: what an owner asks the chain for is promised to nobody else, what the chain pays is booked
 * once, and who asks for its money still pays what it owes as long as the exchange can see to it.
 * Method: by example on a small market; random histories (`history.test.ts`) have the steps too.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { arrearsOf, claimOf } from '../ledger/index.ts'
import { type Command, conservation, decodeState, encodeState } from './index.ts'
import { accountOf, type Market, openMarket, type Person } from './testing/market.ts'

const request = (person: Person, amountMicros: number, reference = '0xaa:0'): Command =>
  ({ kind: 'record_withdrawal_request', reference, account: accountOf(person), amountMicros })
const advance = (person: Person, stage: 'near' | 'due', reference = '0xaa:0'): Command =>
  ({ kind: 'advance_withdrawal_request', reference, account: accountOf(person), stage })
const payment = (person: Person, amountMicros: number, reference = '0xbb:0'): Command =>
  ({ kind: 'record_chain_withdrawal', reference, account: accountOf(person), amountMicros })

const nothingUnexplained = (market: Market): void => {
  const { moneyMicros, energyWh, tokensMicros } = conservation(market.state)
  deepEqual([moneyMicros, energyWh, tokensMicros], [0n, 0n, 0n])
}

describe('a request to the chain', () => {
  test('is promised to nobody else, and the balance stays', () => {
    const market = openMarket({ deposits: { alice: 10_000_000 } })
    market.must(request('alice', 9_999_000))
    equal(market.balance('alice'), 10_000_000n)
    equal(market.available('alice'), 1_000n)
    const order = market.submit(market.orderOf('alice', 'buy', 100, 200_000, 0))
    equal(order.kind === 'rejected' && order.reason, 'funds_insufficient')
    const withdrawal = market.submit(market.withdrawal('alice', 1_001))
    equal(withdrawal.kind === 'rejected' && withdrawal.limit, 'at most 1000')
    market.must(market.withdrawal('alice', 1_000))
    nothingUnexplained(market)
  })

  test('of more than there is leaves less than nothing to promise, also of later credits', () => {
    const market = openMarket({ deposits: { alice: 10 } })
    market.must(request('alice', Number.MAX_SAFE_INTEGER))
    market.must(market.deposit('alice', 90))
    equal(market.available('alice'), 100n - BigInt(Number.MAX_SAFE_INTEGER))
    equal(market.submit(market.withdrawal('alice', 1)).kind, 'rejected')
  })

  test('replaces the one before, and zero takes it back', () => {
    const market = openMarket({ deposits: { alice: 100 } })
    market.must(request('alice', 70))
    market.must(request('alice', 30, '0xaa:1'))
    equal(market.available('alice'), 70n)
    market.must(request('alice', 0, '0xaa:2'))
    equal(market.available('alice'), 100n)
    equal(market.state.ledger.claims.size, 0)
    market.must(request('alice', 70))
    equal(market.available('alice'), 100n, 'the first, heard of again, does not come back')
  })

  test('moves on once, by its reference, and the chain is told to pay when it is due', () => {
    const market = openMarket({ deposits: { alice: 100 } })
    market.must(request('alice', 70))
    const early = market.effects.length
    market.must(advance('alice', 'near'))
    equal(market.effects.length, early)
    equal(market.submit(advance('alice', 'near')).kind, 'rejected')
    equal(market.submit(advance('alice', 'due', '0xaa:9')).kind, 'rejected')
    market.must(advance('alice', 'due'))
    deepEqual(market.effects.at(-1), {
      kind: 'withdrawal_due', account: accountOf('alice'), reference: '0xaa:0',
    })
    equal(market.submit(advance('alice', 'due')).kind, 'rejected')
    equal(market.submit(advance('alice', 'near')).kind, 'rejected')
  })
})

describe('what the chain has paid', () => {
  test('is booked, ends the request and is shown as a withdrawal', () => {
    const market = openMarket({ deposits: { alice: 100 } })
    market.must(request('alice', 70))
    const before = market.state.totals.withdrawn
    market.must(payment('alice', 70))
    equal(market.balance('alice'), 30n)
    equal(market.available('alice'), 30n)
    equal(market.state.totals.withdrawn, before + 70n)
    equal(claimOf(market.state.ledger, accountOf('alice')), undefined)
    const { account, amountMicros } = market.state.withdrawals.at(-1) ?? {}
    deepEqual([account, amountMicros], [accountOf('alice'), 70])
    nothingUnexplained(market)
    equal(encodeState(decodeState(encodeState(market.state))), encodeState(market.state))
  })

  test('may be less than was asked for, even nothing', () => {
    const market = openMarket({ deposits: { alice: 0 } })
    market.must(request('alice', 70))
    market.must(payment('alice', 0))
    equal(market.available('alice'), 0n)
    equal(market.state.withdrawals.length, 0)
  })

  test('also money that was set aside is gone; nobody pays for a hold', () => {
    const market = openMarket({ deposits: { alice: 10_000_000 } })
    market.order('alice', 'buy', 100, 200_000, 0)
    ok(market.held('alice') > 0n)
    market.must(payment('alice', 10_000_000))
    equal(market.balance('alice'), 0n)
    equal(market.available('alice'), -market.held('alice'))
    const guarantee = market.balance('guarantee')
    market.toGate(0).closeGate(0)
    market.toStart(1, 120)
    equal(market.settled(0), 'provisional')
    equal(market.held('alice'), 0n)
    equal(market.balance('guarantee'), guarantee)
    nothingUnexplained(market)
  })

  test('leaves nobody else to fill up what is set aside for a later interval', () => {
    const market = openMarket({ deposits: { alice: 10_000_000 } })
    market.order('alice', 'sell', 1_000, 200_000, 0)
    market.order('bob', 'buy', 1_000, 200_000, 0)
    market.order('alice', 'buy', 1_000, 200_000, 2)
    market.must(payment('alice', 10_000_000))
    const others = (): bigint => market.balance('guarantee') + market.balance('retailer')
    const before = others()
    market.toGate(0).closeGate(0)
    market.toStart(1)
    market.must(market.readings([['alice', 0, 0, 0], ['bob', 0, 0, 0], ['carol', 0, 0, 0]]))
    market.must(market.readings([['alice', 1, 0, 1_000], ['bob', 1, 1_000, 0], ['carol', 1, 0, 0]]))
    equal(market.settled(0), 'provisional')
    ok(market.balance('alice') > 0n && market.balance('alice') < market.held('alice'))
    ok(others() >= before)
    equal(market.state.ledger.arrears.size, 0)
  })

  test('and the ledger does not have yet waits until it does', () => {
    const market = openMarket({ deposits: { alice: 100 } })
    const early = market.submit(payment('alice', 101))
    equal(early.kind === 'rejected' && early.reason, 'funds_insufficient')
    market.must(market.deposit('alice', 1))
    market.must(payment('alice', 101))
    equal(market.balance('alice'), 0n)
  })
})

describe('heard of again', () => {
  for (const [what, command, other] of [
    ['a request', request('alice', 5), request('alice', 6)],
    ['a payment', payment('alice', 5), payment('alice', 6)],
  ] as const) {
    test(`${what} gets its first answer and changes nothing; otherwise it is refused`, () => {
      const market = openMarket()
      const first = market.submit(command)
      ok(first.kind === 'accepted')
      market.must(market.deposit('bob', 1))
      const before = encodeState(market.state)
      const again = { outcome: { ...first, repeated: true }, effects: [] }
      deepEqual(market.apply(command), again)
      const refused = market.submit(other)
      equal(refused.kind === 'rejected' && refused.reason, 'withdrawal_exists')
      equal(encodeState(market.state), before)
    })
  }
})

describe('what the owner of a request owes', () => {
  /** Alice buys 1,000 Wh for 200,000 micros, asks for all of her money, and takes the energy. */
  function bought(stage: 'requested' | 'near'): Market {
    const market = openMarket({ deposits: { alice: 3_000_000 } })
    market.order('alice', 'buy', 1_000, 200_000, 0)
    market.order('bob', 'sell', 1_000, 200_000, 0)
    market.must(request('alice', 3_000_000))
    market.toGate(0).closeGate(0)
    if (stage === 'near') market.must(advance('alice', 'near'))
    market.toStart(1)
    for (const owner of ['alice', 'bob', 'carol'] as const) market.read(owner, 0, 0, 0)
    market.read('alice', 1, 1_000, 0)
    market.read('bob', 1, 0, 1_000)
    market.read('carol', 1, 0, 0)
    equal(market.settled(0), 'provisional')
    nothingUnexplained(market)
    return market
  }
  const owed = (market: Market): bigint =>
    arrearsOf(market.state.ledger, accountOf('alice'), accountOf('retailer'))

  test('is paid out of it while it only waits', () => {
    const market = bought('requested')
    ok(market.balance('alice') <= 2_800_000n)
    equal(owed(market), 0n)
  })

  test('is covered for it once the chain may pay, so that no batch meets an empty account', () => {
    const market = bought('near')
    equal(market.balance('alice'), 3_000_000n)
    ok(owed(market) >= 200_000n)
    market.must(payment('alice', 3_000_000))
    nothingUnexplained(market)
  })
})
