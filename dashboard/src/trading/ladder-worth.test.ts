/**
 * Goal: a ladder's steps are told with what they are worth beside the tariff.
 * Method: a table for both sides.
 */
import { deepEqual } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseLadder } from '@busbar/client'
import { worthOf } from './ladder-worth.ts'

const tariff = { retailMicrosPerKwh: 300_000, feedInMicrosPerKwh: 80_000 }
const steps = parseLadder('alice@0.28, zone:0/solar@0.25, anyone@0.32')

describe('a ladder', () => {
  const cases = [
    ['buy', 2_000, tariff, [40_000, 100_000, -40_000]],
    ['sell', 500, tariff, [100_000, 85_000, 120_000]],
    ['buy', 2_000, null, [null, null, null]],
  ] as const
  for (const [side, energyWh, known, worth] of cases) {
    test(`${side} ${energyWh} Wh`, () => {
      deepEqual(worthOf(steps, side, energyWh, known).map((one) => one.worthMicros), worth)
    })
  }
})
