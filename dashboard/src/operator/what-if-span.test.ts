/**
 * Goal: days are asked for as the intervals that they have by the market's calendar, and sums of
 * zones and days are the sums of their parts.
 * Method: tables, with days that are longer or shorter, and places far from Greenwich.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  byDay, dateOf, dayNamed, savedDays, spanOf, sumOf, type WhatIfDay,
} from './what-if-span.ts'

const hour = 3_600_000
const market = (timeZone: string) => ({ intervalMs: 300_000, timeZone })

describe('days', () => {
  const places = ['UTC', 'Europe/Berlin', 'Pacific/Auckland', 'Pacific/Kiritimati', 'Pacific/Niue']
  for (const timeZone of places) {
    test(`begin and end as they do in ${timeZone}`, () => {
      for (const date of ['2026-06-01', '2026-03-29', '2026-10-25', '2026-04-05', '2026-12-31']) {
        const day = dayNamed(date, timeZone)
        equal(dateOf(day?.startMs ?? 0, timeZone), date, 'first')
        equal(dateOf((day?.endMs ?? 0) - 1, timeZone), date, 'last')
        equal(dateOf((day?.startMs ?? 0) - 1, timeZone) < date, true, 'before')
        equal(dateOf(day?.endMs ?? 0, timeZone) > date, true, 'after')
      }
    })
  }

  test('are asked for by their intervals', () => {
    const first = Date.UTC(2026, 5, 1) / 300_000
    deepEqual(spanOf('2026-06-01', '2026-06-02', market('UTC')), { from: first, to: first + 575 })
    deepEqual(spanOf('2026-06-01', '2026-06-01', market('Europe/Berlin')), {
      from: first - 24, to: first + 263,
    })
    // The day on which clocks go forward has an hour less.
    const spring = spanOf('2026-03-29', '2026-03-29', market('Europe/Berlin'))
    equal((spring?.to ?? 0) - (spring?.from ?? 0) + 1, (23 * hour) / 300_000)
  })

  test('are none where they end before they begin, or are no days', () => {
    for (const [first, last] of [
      ['2026-06-02', '2026-06-01'], ['', '2026-06-01'], ['2026-06-01', 'June'],
      ['2026-02-31x', '2026-06-01'],
    ] as const) {
      equal(spanOf(first, last, market('UTC')), undefined, `${first} to ${last}`)
    }
  })
})

const row = (day: string, zone: number, energyWh: number, price: number | null): WhatIfDay => ({
  ...{ day, zone, intervals: 2, refusedOrders: 1, movedMicros: 5 },
  own: { energyWh, meanPriceMicrosPerKwh: price, feesMicros: 7 },
  other: { energyWh: 0, meanPriceMicrosPerKwh: null, feesMicros: 0 },
})

test('sums are of their parts, and a mean price is weighted by energy', () => {
  const days = [row('a', 0, 100, 10), row('a', 1, 300, 20), row('b', 0, 0, null)]
  const [one, other] = byDay(days)
  deepEqual(one?.own, { energyWh: 400, meanPriceMicrosPerKwh: 18, feesMicros: 14 })
  deepEqual([one?.intervals, one?.refusedOrders, one?.movedMicros], [4, 2, 10])
  equal(other?.own.meanPriceMicrosPerKwh, null)
  equal(sumOf(days).own.energyWh, 400)
  deepEqual(new Set(Object.values(savedDays(days)).map((column) => column.length)), new Set([3]))
})
