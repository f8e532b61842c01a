import type { State } from '@busbar/core/exchange'
import { isOver, type OutsideRail, type Payment } from '@busbar/core/payments'
import type { PaymentRail, RailAnswer, RailRequest } from '../ports/rails.ts'

/** What a payment's state asks of its rail. */
export type RailAction = keyof PaymentRail

export type RailCall = { readonly action: RailAction; readonly request: RailRequest }

const dayMs = 86_400_000

/** How long a payment provider is asked to keep money set aside; it is renewed before that. */
const holdMs = 7 * dayMs

/**
 * What is to be asked of a payment's rail now; undefined where nothing is. A function of the state
 * alone: after a restart the same is asked again, with the same key, and has its effect once.
 *
 * Of a bill that is presented the network tells by itself; it is looked at so that nothing depends
 * on being told.
 */
export function railCallFor(payment: Payment, from: Payment | undefined): RailCall | undefined {
  if (payment.rail === 'prepaid' || isOver(payment)) return undefined
  const isAsked = payment.reference !== ''
  switch (payment.state) {
    case 'reserving':
      return call('reserve', payment, payment.reservedMicros, payment.createdAt + holdMs)
    case 'renewing':
      return call('renew', payment, payment.reservedMicros, (payment.expiresAt ?? 0) + holdMs)
    case 'capturing':
    case 'postponed':
      if (payment.reservedMicros > 0n) return call('capture', payment, payment.amount)
      if (from !== undefined && from.reference !== '') {
        return call('refund', { ...payment, reference: from.reference }, payment.amount)
      }
      return call(isAsked ? 'look' : 'collect', payment, payment.amount)
    case 'releasing':
      return call('release', payment, payment.reservedMicros)
    default:
      return undefined
  }
}

function call(
  action: RailAction,
  payment: Payment,
  amountMicros: bigint,
  expiresAt = payment.expiresAt ?? 0,
): RailCall {
  const { payment: number, payer, payee, reference, dueAt } = payment
  // What is asked for is part of the key: another amount or another end is another request.
  const key = `payment/${number}/${action}/${amountMicros}/${action === 'renew' ? expiresAt : 0}`
  const who = { payment: number, payer, payee, reference }
  return { action, request: { key, ...who, amountMicros, dueAt: dueAt ?? 0, expiresAt } }
}

/** What is journalled of an answer; undefined where it says nothing new. */
export function wordOf(
  payment: Payment,
  { action }: RailCall,
  answer: RailAnswer,
): RecordPayment | undefined {
  const { reference, reason, expiresAt } = answer
  const word = (state: RecordPayment['state'], amount: bigint): RecordPayment => ({
    kind: 'record_payment',
    payment: payment.payment,
    state,
    reference,
    amountMicros: Number(amount),
    expiresAt: state === 'reserved' ? expiresAt : null,
    reason,
  })
  switch (answer.state) {
    case 'pending':
      return undefined
    case 'reserved':
      // A block that stands while the money is asked for is not the answer yet.
      return action === 'reserve' || action === 'renew'
        ? word('reserved', payment.reservedMicros)
        : undefined
    case 'captured':
      return word('captured', payment.amount)
    case 'released':
    case 'expired':
    case 'failed':
      return word(answer.state, answer.amountMicros)
  }
}

export type RecordPayment = {
  readonly kind: 'record_payment'
  readonly payment: number
  readonly state: 'reserved' | 'captured' | 'released' | 'expired' | 'failed'
  readonly reference: string
  readonly amountMicros: number
  readonly expiresAt: number | null
  readonly reason: string
}

/** The rails that any payment of the state still needs. */
export function railsInUse(state: State): ReadonlySet<OutsideRail> {
  const rails = new Set<OutsideRail>()
  for (const payment of state.trading.payments.values()) {
    if (!isOver(payment)) rails.add(payment.rail)
  }
  return rails
}
