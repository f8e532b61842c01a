/**
 * Goal: a series says of an interval what its record says, adds up several without losing a
 * watt-hour, and goes on saying it when the state has forgotten the interval.
 * Method: records made by hand, read one by one and in groups; the sums of any grouping are those
 * of the single intervals (property, replay with `SEED=…`).
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bilateralZone, emptyState, type IntervalRecord, type State } from '@busbar/core/exchange'
import type { Run } from '@busbar/core/settlement'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import fc from 'fast-check'
import { SeriesHistory } from './series.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

type Figures = {
  readonly price: bigint | null
  readonly traded: bigint
  readonly metered: readonly [injected: bigint, consumed: bigint] | null
  readonly proof?: IntervalRecord['proof']
  readonly status?: IntervalRecord['status']
}

function recordOf(interval: number, figures: Figures): IntervalRecord {
  const { price, traded, metered, proof = 'proven', status = 'final' } = figures
  const [injected, consumed] = metered ?? [0n, 0n]
  const rest = { imported: 0n, exported: 0n, imbalanceBought: 0n, imbalanceSold: 0n }
  const energy = { ...rest, injected, consumed, unexplained: 0n }
  const run = { kind: 'final', energy, estimated: [1], items: [], net: [] } as unknown as Run
  return {
    ...{ zone: 0, interval, status, proof, orderCount: 3, voids: new Map([['a', 'x']]) },
    price: price === null ? null : MicrosPerKwh.from(price),
    energy: WattHours.from(traded),
    runs: metered === null ? [] : [run],
  } as unknown as IntervalRecord
}

function stateOf(figures: readonly Figures[], first = 100): State {
  const state = emptyState()
  state.zones.push({ zone: 0, name: 'street', parent: null, bridgeWatts: 0 })
  const records = figures.map((some, i) => [first + i, recordOf(first + i, some)] as const)
  state.intervals.set(0, new Map(records))
  state.clearedThrough = first + figures.length - 1
  return state
}

const rows = (figures: readonly Figures[], step: number, from: number | undefined = 100) =>
  new SeriesHistory(() => stateOf(figures)).points(0, { from, points: 500, step }) ?? []

describe('a series', () => {
  test('says of one interval what its record says', () => {
    deepEqual(rows([{ price: -5n, traded: 7n, metered: [30n, 20n] }], 1), [
      {
        interval: 100,
        status: 'final',
        proof: 'proven',
        price: -5n,
        traded: 7n,
        injected: 30n,
        consumed: 20n,
        selfSupplied: 20n,
        orderCount: 3,
        voidCount: 1,
        estimatedMeterCount: 1,
        correctionCount: 0,
      },
    ])
  })

  test('weights a price by what was traded, and rounds it down below zero too', () => {
    const metered = null
    const [up] = rows(
      [{ price: 10n, traded: 1n, metered }, { price: 20n, traded: 2n, metered }], 2,
    )
    equal(up?.price, 16n)
    const [down] = rows(
      [{ price: -10n, traded: 1n, metered }, { price: -20n, traded: 2n, metered }], 2,
    )
    equal(down?.price, -17n)
  })

  test('says the worst of a proof and the least advanced status', () => {
    const none = { price: null, traded: 0n, metered: null }
    const [point] = rows(
      [none, { ...none, proof: 'overdue', status: 'cleared' }, { ...none, proof: 'awaited' }],
      3,
    )
    equal(point?.proof, 'overdue')
    equal(point?.status, 'cleared')
    equal(point?.price, null)
    equal(point?.injected, null)
  })

  test('begins with the newest, aligned, where nobody says from where', () => {
    const one = { price: 1n, traded: 1n, metered: null }
    const history = new SeriesHistory(() => stateOf(Array.from({ length: 10 }, () => one)))
    const found = history.points(0, { from: undefined, points: 2, step: 4 })
    deepEqual(found?.map(({ interval, traded }) => [interval, traded]), [[104, 4n], [108, 2n]])
    equal(history.points(7, { from: undefined, points: 1, step: 1 }), undefined)
  })

  test('is told of the trades of all zones as of a zone of their own', () => {
    const state = stateOf([{ price: 1n, traded: 1n, metered: null }])
    const record = recordOf(100, { price: null, traded: 9n, metered: [0n, 0n] })
    state.intervals.set(bilateralZone, new Map([[100, record]]))
    const history = new SeriesHistory(() => state)
    const [point] = history.points(bilateralZone, { from: 100, points: 1, step: 1 }) ?? []
    deepEqual([point?.traded, point?.estimatedMeterCount], [9n, 1])
  })

  test('remembers what the state has forgotten, as it was last', () => {
    const state = stateOf([{ price: 1n, traded: 1n, metered: null }])
    const history = new SeriesHistory(() => state)
    state.intervals.get(0)?.set(100, recordOf(100, { price: 2n, traded: 5n, metered: [1n, 1n] }))
    history.hear({ kind: 'interval_proven', zone: 0, interval: 100, state: 'proven' })
    state.intervals.get(0)?.clear()
    const [point] = history.points(0, { from: 100, points: 1, step: 1 }) ?? []
    equal(point?.traded, 5n)
    equal(point?.injected, 1n)
  })

  test('adds up to the same in groups of any size', () => {
    const figure = fc.record({
      price: fc.option(fc.bigInt(-1_000n, 1_000n)),
      traded: fc.bigInt(0n, 1_000n),
      metered: fc.option(fc.tuple(fc.bigInt(0n, 1_000n), fc.bigInt(0n, 1_000n))),
    })
    fc.assert(
      fc.property(fc.array(figure, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 9 }),
        (figures, step) => {
          const [single, grouped] = [rows(figures, 1), rows(figures, step)]
          for (const field of ['traded', 'injected', 'consumed', 'selfSupplied'] as const) {
            const sum = (all: typeof single) =>
              all.reduce((total, point) => total + (point[field] ?? 0n), 0n)
            equal(sum(grouped), sum(single), field)
          }
          for (const { price, interval } of grouped) {
            const within = single.filter(
              (one) => one.interval >= interval && one.interval < interval + step,
            )
            const prices = within.flatMap((one) => one.price ?? [])
            if (price === null) equal(prices.length, 0)
            else equal(price <= prices.reduce((a, b) => (a > b ? a : b)), true)
          }
        }),
      replay,
    )
  })
})
