/**
 * Goal: quantities stay in their ranges, divisions round the way their names say for either sign,
 * and intervals cover time without gap or overlap.
 * Method: each limit from both sides, and properties against the definitions. Replay: `SEED=…`.
 */
import { equal, ok, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Fault } from '../errors/index.ts'
import {
  ceilDivide,
  floorDivide,
  Instant,
  Interval,
  Micros,
  MicrosPerKwh,
  WattHours,
} from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const outOfRange = (error: unknown): boolean =>
  error instanceof Fault && error.code === 'UNIT_OUT_OF_RANGE'

describe('every unit has its limits', () => {
  const bigints: readonly [string, (value: bigint) => bigint, bigint, bigint][] = [
    ['WattHours', WattHours.from, 0n, 10n ** 15n],
    ['Micros', Micros.from, 1n - 2n ** 63n, 2n ** 63n - 1n],
    ['MicrosPerKwh', MicrosPerKwh.from, -(10n ** 12n), 10n ** 12n],
  ]
  for (const [name, from, min, max] of bigints) {
    test(`${name} from ${min} to ${max}`, () => {
      equal(from(min), min)
      equal(from(max), max)
      throws(() => from(min - 1n), outOfRange)
      throws(() => from(max + 1n), outOfRange)
    })
  }

  for (const [name, from] of [['Instant', Instant.from], ['Interval', Interval.from]] as const) {
    test(`${name} is a whole number from 0 to the year 9999`, () => {
      equal(from(0), 0)
      equal(from(253_402_300_799_999), 253_402_300_799_999)
      for (const value of [-1, 0.5, Number.NaN, Infinity, 253_402_300_800_000]) {
        throws(() => from(value), outOfRange)
      }
    })
  }

  test('arithmetic that leaves the range faults', () => {
    throws(() => WattHours.subtract(WattHours.from(1n), WattHours.from(2n)), outOfRange)
    throws(() => WattHours.add(WattHours.max, WattHours.from(1n)), outOfRange)
    throws(() => Micros.add(Micros.max, Micros.from(1n)), outOfRange)
    throws(() => Micros.subtract(Micros.negate(Micros.max), Micros.from(1n)), outOfRange)
    throws(() => MicrosPerKwh.valueFloor(MicrosPerKwh.max, WattHours.max), outOfRange)
  })
})

describe('division', () => {
  const dividend = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n })
  const divisor = fc.bigInt({ min: 1n, max: 10n ** 6n })

  test('the floor is the largest whole number that is not above the quotient', () => {
    fc.assert(
      fc.property(dividend, divisor, (a, b) => {
        const floor = floorDivide(a, b)
        ok(floor * b <= a && (floor + 1n) * b > a)
      }),
      replay,
    )
  })

  test('the ceiling is the smallest whole number that is not below it', () => {
    fc.assert(
      fc.property(dividend, divisor, (a, b) => {
        const ceiling = ceilDivide(a, b)
        ok(ceiling * b >= a && (ceiling - 1n) * b < a)
      }),
      replay,
    )
  })

  test('a divisor that is not positive is our own mistake', () => {
    throws(() => floorDivide(1n, 0n), /invariant broken/)
    throws(() => floorDivide(1n, -2n), /invariant broken/)
  })
})

test('a payer pays what a payee receives, and a micro more where it is not whole', () => {
  const price = fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }).map(MicrosPerKwh.from)
  const energy = fc.bigInt({ min: 0n, max: 10n ** 9n }).map(WattHours.from)
  fc.assert(
    fc.property(price, energy, (at, wattHours) => {
      const residue = MicrosPerKwh.valueCeil(at, wattHours) - MicrosPerKwh.valueFloor(at, wattHours)
      equal(residue, (at * wattHours) % 1_000n === 0n ? 0n : 1n)
    }),
    replay,
  )
})

describe('intervals', () => {
  const length = fc.constantFrom(60_000, 300_000, 900_000, 3_600_000, 86_400_000)

  test('every moment is in exactly one interval, half-open', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), length, (at, lengthMs) => {
        const interval = Interval.at(Instant.from(at), lengthMs)
        ok(Interval.start(interval, lengthMs) <= at && at < Interval.end(interval, lengthMs))
        equal(Interval.end(interval, lengthMs), Interval.start(Interval.next(interval), lengthMs))
      }),
      replay,
    )
  })

  test('a day of 23 or 25 hours in local time is covered as any other, by UTC', () => {
    // Europe/Berlin: 2026-03-29 has 92 quarter hours, 2026-10-25 has 100, other days have 96.
    const days = [
      ['2026-03-28T23:00Z', '2026-03-29T22:00Z', 92],
      ['2026-10-24T22:00Z', '2026-10-25T23:00Z', 100],
      ['2026-06-01T22:00Z', '2026-06-02T22:00Z', 96],
    ] as const
    for (const [from, to, quarters] of days) {
      const first = Interval.at(Instant.from(Date.parse(from)), 900_000)
      const last = Interval.at(Instant.from(Date.parse(to)), 900_000)
      equal(last - first, quarters)
      equal(Interval.start(first, 900_000), Date.parse(from))
    }
  })
})
