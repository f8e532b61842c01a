/**
 * Goal: a chart asks for its day or week and no more, and following the market point by point ends
 * in the same series as asking for all of it again.
 * Method: ranges by table, and a property: points of a full series, handed in one by one and in any
 * order, some of them twice. Replay with `SEED=…`.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Series } from '@busbar/protocols/api'
import fc from 'fast-check'
import {
  askedFor, lastCleared, merged, pointsOf, rangeOf, since, sumsOf,
} from './series-range.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const row = (interval: number, seed = interval): Series => ({
  zone: 0,
  step: 1,
  interval: [interval],
  status: ['final'],
  proof: ['proven'],
  priceMicrosPerKwh: [seed % 7 === 0 ? null : seed * 1_000],
  tradedWh: [seed % 7 === 0 ? 0 : seed],
  injectedWh: [seed],
  consumedWh: [seed * 2],
  selfSuppliedWh: [seed],
  orderCount: [1],
  voidCount: [0],
  estimatedMeterCount: [0],
  correctionCount: [0],
})

const nothing: Series = {
  ...row(0),
  interval: [], status: [], proof: [], priceMicrosPerKwh: [], tradedWh: [], injectedWh: [],
  consumedWh: [], selfSuppliedWh: [], orderCount: [], voidCount: [], estimatedMeterCount: [],
  correctionCount: [],
}

describe('ranges', () => {
  const noon = Date.UTC(2025, 6, 1, 12)
  const market = { intervalMs: 300_000, timeZone: 'UTC' }

  test('a day is its intervals one by one', () => {
    const from = Date.UTC(2025, 6, 1) / 300_000
    deepEqual(rangeOf('day', 0, noon, market), { zone: 0, from, step: 1, points: 288 })
  })

  test('a week is at most three hundred points that reach to its end', () => {
    const { from, step, points } = rangeOf('week', 2, noon, market)
    equal(from, Date.UTC(2025, 5, 25) / 300_000)
    equal(points <= 300, true)
    equal(from + step * points >= Date.UTC(2025, 6, 2) / 300_000, true)
  })

  test('a day is read with the newest intervals before it, and a week is not', () => {
    const day = rangeOf('day', 0, noon, market)
    const asked = askedFor('day', day)
    deepEqual([asked.from, asked.from + asked.points], [day.from - 48, day.from + day.points])
    const minutes = rangeOf('day', 0, noon, { ...market, intervalMs: 60_000 })
    const wide = askedFor('day', minutes)
    deepEqual([minutes.step, minutes.from - wide.from, wide.points], [5, 50, 298])
    const week = rangeOf('week', 0, noon, market)
    equal(askedFor('week', week), week)
  })

  test('a chart shows nothing of what was before its day', () => {
    const three = merged(merged(row(7), row(8)), row(9))
    deepEqual(since(three, 8), merged(row(8), row(9)))
    deepEqual(since(three, 1), three)
    deepEqual(since(three, 10).interval, [])
    deepEqual(since(three, 10).tradedWh, [])
  })

  test('an interval lies in one point, or outside', () => {
    const range = { zone: 0, from: 100, step: 7, points: 3 }
    deepEqual(pointsOf(range, [106]), { zone: 0, from: 100, step: 7, points: 1 })
    deepEqual(pointsOf(range, [107]), { zone: 0, from: 107, step: 7, points: 1 })
    deepEqual(pointsOf(range, [99, 115, 121, 107]), { zone: 0, from: 107, step: 7, points: 2 })
    equal(pointsOf(range, [99]), undefined)
    equal(pointsOf(range, [121]), undefined)
  })
})

describe('merging', () => {
  test('point by point ends where asking for everything does', () => {
    const points = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(points, fc.infiniteStream(fc.nat(99)), (intervals, chance) => {
        let series = nothing
        for (const interval of intervals) {
          if ((chance.next().value ?? 0) < 40) series = merged(series, row(interval, 777))
          series = merged(series, row(interval))
          series = merged(series, row(interval))
        }
        const all = intervals.toSorted((a, b) => a - b).map((interval) => row(interval))
        const whole = Object.fromEntries(
          Object.keys(nothing).map((key) => [
            key,
            key === 'zone' || key === 'step'
              ? nothing[key as 'zone']
              : all.flatMap((one) => one[key as 'interval']),
          ]),
        )
        deepEqual(series, whole)
      }),
      replay,
    )
  })

  test('sums weight the price, and say nothing of nothing', () => {
    deepEqual(sumsOf(nothing), { tradedWh: 0, averageMicrosPerKwh: null, selfShare: null })
    const two = merged(row(1), row(3))
    deepEqual(sumsOf(two), { tradedWh: 4, averageMicrosPerKwh: 2_500, selfShare: 0.5 })
  })

  test('the last cleared is not the last fixed', () => {
    equal(lastCleared(nothing), -1)
    const fixed: Series = { ...merged(row(1), row(2)), status: ['cleared', 'fixed'] }
    equal(lastCleared(fixed), 0)
  })
})
