/**
 * Goal: every route about grants carries what the port gives; an API key reads as far as its scopes
 * go and does nothing else, and why it does not count is said by a code.
 * Method: the real app on a socket over an exchange in memory; each answer is checked by the
 * route's own schema. A route that nobody asked fails the last test.
 */
import { deepEqual, equal, rejects } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { BusbarClient, credentialOf, newApiKey, withApiKey } from '@busbar/client'
import { accessRoutes, type Session } from '@busbar/protocols/api'
import { apiKeyGrant } from '../testing/access-rows.ts'
import { asked, checkedFetch } from './testing/checked-fetch.ts'
import { granted, keys } from './testing/grant-views.ts'
import { type Harness, limitsWith, openServer, signerOf } from './testing/harness.ts'

let harness: Harness
let client: BusbarClient

before(async () => {
  harness = await openServer({ trustedProxies: ['127.0.0.1'] })
  client = new BusbarClient({ baseUrl: harness.url, fetch: checkedFetch })
})

after(async () => {
  await harness.server.stop()
  deepEqual(harness.reported, [], 'nothing failed on the way')
})

const by = (key: string): BusbarClient => client.as(withApiKey(key))

describe('routes of grants', () => {
  test('show an account who reads for it, and nobody else', async () => {
    const alice = client.as(credentialOf(signerOf('alice')))
    deepEqual((await alice.access.grants(4)).grants, granted)
    await rejects(alice.access.grants(5), { code: 'access_denied', status: 403 })
    await rejects(harness.as('operator').access.grants(99), { code: 'not_found', status: 404 })
  })

  test('take a grant and its end, or refuse them with a code', async () => {
    const signer = signerOf('alice')
    const made = newApiKey()
    const grant = await signer.accessGrant(apiKeyGrant(made, ['read']), 7)
    const taken = { account: 4, grant: made.id, repeated: false }
    deepEqual(await client.access.grant(grant), taken)
    const many = { ...grant, label: 'one too many' }
    const exceeded = { code: 'grants_exceeded', status: 409, limit: 'at most 32' }
    await rejects(client.access.grant(many), exceeded)
    const known = granted[0]?.id ?? ''
    deepEqual(await client.access.revoke(await signer.accessRevocation(known)), {
      ...{ account: 4, grant: known, repeated: false },
    })
    const unknown = client.access.revoke(await signer.accessRevocation(made.id))
    await rejects(unknown, { code: 'not_found', status: 404, field: 'grant' })
  })

  const malformed: readonly (readonly [field: string, change: object])[] = [
    ['label', { label: '' }],
    ['label', { label: 'a\u0007' }],
    ['label', { label: 'x'.repeat(65) }],
    ['scopes', { scopes: [] }],
    ['scopes', { scopes: ['read', 'read'] }],
    ['scopes', { scopes: ['write'] }],
    ['networks', { networks: Array.from({ length: 17 }, () => '::1') }],
    ['networks', { networks: ['192.0.2.0/24,::/0'] }],
    ['kind', { kind: 'password' }],
    ['id', { id: '0x' }],
    ['until', { until: 0.5 }],
  ]
  for (const [field, change] of malformed) {
    test(`name ${JSON.stringify(change).slice(0, 40)} as what is wrong`, async () => {
      const grant = await signerOf('alice').accessGrant(apiKeyGrant(newApiKey(), ['read']), 7)
      const sent = client.access.grant({ ...grant, ...change } as typeof grant)
      await rejects(sent, (error: { code: string; field: string }) => {
        deepEqual([error.code, error.field.split(/[./[]/)[0]], ['field_invalid', field])
        return true
      })
    })
  }
})

describe('an API key', () => {
  test('reads what is its account’s, and nobody else’s', async () => {
    equal((await by(keys.alice).account(4)).account, 4)
    await rejects(by(keys.alice).account(5), { code: 'access_denied', status: 403 })
    equal((await by(keys.operator).account(5)).account, 5)
  })

  const others: readonly (readonly [header: string, code: string])[] = [
    [`Bearer ${keys.expired}`, 'credential_expired'],
    [`Bearer ${keys.revoked}`, 'credential_revoked'],
    ['Bearer bb_of_nobody', 'credential_invalid'],
    [`Bearer ${keys.alice} ${keys.alice}`, 'credential_malformed'],
    ['Bearer', 'credential_malformed'],
    [keys.alice, 'credential_malformed'],
  ]
  for (const [header, code] of others) {
    test(`is ${code} as ${header.replace(/[0-9a-f]{20,}/g, '…')}`, async () => {
      const other = client.as(() => Promise.resolve(header))
      await rejects(other.account(4), { code, status: 401 })
    })
  }

  test('counts from its networks, as a proxy that is trusted says it', async () => {
    await rejects(by(keys.elsewhere).account(4), { code: 'network_foreign', status: 403 })
    const headers = { authorization: `Bearer ${keys.elsewhere}`, 'x-forwarded-for': '192.0.2.7' }
    equal((await fetch(`${harness.url}/v1/accounts/4`, { headers })).status, 200)
    const plain = await openServer()
    const answer = await fetch(`${plain.url}/v1/accounts/4`, { headers })
    await plain.server.stop()
    equal(answer.status, 403, 'and nobody else says it')
  })

  test('goes as far as its scopes', async () => {
    equal((await by(keys.prover).claimProving())?.zone, 0)
    const missing = { code: 'scope_missing', status: 403 }
    await rejects(by(keys.prover).account(7), { ...missing, limit: 'read' })
    await rejects(by(keys.operator).claimProving(), { ...missing, limit: 'prove' })
    await rejects(by(keys.alice).sessions.open(), { ...missing, limit: 'a key of the account' })
  })

  test('is told who it is, and leaves no cookie', async () => {
    const headers = { authorization: `bearer ${keys.alice}` }
    const response = await fetch(`${harness.url}/v1/session`, { headers })
    const { session } = (await response.json()) as Session
    deepEqual([session?.account, session?.untilMs], [4, 1_900_000_000_000])
    equal(response.headers.get('set-cookie'), null)
  })

  test('has the rate of its account', async () => {
    const narrow = await openServer({ limits: limitsWith({ rate: { accountReadsMax: 2 } }) })
    const retry = { attemptsMax: 1, firstDelayMs: 1, delayMaxMs: 1 }
    const few = new BusbarClient({ baseUrl: narrow.url, retry })
    await few.as(withApiKey(keys.alice)).account(4)
    await few.as(credentialOf(signerOf('alice'))).account(4)
    const limited = { code: 'rate_limited', status: 429 }
    await rejects(few.as(withApiKey(keys.alice)).account(4), limited)
    await narrow.server.stop()
  })
})

test('every route was asked', () => {
  deepEqual(Object.keys(accessRoutes).filter((name) => !asked.has(name)), [])
})
