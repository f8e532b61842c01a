/**
 * Goal: the list of meters carries what the port gives, to each reader that reader's, and what may
 * not be asked for is refused with the field and its limit.
 * Method: the real app on a socket over an exchange in memory; each answer is checked by the
 * route's own schema. A route that nobody asked fails the last test.
 */
import { deepEqual, rejects } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { BusbarClient, credentialOf } from '@busbar/client'
import { meterRoutes, type MeterQuery } from '@busbar/protocols/api'
import { asked, checkedFetch } from './testing/checked-fetch.ts'
import { type Harness, openServer, signerOf } from './testing/harness.ts'

describe('the list of meters', () => {
  let harness: Harness
  let client: BusbarClient
  const as = (who: Parameters<typeof signerOf>[0]): BusbarClient =>
    client.as(credentialOf(signerOf(who)))
  const numbers = async (who: Parameters<typeof signerOf>[0], query: MeterQuery = {}) =>
    (await as(who).meters(query)).meters.map(({ meter }) => meter)

  before(async () => {
    harness = await openServer()
    client = new BusbarClient({ baseUrl: harness.url, fetch: checkedFetch })
  })

  after(async () => {
    await harness.server.stop()
    deepEqual(harness.reported, [], 'nothing failed on the way')
  })

  test('is what the port gives, by who reads', async () => {
    const reader = { account: 3, roles: ['operator'] } as const
    deepEqual(await as('operator').meters(), harness.exchange.meters.list(reader, {}))
    deepEqual(await numbers('auditor'), [0, 1])
    deepEqual(await numbers('alice'), [0])
    deepEqual(await numbers('operator', { kind: 'virtual' }), [1])
    await rejects(client.meters(), { code: 'credential_missing' })
  })

  test('takes every filter, and no other', async () => {
    const all: MeterQuery = {
      ...{ from: 0, limit: 500, name: 'ali', account: 4, retailer: 3, utility: 6, zone: 0 },
      ...{ kind: 'physical', flows: 'both', gateway: 0, gatewayKey: `0x${'02'.repeat(33)}` },
      ...{ form: 'signed-batch/p256', standing: 'replaced', registeredSince: 90 },
      ...{ silentIntervals: 0, estimatedPercent: 1 },
    }
    deepEqual(await numbers('operator', all), [0])
    for (const [field, value] of [
      ['limit', 501], ['name', 'Alice'], ['kind', 'smart'], ['flows', 'none'],
      ['form', 'ocmf'], ['standing', 'gone'], ['gatewayKey', '0x'], ['estimatedPercent', 101],
    ] as const) {
      const bad = { [field]: value } as MeterQuery
      await rejects(as('operator').meters(bad), { code: 'field_invalid', field }, field)
    }
    const unknown = { street: 1 } as MeterQuery
    await rejects(as('operator').meters(unknown), { code: 'field_unknown', field: 'street' })
  })

  test('is the only route of its kind', () => {
    deepEqual(asked, new Set(Object.keys(meterRoutes)))
  })
})
