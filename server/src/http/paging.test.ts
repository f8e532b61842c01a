/**
 * Goal: long lists are read from the end that is asked for, in pages that hold each item once, and
 * as narrowly as is asked for.
 * Method: the interface over a double; every list that has an order, from both ends.
 */
import { deepEqual, equal, rejects } from 'node:assert/strict'
import { test } from 'node:test'
import { withServer } from './testing/harness.ts'

test('statements, trades and offers are read from either end', async () => {
  await withServer(async ({ as }) => {
    const alice = as('alice')
    const lists = {
      statement: async (query: object) => {
        const { lines, nextFrom } = await alice.statement(4, query)
        return { found: lines.map(({ sequence }) => sequence), nextFrom }
      },
      trades: async (query: object) => {
        const { trades, nextFrom } = await alice.trades.list(query)
        return { found: trades.map(({ trade }) => trade), nextFrom }
      },
      board: async (query: object) => {
        const { offers, nextFrom } = await alice.trades.board(query)
        return { found: offers.map(({ offer }) => offer), nextFrom }
      },
      offers: async (query: object) => {
        const { offers, nextFrom } = await alice.trades.offers(4, query)
        return { found: offers.map(({ offer }) => offer), nextFrom }
      },
    }
    for (const [name, read] of Object.entries(lists)) {
      const all = (await read({})).found
      equal(all.length > 1, true, name)
      const back: number[] = []
      for (let from: number | null | undefined; from !== null; ) {
        const page = await read({
          ...{ order: 'desc', limit: 1 }, ...(from === undefined ? {} : { from }),
        })
        back.push(...page.found)
        from = page.nextFrom
      }
      deepEqual(back, all.toReversed(), name)
      await rejects(read({ order: 'down' }), { code: 'field_invalid', field: 'order' })
    }
  })
})

test('a statement is of one kind, trades of one relation, the registry of one name', async () => {
  await withServer(async ({ as, client }) => {
    const alice = as('alice')
    const { lines } = await alice.statement(4, { kind: 'deposit' })
    deepEqual(lines.map(({ kind }) => kind), ['deposit'])
    deepEqual((await alice.trades.list({ relation: 'retailer' })).trades, [])
    equal((await alice.trades.list({ relation: 'party' })).trades.length, 2)
    const { participants } = await client.participants({ name: 'bob' })
    deepEqual(participants.map(({ account }) => account), [5])
    const { participants: two, nextFrom } = await client.participants({ find: 'o', limit: 1 })
    deepEqual([two.map(({ name }) => name), nextFrom], [['operator'], 5])
    const wrong = [['name', 'Bob'], ['find', 'ü'], ['role', 'king'], ['status', 'gone']] as const
    for (const [field, value] of wrong) {
      await rejects(client.participants({ [field]: value }), { code: 'field_invalid', field })
    }
  })
})
