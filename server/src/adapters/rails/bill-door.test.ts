/**
 * Goal: the notices of the bill network come in from it alone, and whatever becomes of them on
 * their way, who goes by their sequence knows how it stands.
 * Method: the network's simulator brings notices to a door, lost, late, twice and out of order, and
 * after it has died; and what others send: everything hostile that is made of a notice.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import {
  hostileEnvelopes,
  sampleMessage,
  sampleStatus,
} from '@busbar/protocols/bill-presentment/testing'
import type { RailNews, RailNotice } from '../../app/ports/rail-notices.ts'
import type { RailRequest } from '../../app/ports/rails.ts'
import { marketKeys, TestNetwork } from '../../testing/network-process.ts'
import { BillDoor } from './bill-door.ts'
import { BillPresentment } from './bill-presentment.ts'
import { signedText } from './bill-signature.ts'

const network = new TestNetwork({ clock: 'market', lateMs: 200 })
const naming = {
  market: 'district',
  currency: 'EUR',
  biller: 'seller',
  platformOf: () => null,
} as const
const peers = { institution: 'district', network: 'bill-network' }
const received: RailNews[] = []
let now = Date.UTC(2026, 2, 1)
let rail: BillPresentment
let door: BillDoor
/** Answers 503 so many times first. */
let busy = 0

const server = createServer((incoming, response) => {
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
  incoming.on('end', () => {
    if (busy > 0) {
      busy -= 1
      response.writeHead(503).end()
      return
    }
    received.push(door.receive({ headers: incoming.headers, body: Buffer.concat(chunks) }))
    response.writeHead(200).end()
  })
})

before(async () => {
  await network.start()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await network.advance(now)
  await network.admitMarket('district', `http://127.0.0.1:${port}/bills`)
  await network.admitParty('district.7', 'late', { delayMs: 1_000 })
  await network.admitParty('district.8')
  const { networkKey, url } = network
  door = new BillDoor({ ...naming, ...peers, networkKey })
  const { privateKey } = marketKeys
  const terms = { url, privateKey, networkKey, deadlineMs: 5_000, now: () => now }
  rail = new BillPresentment({ ...naming, ...peers, ...terms })
})
after(async () => {
  await network.remove()
  server.close()
  server.closeAllConnections()
})

let payments = 0

/** A bill that falls due, is paid late, and of which a part goes back. */
async function story(): Promise<RailRequest> {
  payments += 1
  const request: RailRequest = {
    key: `payment/${payments}/collect`,
    payment: payments,
    payer: 7,
    payee: 8,
    amountMicros: 25_000_000n,
    dueAt: now + 500,
    expiresAt: now + 10_000,
    reference: '',
  }
  await rail.collect(request)
  now += 2_000
  await network.advance(now)
  const key = `payment/${payments}/refund`
  await rail.refund({ ...request, key, amountMicros: 10_000n })
  return request
}

const noticesOf = (payment: number): readonly RailNotice[] =>
  received.flatMap((news) =>
    news.kind === 'notice' && news.notice.payment === payment ? [news.notice] : [],
  )

async function until(payment: number, count: number): Promise<readonly RailNotice[]> {
  for (let waited = 0; noticesOf(payment).length < count && waited < 10_000; waited += 20) {
    await wait(20)
  }
  return noticesOf(payment)
}

const said = ({ about, sequence, answer }: RailNotice): string =>
  `${sequence} ${about} ${answer.state} ${answer.reason}`.trimEnd()

const inOrder = ['2 payment pending overdue', '3 payment captured', '4 refund captured']

describe('a notice', () => {
  test('says what happened, in order', async () => {
    const { payment } = await story()
    const notices = await until(payment, 3)
    deepEqual(notices.map(said), inOrder)
    deepEqual(notices[2]?.answer.amountMicros, 10_000n)
    equal(new Set(notices.map(({ event }) => event)).size, 3)
  })

  test('is brought until it is taken', async () => {
    busy = 2
    const { payment } = await story()
    deepEqual((await until(payment, 3)).map(said), inOrder)
  })

  const faults: readonly (readonly [string, readonly string[]])[] = [
    ['duplicate', [inOrder[0] ?? '', ...inOrder]],
    ['late', inOrder],
    ['reorder', [inOrder[1] ?? '', inOrder[0] ?? '', inOrder[2] ?? '']],
    ['lose', inOrder.slice(1)],
  ]
  for (const [fault, expected] of faults) {
    test(`that meets ${fault} leaves the last word by its sequence`, async () => {
      await network.misbehave(fault, 'bill-overdue')
      const { payment } = await story()
      const notices = await until(payment, expected.length)
      deepEqual(notices.map(said).toSorted(), expected.toSorted())
      const last = notices.toSorted((a, b) => a.sequence - b.sequence).findLast(isOfPayment)
      equal(last?.answer.state, 'captured')
    })
  }

  for (const fault of ['crash-before-sending', 'crash-after-sending']) {
    test(`comes when the network has died, ${fault}`, async () => {
      const alive = network.keepAlive()
      await network.misbehave(fault, 'bill-refunded')
      const { payment } = await story()
      await until(payment, 3)
      const isSentTwice = fault === 'crash-after-sending'
      const expected = isSentTwice ? [...inOrder, inOrder[2]] : inOrder
      deepEqual((await until(payment, expected.length)).map(said), expected)
      equal(alive.deaths(), 1)
      alive.stop()
    })
  }
})

const isOfPayment = ({ about }: RailNotice): boolean => about === 'payment'

describe('what others bring', () => {
  const owner = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const other = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const notice = {
    ...sampleMessage,
    sender: 'network',
    receiver: 'exchange',
    body: { kind: 'bill-paid' as const, status: sampleStatus },
  }
  const own = new BillDoor({
    ...naming,
    institution: 'exchange',
    network: 'network',
    networkKey: owner.publicKey,
  })
  const bring = (text: string): RailNews =>
    own.receive({ headers: {}, body: new TextEncoder().encode(text) })

  test('a notice of the network is taken', () => {
    const news = bring(signedText(notice, owner.privateKey))
    ok(news.kind === 'notice')
    const { event, payment, about, sequence, answer } = news.notice
    deepEqual([event, payment, about, sequence], [notice.messageId, 12, 'payment', 4])
    deepEqual([answer.state, answer.amountMicros], ['captured', 25_000_000n])
    news.handled()
  })

  test('a notice about a bill of another market is ignored', () => {
    const status = { ...sampleStatus, bill: 'town.payment.12' }
    const body = { kind: 'bill-paid' as const, status }
    deepEqual(bring(signedText({ ...notice, body }, owner.privateKey)), {
      kind: 'ignored',
      why: 'foreign',
    })
  })

  test('an answer is no notice', () => {
    deepEqual(bring(signedText(sampleMessage, owner.privateKey)), {
      kind: 'refused',
      status: 400,
      reason: 'notice_malformed',
    })
  })

  const hostile = hostileEnvelopes({
    signed: signedText(sampleMessage, owner.privateKey),
    digest: (algorithm, text) => createHash(algorithm).update(text).digest('base64'),
    signByOther: (algorithm, text) =>
      sign(algorithm, Buffer.from(text), other.privateKey).toString('base64'),
    signByOwner: (algorithm, text) =>
      sign(algorithm, Buffer.from(text), owner.privateKey).toString('base64'),
    hmac: (text) => createHmac('sha256', 'key').update(text).digest('base64'),
  })
  test('everything hostile is refused', () => {
    for (const [what, text] of hostile) {
      const news = bring(text)
      ok(news.kind === 'refused' && news.status === 401, what)
    }
  })
})
