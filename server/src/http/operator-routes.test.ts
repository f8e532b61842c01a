/**
 * Goal: every route for those who run a market carries what the port gives, in the form that its
 * schema promises, to them and to nobody else.
 * Method: the real app on a socket over an exchange in memory; each answer is checked by the
 * route's own schema. A route that nobody asked fails the last test.
 */
import { deepEqual, equal, rejects } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { BusbarClient, credentialOf } from '@busbar/client'
import { derToCash } from '@busbar/core/rulebook'
import { operatorRoutes } from '@busbar/protocols/api'
import { withoutPeople } from './operator-routes.ts'
import { asked, checkedFetch } from './testing/checked-fetch.ts'
import { type Harness, openServer, signerOf } from './testing/harness.ts'

type Who = Parameters<typeof signerOf>[0]

describe('routes of operators', () => {
  let harness: Harness
  let client: BusbarClient
  const as = (who: Who): BusbarClient => client.as(credentialOf(signerOf(who)))

  before(async () => {
    harness = await openServer()
    client = new BusbarClient({ baseUrl: harness.url, fetch: checkedFetch })
  })

  after(async () => {
    await harness.server.stop()
    deepEqual(harness.reported, [], 'nothing failed on the way')
  })

  test('proposals are shown to authorities and auditors', async () => {
    for (const who of ['operator', 'auditor'] as const) {
      const shown = await as(who).operator.proposals()
      deepEqual(shown, harness.exchange.operator.proposals())
    }
    for (const who of ['alice', 'prover'] as const) {
      await rejects(as(who).operator.proposals(), { code: 'access_denied', status: 403 })
    }
  })

  test('how the market runs is shown to operators and auditors', async () => {
    const shown = await as('auditor').operator.operations()
    deepEqual(shown, await harness.exchange.operator.operations())
    await rejects(as('alice').operator.operations(), { code: 'access_denied', status: 403 })
  })

  test('rulebooks are everybody’s, what another would have made those who decide’s', async () => {
    const { rulebooks } = await client.operator.rulebooks()
    deepEqual(rulebooks.map(({ rulebook }) => rulebook), [derToCash])
    const asked = { rulebook: { ...derToCash, version: 3 } }
    const answer = await as('operator').operator.whatIf(asked)
    equal(answer.zones[0]?.refusedOrders, 3)
    const span = await as('auditor').operator.whatIf({ ...asked, zone: 0, from: 100, to: 110 })
    deepEqual([span.zone, span.from, span.to], [0, 100, 110])
    deepEqual(span.accounts.map(({ account }) => account), [4, 1])
    const { accounts, ...sums } = withoutPeople(span)
    deepEqual(accounts, [{ account: 1, name: null, differenceMicros: 70_000 }])
    deepEqual({ ...sums, accounts: span.accounts }, span)
    const bad = { rulebook: { ...derToCash, version: 0 } }
    await rejects(as('operator').operator.whatIf(bad), {
      code: 'field_invalid', field: 'rulebook.version',
    })
    await rejects(as('operator').operator.whatIf({ ...asked, zone: 9 }), { code: 'not_found' })
    await rejects(as('alice').operator.whatIf(asked), { code: 'access_denied', status: 403 })
  })

  test('faults are those that were switched on', async () => {
    const offered = ['gateway_silent', 'readings_late', 'chain_slow']
    deepEqual(await client.operator.faults(), { on: [], offered })
    deepEqual(await client.operator.setFaults(['chain_slow']), { on: ['chain_slow'], offered })
    deepEqual(await client.operator.faults(), { on: ['chain_slow'], offered })
    await rejects(client.operator.setFaults(['fire'] as never), { code: 'field_invalid' })
    // Of a market that proves nothing there is no prover to be without.
    await rejects(client.operator.setFaults(['prover_off']), { code: 'field_invalid' })
    deepEqual((await client.operator.faults()).on, ['chain_slow'])
  })

  test('every route was asked', () => {
    deepEqual(asked, new Set(Object.keys(operatorRoutes)))
  })
})
