/**
 * Goal: what a trade owes becomes payments that leave nobody owing anything, and any part of a
 * payment goes to the other side first; nothing is made or lost on the way.
 * Method: tables of who pays whom, and properties against a second implementation that moves one
 * micro after the other. `SEED=…` replays.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Micros } from '../units/index.ts'
import { flowsOf, type Leg, planPayments, portion, sumReceived, withoutPart } from './index.ts'
import { planPaymentsNaive, portionNaive } from './legs-naive.ts'

const seed = process.env.SEED === undefined ? undefined : Number(process.env.SEED)
const options = { numRuns: 500, ...(seed === undefined ? {} : { seed }) }

const [rounding, fees, platform, seller, buyer] = [0, 1, 6, 7, 8]

const netOf = (amounts: Readonly<Record<number, number>>): Map<number, Micros> =>
  new Map(Object.entries(amounts).map(([key, of]) => [Number(key), Micros.from(BigInt(of))]))

const shown = (legs: readonly Leg[]): Record<number, number> =>
  Object.fromEntries(legs.map(({ account, amount }) => [account, Number(amount)]))

const cases: readonly {
  readonly what: string
  readonly net: Readonly<Record<number, number>>
  readonly paid: readonly [payer: number, payee: number, amount: number, legs: object][]
}[] = [
  { what: 'nothing', net: {}, paid: [] },
  {
    what: 'the buyer owes the price and both sides’ fees travel with it',
    net: { [buyer]: -802, [seller]: 790, [fees]: 4, [platform]: 7, [rounding]: 1 },
    paid: [[buyer, seller, 802, { 0: 1, 1: 4, 6: 7, 7: 790, 8: -802 }]],
  },
  {
    what: 'the seller was short and owes the loss',
    net: { [seller]: -50, [buyer]: 50 },
    paid: [[seller, buyer, 50, { 7: -50, 8: 50 }]],
  },
  {
    what: 'a correction gives back, the fees of the exchange and of the platform too',
    net: { [buyer]: 100, [seller]: -95, [fees]: -4, [platform]: -1 },
    paid: [[seller, buyer, 100, { 1: -4, 6: -1, 7: -95, 8: 100 }]],
  },
  {
    what: 'for nothing, both sides owe their fee: the seller pays from the lowest account up',
    net: { [buyer]: -3, [seller]: -2, [fees]: 4, [platform]: 1 },
    paid: [[seller, fees, 2, { 1: 2, 7: -2 }], [buyer, fees, 3, { 1: 2, 6: 1, 8: -3 }]],
  },
  {
    what: 'fees alone are given back to both',
    net: { [buyer]: 1, [seller]: 1, [fees]: -2 },
    paid: [[fees, seller, 2, { 1: -2, 7: 1, 8: 1 }]],
  },
]

describe('what a trade owes is paid so', () => {
  for (const { what, net, paid } of cases) {
    test(what, () => {
      deepEqual(
        planPayments(netOf(net), seller, buyer).map(({ payer, payee, amount, legs }) => [
          payer, payee, Number(amount), shown(legs),
        ]),
        paid,
      )
    })
  }
})

/** What is booked for a trade: anything that sums to zero. */
const net = fc
  .tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: -9, max: 9 })))
  .map((parts) => {
    const [own = 0, other = 0, third = 0, fourth = 0] = parts
    const amounts = {
      [rounding]: own, [fees]: other, [platform]: third, [seller]: fourth,
      [buyer]: -own - other - third - fourth,
    }
    return new Map([...netOf(amounts)].filter(([, amount]) => amount !== 0n))
  })

const planned = net
  .map((one) => planPayments(one, seller, buyer)[0])
  .filter((one) => one !== undefined)

describe('whatever is owed', () => {
  test('payments add up to it, each sums to zero, and a second implementation agrees', () => {
    fc.assert(fc.property(net, (owed) => {
      const plans = planPayments(owed, seller, buyer)
      const left = new Map<number, bigint>(owed)
      for (const { payer, payee, amount, legs } of plans) {
        equal(legs.reduce((sum, leg) => sum + leg.amount, 0n), 0n)
        equal(sumReceived(legs), amount)
        ok(legs.some((leg) => leg.account === payer && leg.amount < 0n), 'the payer pays')
        ok(legs.some((leg) => leg.account === payee && leg.amount > 0n), 'the payee receives')
        for (const leg of legs) left.set(leg.account, (left.get(leg.account) ?? 0n) - leg.amount)
      }
      ok([...left.values()].every((amount) => amount === 0n), 'nobody owes anything any more')
      deepEqual(
        plans.map(({ payer, legs }) => ({ payer, legs })),
        planPaymentsNaive(owed, seller, buyer),
      )
    }), options)
  })

  test('a part moves as one micro after the other would, and parts add up', () => {
    fc.assert(fc.property(planned, fc.nat(100), fc.nat(100), (payment, a, b) => {
      const whole = Number(payment.amount)
      const [small, large] = [a % (whole + 1), b % (whole + 1)].sort((x, y) => x - y)
      const part = (amount = 0): Leg[] => portion(payment, Micros.from(BigInt(amount)))
      deepEqual(part(small), portionNaive(payment, BigInt(small ?? 0)))
      deepEqual(part(whole), payment.legs)
      deepEqual(part(0), [])
      const between = withoutPart(part(large), part(small))
      for (const { account, amount } of between) {
        const all = payment.legs.find((leg) => leg.account === account)?.amount ?? 0n
        ok((amount < 0n) === (all < 0n), 'more never takes back what less has moved')
      }
    }), options)
  })

  test('as money from one to another it is the same', () => {
    fc.assert(fc.property(planned, ({ legs }) => {
      const sums = new Map<number, bigint>()
      for (const { from, to, amount } of flowsOf(legs)) {
        ok(amount > 0n)
        sums.set(from, (sums.get(from) ?? 0n) - amount)
        sums.set(to, (sums.get(to) ?? 0n) + amount)
      }
      deepEqual([...sums].sort(([x], [y]) => x - y), legs.map((leg) => [leg.account, leg.amount]))
    }), options)
  })
})
