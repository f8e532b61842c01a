/**
 * Goal: a `kill -9` between any two steps of telling loses no notice and writes none twice, and its
 * receiver gets each at least once, those of one trade in order.
 * Method: a server as a process of its own that kills itself at named points, around the commit of
 * a command and around the way to a webhook; a real receiver in this process keeps what it got.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { BusbarClient } from '@busbar/client'
import { NoticeReader } from './testing/notice-reader.ts'
import {
  buyerOf,
  marketId,
  openAtMs,
  operator,
  type Pair,
  RailMarket,
  railRulebook,
  sellerOf,
} from './testing/rail-market.ts'
import { Receiver } from './testing/receiver.ts'

const pair: Pair = { rail: 'clearing-house', name: 'only' }
const seller = sellerOf(pair)
const platform = 'platform'

const program = fileURLToPath(new URL('./testing/killable-server.ts', import.meta.url))
const noRetry = { attemptsMax: 1, firstDelayMs: 1, delayMaxMs: 1 }
const market = new RailMarket(new BusbarClient({ baseUrl: 'http://127.0.0.1:1' }), [pair])
const reader = new NoticeReader(market)
const receiver = new Receiver()
let folder = ''
let child: ChildProcess | undefined

async function start(killAt = ''): Promise<void> {
  const rulebook = join(folder, 'rulebook.json')
  writeFileSync(rulebook, JSON.stringify(railRulebook(['clearing-house'])))
  const started = spawn(process.execPath, [program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ...{ BUSBAR_MARKET: marketId, BUSBAR_DATA_DIR: join(folder, 'data'), BUSBAR_PORT: '0' },
      ...{ BUSBAR_CLOCK: 'manual', BUSBAR_CLOCK_START_MS: String(openAtMs) },
      ...{ BUSBAR_RULEBOOK: rulebook, BUSBAR_OPERATOR: JSON.stringify(operator) },
      ...{ BUSBAR_WEBHOOKS: 'any', KILL_AT: killAt, KILL_LOG: join(folder, 'passages.log') },
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

/** Does it with a server that dies at the point, and again with one that does not. */
async function dyingAt(point: string, doing: () => Promise<unknown>): Promise<void> {
  await stop()
  await start(`${point}:${passages(point) + 1}`)
  const ended = once(child as ChildProcess, 'exit') as Promise<[number | null, string | null]>
  await doing().catch(() => 'nobody was answered')
  equal((await ended)[1], 'SIGKILL', point)
  await start()
  await doing()
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'busbar-notices-kill-'))
  mkdirSync(join(folder, 'data'))
  await receiver.start()
  await start()
  await market.prepare()
  const webhook = { url: receiver.url, after: 0 }
  const signed = await (await market.signerOf(platform)).webhook(webhook, Date.now())
  await market.client.notices.setWebhook(signed)
})

after(async () => {
  child?.kill('SIGKILL')
  await receiver.stop()
  rmSync(folder, { recursive: true, force: true })
})

const commit = 'store.commit(propose_trade)'
const send = 'webhooks.send'
const points = [`${commit}/before`, `${commit}/after`, `${send}/during`, `${send}/after`]

/** As many invitations as there are points, each by its own id and sent again after the death. */
for (const [index, point] of points.entries()) {
  test(`killed at ${point}, its notice is there once and arrives`, async () => {
    const id = `0x${(0xa0 + index).toString(16).repeat(16)}`
    const signer = await market.signerOf(seller)
    const proposal = await signer.proposal(market.termsOf(pair, { id }))
    await dyingAt(point, () => market.client.trades.propose(proposal))
    for (const name of [platform, seller, buyerOf(pair)]) {
      const notices = await reader.all(name)
      deepEqual(notices.map(({ sequence }) => sequence), notices.map((_, place) => place + 1))
      const subjects = notices.map(({ subject }) => subject)
      deepEqual(subjects, notices.map((_, place) => `trade/${place + 1}`), name)
      equal(notices.length, index + 1, name)
    }
    await receiver.until(() => receiver.known.length === index + 1, point)
    await stop()
    ok(receiver.sequences.length <= 2 * points.length + index + 1, 'and is not sent for ever')
  })
}

test('what was taken is not brought again after an orderly restart', async () => {
  const count = receiver.sequences.length
  await start()
  await market.client.setClock((await market.client.market()).clock.nowMs)
  const { waiting } = await (await market.as(platform)).notices.webhook(market.accountOf(platform))
  equal(waiting, 0)
  equal(receiver.sequences.length, count)
  deepEqual([...receiver.known].sort((a, b) => a - b), points.map((_, index) => index + 1))
})
