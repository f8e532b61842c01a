import { type Default, isStanding } from '../../credit/index.ts'
import { isOver, type Payment } from '../../payments/index.ts'
import { firstParticipantAccount } from '../../registry/index.ts'
import { Micros } from '../../units/index.ts'
import { returnToOwed, unmovedLegs } from './dues.ts'
import { cure, defaultChanged, type DefaultCause, openDefault } from './enforcement.ts'
import { intervalMilliseconds } from '../lookups.ts'
import type { Effect } from '../outcome.ts'
import { letGo } from './outside-holds.ts'
import { paymentChanged } from './payment-moves.ts'
import { releaseBeyondEnd } from '../trading/reservations.ts'
import type { State } from '../state.ts'
import { drawCollateral, freeCollateral } from '../trading/trade-collateral.ts'
import { agreedTrade, tradeRulesOf } from '../trading/trade-rules.ts'
import { cutShort } from '../trading/trade-end.ts'

/**
 * Money that a trade needs set aside is not, or no longer: the trade ends at the next gate, before
 * anything of it is delivered that nobody pays for, and who lacks it has defaulted. Where all that
 * it stood for is behind the gate, what is owed is asked for without it.
 */
export function holdLost(
  state: State,
  at: number,
  sequence: number,
  payment: Payment,
  cause: Extract<DefaultCause['cause'], 'reservation_failed' | 'renewal_failed'>,
): Effect[] {
  const first = Math.max(payment.fromInterval, state.clearedThrough + 1)
  if (first >= payment.untilInterval) return []
  const { payer, payee, trade, payment: number, reservedMicros } = payment
  return terminate(state, at, sequence, first, {
    ...{ account: payer, creditor: payee, trade, payment: number, cause },
    amount: reservedMicros,
  })
}

/** Ends a trade from an interval on, for money that was not set aside. */
export function terminate(
  state: State,
  at: number,
  sequence: number,
  from: number,
  cause: DefaultCause,
): Effect[] {
  const trade = agreedTrade(state, cause.trade)
  if (trade.status !== 'agreed' || from >= trade.endsAt) return []
  const cut = cutShort(trade, from, 'terminated', cause.cause)
  releaseBeyondEnd(state, trade)
  return [cut, ...openDefault(state, at, sequence, cause)]
}

/** What was asked for was not paid in time, or will not be. It stays owed. */
export function paymentMissed(
  state: State,
  at: number,
  sequence: number,
  payment: Payment,
  cause: Extract<DefaultCause['cause'], 'payment_failed' | 'payment_overdue'>,
): Effect[] {
  // The one before stands: who is overdue does not default again because the rail gives up.
  if (payment.default !== null) return []
  const { payer, payee, trade, payment: number } = payment
  if (payer < firstParticipantAccount) {
    // The exchange defaults on nobody: it tries again with what else is owed.
    const { collectionIntervals } = tradeRulesOf(state, trade)
    const again = at + collectionIntervals * intervalMilliseconds(state)
    if (isOver(payment)) returnToOwed(state, payment, again)
    return []
  }
  // What the exchange and a platform give back with it is not the debtor's.
  const own = unmovedLegs(payment).find(({ account }) => account === payer)?.amount ?? Micros.zero
  const effects = openDefault(state, at, sequence, {
    ...{ account: payer, creditor: payee, trade, payment: number, cause },
    amount: Micros.negate(own),
  })
  const one = state.trading.defaults.get(payment.default ?? 0)
  if (one === undefined) return effects
  const drawn = drawCollateral(state, one, payment, sequence)
  if (drawn === 0n) return effects
  return [...effects, ...recovered(state, at, sequence, one, payment, drawn)]
}

/**
 * Notes what has come in on another way than by the rail, which is no longer asked for it. All of
 * it cures the default.
 */
export function recovered(
  state: State,
  at: number,
  sequence: number,
  one: Default,
  payment: Payment,
  amount: Micros,
): Effect[] {
  const effects: Effect[] = []
  if (payment.state === 'capturing') {
    letGo(state, sequence, payment)
    effects.push(paymentChanged(payment))
  }
  one.recovered = Micros.add(one.recovered, amount)
  if (one.recovered < one.amount) return [...effects, defaultChanged(one)]
  effects.push(...cure(state, at, one))
  if (isOver(payment)) withdrawn(state, at, payment)
  freeCollateral(state, one.trade)
  return effects
}

/** Cures the default that a payment is in, if it is in one. */
export function cureOf(state: State, at: number, payment: Payment): Effect[] {
  const one = payment.default === null ? undefined : state.trading.defaults.get(payment.default)
  return one === undefined || !isStanding(one) ? [] : cure(state, at, one)
}

/** What is left of a payment that was let go, and that no default claims, is asked for anew. */
export function withdrawn(state: State, at: number, payment: Payment): void {
  const isClaimed = payment.default !== null
  if (!isClaimed && unmovedLegs(payment).length > 0) returnToOwed(state, payment, at)
}
