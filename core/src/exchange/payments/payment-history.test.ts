/**
 * Goal: whatever rails, banks, retailers and debtors say, in whichever order and however often,
 * money moves at most once, every micro that is owed is explained, and who pays in the end owes
 * nothing.
 * Method: random histories of trades on every rail, with corrections; what must hold is checked
 * after each step, and the journal gives the same state from any cut. `SEED=…` replays.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { isStanding } from '../../credit/index.ts'
import { isOver, microsPerCent, railWords } from '../../payments/index.ts'
import { unmovedLegs } from './dues.ts'
import { participantOf } from '../lookups.ts'
import {
  apply,
  bilateralZone,
  type Command,
  decodeState,
  encodeState,
  unexplainedDues,
} from '../index.ts'
import { HoldsOnChain } from '../testing/holds-on-chain.ts'
import {
  accountOf,
  fastEngine,
  hex,
  type Market,
  startMs,
  testContract,
} from '../testing/market.ts'
import {
  agreeBound,
  answer,
  intervalAt,
  outsideRails,
  tendUntil,
  topUpOf,
  wordOf,
} from '../testing/payment-market.ts'
import {
  acceptance,
  openTradeMarket,
  otherRetailer,
  proposal,
  termsOf,
} from '../testing/trade-market.ts'

const seed = process.env.SEED === undefined ? undefined : Number(process.env.SEED)
const options = { numRuns: 60, ...(seed === undefined ? {} : { seed }) }

const small = fc.nat(7)

/** Numbers are taken modulo what there is to choose from. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({
    do: fc.constant('word' as const), which: small, word: fc.constantFrom(...railWords),
    flaw: fc.constantFrom(0, 0, 0, 1, -1), lasts: fc.constantFrom(null, 100_000, 900_000),
  }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.nat(900) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('answer' as const) }) },
  { weight: 3, arbitrary: fc.record({
    do: fc.constant('read' as const), who: small, back: fc.nat(4), energyWh: fc.nat(500),
  }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('settle' as const), back: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({
    do: fc.constant('top-up' as const), who: small, micros: fc.integer({ min: 1, max: 300_000 }),
  }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('postpone' as const), which: small }) },
  { weight: 2, arbitrary: fc.record({
    do: fc.constantFrom('recover', 'appeal', 'uphold', 'dismiss'),
    which: small, micros: fc.integer({ min: 1, max: 90_000 }),
  }) },
  { weight: 1, arbitrary: fc.record({
    do: fc.constant('bank' as const), which: small, word: fc.constantFrom('paid', 'returned'),
    reference: fc.constantFrom('a', 'b'),
  }) },
)
type Step = (typeof step extends fc.Arbitrary<infer One> ? One : never)

const customers = ['alice', 'bob', 'carol'] as const
const sides = [['alice', 'bob'], ['carol', 'bob'], ['bob', 'alice'], ['alice', 'carol']] as const

function opened(rails: readonly number[], isBound: boolean, micros: number): Market {
  const market = openTradeMarket({ deposits: { bob: micros } })
  if (isBound) agreeBound(market)
  for (const one of customers) market.must(topUpOf(market, one, 700_000, `first ${one}`))
  for (const [index, rail] of rails.entries()) {
    const [seller, buyer] = sides[index % sides.length] ?? ['alice', 'bob']
    const terms = termsOf(market, seller, buyer, {
      id: hex(index + 1, 32),
      rail: outsideRails[rail % outsideRails.length] ?? 'prepaid',
      intervals: 1 + (rail % 4),
      platform: accountOf('grid'),
      platformFeeMicrosPerKwh: 1_111,
      priceMicrosPerKwh: rail % 5 === 4 ? -50_000 : 123_450,
      buyerShort: rail % 3 === 0 ? 'contracted' : 'actual',
    })
    market.must(proposal(market, seller, terms))
    market.submit(acceptance(market, buyer, testContract(terms)))
  }
  return market
}

const pick = <Key, One>(all: ReadonlyMap<Key, One>, which: number): Key | undefined =>
  [...all.keys()][which % Math.max(1, all.size)]

/** Plays a step: what it asks may well be refused. */
function play(market: Market, one: Step): void {
  const { trading } = market.state
  switch (one.do) {
    case 'word': {
      const number = pick(trading.payments, one.which) ?? 1
      const command = wordOf(market, number, one.word, {
        expiresAt: one.lasts === null ? null : market.at + one.lasts,
      }) as Extract<Command, { kind: 'record_payment' }>
      market.submit({ ...command, amountMicros: Math.max(0, command.amountMicros + one.flaw) })
      return
    }
    case 'wait':
      return void tendUntil(market, market.at + one.seconds * 1_000)
    case 'answer':
      return void answer(market)
    case 'read': {
      const boundary = market.state.clearedThrough - intervalAt(0) - one.back
      const owner = customers[one.who % 3] ?? 'alice'
      if (boundary < 0) return
      const [taken, given] = one.who > 3 ? [one.energyWh, 0] : [0, one.energyWh]
      market.read(owner, boundary, boundary * 500 + taken, boundary * 500 + given, one.who)
      return
    }
    case 'settle': {
      const interval = market.state.clearedThrough - one.back
      market.submit({ kind: 'settle_interval', zone: bilateralZone, interval })
      return
    }
    case 'top-up':
      market.must(topUpOf(market, customers[one.who % 3] ?? 'bob', one.micros))
      return
    case 'postpone': {
      const payment = pick(trading.payments, one.which) ?? 1
      const payer = trading.payments.get(payment)?.payer ?? 0
      const command = market.instruction('postpone_payment', 'bob', { payment })
      market.submit({ ...command, account: payer } as Command)
      return
    }
    case 'bank': {
      const netting = pick(trading.netting.nettings, one.which) ?? 1
      const state = one.word as 'paid' | 'returned'
      market.submit({ kind: 'record_netting', netting, state, reference: one.reference })
      return
    }
    default:
      playLadder(market, one)
  }
}

function playLadder(
  market: Market,
  one: Extract<Step, { do: 'recover' | 'appeal' | 'uphold' | 'dismiss' }>,
): void {
  const number = pick(market.state.trading.defaults, one.which)
  const found = number === undefined ? undefined : market.state.trading.defaults.get(number)
  if (number === undefined || found === undefined) return
  if (one.do === 'recover') return void market.submit(recoveryOf(market, number, one.micros))
  if (one.do === 'appeal') {
    const content = { default: number, grounds: hex(1, 64) }
    const command = market.instruction('appeal_default', 'bob', content)
    return void market.submit({ ...command, account: found.account } as Command)
  }
  const content = { default: number, upheld: one.do === 'uphold' }
  market.submit(market.instruction('decide_appeal', 'operator', content))
}

function recoveryOf(market: Market, number: number, amountMicros: number): Command {
  const debtor = market.state.trading.defaults.get(number)?.account ?? 0
  const retailer = participantOf(market.state, debtor)?.retailer ?? 0
  const content = { default: number, amountMicros, reference: market.id() }
  const command = market.instruction('record_recovery', 'retailer', content)
  return { ...command, account: retailer } as Command
}

/** What must hold after each step. */
function check(market: Market): void {
  const { state } = market
  const { trading } = state
  deepEqual([...unexplainedDues(state)], [], 'every due is explained')
  equal([...trading.dues.values()].reduce((sum, one) => sum + one, 0n), 0n)
  for (const payment of trading.payments.values()) {
    ok(payment.moved >= 0n && payment.moved <= payment.amount, 'no more moves than is asked for')
    equal(payment.legs.reduce((sum, leg) => sum + leg.amount, 0n), 0n)
    if (!payment.rail.startsWith('bill')) continue
    equal(payment.amount % microsPerCent, 0n, 'a bill is in whole cents')
    // What is over and was not captured has given up what had not moved.
    if (isOver(payment) && payment.state !== 'captured') continue
    ok(payment.legs.every(({ amount }) => amount % microsPerCent === 0n), 'so is each part of it')
  }
  for (const amount of trading.carried.values()) {
    ok(amount !== 0n && amount < microsPerCent && -amount < microsPerCent, 'less than a cent')
  }
  for (const [account, held] of trading.prepaidHeld) {
    ok(held > 0n && held <= (trading.prepaid.get(account) ?? 0n), 'what is set aside is there')
  }
  for (const [key, part] of trading.collateral) {
    ok(part <= (state.ledger.holds.get(`trade:${key}`)?.amount ?? 0n), 'collateral is held')
  }
  for (const one of trading.defaults.values()) {
    ok(one.recovered >= 0n && one.recovered <= one.amount)
    const isPlanned = trading.agenda.has(`step:${one.number}`)
    equal(isPlanned, one.status === 'open' && one.steps.length > 0, 'an open ladder goes on')
  }
  checkHouses(market)
}

/** Each retailer: what customers brought is what they have, and what it owes to others. */
function checkHouses(market: Market): void {
  const { trading } = market.state
  for (const house of [accountOf('retailer'), otherRetailer]) {
    let brought = 0n
    for (const { command } of market.journal) {
      if (command.kind !== 'top_up_prepaid' && command.kind !== 'record_recovery') continue
      if (command.account === house) brought += BigInt(command.content.amountMicros)
    }
    let has = 0n
    for (const [account, amount] of trading.prepaid) {
      if (participantOf(market.state, account)?.retailer === house) has += amount
    }
    let owes = 0n
    for (const [key, amount] of trading.netting.between) {
      const [low, high] = key.split(':').map(Number)
      if (low === house) owes += amount
      if (high === house) owes -= amount
    }
    for (const { debtor, creditor, amount, state } of trading.netting.nettings.values()) {
      if (state === 'returned') continue
      if (debtor === house) owes += amount
      if (creditor === house) owes -= amount
    }
    equal(has + owes, brought, `the books of retailer ${house}`)
  }
}

/** To where the first cycles are asked for, with more or less delivered. */
function toCollection(market: Market, ahead: number): void {
  tendUntil(answer(market), startMs + 3 * 300_000)
  for (const boundary of [2, 3]) {
    for (const [index, owner] of customers.entries()) {
      const energy = (boundary - 2) * 130 * (index + ahead)
      const [taken, given] = index === 1 ? [energy, 0] : [0, energy]
      market.read(owner, boundary, boundary * 500 + taken, boundary * 500 + given)
    }
  }
  for (let passed = 0; passed < ahead; passed += 1) {
    tendUntil(market, market.at + 300_000)
    settleAll(market)
  }
  tendUntil(market, market.at + 120_000)
}

/** Everybody pays what is asked, and retailers bring what was not paid. */
function payAll(market: Market): void {
  for (const one of customers) market.must(topUpOf(market, one, 10_000_000))
  for (let round = 0; round < 12; round += 1) {
    answer(market)
    for (const one of market.state.trading.defaults.values()) {
      const isOwing = one.cause === 'payment_failed' || one.cause === 'payment_overdue'
      if (!isOwing || !isStanding(one)) continue
      market.must(recoveryOf(market, one.number, Number(one.amount - one.recovered)))
    }
    tendUntil(market, market.at + 300_000)
    settleAll(market)
  }
}

/** Settles what has obligations and no run yet, or another reading since. */
function settleAll(market: Market): void {
  for (const [interval, record] of market.state.intervals.get(bilateralZone) ?? []) {
    if (record.obligations.size === 0) continue
    const isDirty = market.state.dirty.has(`${bilateralZone}:${interval}`)
    if (record.runs.length > 0 && !isDirty) continue
    market.submit({ kind: 'settle_interval', zone: bilateralZone, interval })
  }
}

describe('whatever is said of payments', () => {
  const rails = fc.array(fc.nat(59), { minLength: 1, maxLength: 4 })
  const steps = fc.array(step, { minLength: 10, maxLength: 60, size: 'max' })
  const micros = fc.constantFrom(0, 400_000, 100_000_000)

  test('what must hold holds, money moves once, and who pays all owes nothing', () => {
    const given = fc.record({ rails, isBound: fc.boolean(), micros, ahead: fc.nat(3), steps })
    fc.assert(fc.property(given, fc.nat(), ({ rails, isBound, micros, ahead, steps }, cut) => {
      const market = opened(rails, isBound, micros)
      // bob's retailer was exchanged under his feet when the market was made, which no journal
      // says.
      const first = market.journal.length
      const start = encodeState(market.state)
      if (ahead > 0) toCollection(market, ahead)
      const chain = new HoldsOnChain()
      for (const one of steps) {
        play(market, one)
        check(market)
        chain.check(market)
      }
      payAll(market)
      check(market)
      const captured = market.effects.flatMap((one) =>
        one.kind === 'payment_changed' && one.state === 'captured' ? [one.payment] : [],
      )
      equal(new Set(captured).size, captured.length, 'each is captured once')
      // What is below a cent of bills is all that may be due, and `check` has found it explained.
      const { owed, payments, carried, dues } = market.state.trading
      equal(owed.size, 0, 'nobody owes anything any more')
      ok([...payments.values()].every((one) => unmovedLegs(one).length === 0))
      equal(dues.size > 0, carried.size > 0)
      deepEqual([...market.state.trading.collateral], [], 'nothing is left for what is paid')
      const own = market.journal.slice(first)
      let restored = decodeState(start)
      for (const [index, envelope] of own.entries()) {
        if (index === cut % own.length) restored = decodeState(encodeState(restored))
        apply(restored, envelope, fastEngine)
      }
      equal(encodeState(restored), encodeState(market.state))
    }), options)
  })
})
