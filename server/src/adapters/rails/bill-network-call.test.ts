/**
 * Goal: nobody but the bill network is believed, and it only about what it was asked.
 * Method: servers that answer as the network does but for one thing: another key, another bill,
 * another message; and such as proxies and strangers give.
 */
import { equal, rejects } from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import type { BillMessage, BillStatus } from '@busbar/protocols/bill-presentment'
import type { RailRequest } from '../../app/ports/rails.ts'
import { BillPresentment } from './bill-presentment.ts'
import { messageIn, signedText } from './bill-signature.ts'

const keyPair = () => generateKeyPairSync('rsa', { modulusLength: 2_048 })
const [marketKeys, own, other] = [keyPair(), keyPair(), keyPair()]
const now = Date.UTC(2026, 2, 1)
const dayMs = 86_400_000

const billing = (url: string): BillPresentment =>
  new BillPresentment({
    url,
    institution: 'district',
    network: 'bill-network',
    privateKey: marketKeys.privateKey,
    networkKey: own.publicKey,
    deadlineMs: 5_000,
    now: () => now,
    market: 'district',
    currency: 'EUR',
    biller: 'seller',
    platformOf: () => null,
  })

let payments = 0

function payment(): RailRequest {
  payments += 1
  return {
    key: `payment/${payments}/collect`,
    payment: payments,
    payer: 7,
    payee: 8,
    amountMicros: 25_000_000n,
    dueAt: now + dayMs,
    expiresAt: now + 30 * dayMs,
    reference: '',
  }
}

describe('a network that is none', () => {
  const bill = (request: RailRequest): BillStatus => ({
    biller: 'district.8',
    bill: `district.payment.${request.payment}`,
    payer: 'district.7',
    currency: 'EUR',
    amountCents: 2_500n,
    shares: [{ party: 'district.8', amountCents: 2_500n }],
    dueAtMs: request.dueAt,
    expiresAtMs: request.expiresAt,
    note: '',
    state: 'paid',
    isOverdue: false,
    sequence: 2,
    payment: 'pay-1',
    paidAtMs: now,
    refundedCents: 0n,
  })
  type Change = (message: BillMessage, status: BillStatus) => BillMessage
  const answerWith =
    (status: Partial<BillStatus>): Change =>
    (message, all) => ({
      ...message,
      body: { ...message.body, status: { ...all, ...status } } as never,
    })
  const changes: readonly (readonly [what: string, change: Change, key?: KeyObject])[] = [
    ['by another key', (message) => message, other.privateKey],
    [
      'to another message',
      (message) => ({ ...message, body: { ...message.body, inReplyTo: 'x' } as never }),
    ],
    ['to somebody else', (message) => ({ ...message, receiver: 'mallory' })],
    ['of somebody else', (message) => ({ ...message, sender: 'mallory' })],
    ['about another bill', answerWith({ bill: 'district.payment.1' })],
    ['about another payer', answerWith({ payer: 'district.9' })],
    ['about another biller', answerWith({ biller: 'district.9' })],
    ['in another currency', answerWith({ currency: 'USD' })],
    [
      'about no bill',
      (message) => ({ ...message, body: { ...message.body, status: null } as never }),
    ],
    [
      'that is a notice',
      (message, status) => ({ ...message, body: { kind: 'bill-paid', status } }),
    ],
  ]

  async function ask(answer: (text: string) => readonly [status: number, body: string]) {
    const server = createServer((incoming, response) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () => {
        const [status, body] = answer(Buffer.concat(chunks).toString())
        response.writeHead(status, { location: 'http://127.0.0.1:9/' }).end(body)
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    try {
      const url = `http://127.0.0.1:${port}`
      return await billing(url).collect(payment())
    } finally {
      server.close()
      server.closeAllConnections()
    }
  }

  /** Answers as a network does, but for what is changed. */
  const answering =
    (change: Change, key = own.privateKey) =>
    (text: string) => {
      const peers = { sender: 'district', receiver: 'bill-network' }
      const { body, messageId } = messageIn(text, marketKeys.publicKey, peers)
      const isBill = body.kind === 'present-bill'
      const request = { ...payment(), payment: payments - 1 }
      const status = isBill ? { ...bill(request), ...body.terms } : null
      const message: BillMessage = {
        messageId: 'a',
        sender: 'bill-network',
        receiver: 'district',
        createdAtMs: now,
        body: { kind: 'answer', inReplyTo: messageId, code: 'ok', status },
      }
      const isLast = isBill && status !== null
      return [
        200,
        signedText(isLast ? change(message, status) : message, isLast ? key : own.privateKey),
      ] as const
    }

  test('one that does as agreed is believed', async () => {
    equal((await ask(answering((message) => message))).state, 'captured')
  })

  for (const [what, change, key] of changes) {
    test(`is not believed when it gives an answer ${what}`, async () => {
      await rejects(ask(answering(change, key)), { code: 'RAIL_UNAVAILABLE' })
    })
  }

  const words: readonly (readonly [string, number, string])[] = [
    ['of a page', 200, '<html></html>'],
    ['of nothing', 200, ''],
    ['without an end', 200, 'x'.repeat(100_000)],
    ['of a proxy', 502, 'bad gateway'],
    ['that it knows nobody', 401, '{"code":"sender_unknown"}'],
    ['to go elsewhere', 307, ''],
  ]
  for (const [what, status, body] of words) {
    test(`is not believed when it gives an answer ${what}`, async () => {
      await rejects(
        ask(() => [status, body]),
        { code: 'RAIL_UNAVAILABLE' },
      )
    })
  }

  test('is not there', async () => {
    const nobody = billing('http://127.0.0.1:9')
    await rejects(nobody.collect(payment()), { code: 'RAIL_UNAVAILABLE' })
  })
})
