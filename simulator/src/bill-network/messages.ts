import { createHash, type KeyObject } from 'node:crypto'
import { Fault } from '@busbar/core/errors'
import {
  type BillBody,
  type BillCode,
  type BillMessage,
  type BillRequest,
  type BillStatus,
  messageElement,
  type NamedBill,
  openEnvelope,
} from '@busbar/protocols/bill-presentment'
import { canonicalXml } from '@busbar/protocols/xml'
import type { SqlStore } from '../services/sql-store.ts'
import type { BillBook } from './bill-book.ts'
import { messageIn, publicKeyIn, signedText } from './signature.ts'

export type Identity = { readonly name: string; readonly privateKey: KeyObject }

/** What is answered: signed words, or none where nobody can be believed. */
export type Answered =
  | { readonly status: 200; readonly text: string; readonly kind: BillRequest['kind'] }
  | { readonly status: 400 | 401; readonly reason: string }

/** Takes messages of institutions: each has its effect once, and its code is its code for ever. */
export class Messages {
  readonly #store: SqlStore
  readonly #book: BillBook
  readonly #self: Identity

  constructor(store: SqlStore, book: BillBook, self: Identity) {
    this.#store = store
    this.#book = book
    this.#self = self
  }

  /** The message, if an institution has signed it; what it asks for is not done yet. */
  open(text: string): BillMessage | Extract<Answered, { status: 400 | 401 }> {
    try {
      const envelope = openEnvelope(text)
      const sender = envelope.claimedSender
      const known = this.#store.row<{ key: string }>(
        'select key from institutions where name = ?',
        sender,
      )
      if (known === undefined) return { status: 401, reason: 'sender_unknown' }
      const receiver = this.#self.name
      return messageIn(envelope, publicKeyIn(known.key), { sender, receiver })
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      const status = error.code === 'BILL_SIGNATURE_INVALID' ? 401 : 400
      return { status, reason: error.code }
    }
  }

  /** Inside of a transaction. */
  answer(message: BillMessage, now: number): Answered {
    const { body, sender, messageId } = message
    if (!isRequest(body)) return { status: 400, reason: 'message_malformed' }
    const code = body.kind === 'fetch-bill' ? this.#fetch(sender, body) : this.#once(message, now)
    const isSeen = code !== 'biller_foreign' && code !== 'payer_foreign'
    const status = isSeen ? this.#statusFor(body) : null
    const text = this.#signed(message, now, { kind: 'answer', inReplyTo: messageId, code, status })
    return { status: 200, text, kind: body.kind }
  }

  #fetch(sender: string, bill: NamedBill): BillCode {
    const objection = this.#book.objection(sender, bill.biller)
    if (objection !== undefined) return objection
    return this.#book.find(bill) === null ? 'bill_unknown' : 'ok'
  }

  #once({ sender, messageId, body }: BillMessage, now: number): BillCode {
    const digest = digestOf(body)
    const sql = 'select body, code from messages where sender = ? and id = ?'
    const known = this.#store.row<{ body: string; code: BillCode }>(sql, sender, messageId)
    if (known !== undefined) return known.body === digest ? known.code : 'message_exists'
    if (!isRequest(body) || body.kind === 'fetch-bill') throw new Error('nothing to be done once')
    const code = this.#book.write(sender, messageId, body, now)
    const insert = 'insert into messages values (?, ?, ?, ?)'
    this.#store.change(insert, sender, messageId, digest, code)
    return code
  }

  #statusFor(body: BillRequest): BillStatus | null {
    if (body.kind === 'register-biller') return null
    return this.#book.find(body.kind === 'present-bill' ? body.terms : body)
  }

  #signed({ messageId, sender }: BillMessage, now: number, body: BillBody): string {
    const self = this.#self
    const head = { messageId: `re:${messageId}`.slice(0, 100), sender: self.name, receiver: sender }
    return signedText({ ...head, createdAtMs: now, body }, self.privateKey)
  }
}

const requests: readonly string[] = [
  'register-biller',
  'present-bill',
  'fetch-bill',
  'cancel-bill',
  'adjust-bill',
  'refund-bill',
  'pay-bill',
  'refuse-bill',
] satisfies readonly BillRequest['kind'][]

const isRequest = (body: BillBody): body is BillRequest => requests.includes(body.kind)

/** Of what a message asks for, whenever and by whatever name. */
function digestOf(body: BillBody): string {
  const head = { messageId: 'x', sender: 'x', receiver: 'x', createdAtMs: 0 }
  const text = canonicalXml(messageElement({ ...head, body }))
  return createHash('sha256').update(text).digest('hex')
}
