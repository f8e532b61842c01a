/**
 * Goal: where two people decide, a market of contracts comes to its end as with one: its deputy
 * joins when all is set up, and approves what the operator alone cannot decide any more.
 * Method: six quarter-hours of contracts through a server with the providers beside it, until the
 * last debtor has climbed the ladder; what the exchange has kept is read by the deputy.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { credentialOf, Signer, withPrivateKey } from '@busbar/client'
import { runTradeDay, seededHomes, seededKey, signNative } from '@busbar/simulator'
import { startTradeMarket, usualFaults } from '../day/trade-day.ts'
import { findAccount } from '../desk/participants.ts'
import { deputy, fourEyes, secondPerson } from './deputy.ts'

const directory = mkdtempSync(join(tmpdir(), 'busbar-deputy-'))
after(() => rmSync(directory, { recursive: true, force: true }))

test('what an operator proposes its deputy approves, to the end of the ladder', async () => {
  const seed = 1
  const homes = seededHomes({ seed, date: undefined, intervals: 6, intervalMs: 900_000 })
  const rules = { fourEyes }
  const market = await startTradeMarket({ homes, seed, dataDir: join(directory, 'day'), rules })
  const { client, houses } = market
  try {
    const second = secondPerson(client, seed)
    const day = { client, homes, seed, houses, rules, second, faults: usualFaults }
    const { defaults } = await runTradeDay(day)
    ok(Object.keys(defaults).length > 0, 'somebody has not paid')
    const account = (await findAccount(client, deputy)) ?? -1
    const sign = withPrivateKey(seededKey(seed, deputy, 'secp256k1').privateKey, signNative)
    const signer = new Signer({ domain: await client.domain(), account, sign })
    const { proposals } = await client.as(credentialOf(signer)).operator.proposals()
    const appeals = proposals.filter(({ instruction }) => instruction.kind === 'decide_appeal')
    ok(appeals.length > 0, 'an appeal was decided')
    deepEqual(new Set(appeals.map(({ status }) => status)), new Set(['approved']))
    deepEqual(new Set(appeals.map(({ decided }) => decided?.account)), new Set([account]))
    equal((await client.conservation()).money.unexplainedMicros, 0)
  } finally {
    await market.stop()
  }
})
