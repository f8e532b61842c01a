/**
 * Goal: what was signed goes over the wire whole, and to its owner.
 * Method: the client asks a server with fixed answers.
 */
import { deepEqual, ok, rejects } from 'node:assert/strict'
import { test } from 'node:test'
import { BusbarClient, credentialOf } from '@busbar/client'
import { signerOf, withServer } from './testing/harness.ts'
import { signedReading, word } from './testing/signature-views.ts'

test('words go to their owner as they were signed', async () => {
  await withServer(async ({ url }) => {
    const alice = new BusbarClient({ baseUrl: url }).as(credentialOf(signerOf('alice')))
    const place = { zone: 0, interval: 100, digest: word.digest }
    deepEqual(await alice.signatures.order(place), word)
    deepEqual(await alice.signatures.reading({ meter: 0, boundary: 100 }), signedReading)
    await rejects(alice.signatures.reading({ meter: 0, boundary: 99 }), { code: 'not_found' })
    const bob = new BusbarClient({ baseUrl: url }).as(credentialOf(signerOf('bob')))
    await rejects(bob.signatures.order(place), { code: 'access_denied' })
    await rejects(bob.signatures.reading({ meter: 0, boundary: 99 }), { code: 'access_denied' })
    ok(!('owner' in word) && !('owner' in signedReading))
  })
})
