/**
 * Goal: a meter's energy per interval is what its registers counted, over roll-overs and replaced
 * devices, and what is not known is estimated, marked, and never adds energy to what was counted.
 * Method: a table of registers by boundary for the cases a metering engineer argues about, and a
 * property that loses readings of a known course. Replay one failure with `SEED=…`.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  type Assurance,
  emptyReadings,
  meteredEnergy,
  type MeterReadings,
  nearest,
  registerDifference,
  replaceDevice,
  takeReading,
} from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

// digits before after → counted
const differences: readonly (readonly [number, bigint, bigint, bigint])[] = [
  [6, 100n, 130n, 30n],
  [6, 999_990n, 20n, 30n],
  [6, 999_999n, 0n, 1n],
  [6, 0n, 999_999n, 999_999n],
  [6, 5n, 5n, 0n],
  [5, 99_999n, 99_998n, 99_999n],
  [15, 999_999_999_999_999n, 1n, 2n],
]

describe('the difference of two registers', () => {
  for (const [digits, before, after, counted] of differences) {
    test(`${digits} digits from ${before} to ${after} is ${counted} Wh`, () => {
      equal(registerDifference(before, after, digits), counted)
    })
  }
})

/**
 * One line per boundary that was read: `boundary import/export`. A replaced device shows both
 * sides, and the digits of the new one: `boundary import/export > import/export digits`.
 */
function readingsOf(text: string, digits = 6): MeterReadings {
  const readings = emptyReadings(digits)
  for (const line of text.trim().split('\n')) {
    const [boundary = '', shown = '', arrow, begins = '', newDigits = ''] = line.trim().split(/\s+/)
    const registers = (pair: string): { importWh: bigint; exportWh: bigint } => {
      const [importWh = '', exportWh = ''] = pair.split('/')
      return { importWh: BigInt(importWh), exportWh: BigInt(exportWh) }
    }
    const at = Number(boundary)
    if (arrow === undefined) {
      takeReading(readings, { boundary: at, version: 0, ...registers(shown) })
    } else {
      replaceDevice(readings, at, 0, registers(shown), registers(begins), Number(newDigits))
    }
  }
  return readings
}

/** `interval import/export assurance` per line. */
function checkEnergy(name: string, registers: string, expected: string): void {
  test(name, () => {
    const readings = readingsOf(registers)
    for (const line of expected.trim().split('\n')) {
      const [interval = '', energy, assurance] = line.trim().split(/\s+/)
      const found = meteredEnergy(readings, Number(interval))
      equal(`${found.imported}/${found.exported}`, energy, `energy of ${interval}`)
      equal(found.assurance, assurance, `assurance of ${interval}`)
    }
  })
}

describe('the energy of an interval', () => {
  checkEnergy('is the difference of the registers at both ends', `
    10 500/40
    11 530/40
    12 531/90
  `, `
    10 30/0 metered
    11 1/50 metered
  `)
  checkEnergy('counts on over the last digit', `
    10 999980/5
    11 10/5
  `, `
    10 30/0 metered
  `)
  checkEnergy('inside a gap is spread evenly', `
    10 500/0
    13 530/0
  `, `
    10 10/0 interpolated
    11 10/0 interpolated
    12 10/0 interpolated
  `)
  checkEnergy('that does not divide evenly loses no watt-hour', `
    10 500/0
    13 511/2
  `, `
    10 3/0 interpolated
    11 4/1 interpolated
    12 4/1 interpolated
  `)
  checkEnergy('inside a gap is spread over the roll-over too', `
    10 999990/0
    12 10/0
  `, `
    10 10/0 interpolated
    11 10/0 interpolated
  `)
  checkEnergy('behind the last reading repeats the last interval', `
    10 500/7
    11 530/8
  `, `
    11 30/1 repeated
    12 30/1 repeated
    40 30/1 repeated
  `)
  checkEnergy('after a single reading repeats nothing', `
    10 500/7
  `, `
    10 0/0 repeated
  `)
  checkEnergy('after a gap repeats nothing: its last interval was not metered', `
    10 500/0
    13 530/0
  `, `
    13 0/0 repeated
  `)
  checkEnergy('before the first reading is nothing', `
    10 500/7
    11 530/7
  `, `
    9 0/0 absent
    8 0/0 absent
  `)
  checkEnergy('at a replaced device ends with the old registers and goes on with the new', `
    10 999000/50
    11 999500/60 > 7/3 8
    12 27/4
  `, `
    10 500/10 metered
    11 20/1 metered
    12 20/1 repeated
  `)
  checkEnergy('over a gap in which the device was replaced adds both devices', `
    10 999000/50
    11 999500/60 > 99999900/3 8
    13 40/3
  `, `
    10 500/10 metered
    11 70/0 interpolated
    12 70/0 interpolated
  `)
  checkEnergy('after a replaced device rolls over by the digits of the new one', `
    10 10/0 > 99990/0 5
    11 15/0
  `, `
    10 25/0 metered
  `)
})

test('a meter that was never read has no energy', () => {
  const { imported, exported, assurance } = meteredEnergy(emptyReadings(6), 10)
  deepEqual([imported, exported, assurance], [0n, 0n, 'absent'])
})

describe('whatever readings are lost', () => {
  const course = fc.array(fc.nat(900), { minLength: 2, maxLength: 30 })
  const lost = fc.uniqueArray(fc.nat(30), { maxLength: 25 })
  const start = fc.integer({ min: 0, max: 999_999 })

  test('what is interpolated sums to what the registers counted', () => {
    fc.assert(
      fc.property(course, lost, start, (steps, gaps, begin) => {
        const readings = emptyReadings(6)
        let register = begin
        for (let boundary = 0; boundary <= steps.length; boundary += 1) {
          const kept = boundary === 0 || boundary === steps.length || !gaps.includes(boundary)
          const importWh = BigInt(register % 1_000_000)
          if (kept) takeReading(readings, { boundary, version: 0, importWh, exportWh: 0n })
          register += steps[boundary] ?? 0
        }
        let sum = 0n
        for (let interval = 0; interval < steps.length; interval += 1) {
          const { imported, assurance } = meteredEnergy(readings, interval)
          sum += imported
          const known = [interval, interval + 1].every((at) => readings.boundaries.has(at))
          const expected: Assurance = known ? 'metered' : 'interpolated'
          equal(assurance, expected)
          if (known) equal(imported, BigInt(steps[interval] ?? 0))
        }
        equal(sum, BigInt(steps.reduce((total, step) => total + step, 0)))
      }),
      { numRuns: Number(process.env.RUNS ?? 300), ...replay },
    )
  })

  test('the nearest reading is found the same way among few and among many', () => {
    const boundaries = fc.uniqueArray(fc.nat(20_000), { minLength: 1, maxLength: 90 })
    fc.assert(
      fc.property(boundaries, fc.nat(20_000), fc.constantFrom(1, -1), (read, at, step) => {
        const readings = emptyReadings(6)
        for (const boundary of read) {
          takeReading(readings, { boundary, version: 0, importWh: 0n, exportWh: 0n })
        }
        const ahead = read
          .map((boundary) => (boundary - at) * step)
          .filter((distance) => distance >= 0 && distance < 8_640)
        const expected = ahead.length === 0 ? undefined : at + Math.min(...ahead) * step
        equal(nearest(readings, at, step as 1 | -1), expected)
      }),
      { numRuns: Number(process.env.RUNS ?? 300), ...replay },
    )
  })

  test('the nearest of many is not a last reading that was forgotten', () => {
    const readings = emptyReadings(6)
    for (let boundary = 0; boundary < 100; boundary += 1) {
      takeReading(readings, { boundary, version: 0, importWh: 0n, exportWh: 0n })
    }
    readings.boundaries.delete(99)
    ok(readings.boundaries.size > 64)
    equal(nearest(readings, 120, -1), 98)
  })
})
