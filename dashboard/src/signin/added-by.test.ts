/**
 * Goal: who takes a device's word away is told which others end with it, and which do not.
 * Method: a table of devices, each with who added it and how many days ago.
 */
import { deepEqual } from 'node:assert/strict'
import { test } from 'node:test'
import { askedForDays } from '@busbar/core/registry'
import { addedBy } from './added-by.ts'

const nowMs = Date.UTC(2026, 5, 1)

const device = (label: string, askedBy: string | null, days: number) => ({
  ...{ publicKey: label, label, askedBy, registeredAtMs: nowMs - days * 86_400_000 },
})

const devices = [
  device('phone', null, 400),
  device('laptop', 'phone', askedForDays),
  device('tablet', 'laptop', 1),
  device('stranger', 'phone', 2),
  device('another', 'stranger', 1),
  device('drawer', null, 1),
]

type Row = readonly [of: string, ends: readonly string[], stays: readonly string[]]

const rows: readonly Row[] = [
  ['phone', ['stranger', 'another'], ['laptop']],
  ['laptop', ['tablet'], []],
  ['stranger', ['another'], []],
  ['drawer', [], []],
]

for (const [of, ends, stays] of rows) {
  test(`with the ${of} end: ${ends.join(', ') || 'none'}`, () => {
    deepEqual(addedBy(devices, of, nowMs), { ends, stays })
  })
}
