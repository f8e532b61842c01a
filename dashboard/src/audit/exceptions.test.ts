/**
 * Goal: an interval is an exception for each of its reasons, and for nothing else.
 * Method: a series of intervals that have one reason each.
 */
import { deepEqual } from 'node:assert/strict'
import { test } from 'node:test'
import type { Series } from '@busbar/protocols/api'
import { exceptionsOf } from './exceptions.ts'

test('each reason makes an exception, and waiting makes none', () => {
  const series = {
    interval: [1, 2, 3, 4, 5, 6, 7, 8],
    proof: ['proven', 'awaited', 'none', 'overdue', 'faulty', 'proven', 'proven', 'proven'],
    voidCount: [0, 0, 0, 0, 0, 2, 0, 0],
    estimatedMeterCount: [0, 0, 0, 0, 0, 0, 3, 0],
    correctionCount: [0, 0, 0, 0, 0, 0, 0, 1],
  } as unknown as Series
  deepEqual(exceptionsOf(series).map(({ interval }) => interval), [4, 5, 6, 7, 8])
  const [, , voids] = exceptionsOf(series)
  deepEqual(voids, { interval: 6, proof: 'proven', voids: 2, estimated: 0, corrections: 0 })
})
