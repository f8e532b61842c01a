/**
 * Goal: each reading counts once, and only if it can be true beside its neighbours.
 * Method: a table of what was read before, what arrives, and what becomes of it; then a property
 * that no reading which counts can be repeated or replayed to effect. Replay with `SEED=…`.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Meter } from '../registry/index.ts'
import {
  connectionWattHours,
  emptyReadings,
  judgeReading,
  type MeterReadings,
  type ReadingOutcome,
  replaceDevice,
  takeReading,
} from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const intervalSeconds = 300

/** 12 kW in and 6 kW out: 1,000 Wh and 500 Wh in five minutes; 1,200 and 600 are believed. */
const meter: Meter = {
  meter: 0,
  name: 'house-1',
  kind: 'physical',
  account: 3,
  zone: 0,
  gateway: 0,
  importWattsMax: 12_000,
  exportWattsMax: 6_000,
  digits: 6,
}

type Arriving = { boundary: number; version: number; importWh: bigint; exportWh: bigint }

/** `boundary.version import/export` */
function reading(text: string): Arriving {
  const [where = '', pair = ''] = text.trim().split(/\s+/)
  const [boundary = '', version = ''] = where.split('.')
  const [importWh = '', exportWh = ''] = pair.split('/')
  return {
    boundary: Number(boundary),
    version: Number(version),
    importWh: BigInt(importWh),
    exportWh: BigInt(exportWh),
  }
}

function taken(text: string, digits = 6): MeterReadings {
  const readings = emptyReadings(digits)
  const lines = text.trim().split('\n').filter((line) => line.trim() !== '')
  for (const line of lines) takeReading(readings, reading(line))
  return readings
}

const judge = (readings: MeterReadings, arriving: Arriving): ReadingOutcome =>
  judgeReading(meter, readings, arriving, intervalSeconds)

/** What was read before; then `arriving → outcome` by line, each judged alone. */
const cases: readonly (readonly [string, string, string])[] = [
  ['the first reading has nothing to be judged by', '', `
    10.0 5000/100 → counted
    10.3 0/0 → counted
  `],
  ['the same again is a duplicate', '10.0 5000/100', `
    10.0 5000/100 → duplicate
  `],
  ['other content under the same version conflicts', '10.0 5000/100', `
    10.0 5001/100 → conflicting
    10.0 5000/99 → conflicting
  `],
  ['a higher version corrects, a lower one comes too late', '10.2 5000/100', `
    10.3 5001/100 → counted
    10.3 5000/100 → counted
    10.1 5001/100 → superseded
    10.0 5000/100 → superseded
  `],
  ['a register that shows what the connection lets through', '10.0 5000/100', `
    11.0 5000/100 → counted
    11.0 6200/100 → counted
    11.0 6201/100 → implausible
    11.0 5000/700 → counted
    11.0 5000/701 → implausible
    12.0 7400/100 → counted
    12.0 7401/100 → implausible
  `],
  ['a register that runs backwards', '10.0 5000/100', `
    11.0 4999/100 → implausible
    11.0 5000/99 → implausible
  `],
  ['a register that was reset', '10.0 5000/100', `
    11.0 0/0 → implausible
    11.0 0/100 → implausible
  `],
  ['a register in another unit', '10.0 5000/100', `
    11.0 5/0 → implausible
    11.0 505000/10000 → implausible
  `],
  ['a register that begins again at its last digit', '10.0 999900/999999', `
    11.0 100/50 → counted
    11.0 1101/50 → implausible
  `],
  ['a register with more digits than the device', '10.0 5000/100', `
    11.0 1000000/100 → out_of_range
    11.0 5000/1000000 → out_of_range
    11.0 -1/100 → out_of_range
    11.256 5000/100 → out_of_range
  `],
  ['out of order, between two neighbours', `
    10.0 5000/100
    13.0 5900/100
  `, `
    11.0 5300/100 → counted
    12.0 5900/100 → counted
    12.0 5901/100 → implausible
    11.0 4999/100 → implausible
  `],
  ['before the first', '10.0 5000/100', `
    9.0 4000/100 → counted
    9.0 5001/100 → implausible
    9.0 3799/100 → implausible
  `],
  ['a correction is judged beside its neighbours too', `
    10.0 5000/100
    11.0 5500/100
    12.0 5600/100
  `, `
    11.1 5400/100 → counted
    11.1 5601/100 → implausible
    11.1 4999/100 → implausible
  `],
]

describe('a reading that arrives', () => {
  for (const [name, before, arriving] of cases) {
    test(name, () => {
      for (const line of arriving.trim().split('\n')) {
        const [text = '', outcome = ''] = line.split('→')
        equal(judge(taken(before), reading(text)), outcome.trim(), line.trim())
      }
    })
  }
})

describe('where the device was replaced', () => {
  const replaced = (): MeterReadings => {
    const readings = taken('10.0 999000/100')
    const final = { importWh: 999_500n, exportWh: 100n }
    const initial = { importWh: 7n, exportWh: 3n }
    replaceDevice(readings, 11, 0, final, initial, 8)
    return readings
  }

  test('each side is judged by its own device and digits', () => {
    equal(judge(replaced(), reading('12.0 500/3')), 'counted')
    equal(judge(replaced(), reading('12.0 999600/100')), 'implausible')
    equal(judge(replaced(), reading('12.0 99999999/3')), 'implausible')
    equal(judge(replaced(), reading('12.0 100000000/3')), 'out_of_range')
    equal(judge(replaced(), reading('11.1 1000000/100')), 'out_of_range')
  })

  test('a correction changes the last registers of the old device only', () => {
    const readings = replaced()
    takeReading(readings, reading('12.0 500/3'))
    const correction = reading('11.1 999400/100')
    equal(judge(readings, correction), 'counted')
    takeReading(readings, correction)
    deepEqual(readings.boundaries.get(11), {
      version: 1,
      closing: { importWh: 999_400n, exportWh: 100n },
      opening: { importWh: 7n, exportWh: 3n },
    })
    equal(judge(readings, reading('11.2 998999/100')), 'implausible')
  })
})

test('what a connection lets through in an interval is rounded up', () => {
  equal(connectionWattHours(12_000, 300), 1_000n)
  equal(connectionWattHours(10_000, 300), 834n)
  equal(connectionWattHours(1, 60), 1n)
  equal(connectionWattHours(0, 300), 0n)
})

test('whatever was taken is a duplicate ever after, and a register never runs backwards', () => {
  const arriving = fc.record({
    boundary: fc.integer({ min: 0, max: 12 }),
    version: fc.nat(2),
    importWh: fc.nat(6_000).map(BigInt),
    exportWh: fc.nat(3_000).map(BigInt),
  })
  fc.assert(
    fc.property(fc.array(arriving, { maxLength: 40 }), (batch) => {
      const readings = emptyReadings(6)
      for (const one of batch) {
        if (judge(readings, one) !== 'counted') continue
        takeReading(readings, one)
        equal(judge(readings, one), 'duplicate')
      }
      const known = [...readings.boundaries].sort(([a], [b]) => a - b)
      for (const [i, [boundary, { closing }]] of known.entries()) {
        const [earlier, before] = known[i - 1] ?? []
        if (earlier === undefined || before === undefined) continue
        const most = BigInt(boundary - earlier) * 1_200n
        const counted = closing.importWh - before.closing.importWh
        equal(counted >= 0n && counted <= most, true, `${earlier} to ${boundary}: ${counted} Wh`)
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 300), ...replay },
  )
})
