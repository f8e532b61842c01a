/**
 * Goal: no watt-hour appears or disappears when data is cut finer or made whole.
 * Method: properties over random series; the totals are the oracle.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cumulativeWattHours, interpolated, meanPreservingSplit } from './refine.ts'

const seed = Number(process.env.SEED ?? 1)
const series = fc.array(fc.double({ min: 0, max: 50_000, noNaN: true }), { minLength: 1 })

test('whole watt-hours follow the running total within half a watt-hour', () => {
  fc.assert(
    fc.property(series, (values) => {
      const whole = cumulativeWattHours(values)
      let total = 0
      let sum = 0
      values.forEach((value, k) => {
        total += value
        sum += whole[k] ?? 0
        ok(Math.abs(total - sum) <= 0.5 + 1e-6)
        ok((whole[k] ?? -1) >= 0)
      })
    }),
    { seed },
  )
})

test('a split keeps the mean of every period, and nothing becomes negative', () => {
  fc.assert(
    fc.property(series, fc.integer({ min: 1, max: 12 }), (values, parts) => {
      const split = meanPreservingSplit(values, parts)
      values.forEach((value, i) => {
        const part = split.slice(i * parts, (i + 1) * parts)
        const mean = part.reduce((sum, one) => sum + one, 0) / parts
        ok(Math.abs(mean - value) <= 1e-9 * Math.max(1, value), `${mean} is not ${value}`)
        ok(part.every((one) => one >= 0))
      })
    }),
    { seed },
  )
})

test('examples', () => {
  deepEqual([...cumulativeWattHours([0.4, 0.4, 0.4, 0.4])], [0, 1, 0, 1])
  deepEqual([...meanPreservingSplit([0, 6, 0], 2)], [0, 0, 6, 6, 0, 0])
  equal(interpolated([0, 10], 0.25), 2.5)
  equal(interpolated([3, 10], -4), 3)
  equal(interpolated([3, 10], 4), 10)
})
