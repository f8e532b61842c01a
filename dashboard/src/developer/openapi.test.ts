/**
 * Goal: the reference shows every route of the interface with all that its document says, and asks
 * where the reader means to.
 * Method: the document that the server answers with, against the table of routes that it is made
 * from; small schemas and addresses by table.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openApiDocument, routes } from '@busbar/protocols/api'
import { addressOf, fieldsOf, isComplete, type OpenApi, operationsOf, typeOf } from './openapi.ts'

const document = openApiDocument() as unknown as OpenApi
const operations = operationsOf(document)
const named = (id: string) => operations.find((one) => one.id === id) ?? ok(undefined, id)

describe('the reference', () => {
  test('has every route once, by its path', () => {
    deepEqual(operations.map(({ id }) => id).toSorted(), Object.keys(routes).toSorted())
    for (const { id, method, path, isPrivate, summary } of operations) {
      const route = routes[id as keyof typeof routes]
      deepEqual([method, summary], [route.method, route.summary])
      equal(path.replaceAll(/\{([a-z]+)\}/g, ':$1'), route.path)
      equal(isPrivate, !['public', 'loopback'].includes(route.access), id)
    }
  })

  test('says of every answer and body what is in it', () => {
    const open = new Set(['openapi', 'metrics', 'stream', 'signIn', 'signInCallback'])
    for (const { id, answer, body, method, parameters } of operations) {
      if (!open.has(id)) ok(answer.length > 0, `${id} answers nothing`)
      equal(body.length > 0, method === 'POST' && 'body' in routes[id as keyof typeof routes], id)
      for (const field of [...answer, ...body, ...parameters]) ok(field.type !== '', field.path)
    }
    const interval = named('interval')
    const fields = new Map(interval?.answer.map((field) => [field.path, field.type]))
    equal(fields.get('runs'), 'list of PublicRun')
    equal(fields.get('runs[].energy.injectedWh'), 'integer')
    match(fields.get('priceMicrosPerKwh') ?? '', /^integer or null$/)
    ok(interval?.refusals.some(({ codes }) => codes.includes('not_found')))
  })
})

describe('schemas', () => {
  const types = [
    [{ type: 'integer' }, 'integer'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string or null'],
    [{ items: { $ref: '#/components/schemas/Zone' } }, 'list of Zone'],
    [{ enum: ['buy', 'sell'] }, '"buy" or "sell"'],
    [{ const: 1 }, '1'],
    [{}, 'any'],
  ] as const
  for (const [schema, text] of types) test(text, () => equal(typeOf(schema), text))

  test('are shown to a depth, also where they hold themselves', () => {
    const schemas = { Zone: { properties: { below: { items: { $ref: '#/…/Zone' } } } } }
    const own = { paths: {}, components: { schemas } }
    deepEqual(fieldsOf(own, { $ref: '#/…/Zone' }).map(({ path }) => path), [
      'below', 'below[].below', 'below[].below[].below',
    ])
  })
})

describe('addresses', () => {
  const interval = named('interval')
  const series = named('series')

  test('have each parameter in its place', () => {
    ok(interval && series)
    equal(addressOf(interval, { zone: '0', interval: '7' }), '/v1/intervals/0/7')
    equal(addressOf(interval, { zone: '../x', interval: '1' }), '/v1/intervals/..%2Fx/1')
    equal(addressOf(series, { zone: '', points: '2', from: '5' }), '/v1/series?from=5&points=2')
  })

  test('are complete when the path is', () => {
    ok(interval && series)
    equal(isComplete(interval, { zone: '0' }), false)
    equal(isComplete(interval, { zone: '0', interval: '7' }), true)
    equal(isComplete(series, {}), true)
  })
})
