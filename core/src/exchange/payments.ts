import type { Applied } from './outcome.ts'
import { reject, type Rejected } from './rejection.ts'
import type { State } from './state.ts'
import type { TradeInstructionContent, TradeSystemCommand } from './trade-command.ts'

export const tendPayments = (_s: State, _at: number, _q: number): Applied | Rejected =>
  reject('nothing_to_tend')
export const recordPayment = (
  _s: State,
  _at: number,
  _q: number,
  _c: Extract<TradeSystemCommand, { kind: 'record_payment' }>,
): Applied | Rejected => reject('payment_unknown')

type Content = TradeInstructionContent

export const recordRecovery = (
  _s: State, _at: number, _q: number, _by: number, _c: Content['record_recovery'],
): Applied | Rejected => reject('default_unknown')
export const topUpPrepaid = (
  _s: State, _q: number, _by: number, _c: Content['top_up_prepaid'],
): Applied | Rejected => reject('account_unknown')
export const postponePayment = (
  _s: State, _at: number, _q: number, _by: number, _c: Content['postpone_payment'],
): Applied | Rejected => reject('payment_unknown')

export const paymentsDue = (_s: State, _at: number): boolean => false
