/**
 * Goal: the page asks for no more than may leave, by a passkey that may, and says of each
 * withdrawal how far it is.
 * Method: tables of what people write, of passkeys and of transactions.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountDetail, StatementLine } from '@busbar/protocols/api'
import { askedOf, isInCents, mayWithdraw, paidOf, written } from './withdraw.ts'

test('what is written is an amount that may leave, or wrong for a reason', () => {
  const right = (amountMicros: number) => ({ kind: 'right', amountMicros })
  for (const [text, expected] of [
    ['12.5', right(12_500_000)],
    [' 12,50 ', right(12_500_000)],
    ['0.000001', right(1)],
    ['20', right(20_000_000)],
    ['20.000001', { kind: 'too-much' }],
    ['0', { kind: 'malformed' }],
    ['-1', { kind: 'malformed' }],
    ['0.0000001', { kind: 'malformed' }],
    ['all', { kind: 'malformed' }],
    ['1.000,00', { kind: 'malformed' }],
    ['  ', { kind: 'empty' }],
  ] as const) {
    deepEqual(askedOf(text, 20_000_000), expected, text)
  }
  deepEqual(askedOf('0.000001', 0), { kind: 'too-much' })
  for (const micros of [1, 12_345_678, 20_000_000, 9_007_199_254_740_991]) {
    deepEqual(askedOf(written(micros), micros), right(micros))
  }
})

test('an amount is shown to the micro where cents do not say it', () => {
  deepEqual([1_250_000, 10_000, 0, 1, 1_255_000].map(isInCents), [true, true, true, false, false])
})

test('a passkey of the account’s own word may, here and now', () => {
  const passkey = { host: 'localhost', signsFromMs: 100, withdraws: true }
  const may = (...of: readonly Partial<typeof passkey>[]) => {
    const passkeys = of.map((one) => ({ ...passkey, ...one })) as AccountDetail['passkeys']
    return mayWithdraw(passkeys, 'localhost', 100)
  }
  equal(may({}), 'yes')
  equal(may({ withdraws: false }), 'other-word')
  equal(may({ withdraws: false }, {}), 'yes')
  equal(may({ host: 'busbar.example' }), 'none')
  equal(may({ withdraws: false }, { host: 'busbar.example' }), 'other-word')
  equal(may({ signsFromMs: 101 }), 'none')
  equal(may(), 'none')
})

test('a withdrawal is paid when it is final, and refused when the chain says so', () => {
  const of = (status: string) => paidOf({ transaction: { status } as StatementLine['transaction'] })
  for (const status of ['queued', 'signed', 'sent', 'mined']) equal(of(status), 'waits', status)
  equal(of('final'), 'paid')
  equal(of('failed'), 'refused')
  equal(paidOf({ transaction: null }), 'own')
})
