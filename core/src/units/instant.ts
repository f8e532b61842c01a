import { assert, Fault } from '../errors/index.ts'

declare const instant: unique symbol
declare const interval: unique symbol

/** A moment: integer milliseconds since 1970-01-01T00:00Z. */
export type Instant = number & { readonly [instant]: true }

/**
 * An interval, by number: its start divided by the market's interval length. Half-open
 * `[start, end)` in UTC; also the number of the boundary at its start.
 */
export type Interval = number & { readonly [interval]: true }

/** Year 9999. */
const instantMax = 253_402_300_799_999

export const Instant = {
  from(value: number): Instant {
    if (!Number.isSafeInteger(value) || value < 0 || value > instantMax) {
      throw new Fault('UNIT_OUT_OF_RANGE', { unit: 'ms', value })
    }
    return value as Instant
  },
}

export const Interval = {
  from(value: number): Interval {
    if (!Number.isSafeInteger(value) || value < 0 || value > instantMax) {
      throw new Fault('UNIT_OUT_OF_RANGE', { unit: 'interval', value })
    }
    return value as Interval
  },

  /** The interval that contains `at`. */
  at(at: Instant, lengthMilliseconds: number): Interval {
    assert(lengthMilliseconds > 0, 'an interval has a length')
    return Math.floor(at / lengthMilliseconds) as Interval
  },

  start: (interval: Interval, lengthMilliseconds: number): Instant =>
    Instant.from(interval * lengthMilliseconds),
  end: (interval: Interval, lengthMilliseconds: number): Instant =>
    Instant.from((interval + 1) * lengthMilliseconds),
  next: (interval: Interval, count = 1): Interval => (interval + count) as Interval,
}
