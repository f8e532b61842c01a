/**
 * Goal: every route about the books carries what the port gives, in the form that its schema
 * promises; what is whole is for everybody, what the journal says for auditors.
 * Method: the real app on a socket over an exchange in memory; each answer is checked by the
 * route's own schema. A route that nobody asked fails the last test.
 */
import { deepEqual, equal, rejects } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { BusbarClient, credentialOf } from '@busbar/client'
import { bookRoutes } from '@busbar/protocols/api'
import { asked, checkedFetch } from './testing/checked-fetch.ts'
import { type Harness, openServer, signerOf } from './testing/harness.ts'

describe('routes of the books', () => {
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

  test('as they are now', async () => {
    const { chain, money, snapshot } = await client.conservation()
    equal(money.unexplainedMicros, 0)
    equal(chain?.equal, true)
    deepEqual(snapshot, { sequence: 390, stateHash: 'ab'.repeat(32) })
  })

  test('an auditor takes spans of the journal, on to its end', async () => {
    const auditor = client.as(credentialOf(signerOf('auditor')))
    const { entries, nextFrom } = await auditor.books.journal({ from: 398, limit: 2 })
    deepEqual([entries.map(({ sequence }) => sequence), nextFrom], [[398, 399], 400])
    equal((await auditor.books.journal({ from: 400 })).nextFrom, null)
    await rejects(client.books.journal(), { code: 'credential_missing' })
  })

  test('what held at the time, by points and by interval', async () => {
    const { interval, waitingCount, custodyMicros } = await client.books.history({ step: 12 })
    deepEqual([interval, waitingCount, custodyMicros], [[96], [1], [null]])
    const most = { points: 500, step: 18 }
    await rejects(client.books.history(most), { code: 'field_invalid', limit: '8928 by step' })
    const { runs } = await client.books.interval(100)
    deepEqual(runs.map(({ state }) => state), ['holds', 'waiting'])
    deepEqual(runs[0]?.meters.unexplainedWh, 0)
    await rejects(client.books.interval(101), { code: 'not_found' })
  })

  test('heads of the journal that the chain bears witness of', async () => {
    const { last, heads, nextFrom } = await client.books.heads({ from: 1 })
    deepEqual([last.sequence, heads.length, nextFrom], [400, 1, null])
    deepEqual(heads[0]?.transactions.map(({ part, run }) => [part, run]), [['run', 0]])
    const { body, sent } = await client.books.head(380)
    deepEqual([body?.includes('settle_interval'), sent[0]?.raw], [true, '0x02c0'])
    await rejects(client.books.head(381), { code: 'not_found' })
    await rejects(client.books.heads({ from: 1, before: 9 }), { code: 'field_invalid' })
    equal((await client.books.heads({ before: 380 })).heads.length, 0)
  })

  test('every one was asked', () => {
    deepEqual(Object.keys(bookRoutes).filter((name) => !asked.has(name)), [])
  })
})
