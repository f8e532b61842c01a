/**
 * Goal: a server that dies while it works out what other rules would have done loses nothing of the
 * market, leaves nobody behind who works on, and answers the question when it is asked again; an
 * orderly stop does not wait for it.
 * Method: a server as a process of its own, killed and stopped with a question under way; books,
 * journal and the answer before and after.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { WhatIfAnswer } from '@busbar/protocols/api'
import { KillableMarket } from '../testing/killable-market.ts'
import { runs } from '../testing/killable-process.ts'
import { first, type Pair } from '../testing/rail-market.ts'

const pair: Pair = { rail: 'clearing-house', name: 'first' }
const killable = new KillableMarket({ name: 'what-if', pairs: [pair] })
const { market, server } = killable

before(async () => {
  await killable.start()
  await market.prepare()
  for (const boundary of [0, 1, 2, 3]) {
    await market.to(boundary, 5)
    await market.read(boundary, () => [boundary * 600, boundary * 600])
  }
  await market.to(8)
})

after(() => killable.remove())

async function ask(feeMicrosPerKwh = 9_000): Promise<WhatIfAnswer> {
  const { rulebook } = await market.client.market()
  const asked = { rulebook: { ...rulebook, version: 2, feeMicrosPerKwh } }
  const client = await market.as('operator')
  return client.operator.whatIf({ ...asked, from: first, to: first + 3 })
}

async function answered(): Promise<WhatIfAnswer> {
  for (let turn = 0; turn < 300; turn += 1) {
    const answer = await ask()
    if (answer.state === 'done' || answer.state === 'failed') return answer
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('it is never answered')
}

/** What must be the same whatever became of a question. */
async function books() {
  const client = await market.as('operator')
  const { balances } = await client.auditBalances()
  const { journalSequence } = await client.health()
  const { money, energy } = await client.conservation()
  return { balances, journalSequence, money, energy }
}

const worker = 'what-if-worker'
const moment = () => new Promise((resolve) => setTimeout(resolve, 20))

/** Who works the question out; nobody that Linux alone could name. */
async function begun(): Promise<readonly number[]> {
  for (let fee = 1; ; fee += 1) {
    // Where one is answered before it was seen, another is asked.
    while (['waiting', 'running'].includes((await ask(fee)).state)) {
      const workers = server.children(worker)
      if (workers.length > 0 || process.platform !== 'linux') return workers
    }
  }
}

test('killed with a question under way, the market is as it was, and answers', async () => {
  const before = await books()
  const ended = server.ended()
  const workers = await begun()
  server.kill()
  equal(await ended, 'SIGKILL')
  while (workers.some((pid) => runs(pid, worker))) await moment()
  await killable.start()
  deepEqual(await books(), before)
  const answer = await answered()
  equal(answer.state, 'done', JSON.stringify(answer.failure))
  equal(answer.reproducedIntervals, 4)
  deepEqual(await books(), before)
})

test('stopped with a question under way, it stops at once', async () => {
  await server.stop()
  await killable.start()
  ok(['waiting', 'running'].includes((await ask()).state), 'it is under way')
  const begun = performance.now()
  await server.stop()
  ok(performance.now() - begun < 30_000)
  await killable.start()
  equal((await answered()).state, 'done')
})
