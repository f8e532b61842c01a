import type { KeyObject } from 'node:crypto'
import { Fault } from '@busbar/core/errors'
import { type BillNotice, microsPerCent } from '@busbar/protocols/bill-presentment'
import type { RailDelivery, RailDoor, RailNews, RailNotice } from '../../app/ports/rail-notices.ts'
import { answerOfBill, type BillNaming, paymentIn } from './bill-names.ts'
import { messageIn } from './bill-signature.ts'

export type BillDoorOptions = BillNaming & {
  readonly institution: string
  readonly network: string
  readonly networkKey: KeyObject
}

/**
 * Where the notices of the bill network come in: believes those that it signed for this market.
 * Each carries all of its bill, so the same one twice, or an old one late, says nothing new: who
 * takes them goes by their sequence.
 */
export class BillDoor implements RailDoor {
  readonly #options: BillDoorOptions

  constructor(options: BillDoorOptions) {
    this.#options = options
  }

  receive({ body }: RailDelivery): RailNews {
    const { network: sender, institution: receiver, networkKey } = this.#options
    try {
      const { messageId: event, body: told } = messageIn(body, networkKey, { sender, receiver })
      if (!('status' in told) || told.kind === 'answer') {
        return { kind: 'refused', status: 400, reason: 'notice_malformed' }
      }
      const { status } = told
      const payment = paymentIn(this.#options, status.bill)
      if (payment === undefined) return { kind: 'ignored', why: 'foreign' }
      return {
        kind: 'notice',
        notice: noticeOf(event, payment, told),
        handled: () => undefined,
      }
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      const status = error.code === 'BILL_MESSAGE_INVALID' ? 400 : 401
      return { kind: 'refused', status, reason: error.code }
    }
  }
}

/** Of a refund the amount is all that has gone back of the bill by then. */
function noticeOf(event: string, payment: number, { kind, status }: BillNotice): RailNotice {
  const { sequence, refundedCents } = status
  const answer = answerOfBill(status)
  if (kind !== 'bill-refunded') return { event, payment, about: 'payment', sequence, answer }
  const amountMicros = refundedCents * microsPerCent
  return { event, payment, about: 'refund', sequence, answer: { ...answer, amountMicros } }
}
