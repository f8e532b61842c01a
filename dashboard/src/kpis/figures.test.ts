/**
 * Goal: figures are asked for within what is answered, and shown as shares and prices.
 * Method: tables.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Kpis } from '@busbar/protocols/api'
import { etherOf, hourColumns, kpiRange } from './figures.ts'

describe('figures', () => {
  test('are asked for over a range, and never over more than is answered', () => {
    deepEqual(kpiRange({ from: 100, points: 288, step: 1 }), { from: 100, to: 387 })
    deepEqual(kpiRange({ from: 0, points: 290, step: 7 }), { from: 14, to: 2_029 })
  })

  test('by the hour are shares and prices, or nothing', () => {
    const hour = { startMs: 3_600_000, feesMicros: 30, deviationMicros: -10, tradedWh: 20 }
    const none = { ...hour, startMs: 7_200_000, tradedWh: 0, consumedWh: 0, matchedWh: 0 }
    const hours = [{ ...hour, consumedWh: 8, matchedWh: 2 }, none]
    deepEqual(hourColumns({ hours } as unknown as Kpis), {
      ...{ timesMs: [3_600_000, 7_200_000], carbonFree: [0.25, null], spread: [1_000, null] },
    })
  })

  test('of the chain are shown in ether', () => {
    equal(etherOf('0'), 0)
    equal(etherOf('1500000000000000000'), 1.5)
    equal(etherOf('1999999999999'), 0.000001)
  })
})
