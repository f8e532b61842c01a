/**
 * Goal: a `kill -9` at any step of a sealed interval, from its gate to its proof, loses nothing and
 * does nothing twice: the next start goes on where the journal and the outbox stand.
 * Method: a server as a process of its own that kills itself at named points, one interval for
 * each; it is started again on the same data, and at the end a second opinion judges all of it.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { BusbarClient } from '@busbar/client'
import { startCommittee, type TestCommittee } from '../testing/committee-members.ts'
import { KillableProcess } from '../testing/killable-process.ts'
import { first, LiveMarket, liveRulebook, openAtMs, participant } from '../testing/live-market.ts'
import { verifyMarket } from '../verify.ts'

/** In the order in which every interval passes them. */
const deaths = [
  'store.commit(close_gate)/before',
  'store.commit(close_gate)/after',
  'opening.open/before',
  'opening.open/after',
  'store.commit(open_orders)/before',
  'store.commit(open_orders)/after',
] as const
const proofDeaths = ['store.enqueue/before', 'store.enqueue/after'] as const

const noRetry = { attemptsMax: 1, firstDelayMs: 1, delayMaxMs: 1 }
let committee: TestCommittee
const folder = mkdtempSync(join(tmpdir(), 'busbar-sealed-kill-'))
const dataDir = join(folder, 'data')
const server = new KillableProcess(join(folder, 'passages.log'))
let market: LiveMarket
let died = 0

async function start(killAt: string): Promise<void> {
  const rulebook = join(folder, 'rulebook.json')
  writeFileSync(rulebook, JSON.stringify(liveRulebook))
  const baseUrl = await server.start(killAt, {
    ...{ BUSBAR_MARKET: 'sealed-test', BUSBAR_DATA_DIR: dataDir, BUSBAR_PORT: '0' },
    ...{ BUSBAR_CLOCK: 'manual', BUSBAR_CLOCK_START_MS: String(openAtMs) },
    ...{ BUSBAR_RULEBOOK: rulebook, BUSBAR_OPERATOR: JSON.stringify(participant('operator')) },
    BUSBAR_COMMITTEE: JSON.stringify(committee.urls),
  })
  market = new LiveMarket(new BusbarClient({ baseUrl, retry: noRetry, timeoutMs: 30_000 }))
}

/** Lets the server die at `point`, for which it was started, and starts it again for `next`. */
async function dying(point: string, next: string, doing: () => Promise<unknown>): Promise<void> {
  const ended = server.ended()
  const answered = doing().then(
    () => true,
    () => false,
  )
  equal(await ended, 'SIGKILL', point)
  equal(await answered, false, 'nobody was told that it was done')
  died += 1
  await start(next)
}

/** The passage of `point` that is `ahead`: the one before it belongs to going on after a kill. */
const passage = (point: string | undefined, ahead: number): string =>
  point === undefined ? '' : `${point}:${server.passages(point) + ahead}`

before(async () => {
  mkdirSync(dataDir)
  committee = await startCommittee()
  // Preparing the market closes no gate and opens nothing.
  await start(`${deaths[0]}:1`)
  await market.prepare(committee)
})

after(async () => {
  server.kill()
  committee.stop()
  rmSync(folder, { recursive: true, force: true })
})

const placed = async (interval: number): Promise<void> => {
  const sell = { side: 'sell', energyWh: 800, limitMicrosPerKwh: 100_000 } as const
  const buy = { side: 'buy', energyWh: 600, limitMicrosPerKwh: 200_000 } as const
  await market.place('alice', sell, first + interval)
  await market.place('bob', buy, first + interval)
}

test('killed at each step of its opening, an interval is cleared once', async () => {
  for (const [interval, point] of deaths.entries()) {
    await placed(interval)
    const following = deaths[interval + 1]
    const next = following === undefined ? passage(proofDeaths[0], 1) : passage(following, 2)
    await dying(point, next, () => market.to(interval - 1, 240))
    await market.to(interval - 1, 241)
    const { status, energyWh, voidCount } = await market.client.interval(0, first + interval)
    deepEqual([status, energyWh, voidCount], ['cleared', 600, 0], point)
  }
})

test('killed while it takes a proof, it has the proof or asks for it again', async () => {
  for (const [index, point] of proofDeaths.entries()) {
    const claim = await (await market.as('prover')).claimProving()
    ok(claim !== null)
    const { zone, interval, statement } = claim
    const proof = { zone, interval, size: 64, proof: '0xab', statement }
    const next = passage(proofDeaths[index + 1], 1)
    await dying(point, next, async () => (await market.as('prover')).handInProof(proof))
    const { batches } = await (await market.as('auditor')).provingQueue()
    const status = batches.find((batch) => batch.interval === interval)?.status
    // Taken, its bytes are refused by the verifier sooner or later: it proves nothing.
    const known = point.endsWith('before') ? ['waiting'] : ['sent', 'failed']
    ok(known.includes(status ?? 'gone'), `${point}: ${status}`)
  }
})

test('after all of it a second opinion finds each thing done once', async () => {
  equal(died, deaths.length + proofDeaths.length)
  await server.stop()
  const { differences } = await verifyMarket({ dataDir })
  deepEqual(differences, [])
})
