/**
 * Goal: a utility is shown what its own wires are paid, by the rate of the interval, and nothing of
 * another's.
 * Method: a state of two utilities made by hand, with a rate that changes and a corrected run.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bilateralZone, type State } from '@busbar/core/exchange'
import { wheelingView } from './wheeling.ts'

const [grid, other] = [8, 9]

const run = (kind: string, soldWh: bigint, boughtWh: bigint) => ({
  kind,
  traded: [
    { meter: 0, sold: soldWh, bought: 0n },
    { meter: 1, sold: 0n, bought: boughtWh },
  ],
})

const record = (interval: number, ...runs: object[]) => [interval, { interval, runs }] as const

const state = {
  participants: [{ account: 3, retailer: 5 }, { account: 4, retailer: null }],
  meters: [{ meter: 0, zone: 0, account: 3 }, { meter: 1, zone: 1, account: 4 }],
  intervals: new Map([
    [
      bilateralZone,
      new Map([
        record(102, run('final', 7n, 7n)),
        record(100, run('final', 80n, 80n)),
        record(101, run('provisional', 80n, 80n), run('resettled', 81n, 81n)),
        record(103),
      ]),
    ],
  ]),
  trading: {
    utilities: new Map([[0, grid], [1, other]]),
    wheeling: new Map([[grid, [{ from: 100, rate: 11_000n }, { from: 102, rate: 12_500n }]]]),
  },
} as unknown as State

describe('wheeling', () => {
  test('is charged by the rate of the interval, rounded up, on the latest run', () => {
    const { rates, lines } = wheelingView(state, grid, { from: undefined, limit: 9 })
    deepEqual(rates.map(({ fromInterval }) => fromInterval), [100, 102])
    deepEqual(
      lines.map((one) => [one.interval, one.soldWh, one.amountMicros, one.runKind]),
      [[100, 80n, 880n, 'final'], [101, 81n, 891n, 'resettled'], [102, 7n, 88n, 'final']],
    )
    deepEqual([lines[0]?.zone, lines[0]?.meter, lines[0]?.retailer], [0, 0, 5])
  })

  test('is nothing where the utility has said no rate, and comes in pages', () => {
    deepEqual(wheelingView(state, other, { from: undefined, limit: 9 }), { rates: [], lines: [] })
    const [first, ...rest] = wheelingView(state, grid, { from: 101, limit: 1 }).lines
    deepEqual([first?.interval, rest.length], [101, 0])
    equal(wheelingView(state, grid, { from: 103, limit: 1 }).lines.length, 0)
  })
})
