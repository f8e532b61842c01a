/**
 * Goal: every route about notices carries what the port gives, in the form that its schema
 * promises, and a webhook is taken or refused with its code.
 * Method: the real app on a socket over an exchange in memory; each answer is checked by the
 * route's own schema. A route that nobody asked fails the last test.
 */
import { deepEqual, equal, rejects } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { BusbarClient, credentialOf } from '@busbar/client'
import { noticeKindNames, noticeRoutes } from '@busbar/protocols/api'
import { asked, checkedFetch } from './testing/checked-fetch.ts'
import { type Harness, openServer, signerOf } from './testing/harness.ts'
import { told } from './testing/notice-views.ts'

describe('routes of notices', () => {
  let harness: Harness
  let alice: BusbarClient

  before(async () => {
    harness = await openServer()
    const client = new BusbarClient({ baseUrl: harness.url, fetch: checkedFetch })
    alice = client.as(credentialOf(signerOf('alice')))
  })

  after(async () => {
    await harness.server.stop()
    deepEqual(harness.reported, [], 'nothing failed on the way')
  })

  test('notices of every kind are shown as they are, in pages', async () => {
    const { notices, nextAfter } = await alice.notices.list(4)
    deepEqual(notices, told)
    equal(nextAfter, null)
    deepEqual(new Set(notices.map(({ kind }) => kind)), new Set(noticeKindNames))
    const page = await alice.notices.list(4, { after: 2, limit: 3 })
    deepEqual(page.notices.map(({ sequence }) => sequence), [3, 4, 5])
    equal(page.nextAfter, 5)
    const last = await alice.notices.list(4, { after: told.length - 3, limit: 3 })
    deepEqual([last.notices.length, last.nextAfter], [3, null])
    await rejects(alice.notices.list(5), { code: 'access_denied', status: 403 })
    const operator = harness.as('operator')
    await rejects(operator.notices.list(99), { code: 'not_found', status: 404 })
    await rejects(operator.notices.list(4, { after: -1 }), { code: 'field_invalid', status: 422 })
  })

  test('a webhook is shown to its account', async () => {
    const webhook = await alice.notices.webhook(4)
    deepEqual([webhook.waiting, webhook.givenUp, webhook.lastError], [3, 1, 'ECONNREFUSED'])
    await rejects(alice.notices.webhook(5), { code: 'access_denied', status: 403 })
    await rejects(harness.as('auditor').notices.webhook(99), { code: 'not_found', status: 404 })
  })

  test('a webhook is taken, or refused with a code', async () => {
    const signer = signerOf('alice')
    const url = 'https://hooks.example/a'
    const taken = await alice.notices.setWebhook(await signer.webhook({ url, after: 0 }, 7))
    deepEqual(taken, { account: 4, issuedAtMs: 7, repeated: false })
    const old = await signer.webhook({ url, after: 0 }, 1)
    const superseded = { code: 'webhook_superseded', status: 409, field: 'issuedAt' }
    await rejects(alice.notices.setWebhook(old), superseded)
    const open = await signer.webhook({ url: 'http://a', after: 0 }, 7)
    const invalid = { code: 'field_invalid', field: 'url', limit: 'an https address' }
    await rejects(alice.notices.setWebhook(open), invalid)
    const long = await signer.webhook({ url: `https://${'a'.repeat(1_000)}`, after: 0 }, 7)
    await rejects(alice.notices.setWebhook(long), { code: 'field_invalid', field: 'url' })
    const more = { ...(await signer.webhook({ url, after: 0 }, 7)), retries: 9 }
    await rejects(alice.notices.setWebhook(more), { code: 'field_unknown', field: 'retries' })
  })

  test('every route was asked', () => {
    deepEqual(Object.keys(noticeRoutes).filter((name) => !asked.has(name)), [])
  })
})
