/**
 * Rail B: a payment provider blocks the buyer's money and moves it when delivery is verified.
 * Speaks the contract of `docs/reference/payment-provider.md`.
 *
 * Keeps nothing and decides nothing: each call is one attempt, and what it says to the provider
 * follows from what it is asked, so that after a crash the same request is the same there.
 */
import type { Charge, Hold, Shares } from '@busbar/protocols/payment-provider'
import type { PaymentRail, RailAnswer, RailRequest } from '../../app/ports/rails.ts'
import {
  amountIn,
  answerOfCharge,
  answerOfHold,
  idIn,
  type Names,
  namesOf,
  type NamingOptions,
} from './money-block-names.ts'
import { type CallTerms, callProvider, refused, unavailable } from './provider-call.ts'

export type MoneyBlockOptions = NamingOptions & CallTerms

type HoldStep = 'renewHold' | 'captureHold' | 'releaseHold'

export class MoneyBlock implements PaymentRail {
  readonly #terms: CallTerms
  readonly #names: Names

  constructor(options: MoneyBlockOptions) {
    this.#terms = options
    this.#names = namesOf(options)
  }

  async reserve(request: RailRequest): Promise<RailAnswer> {
    const step = 'createHold'
    const body = { ...this.#whatIsPaid(request), expiresAt: request.expiresAt }
    const asked = await callProvider(this.#terms, step, { write: { key: request.key, body } })
    if (asked.kind !== 'done') throw unavailable(step, 'a conflict about nothing')
    return answerOfHold(this.#whole(step, asked.answer, request))
  }

  /** `failed` says that the payer's side does not renew; the block stands until `expiresAt`. */
  async renew(request: RailRequest): Promise<RailAnswer> {
    const { answer, declined } = await this.#onHold('renewHold', request, {
      expiresAt: request.expiresAt,
    })
    return declined ? { ...answer, state: 'failed', reason: 'renewal_declined' } : answer
  }

  /** Takes so much of the block, once; the rest is the payer's again. */
  async capture(request: RailRequest): Promise<RailAnswer> {
    const { answer, done } = await this.#onHold('captureHold', request, {
      amountMicros: amountIn(request),
      ...this.#sharesOf(request),
    })
    const isAsAsked = answer.state === 'captured' && answer.amountMicros === request.amountMicros
    if (done && !isAsAsked) throw unavailable('captureHold', 'it did something else')
    return answer
  }

  async release(request: RailRequest): Promise<RailAnswer> {
    return (await this.#onHold('releaseHold', request, {})).answer
  }

  async collect(request: RailRequest): Promise<RailAnswer> {
    const step = 'createCharge'
    const body = { ...this.#whatIsPaid(request), ...this.#sharesOf(request) }
    const asked = await callProvider(this.#terms, step, { write: { key: request.key, body } })
    if (asked.kind !== 'done') throw unavailable(step, 'a conflict about nothing')
    return answerOfCharge(this.#whole(step, asked.answer, request))
  }

  /** `captured` says that so much went back, from the payee to the payer of what was paid. */
  async refund(request: RailRequest): Promise<RailAnswer> {
    const step = 'createRefund'
    const { key, reference, amountMicros } = request
    const of = idIn(request, step, 'hold', 'charge')
    const body = { of, amountMicros: amountIn(request), ...this.#sharesOf(request) }
    const asked = await callProvider(this.#terms, step, { write: { key, body } })
    // Nothing was paid, or nothing is left of it: whatever became of it, nothing goes back.
    if (asked.kind !== 'done') throw refused(step, 'state_conflict')
    const { of: subject, amountMicros: given } = asked.answer
    if (subject !== of || given !== body.amountMicros) {
      throw unavailable(step, 'it did something else')
    }
    return { state: 'captured', reference, amountMicros, expiresAt: null, reason: '' }
  }

  /** As it is now: by its reference, or by the payment's where the rail has given none yet. */
  async look(request: RailRequest): Promise<RailAnswer> {
    const { reference } = request
    if (reference === '') return await this.#find(request)
    const isCharge = reference.startsWith('charge:')
    if (isCharge) {
      const id = idIn(request, 'readCharge', 'charge')
      const asked = await callProvider(this.#terms, 'readCharge', { id })
      if (asked.kind !== 'done') throw unavailable('readCharge', 'a conflict about a question')
      return answerOfCharge(this.#own('readCharge', asked.answer, request, id))
    }
    const id = idIn(request, 'readHold', 'hold')
    const asked = await callProvider(this.#terms, 'readHold', { id })
    if (asked.kind !== 'done') throw unavailable('readHold', 'a conflict about a question')
    return answerOfHold(this.#own('readHold', asked.answer, request, id))
  }

  async #find(request: RailRequest): Promise<RailAnswer> {
    const query = `?reference=${encodeURIComponent(this.#names.reference(request.payment))}`
    const holds = await callProvider(this.#terms, 'findHolds', { query })
    const hold = holds.kind === 'done' ? holds.answer.holds.at(-1) : undefined
    if (hold !== undefined) return answerOfHold(this.#own('findHolds', hold, request, hold.id))
    const charges = await callProvider(this.#terms, 'findCharges', { query })
    const charge = charges.kind === 'done' ? charges.answer.charges.at(-1) : undefined
    if (charge === undefined) throw refused('findCharges', 'not_found')
    return answerOfCharge(this.#own('findCharges', charge, request, charge.id))
  }

  async #onHold(step: HoldStep, request: RailRequest, body: object) {
    const id = idIn(request, step, 'hold')
    const write = { key: request.key, body }
    const asked = await callProvider(this.#terms, step, { id, write })
    const hold = asked.kind === 'done' ? asked.answer : asked.hold
    if (hold === undefined) throw unavailable(step, 'a conflict about something else')
    return {
      answer: answerOfHold(this.#own(step, hold, request, id)),
      done: asked.kind === 'done',
      declined: asked.kind === 'declined',
    }
  }

  #sharesOf({ shares = [] }: RailRequest): { readonly shares?: Shares } {
    if (shares.length === 0) return {}
    const { token } = this.#names
    return {
      shares: shares.map(({ from, to, amountMicros }) => ({
        ...{ payer: token(from), payee: token(to), amountMicros: Number(amountMicros) },
      })),
    }
  }

  #whatIsPaid(request: RailRequest) {
    return {
      amountMicros: amountIn(request),
      payer: this.#names.token(request.payer),
      payee: this.#names.token(request.payee),
      reference: this.#names.reference(request.payment),
    }
  }

  #whole<Paid extends Hold | Charge>(step: string, paid: Paid, request: RailRequest): Paid {
    if (paid.amountMicros !== amountIn(request)) throw unavailable(step, 'it is of another amount')
    return this.#own(step, paid, request, paid.id)
  }

  /** An answer about somebody else's money is no answer. */
  #own<Paid extends Hold | Charge>(
    step: string,
    paid: Paid,
    { payment, payer, payee }: RailRequest,
    id: string,
  ): Paid {
    const isOwn =
      paid.id === id &&
      paid.reference === this.#names.reference(payment) &&
      paid.payer === this.#names.token(payer) &&
      paid.payee === this.#names.token(payee)
    if (isOwn) return paid
    throw unavailable(step, 'the answer is about something else')
  }
}
