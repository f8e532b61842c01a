/**
 * Goal: the simulated provider keeps the contract, and goes wrong only where it was told to.
 * Method: the process over HTTP, for what can be asked of it, what is refused, and what is there
 * after it was killed; the plan of its misbehaviour alone.
 */
import { deepEqual, equal, match, notEqual, ok, rejects } from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { idempotencyHeader, providerOperations } from '@busbar/protocols/payment-provider'
import {
  credentialsIn,
  faultKinds,
  type LocalProvider,
  providerDefaults,
  startPaymentProvider,
  startProviderProcess,
} from './index.ts'
import { Misbehaviour } from '../services/misbehaviour.ts'
import { operationOf } from './requests.ts'

const folders: string[] = []
const folder = (): string => {
  const fresh = mkdtempSync(join(tmpdir(), 'busbar-payments-'))
  folders.push(fresh)
  return fresh
}
after(() => {
  for (const one of folders) rmSync(one, { recursive: true, force: true })
})

describe('misbehaviour', () => {
  test('happens as often as planned, to what was named, and then by its rate', () => {
    const plan = new Misbehaviour({}, 1)
    plan.plan({ kind: 'timeout', what: 'captureHold', times: 2 })
    plan.plan({ kind: 'duplicate', what: null, times: 1 })
    equal(plan.ofRequest('createHold'), undefined)
    deepEqual([1, 2, 3].map(() => plan.ofRequest('captureHold')), ['timeout', 'timeout', undefined])
    deepEqual([1, 2].map(() => plan.ofWebhook('hold.captured')), ['duplicate', undefined])
    const often = new Misbehaviour({ 'fail-after': 0.25 }, 1)
    const drawn = Array.from({ length: 2_000 }, () => often.ofRequest('createHold'))
    const count = drawn.filter((kind) => kind === 'fail-after').length
    ok(count > 400 && count < 600, `${count}`)
    const again = new Misbehaviour({ 'fail-after': 0.25 }, 1)
    deepEqual(drawn, drawn.map(() => again.ofRequest('createHold')))
    often.clear()
    equal(Array.from({ length: 100 }, () => often.ofRequest('x')).some(Boolean), false)
  })
})

describe('the provider over HTTP', () => {
  let provider: LocalProvider
  const directory = folder()
  before(async () => {
    provider = await startProviderProcess({ directory, clock: 'market' })
    await provider.advance(1_000_000)
    await provider.admit('anna', 1_000)
    await provider.admit('bert')
  })
  after(() => provider.stop())

  type Sent = {
    readonly key?: string
    readonly bearer?: string
    readonly body?: unknown
    readonly text?: string
  }
  let keys = 0
  async function send(method: string, path: string, sent: Sent = {}) {
    const { key = `key/${(keys += 1)}`, bearer = provider.credentials.apiKey, body, text } = sent
    const response = await fetch(`${provider.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${bearer}`,
        ...(key !== '' && { [idempotencyHeader]: key }),
      },
      ...(method === 'POST' && { body: text ?? JSON.stringify(body ?? {}) }),
    })
    const answer = (await response.json()) as { code?: string; id?: string; state?: string }
    return { status: response.status, ...answer }
  }
  const request = {
    amountMicros: 10,
    payer: 'anna',
    payee: 'bert',
    reference: 'trade.1',
    expiresAt: 2_000_000,
  }

  const refused: readonly (readonly [string, number, string, string, string, Sent])[] = [
    ['no key', 400, 'key_missing', 'POST', '/v1/holds', { key: '', body: request }],
    ['a key with blanks', 400, 'key_missing', 'POST', '/v1/holds', { key: 'a b', body: request }],
    ['no bearer', 401, 'unauthorised', 'POST', '/v1/holds', { bearer: '', body: request }],
    ['no JSON', 400, 'request_malformed', 'POST', '/v1/holds', { text: '{' }],
    ['a field too many', 422, 'field_invalid', 'POST', '/v1/holds', { body: { ...request, x: 1 } }],
    ['a field too few', 422, 'field_invalid', 'POST', '/v1/holds', { body: { payer: 'anna' } }],
    ['half a micro', 422, 'field_invalid', 'POST', '/v1/holds',
      { body: { ...request, amountMicros: 0.5 } }],
    ['nothing to hold', 422, 'field_invalid', 'POST', '/v1/holds',
      { body: { ...request, amountMicros: 0 } }],
    ['a token of another form', 422, 'field_invalid', 'POST', '/v1/charges',
      { body: { ...request, payer: 'Anna Müller' } }],
    ['a hold of none', 404, 'not_found', 'GET', '/v1/holds/hold_99', {}],
    ['a charge of none', 404, 'not_found', 'GET', '/v1/charges/hold_1', {}],
    ['a path of none', 404, 'not_found', 'GET', '/v1/payers', {}],
    ['a method of none', 404, 'not_found', 'POST', '/v1/holds/hold_1', {}],
    ['a question without a name', 422, 'field_invalid', 'GET', '/v1/holds', {}],
    ['a long body', 400, 'request_malformed', 'POST', '/v1/holds', { text: ' '.repeat(70_000) }],
    ['who is not its keeper', 401, 'unauthorised', 'GET', '/admin/parties', {}],
  ]
  for (const [what, status, code, method, path, sent] of refused) {
    test(`refuses ${what}`, async () => {
      const answer = await send(method, path, sent)
      deepEqual([answer.status, answer.code], [status, code])
    })
  }

  test('gives the same answer to the same key, however it is spelled, and no other', async () => {
    const first = await send('POST', '/v1/holds', { key: 'same', body: request })
    deepEqual([first.status, first.state], [201, 'authorised'])
    const turned = JSON.stringify(request, Object.keys(request).toReversed())
    deepEqual(await send('POST', '/v1/holds', { key: 'same', text: ` ${turned}\n` }), first)
    await send('POST', `/v1/holds/${first.id}/release`)
    deepEqual(await send('POST', '/v1/holds', { key: 'same', body: request }), first)
    const other = { ...request, amountMicros: 11 }
    equal((await send('POST', '/v1/holds', { key: 'same', body: other })).code, 'key_reused')
    equal((await send('POST', '/v1/charges', { key: 'same', body: {} })).code, 'field_invalid')
  })

  test('keeps a refusal that was its answer, and forgets one that was none', async () => {
    const path = '/v1/holds/hold_1/capture'
    const refusal = await send('POST', path, { key: 'late', body: { amountMicros: 1 } })
    deepEqual([refusal.status, refusal.code], [409, 'state_conflict'])
    deepEqual(await send('POST', path, { key: 'late', body: { amountMicros: 1 } }), refusal)
    equal((await send('POST', '/v1/holds', { key: 'typo', body: {} })).code, 'field_invalid')
    equal((await send('POST', '/v1/holds', { key: 'typo', body: request })).status, 201)
  })

  test('keeps everything over its death, time included', async () => {
    const held = await send('POST', '/v1/holds', { key: 'before', body: request })
    const books = [await provider.parties(), await provider.moves()]
    const { credentials } = provider
    await provider.kill()
    provider = await startProviderProcess({ directory, clock: 'market' })
    deepEqual(provider.credentials, credentials)
    deepEqual([await provider.parties(), await provider.moves()], books)
    deepEqual(await send('POST', '/v1/holds', { key: 'before', body: request }), held)
    await rejects(provider.advance(999_999))
    await provider.advance(2_000_000)
    equal((await send('GET', `/v1/holds/${held.id}`)).state, 'expired')
  })

  test('is one at a time on a store, on this machine alone, with secrets of its own', async () => {
    const again = startPaymentProvider({ ...providerDefaults, directory })
    await rejects(again, /locked/)
    match(provider.url, /^http:\/\/127\.0\.0\.1:/)
    for (const url of ['http://example.org/', 'https://127.0.0.1/', 'file:///etc/passwd', 'x']) {
      await rejects(provider.bringWebhooksTo(url), /field_invalid/)
    }
    equal(statSync(join(directory, 'credentials.json')).mode & 0o077, 0)
    const { apiKey, adminKey, webhookSecret } = credentialsIn(directory)
    equal(new Set([apiKey, adminKey, webhookSecret]).size, 3)
    notEqual(apiKey, credentialsIn(folder()).apiKey)
  })

  const told: readonly (readonly [string, object])[] = [
    ['parties', { token: 'a b', declines: [] }],
    ['parties', { token: 'anna', declines: ['everything'] }],
    ['deposits', { id: 'x', token: 'anna', amountMicros: -1 }],
    ['deposits', { id: 'x', token: 'anna', amountMicros: 0.5 }],
    ['deposits', { id: 'x', token: 'nobody', amountMicros: 1 }],
    ['misbehaviour', { kind: 'explode' }],
    ['misbehaviour', { kind: 'timeout', times: 0 }],
    ['misbehaviour/rates', { timeout: 2 }],
    ['misbehaviour/rates', { explode: 0.5 }],
    ['clock', { nowMs: -1 }],
    ['clock', []],
  ]
  for (const [path, body] of told) {
    test(`does not take ${JSON.stringify(body)} for ${path}`, async () => {
      const bearer = provider.credentials.adminKey
      const answer = await send('POST', `/admin/${path}`, { bearer, body })
      ok([400, 404, 422].includes(answer.status), JSON.stringify(answer))
    })
  }

  test('knows every operation by its path', () => {
    for (const [name, { method, path }] of Object.entries(providerOperations)) {
      const found = operationOf(method, path.replace(':id', 'hold_7'))
      deepEqual(found, { operation: name, id: path.includes(':id') ? 'hold_7' : '' })
    }
    equal(operationOf('GET', '/v1/holds/../x'), undefined)
    equal(operationOf('GET', '/v1/holds/x/y/z'), undefined)
    equal(new Set(faultKinds).size, faultKinds.length)
  })
})
