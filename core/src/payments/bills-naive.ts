import { floorDivide, Micros } from '../units/index.ts'
import type { Leg } from './legs.ts'
import type { Payment } from './payment.ts'
import { splitRefundNaive } from './refunds-naive.ts'

/*
 * A second implementation of `bills.ts`: who pays whom follows from where the sums of those who pay
 * and of those who receive overlap, and cents are taken one after the other. Tests hold the two
 * together.
 */

const cent = 10_000n

type NaiveBill = { readonly refundOf: number | null; readonly legs: readonly Leg[] }

/** As `planBills`; `carried` is all that is carried afterwards, by `low:high`, without zeros. */
export function planBillsNaive(
  net: ReadonlyMap<number, bigint>,
  carried: ReadonlyMap<string, bigint>,
  payments: readonly Payment[],
): { readonly bills: readonly NaiveBill[]; readonly carried: ReadonlyMap<string, bigint> } {
  const left = new Map(carried)
  const legsOf = new Map<string, Map<number, bigint>>()
  const accounts = [...net.keys()].sort((a, b) => a - b)
  for (const from of accounts) {
    for (const to of accounts) {
      const flow = overlap(net, accounts, from, to) - overlap(net, accounts, to, from)
      if (from >= to || flow === 0n) continue
      const key = `${from}:${to}`
      let open = (carried.get(key) ?? 0n) + flow
      const [debtor, creditor] = open > 0n ? [from, to] : [to, from]
      let cents = 0n
      for (; open >= cent; open -= cent) cents += 1n
      for (; open <= -cent; open += cent) cents += 1n
      left.set(key, open)
      const parts = splitRefundNaive(centsLeftOf(payments, creditor, debtor), cents)
      for (const { refundOf, amount: some } of parts) {
        const amount = some * cent
        const name = refundOf === null ? `1 ${debtor}` : `0 ${refundOf}`
        const legs = legsOf.get(name) ?? new Map<number, bigint>()
        legsOf.set(name, legs)
        legs.set(debtor, (legs.get(debtor) ?? 0n) - amount)
        legs.set(creditor, (legs.get(creditor) ?? 0n) + amount)
      }
    }
  }
  const bills = [...legsOf]
    .map(([name, legs]) => ({ name: name.split(' ').map(Number), legs }))
    .sort((a, b) => (a.name[0] ?? 0) - (b.name[0] ?? 0) || (a.name[1] ?? 0) - (b.name[1] ?? 0))
    .map(({ name: [kind, number], legs }) => ({
      refundOf: kind === 0 ? (number ?? 0) : null,
      legs: [...legs]
        .sort(([a], [b]) => a - b)
        .map(([account, amount]) => ({ account, amount: Micros.from(amount) })),
    }))
  return { bills, carried: new Map([...left].filter(([, amount]) => amount !== 0n)) }
}

/** What one pays another: payers in a row owe what receivers in a row are owed. */
function overlap(
  net: ReadonlyMap<number, bigint>,
  accounts: readonly number[],
  from: number,
  to: number,
): bigint {
  const of = (account: number, sign: bigint): bigint => {
    const amount = (net.get(account) ?? 0n) * sign
    return amount > 0n ? amount : 0n
  }
  const before = (account: number, sign: bigint): bigint =>
    accounts.filter((one) => one < account).reduce((sum, one) => sum + of(one, sign), 0n)
  const [paysFrom, getsFrom] = [before(from, -1n), before(to, 1n)]
  const [paysTo, getsTo] = [paysFrom + of(from, -1n), getsFrom + of(to, 1n)]
  const start = paysFrom > getsFrom ? paysFrom : getsFrom
  const end = paysTo < getsTo ? paysTo : getsTo
  return end > start ? end - start : 0n
}

/** The cents that each bill paid by one has brought another, less what went back of them. */
function centsLeftOf(payments: readonly Payment[], payer: number, account: number) {
  const own = ({ legs }: Payment): bigint =>
    legs.reduce((sum, leg) => (leg.account === account ? sum + leg.amount : sum), 0n)
  const isGone = ({ state }: Payment): boolean => ['released', 'expired', 'failed'].includes(state)
  const paid = payments.filter(
    (one) => one.refundOf === null && one.state === 'captured' && one.payer === payer,
  )
  return paid
    .map((bill) => ({
      payment: bill.payment,
      left: payments
        .filter((one) => one.refundOf === bill.payment && !isGone(one))
        .reduce((sum, one) => sum + own(one), own(bill)),
    }))
    .map(({ payment, left }) => ({ payment, left: floorDivide(left, cent) }))
    .filter(({ left }) => left > 0n)
}
