/**
 * Goal: a zone's schedule is the sum of its flows, and its peak the fullest that its bridge gets,
 * with all that hangs below it.
 * Method: flows by hand, of two zones beside each other and of a tree of three levels.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bridgeLoads, loadsIn, schedulesByZone, sumsByRetailer } from './schedule.ts'

const flow = (interval: number, zone: number, injectedWh: number, withdrawnWh: number) => ({
  ...{ interval, zone, injectedWh, withdrawnWh, trades: 1, limited: 0 },
})

describe('the schedule of a zone', () => {
  const zones = [
    { zone: 0, parent: null, bridgeWatts: 0 }, { zone: 1, parent: null, bridgeWatts: 1_000 },
  ]
  const flows = [flow(9, 1, 100, 0), flow(8, 1, 0, 201), flow(8, 0, 5, 5), flow(10, 1, 300, 200)]
  const [root, street] = schedulesByZone(flows, zones, [0, 1], 900_000)

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
    deepEqual(schedulesByZone([], zones, [0, 1], 900_000), [])
  })
})

describe('the load of a bridge', () => {
  // A district, a street in it, two houses of flats in the street, and another district.
  const zones = [
    { zone: 0, parent: null, bridgeWatts: 4_000 }, { zone: 1, parent: 0, bridgeWatts: 2_000 },
    { zone: 2, parent: 1, bridgeWatts: 1_000 }, { zone: 3, parent: 1, bridgeWatts: 0 },
    { zone: 4, parent: null, bridgeWatts: 4_000 },
  ]
  const flows = [
    flow(8, 2, 300, 0), flow(8, 3, 0, 100), flow(8, 1, 10, 0), flow(8, 0, 0, 40),
    flow(8, 4, 0, 170), flow(9, 3, 0, 500), flow(9, 4, 500, 0),
  ]
  const all = [0, 1, 2, 3, 4]
  const at = { interval: 9, intervalMs: 900_000 }
  const loadsOf = (zone: number): readonly unknown[] =>
    bridgeLoads(flows, zones, zone, 900_000)
      .map(({ interval, netWh, basisPoints }) => [interval, netWh, basisPoints])

  test('is of the zone and of all below it, not of what stays among them', () => {
    deepEqual(loadsOf(2), [[8, 300, 12_000]])
    deepEqual(loadsOf(3), [[8, -100, null], [9, -500, null]])
    deepEqual(loadsOf(1), [[8, 210, 4_200], [9, -500, 10_000]])
    deepEqual(loadsOf(0), [[8, 170, 1_700], [9, -500, 5_000]])
    deepEqual(loadsOf(4), [[8, -170, 1_700], [9, 500, 5_000]])
  })

  test('is nothing in an interval of which nothing is agreed', () => {
    const loads = [...loadsIn(flows, zones, all, at).values()]
    deepEqual(loads.map(({ netWh, basisPoints }) => [netWh, basisPoints]), [
      [-500, 5_000], [-500, 10_000], [0, 0], [-500, null], [500, 5_000],
    ])
    deepEqual([...loadsIn([], zones, all, at)], [])
  })

  test('is not known above the wires of others', () => {
    const own = [0, 1, 2]
    const seen = flows.filter(({ zone }) => own.includes(zone))
    deepEqual([...loadsIn(seen, zones, own, at).keys()], [2])
    deepEqual(
      schedulesByZone(seen, zones, own, 900_000)
        .map(({ zone, others, peakBasisPoints }) => [zone, others, peakBasisPoints]),
      [[0, [3], null], [1, [3], null], [2, [], 12_000]],
    )
  })

  test('is the peak of a zone’s schedule, also of one with no trade of its own', () => {
    const below = flows.filter(({ zone }) => zone > 1)
    const schedules = schedulesByZone(below, zones, all, 900_000)
    deepEqual(
      schedules.map(({ zone, flows: own, peakWh, peakInterval }) =>
        [zone, own.length, peakWh, peakInterval]),
      [[0, 0, 500, 9], [1, 0, 500, 9], [2, 1, 300, 8], [3, 2, 500, 9], [4, 2, 500, 9]],
    )
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
