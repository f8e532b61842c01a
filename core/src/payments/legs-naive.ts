import { Micros } from '../units/index.ts'
import type { Leg, PlannedPayment } from './legs.ts'

/*
 * A second implementation of `legs.ts`, micro by micro: each one is taken from who pays first and
 * given to who is paid first. Only for small amounts; tests hold the two together.
 */

/** As `portion`. */
export function portionNaive(
  { payer, payee, legs }: Omit<PlannedPayment, 'amount'>,
  amount: bigint,
): Leg[] {
  const first = (accounts: readonly number[]): number | undefined =>
    accounts.find((one) => one === payer || one === payee) ?? accounts[0]
  const left = new Map<number, bigint>(legs.map((leg) => [leg.account, leg.amount]))
  const moved = new Map<number, bigint>()
  for (let micro = 0n; micro < amount; micro += 1n) {
    const accounts = [...left.keys()].sort((a, b) => a - b)
    const from = first(accounts.filter((one) => (left.get(one) ?? 0n) < 0n))
    const to = first(accounts.filter((one) => (left.get(one) ?? 0n) > 0n))
    if (from === undefined || to === undefined) throw new Error('there is not so much')
    for (const [account, change] of [[from, -1n], [to, 1n]] as const) {
      left.set(account, (left.get(account) ?? 0n) - change)
      moved.set(account, (moved.get(account) ?? 0n) + change)
    }
  }
  return [...moved]
    .sort(([a], [b]) => a - b)
    .map(([account, part]) => ({ account, amount: Micros.from(part) }))
}

/** As `planPayments`, and who pays and who is paid is looked for among the parties alone. */
export function planPaymentsNaive(
  net: ReadonlyMap<number, bigint>,
  seller: number,
  buyer: number,
): { readonly payer: number; readonly legs: readonly Leg[] }[] {
  const accounts = [...net.keys()].sort((a, b) => a - b)
  const owes = accounts.filter((account) => (net.get(account) ?? 0n) < 0n)
  const parties = [seller, buyer].filter((account) => owes.includes(account))
  const all = { payer: owes[0] ?? 0, payee: -1, legs: legsOf(net) }
  if (owes.length === 0) return []
  if (parties.length < 2) return [{ payer: parties[0] ?? owes[0] ?? 0, legs: all.legs }]
  // The seller's own micros go to the lowest accounts: all others wait behind it.
  const alone = { payer: seller, payee: -1, legs: sellerFirst(all.legs, seller) }
  const own = portionNaive(alone, -(net.get(seller) ?? 0n))
  const rest = new Map(net)
  for (const { account, amount } of own) rest.set(account, (rest.get(account) ?? 0n) - amount)
  return [{ payer: seller, legs: own }, { payer: buyer, legs: legsOf(rest) }]
}

const sellerFirst = (legs: readonly Leg[], seller: number): Leg[] =>
  legs.filter(({ account, amount }) => account === seller || amount > 0n)

const legsOf = (net: ReadonlyMap<number, bigint>): Leg[] =>
  [...net]
    .filter(([, amount]) => amount !== 0n)
    .sort(([a], [b]) => a - b)
    .map(([account, amount]) => ({ account, amount: Micros.from(amount) }))
