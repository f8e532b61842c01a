/**
 * Goal: a histogram loses no energy and misplaces none, however its range grows.
 * Method: chunks of limits at random places and at the edges of the buckets, added up once more in
 * a map. Replay with `SEED=…`.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addEnergy, cover, emptyHistogram, ordersOfBucket } from './energy-histogram.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

test('every limit is in its bucket, and every bucket holds its limits', () => {
  const limit = fc.oneof(
    fc.integer({ min: -70, max: 70 }),
    fc.integer({ min: -(10 ** 12), max: 10 ** 12 }),
    fc.constantFrom(-64, -63, 0, 63, 64, 65, 127, 128, 4_095, 4_096, -(10 ** 12), 10 ** 12),
  )
  const chunks = fc.array(fc.array(limit, { minLength: 1 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(chunks, fc.constantFrom(1, 5_000), (drawn, orderCount) => {
      const limits = Float64Array.from(drawn.flat())
      const energies = limits.map((_, i) => i + 1)
      const histogram = emptyHistogram(orderCount, limits[0] ?? 0)
      let to = 0
      for (const chunk of drawn) {
        const from = to
        to += chunk.length
        const soFar = limits.subarray(0, to)
        cover(histogram, Math.min(...soFar), Math.max(...soFar))
        addEnergy(histogram, limits, energies, from, to)
      }

      const { energyWh, bucketWidth, firstBucket } = histogram
      const expected = new Map<number, number[]>()
      limits.forEach((one, i) => {
        const number = Math.floor(one / bucketWidth)
        expected.set(number, [...(expected.get(number) ?? []), i])
      })
      for (const [number, orders] of expected) {
        const sum = orders.reduce((total, i) => total + (energies[i] ?? 0), 0)
        equal(energyWh[number - firstBucket], sum)
        deepEqual(ordersOfBucket(histogram, number, limits), orders)
      }
      const all = energies.reduce((total, one) => total + one, 0)
      equal(energyWh.reduce((total, one) => total + one, 0), all)
    }),
    { numRuns: 2_000, ...replay },
  )
})
