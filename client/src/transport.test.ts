/**
 * Goal: what failed in passing is sent again, the same bytes, and what was refused is not.
 * Method: a fetch that answers by script; delays of a millisecond, chance fixed.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { problemOf, type ProblemCode } from '@busbar/protocols/api'
import fc from 'fast-check'
import { batchesOf, inParallel } from './batches.ts'
import { BusbarError } from './busbar-error.ts'
import { type Ask, Transport } from './transport.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const retry = { attemptsMax: 4, firstDelayMs: 1, delayMaxMs: 4 }
const ask: Ask = { method: 'POST', path: '/v1/orders', body: '{"id":1}' }

type Step = Response | Error | 'hang'

const refused = (code: ProblemCode, headers: Record<string, string> = {}): Response => {
  const problem = problemOf(code)
  return new Response(JSON.stringify(problem), { status: problem.status, headers })
}

const done = (): Response => new Response('{"ok":true}', { status: 200 })

function scripted(steps: readonly Step[]): {
  readonly fetch: typeof fetch
  readonly sent: readonly (readonly [url: string, body: unknown])[]
} {
  const sent: (readonly [string, unknown])[] = []
  const left = [...steps]
  return {
    sent,
    fetch: (input, init) => {
      sent.push([String(input), init?.body])
      const step = left.shift() ?? new Error('the script is at its end')
      if (step instanceof Response) return Promise.resolve(step)
      if (step instanceof Error) return Promise.reject(step)
      const { promise, reject } = Promise.withResolvers<Response>()
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
      return promise
    },
  }
}

const transportOver = (script: { readonly fetch: typeof fetch }, timeoutMs = 1_000): Transport =>
  new Transport({ baseUrl: 'http://a/', fetch: script.fetch, retry, timeoutMs, random: () => 0.5 })

describe('a request', () => {
  const again: readonly (readonly [what: string, step: () => Step])[] = [
    ['a lost connection', () => new TypeError('fetch failed')],
    ['a busy server', () => refused('server_busy')],
    ['a stopping server', () => refused('server_stopping')],
    ['too many requests', () => refused('rate_limited')],
    ['an outcome that is unknown', () => refused('internal_error')],
    ['a store that failed', () => refused('STORE_FAILED')],
    ['a gateway without an answer', () => new Response('<html>', { status: 502 })],
    ['silence', () => 'hang'],
  ]
  for (const [what, step] of again) {
    test(`is sent again after ${what}, with the same bytes`, async () => {
      const script = scripted([step(), done()])
      deepEqual(await transportOver(script, 20).json(ask), { ok: true })
      deepEqual(script.sent, [
        ['http://a/v1/orders', ask.body],
        ['http://a/v1/orders', ask.body],
      ])
    })
  }

  const once: readonly (readonly [code: ProblemCode, transient: boolean])[] = [
    ['field_invalid', false],
    ['signature_invalid', false],
    ['id_exists', false],
    // The market may say yes later, when there is money: that is the caller's to know.
    ['funds_insufficient', true],
    ['STATE_MALFORMED', false],
  ]
  for (const [code, transient] of once) {
    test(`is sent once when refused with ${code}`, async () => {
      const script = scripted([refused(code)])
      await rejects(transportOver(script).json(ask), (error) => {
        ok(error instanceof BusbarError)
        equal(error.code, code)
        equal(error.transient, transient)
        return true
      })
      equal(script.sent.length, 1)
    })
  }

  test('is given up after the last attempt, with its reason', async () => {
    const script = scripted([0, 1, 2, 3].map(() => new TypeError('fetch failed')))
    await rejects(transportOver(script).json(ask), {
      code: 'network_failed',
      status: null,
      transient: true,
      message: 'network_failed: /v1/orders: fetch failed',
    })
    equal(script.sent.length, retry.attemptsMax)
  })

  test('waits as long as the server asks', async () => {
    const script = scripted([refused('rate_limited', { 'retry-after': '1' }), done()])
    const began = performance.now()
    await transportOver(script).json(ask)
    ok(performance.now() - began >= 990)
  })

  test('ends by its signal, under way and while waiting', async () => {
    for (const steps of [['hang'], [refused('server_busy', { 'retry-after': '9' })]] as const) {
      const controller = new AbortController()
      const asked = transportOver(scripted(steps)).json({ ...ask, signal: controller.signal })
      setTimeout(() => controller.abort(), 10)
      await rejects(asked, { code: 'cancelled', transient: false })
    }
  })

  test('with an answer that is no JSON says so', async () => {
    const script = scripted([new Response('hello', { status: 200 })])
    await rejects(transportOver(script).json(ask), { code: 'answer_malformed' })
    const page = scripted([new Response('<html>', { status: 404 })])
    await rejects(transportOver(page).json(ask), { code: 'answer_malformed', transient: false })
  })

  test('waits twice as long each time, up to the limit', () => {
    const transport = transportOver(scripted([]))
    deepEqual([1, 2, 3, 4, 5].map((attempt) => transport.delayMs(attempt)), [0.75, 1.5, 3, 3, 3])
  })
})

describe('batches', () => {
  test('hold all items in order, within both limits', () => {
    const items = fc.array(fc.record({ id: fc.integer(), text: fc.string({ unit: 'grapheme' }) }))
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 5 }), (some, countMax) => {
        const batches = batchesOf('orders', some, countMax)
        const parsed = batches.map(({ body }) => JSON.parse(body).orders as unknown[])
        deepEqual(parsed.flat(), JSON.parse(JSON.stringify(some)))
        ok(parsed.every(({ length }, index) => length === batches[index]?.count))
        ok(batches.every(({ count }) => count <= countMax))
        deepEqual(batches.map(({ first }) => first), startsOf(batches))
      }),
      replay,
    )
  })

  test('end before the largest body, in bytes and not in characters', () => {
    const item = { text: 'é'.repeat(400_000) }
    const batches = batchesOf('orders', [item, item, item, item, item, item], 1_000)
    deepEqual(batches.map(({ count }) => count), [5, 1])
    ok(batches.every(({ body }) => Buffer.byteLength(body) <= 4 * 1_024 * 1_024))
  })

  test('one item too large goes alone', () => {
    const large = { text: 'x'.repeat(5_000_000) }
    deepEqual(batchesOf('orders', [1, large, 2], 9).map(({ count }) => count), [1, 1, 1])
  })

  test('run side by side, so many at a time, results in order', async () => {
    let running = 0
    let most = 0
    const results = await inParallel([5, 1, 4, 2, 3], 2, async (item) => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setTimeout(resolve, item))
      running -= 1
      return item * 10
    })
    deepEqual(results, [50, 10, 40, 20, 30])
    equal(most, 2)
  })
})

function startsOf(batches: readonly { readonly count: number }[]): readonly number[] {
  let first = 0
  return batches.map(({ count }) => {
    first += count
    return first - count
  })
}
