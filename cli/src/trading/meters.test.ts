/**
 * Goal: who runs a market, a retailer and a utility list the meters that concern them, chosen by
 * what they name; what nobody can choose by is refused with the words that there are.
 * Method: a market founded by the command line on a real server; three homes of two retailers on
 * the wires of one utility.
 */
import { deepEqual, equal, match } from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { homes, type Name, TradeWorld } from '../testing/trade-world.ts'

const world = new TradeWorld()

before(() => world.start())
after(() => world.end())

type Listed = { readonly meters: readonly { readonly name: string; readonly standing: string }[] }

async function namesOf(who: Name, command: string, ...more: readonly string[]) {
  const { meters } = await world.json<Listed>(who, command, 'meters', ...more)
  return meters.map(({ name }) => name)
}

test('each is shown those that concern it', async () => {
  const all = await namesOf('operator', 'authority')
  equal(all.length, homes.length)
  deepEqual(await namesOf('grid', 'utility'), all)
  equal((await namesOf('north', 'retailer')).length, 1)
  equal((await namesOf('south', 'retailer')).length, 2)
  deepEqual(await namesOf('bank', 'authority'), [])
})

test('they are chosen by owner, supplier, wires, kind, and how they are read', async () => {
  const [alices] = await namesOf('operator', 'authority', '--owner', 'alice')
  deepEqual(await namesOf('operator', 'authority', '--supplier', 'north'), [alices])
  equal((await namesOf('operator', 'authority', '--wires', 'grid')).length, homes.length)
  deepEqual(await namesOf('operator', 'authority', '--kind', 'virtual'), [])
  equal((await namesOf('operator', 'authority', '--silent', '1')).length, homes.length)
  deepEqual(await namesOf('operator', 'authority', '--estimated', '1', '--owner', 'bank'), [])
  const { out } = await world.as('operator', 'authority', 'meters', '--owner', 'alice')
  match(out, /meter +name +owner[\s\S]+alice \(9\)/)
  const none = await world.as('operator', 'authority', 'meters', '--kind', 'virtual')
  match(none.out, /No meter is found that concerns you/)
})

test('what there is none of is refused', async () => {
  const bad = await world.as('operator', 'authority', 'meters', '--kind', 'smart')
  equal(bad.code, 2)
  match(bad.err, /--kind is smart; it takes physical, virtual/)
  const much = await world.as('operator', 'authority', 'meters', '--estimated', '101')
  match(much.err, /field_invalid/)
})
