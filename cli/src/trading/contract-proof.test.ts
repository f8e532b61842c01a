/**
 * Goal: whom a trade concerns sees that each of its contracts is on the chain, and is told so when
 * one is not there yet, or when what the exchange shows does not lead there.
 * Method: a real server and a node of its own; contracts before and after their gate, replaced by
 * others, and the same answers with a byte changed by a server in between.
 */
import { deepEqual, equal, match } from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { startMs, TradeWorld } from '../testing/trade-world.ts'

const world = new TradeWorld()
before(() => world.start())
after(() => world.end())

type Contract = {
  readonly version: number
  readonly contract: string
  readonly is_of_terms: boolean | null
  readonly fixed_with: number | null
  readonly place: number | null
  readonly fixed: { readonly root: string; readonly count: number; readonly tx_hash: string } | null
}
type Proven = { readonly contracts: readonly Contract[] }

const at = (interval: number): string => new Date(startMs + interval * 900_000).toISOString()
const terms = ['--energy', '100Wh', '--price', '0.30', '--from', at(4), '--intervals', '4']
const proof = (trade: number) => ['trade', 'proof', String(trade), '--node', world.node]

/** When the transaction of the gate is in a block. */
async function onTheChain(trade: number, contracts: number): Promise<readonly Contract[]> {
  for (let turn = 0; turn < 300; turn += 1) {
    const { contracts: found } = await world.json<Proven>('alice', ...proof(trade))
    if (found.filter(({ fixed }) => fixed !== null).length === contracts) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`trade ${trade}: the chain has no root of the gate`)
}

test('before the gate it is said that a contract is not there yet', async () => {
  await world.agreed('alice', 'bob', ...terms)
  await world.agreed('alice', 'carol', ...terms)
  const { contracts } = await world.json<Proven>('alice', ...proof(1))
  deepEqual(
    contracts.map((one) => [one.version, one.is_of_terms, one.fixed_with, one.place, one.fixed]),
    [[1, true, null, null, null]],
  )
  match((await world.as('bob', ...proof(1))).out, /not on the chain yet: the next gate takes it/)
})

test('after it each whom it concerns finds it there, and nobody else', async () => {
  await world.to(-6)
  const [first] = await onTheChain(1, 1)
  const [second] = await onTheChain(2, 1)
  deepEqual([first?.fixed?.count, second?.fixed?.count], [2, 2])
  deepEqual([first?.place, second?.place].sort(), [0, 1])
  deepEqual(first?.fixed, second?.fixed)
  const read = /digest of the terms that you read\n {2}on the chain: number [12] of 2 recorded/
  match((await world.as('bob', ...proof(1))).out, read)
  for (const name of ['north', 'south', 'grid'] as const) {
    const told = await world.as(name, ...proof(1))
    match(told.out, /its terms are not shown to you\n {2}on the chain: number [12] of 2/, name)
    match(told.out, new RegExp(`transaction ${first?.fixed?.tx_hash}, block \\d+$`), name)
  }
  const { code, err } = await world.as('carol', ...proof(1))
  deepEqual([code, /not_found: trade/.test(err)], [3, true])
})

test('a contract that took another’s place has a place of its own', async () => {
  const shown = await world.json<{ versions: readonly { contract: string }[] }>(
    'alice', 'trade', 'show', '1',
  )
  const change = ['trade', 'modify', '1', '--price', '0.31']
  const { contract } = await world.json<{ contract: string }>('alice', ...change)
  await world.json('bob', 'trade', 'accept', '1', contract)
  await world.to(-5)
  const found = await onTheChain(1, 2)
  deepEqual(found.map((one) => one.contract), [shown.versions[0]?.contract, contract])
  deepEqual(found.map(({ fixed }) => fixed?.count), [2, 1])
})

test('what was changed on its way by one byte is refused', async () => {
  type Body = { contracts: { contract: string; proof: { path: string[]; index: number } }[] }
  const flipped = (hex: string): string =>
    `${hex.slice(0, -1)}${hex.endsWith('0') ? '1' : '0'}`
  const changes: readonly ((body: Body) => void)[] = [
    ({ contracts: [one] }) => one && Object.assign(one, { contract: flipped(one.contract) }),
    ({ contracts: [one] }) => one?.proof.path.splice(0, 1, flipped(one.proof.path[0] ?? '')),
    ({ contracts: [one] }) => one && (one.proof.index = 1 - one.proof.index),
  ]
  for (const change of changes) {
    const front = createServer((request, response) => {
      void (async () => {
        const { authorization = '' } = request.headers
        const answer = await fetch(`${world.url}${request.url}`, { headers: { authorization } })
        const body = (await answer.json()) as Body
        if (request.url?.endsWith('/proofs')) change(body)
        response.writeHead(answer.status, { 'content-type': 'application/json' })
        response.end(JSON.stringify(body))
      })()
    }).listen(0, '127.0.0.1')
    await once(front, 'listening')
    const { port } = front.address() as AddressInfo
    const key = ['--as', 'bob', '--key', world.file('bob.key')]
    const lied = await world.busbar(...proof(1), ...key, '--server', `http://127.0.0.1:${port}`)
    front.closeAllConnections()
    front.close()
    deepEqual([lied.code, /proof_invalid/.test(lied.err)], [3, true], lied.out)
  }
  equal((await world.as('bob', ...proof(1))).code, 0)
})
