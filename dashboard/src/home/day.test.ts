/**
 * Goal: a day begins and ends with the market's, one interval is read again without touching the
 * others, and the sums of a day are those of its intervals.
 * Method: tables, the days on which clocks change, and a day by hand.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AccountSeries } from '@busbar/protocols/api'
import { dayRange, flowOf, isInRange, partnersOf, sumsOf, withIntervals } from './day.ts'

const intervalMs = 900_000
const berlin = { intervalMs, timeZone: 'Europe/Berlin' }

describe('a day', () => {
  type Case = readonly [moment: string, back: number, from: string, length: number]
  const cases: readonly Case[] = [
    ['2026-06-01T10:00Z', 0, '2026-05-31T22:00Z', 96],
    ['2026-06-01T22:00Z', 0, '2026-06-01T22:00Z', 96],
    ['2026-06-01T10:00Z', 1, '2026-05-30T22:00Z', 96],
    ['2026-03-29T10:00Z', 0, '2026-03-28T23:00Z', 92],
    ['2026-03-30T10:00Z', 1, '2026-03-28T23:00Z', 92],
    ['2026-10-25T10:00Z', 0, '2026-10-24T22:00Z', 100],
    ['2026-10-27T10:00Z', 2, '2026-10-24T22:00Z', 100],
  ]
  for (const [moment, back, from, length] of cases) {
    test(`${moment}, ${back} back`, () => {
      const range = dayRange(Date.parse(moment), back, berlin)
      deepEqual(range, { from: Date.parse(from) / intervalMs, intervals: length })
      deepEqual(
        [range.from - 1, range.from, range.from + length - 1, range.from + length].map((one) =>
          isInRange(range, one)),
        [false, true, true, false],
      )
    })
  }
})

/** In 12 seen from 10: bought 300 of 500 in the auction, 100 by contract; then sold; then open. */
const day: AccountSeries = {
  account: 7,
  interval: [10, 11, 12],
  status: ['final', 'provisional', 'cleared'],
  ...{ isEstimated: [false, false, false], correctionCount: [1, 0, 0] },
  priceMicrosPerKwh: [200_000, 100_000, 150_000],
  ...{ importedWh: [500, 20, null], exportedWh: [0, 320, null] },
  ...{ boughtWh: [300, 0, 50], soldWh: [0, 200, 0] },
  ...{ tradeBoughtWh: [100, 0, 0], tradeSoldWh: [0, 40, 0] },
  ...{ bookedMicros: [-115_000, 30_000, 0], worthMicros: [-115_000, 30_000, null] },
  tariffMicros: [-150_000, 24_000, null],
  deliveries: [
    {
      ...{ trade: 3, interval: 10, side: 'buy', partner: 9, energyWh: 100 },
      ...{ priceMicrosPerKwh: 250_000, amountMicros: -25_000 },
    },
    {
      ...{ trade: 4, interval: 11, side: 'sell', partner: 8, energyWh: 40 },
      ...{ priceMicrosPerKwh: 240_000, amountMicros: 9_600 },
    },
  ],
}

describe('its sums', () => {
  test('are of what is settled', () => {
    deepEqual(sumsOf(day), {
      ...{ worthMicros: -85_000, tariffMicros: -126_000, savedMicros: 41_000 },
      ...{ givenWh: 320, takenWh: 520, settled: 2 },
    })
    const unknown = sumsOf({ ...day, tariffMicros: [null, null, null] })
    deepEqual([unknown.tariffMicros, unknown.savedMicros], [null, null])
  })

  test('say from whom as far as anybody may know', () => {
    const rows = partnersOf(day).map(({ kind, account, side, energyWh, priceMicrosPerKwh }) =>
      [kind, account, side, energyWh, priceMicrosPerKwh])
    deepEqual(rows, [
      ['contract', 9, 'buy', 100, 250_000],
      ['contract', 8, 'sell', 40, 240_000],
      ['auction', null, 'buy', 350, 192_857],
      ['auction', null, 'sell', 200, 100_000],
      ['rest', null, 'buy', 100, null],
      ['rest', null, 'sell', 60, null],
    ])
  })
})

describe('one interval', () => {
  const fresh: AccountSeries = {
    ...day,
    interval: [12],
    status: ['provisional'],
    ...{ isEstimated: [true], correctionCount: [0], priceMicrosPerKwh: [150_000] },
    ...{ importedWh: [60], exportedWh: [0], boughtWh: [50], soldWh: [0] },
    ...{ tradeBoughtWh: [0], tradeSoldWh: [0], bookedMicros: [-9_000], worthMicros: [-9_000] },
    ...{ tariffMicros: [-18_000], deliveries: [] },
  }

  test('takes the place of what was known of it', () => {
    const merged = withIntervals(day, fresh, { from: 12, intervals: 1 })
    deepEqual(merged.interval, [10, 11, 12])
    deepEqual(merged.worthMicros, [-115_000, 30_000, -9_000])
    deepEqual(merged.deliveries, day.deliveries)
    const first = { ...fresh, interval: [9] }
    deepEqual(withIntervals(day, first, { from: 9, intervals: 1 }).interval, [9, 10, 11, 12])
    const gone = withIntervals(day, { ...fresh, interval: [] }, { from: 10, intervals: 1 })
    deepEqual([gone.interval, gone.deliveries.map(({ trade }) => trade)], [[11, 12], [4]])
  })

  test('shows the power of the newest that was metered', () => {
    const flow = flowOf(day, 900)
    deepEqual(flow, { interval: 11, meterW: 1_200, neighboursW: 960, gridW: 240 })
    deepEqual(flowOf(withIntervals(day, fresh, { from: 12, intervals: 1 }), 900)?.neighboursW, -200)
    equal(flowOf({ ...day, importedWh: [null, null, null] }, 900), undefined)
  })
})
