import { floorDivide, Micros } from '../units/index.ts'

/** Banks count in cents: ten thousand micros. */
const microsPerCent = 10_000n

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

/** What retailers owe each other beside the ledger. */
export type NettingBook = {
  /** By `low:high`: above zero the lower account owes the higher. Without zeros. */
  readonly between: Map<string, Micros>
  readonly nettings: Map<number, Netting>
  last: number
}

export const emptyNetting = (): NettingBook => ({
  between: new Map(),
  nettings: new Map(),
  last: 0,
})

/** Books that one owes another. What a house owes itself needs no transfer. */
export function addOwed(book: NettingBook, from: number, to: number, amount: bigint): void {
  if (from === to) return
  const key = from < to ? `${from}:${to}` : `${to}:${from}`
  const after = (book.between.get(key) ?? 0n) + (from < to ? amount : -amount)
  if (after === 0n) book.between.delete(key)
  else book.between.set(key, Micros.from(after))
}

/**
 * The transfers that are worth a bank's cent, pair by pair: no retailer pays for a third, so that
 * one that fails harms only those who dealt with it. What is left of a pair waits for the next
 * time.
 */
export function nettable(
  between: ReadonlyMap<string, Micros>,
): { readonly debtor: number; readonly creditor: number; readonly amount: Micros }[] {
  return [...between]
    .map(([key, balance]) => {
      const [low = 0, high = 0] = key.split(':').map(Number)
      const [debtor, creditor] = balance > 0n ? [low, high] : [high, low]
      const owed = balance > 0n ? balance : -balance
      return { debtor, creditor, amount: wholeCentsFloor(owed) }
    })
    .filter(({ amount }) => amount > 0n)
    .sort((a, b) => a.debtor - b.debtor || a.creditor - b.creditor)
}

const wholeCentsFloor = (micros: bigint): Micros =>
  Micros.from(floorDivide(micros, microsPerCent) * microsPerCent)
