import { isHeld, type Payment } from '../../payments/index.ts'
import { assert } from '../../errors/index.ts'
import { Micros } from '../../units/index.ts'
import { type Duty, performDue, plan } from './agenda.ts'
import { collect } from './collection.ts'
import { bookDues } from './dues.ts'
import { passDeadline } from './enforcement.ts'
import { participantOf } from '../lookups.ts'
import { raiseNettings } from './netting.ts'
import { accepted, type Applied, type Effect } from '../outcome.ts'
import { releaseBeyond, reserveWithinReach } from './outside-holds.ts'
import { holdLost, paymentMissed, terminate } from './payment-failures.ts'
import { movePayment, paymentChanged } from './payment-moves.ts'
import { reject, type Rejected } from '../rejection.ts'
import type { State } from '../state.ts'
import type { TradeInstructionContent } from '../trading/trade-command.ts'
import { agreedTrade, contractOf, tradeRulesOf } from '../trading/trade-rules.ts'

export { paymentsDue } from './agenda.ts'
export { recordPayment } from './payment-words.ts'

/**
 * Does what is due for payments and defaults: asks for what trades owe, sets aside what comes
 * within reach, renews, notices what is late, takes the next step of ladders, and nets retailers.
 */
export function tendPayments(state: State, at: number, sequence: number): Applied | Rejected {
  const { trading } = state
  const raisedBefore = trading.lastPayment
  const effects: Effect[] = []
  let performed = 0
  performDue(state, at, (duty, number) => {
    performed += 1
    effects.push(...perform(state, at, sequence, duty, number))
  })
  if (performed === 0) return reject('nothing_to_tend')
  const changed = [...trading.payments.values()].filter((one) => one.sequence === sequence)
  const raised = trading.lastPayment - raisedBefore
  const result = { kind: 'payments_tended', raised, moved: changed.length - raised } as const
  return accepted(sequence, result, [...changed.map(paymentChanged), ...effects])
}

function perform(
  state: State,
  at: number,
  sequence: number,
  duty: Duty,
  number: number,
): Effect[] {
  switch (duty) {
    case 'collect':
      return collect(state, at, sequence, number)
    case 'reserve':
      return reserve(state, at, sequence, number)
    case 'review':
      releaseBeyond(state, sequence, agreedTrade(state, number))
      return []
    case 'step':
      return passDeadline(state, at, sequence, number)
    case 'netting':
      return raiseNettings(state, at, sequence)
    default: {
      const payment = state.trading.payments.get(number)
      assert(payment !== undefined, 'what is on the agenda is known')
      return performFor(state, at, sequence, duty, payment)
    }
  }
}

function performFor(
  state: State,
  at: number,
  sequence: number,
  duty: Extract<Duty, 'renew' | 'lapse' | 'overdue' | 'resume'>,
  payment: Payment,
): Effect[] {
  switch (duty) {
    case 'renew':
      if (payment.state === 'reserved') movePayment(state, sequence, payment, 'renew')
      return []
    case 'lapse':
      if (!isHeld(payment)) return []
      movePayment(state, sequence, payment, 'lapse')
      return holdLost(state, at, sequence, payment, 'renewal_failed')
    case 'resume':
      if (payment.state === 'postponed') movePayment(state, sequence, payment, 'resume')
      return []
    case 'overdue':
      return paymentMissed(state, at, sequence, payment, 'payment_overdue')
  }
}

function reserve(state: State, at: number, sequence: number, number: number): Effect[] {
  const trade = agreedTrade(state, number)
  if (trade.status !== 'agreed') return []
  const lacking = reserveWithinReach(state, at, sequence, trade)
  if (lacking === undefined) return []
  const { seller, buyer } = contractOf(trade)
  return terminate(state, at, sequence, lacking.from, {
    account: lacking.payer,
    creditor: lacking.payer === buyer ? seller : buyer,
    trade: number,
    payment: null,
    cause: 'reservation_failed',
    amount: lacking.lacking,
  })
}

/**
 * Gives the payer of what is due, and not late yet, another term, for a fee to who waits: it is
 * owed by the trade like all else, and asked for with that.
 */
export function postponePayment(
  state: State,
  at: number,
  sequence: number,
  by: number,
  content: TradeInstructionContent['postpone_payment'],
): Applied | Rejected {
  if (participantOf(state, by) === undefined) return reject('account_unknown', 'account')
  const payment = state.trading.payments.get(content.payment)
  if (payment === undefined) return reject('payment_unknown', 'payment')
  if (payment.payer !== by) return reject('party_foreign', 'payment')
  const { dueAt, trade, payee } = payment
  if (payment.state !== 'capturing' || dueAt === null || at >= dueAt) {
    return reject('payment_not_awaited', 'payment', 'one that is due, and not late')
  }
  const rules = tradeRulesOf(state, trade)
  const { postponementsMax, postponementMicros, paymentTermSeconds } = rules
  if (payment.postponements >= postponementsMax) {
    return reject('postponement_exceeded', 'payment', `at most ${postponementsMax}`)
  }
  movePayment(state, sequence, payment, 'postpone')
  payment.postponements += 1
  payment.dueAt = dueAt + paymentTermSeconds * 1_000
  plan(state, 'resume', payment.payment, dueAt)
  plan(state, 'overdue', payment.payment, payment.dueAt)
  const fee = Micros.from(BigInt(postponementMicros))
  if (fee > 0n) {
    bookDues(state, trade, [
      { account: by, amount: Micros.negate(fee) },
      { account: payee, amount: fee },
    ])
  }
  const result = {
    kind: 'payment_recorded',
    payment: payment.payment,
    state: payment.state,
  } as const
  return accepted(sequence, result, [paymentChanged(payment)])
}
