/**
 * Goal: a household sees what is due of it and when, may postpone just what the exchange lets it
 * postpone, and is told the way that ends its default.
 * Method: payments and defaults by table.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { DefaultView, PaymentView } from '@busbar/protocols/api'
import { paymentStates } from '@busbar/core/payments'
import {
  billNumber, cureOf, inOrder, isLate, mayAppeal, mayPostpone, sumsOf,
} from './payments.ts'

const payment = (number: number, changed: Partial<PaymentView>): PaymentView => ({
  ...{ payment: number, trade: 1, rail: 'bill-seller', payer: 7, payee: 8, reservedMicros: 0 },
  ...{ amountMicros: 10_000 * number, state: 'capturing', reference: 'b-1', expiresAtMs: null },
  ...{ dueAtMs: null, postponements: 0, reason: '', ...changed },
})

describe('what payments come to', () => {
  const payments = [
    payment(1, { dueAtMs: 900 }), payment(2, { state: 'postponed', dueAtMs: 500 }),
    payment(3, { state: 'reserved', rail: 'money-block', reservedMicros: 70, amountMicros: 0 }),
    payment(4, { state: 'captured' }), payment(5, { payer: 8, payee: 7 }),
    payment(6, { payer: 8, payee: 7, state: 'captured' }), payment(7, { state: 'failed' }),
    payment(8, { payer: 8, payee: 7, state: 'reserved', reservedMicros: 90, amountMicros: 0 }),
  ]

  test('is by who pays, and by how far it is', () => {
    deepEqual(sumsOf(payments, 7), {
      ...{ dueMicros: 30_000, dueAtMs: 500, heldMicros: 70, awaitedMicros: 50_000 },
      ...{ paidMicros: 40_000, receivedMicros: 60_000 },
    })
    equal(sumsOf([], 7).dueAtMs, null)
  })

  test('stands in the order in which somebody has to act', () => {
    deepEqual(inOrder(payments).map((one) => one.payment), [2, 1, 5, 8, 3, 7, 6, 4])
  })
})

describe('a bill', () => {
  test('has a number that somebody can say, or the name that its network gave it', () => {
    const cases = [
      ['bill:inter-retailer.17|inter-retailer.payment.204', '204'],
      ['bill:a|b.payment.9x', 'bill:a|b.payment.9x'],
      ['invoice 2026/7', 'invoice 2026/7'],
      ['', ''],
    ] as const
    deepEqual(cases.map(([reference]) => billNumber(reference)), cases.map(([, said]) => said))
  })
})

describe('another term', () => {
  const rules = { postponementsMax: 1 }
  const due = payment(1, { dueAtMs: 1_000 })

  test('is the payer’s to ask for, before it is late', () => {
    equal(mayPostpone(due, 7, 999, rules), true)
    equal(mayPostpone(due, 8, 999, rules), false)
    equal(mayPostpone(due, 7, 1_000, rules), false)
    deepEqual([isLate(due, 999), isLate(due, 1_000)], [false, true])
  })

  test('is asked for while money is, with a day that it is due at, and not too often', () => {
    for (const state of paymentStates) {
      equal(mayPostpone({ ...due, state }, 7, 0, rules), state === 'capturing')
    }
    equal(mayPostpone({ ...due, dueAtMs: null }, 7, 0, rules), false)
    equal(mayPostpone({ ...due, postponements: 1 }, 7, 0, rules), false)
  })
})

describe('a default', () => {
  const bill = payment(1, {})
  const cases: readonly (readonly [DefaultView['cause'], PaymentView | undefined, string])[] = [
    ['payment_overdue', bill, 'bill'],
    ['payment_overdue', payment(1, { state: 'released' }), 'retailer'],
    ['payment_failed', payment(1, { rail: 'money-block', state: 'failed' }), 'retailer'],
    ['payment_overdue', undefined, 'retailer'],
    ['reservation_failed', undefined, 'funds'],
    ['renewal_failed', payment(1, { rail: 'money-block', state: 'expired' }), 'funds'],
  ]
  for (const [cause, of, wanted] of cases) {
    test(`by ${cause}, ${of?.rail ?? 'no payment'} ${of?.state ?? ''}, ends by ${wanted}`, () => {
      equal(cureOf({ cause }, of), wanted)
    })
  }

  test('is disputed once, while it stands', () => {
    const states: readonly DefaultView['status'][] = [
      'open', 'appealed', 'cured', 'overturned', 'exhausted',
    ]
    deepEqual(states.filter((status) => mayAppeal({ status, grounds: '' })), ['open', 'exhausted'])
    equal(mayAppeal({ status: 'open', grounds: '0x1' }), false)
  })
})
