/**
 * Goal: money, energy, parts and times that people write become the exact numbers of the
 * interface, and nothing is rounded on the way.
 * Method: tables of what is taken and of what is refused, with the words; random decimals against
 * a second way to read them.
 */
import { deepEqual, equal, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { parse } from '../arguments.ts'
import { UsageError } from '../cli-error.ts'
import { decimal } from '@busbar/client'
import { basisPoints, micros, number, wattHours } from './quantities.ts'
import { type Calendar, gateOf, intervalOf, momentOf, timeText, windowOf } from './times.ts'

const refused = (read: () => unknown, words: RegExp): void =>
  throws(read, (error) => error instanceof UsageError && words.test(error.message))

describe('quantities', () => {
  test('are exact', () => {
    deepEqual(
      ['0.28', '5', '-0.05', '0.000001', '9007199254.740991'].map((text) => micros(text, 'P')),
      [280_000, 5_000_000, -50_000, 1, Number.MAX_SAFE_INTEGER],
    )
    deepEqual(
      ['500Wh', '0.5kWh', '0.625 kWh', '1.234567MWh', '0Wh'].map((text) => wattHours(text, 'E')),
      [500, 500, 625, 1_234_567, 0],
    )
    deepEqual(['10%', '2.5 %', '0%', '0.01%'].map((text) => basisPoints(text, 'B')), [
      1_000, 250, 0, 1,
    ])
    equal(number('12', 'N'), 12)
  })

  test('that would be rounded, or have no unit, are refused', () => {
    for (const text of ['0.2800001', '.5', '1,5', '1e3', '', '0x1', '9007199254.740992']) {
      refused(() => micros(text, '--price'), /^--price is .*; it takes money such as 0\.28/)
    }
    for (const text of ['500', '0.5Wh', '0.0001kWh', '5 kilowatt', '-5Wh', 'Wh', '5kwh']) {
      refused(() => wattHours(text, '--energy'), /energy with its unit, such as 500Wh/)
    }
    for (const text of ['10', '0.001%', '-1%', '%']) {
      refused(() => basisPoints(text, '--penalty'), /a part such as 10% or 2\.5%/)
    }
    refused(() => number('1.5', 'TRADE'), /TRADE is 1\.5; it takes a whole number/)
    refused(() => number(undefined, 'TRADE'), /TRADE is missing/)
  })

  test('are what their digits say', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 12), max: 10 ** 12 }), (value) => {
        const digits = String(Math.abs(value)).padStart(7, '0')
        const text = `${value < 0 ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`
        equal(decimal(text, 6), value)
      }),
    )
  })
})

describe('times', () => {
  const calendar: Calendar = {
    clock: { mode: 'manual', nowMs: 0, speed: 0 },
    interval: {
      ...{ now: 10, openFrom: 12, openThrough: 100, clearedThrough: 10 },
      nextGate: { interval: 12, atMs: 0 },
    },
    rulebook: { intervalSeconds: 900, gateLeadSeconds: 300 },
  }

  test('name an interval by number, by its start, or from the next one on', () => {
    deepEqual(
      ['17', '+0', '+5', '1970-01-01T03:00Z', '1970-01-01T04:00:00+01:00'].map((text) =>
        intervalOf(text, calendar, '--from'),
      ),
      [17, 12, 17, 12, 12],
    )
    equal(timeText(gateOf(calendar, 12)), '1970-01-01T02:55Z')
    equal(timeText(61_000), '1970-01-01T00:01:01Z')
  })

  test('that begin no interval, or have no zone, are refused', () => {
    const between = /when no interval begins; they begin at 1970-01-01T03:00Z and 1970-01-01T03:15Z/
    refused(() => intervalOf('1970-01-01T03:07Z', calendar, '--from'), between)
    for (const text of ['1970-01-01T03:00', '1970-13-01T03:00Z']) {
      refused(() => momentOf(text, '--expires'), /it takes a time with its zone/)
      refused(() => intervalOf(text, calendar, '--from'), /it takes a time with its zone/)
    }
    refused(() => intervalOf('soon', calendar, '--from'), /a number, a time such as/)
    refused(() => intervalOf('-5', calendar, '--from'), /a number, a time such as/)
  })

  const options = {
    from: { type: 'string', means: '' }, until: { type: 'string', means: '' },
    intervals: { type: 'string', means: '' },
  } as const
  const windowFrom = (...args: readonly string[]) =>
    windowOf(parse(args, options), calendar, { fromInterval: 5, intervals: 2 })

  test('make a window, which keeps what is not said', () => {
    deepEqual(windowFrom(), { fromInterval: 5, intervals: 2 })
    deepEqual(windowFrom('--from', '8'), { fromInterval: 8, intervals: 2 })
    deepEqual(windowFrom('--until', '9'), { fromInterval: 5, intervals: 4 })
    refused(() => windowFrom('--until', '5'), /--until must be after --from/)
    refused(() => windowFrom('--until', '9', '--intervals', '1'), /one of them is enough/)
    refused(() => windowOf(parse([], options), calendar, {}), /--from is missing/)
  })
})
