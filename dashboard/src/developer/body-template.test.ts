/**
 * Goal: who tries a route begins with a body in the form that the exchange takes, but for its
 * signature.
 * Method: every route that takes a body, in each of its kinds, against the schema that the server
 * checks by.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openApiDocument, type Route, routes } from '@busbar/protocols/api'
import { wrongIn } from '@busbar/protocols/api/testing'
import { kindsOf, type Known, templateOf } from './body-template.ts'
import { type OpenApi, operationsOf } from './openapi.ts'

const document = openApiDocument() as unknown as OpenApi
const withBody = operationsOf(document).filter(({ bodySchema }) => bodySchema !== undefined)
const known: Known = {
  account: 7, meter: 3, interval: 5_934_000, nowMs: 1_780_322_400_000,
  newId: () => `0x${'1a'.repeat(16)}`,
}

/** The same with something in the place of each signature. */
const signed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(signed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) =>
    [name, name === 'signature' ? `0x${'11'.repeat(65)}` : signed(one)]))
}

describe('a template', () => {
  for (const { id, bodySchema = {} } of withBody) {
    const kinds = kindsOf(document, bodySchema)
    for (const kind of kinds.length === 0 ? [undefined] : kinds) {
      test(`of ${id}${kind === undefined ? '' : `, ${kind}`}, is in the form of its schema`, () => {
        const template = templateOf(document, bodySchema, known, kind)
        const { body } = routes[id as keyof typeof routes] as Route
        ok(body !== undefined)
        deepEqual(wrongIn(body, signed(template)), [])
      })
    }
  }

  test('of instructions is of the kind that is asked for, in the name of who asks', () => {
    const { bodySchema = {} } = withBody.find(({ id }) => id === 'submitInstructions') ?? {}
    ok(kindsOf(document, bodySchema).includes('suspend_participant'))
    deepEqual(templateOf(document, bodySchema, known, 'suspend_participant'), {
      instructions: [{
        ...{ id: known.newId(), account: 7, kind: 'suspend_participant' },
        ...{ content: { participant: 0 }, signature: '' },
      }],
    })
  })

  test('of an order is one that only wants a signature', () => {
    const { bodySchema = {} } = withBody.find(({ id }) => id === 'submitOrders') ?? {}
    deepEqual(kindsOf(document, bodySchema), [])
    const { orders } = templateOf(document, bodySchema, known) as { readonly orders: object[] }
    const [order] = orders as readonly Readonly<Record<string, unknown>>[]
    deepEqual([orders.length, order?.meter, order?.interval], [1, 3, known.interval])
    equal(order?.signature, '')
  })
})
