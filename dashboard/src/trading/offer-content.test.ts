/**
 * Goal: an offer says what its writer means, or where it is wrong; names are found on any page of
 * the registry.
 * Method: ladders that are right and wrong, and a registry of two pages.
 */
import { deepEqual, equal, rejects, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { lookIn, readLadder } from './offer-content.ts'

const registry = {
  participants: async (query: unknown) => {
    asked.push(query)
    const { name } = query as { readonly name?: string }
    return { participants: name === 'bob' ? [{ account: 4, name }] : [], nextFrom: null }
  },
}
const asked: unknown[] = []
const zones = [{ zone: 2, name: 'street', parent: null, bridgeWatts: 0 }]
const look = lookIn(registry as never, { zones })

describe('an offer', () => {
  test('has a ladder, or says where it is none', () => {
    equal(readLadder('bob@0.28, anyone@0.2').length, 2)
    equal(typeof readLadder('anyone@0.2'), 'object')
    deepEqual(String(readLadder('bob')).slice(0, 27), 'step 1, position 1: "bob": ')
  })

  test('names people and zones that there are', async () => {
    deepEqual([await look.account('bob'), look.zone('street'), look.zone('2')], [4, 2, 2])
    await rejects(look.account('carol'), { name: 'LadderError' })
    // No more of the registry than who is meant.
    deepEqual(asked, ['bob', 'carol'].map((name) => ({ name, limit: 1 })))
    throws(() => look.zone('lane'), { name: 'LadderError' })
  })
})
