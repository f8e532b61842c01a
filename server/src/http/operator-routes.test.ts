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
    const { operator } = as('operator')
    deepEqual(await operator.faults(), { on: [], offered })
    deepEqual(await operator.setFault('chain_slow', true), { on: ['chain_slow'], offered })
    deepEqual(await as('auditor').operator.faults(), { on: ['chain_slow'], offered })
    // Each switch by itself: who turns another one leaves this one as it is.
    const both = { on: ['chain_slow', 'readings_late'], offered }
    deepEqual(await operator.setFault('readings_late', true), both)
    deepEqual(await operator.setFault('readings_late', false), { on: ['chain_slow'], offered })
    await rejects(operator.setFault('fire' as never, true), { code: 'field_invalid' })
    // Of a market that proves nothing there is no prover to be without.
    await rejects(operator.setFault('prover_off', true), { code: 'field_invalid' })
    deepEqual((await operator.faults()).on, ['chain_slow'])
  })

  test('faults are the operator’s to switch, and an auditor’s to see', async () => {
    for (const who of ['auditor', 'alice', 'prover'] as const) {
      const refused = { code: 'access_denied', status: 403 }
      await rejects(as(who).operator.setFault('readings_late', true), refused)
      if (who !== 'auditor') await rejects(as(who).operator.faults(), refused)
    }
    await rejects(client.operator.faults(), { code: 'credential_missing' })
    await rejects(client.operator.setFault('readings_late', true), { code: 'credential_missing' })
    deepEqual((await as('operator').operator.faults()).on, ['chain_slow'])
  })

  test('faults are switched by the cookie of the operator’s own page', async () => {
    const credential = await signerOf('operator').credential(Date.now() + 3_600_000)
    const cookie = credential.replace('Busbar ', 'busbar=')
    const turn = async (path: string, headers: Record<string, string>): Promise<number> => {
      const body = JSON.stringify({ fault: 'readings_late', isOn: true })
      const sent = { 'content-type': 'application/json', cookie, ...headers }
      const ask = { method: 'POST', headers: sent, body } as const
      return (await fetch(`${harness.url}${path}`, ask)).status
    }
    const path = '/v1/demo/faults'
    equal(await turn(path, { 'sec-fetch-site': 'cross-site' }), 401)
    equal(await turn(path, { 'sec-fetch-site': 'same-site' }), 401)
    equal(await turn(path, { 'sec-fetch-site': 'same-origin', 'x-forwarded-for': '::1' }), 403)
    equal(await turn(path, { 'sec-fetch-site': 'same-origin' }), 200)
    equal(await turn('/v1/proving/claims', { 'sec-fetch-site': 'same-origin' }), 401)
    await as('operator').operator.setFault('readings_late', false)
  })

  test('every route was asked', () => {
    deepEqual(asked, new Set(Object.keys(operatorRoutes)))
  })
})
