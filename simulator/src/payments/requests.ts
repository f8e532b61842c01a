import { createHash } from 'node:crypto'
import { canonicalJson } from '@busbar/core/encoding'
import {
  type CaptureRequest,
  type ChargeRequest,
  type HoldRequest,
  idempotencyKeyForm,
  isOf,
  type ProviderOperationName,
  providerOperations,
  readMessage,
  Reference,
  type RefundRequest,
  type RenewRequest,
} from '@busbar/protocols/payment-provider'
import { type Answer, answered, refusal } from './answers.ts'
import type { PaymentBook, Refused } from './payment-book.ts'
import type { PaymentStore } from './store.ts'

/** A request to the provider's own interface, taken off the wire. */
export type ProviderRequest = {
  readonly operation: ProviderOperationName
  readonly id: string
  readonly reference: string | null
  readonly key: string | undefined
  readonly body: string
}

type Found = Pick<ProviderRequest, 'operation' | 'id'>

const names = Object.keys(providerOperations) as readonly ProviderOperationName[]

/** The operation behind a method and a path, with the id in it. */
export function operationOf(method: string, path: string): Found | undefined {
  for (const operation of names) {
    const of = providerOperations[operation]
    const form = new RegExp(`^${of.path.replace(':id', '([A-Za-z0-9_-]{1,64})')}$`)
    const match = of.method === method ? form.exec(path) : null
    if (match !== null) return { operation, id: match[1] ?? '' }
  }
  return undefined
}

/** Answers a question. Time has passed before: what it says is so now. */
export function read(book: PaymentBook, request: ProviderRequest): Answer {
  const { operation, id, reference } = request
  if (operation === 'findHolds' || operation === 'findCharges') {
    if (!isOf(Reference, reference)) return refusal('field_invalid')
    return operation === 'findHolds'
      ? answered(200, { holds: book.holdsUnder(reference) })
      : answered(200, { charges: book.chargesUnder(reference) })
  }
  const found = operation === 'readHold' ? book.hold(id) : book.charge(id)
  return found === undefined ? refusal('not_found') : answered(200, found)
}

/** The schema that every JSON is of. */
const anything = {}

type AnswerRow = { request: string; status: number; body: string }

/**
 * Does what is asked, once for each key: work, its events and its answer are in one transaction, so
 * that after any crash there is all of it under the key or nothing. `midway` is between the two.
 */
export function write(
  store: PaymentStore,
  book: PaymentBook,
  request: ProviderRequest,
  now: number,
  midway: () => void,
): Answer {
  const { operation, id, key = '', body } = request
  if (!idempotencyKeyForm.test(key)) return refusal('key_missing')
  const { request: form } = providerOperations[operation] as { readonly request?: object }
  if (readMessage(anything, body) === undefined) return refusal('request_malformed')
  const message = readMessage(form ?? anything, body)
  if (message === undefined) return refusal('field_invalid')
  const digest = digestOf(`${operation}/${id}`, message)
  return store.transaction(() => {
    const sql = 'select request, status, body from answers where key = ?'
    const known = store.row<AnswerRow>(sql, key)
    if (known !== undefined) {
      if (known.request !== digest) return refusal('key_reused')
      return { status: known.status, body: known.body, isKnown: true }
    }
    const answer = done(book, operation, id, message, now)
    midway()
    if (answer.isKnown) {
      store.change('insert into answers values (?, ?, ?, ?)', key, digest, ...parts(answer))
    }
    return answer
  })
}

const parts = ({ status, body }: Answer) => [status, body] as const

/** The same for any spelling of the same message. */
const digestOf = (what: string, message: unknown): string =>
  createHash('sha256').update(`${what}\n${canonicalJson(message)}`).digest('hex')

function done(
  book: PaymentBook,
  operation: ProviderOperationName,
  id: string,
  message: unknown,
  now: number,
): Answer {
  const { status } = providerOperations[operation]
  const result = effect(book, operation, id, message, now)
  if ('refused' in result) {
    const { refused, ...about } = result
    return refusal(refused, about)
  }
  return answered(status, result)
}

/** The message was checked against the operation's form: that is what makes it one of these. */
function effect(
  book: PaymentBook,
  operation: ProviderOperationName,
  id: string,
  message: unknown,
  now: number,
): object | Refused {
  switch (operation) {
    case 'createHold':
      return book.createHold(message as HoldRequest, now)
    case 'renewHold':
      return book.renewHold(id, message as RenewRequest, now)
    case 'captureHold':
      return book.captureHold(id, message as CaptureRequest, now)
    case 'releaseHold':
      return book.releaseHold(id, now)
    case 'createCharge':
      return book.createCharge(message as ChargeRequest, now)
    case 'createRefund':
      return book.createRefund(message as RefundRequest, now)
    case 'readHold':
    case 'findHolds':
    case 'readCharge':
    case 'findCharges':
      throw new Error(`${operation} changes nothing`)
  }
}
