/**
 * Goal: whatever becomes of webhooks on their way, the market learns how it stands with a payment,
 * and from nobody but its provider.
 * Method: the provider's simulator in a process of its own brings webhooks to a listener with the
 * door behind it: twice, late, in the wrong order, never, and dying in between. What is refused is
 * a table in the suite of the signature; here is one that the door alone decides.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { after, before, beforeEach, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { signatureHeader, signWebhook } from '@busbar/protocols/payment-provider'
import type { RailNews, RailNotice } from '../../app/ports/rail-notices.ts'
import type { RailAnswer, RailRequest } from '../../app/ports/rails.ts'
import { TestProvider } from '../../testing/provider-process.ts'
import { MoneyBlockDoor } from './money-block-door.ts'
import { MoneyBlock } from './money-block.ts'

const dayMs = 86_400_000
/** By the market's clock, which the provider is told. */
let now = 1_767_225_600_000
const provider = new TestProvider({ lateMs: 400, clock: 'market' })
let rail: MoneyBlock
let door: MoneyBlockDoor
let listener: Server
let port = 0

/** What came in through the door, in the order in which it came. */
let came: RailNews[] = []
/** Whether the next delivery is not thanked for, as by a server that fails. */
let failures = 0

before(async () => {
  listener = createServer((request, response) => {
    void buffer(request).then((body) => {
      const news = door.receive({ headers: request.headers, body }, now)
      came.push(news)
      if (failures > 0) {
        failures -= 1
        response.writeHead(500).end()
        return
      }
      if (news.kind === 'notice') news.handled()
      response.writeHead(news.kind === 'refused' ? news.status : 204).end()
    })
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  port = (listener.address() as AddressInfo).port
  await provider.start()
  await provider.tell('clock', { nowMs: now })
  await provider.admit('district.7')
  await provider.admit('district.8')
  await provider.tell('webhook', { url: `http://127.0.0.1:${port}/` })
  const { url, credentials } = provider
  rail = new MoneyBlock({ url, ...credentials, market: 'district', deadlineMs: 5_000 })
})
beforeEach(() => {
  const secrets = [provider.credentials.webhookSecret]
  door = new MoneyBlockDoor({ market: 'district', secrets, toleranceMs: 60_000 })
  came = []
  failures = 0
})
after(async () => {
  listener.close()
  listener.closeAllConnections()
  await provider.remove()
})

let payments = 0

function payment(): RailRequest {
  payments += 1
  const when = { dueAt: 0, expiresAt: now + dayMs }
  const who = { payer: 7, payee: 8, amountMicros: 25_000_000n }
  return { key: `reserve/${payments}`, payment: payments, ...who, ...when, reference: '' }
}

/** Reserves and captures: two events of one hold. */
async function paid(): Promise<readonly [RailAnswer, RailAnswer]> {
  const request = payment()
  const reserved = await rail.reserve(request)
  const { reference } = reserved
  const key = `capture/${request.payment}`
  return [reserved, await rail.capture({ ...request, key, reference })]
}

const notices = (): readonly RailNotice[] =>
  came.flatMap((news) => (news.kind === 'notice' ? [news.notice] : []))

async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += 20) {
    ok(waited < 20_000, `never came to that: ${notices().map(({ event }) => event).join()}`)
    await wait(20)
  }
}

/** As a market keeps it: for each payment the newest that it heard. */
function heard(all: readonly RailNotice[]): ReadonlyMap<number, RailAnswer> {
  const newest = new Map<number, RailNotice>()
  for (const notice of all) {
    if (notice.about === 'refund') continue
    const known = newest.get(notice.payment)
    if (known === undefined || known.sequence < notice.sequence) newest.set(notice.payment, notice)
  }
  return new Map([...newest].map(([number, { answer }]) => [number, answer]))
}

describe('a webhook', () => {
  test('says what the answer said, once and in order', async () => {
    const answers = await paid()
    await until(() => came.length === 2)
    deepEqual(notices().map(({ answer }) => answer), answers)
    deepEqual(notices().map(({ sequence }) => sequence), [1, 2])
    for (const { payment: number, about } of notices()) {
      deepEqual([number, about], [payments, 'payment'])
    }
  })

  test('tells of a charge and of what went back of it', async () => {
    const request = payment()
    const charged = await rail.collect(request)
    const { reference } = charged
    await rail.refund({ ...request, key: `back/${payments}`, reference, amountMicros: 1_000_000n })
    await until(() => came.length === 2)
    const [first, second] = notices()
    deepEqual(first?.answer, charged)
    equal(second?.about, 'refund')
    deepEqual(second?.answer, { ...charged, amountMicros: 1_000_000n })
  })

  test('tells what nobody asked for: a hold that expires', async () => {
    const request = { ...payment(), expiresAt: now + 300 }
    const reserved = await rail.reserve(request)
    now += 300
    await provider.tell('clock', { nowMs: now })
    await until(() => came.length === 2)
    const expired = { ...reserved, state: 'expired', expiresAt: null }
    deepEqual(notices().map(({ answer }) => answer), [reserved, expired])
  })

  test('that comes twice is heard once', async () => {
    await provider.misbehave('duplicate', null, 2)
    const answers = await paid()
    await until(() => came.length === 4)
    deepEqual(notices().map(({ answer }) => answer), answers)
    const others = came.filter(({ kind }) => kind !== 'notice')
    deepEqual(others, [1, 2].map(() => ({ kind: 'ignored', why: 'known' })))
  })

  test('that is late comes after all, and before its successor', async () => {
    await provider.misbehave('late', 'hold.authorised')
    const started = performance.now()
    const answers = await paid()
    await until(() => came.length === 2)
    ok(performance.now() - started >= 390)
    deepEqual(notices().map(({ answer }) => answer), answers)
  })

  test('that comes after its successor is known to be older', async () => {
    await provider.misbehave('reorder', 'hold.authorised')
    const [reserved, captured] = await paid()
    await until(() => came.length === 2)
    deepEqual(notices().map(({ answer }) => answer), [captured, reserved])
    deepEqual([...heard(notices()).values()], [captured])
  })

  test('that is lost is missed, and what follows makes up for it', async () => {
    await provider.misbehave('lose', 'hold.authorised')
    const [, captured] = await paid()
    await until(() => came.length === 1)
    await wait(500)
    deepEqual(notices().map(({ answer }) => answer), [captured])
    equal(notices()[0]?.sequence, 2)
  })

  test('is brought again until it is taken', async () => {
    failures = 2
    const answers = await paid()
    await until(() => came.length === 4)
    const [reserved, captured] = answers
    deepEqual(notices().map(({ answer }) => answer), [reserved, reserved, reserved, captured])
  })

  for (const [fault, times] of [['crash-before-sending', 1], ['crash-after-sending', 2]] as const) {
    test(`survives the provider, ${fault}`, async () => {
      await provider.misbehave(fault, 'hold.captured')
      const answers = await paid()
      await provider.startAgain()
      await until(() => came.length === 1 + times)
      deepEqual(notices().map(({ answer }) => answer), answers)
      equal(came.filter(({ kind }) => kind === 'ignored').length, times - 1)
    })
  }

  test('of each kind of trouble at once leaves the market knowing the truth', async () => {
    const rates = { duplicate: 0.3, late: 0.1, reorder: 0.3 }
    await provider.tell('misbehaviour/rates', rates)
    const expected = new Map<number, RailAnswer>()
    for (let i = 0; i < 20; i += 1) {
      const [, captured] = await paid()
      expected.set(payments, captured)
    }
    await until(() => notices().length === 40)
    deepEqual(heard(notices()), expected)
    await provider.tell('misbehaviour/rates', {})
  })
})

describe('the door', () => {
  const body = (event: object): Uint8Array => new TextEncoder().encode(JSON.stringify(event))
  const charge = {
    id: 'c1',
    state: 'succeeded',
    amountMicros: 1,
    refundedMicros: 0,
    payer: 'p',
    payee: 'q',
    reference: 'district.payment.5',
    createdAt: 0,
    sequence: 1,
    reason: '',
  }
  const event = {
    id: 'e1',
    type: 'charge.succeeded',
    subject: 'c1',
    sequence: 1,
    createdAt: 0,
    data: charge,
  }
  const bring = (of: object, secret = provider.credentials.webhookSecret, at = 1_000): RailNews => {
    const sent = body(of)
    const headers = { [signatureHeader]: signWebhook(secret, 1_000, sent) }
    return door.receive({ headers, body: sent }, at)
  }

  test('names the payment', () => {
    const news = bring(event)
    ok(news.kind === 'notice')
    equal(news.notice.payment, 5)
  })

  const foreign = [
    ...['district.payment.', 'district.payment.05', 'district.payment.5x', 'district.payment.-5'],
    ...['other.payment.5', 'district.5', 'xdistrict.payment.5', 'district.payment.1e3'],
  ]
  for (const reference of foreign) {
    test(`lets ${reference} pass, which is not of this market`, () => {
      const news = bring({ ...event, data: { ...charge, reference } })
      deepEqual(news, { kind: 'ignored', why: 'foreign' })
    })
  }

  const refused: readonly (readonly [reason: string, status: number, bring: () => RailNews])[] = [
    ['signature_missing', 401, () => door.receive({ headers: {}, body: body(event) }, 1_000)],
    ['signature_wrong', 401, () => bring(event, 'another secret of somebody, of 40 letters')],
    ['signature_old', 401, () => bring(event, undefined, 61_001)],
    ['signature_early', 401, () => bring(event, undefined, -59_001)],
    ['event_malformed', 400, () => bring({ ...event, type: 'charge.back' })],
  ]
  for (const [reason, status, brought] of refused) {
    test(`answers ${status} to ${reason}`, () => {
      deepEqual(brought(), { kind: 'refused', status, reason })
    })
  }
})
