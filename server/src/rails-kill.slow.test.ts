/**
 * Goal: a `kill -9` between any two steps of any rail, from setting money aside to the transfers of
 * retailers, pays each obligation once.
 * Method: a server as a process of its own that kills itself at named points, one after the other,
 * with one trade by each rail; provider, network and bank keep their own books, which are compared
 * with the table and, at the end, with the exchange's by a second opinion.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { BusbarClient } from '@busbar/client'
import { rails } from '@busbar/core/rulebook'
import {
  buyerOf,
  marketId,
  openAtMs,
  operator,
  type Pair,
  RailMarket,
  railRulebook,
  sellerOf,
  startMs,
  windowIntervals,
} from './testing/rail-market.ts'
import { own, platform, RailWorld } from './testing/rail-world.ts'
import { verifyMarket } from './verify.ts'

const pairs: readonly Pair[] = rails.map((rail) => ({ rail, name: 'only' }))

/** 60 % is delivered: see the table of `rails.test.ts`. */
const [exportedWh, importedWh] = [375, 625]
const worth = { seller: 12_670_000, buyer: -13_270_000, fees: 300_000 }

const around = (point: string): string[] => [`${point}/before`, `${point}/after`]
const recorded = around('store.commit(record_payment)')

const deaths = {
  reserve: [...around('money-block.reserve'), ...recorded],
  collect: [
    ...around('store.commit(tend_payments)'),
    ...around('money-block.capture'),
    ...recorded,
    // A process that does not know of a bill asks for it again, and hears that it is paid.
    ...around('bill-seller.collect'),
    ...recorded,
    ...around('bill-platform.collect'),
    ...recorded,
  ],
  net: [
    ...around('store.commit(tend_payments)'),
    ...around('transfers.order'),
    ...around('transfers.news'),
    ...around('store.commit(record_netting)'),
  ],
}

const program = fileURLToPath(new URL('./testing/killable-server.ts', import.meta.url))
const noRetry = { attemptsMax: 1, firstDelayMs: 1, delayMaxMs: 1 }
const world = new RailWorld()
const market = new RailMarket(new BusbarClient({ baseUrl: 'http://127.0.0.1:1' }), pairs)
let folder = ''
let child: ChildProcess | undefined
let died = 0

async function start(killAt = ''): Promise<void> {
  const [rulebook, file] = [join(folder, 'rulebook.json'), join(folder, 'rails.json')]
  writeFileSync(rulebook, JSON.stringify(railRulebook(rails)))
  writeFileSync(file, JSON.stringify(world.file), { mode: 0o600 })
  const started = spawn(process.execPath, [program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ...{ BUSBAR_MARKET: marketId, BUSBAR_DATA_DIR: join(folder, 'data'), BUSBAR_PORT: '0' },
      ...{ BUSBAR_CLOCK: 'manual', BUSBAR_CLOCK_START_MS: String(openAtMs) },
      ...{ BUSBAR_RULEBOOK: rulebook, BUSBAR_OPERATOR: JSON.stringify(operator) },
      ...{ BUSBAR_RAILS: file, KILL_AT: killAt, KILL_LOG: join(folder, 'passages.log') },
    },
  })
  child = started
  for await (const line of createInterface({ input: started.stdout })) {
    const event = JSON.parse(line) as { readonly event: string; readonly url?: string }
    if (event.event !== 'ready' || event.url === undefined) continue
    market.url = event.url
    market.client = new BusbarClient({ baseUrl: event.url, retry: noRetry, timeoutMs: 60_000 })
    return
  }
  throw new Error('the server did not start')
}

async function stop(): Promise<void> {
  const running = child
  if (running === undefined || running.exitCode !== null || running.signalCode !== null) return
  const ended = once(running, 'exit')
  running.kill('SIGTERM')
  await ended
}

/** How often a point was passed by all processes so far. */
const passages = (point: string): number =>
  readFileSync(join(folder, 'passages.log'), 'utf8').split('\n').filter((line) => line === point)
    .length

/** Does the same again and again, dying at each of the points, and once more to the end. */
async function dyingAt(points: readonly string[], doing: () => Promise<unknown>): Promise<void> {
  for (const point of points) {
    await stop()
    await start(`${point}:${passages(point) + 1}`)
    const ended = once(child as ChildProcess, 'exit') as Promise<[number | null, string | null]>
    const answered = doing().then(
      () => true,
      () => false,
    )
    equal(await answered, false, `${point}: nobody was told that it was done`)
    equal((await ended)[1], 'SIGKILL', point)
    died += 1
  }
  await start()
  await doing()
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'busbar-rails-kill-'))
  mkdirSync(join(folder, 'data'))
  await world.start()
  await start()
  await market.prepare()
  await world.admit(market)
  for (const pair of pairs) await market.agree(pair)
})

after(async () => {
  child?.kill('SIGKILL')
  await world.remove()
  rmSync(folder, { recursive: true, force: true })
})

test('killed while money is set aside, it is set aside once', async () => {
  await dyingAt(deaths.reserve, () => market.to(-4))
  const pair = pairs.find(({ rail }) => rail === 'money-block') as Pair
  const { payments } = await market.payments(buyerOf(pair))
  deepEqual(payments.map(({ state }) => state), ['reserved'])
  const token = `${marketId}.${market.accountOf(buyerOf(pair))}`
  const { heldMicros } = await world.provider.party(token)
  equal(heldMicros, payments[0]?.reservedMicros)
})

const collectMs = startMs + (windowIntervals + 6) * 900_000

test('killed while it is collected, it is paid once by every rail', async () => {
  for (let boundary = 0; boundary <= windowIntervals; boundary += 1) {
    await market.to(boundary, 5)
    await market.read(boundary, () => [boundary * exportedWh, boundary * importedWh])
  }
  await market.client.setClock(collectMs - 900_000 - 1)
  await world.to(collectMs)
  await dyingAt(deaths.collect, () => market.client.setClock(collectMs))
  await world.to(collectMs + 1_000)
  await market.client.setClock(collectMs + 1_000)
  for (const pair of pairs) {
    const of = (side: string): Promise<number> => world.worthOf(market, side, pair.rail)
    const sides = [await of(sellerOf(pair)), await of(buyerOf(pair))]
    deepEqual(sides, [own + worth.seller, own + worth.buyer], pair.rail)
  }
  const fees = [await world.providedTo(1), await world.providedTo(platform)]
  deepEqual(fees, [worth.fees, worth.fees])
  deepEqual([await world.billedTo(1), await world.billedTo(platform)], fees.map((fee) => 2 * fee))
})

test('killed while retailers settle, each transfer is booked once', async () => {
  const nettingMs = startMs + (2 * windowIntervals + 7) * 900_000
  await world.to(nettingMs)
  await dyingAt(deaths.net, () => market.client.setClock(nettingMs))
  const { seller, buyer, fees } = worth
  const booked = [['B-1', fees], ['B-5', seller], ['B-6', buyer], ['B-9', fees]]
  deepEqual(await world.banked(), booked)
})

test('after all of it a second opinion finds each thing done once', async () => {
  equal(died, Object.values(deaths).flat().length)
  await stop()
  const { differences } = await verifyMarket({ dataDir: join(folder, 'data') })
  deepEqual(differences, [])
})
