import { assert } from '../errors/index.ts'
import { Micros } from '../units/index.ts'
import type { Claim } from './claims.ts'

/** The world outside: what was deposited and not withdrawn stands here with a minus. */
export const outsideAccount = -1

/** One line of an entry: a negative amount is paid, a positive one received. */
export type Posting = { readonly account: number; readonly amount: Micros }

/**
 * Double-entry books of one market, in one currency.
 *
 * `balances` holds every account and the outside; their sum is zero at all times. `holds` is money
 * set aside by a key (an interval's worst case, an estimated credit); a hold ends once, by
 * `releaseHold`, and is part of the balance while it stands.
 */
export type Ledger = {
  readonly balances: Map<number, Micros>
  readonly holds: Map<string, { readonly account: number; readonly amount: Micros }>
  /** Sum of the holds of an account. */
  readonly held: Map<number, Micros>
  /** What an account owes to those who covered it: `debtor:creditor`. */
  readonly arrears: Map<string, Micros>
  /** What owners have asked the chain for and were not paid yet, by account. */
  readonly claims: Map<number, Claim>
  /** How many entries were posted. */
  entries: number
}

export const emptyLedger = (): Ledger => ({
  balances: new Map(),
  holds: new Map(),
  held: new Map(),
  arrears: new Map(),
  claims: new Map(),
  entries: 0,
})

export const balanceOf = (ledger: Ledger, account: number): Micros =>
  ledger.balances.get(account) ?? Micros.zero

export const heldOf = (ledger: Ledger, account: number): Micros =>
  ledger.held.get(account) ?? Micros.zero

/**
 * The balance without what is set aside. Below zero only after the chain paid out money that was
 * set aside: the chain knows of holds for trades only, and of those a moment later.
 */
export const unheldOf = (ledger: Ledger, account: number): Micros =>
  Micros.subtract(balanceOf(ledger, account), heldOf(ledger, account))

/**
 * What may be promised or withdrawn: the balance without what is set aside and without what its
 * owner has asked the chain for. Below zero means only that nothing more can be promised.
 */
export const availableOf = (ledger: Ledger, account: number): Micros =>
  Micros.subtract(unheldOf(ledger, account), ledger.claims.get(account)?.amount ?? Micros.zero)

/**
 * Posts one entry, all or nothing.
 *
 * Asserts what must hold of every entry: it sums to zero, and no account but the outside ends below
 * its floor of zero. The caller has checked both where a participant could be at fault.
 *
 * @throws Fault UNIT_OUT_OF_RANGE if a balance would leave the range of `Micros`.
 */
export function post(ledger: Ledger, postings: readonly Posting[]): void {
  const net = new Map<number, bigint>()
  let sum = 0n
  for (const { account, amount } of postings) {
    net.set(account, (net.get(account) ?? 0n) + amount)
    sum += amount
  }
  assert(sum === 0n, 'an entry sums to zero')
  // Worked out before anything is written: a sum out of range must leave the books as they were.
  const after = new Map<number, Micros>()
  for (const [account, amount] of net) {
    const balance = Micros.from(balanceOf(ledger, account) + amount)
    assert(account === outsideAccount || balance >= 0n, 'no account falls below its floor')
    after.set(account, balance)
  }
  for (const [account, balance] of after) ledger.balances.set(account, balance)
  ledger.entries += 1
}

/** Sets `amount` aside under `key`, in place of what stood there. Zero removes the hold. */
export function setHold(ledger: Ledger, key: string, account: number, amount: Micros): void {
  assert(amount >= 0n, 'a hold is not negative')
  const before = ledger.holds.get(key)
  assert(before === undefined || before.account === account, 'a hold stays with its account')
  const change = amount - (before?.amount ?? 0n)
  const held = heldOf(ledger, account) + change
  assert(held >= 0n, 'held money is not negative')
  if (amount === 0n) ledger.holds.delete(key)
  else ledger.holds.set(key, { account, amount })
  if (held === 0n) ledger.held.delete(account)
  else ledger.held.set(account, Micros.from(held))
}

export const holdOf = (ledger: Ledger, key: string): Micros =>
  ledger.holds.get(key)?.amount ?? Micros.zero

/** Ends a hold and says what it was. Ending it again gives zero: a hold ends once. */
export function releaseHold(ledger: Ledger, key: string): Micros {
  const hold = ledger.holds.get(key)
  if (hold === undefined) return Micros.zero
  setHold(ledger, key, hold.account, Micros.zero)
  return hold.amount
}

/** What all accounts of the market have together: what the chain keeps for them. */
export function ledgerTotal(ledger: Ledger): bigint {
  let sum = 0n
  for (const [account, balance] of ledger.balances) if (account !== outsideAccount) sum += balance
  return sum
}

/** What all balances, the outside included, sum to. Anything but zero is money from nowhere. */
export function unexplainedMoney(ledger: Ledger): bigint {
  let sum = 0n
  for (const balance of ledger.balances.values()) sum += balance
  return sum
}
