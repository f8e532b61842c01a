/**
 * Goal: bills are in whole cents to each of those who are owed, of any two less than a cent waits,
 * nothing is made or lost, and no bill gives back more of an account than it has brought it.
 * Method: a table of what becomes of what is owed, and properties against a second implementation
 * over random histories of bills of one trade. `SEED=…` replays.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Micros } from '../units/index.ts'
import {
  addOwed,
  type Between,
  debtsIn,
  microsPerCent,
  type Payment,
  planBills,
  type PlannedBill,
  sumReceived,
} from './index.ts'
import { planBillsNaive } from './bills-naive.ts'

const seed = process.env.SEED === undefined ? undefined : Number(process.env.SEED)
const options = { numRuns: 500, ...(seed === undefined ? {} : { seed }) }

const [rounding, fees, platform, seller, buyer] = [0, 1, 6, 7, 8]
const sides = { seller, buyer }

type Amounts = Readonly<Record<number | string, number>>

const netOf = (amounts: Amounts): Map<number, Micros> =>
  new Map(Object.entries(amounts).map(([key, of]) => [Number(key), Micros.from(BigInt(of))]))

const betweenOf = (amounts: Amounts): Between =>
  new Map(Object.entries(amounts).map(([key, of]) => [key, Micros.from(BigInt(of))]))

const paymentOf = (bill: PlannedBill, number: number, state: Payment['state']): Payment => ({
  ...bill,
  ...{ payment: number, trade: 1, rail: 'bill-seller', fromInterval: 0, untilInterval: 0 },
  ...{ reservedMicros: Micros.zero, moved: Micros.zero, state, reference: '' },
  ...{ expiresAt: null, renewAt: null, dueAt: null, postponements: 0, default: null },
  ...{ reason: '', createdAt: 0, sequence: 1 },
})

/** What a bill of eleven cents brought: nine to the seller, and to fees and platform one each. */
const paidBefore = (): Payment[] => {
  const net = netOf({ [buyer]: -110_000, [seller]: 90_000, [fees]: 10_000, [platform]: 10_000 })
  return planBills(net, new Map(), [], sides).bills.map((one) => paymentOf(one, 1, 'captured'))
}

const cases: readonly {
  readonly what: string
  readonly net: Amounts
  readonly carried?: Amounts
  readonly paid?: Payment[]
  readonly bills: readonly (readonly [payer: number, refundOf: number | null, legs: Amounts])[]
  readonly left: Amounts
}[] = [
  { what: 'nothing', net: {}, bills: [], left: {} },
  {
    what: 'whole cents to the seller, and what is below waits for each',
    net: { [buyer]: -80_200, [seller]: 79_600, [fees]: 400, [platform]: 200 },
    bills: [[buyer, null, { 7: 70_000, 8: -70_000 }]],
    left: { '7:8': -9_600, '1:8': -400, '6:8': -200 },
  },
  {
    what: 'what was carried goes with the next between the same two',
    net: { [buyer]: -10_800, [seller]: 10_400, [fees]: 400 },
    carried: { '7:8': -9_600, '1:8': -9_700, '6:8': -200 },
    bills: [[buyer, null, { 1: 10_000, 7: 20_000, 8: -30_000 }]],
    left: { '7:8': 0, '1:8': -100 },
  },
  {
    what: 'also where it was carried the other way',
    net: { [buyer]: -12_000, [seller]: 12_000 },
    carried: { '7:8': 9_000 },
    bills: [],
    left: { '7:8': -3_000 },
  },
  {
    what: 'what goes back does so by the bill that it came by, of each what it was brought',
    net: { [buyer]: 75_000, [seller]: -50_000, [fees]: -15_000, [platform]: -10_000 },
    paid: paidBefore(),
    bills: [[seller, 1, { 1: -10_000, 6: -10_000, 7: -50_000, 8: 70_000 }]],
    left: { '1:8': 5_000, '6:8': 0, '7:8': 0 },
  },
  {
    what: 'what is beyond it is a bill of whom it is owed by',
    net: { [buyer]: 140_000, [seller]: -120_000, [fees]: -20_000 },
    paid: paidBefore(),
    bills: [
      [seller, 1, { 1: -10_000, 7: -90_000, 8: 100_000 }],
      [fees, null, { 1: -10_000, 8: 10_000 }],
      [seller, null, { 7: -30_000, 8: 30_000 }],
    ],
    left: { '1:8': 0, '7:8': 0 },
  },
  {
    what: 'both sides owe their fee',
    net: { [buyer]: -30_000, [seller]: -20_000, [fees]: 40_000, [rounding]: 10_000 },
    bills: [
      [seller, null, { 0: 10_000, 1: 10_000, 7: -20_000 }],
      [buyer, null, { 1: 30_000, 8: -30_000 }],
    ],
    left: { '0:7': 0, '1:7': 0, '1:8': 0 },
  },
]

const shown = (legs: PlannedBill['legs']): Amounts =>
  Object.fromEntries(legs.map(({ account, amount }) => [account, Number(amount)]))

describe('what a trade owes is billed so', () => {
  for (const { what, net, carried = {}, paid = [], bills, left } of cases) {
    test(what, () => {
      const plan = planBills(netOf(net), betweenOf(carried), paid, sides)
      deepEqual(
        plan.bills.map(({ payer, refundOf, legs }) => [payer, refundOf, shown(legs)]),
        bills,
      )
      const waits = [...plan.carried].map(([key, amount]) => [key, Number(amount)])
      deepEqual(Object.fromEntries(waits), left)
    })
  }
})

/** What is booked for a trade from one time to the next: anything that sums to zero. */
const booked = fc
  .tuple(...[0, 1, 2, 3].map(() => fc.oneof(
    fc.integer({ min: -60_000, max: 60_000 }),
    fc.constantFrom(-20_000, -10_000, 0, 1, 9_999, 10_000),
  )))
  .map(([own = 0, other = 0, third = 0, fourth = 0]) => netOf({
    [rounding]: own, [fees]: other, [platform]: third, [seller]: fourth,
    [buyer]: -own - other - third - fourth,
  }))

test('whatever is owed, time after time, a second implementation agrees', () => {
  const ends = fc.constantFrom('captured', 'captured', 'capturing', 'failed')
  const times = fc.array(fc.tuple(booked, ends), { minLength: 1, maxLength: 6 })
  fc.assert(fc.property(times, (all) => {
    const carried: Between = new Map()
    const payments: Payment[] = []
    const owed: Between = new Map()
    for (const [net, end] of all) {
      const plan = planBills(net, carried, payments, sides)
      const naive = planBillsNaive(net, carried, payments)
      deepEqual(plan.bills.map(({ refundOf, legs }) => ({ refundOf, legs })), naive.bills)
      for (const [key, amount] of plan.carried) {
        if (amount === 0n) carried.delete(key)
        else carried.set(key, amount)
      }
      deepEqual(new Map(carried), naive.carried)
      for (const [account, amount] of net) addOwed(owed, account, -1, -amount)
      for (const bill of plan.bills) {
        checkBill(bill, payments)
        for (const { account, amount } of bill.legs) addOwed(owed, account, -1, amount)
        payments.push(paymentOf(bill, payments.length + 1, end))
      }
      checkCarried(carried, owed)
    }
  }), options)
})

function checkBill(bill: PlannedBill, before: readonly Payment[]): void {
  const { payer, payee, amount, legs, refundOf } = bill
  equal(legs.reduce((sum, leg) => sum + leg.amount, 0n), 0n)
  equal(sumReceived(legs), amount)
  ok(amount > 0n && legs.every((leg) => leg.amount % microsPerCent === 0n && leg.amount !== 0n))
  ok(legs.some((leg) => leg.account === payer && leg.amount < 0n), 'the payer pays')
  ok(legs.some((leg) => leg.account === payee && leg.amount > 0n), 'the payee receives')
  const paying = legs.filter((leg) => leg.amount < 0n)
  if (refundOf === null) return equal(paying.length, 1, 'a bill has one payer')
  const from = before.find(({ payment }) => payment === refundOf)
  ok(from?.state === 'captured' && from.refundOf === null && from.payer === payee)
  for (const { account, amount: part } of paying) {
    let left = from.legs.find((leg) => leg.account === account)?.amount ?? 0n
    for (const other of before) {
      if (other.refundOf !== refundOf || other.state === 'failed') continue
      const back = other.legs.find((leg) => leg.account === account)?.amount ?? 0n
      left = Micros.from(left + back)
    }
    ok(-part <= left, 'no more goes back of an account than it was brought')
  }
}

/** What is carried is what was owed and not billed, less than a cent for any two. */
function checkCarried(carried: Between, owed: Between): void {
  const left: Between = new Map()
  for (const { from, to, amount } of debtsIn(carried)) {
    ok(amount > 0n && amount < microsPerCent)
    addOwed(left, from, -1, amount)
    addOwed(left, to, -1, -amount)
  }
  const sorted = (between: Between) => [...between].sort(([a], [b]) => (a < b ? -1 : 1))
  deepEqual(sorted(left), sorted(owed))
}
