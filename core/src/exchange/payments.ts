import type { Applied } from './outcome.ts'
import { reject, type Rejected } from './rejection.ts'
import type { State } from './state.ts'
import type { TradeSystemCommand } from './trade-command.ts'

export const tendPayments = (_s: State, _at: number, _q: number): Applied | Rejected =>
  reject('nothing_to_tend')
export const recordPayment = (
  _s: State,
  _at: number,
  _q: number,
  _c: Extract<TradeSystemCommand, { kind: 'record_payment' }>,
): Applied | Rejected => reject('payment_unknown')
