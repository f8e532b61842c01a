/**
 * Goal: an interval is worked out again by the rules that it names, whichever hold now.
 * Method: an exchange that answers with an interval made by hand, in a market whose rules have been
 * others since.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { derToCash } from '@busbar/core/rulebook'
import type { Market } from '@busbar/protocols/api'
import { rulebookHash } from '@busbar/protocols/commitments'
import type { BusbarClient } from '../index.ts'
import { readMaterial, type ReplayMaterial } from './material.ts'
import { replayed } from './replay.ts'
import { honest } from './testing/open-book.ts'

const { market, shown: { zone, interval } } = honest()
const place = { zone, interval }

/** @param named the rulebooks that the market has or had */
function exchange(named: readonly Pick<Market, 'rulebook' | 'rulebookHash'>[]) {
  const { shown, audit, replay } = honest()
  let asked = 0
  const client = {
    interval: async () => shown,
    auditInterval: async () => audit,
    auditReplay: async () => replay,
    operator: {
      rulebooks: async () => {
        asked += 1
        return {
          rulebooks: named.map(({ rulebook, rulebookHash: hash }, index) =>
            ({ fromInterval: index, hash, rulebook })),
        }
      },
    },
  }
  return { client: client as unknown as BusbarClient, asked: () => asked }
}

const later = { rulebook: derToCash, rulebookHash: rulebookHash(derToCash) } as const
const states = (material: ReplayMaterial): readonly string[] =>
  [...new Set([...replayed(material)].map(({ state }) => state))]

describe('what an interval is worked out from', () => {
  test('are the rules of now, where it names them', async () => {
    const { client, asked } = exchange([])
    const found = await readMaterial(client, market as Market, place)
    deepEqual([found.market, asked()], [market, 0])
  })

  test('are the rules that the market had, where it names those', async () => {
    const { client, asked } = exchange([market, later])
    const found = await readMaterial(client, { ...market, ...later } as Market, place)
    deepEqual(found.market, market)
    equal(asked(), 1)
    deepEqual(states(found), ['holds'])
  })

  test('are the rules that the chain names, where the exchange shows others', async () => {
    const { client } = exchange([market, later])
    const named = { ...place, rulebookHash: later.rulebookHash }
    const found = await readMaterial(client, market as Market, named)
    equal(found.market.rulebook, later.rulebook)
    ok(states(found).includes('open'))
  })

  test('is no other rulebook, where the market never had what it names', async () => {
    const { client } = exchange([later])
    const found = await readMaterial(client, { ...market, ...later } as Market, place)
    equal(found.market.rulebookHash, later.rulebookHash)
    ok(states(found).includes('open'))
  })
})
