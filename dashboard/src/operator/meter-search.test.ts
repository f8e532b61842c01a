/**
 * Goal: what meters are chosen by survives its way through the address, asks the interface for just
 * that, and nonsense in an address asks for nothing; a file has a row of every column.
 * Method: every filter once through address and query; a query is held against the schema of the
 * route; nonsense by table.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MeterItem } from '@busbar/protocols/api'
import {
  estimatedShareOf, filtersOf, meterFilters, queryOf, savedMeters, searchOfFilters,
} from './meter-search.ts'

const all = {
  ...{ name: 'home', zone: '2', kind: 'physical', flows: 'both', standing: 'in_force' },
  ...{ account: '7', retailer: '4', utility: '6', gateway: '1', form: 'signed-batch/p256' },
  gatewayKey: `0x02${'ab'.repeat(32)}`,
  ...{ registeredSince: '2026-06-01', silentIntervals: '12', estimatedPercent: '10' },
}

const meter: MeterItem = {
  ...{ meter: 3, name: 'home-1', kind: 'physical', flows: 'both', account: 7, owner: 'home-1' },
  ...{ retailer: 4, zone: 0, utility: null, gateway: null, importWattsMax: 1, exportWattsMax: 1 },
  ...{ digits: 9, standing: 'in_force', fromInterval: 9, deviceFrom: null, lastReading: null },
  window: { intervals: 8, interpolated: 1, repeated: 1, absent: 0 },
}

describe('what meters are chosen by', () => {
  test('comes back out of the address', () => {
    deepEqual(Object.keys(all).sort(), [...meterFilters].sort())
    deepEqual(filtersOf(searchOfFilters(all)), all)
    equal(searchOfFilters({}), '')
  })

  test('is asked for as the interface has it', () => {
    const query = queryOf(all, 300_000)
    equal(query.registeredSince, Date.UTC(2026, 5, 1) / 300_000)
    const { registeredSince, ...others } = query
    deepEqual(others, {
      ...{ name: 'home', kind: 'physical', flows: 'both', standing: 'in_force', zone: 2 },
      ...{ account: 7, retailer: 4, utility: 6, gateway: 1, form: 'signed-batch/p256' },
      gatewayKey: all.gatewayKey,
      ...{ silentIntervals: 12, estimatedPercent: 10 },
    })
    deepEqual(queryOf({}, 300_000), {})
  })

  test('is nothing where it makes no sense', () => {
    for (const search of [
      '?name=A', '?name=', '?zone=-1', '?zone=1e3', '?kind=smart', '?flows=none', '?standing=x',
      '?form=ocmf', '?gatewayKey=0x04', '?registeredSince=2026-13-41', '?registeredSince=June',
      '?estimatedPercent=0', '?estimatedPercent=101', '?silentIntervals=often', '?street=1',
    ]) {
      deepEqual(filtersOf(search), {}, search)
    }
  })
})

test('a share is of what is due', () => {
  equal(estimatedShareOf(meter), 0.25)
  const none = { intervals: 0, interpolated: 0, repeated: 0, absent: 0 }
  deepEqual([estimatedShareOf({ window: null }), estimatedShareOf({ window: none })], [null, null])
})

test('a file has every column of every meter', () => {
  const lengths = Object.values(savedMeters([meter, meter])).map((column) => column.length)
  deepEqual(new Set(lengths), new Set([2]))
})
