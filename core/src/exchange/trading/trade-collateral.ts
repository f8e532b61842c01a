import { type Default, isStanding } from '../../credit/index.ts'
import { unheldOf } from '../../ledger/index.ts'
import { flowsOf, type Payment } from '../../payments/index.ts'
import { Micros } from '../../units/index.ts'
import { setTradeHold, tradeHoldOf } from './chain-holds.ts'
import { bookDrawn } from './charges.ts'
import { moveDues, planCollection, unmovedLegs } from '../payments/dues.ts'
import { paymentsOfTrade } from '../payments/payment-moves.ts'
import type { State } from '../state.ts'

/*
 * Where no agreement binds the retailers of a trade, its sides leave money on the ledger for what
 * its rail may not bring. It stands from the reservation until what it is for is paid.
 */

const keyOf = (trade: number, account: number): string => `${trade}:${account}`

/** What of a hold stands for what was settled and is not paid. */
export const collateralOf = (state: State, trade: number, account: number): Micros =>
  state.trading.collateral.get(keyOf(trade, account)) ?? Micros.zero

/** Whether either side's money still stands for what a trade's rail may not bring. */
export function hasCollateral(state: State, trade: number): boolean {
  const terms = state.trading.trades.get(trade)?.versions.at(-1)?.terms
  if (terms === undefined) return false
  return [terms.seller, terms.buyer].some((one) => collateralOf(state, trade, one) > 0n)
}

function setCollateral(state: State, trade: number, account: number, amount: bigint): void {
  const key = keyOf(trade, account)
  if (amount === 0n) state.trading.collateral.delete(key)
  else state.trading.collateral.set(key, Micros.from(amount))
}

/** Ends a part of a hold. */
export function releasePart(state: State, trade: number, account: number, amount: bigint): void {
  const held = tradeHoldOf(state, trade, account)
  setTradeHold(state, trade, account, Micros.from(amount < held ? held - amount : 0n))
}

/** An interval is settled, and the part of the hold that stood for it stands until it is paid. */
export function keepCollateral(state: State, trade: number, account: number, part: bigint): void {
  if (part === 0n) return
  setCollateral(state, trade, account, collateralOf(state, trade, account) + part)
  // It is given free where nothing is owed: also where its final run finds nothing new.
  planCollection(state, trade)
}

/** Gives free what a trade's sides left for what is now paid: nothing of it is owed any more. */
export function freeCollateral(state: State, trade: number): void {
  if (state.trading.owed.has(trade)) return
  const isOpen = (payment: Payment): boolean => unmovedLegs(payment).length > 0
  if (paymentsOfTrade(state, trade).some(isOpen)) return
  const terms = state.trading.trades.get(trade)?.versions.at(-1)?.terms
  for (const account of terms === undefined ? [] : [terms.seller, terms.buyer]) {
    const part = collateralOf(state, trade, account)
    if (part === 0n) continue
    setCollateral(state, trade, account, 0n)
    releasePart(state, trade, account, part)
  }
}

/**
 * Draws what somebody in default owes from what it has left for that, and says how much that was.
 * It is posted with the next run of trades, and stays held until then.
 */
export function drawCollateral(
  state: State,
  one: Default,
  payment: Payment,
  sequence: number,
): Micros {
  const { trade, account } = one
  const there = collateralOf(state, trade, account)
  const owed = Micros.subtract(one.amount, one.recovered)
  const amount = Micros.min(there, owed)
  if (amount === 0n || !isStanding(one)) return Micros.zero
  setCollateral(state, trade, account, there - amount)
  releasePart(state, trade, account, amount)
  for (const { from, to, amount: part } of flowsOf(moveDues(state, payment, amount))) {
    const charge = { kind: 'collateral', payer: from, payee: to, amount: part } as const
    bookDrawn(state, { trade, ...charge, sequence })
  }
  return amount
}

/**
 * Moves the part of a hold that stands for one interval by what its account was paid for it, as far
 * as the account has it: its arrears are repaid first. Gives the part that is then held.
 */
export function keepPart(
  state: State,
  trade: number,
  account: number,
  part: bigint,
  paid: bigint,
): Micros {
  const before = tradeHoldOf(state, trade, account)
  const own = part < before ? part : before
  const free = unheldOf(state.ledger, account) + own
  const wanted = own + paid
  const most = wanted < free ? wanted : free
  const kept = Micros.from(most > 0n ? most : 0n)
  setTradeHold(state, trade, account, Micros.from(before - own + kept))
  return kept
}
