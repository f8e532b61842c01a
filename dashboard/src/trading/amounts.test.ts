/**
 * Goal: amounts are read as people write them, and what is unclear is not guessed.
 * Method: a table.
 */
import { equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { microsOf, wattHoursOf, written } from './amounts.ts'

describe('energy', () => {
  const cases: readonly (readonly [text: string, wattHours: number | undefined])[] = [
    ['500', 500], ['500 Wh', 500], ['0.5 kWh', 500], ['1,25kwh', 1_250], [' 7 ', 7],
    ['0', undefined], ['-5', undefined], ['0.5', undefined], ['1.2345 kWh', undefined],
    ['1 MWh', undefined], ['', undefined], ['1,5,0 kWh', undefined],
  ]
  for (const [text, wattHours] of cases) {
    test(JSON.stringify(text), () => equal(wattHoursOf(text), wattHours))
  }
})

describe('a price', () => {
  const cases: readonly (readonly [text: string, micros: number | undefined])[] = [
    ['0.28', 280_000], ['0,28', 280_000], ['-0.05', -50_000], ['1', 1_000_000],
    ['0.1234567', undefined], ['cheap', undefined], ['', undefined], ['1e3', undefined],
  ]
  for (const [text, micros] of cases) {
    test(JSON.stringify(text), () => equal(microsOf(text), micros))
  }

  test('is written as it is read', () => {
    for (const micros of [280_000, -50_000, 1, 0]) equal(microsOf(written(micros)), micros)
  })
})
