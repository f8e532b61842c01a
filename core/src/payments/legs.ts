import { assert } from '../errors/index.ts'
import { Micros } from '../units/index.ts'

/** One account's part of what moves: negative pays, positive receives. */
export type Leg = { readonly account: number; readonly amount: Micros }

/** Money from one account to another. */
export type Flow = { readonly from: number; readonly to: number; readonly amount: Micros }

/** One payment that is to be made. */
export type PlannedPayment = {
  readonly payer: number
  readonly payee: number
  readonly amount: Micros
  readonly legs: readonly Leg[]
}

/**
 * Who pays whom, so that nobody owes anything any more. `net` is what is booked for one trade:
 * negative owes; it sums to zero.
 *
 * As a rule one side owes and one payment settles it all: the fees of the exchange and of the
 * platform, and what rounding leaves, travel with it, also back. Where both sides owe, the seller
 * pays from the lowest account up, and the buyer the rest. Where neither does, what is given back
 * is fees alone, and the lowest account that owes gives it.
 */
export function planPayments(
  net: ReadonlyMap<number, Micros>,
  seller: number,
  buyer: number,
): PlannedPayment[] {
  const left = new Map([...net].filter(([, amount]) => amount !== 0n).sort(([a], [b]) => a - b))
  const sideOwes = (side: number): boolean => (left.get(side) ?? 0n) < 0n
  const plans: PlannedPayment[] = []
  if (sideOwes(seller) && sideOwes(buyer)) {
    const owed = -(left.get(seller) ?? 0n)
    const own: Leg[] = [{ account: seller, amount: Micros.from(-owed) }]
    let open = owed
    for (const [account, amount] of left) {
      const part = amount < open ? amount : open
      if (part <= 0n) continue
      own.push({ account, amount: Micros.from(part) })
      left.set(account, Micros.from(amount - part))
      open -= part
    }
    assert(open === 0n, 'what is owed sums to zero')
    left.set(seller, Micros.zero)
    plans.push(planned(own, seller, buyer))
  }
  const rest = [...left].filter(([, amount]) => amount !== 0n)
  if (rest.length === 0) return plans
  const legs = rest.map(([account, amount]) => ({ account, amount }))
  return [...plans, sideOwes(seller) ? planned(legs, seller, buyer) : planned(legs, buyer, seller)]
}

/**
 * Names the payer and the payee of legs: the two sides where they are, else the lowest accounts.
 */
export function planned(legs: readonly Leg[], one: number, other: number): PlannedPayment {
  const sorted = [...legs].sort((a, b) => a.account - b.account)
  const pays = (account: number): boolean =>
    sorted.some((leg) => leg.account === account && leg.amount < 0n)
  const receives = (account: number): boolean =>
    sorted.some((leg) => leg.account === account && leg.amount > 0n)
  const payer = pays(one) ? one : sorted.find(({ amount }) => amount < 0n)?.account
  const payee =
    [other, one].find(receives) ?? sorted.find(({ amount }) => amount > 0n)?.account
  assert(payer !== undefined && payee !== undefined, 'what moves has two ends')
  return { payer, payee, amount: sumReceived(sorted), legs: sorted }
}

/** What those who receive get together. */
export function sumReceived(legs: readonly Leg[]): Micros {
  let sum = 0n
  for (const { amount } of legs) if (amount > 0n) sum += amount
  return Micros.from(sum)
}

/**
 * The first `amount` of what moves: the payer pays first and the payee is paid first, then the
 * others in ascending account. So what is recovered of a default goes to the other side before
 * anybody's fees, and what one amount and the next bring adds up to what both bring at once.
 */
export function portion(
  { payer, payee, legs }: Omit<PlannedPayment, 'amount'>,
  amount: Micros,
): Leg[] {
  assert(amount >= 0n && amount <= sumReceived(legs), 'no more moves than there is')
  const rank = (account: number): number => (account === payer || account === payee ? -1 : account)
  const ordered = [...legs].sort((a, b) => rank(a.account) - rank(b.account))
  let [toPay, toReceive]: [bigint, bigint] = [amount, amount]
  const parts: Leg[] = []
  for (const { account, amount: whole } of ordered) {
    if (whole < 0n) {
      const part = -whole < toPay ? -whole : toPay
      toPay -= part
      if (part > 0n) parts.push({ account, amount: Micros.from(-part) })
    } else {
      const part = whole < toReceive ? whole : toReceive
      toReceive -= part
      if (part > 0n) parts.push({ account, amount: Micros.from(part) })
    }
  }
  assert(toPay === 0n && toReceive === 0n, 'legs sum to zero')
  return parts.sort((a, b) => a.account - b.account)
}

/** What is left of legs when a part of them has moved. */
export function withoutPart(legs: readonly Leg[], part: readonly Leg[]): Leg[] {
  const taken = new Map(part.map(({ account, amount }) => [account, amount]))
  return legs
    .map(({ account, amount }) => ({
      account,
      amount: Micros.from(amount - (taken.get(account) ?? 0n)),
    }))
    .filter(({ amount }) => amount !== 0n)
}

/**
 * Legs as money from one to another: who pays first pays who receives first, in ascending account.
 */
export function flowsOf(legs: readonly Leg[]): Flow[] {
  const sorted = [...legs].sort((a, b) => a.account - b.account)
  const receivers = sorted
    .filter(({ amount }) => amount > 0n)
    .map(({ account, amount }) => ({ account, open: BigInt(amount) }))
  const flows: Flow[] = []
  for (const { account: from, amount } of sorted) {
    let open = -amount
    for (const receiver of receivers) {
      if (open <= 0n) break
      const part = receiver.open < open ? receiver.open : open
      if (part === 0n) continue
      flows.push({ from, to: receiver.account, amount: Micros.from(part) })
      receiver.open -= part
      open -= part
    }
    assert(open <= 0n, 'legs sum to zero')
  }
  return flows
}
