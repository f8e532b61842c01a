/**
 * Goal: the contract is told to people as it is, and no message means two things.
 * Method: the page is read for every operation, field, refusal, state and event; each form is tried
 * with every field missing, and requests with one too many.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import {
  CaptureRequest,
  Charge,
  chargeStates,
  Hold,
  holdStates,
  isOf,
  type ProviderOperation,
  providerEvents,
  providerEventTypes,
  providerOperations,
  providerRefusals,
  readEvent,
  readMessage,
  Refund,
  signatureRefusals,
} from './index.ts'

const path = '../../../docs/reference/payment-provider.md'
const page = readFileSync(new URL(path, import.meta.url), 'utf8')
const rows = page.split('\n').filter((line) => line.startsWith('| '))

const hold = {
  id: 'h1',
  state: 'authorised',
  amountMicros: 5,
  capturedMicros: 0,
  refundedMicros: 0,
  payer: 'p7',
  payee: 'p1',
  reference: 'district.payment.1',
  expiresAt: 20,
  createdAt: 10,
  sequence: 1,
  reason: '',
}
const { capturedMicros: _captured, expiresAt: _expires, ...chargeable } = hold
const charge = { ...chargeable, state: 'succeeded' }
const refund = {
  id: 'r1',
  state: 'succeeded',
  of: 'h1',
  kind: 'hold',
  amountMicros: 5,
  reference: 'x',
  createdAt: 10,
}
const operations = Object.values<ProviderOperation>(providerOperations)

describe('the page', () => {
  for (const { method, path: route, summary, status, refusals } of operations) {
    test(`tells ${method} ${route}`, () => {
      const row = rows.find((line) => line.startsWith(`| \`${method} ${route}\` |`)) ?? ''
      // A sentence may go on: what is said of it here stands there.
      ok(row.includes(summary.slice(0, -1)), row)
      ok(row.includes(`| ${status}, `), row)
      deepEqual([...row.matchAll(/`([a-z]+_[a-z]+)`/g)].map(([, code]) => code), [...refusals])
    })
  }

  test('tells every refusal, and no other', () => {
    const told = rows.filter((row) => /^\| `\w+` \| \d+ \| (?:yes|no) \| /.test(row))
    const expected = Object.entries(providerRefusals).map(
      ([code, { status, known, means }]) =>
        `| \`${code}\` | ${status} | ${known ? 'yes' : 'no'} | ${means} |`,
    )
    deepEqual(told, expected)
  })

  test('tells every state, event and field', () => {
    const words = [
      ...holdStates, ...chargeStates, ...providerEventTypes, ...Object.keys(signatureRefusals),
      ...Object.keys(hold), ...Object.keys(refund), 'subject', 'data', 'type',
    ]
    for (const word of words) ok(page.includes(`\`${word}\``), word)
  })
})

describe('a message', () => {
  const forms = [
    ['hold', Hold, hold],
    ['charge', Charge, charge],
    ['refund', Refund, refund],
  ] as const
  for (const [name, form, message] of forms) {
    test(`that is a ${name} is one with all of its fields`, () => {
      ok(isOf(form, message))
      ok(isOf(form, { ...message, more: 1 }))
      for (const field of Object.keys(message)) {
        equal(isOf(form, { ...message, [field]: undefined }), false, field)
        equal(isOf(form, { ...message, [field]: null }), false, field)
        equal(isOf(form, { ...message, [field]: {} }), false, field)
      }
    })
  }

  for (const { request, method, path: route } of operations) {
    if (request === undefined) continue
    test(`to ${method} ${route} has its fields and no other`, () => {
      const fields = Object.keys((request as { properties?: object }).properties ?? {})
      const shares = [{ payer: 'p', payee: 'q', amountMicros: 1 }]
      const values: Readonly<Record<string, unknown>> = { ...hold, of: 'h1', shares }
      const message = Object.fromEntries(fields.map((field) => [field, values[field]]))
      ok(isOf(request, message))
      equal(isOf(request, { ...message, more: 1 }), false)
      for (const field of fields) {
        const { [field]: _left, ...rest } = message
        // Without shares all of it is between payer and payee.
        equal(isOf(request, rest), field === 'shares', field)
      }
    })
  }

  test('divides an amount by shares of all their fields, one to eight of them', () => {
    const share = { payer: 'p', payee: 'q', amountMicros: 1 }
    const isTaken = (shares: unknown): boolean =>
      isOf(CaptureRequest, { amountMicros: 9, shares })
    ok(isTaken([share]))
    ok(isTaken(Array.from({ length: 8 }, () => share)))
    const wrong = [
      ...[[], {}, null, Array.from({ length: 9 }, () => share), [{ ...share, more: 1 }]],
      ...[[{ ...share, amountMicros: 0 }], [{ ...share, payer: '' }], [{ payer: 'p' }]],
    ]
    for (const shares of wrong) equal(isTaken(shares), false, JSON.stringify(shares))
  })

  test('that is no JSON is none', () => {
    for (const text of ['', '{', 'undefined', '{"id":1}x', '[1,]']) {
      equal(readMessage({}, text), undefined)
    }
    equal(readMessage({}, 'null'), null)
  })
})

describe('an event', () => {
  const datas = { hold, charge, refund }
  const after: Readonly<Record<string, string>> = {
    authorised: 'authorised',
    renewed: 'authorised',
  }
  for (const type of providerEventTypes) {
    const about = providerEvents[type]
    const word = type.split('.')[1] ?? ''
    const data = { ...datas[about], state: after[word] ?? word }
    const event = { id: 'e1', type, subject: 'h1', sequence: 1, createdAt: 10, data }
    test(`${type} holds a ${about}`, () => {
      deepEqual(readEvent(event), { about, ...event })
      for (const [other, of] of Object.entries(datas)) {
        if (other !== about) equal(readEvent({ ...event, data: of }), undefined, other)
      }
    })
  }
})
