/**
 * Goal: an interval is an exception for each of its reasons, and for nothing else, in whatever zone
 * it is.
 * Method: series of intervals that have one reason each.
 */
import { deepEqual } from 'node:assert/strict'
import { test } from 'node:test'
import type { Series } from '@busbar/protocols/api'
import { exceptionsOf } from './exceptions.ts'

test('each reason makes an exception, and waiting makes none', () => {
  const series = {
    zone: 1,
    interval: [1, 2, 3, 4, 5, 6, 7, 8],
    proof: ['proven', 'awaited', 'none', 'overdue', 'faulty', 'proven', 'proven', 'proven'],
    voidCount: [0, 0, 0, 0, 0, 2, 0, 0],
    estimatedMeterCount: [0, 0, 0, 0, 0, 0, 3, 0],
    correctionCount: [0, 0, 0, 0, 0, 0, 0, 1],
  } as unknown as Series
  deepEqual(exceptionsOf([series]).map(({ interval }) => interval), [8, 7, 6, 5, 4])
  const [, , voids] = exceptionsOf([series])
  deepEqual(voids, {
    ...{ zone: 1, interval: 6, proof: 'proven', voids: 2, estimated: 0, corrections: 0 },
  })
})

test('those of all zones are together, the newest first', () => {
  const seriesOf = (zone: number, interval: readonly number[]): Series => ({
    ...{ zone, interval, proof: interval.map(() => 'faulty') },
    ...{ voidCount: [], estimatedMeterCount: [], correctionCount: [] },
  } as unknown as Series)
  const found = exceptionsOf([seriesOf(0, [3, 5]), seriesOf(0xffff_fffe, [4, 5])])
  deepEqual(found.map(({ zone, interval }) => [zone, interval]), [
    [0, 5], [0xffff_fffe, 5], [0xffff_fffe, 4], [0, 3],
  ])
})
