import { firstParticipantAccount, systemAccounts } from '../../registry/index.ts'
import { addOwed, flowsOf, type Leg, type Payment } from '../../payments/index.ts'
import { Micros } from '../../units/index.ts'
import { isPlanned, plan } from './agenda.ts'
import { intervalMilliseconds, participantOf, rulebookFor } from '../lookups.ts'
import type { State } from '../state.ts'

/*
 * Balances that customers have at their retailers. Who is paid from one is credited at its own
 * retailer, and the retailers owe each other what their customers moved.
 */

/** What a prepaid balance has that is not set aside. */
export const freePrepaid = (state: State, account: number): bigint =>
  (state.trading.prepaid.get(account) ?? 0n) - (state.trading.prepaidHeld.get(account) ?? 0n)

/**
 * Who holds an account's money outside of the ledger: its retailer, the exchange for its own
 * accounts, and for others they themselves.
 */
export function houseOf(state: State, account: number): number {
  if (account < firstParticipantAccount) return systemAccounts.fees
  return participantOf(state, account)?.retailer ?? account
}

const hasBalance = (state: State, account: number): boolean =>
  account >= firstParticipantAccount && houseOf(state, account) !== account

export function addPrepaid(state: State, account: number, amount: bigint): void {
  const { prepaid } = state.trading
  const after = (prepaid.get(account) ?? 0n) + amount
  if (after === 0n) prepaid.delete(account)
  else prepaid.set(account, Micros.from(after))
}

/** Whether everybody who pays by this has it prepaid. */
export const hasPrepaid = (state: State, { legs }: Payment): boolean =>
  legs.every(
    ({ account, amount }) =>
      amount >= 0n || !hasBalance(state, account) || freePrepaid(state, account) >= -amount,
  )

/** Moves money between prepaid balances, and between those who hold them. */
export function movePrepaid(state: State, legs: readonly Leg[]): void {
  for (const { from, to, amount } of flowsOf(legs)) {
    if (hasBalance(state, from)) addPrepaid(state, from, -amount)
    credit(state, from, to, amount)
  }
}

/**
 * Brings money that a retailer got from its customer to whom it is for: credited there, and owed
 * between those who hold it.
 */
export function moveCollected(state: State, legs: readonly Leg[]): void {
  for (const { from, to, amount } of flowsOf(legs)) credit(state, from, to, amount)
}

function credit(state: State, from: number, to: number, amount: bigint): void {
  if (hasBalance(state, to)) addPrepaid(state, to, amount)
  addOwed(state.trading.netting.between, houseOf(state, from), houseOf(state, to), amount)
  if (isPlanned(state, 'netting', 0)) return
  const { collectionIntervals = 1 } = rulebookFor(state, state.clearedThrough + 1).trades ?? {}
  plan(state, 'netting', 0, state.at + collectionIntervals * intervalMilliseconds(state))
}
