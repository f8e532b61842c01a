/**
 * Rail D: a bill-payment network presents what is owed as a bill to the payer, and brings the money
 * to those whose it is. D1: the seller is the biller. D2: the platform is. Speaks the contract of
 * `docs/reference/bill-presentment.md`.
 *
 * Bills set no money aside: a payment is collected, and until it is paid it is `pending`, with the
 * reason `overdue` after its due date. All that is asked for is in whole cents.
 *
 * Keeps nothing but who is known to be a biller. The same request is the same message.
 */
import { randomUUID } from 'node:crypto'
import {
  type BillAnswer,
  type BillStatus,
  microsPerCent,
  type NamedBill,
} from '@busbar/protocols/bill-presentment'
import type { PaymentRail, RailAnswer, RailRequest } from '../../app/ports/rails.ts'
import {
  answerOfBill,
  type BillNaming,
  billOf,
  partyName,
  sharesFor,
  termsFor,
} from './bill-names.ts'
import { asked, type NetworkTerms, rail } from './bill-network-call.ts'
import { refused, unavailable } from './rail-http.ts'

export type BillPresentmentOptions = NetworkTerms & BillNaming

export class BillPresentment implements PaymentRail {
  readonly #options: BillPresentmentOptions
  readonly #billers = new Set<string>()

  constructor(options: BillPresentmentOptions) {
    this.#options = options
  }

  async reserve(_request: RailRequest): Promise<RailAnswer> {
    throw refused(rail, 'reserve', 'bills set no money aside')
  }

  async renew(_request: RailRequest): Promise<RailAnswer> {
    throw refused(rail, 'renew', 'bills set no money aside')
  }

  async capture(_request: RailRequest): Promise<RailAnswer> {
    throw refused(rail, 'capture', 'bills set no money aside')
  }

  async collect(request: RailRequest): Promise<RailAnswer> {
    const step = 'present-bill'
    const terms = termsFor(this.#options, step, request)
    await this.#register(terms.biller)
    const answer = await asked(this.#options, request.key, { kind: step, terms })
    const { code, status } = answer
    if (code === 'payer_unknown') {
      return { state: 'failed', reference: '', amountMicros: 0n, expiresAt: null, reason: code }
    }
    if (code !== 'ok') throw refused(rail, step, code)
    return answerOfBill(this.#own(step, status, request, terms))
  }

  /** Takes the bill back, if it is not paid. */
  async release(request: RailRequest): Promise<RailAnswer> {
    const step = 'cancel-bill'
    const bill = billOf(this.#options, step, request)
    const answer = await asked(this.#options, request.key, { kind: step, ...bill, note: '' })
    if (!['ok', 'bill_paid', 'bill_closed'].includes(answer.code)) throw this.#no(step, answer)
    return answerOfBill(this.#own(step, answer.status, request, bill))
  }

  /** `captured` says that so much went back, from those who got it. */
  async refund(request: RailRequest): Promise<RailAnswer> {
    const step = 'refund-bill'
    const bill = billOf(this.#options, step, request)
    const { amountCents, shares } = sharesFor(this.#options, step, request)
    const body = { kind: step, ...bill, amountCents, shares } as const
    const answer = await asked(this.#options, request.key, body)
    if (answer.code !== 'ok') throw this.#no(step, answer)
    const { reference, state } = answerOfBill(this.#own(step, answer.status, request, bill))
    const amountMicros = amountCents * microsPerCent
    return { state, reference, amountMicros, expiresAt: null, reason: '' }
  }

  /** As it is now. */
  async look(request: RailRequest): Promise<RailAnswer> {
    const step = 'fetch-bill'
    const bill = billOf(this.#options, step, request)
    // A question has no effect and is new each time.
    const answer = await asked(this.#options, `look.${randomUUID()}`, { kind: step, ...bill })
    if (answer.code !== 'ok') throw this.#no(step, answer)
    return answerOfBill(this.#own(step, answer.status, request, bill))
  }

  async #register(biller: string): Promise<void> {
    if (this.#billers.has(biller)) return
    const step = 'register-biller'
    const body = { kind: step, biller, name: biller } as const
    const { code } = await asked(this.#options, `biller.${biller}`.slice(0, 100), body)
    if (code !== 'ok') throw refused(rail, step, code)
    this.#billers.add(biller)
  }

  #no = (step: string, { code }: BillAnswer): Error =>
    refused(rail, step, code === 'bill_unknown' || code === 'biller_unknown' ? 'not_found' : code)

  /** An answer about another bill is none. */
  #own(
    step: string,
    status: BillStatus | null,
    request: RailRequest,
    { biller, bill }: NamedBill,
  ): BillStatus {
    const payer = partyName(this.#options, request.payer)
    const isOwn = status?.biller === biller && status.bill === bill && status.payer === payer
    if (isOwn && status.currency === this.#options.currency) return status
    throw unavailable(rail, step, 'the answer is about something else')
  }
}
