/**
 * Goal: a zone's schedule is the sum of its flows, and its peak the fullest that its bridge gets.
 * Method: flows of two zones by hand, one with a bridge.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { schedulesByZone, sumsByRetailer } from './schedule.ts'

const flow = (interval: number, zone: number, injectedWh: number, withdrawnWh: number) => ({
  ...{ interval, zone, injectedWh, withdrawnWh, trades: 1, limited: 0 },
})

describe('the schedule of a zone', () => {
  const zones = [{ zone: 0, bridgeWatts: 0 }, { zone: 1, bridgeWatts: 1_000 }]
  const flows = [flow(9, 1, 100, 0), flow(8, 1, 0, 201), flow(8, 0, 5, 5), flow(10, 1, 300, 200)]
  const [root, street] = schedulesByZone(flows, zones, 900_000)

  test('adds up, in either direction', () => {
    deepEqual([root?.zone, root?.injectedWh, root?.withdrawnWh, root?.peakWh], [0, 5, 5, 0])
    deepEqual([street?.injectedWh, street?.withdrawnWh], [400, 401])
    deepEqual(street?.flows.map(({ interval }) => interval), [8, 9, 10])
  })

  test('has its peak where most goes one way: of 250 Wh a quarter of an hour, rounded up', () => {
    deepEqual([street?.peakWh, street?.peakInterval, street?.peakBasisPoints], [201, 8, 8_040])
    equal(root?.peakBasisPoints, null)
  })

  test('is none where no trade uses the wires', () => {
    deepEqual(schedulesByZone([], zones, 900_000), [])
  })
})

test('what retailers collect adds up by retailer', () => {
  const lines = [
    { retailer: 7, amountMicros: 5 }, { retailer: null, amountMicros: 1 },
    { retailer: 7, amountMicros: 6 },
  ]
  deepEqual(sumsByRetailer(lines), [
    { retailer: null, amountMicros: 1 }, { retailer: 7, amountMicros: 11 },
  ])
})
