/**
 * Goal: bad input at every door gets its coded answer, as problem+json, and reaches nobody behind.
 * Method: a table of raw requests over a socket with the code, status and field that must come
 * back; the exchange in memory counts what got through.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import { isProblemCode, type Problem, problemKind } from '@busbar/protocols/api'
import {
  type Harness,
  limitsWith,
  sampleOrder,
  signerOf,
  withServer,
} from './testing/harness.ts'

type Request = {
  readonly method?: string
  readonly path: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

type Wanted = { readonly code: string; readonly field?: string; readonly limit?: RegExp }

const json = { 'content-type': 'application/json' }
const order = await signerOf('alice').order(sampleOrder)

const post = (path: string, body: unknown): Request => ({
  method: 'POST',
  path,
  headers: json,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

const orders = (...items: readonly unknown[]): Request => post('/v1/orders', { orders: items })
const without = (field: keyof typeof order) =>
  Object.fromEntries(Object.entries(order).filter(([name]) => name !== field))

const instruction = (kind: unknown, content: unknown): Request =>
  post('/v1/instructions', {
    instructions: [{ id: order.id, account: 3, kind, content, signature: order.signature }],
  })

const table: readonly (readonly [what: string, request: Request, wanted: Wanted])[] = [
  ['a path that is not there', { path: '/v1/nothing' }, { code: 'not_found' }],
  ['a path outside', { path: '/' }, { code: 'not_found' }],
  ['a path that is no text', { path: '/v1/accounts/%ff' }, { code: 'not_found' }],
  [
    'a parameter without end',
    { path: `/v1/accounts/${'1'.repeat(200)}` },
    { code: 'uri_too_long' },
  ],
  ['reading orders', { path: '/v1/orders' }, { code: 'method_not_allowed', limit: /^POST$/ }],
  ['deleting', { method: 'DELETE', path: '/v1/market' }, { code: 'method_not_allowed' }],
  ['half a body', post('/v1/orders', '{"orders":['), { code: 'body_malformed' }],
  ['an empty body', post('/v1/orders', ''), { code: 'body_malformed' }],
  ['no body', { method: 'POST', path: '/v1/orders' }, { code: 'body_malformed' }],
  ['a list for a body', post('/v1/orders', []), { code: 'body_malformed' }],
  ['a poisoned body', post('/v1/orders', '{"__proto__":{"a":1}}'), { code: 'body_malformed' }],
  [
    'XML',
    { ...post('/v1/orders', '<orders/>'), headers: { 'content-type': 'application/xml' } },
    { code: 'content_type_unsupported' },
  ],
  ['nothing in it', post('/v1/orders', {}), { code: 'field_missing', field: 'orders' }],
  ['no orders', orders(), { code: 'field_invalid', field: 'orders', limit: /from 1 to 1000/ }],
  [
    'too many orders',
    orders(...Array.from({ length: 1_001 }, () => order)),
    { code: 'field_invalid', field: 'orders', limit: /from 1 to 1000/ },
  ],
  [
    'a field too many',
    orders(order, { ...order, note: 'urgent' }),
    { code: 'field_unknown', field: 'orders[1].note' },
  ],
  [
    'another field beside',
    post('/v1/orders', { orders: [order], dryRun: true }),
    { code: 'field_unknown', field: 'dryRun' },
  ],
  [
    'a field missing',
    orders(without('meter')),
    { code: 'field_missing', field: 'orders[0].meter' },
  ],
  [
    'an account of 33 bits',
    orders({ ...order, account: 2 ** 32 }),
    { code: 'field_invalid', field: 'orders[0].account', limit: /from 0 to 4294967295/ },
  ],
  [
    'no energy',
    orders({ ...order, energyWh: 0 }),
    { code: 'field_invalid', field: 'orders[0].energyWh', limit: /from 1 to 1000000000000000/ },
  ],
  [
    'half a watt-hour',
    orders({ ...order, energyWh: 0.5 }),
    { code: 'field_invalid', field: 'orders[0].energyWh', limit: /an integer/ },
  ],
  [
    'energy as text',
    orders({ ...order, energyWh: '500' }),
    { code: 'field_invalid', field: 'orders[0].energyWh' },
  ],
  [
    'an infinite price',
    post('/v1/orders', JSON.stringify({ orders: [order] }).replace('-10', '1e999')),
    { code: 'field_invalid', field: 'orders[0].limitMicrosPerKwh' },
  ],
  [
    'a third side',
    orders({ ...order, side: 'swap' }),
    { code: 'field_invalid', field: 'orders[0].side', limit: /one of buy, sell/ },
  ],
  [
    'an id in capitals',
    orders({ ...order, id: order.id.toUpperCase() }),
    { code: 'field_invalid', field: 'orders[0].id' },
  ],
  [
    'a short signature',
    orders({ ...order, signature: '0x00' }),
    { code: 'field_invalid', field: 'orders[0].signature' },
  ],
  [
    'a signature of somebody else',
    orders({ ...order, meter: 1 }),
    { code: 'signature_invalid', field: 'signature' },
  ],
  [
    'an unknown account',
    orders({ ...order, account: 99 }),
    { code: 'account_unknown', field: 'account' },
  ],
  [
    'an unknown instruction',
    instruction('mint_money', {}),
    { code: 'field_invalid', field: 'instructions[0].kind', limit: /admit_participant/ },
  ],
  [
    'an instruction without a kind',
    instruction(undefined, {}),
    { code: 'field_missing', field: 'instructions[0].kind' },
  ],
  [
    'a content of another kind',
    instruction('suspend_participant', { zone: 1 }),
    { code: 'field_missing', field: 'instructions[0].content.participant' },
  ],
  [
    'a rulebook with another field',
    instruction('schedule_rulebook', { fromInterval: 1, rulebook: { surprise: 1 } }),
    { code: 'field_missing', field: 'instructions[0].content.rulebook.name' },
  ],
  [
    'a query with another field',
    { path: '/v1/intervals?zones=0' },
    { code: 'field_unknown', field: 'zones' },
  ],
  ['a query where none is', { path: '/v1/market?x=1' }, { code: 'field_unknown', field: 'x' }],
  [
    'a limit beyond',
    { path: '/v1/intervals?limit=501' },
    { code: 'field_invalid', field: 'limit', limit: /from 1 to 500/ },
  ],
  [
    'a limit twice',
    { path: '/v1/intervals?limit=1&limit=2' },
    { code: 'field_invalid', field: 'limit' },
  ],
  ['a zone in hex', { path: '/v1/intervals?zone=0x1' }, { code: 'field_invalid', field: 'zone' }],
  [
    'a zone with a sign',
    { path: '/v1/intervals?zone=%2B1' },
    { code: 'field_invalid', field: 'zone' },
  ],
  ['an empty zone', { path: '/v1/intervals?zone=' }, { code: 'field_invalid', field: 'zone' }],
  ['an unknown zone', { path: '/v1/intervals?zone=9' }, { code: 'not_found', field: 'zone' }],
  ['an unknown interval', { path: '/v1/intervals/0/5' }, { code: 'not_found', field: 'interval' }],
  [
    'an interval that is no number',
    { path: '/v1/intervals/0/now' },
    { code: 'field_invalid', field: 'interval' },
  ],
  [
    'a clock that goes back',
    post('/v1/clock', { nowMs: 1 }),
    { code: 'clock_backwards', field: 'nowMs', limit: /at least/ },
  ],
]

async function send({ url }: Harness, request: Request): Promise<Response> {
  const { method = 'GET', path, headers = {}, body } = request
  return fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) })
}

/** Holds an answer to the form that every refusal has. */
async function refusedWith(response: Response, code: string): Promise<Problem> {
  const problem = (await response.json()) as Problem
  equal(problem.code, code)
  ok(isProblemCode(code))
  const { status, transient, means } = problemKind(code)
  equal(response.status, status)
  equal(response.headers.get('content-type'), 'application/problem+json; charset=utf-8')
  deepEqual(
    { type: problem.type, title: problem.title, status: problem.status },
    { type: `urn:busbar:problem:${code}`, title: means, status },
  )
  equal(problem.transient, transient)
  ok(problem.detail.length > 0)
  return problem
}

describe('a refusal', () => {
  for (const [what, request, wanted] of table) {
    test(`${wanted.code} for ${what}`, async () => {
      await withServer(async (harness) => {
        const response = await send(harness, request)
        const problem = await refusedWith(response, wanted.code)
        equal(problem.field, wanted.field)
        if (wanted.limit !== undefined) match(problem.limit ?? '', wanted.limit)
        deepEqual([...harness.exchange.orders], [])
        deepEqual(harness.reported, [])
      })
    })
  }

  test('tells which methods there are', async () => {
    await withServer(async (harness) => {
      const response = await send(harness, { method: 'PUT', path: '/v1/orders' })
      equal(response.headers.get('allow'), 'POST')
    })
  })

  test('body_too_large before the body is read', async () => {
    const limits = limitsWith({ bodyBytesMax: 1_000 })
    await withServer(async (harness) => {
      const body = JSON.stringify({ orders: [order, order, order, order] })
      await refusedWith(await send(harness, post('/v1/orders', body)), 'body_too_large')
      deepEqual(harness.exchange.submitted, [])
    }, { limits })
  })

  test('market_not_open before there is a market', async () => {
    await withServer(async (harness) => {
      harness.exchange.open = false
      const response = await send(harness, { path: '/v1/market' })
      equal(response.headers.get('retry-after'), '1')
      await refusedWith(response, 'market_not_open')
    })
  })

  test('not_found for the clock of a market in real time', async () => {
    await withServer(async (harness) => {
      harness.exchange.clockView = { mode: 'real', nowMs: 5, speed: 1 }
      await refusedWith(await send(harness, post('/v1/clock', { nowMs: 9 })), 'not_found')
      equal(harness.exchange.clockView.nowMs, 5)
    })
  })

  test('server_busy where the exchange takes nothing', async () => {
    await withServer(async (harness) => {
      const busy = { ...order, energyWh: 1_004 }
      await refusedWith(await send(harness, orders(busy)), 'server_busy')
      const response = await send(harness, orders(busy, busy))
      equal(response.headers.get('retry-after'), '1')
      await refusedWith(response, 'server_busy')
      equal((await send(harness, orders(busy, order))).status, 200)
    })
  })

  test('of a fault shows its code, and its details to the operator only', async () => {
    await withServer(async (harness) => {
      const fault = new Fault('STORE_FAILED', { during: 'commit' })
      harness.exchange.failure = fault
      const problem = await refusedWith(await send(harness, orders(order)), 'STORE_FAILED')
      equal(JSON.stringify(problem).includes('commit'), false)
      deepEqual(harness.reported, [fault])
    })
  })

  test('of what nobody foresaw shows nothing', async () => {
    await withServer(async (harness) => {
      const failure = new Error('invariant broken: secret')
      harness.exchange.failure = failure
      const problem = await refusedWith(await send(harness, orders(order)), 'internal_error')
      equal(JSON.stringify(problem).includes('secret'), false)
      deepEqual(harness.reported, [failure])
    })
  })
})

describe('what is not HTTP', () => {
  const raw: readonly (readonly [what: string, bytes: string, status: number, code: string])[] = [
    ['noise', 'HELLO\r\n\r\n', 400, 'request_malformed'],
    ['no host', 'GET /v1/market HTTP/1.1\r\n\r\n', 400, 'request_malformed'],
    [
      'two lengths',
      'POST /v1/orders HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}',
      400,
      'request_malformed',
    ],
    [
      'a length and chunks',
      'POST /v1/orders HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n' +
        'transfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'request_malformed',
    ],
    [
      'headers without end',
      `GET /v1/market HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
  ]
  for (const [what, bytes, status, code] of raw) {
    test(`${code} for ${what}`, async () => {
      await withServer(async ({ port }) => {
        const answer = await exchangeBytes(port, bytes)
        match(answer, new RegExp(`^HTTP/1.1 ${status} `))
        if (what !== 'no host') match(answer, new RegExp(`"code":"${code}"`))
      })
    })
  }

  test('request_timeout for headers that drip', async () => {
    const limits = limitsWith({ headersTimeoutMs: 200 })
    await withServer(async ({ port, client }) => {
      const answer = await exchangeBytes(port, 'GET /v1/market HTTP/1.1\r\nhost: a\r\nx: ')
      match(answer, /^HTTP\/1.1 408 /)
      match(answer, /"code":"request_timeout"/)
      equal((await client.health()).ready, true)
    }, { limits })
  })
})

async function exchangeBytes(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  let answer = ''
  socket.on('data', (data) => {
    answer += String(data)
  })
  socket.write(bytes)
  await once(socket, 'close')
  return answer
}
