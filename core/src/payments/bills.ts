import { assert } from '../errors/index.ts'
import { Micros } from '../units/index.ts'
import { flowsOf, type Leg, planned, type PlannedPayment } from './legs.ts'
import { addOwed, type Between, debtsIn, nettable } from './netting.ts'
import type { Payment } from './payment.ts'
import { refundableBy, splitRefund } from './refunds.ts'

/** A bill, or a part of one that goes back: each account's part of it is in whole cents. */
export type PlannedBill = PlannedPayment & { readonly refundOf: number | null }

export type BillPlan = {
  readonly bills: readonly PlannedBill[]
  /** What waits for the next bill, less than a cent for each pair that is billed now; or zero. */
  readonly carried: ReadonlyMap<string, Micros>
}

/**
 * What a trade owes as bills in whole cents, to those who are owed it. What was carried between the
 * same two goes with it, and what is below a cent is carried on, so that of any two less than a
 * cent ever waits. What goes back does so by the bills that it came by, no more of each account
 * than each has brought it.
 *
 * @param net what is booked for the trade: negative owes; it sums to zero
 * @param carried between any two of the market
 * @param payments all those of the trade, in the order of their numbers
 */
export function planBills(
  net: ReadonlyMap<number, Micros>,
  carried: ReadonlyMap<string, Micros>,
  payments: readonly Payment[],
  { seller, buyer }: { readonly seller: number; readonly buyer: number },
): BillPlan {
  const between: Between = new Map()
  const legs = [...net].map(([account, amount]) => ({ account, amount }))
  for (const { from, to, amount } of flowsOf(legs)) addOwed(between, from, to, amount)
  const pairs = [...between.keys()]
  const before = new Map(pairs.map((key) => [key, carried.get(key) ?? Micros.zero]))
  for (const { from, to, amount } of debtsIn(before)) addOwed(between, from, to, amount)
  const back = new Map<number, Leg[]>()
  const owed = new Map<number, Leg[]>()
  for (const { debtor, creditor, amount } of nettable(between)) {
    addOwed(between, creditor, debtor, amount)
    const from = refundableBy(payments, creditor, debtor)
    for (const { refundOf, amount: part } of splitRefund(from, amount)) {
      if (refundOf === null) addFlow(owed, debtor, debtor, creditor, part)
      else addFlow(back, refundOf, debtor, creditor, part)
    }
  }
  const bills = [
    ...[...back].sort(byNumber).map(([refundOf, own]) => ({
      ...planned(own, seller, buyer),
      refundOf,
    })),
    ...[...owed].sort(byNumber).map(([debtor, own]) => ({
      ...(debtor === buyer ? planned(own, buyer, seller) : planned(own, seller, buyer)),
      refundOf: null,
    })),
  ]
  return { bills, carried: new Map(pairs.map((key) => [key, between.get(key) ?? Micros.zero])) }
}

const byNumber = ([a]: readonly [number, unknown], [b]: readonly [number, unknown]): number => a - b

/** Adds to the legs under a key that so much goes from one to another. */
function addFlow(
  legsBy: Map<number, Leg[]>,
  key: number,
  from: number,
  to: number,
  amount: Micros,
): void {
  assert(from !== to && amount > 0n, 'who owes is another than who is owed')
  const sums = new Map((legsBy.get(key) ?? []).map((leg) => [leg.account, leg.amount]))
  sums.set(from, Micros.subtract(sums.get(from) ?? Micros.zero, amount))
  sums.set(to, Micros.add(sums.get(to) ?? Micros.zero, amount))
  legsBy.set(
    key,
    [...sums].map(([account, sum]) => ({ account, amount: sum })),
  )
}
