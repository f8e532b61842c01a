import { assert } from '../../errors/index.ts'
import {
  isHeld,
  isOver,
  nextPaymentState,
  type Payment,
  type PaymentMove,
  type RailWord,
} from '../../payments/index.ts'
import { Micros } from '../../units/index.ts'
import { unplan } from './agenda.ts'
import type { Effect } from '../outcome.ts'
import type { State } from '../state.ts'

type New = Pick<
  Payment,
  'trade' | 'rail' | 'payer' | 'payee' | 'fromInterval' | 'untilInterval' | 'reservedMicros'
> &
  Partial<Pick<Payment, 'amount' | 'legs' | 'refundOf' | 'dueAt'>>

/** Opens a payment in its first state. */
export function raisePayment(
  state: State,
  at: number,
  sequence: number,
  first: 'reserving' | 'reserved' | 'capturing',
  wanted: New,
): Payment {
  const { trading } = state
  trading.lastPayment += 1
  const payment: Payment = {
    payment: trading.lastPayment,
    amount: Micros.zero,
    legs: [],
    moved: Micros.zero,
    refundOf: null,
    dueAt: null,
    ...wanted,
    state: first,
    reference: '',
    expiresAt: null,
    renewAt: null,
    postponements: 0,
    default: null,
    reason: '',
    createdAt: at,
    sequence,
  }
  trading.payments.set(payment.payment, payment)
  const own = trading.paymentsOf.get(payment.trade)
  if (own === undefined) trading.paymentsOf.set(payment.trade, [payment.payment])
  else own.push(payment.payment)
  if (payment.rail === 'prepaid' && isHeld(payment)) hold(state, payment, payment.reservedMicros)
  return payment
}

/** Moves a payment by the table: the caller has made sure that the move is in it. */
export function movePayment(
  state: State,
  sequence: number,
  payment: Payment,
  word: RailWord | PaymentMove,
): void {
  const next = nextPaymentState(payment.state, word)
  assert(next !== undefined, 'a payment moves by the table')
  const wasHeld = isHeld(payment)
  payment.state = next
  payment.sequence = sequence
  if (wasHeld && !isHeld(payment)) {
    unplan(state, payment.payment, 'renew', 'lapse')
    if (payment.rail === 'prepaid') hold(state, payment, -payment.reservedMicros)
  }
  if (next !== 'postponed') unplan(state, payment.payment, 'resume')
  if (isOver(payment) || next === 'releasing') unplan(state, payment.payment, 'overdue')
}

function hold(state: State, { payer }: Payment, change: bigint): void {
  const { prepaidHeld } = state.trading
  const after = (prepaidHeld.get(payer) ?? 0n) + change
  assert(after >= 0n, 'what is set aside is not negative')
  if (after === 0n) prepaidHeld.delete(payer)
  else prepaidHeld.set(payer, Micros.from(after))
}

export const paymentsOfTrade = (state: State, trade: number): Payment[] =>
  (state.trading.paymentsOf.get(trade) ?? []).flatMap(
    (number) => state.trading.payments.get(number) ?? [],
  )

export const paymentChanged = ({ payment, state }: Payment): Effect => ({
  kind: 'payment_changed',
  payment,
  state,
})

/** The payments of a trade that one command has opened or moved, for the world to be told. */
export const paymentsMoved = (state: State, trade: number, sequence: number): Effect[] =>
  paymentsOfTrade(state, trade)
    .filter((payment) => payment.sequence === sequence)
    .map(paymentChanged)
