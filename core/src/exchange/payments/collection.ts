import {
  isHeld,
  type OutsideRail,
  type Payment,
  type PlannedPayment,
  planPayments,
  portion,
  refundable,
  splitRefund,
  withoutPart,
} from '../../payments/index.ts'
import { firstParticipantAccount } from '../../registry/index.ts'
import { type Trade, windowEnd } from '../../trades/index.ts'
import { Micros } from '../../units/index.ts'
import { plan } from './agenda.ts'
import { endCarried, isByBill, takeBills } from './billing.ts'
import { intervalMilliseconds } from '../lookups.ts'
import type { Effect } from '../outcome.ts'
import { isOutside, letGo } from './outside-holds.ts'
import { awaitsRun, collectableUntil, collectionTime, cycleEnd } from './payment-cycles.ts'
import { movePayment, paymentsOfTrade, raisePayment } from './payment-moves.ts'
import { settlePayment } from './payment-words.ts'
import { hasPrepaid } from './prepaid.ts'
import type { State } from '../state.ts'
import { freeCollateral } from '../trading/trade-collateral.ts'
import { agreedTrade, contractOf, rulesFor } from '../trading/trade-rules.ts'

/**
 * Asks for what a trade owes at the end of a cycle: from what is set aside for it first, and the
 * rest at once. What is set aside and not needed is let go.
 */
export function collect(state: State, at: number, sequence: number, number: number): Effect[] {
  const trade = agreedTrade(state, number)
  const terms = contractOf(trade)
  if (!isOutside(terms)) return []
  const { collectionIntervals: cycle } = rulesFor(state, terms)
  const until = collectableUntil(state, at, terms, cycle)
  const holds = paymentsOfTrade(state, number).filter(
    (payment) =>
      payment.untilInterval <= until && (isHeld(payment) || payment.state === 'reserving'),
  )
  const oldest = Math.min(until - cycle, ...holds.map(({ fromInterval }) => fromInterval))
  if (awaitsRun(state, number, oldest, until)) {
    plan(state, 'collect', number, at + intervalMilliseconds(state))
    return []
  }
  const owed = state.trading.owed.get(number) ?? new Map<number, Micros>()
  state.trading.owed.delete(number)
  const effects: Effect[] = []
  if (isByBill(terms)) {
    for (const bill of takeBills(state, number, terms, owed)) {
      effects.push(...askAtOnce(state, at, sequence, trade, terms.rail, bill))
    }
  } else {
    for (const planned of planPayments(owed, terms.seller, terms.buyer)) {
      effects.push(...ask(state, at, sequence, trade, terms.rail, planned, holds))
    }
  }
  const isDone = until >= windowEnd(terms) || until >= trade.endsAt
  if (isDone && isByBill(terms)) endCarried(state, sequence, number, terms)
  for (const payment of holds) {
    if (isHeld(payment) || payment.state === 'reserving') letGo(state, sequence, payment)
  }
  freeCollateral(state, number)
  if (!isDone) {
    const end = cycleEnd(terms, cycle, Math.max(until, terms.fromInterval))
    plan(state, 'collect', number, collectionTime(state, end))
  }
  return effects
}

function ask(
  state: State,
  at: number,
  sequence: number,
  trade: Trade,
  rail: OutsideRail,
  planned: PlannedPayment,
  holds: readonly Payment[],
): Effect[] {
  const effects: Effect[] = []
  let rest = planned
  for (const payment of holds) {
    if (!isHeld(payment) || payment.payer !== rest.payer || rest.amount === 0n) continue
    const amount = Micros.min(payment.reservedMicros, rest.amount)
    const legs = portion(rest, amount)
    const left = Micros.subtract(rest.amount, amount)
    rest = { ...rest, legs: withoutPart(rest.legs, legs), amount: left }
    payment.amount = amount
    payment.legs = legs
    movePayment(state, sequence, payment, 'capture')
    effects.push(...debit(state, at, sequence, payment))
  }
  const from = refundable(paymentsOfTrade(state, trade.trade), rest.payee)
  for (const { refundOf, amount } of splitRefund(from, rest.amount)) {
    const legs = portion(rest, amount)
    const part = { ...rest, legs, amount, refundOf }
    rest = { ...rest, legs: withoutPart(rest.legs, legs) }
    effects.push(...askAtOnce(state, at, sequence, trade, rail, part))
  }
  return effects
}

/** Asks for money that nothing was set aside for. */
function askAtOnce(
  state: State,
  at: number,
  sequence: number,
  trade: Trade,
  rail: OutsideRail,
  part: PlannedPayment & { readonly refundOf: number | null },
): Effect[] {
  const { paymentTermSeconds } = rulesFor(state, contractOf(trade))
  // The exchange gives back its own fees, and is not late with them.
  const isDue = part.payer >= firstParticipantAccount
  const payment = raisePayment(state, at, sequence, 'capturing', {
    ...part,
    ...{ trade: trade.trade, rail, reservedMicros: Micros.zero, fromInterval: 0, untilInterval: 0 },
    dueAt: isDue ? at + paymentTermSeconds * 1_000 : null,
  })
  if (payment.dueAt !== null) plan(state, 'overdue', payment.payment, payment.dueAt)
  return debit(state, at, sequence, payment)
}

/** Pays at once from prepaid balances, as far as they have it. */
export function debit(state: State, at: number, sequence: number, payment: Payment): Effect[] {
  const { rail } = payment
  if (rail !== 'prepaid' || payment.state !== 'capturing' || !hasPrepaid(state, payment)) return []
  movePayment(state, sequence, payment, 'captured')
  return settlePayment(state, at, payment)
}
