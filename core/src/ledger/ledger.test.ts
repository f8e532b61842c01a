/**
 * Goal: the books sum to zero whatever is posted, no account falls below its floor, a hold ends
 * once, and arrears are what was lent minus what was paid back.
 * Method: each rule by example, then a property of random entries and holds against plain sums.
 * Replay one failure with `SEED=…`.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Micros } from '../units/index.ts'
import {
  addArrears,
  arrearsOf,
  availableOf,
  balanceOf,
  emptyLedger,
  heldOf,
  holdOf,
  type Ledger,
  ledgerTotal,
  outsideAccount,
  post,
  releaseHold,
  setHold,
  unexplainedMoney,
} from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const [alice, bob] = [3, 4]
const micros = (value: number | bigint): Micros => Micros.from(BigInt(value))

function fundedLedger(): Ledger {
  const ledger = emptyLedger()
  post(ledger, [
    { account: outsideAccount, amount: micros(-100) },
    { account: alice, amount: micros(100) },
  ])
  return ledger
}

describe('an entry', () => {
  test('moves money, and the books sum to zero', () => {
    const ledger = fundedLedger()
    post(ledger, [
      { account: alice, amount: micros(-60) },
      { account: bob, amount: micros(60) },
    ])
    equal(balanceOf(ledger, alice), 40n)
    equal(balanceOf(ledger, bob), 60n)
    equal(balanceOf(ledger, outsideAccount), -100n)
    equal(ledgerTotal(ledger), 100n)
    equal(unexplainedMoney(ledger), 0n)
    equal(ledger.entries, 2)
  })

  test('that does not sum to zero is refused and leaves the books as they were', () => {
    const ledger = fundedLedger()
    const before = structuredClone(ledger)
    throws(() => post(ledger, [{ account: alice, amount: micros(1) }]), /sums to zero/)
    deepEqual(ledger, before)
  })

  test('that takes an account below its floor is refused and leaves the books as they were', () => {
    const ledger = fundedLedger()
    const before = structuredClone(ledger)
    const entry = [
      { account: bob, amount: micros(101) },
      { account: alice, amount: micros(-101) },
    ]
    throws(() => post(ledger, entry), /below its floor/)
    deepEqual(ledger, before)
  })

  test('may pass below the floor within itself: only its net counts', () => {
    const ledger = fundedLedger()
    post(ledger, [
      { account: alice, amount: micros(-150) },
      { account: bob, amount: micros(150) },
      { account: bob, amount: micros(-80) },
      { account: alice, amount: micros(80) },
    ])
    equal(balanceOf(ledger, alice), 30n)
  })

  test('that leaves the range of money is refused and leaves the books as they were', () => {
    const ledger = emptyLedger()
    const all = [
      { account: alice, amount: Micros.max },
      { account: outsideAccount, amount: Micros.negate(Micros.max) },
    ]
    post(ledger, all)
    const before = structuredClone(ledger)
    const more = [
      { account: bob, amount: micros(1) },
      { account: outsideAccount, amount: micros(-1) },
    ]
    throws(() => post(ledger, more), { code: 'UNIT_OUT_OF_RANGE' })
    deepEqual(ledger, before)
  })
})

describe('a hold', () => {
  test('sets money aside without moving it, and ends once', () => {
    const ledger = fundedLedger()
    setHold(ledger, 'order:1', alice, micros(30))
    equal(balanceOf(ledger, alice), 100n)
    equal(availableOf(ledger, alice), 70n)
    equal(releaseHold(ledger, 'order:1'), 30n)
    equal(availableOf(ledger, alice), 100n)
    equal(releaseHold(ledger, 'order:1'), 0n)
    equal(availableOf(ledger, alice), 100n)
    equal(ledger.holds.size + ledger.held.size, 0)
  })

  test('set again stands in place of what stood there', () => {
    const ledger = fundedLedger()
    setHold(ledger, 'order:1', alice, micros(30))
    setHold(ledger, 'order:1', alice, micros(50))
    setHold(ledger, 'order:2', alice, micros(5))
    equal(heldOf(ledger, alice), 55n)
    setHold(ledger, 'order:1', alice, micros(0))
    equal(heldOf(ledger, alice), 5n)
    equal(holdOf(ledger, 'order:1'), 0n)
  })

  test('is not negative and stays with its account', () => {
    const ledger = fundedLedger()
    setHold(ledger, 'order:1', alice, micros(30))
    throws(() => setHold(ledger, 'order:1', alice, micros(-1)), /not negative/)
    throws(() => setHold(ledger, 'order:1', bob, micros(1)), /stays with its account/)
  })
})

test('arrears add up by debtor and creditor, and are gone when paid back', () => {
  const ledger = emptyLedger()
  addArrears(ledger, alice, bob, micros(70))
  addArrears(ledger, alice, 2, micros(5))
  addArrears(ledger, alice, bob, micros(-30))
  equal(arrearsOf(ledger, alice, bob), 40n)
  equal(arrearsOf(ledger, bob, alice), 0n)
  addArrears(ledger, alice, bob, micros(-40))
  deepEqual([...ledger.arrears], [['3:2', 5n]])
})

describe('whatever is posted and held', () => {
  const account = fc.integer({ min: 0, max: 5 })
  const slot = fc.nat(3)
  const step = fc.oneof(
    fc.record({ kind: fc.constant('deposit' as const), account, amount: fc.nat(1_000) }),
    fc.record({ kind: fc.constant('pay' as const), account, to: account, amount: fc.nat(1_000) }),
    fc.record({ kind: fc.constant('hold' as const), account, slot, amount: fc.nat(500) }),
    fc.record({ kind: fc.constant('release' as const), account, slot }),
  )

  test('sums stay zero, floors hold, and what is held is the sum of the holds', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const ledger = emptyLedger()
        const expected = new Map<number, number>()
        const move = (to: number, amount: number): void => {
          expected.set(to, (expected.get(to) ?? 0) + amount)
        }
        for (const one of steps) {
          const key = 'slot' in one ? `${one.account}:${one.slot}` : ''
          if (one.kind === 'hold') setHold(ledger, key, one.account, micros(one.amount))
          else if (one.kind === 'release') releaseHold(ledger, key)
          else {
            const [from, to] =
              one.kind === 'deposit' ? [outsideAccount, one.account] : [one.account, one.to]
            const entry = [
              { account: from, amount: micros(-one.amount) },
              { account: to, amount: micros(one.amount) },
            ]
            const short = from !== to && from >= 0 && (expected.get(from) ?? 0) < one.amount
            if (short) throws(() => post(ledger, entry), /below its floor/)
            else {
              post(ledger, entry)
              move(from, -one.amount)
              move(to, one.amount)
            }
          }
          equal(unexplainedMoney(ledger), 0n)
          for (const [number, amount] of expected) equal(balanceOf(ledger, number), BigInt(amount))
          for (let number = 0; number <= 5; number += 1) {
            ok(balanceOf(ledger, number) >= 0n)
            const holds = [...ledger.holds.values()].filter((hold) => hold.account === number)
            equal(heldOf(ledger, number), holds.reduce((sum, hold) => sum + hold.amount, 0n))
          }
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 200), ...replay },
    )
  })
})
