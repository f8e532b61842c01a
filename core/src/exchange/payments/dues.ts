import { assert } from '../../errors/index.ts'
import {
  debtsIn,
  type Flow,
  type Leg,
  type Payment,
  portion,
  withoutPart,
} from '../../payments/index.ts'
import type { Posting } from '../../ledger/index.ts'
import { Micros } from '../../units/index.ts'
import { isPlanned, plan, planBy } from './agenda.ts'
import { intervalMilliseconds } from '../lookups.ts'
import type { State } from '../state.ts'
import { tradeRulesOf } from '../trading/trade-rules.ts'

/*
 * Money that trades owe outside of the ledger, in double entry: what is booked for a trade sums to
 * zero, and so does what a payment moves. At any time an account's due is what no payment asks for
 * yet, what payments ask for and have not moved, and what is carried below a cent of bills.
 */

/**
 * Books what a trade owes outside of the ledger. It is asked for at the end of the trade's cycle; a
 * correction of a trade that has ended, one cycle after it was booked, with what else changes.
 */
export function bookDues(state: State, trade: number, net: readonly Posting[]): void {
  addToDues(state, net)
  addToOwed(state, trade, net)
  if (state.trading.owed.has(trade)) planCollection(state, trade)
}

/** Sees to it that a trade is looked at once more, one cycle from now at the latest. */
export function planCollection(state: State, trade: number): void {
  if (isPlanned(state, 'collect', trade)) return
  const { collectionIntervals } = tradeRulesOf(state, trade)
  plan(state, 'collect', trade, state.at + collectionIntervals * intervalMilliseconds(state))
}

function addToDues(state: State, net: readonly Posting[]): void {
  const { dues } = state.trading
  let sum = 0n
  for (const { account, amount } of net) {
    sum += amount
    const after = (dues.get(account) ?? 0n) + amount
    if (after === 0n) dues.delete(account)
    else dues.set(account, Micros.from(after))
  }
  assert(sum === 0n, 'what a trade owes sums to zero')
}

function addToOwed(state: State, trade: number, net: readonly Posting[]): void {
  const owed = state.trading.owed.get(trade) ?? new Map<number, Micros>()
  for (const { account, amount } of net) {
    const after = (owed.get(account) ?? 0n) + amount
    if (after === 0n) owed.delete(account)
    else owed.set(account, Micros.from(after))
  }
  if (owed.size === 0) state.trading.owed.delete(trade)
  else state.trading.owed.set(trade, owed)
}

/** What of a payment has not reached those who receive. */
export const unmovedLegs = (payment: Payment): Leg[] =>
  withoutPart(payment.legs, portion(payment, payment.moved))

/** Moves the next `amount` of what a payment asks for, on whichever way, and says what that was. */
export function moveDues(state: State, payment: Payment, amount: Micros): Leg[] {
  const before = portion(payment, payment.moved)
  payment.moved = Micros.add(payment.moved, amount)
  const part = withoutPart(portion(payment, payment.moved), before)
  addToDues(state, negated(part))
  return part
}

/**
 * Moves all that a payment asks for, because its rail has. What had come in before on another way
 * was then paid twice: it is owed back, and asked for like all that is owed.
 */
export function moveCaptured(state: State, payment: Payment): readonly Leg[] {
  const twice = portion(payment, payment.moved)
  payment.moved = payment.amount
  addToDues(state, negated(payment.legs))
  addToOwed(state, payment.trade, negated(twice))
  if (twice.length > 0) planBy(state, 'collect', payment.trade, state.at)
  return payment.legs
}

/** What was due goes from one to another on another way than by a payment. */
export function moveFlow(state: State, { from, to, amount }: Flow): void {
  addToDues(state, [
    { account: from, amount },
    { account: to, amount: Micros.negate(amount) },
  ])
}

/** Gives up a payment: what it has not moved is owed as before, and asked for anew, by `at`. */
export function returnToOwed(state: State, payment: Payment, at: number): void {
  addToOwed(state, payment.trade, unmovedLegs(payment))
  payment.legs = portion(payment, payment.moved)
  planBy(state, 'collect', payment.trade, at)
}

const negated = (legs: readonly Leg[]): Leg[] =>
  legs.map(({ account, amount }) => ({ account, amount: Micros.negate(amount) }))

/** What is booked and no payment explains: zero for every account, or the books are wrong. */
export function unexplainedDues(state: State): Map<number, bigint> {
  const left = new Map<number, bigint>(state.trading.dues)
  const take = (account: number, amount: bigint): void => {
    const after = (left.get(account) ?? 0n) - amount
    if (after === 0n) left.delete(account)
    else left.set(account, after)
  }
  for (const owed of state.trading.owed.values()) {
    for (const [account, amount] of owed) take(account, amount)
  }
  for (const payment of state.trading.payments.values()) {
    for (const { account, amount } of unmovedLegs(payment)) take(account, amount)
  }
  for (const { from, to, amount } of debtsIn(state.trading.carried)) {
    take(from, -amount)
    take(to, amount)
  }
  return left
}
