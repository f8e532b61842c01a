/**
 * Goal: whoever is named is called by its name, with few questions to the registry however many
 * are named, and nobody by the name of another.
 * Method: a registry with gaps by hand; random accounts, and how often was asked.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import type { BusbarClient } from '@busbar/client'
import type { Participants } from '@busbar/protocols/api'
import fc from 'fast-check'
import { namesAtOnce, namesOf } from './names.ts'

type Query = { readonly from?: number; readonly limit?: number }

/** Every third account is missing. */
const isThere = (account: number): boolean => account % 3 !== 0

function registry() {
  const asked: Query[] = []
  const participants: BusbarClient['participants'] = (query = {}) => {
    asked.push(query)
    const { from = 1, limit = 100 } = query
    const found: Participants['participants'][number][] = []
    for (let account = from; found.length < limit; account += 1) {
      if (!isThere(account)) continue
      const standing = { roles: [], status: 'active', zone: null } as const
      found.push({ account, name: `p${account}`, ...standing } as never)
    }
    return Promise.resolve({ participants: found, nextFrom: null } as never)
  }
  return { asked, client: { participants } }
}

const { signal } = new AbortController()

test('all that are there are named, by groups', async () => {
  const accounts = fc.uniqueArray(fc.integer({ min: 1, max: 2_000 }), { maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(accounts, async (some) => {
      const { asked, client } = registry()
      const wanted = some.toSorted((a, b) => a - b)
      const names = await namesOf(client, wanted, signal)
      deepEqual([...names.keys()], wanted.filter(isThere))
      for (const [account, name] of names) equal(name, `p${account}`)
      ok(asked.length <= Math.min(wanted.length, 2_000 / namesAtOnce + 1))
      for (const { limit = 0 } of asked) ok(limit >= 1 && limit <= namesAtOnce)
    }),
  )
})

test('nobody is asked for where nobody is named', async () => {
  const { asked, client } = registry()
  equal((await namesOf(client, [], signal)).size, 0)
  equal(asked.length, 0)
})
