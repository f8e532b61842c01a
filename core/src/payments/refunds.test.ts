/**
 * Goal: what goes back goes through the payments that it came by, never more through one than it
 * has brought, and nothing is made or lost on the way.
 * Method: a table of refunds, and properties against a second implementation that moves one micro
 * after the other. `SEED=…` replays.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Micros } from '../units/index.ts'
import { type Payment, type PaymentState, refundable, splitRefund } from './index.ts'
import { splitRefundNaive } from './refunds-naive.ts'

const seed = process.env.SEED === undefined ? undefined : Number(process.env.SEED)
const options = { numRuns: 1_000, ...(seed === undefined ? {} : { seed }) }

const [seller, buyer] = [7, 8]

type Short = readonly [
  state: PaymentState, payer: number, amount: number, refundOf?: number | null,
]

const paymentsOf = (all: readonly Short[]): Payment[] =>
  all.map(([state, payer, amount, refundOf = null], index) => ({
    payment: index + 1,
    ...{ trade: 1, rail: 'money-block', payer, payee: seller + buyer - payer },
    ...{ fromInterval: 0, untilInterval: 0, reservedMicros: Micros.zero },
    amount: Micros.from(BigInt(amount)),
    ...{ legs: [], moved: Micros.zero, refundOf, state, reference: '', expiresAt: null },
    ...{ renewAt: null, dueAt: null, postponements: 0, default: null, reason: '' },
    ...{ createdAt: 0, sequence: 1 },
  }))

const three: readonly Short[] = [
  ['captured', buyer, 100],
  ['captured', buyer, 40],
  ['captured', buyer, 60],
]

const cases: readonly {
  readonly what: string
  readonly payments: readonly Short[]
  readonly amount: number
  readonly through: readonly (readonly [refundOf: number | null, amount: number])[]
}[] = [
  { what: 'a little goes through the newest', payments: three, amount: 60, through: [[3, 60]] },
  { what: 'one that has brought it all is asked alone', payments: three, amount: 61,
    through: [[1, 61]] },
  { what: 'more than any one has brought goes through several', payments: three, amount: 130,
    through: [[3, 60], [1, 70]] },
  { what: 'all that was paid goes back', payments: three, amount: 200,
    through: [[3, 60], [2, 40], [1, 100]] },
  { what: 'what is beyond all of it is owed', payments: three, amount: 230,
    through: [[3, 60], [2, 40], [1, 100], [null, 30]] },
  { what: 'nothing was paid', payments: [], amount: 5, through: [[null, 5]] },
  { what: 'what went back before is not there, nor what is asked for',
    payments: [
      ...three, ['captured', seller, 60, 3], ['capturing', seller, 30, 1],
    ], amount: 100, through: [[2, 40], [1, 60]] },
  { what: 'what was given back and is owed again is no refund of the refund',
    payments: [['captured', seller, 100], ['captured', buyer, 60, 1]], amount: 60,
    through: [[null, 60]] },
  { what: 'a refund that failed has taken nothing',
    payments: [...three, ['failed', seller, 60, 3]], amount: 50, through: [[3, 50]] },
  { what: 'what the other side paid, and what was not captured, gives nothing back',
    payments: [
      ['captured', seller, 90], ['released', buyer, 90], ['capturing', buyer, 90],
      ['captured', buyer, 10],
    ], amount: 20, through: [[4, 10], [null, 10]] },
]

describe('a refund goes through the payments that it came by', () => {
  for (const { what, payments, amount, through } of cases) {
    test(what, () => {
      const from = refundable(paymentsOf(payments), buyer)
      const parts = splitRefund(from, Micros.from(BigInt(amount)))
      deepEqual(parts.map((part) => [part.refundOf, Number(part.amount)]), through)
    })
  }
})

test('whatever was paid, a second implementation agrees and no payment gives too much', () => {
  const payment = fc.tuple(
    fc.constantFrom<PaymentState>('captured', 'captured', 'captured', 'failed', 'capturing'),
    fc.constantFrom(buyer, buyer, seller),
    fc.integer({ min: 1, max: 30 }),
  )
  fc.assert(fc.property(fc.array(payment, { maxLength: 6 }), fc.nat(120), (all, amount) => {
    const payments = paymentsOf(all)
    const from = refundable(payments, buyer)
    const parts = splitRefund(from, Micros.from(BigInt(amount)))
    deepEqual(parts, splitRefundNaive(from, BigInt(amount)))
    const brought = from.reduce((sum, { left }) => sum + left, 0n)
    const debt = parts.find(({ refundOf }) => refundOf === null)?.amount ?? 0n
    equal(debt, brought < BigInt(amount) ? BigInt(amount) - brought : 0n)
    // Once it is asked for, it is not left for the next: nothing is given back twice.
    const refunds = paymentsOf([
      ...all,
      ...parts.map((one): Short => [
        'capturing', seller, Number(one.amount), one.refundOf,
      ]),
    ])
    const after = refundable(refunds, buyer).reduce((sum, { left }) => sum + left, 0n)
    ok(after === brought - (BigInt(amount) - debt))
  }), options)
})
