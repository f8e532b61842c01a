import {
  Inbox,
  type ProviderEvent,
  signatureHeader,
  type SignatureTerms,
} from '@busbar/protocols/payment-provider'
import type { RailDelivery, RailDoor, RailNews, RailNotice } from '../../app/ports/rail-notices.ts'
import type { RailAnswer } from '../../app/ports/rails.ts'
import {
  answerOfCharge,
  answerOfHold,
  type Names,
  namesOf,
  type NamingOptions,
} from './money-block-names.ts'

export type DoorOptions = NamingOptions & SignatureTerms

/** Where the provider's webhooks come in: believes those that it signed, each once. */
export class MoneyBlockDoor implements RailDoor {
  readonly #inbox: Inbox
  readonly #names: Names

  constructor(options: DoorOptions) {
    this.#inbox = new Inbox(options)
    this.#names = namesOf(options)
  }

  receive({ headers, body }: RailDelivery, now: number): RailNews {
    const delivery = this.#inbox.receive({ header: headers[signatureHeader], body }, now)
    if (delivery.kind === 'known') return { kind: 'ignored', why: 'known' }
    if (delivery.kind === 'refused') {
      const { reason } = delivery
      const status = reason === 'inbox_full' ? 503 : reason === 'event_malformed' ? 400 : 401
      return { kind: 'refused', status, reason }
    }
    const { event } = delivery
    const payment = this.#names.payment(event.data.reference)
    if (payment === undefined) return { kind: 'ignored', why: 'foreign' }
    return {
      kind: 'notice',
      notice: noticeOf(event, payment),
      handled: () => this.#inbox.handled(delivery),
    }
  }
}

function noticeOf(event: ProviderEvent, payment: number): RailNotice {
  const about = event.about === 'refund' ? 'refund' : 'payment'
  return { event: event.id, payment, about, sequence: event.sequence, answer: answerIn(event) }
}

function answerIn(event: ProviderEvent): RailAnswer {
  switch (event.about) {
    case 'hold':
      return answerOfHold(event.data)
    case 'charge':
      return answerOfCharge(event.data)
    case 'refund': {
      const reference = `${event.data.kind}:${event.subject}`
      const amountMicros = BigInt(event.data.amountMicros)
      return { state: 'captured', reference, amountMicros, expiresAt: null, reason: '' }
    }
  }
}
