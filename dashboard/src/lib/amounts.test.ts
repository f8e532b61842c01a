/**
 * Goal: what people write as money or energy is read exactly, or not at all.
 * Method: a table.
 */
import { equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { microsOf, wattHoursOf } from './amounts.ts'

describe('amounts', () => {
  const table: readonly (readonly [string, number | undefined, number | undefined])[] = [
    ['12.50', 12_500_000, 12_500],
    ['12,5', 12_500_000, 12_500],
    [' 0 ', 0, 0],
    ['0.000001', 1, undefined],
    ['0.1', 100_000, 100],
    ['999999999999', undefined, 999_999_999_999_000],
    ['1.0000001', undefined, undefined],
    ['-1', undefined, undefined],
    ['1e3', undefined, undefined],
    ['1.000,50', undefined, undefined],
    ['.5', undefined, undefined],
    ['', undefined, undefined],
  ]
  for (const [text, micros, wattHours] of table) {
    test(JSON.stringify(text), () => {
      equal(microsOf(text), micros)
      equal(wattHoursOf(text), wattHours)
    })
  }
})
