/**
 * Goal: what is drawn of the books over time is what was answered: one wrong run makes its point,
 * its day and the whole red; days are those of the market's zone; and no question is larger than
 * the interface takes.
 * Method: answers with one figure changed, and days around a change of the clocks.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type ConservationHistory, historyLimits } from '@busbar/protocols/api'
import { csvOf } from '../../lib/csv.ts'
import {
  bookColumns, daysBefore, intervalsOfHour, pointsOf, readDay, readDays, runsIn, stateOf,
} from './history.ts'

const answer = (change: Partial<ConservationHistory> = {}): ConservationHistory => ({
  ...{ step: 1, interval: [7, 8], intervalCount: [1, 1], runCount: [2, 1] },
  ...{ wrongCount: [0, 0], waitingCount: [0, 0], energyInWh: [5, 6], energyOutWh: [5, 6] },
  ...{ movedMicros: [1, 2], balancesMicros: [9, 9], custodyMicros: [9, null], ...change },
})

describe('points', () => {
  const cases: readonly (readonly [string, Partial<ConservationHistory>, string, string])[] = [
    ['that hold', {}, 'holds,holds', 'holds'],
    ['of which one waits', { waitingCount: [0, 1] }, 'holds,waiting', 'waiting'],
    ['of which one run is wrong', { wrongCount: [1, 0] }, 'wrong,holds', 'wrong'],
    ['wrong and waiting', { wrongCount: [1, 0], waitingCount: [1, 1] }, 'wrong,waiting', 'wrong'],
  ]
  for (const [name, change, each, all] of cases) {
    test(name, () => {
      const points = pointsOf(answer(change))
      equal(points.map(({ state }) => state).join(), each)
      equal(stateOf(points), all)
      equal(runsIn(points, 'runs'), 3)
    })
  }

  test('of nothing say nothing', () => equal(stateOf([]), null))

  test('are saved exactly', () => {
    const text = csvOf(bookColumns(pointsOf(answer()), 300_000))
    equal(text.split('\r\n')[2], '8,1970-01-01T00:40:00.000Z,holds,1,0,0,6,6,2,9,')
  })
})

describe('days', () => {
  const berlin = { intervalMs: 300_000, timeZone: 'Europe/Berlin' }

  test('are a week that ends with the market\u2019s day, which has 23 hours once a year', () => {
    const days = daysBefore(Date.UTC(2025, 2, 31, 10), 0, berlin)
    deepEqual(days.map(({ count }) => count), [...Array(5).fill(288), 276, 288])
    equal(days.at(-1)?.startMs, Date.UTC(2025, 2, 30, 22))
    const before = daysBefore(Date.UTC(2025, 2, 31, 10), 1, berlin)
    equal((before.at(-1)?.from ?? 0) + 288, days[0]?.from)
  })

  test('are fewer where intervals are short', () => {
    const days = daysBefore(Date.UTC(2025, 0, 8), 0, { intervalMs: 60_000, timeZone: 'UTC' })
    equal(days.length, 6)
  })

  test('are asked for within what one answer holds', async () => {
    const asked: { from?: number; points?: number; step?: number }[] = []
    const books = {
      history: async (one: { from?: number; points?: number; step?: number } = {}) => {
        asked.push(one)
        return answer()
      },
    }
    for (const intervalMs of [1_000, 60_000, 300_000, 900_000, 7_200_000]) {
      const days = daysBefore(Date.UTC(2025, 0, 8), 0, { intervalMs, timeZone: 'UTC' })
      await readDays(books, days, intervalsOfHour(intervalMs))
      const [day] = days
      if (day !== undefined) await readDay(books, day)
      const count = asked.reduce((sum, { points = 0, step = 1 }) => sum + points * step, 0)
      ok(count >= days.reduce((sum, one) => sum + one.count, 0) + (day?.count ?? 0))
      for (const { points = 0, step = 0 } of asked.splice(0)) {
        ok(points >= 1 && points <= historyLimits.points.max)
        ok(points * step <= historyLimits.intervals.max)
      }
    }
  })
})
