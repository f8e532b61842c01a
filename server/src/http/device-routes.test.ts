/**
 * Goal: what devices of homes say is taken batch by batch, and shown to the home and nobody else.
 * Method: the real app on a socket over an exchange in memory; each answer is checked by the
 * route's own schema. A route that nobody asked fails the last test.
 */
import { deepEqual, equal, rejects } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { BusbarClient, credentialOf, GatewaySigner, withPrivateKey } from '@busbar/client'
import {
  batchLimits,
  type DeviceReadingItem,
  deviceRoutes,
  type SignedDeviceReadingBatch,
} from '@busbar/protocols/api'
import { testDomain } from './testing/exchange-double.ts'
import { asked, checkedFetch } from './testing/checked-fetch.ts'
import { series } from './testing/device-views.ts'
import { type Harness, openServer, signerOf } from './testing/harness.ts'

const reading: DeviceReadingItem = {
  ...{ account: 4, device: 0, kind: 'battery', boundary: 100, version: 0, inWh: 5, outWh: 6 },
  ...{ chargeBasisPoints: 5_000, isPluggedIn: null },
}

const sign = withPrivateKey(new Uint8Array(32).fill(7))
const batchOf = (gateway: number, ...readings: DeviceReadingItem[]) =>
  new GatewaySigner({ domain: testDomain, gateway, sign }).deviceReadings(readings)

describe('routes of devices', () => {
  let harness: Harness
  let client: BusbarClient
  const as = (name: Parameters<typeof signerOf>[0]): BusbarClient =>
    client.as(credentialOf(signerOf(name)))

  before(async () => {
    harness = await openServer()
    client = new BusbarClient({ baseUrl: harness.url, fetch: checkedFetch })
  })

  after(async () => {
    await harness.server.stop()
    deepEqual(harness.reported, [], 'nothing failed on the way')
  })

  test('take what gateways say, each batch for itself', async () => {
    const taken = await client.devices.send(await batchOf(0, reading, { ...reading, device: 7 }))
    deepEqual(taken.outcomes, ['counted', 'counted'])
    const batches = [await batchOf(0, reading), await batchOf(9, reading)]
    const results = await client.devices.submit(batches)
    deepEqual(results.map(({ kind, id }) => [kind, id]), [
      ['accepted', batches[0]?.id],
      ['rejected', batches[1]?.id],
    ])
    const unknown = { code: 'gateway_unknown', status: 422, field: 'gateway' }
    await rejects(client.devices.send(await batchOf(9, reading)), unknown)
  })

  test('refuse what breaks a limit, naming the field', async () => {
    const good = await batchOf(0, reading)
    const readingField = 'batches[0].readings[0]'
    const bad: readonly (readonly [object, string])[] = [
      [{ device: 8 }, `${readingField}.device`],
      [{ kind: 'toaster' }, `${readingField}.kind`],
      [{ version: 256 }, `${readingField}.version`],
      [{ inWh: -1 }, `${readingField}.inWh`],
      [{ outWh: 0.5 }, `${readingField}.outWh`],
      [{ chargeBasisPoints: 10_001 }, `${readingField}.chargeBasisPoints`],
    ]
    const send = (batch: object): Promise<unknown> =>
      client.devices.send(batch as SignedDeviceReadingBatch)
    for (const [change, field] of bad) {
      await rejects(send({ ...good, readings: [{ ...reading, ...change }] }), {
        ...{ code: 'field_invalid', status: 422, field },
      })
    }
    const more = { ...good, readings: [{ ...reading, powerW: 1 }] }
    await rejects(send(more), { code: 'field_unknown', field: `${readingField}.powerW` })
    const { isPluggedIn: _, ...less } = reading
    await rejects(send({ ...good, readings: [less] }), {
      ...{ code: 'field_missing', field: `${readingField}.isPluggedIn` },
    })
    await rejects(send({ ...good, readings: [] }), { field: 'batches[0].readings' })
    const many = Array.from({ length: batchLimits.deviceReadings + 1 }, () => reading)
    await rejects(send({ ...good, readings: many }), { field: 'batches[0].readings' })
  })

  test('show a home its own, and nobody else: not who runs the market either', async () => {
    const span = { from: 100, intervals: 2 }
    deepEqual(await as('alice').devices.series(4, span), series)
    for (const name of ['bob', 'operator', 'auditor', 'prover'] as const) {
      await rejects(as(name).devices.series(4, span), { code: 'access_denied', status: 403 })
      await rejects(as(name).devices.series(99, span), { code: 'access_denied', status: 403 })
    }
    await rejects(client.devices.series(4, span), { code: 'credential_missing', status: 401 })
    await rejects(as('alice').devices.series(4, { from: 100, intervals: 1_501 }), {
      ...{ code: 'field_invalid', field: 'intervals' },
    })
  })

  test('every route was asked', () => {
    const names = Object.keys(deviceRoutes)
    deepEqual(names.filter((name) => !asked.has(name)), [])
    equal(names.length, 2)
  })
})
