import { floorDivide, Micros } from '../units/index.ts'
import type { Flow } from './legs.ts'

/** Banks and bills count in cents: ten thousand micros. */
export const microsPerCent = 10_000n

/**
 * One bank transfer between two retailers, or between one and the exchange, for what their
 * customers paid each other from prepaid balances. `returned`: the bank has given it back, and it
 * is owed again.
 */
export type Netting = {
  /** From 1. */
  readonly netting: number
  /** Those with the same go out in one file: the journal entry that raised them. */
  readonly batch: number
  readonly debtor: number
  readonly creditor: number
  /** Whole cents. */
  readonly amount: Micros
  state: 'ordered' | 'paid' | 'returned'
  /** What the bank calls it. */
  reference: string
  readonly at: number
  /** The journal entry of its last move. */
  sequence: number
}

/** What accounts owe each other, by `low:high`: above zero the lower owes. Without zeros. */
export type Between = Map<string, Micros>

/** What retailers owe each other beside the ledger. */
export type NettingBook = {
  readonly between: Between
  readonly nettings: Map<number, Netting>
  last: number
}

export const emptyNetting = (): NettingBook => ({
  between: new Map(),
  nettings: new Map(),
  last: 0,
})

/** Books that one owes another. What one owes itself needs no transfer. */
export function addOwed(between: Between, from: number, to: number, amount: bigint): void {
  if (from === to) return
  const key = pairOf(from, to)
  const after = (between.get(key) ?? 0n) + (from < to ? amount : -amount)
  if (after === 0n) between.delete(key)
  else between.set(key, Micros.from(after))
}

/** The key of what is between two. */
export const pairOf = (one: number, other: number): string =>
  one < other ? `${one}:${other}` : `${other}:${one}`

/** What is between any two, as money from who owes it to who is owed it. */
export function debtsIn(between: ReadonlyMap<string, Micros>): Flow[] {
  return [...between].map(([key, balance]) => {
    const [low = 0, high = 0] = key.split(':').map(Number)
    return balance > 0n
      ? { from: low, to: high, amount: balance }
      : { from: high, to: low, amount: Micros.negate(balance) }
  })
}

/**
 * The transfers that are worth a bank's cent, pair by pair: no retailer pays for a third, so that
 * one that fails harms only those who dealt with it. What is left of a pair waits for the next
 * time.
 */
export function nettable(
  between: ReadonlyMap<string, Micros>,
): { readonly debtor: number; readonly creditor: number; readonly amount: Micros }[] {
  return debtsIn(between)
    .map(({ from: debtor, to: creditor, amount }) => {
      return { debtor, creditor, amount: wholeCentsFloor(amount) }
    })
    .filter(({ amount }) => amount > 0n)
    .sort((a, b) => a.debtor - b.debtor || a.creditor - b.creditor)
}

const wholeCentsFloor = (micros: bigint): Micros =>
  Micros.from(floorDivide(micros, microsPerCent) * microsPerCent)
