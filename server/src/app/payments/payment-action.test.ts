/**
 * Goal: what is asked of a rail, and what is journalled of its answer, follow from where a payment
 * stands.
 * Method: tables of payments and answers; keys are compared over what may not change them.
 */
import { deepEqual, equal, notEqual } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Payment, paymentStates } from '@busbar/core/payments'
import { Micros } from '@busbar/core/units'
import type { RailAnswer } from '../ports/rails.ts'
import { nothingKnown, railCallFor, wordOf } from './payment-action.ts'

const payment = (change: Partial<Payment>): Payment => ({
  ...{ payment: 7, trade: 3, rail: 'money-block', payer: 11, payee: 12 },
  ...{ fromInterval: 0, untilInterval: 0, reservedMicros: Micros.from(0n) },
  ...{ amount: Micros.from(1_000n), moved: Micros.zero, refundOf: null, state: 'capturing' },
  legs: [
    { account: 1, amount: Micros.from(50n) },
    { account: 11, amount: Micros.from(-1_000n) },
    { account: 12, amount: Micros.from(950n) },
  ],
  ...{ reference: '', expiresAt: null, renewAt: null, dueAt: 500, postponements: 0 },
  ...{ default: null, reason: '', createdAt: 100, sequence: 1 },
  ...change,
})

const held = { reservedMicros: Micros.from(2_000n), reference: 'hold:h' }
const bill = { rail: 'bill-seller' } as const
const known = (change: object) => ({ ...nothingKnown, ...change })

type Row = readonly [string, Partial<Payment>, object, string, string?]

const calls: readonly Row[] = [
  ['to be set aside', { state: 'reserving', ...held, reference: '' }, {}, 'reserve', ''],
  ['the payer decides', { state: 'reserving', ...held }, { isPending: true }, 'look'],
  ['set aside', { state: 'reserved', ...held }, {}, 'nothing'],
  ['set aside, and there is news', { state: 'reserved', ...held }, { isNews: true }, 'look'],
  ['near its end', { state: 'renewing', ...held, expiresAt: 900 }, {}, 'renew'],
  ['to be paid of what is held', held, {}, 'capture', 'hold:h'],
  ['to be paid', {}, {}, 'collect'],
  ['to be paid by bill', bill, {}, 'collect'],
  ['presented', bill, { isPending: true }, 'look'],
  ['presented by an earlier process', { ...bill, postponements: 1 }, {}, 'look'],
  ['postponed, never presented', { ...bill, postponements: 1 }, { isAbsent: true }, 'collect'],
  ['to be let go', { state: 'releasing', ...held }, {}, 'release', 'hold:h'],
  ['let go without a name', { state: 'releasing', ...held, reference: '' }, {}, 'reserve'],
  [
    'let go, and named since',
    { state: 'releasing', ...held, reference: '' },
    { reference: 'hold:x' },
    'release',
    'hold:x',
  ],
  ['a bill to be taken back', { state: 'releasing', ...bill }, {}, 'release'],
  ['a charge that is under way', { state: 'releasing' }, {}, 'look'],
  ['prepaid', { rail: 'prepaid' }, {}, 'nothing'],
  ...(['captured', 'released', 'expired', 'failed'] as const).map(
    (state): Row => [`over: ${state}`, { state }, {}, 'nothing'],
  ),
]

describe('a payment', () => {
  for (const [name, change, knows, action, reference] of calls) {
    test(`${name}: ${action}`, () => {
      const call = railCallFor(payment(change), undefined, known(knows))
      equal(call?.action ?? 'nothing', action)
      if (reference !== undefined) equal(call?.request.reference, reference)
    })
  }

  test('is asked for by the same key until something else is asked for', () => {
    const keyOf = (change: Partial<Payment>) => railCallFor(payment(change), undefined)?.request.key
    equal(keyOf({}), keyOf({ dueAt: 900, sequence: 9, reason: 'again' }))
    notEqual(keyOf({}), keyOf({ amount: Micros.from(999n) }))
    notEqual(keyOf({}), keyOf(held))
    const renewing = { state: 'renewing', ...held } as const
    notEqual(keyOf({ ...renewing, expiresAt: 1 }), keyOf({ ...renewing, expiresAt: 2 }))
  })

  test('says who gets what of it', () => {
    const { request } = railCallFor(payment({}), undefined) ?? {}
    deepEqual(request?.shares, [{ from: 11, to: 1, amountMicros: 50n }])
  })

  test('that goes back is asked for in the words of what was paid', () => {
    const paid = payment({ ...held, payment: 4, state: 'captured', payer: 12, payee: 11 })
    const { action, request } = railCallFor(payment({ refundOf: 4 }), paid) ?? {}
    equal(action, 'refund')
    deepEqual(
      [request?.payment, request?.payer, request?.payee, request?.reference, request?.key],
      [4, 12, 11, 'hold:h', 'payment/7/refund/1000/0'],
    )
  })

  test('that others than the payee give back is asked of them', () => {
    const paid = payment({ ...held, payment: 4, state: 'captured', payer: 12, payee: 11 })
    const legs = [
      { account: 1, amount: Micros.from(-1_000n) },
      { account: 12, amount: Micros.from(1_000n) },
    ]
    const back = payment({ refundOf: 4, payer: 1, payee: 12, legs })
    const { request } = railCallFor(back, paid) ?? {}
    deepEqual(request?.shares, [{ from: 1, to: 12, amountMicros: 1_000n }])
  })
})

const answer = (state: RailAnswer['state'], expiresAt: number | null = null): RailAnswer => ({
  ...{ state, reference: 'hold:h', amountMicros: 2_000n, expiresAt, reason: '' },
})

describe('an answer', () => {
  const rows: readonly (readonly [Partial<Payment>, RailAnswer, string | undefined])[] = [
    [{ state: 'reserving', ...held }, answer('reserved', 900), 'reserved'],
    [{ state: 'reserving', ...held }, answer('expired'), 'failed'],
    [{ state: 'reserving', ...held }, answer('pending'), undefined],
    [{ state: 'renewing', ...held, expiresAt: 900 }, answer('reserved', 900), undefined],
    [{ state: 'renewing', ...held, expiresAt: 900 }, answer('reserved', 901), 'reserved'],
    [{ state: 'renewing', ...held }, answer('failed'), 'failed'],
    [{ state: 'reserved', ...held, expiresAt: 900 }, answer('reserved', 900), undefined],
    [{ state: 'reserved', ...held }, answer('released'), 'expired'],
    [{ state: 'reserved', ...held }, answer('captured'), undefined],
    [held, answer('reserved', 900), undefined],
    [held, answer('captured'), 'captured'],
    [held, answer('released'), 'failed'],
    [{ reference: '' }, answer('pending'), 'asked'],
    [{ reference: '', state: 'postponed' }, answer('pending'), 'asked'],
    [{ reference: 'hold:h' }, answer('pending'), undefined],
    [{ reference: '', state: 'releasing' }, answer('pending'), undefined],
    [{ state: 'releasing', ...held, amount: Micros.zero }, answer('captured'), undefined],
    [{ state: 'releasing', ...held }, answer('captured'), 'captured'],
    [{ state: 'releasing', ...held }, answer('released'), 'released'],
  ]
  for (const [change, said, word] of rows) {
    test(`${said.state} while ${change.state ?? 'capturing'}: ${word ?? 'nothing new'}`, () => {
      equal(wordOf(payment(change), said)?.state, word)
    })
  }

  test('of a payment says the whole of what was asked', () => {
    const { amountMicros } = wordOf(payment({}), answer('captured')) ?? {}
    equal(amountMicros, 1_000)
  })

  test('in any state is in the form of the journal', () => {
    const said = { ...answer('failed'), reason: `##${'x'.repeat(300)}` }
    for (const state of paymentStates) {
      equal(wordOf(payment({ state }), said)?.reason, 'x'.repeat(200))
    }
  })
})
