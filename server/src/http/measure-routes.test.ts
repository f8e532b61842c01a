/**
 * Goal: every route about figures of the whole market carries what the port gives, in the form that
 * its schema promises, and refuses what is asked for wrongly.
 * Method: the real app on a socket over an exchange in memory; each answer is checked by the
 * route's own schema. A route that nobody asked fails the last test.
 */
import { deepEqual, equal, rejects } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { BusbarClient } from '@busbar/client'
import { measureRoutes } from '@busbar/protocols/api'
import { asked, checkedFetch } from './testing/checked-fetch.ts'
import { type Harness, openServer } from './testing/harness.ts'

describe('routes of measures', () => {
  let harness: Harness
  let client: BusbarClient

  before(async () => {
    harness = await openServer()
    client = new BusbarClient({ baseUrl: harness.url, fetch: checkedFetch })
  })

  after(async () => {
    await harness.server.stop()
    deepEqual(harness.reported, [], 'nothing failed on the way')
  })

  test('a series has a column for each figure', async () => {
    const series = await client.series({ from: 100, points: 2, step: 3 })
    deepEqual(series.interval, [100, 101])
    deepEqual(series.priceMicrosPerKwh, [-120_000, -120_000])
    equal(series.step, 3)
    const columns = Object.values(series).filter((column) => Array.isArray(column))
    deepEqual(new Set(columns.map(({ length }) => length)), new Set([2]))
    await rejects(client.series({ zone: 9 }), { code: 'not_found', field: 'zone' })
    await rejects(client.series({ points: 501 }), { code: 'field_invalid', field: 'points' })
    await rejects(client.series({ step: 0 }), { code: 'field_invalid', field: 'step' })
  })

  test('the grid has every zone with its bridge', async () => {
    const grid = await client.grid()
    equal(grid.interval, 109)
    deepEqual(
      grid.zones.map(({ zone, flowWh, capacityWh }) => [zone, flowWh, capacityWh]),
      [[0, -21_000, null], [1, -10_000, 5_000]],
    )
    equal((await client.grid({ interval: 104 })).interval, 104)
    await rejects(client.grid({ interval: -1 }), { code: 'field_invalid', field: 'interval' })
  })

  test('figures are sums, shares and times', async () => {
    const kpis = await client.kpis()
    deepEqual([kpis.from, kpis.to, kpis.variance.moneyBasisPoints], [100, 109, 300])
    equal(kpis.cost.feeWei, '1000000000000000000')
    equal(kpis.protocols[0]?.refusedReadings[0]?.code, 'implausible')
    deepEqual([(await client.kpis({ from: 5, to: 7 })).from], [5])
    await rejects(client.kpis({ from: 9, to: 7 }), { code: 'field_invalid', field: 'to' })
    await rejects(client.kpis({ from: -1 }), { code: 'field_invalid', field: 'from' })
  })

  test('every route was asked', () => {
    deepEqual(Object.keys(measureRoutes).filter((name) => !asked.has(name)), [])
  })
})
