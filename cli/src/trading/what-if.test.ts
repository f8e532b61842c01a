/**
 * Goal: by the command line an operator learns what the past would have come to by rules that
 * nobody has signed, with the check that the replay is what happened; who may not is refused, and
 * what cannot be told is refused with its field.
 * Method: a market founded by the command line on a real server, its chain and its process.
 */
import { deepEqual, equal, match } from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { first, type Name, TradeWorld } from '../testing/trade-world.ts'

const world = new TradeWorld()

before(() => world.start())
after(() => world.end())

async function rules(change: Readonly<Record<string, unknown>>): Promise<string> {
  const { rulebook } = await world.client.market()
  return world.file('rules.json', JSON.stringify({ ...rulebook, version: 2, ...change }))
}

const ask = (who: Name, file: string, ...more: readonly string[]) =>
  world.as(who, 'authority', 'what-if', file, '--from', String(first), ...more)

test('the past by other rules is told, by day, zone and account', async () => {
  for (const interval of [1, 2, 3]) await world.to(interval)
  const file = await rules({ feeMicrosPerKwh: 9_000 })
  const until = ['--until', String(first + 3)]
  const { out, code } = await ask('operator', file, ...until, '--json')
  equal(code, 0)
  const answer = JSON.parse(out) as { readonly state: string; readonly unheard_fields: string[] }
  deepEqual([answer.state, answer.unheard_fields], ['done', []])
  const { out: told } = await ask('operator', file, ...until)
  match(told, /replayed by their own rules/)
  match(told, /day +zone +intervals +traded +by these/)
})

test('what nobody can tell is refused with its field', async () => {
  const refused = await ask('operator', await rules({ gateLeadSeconds: 1 }))
  match(refused.err, /rulebook_incomparable/)
  match(refused.err, /rulebook\.gateLeadSeconds/)
  const none = await ask('operator', world.file('none.json', 'no rules'))
  equal(none.code, 2)
  match(none.err, /none\.json is not JSON/)
})

test('who may not ask is refused', async () => {
  const refused = await ask('alice', await rules({}))
  match(refused.err, /access_denied/)
})
