/**
 * Goal: the simulated provider keeps its own promises, so that what is found against it is the
 * market's fault: money is conserved, a hold ends once, a key has its effect once.
 * Method: random requests, repetitions and passing time against the book in this process, with a
 * bookkeeper of its own beside it, replayed by `SEED=…`; and the process over HTTP for what can be
 * asked of it and what is refused.
 */
import { deepEqual, equal, match, notEqual, ok, rejects, throws } from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  type Charge,
  type Hold,
  idempotencyHeader,
  providerOperations,
  type ProviderOperationName,
} from '@busbar/protocols/payment-provider'
import fc from 'fast-check'
import {
  credentialsIn,
  faultKinds,
  type LocalProvider,
  providerDefaults,
  startPaymentProvider,
  startProviderProcess,
} from './index.ts'
import { Misbehaviour } from './misbehaviour.ts'
import { PaymentBook } from './payment-book.ts'
import { operationOf, write } from './requests.ts'
import { PaymentStore } from './store.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const folders: string[] = []
const folder = (): string => {
  const fresh = mkdtempSync(join(tmpdir(), 'busbar-payments-'))
  folders.push(fresh)
  return fresh
}
after(() => {
  for (const one of folders) rmSync(one, { recursive: true, force: true })
})

type Action =
  | { readonly kind: 'hold' | 'charge'; readonly payer: number; readonly amountMicros: number }
  | { readonly kind: 'renew' | 'release'; readonly of: number }
  | { readonly kind: 'capture' | 'refund'; readonly of: number; readonly amountMicros: number }
  | { readonly kind: 'again'; readonly of: number }
  | { readonly kind: 'time'; readonly ms: number }

const amount = fc.integer({ min: 1, max: 60 })
const of = fc.nat({ max: 30 })
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('hold' as const, 'charge' as const),
    payer: fc.nat({ max: 2 }),
    amountMicros: amount,
  }),
  fc.record({ kind: fc.constantFrom('renew' as const, 'release' as const), of }),
  fc.record({ kind: fc.constantFrom('capture' as const, 'refund' as const), of, amountMicros: amount }),
  fc.record({ kind: fc.constant('again' as const), of }),
  fc.record({ kind: fc.constant('time' as const), ms: fc.nat({ max: 40 }) }),
)

const tokens = ['anna', 'bert', 'cleo'] as const
const openingMicros = 100

/** What a provider has to keep, said once more and in another way: over what its answers said. */
class Bookkeeper {
  readonly #seen = new Map<string, Hold | Charge>()
  readonly #refunds = new Map<string, number>()

  see(paid: Hold | Charge): void {
    const before = this.#seen.get(paid.id)
    const over = ['declined', 'expired', 'captured', 'released', 'succeeded', 'failed']
    if (before !== undefined && over.includes(before.state)) equal(paid.state, before.state)
    if (before !== undefined) ok(paid.sequence >= before.sequence)
    this.#seen.set(paid.id, paid)
  }

  refunded(id: string, micros: number): void {
    this.#refunds.set(id, (this.#refunds.get(id) ?? 0) + micros)
  }

  check(book: PaymentBook): void {
    const parties = book.parties.list()
    let [balances, held] = [0, 0]
    for (const { token, balanceMicros, heldMicros } of parties) {
      ok(heldMicros >= 0)
      balances += balanceMicros
      held += heldMicros
      const own = [...this.#seen.values()]
      const alive = own.filter(({ payer, state }) => payer === token && state === 'authorised')
      equal(heldMicros, alive.reduce((sum, { amountMicros }) => sum + amountMicros, 0))
      const flows = own.map((paid) => {
        const taken = 'capturedMicros' in paid ? paid.capturedMicros : paid.amountMicros
        const net = paid.state === 'captured' || paid.state === 'succeeded'
          ? taken - (this.#refunds.get(paid.id) ?? 0)
          : 0
        return (paid.payee === token ? net : 0) - (paid.payer === token ? net : 0)
      })
      equal(balanceMicros, flows.reduce((sum, flow) => sum + flow, openingMicros))
    }
    equal(balances, openingMicros * tokens.length)
    ok(held <= balances)
  }

  get ids(): readonly string[] {
    return [...this.#seen.keys()]
  }
}

describe('the book of a provider', () => {
  /** Plays actions on an empty book; each is asked under a key of its own. */
  function play(actions: readonly Action[], decideAfterMs: number): void {
    const store = new PaymentStore(folder())
    const book = new PaymentBook(store, { holdMaxMs: 50, decideAfterMs })
    const keeper = new Bookkeeper()
    const asked: { operation: ProviderOperationName; id: string; key: string; body: string }[] = []
    const answers: string[] = []
    let now = 1_000
    for (const token of tokens) {
      book.parties.put(token, [])
      ok(book.parties.deposit(token, token, openingMicros, now))
      ok(book.parties.deposit(token, token, openingMicros, now), 'the same deposit again')
    }
    const ask = (operation: ProviderOperationName, id: string, message: object): void => {
      const request = { operation, id, key: `k${asked.length}`, body: JSON.stringify(message) }
      const answer = write(store, book, { ...request, reference: null }, now, () => undefined)
      asked.push(request)
      answers.push(`${answer.status} ${answer.body}`)
      if (operation === 'createRefund' && answer.status === 201) {
        keeper.refunded((message as { of: string }).of, (message as { amountMicros: number }).amountMicros)
      }
      const made = JSON.parse(answer.body) as { id?: string }
      if (made.id !== undefined && /^(hold|charge)_/.test(made.id)) keeper.see(made as Hold)
    }
    for (const one of actions) {
      const id = 'of' in one ? (keeper.ids[one.of % Math.max(1, keeper.ids.length)] ?? 'hold_1') : ''
      if (one.kind === 'time') now += one.ms
      else if (one.kind === 'again') {
        const place = one.of % Math.max(1, asked.length)
        const request = asked[place]
        if (request === undefined) continue
        const again = write(store, book, { ...request, reference: null }, now, () => undefined)
        equal(`${again.status} ${again.body}`, answers[place])
      } else if ('payer' in one) {
        const payer = tokens[one.payer] ?? ''
        const payee = tokens[(one.payer + 1) % 3] ?? ''
        const message = { amountMicros: one.amountMicros, payer, payee, reference: 'r' }
        if (one.kind === 'charge') ask('createCharge', '', message)
        else ask('createHold', '', { ...message, expiresAt: now + 45 })
      } else if (one.kind === 'renew') ask('renewHold', id, { expiresAt: now + 40 })
      else if (one.kind === 'release') ask('releaseHold', id, {})
      else if ('amountMicros' in one) {
        const { amountMicros } = one
        if (one.kind === 'capture') ask('captureHold', id, { amountMicros })
        else ask('createRefund', '', { of: id, amountMicros })
      }
      store.transaction(() => book.passTime(now))
      for (const seen of keeper.ids) keeper.see((book.hold(seen) ?? book.charge(seen)) as Hold)
      keeper.check(book)
    }
    checkEvents(store, keeper)
    store.close()
  }

  /** Each hold or charge tells all that became of it, without a gap, and its last word is true. */
  function checkEvents(store: PaymentStore, keeper: Bookkeeper): void {
    const rows = store.rows<{ body: string }>('select body from events order by number')
    const events = rows.map(({ body }) => JSON.parse(body) as { subject: string; sequence: number })
    for (const id of keeper.ids) {
      const own = events.filter(({ subject }) => subject === id)
      deepEqual(own.map(({ sequence }) => sequence), own.map((_one, i) => i + 1))
    }
  }

  for (const decideAfterMs of [0, 7]) {
    test(`is balanced after anything, deciding after ${decideAfterMs} ms`, () => {
      fc.assert(
        fc.property(fc.array(action, { maxLength: 25 }), (actions) => play(actions, decideAfterMs)),
        { ...replay, numRuns: 40 },
      )
    })
  }

  test('lets what expires pay for what is decided after it, however far the clock jumps', () => {
    const store = new PaymentStore(folder())
    const book = new PaymentBook(store, { holdMaxMs: 1_000, decideAfterMs: 10 })
    for (const token of tokens) book.parties.put(token, [])
    book.parties.deposit('d', 'anna', 100, 0)
    const common = { amountMicros: 100, payer: 'anna', payee: 'bert', reference: 'r' }
    const first = book.createHold({ ...common, expiresAt: 25 }, 0)
    const early = book.createHold({ ...common, expiresAt: 900 }, 10)
    const late = book.createHold({ ...common, expiresAt: 900 }, 15)
    store.transaction(() => book.passTime(1_000_000))
    deepEqual(
      [first, early, late].map(({ id }) => book.hold(id)?.state),
      ['expired', 'declined', 'expired'],
    )
    const told = store.rows<{ body: string }>('select body from events order by number')
    deepEqual(
      told.map(({ body }) => (JSON.parse(body) as { type: string }).type),
      [
        ...['hold.authorised', 'hold.declined', 'hold.expired', 'hold.authorised', 'hold.expired'],
      ],
    )
    store.close()
  })

  test('takes no more money than it can add up', () => {
    const store = new PaymentStore(folder())
    const book = new PaymentBook(store, { holdMaxMs: 1, decideAfterMs: 0 })
    for (const token of tokens) book.parties.put(token, [])
    equal(book.parties.deposit('a', 'anna', Number.MAX_SAFE_INTEGER, 0), true)
    equal(book.parties.deposit('b', 'bert', 1, 0), false)
    store.close()
  })

  test('moves nothing twice, whoever asks', () => {
    const store = new PaymentStore(folder())
    const { parties } = new PaymentBook(store, { holdMaxMs: 1, decideAfterMs: 0 })
    for (const token of tokens) parties.put(token, [])
    const flow = { from: 'anna', to: 'bert', amountMicros: 1 }
    parties.move('capture', 'hold_1', flow, 0)
    throws(() => parties.move('capture', 'hold_1', flow, 0), /UNIQUE/)
    store.close()
  })
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
      headers: { authorization: `Bearer ${bearer}`, ...(key !== '' && { [idempotencyHeader]: key }) },
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
