/**
 * Goal: a `kill -9` between any two steps of telling loses no notice and writes none twice, and its
 * receiver gets each at least once, those of one trade in order.
 * Method: a server as a process of its own that kills itself at named points, around the commit of
 * a command and around the way to a webhook; a real receiver in this process keeps what it got.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { BusbarClient } from '@busbar/client'
import { KillableProcess } from '../testing/killable-process.ts'
import { NoticeReader } from '../testing/notice-reader.ts'
import {
  buyerOf,
  marketId,
  openAtMs,
  operator,
  type Pair,
  RailMarket,
  railRulebook,
  sellerOf,
} from '../testing/rail-market.ts'
import { Receiver } from '../testing/receiver.ts'

const pair: Pair = { rail: 'clearing-house', name: 'only' }
const seller = sellerOf(pair)
const platform = 'platform'

const noRetry = { attemptsMax: 1, firstDelayMs: 1, delayMaxMs: 1 }
const market = new RailMarket(new BusbarClient({ baseUrl: 'http://127.0.0.1:1' }), [pair])
const reader = new NoticeReader(market)
const receiver = new Receiver()
const folder = mkdtempSync(join(tmpdir(), 'busbar-notices-kill-'))
const server = new KillableProcess(join(folder, 'passages.log'))

async function start(killAt = ''): Promise<void> {
  const rulebook = join(folder, 'rulebook.json')
  writeFileSync(rulebook, JSON.stringify(railRulebook(['clearing-house'])))
  market.url = await server.start(killAt, {
    ...{ BUSBAR_MARKET: marketId, BUSBAR_DATA_DIR: join(folder, 'data'), BUSBAR_PORT: '0' },
    ...{ BUSBAR_CLOCK: 'manual', BUSBAR_CLOCK_START_MS: String(openAtMs) },
    ...{ BUSBAR_RULEBOOK: rulebook, BUSBAR_OPERATOR: JSON.stringify(operator) },
    BUSBAR_WEBHOOKS: 'any',
  })
  market.client = new BusbarClient({ baseUrl: market.url, retry: noRetry, timeoutMs: 60_000 })
}

/** Does it with a server that dies at the point, and again with one that does not. */
async function dyingAt(point: string, doing: () => Promise<unknown>): Promise<void> {
  await server.stop()
  await start(`${point}:${server.passages(point) + 1}`)
  const ended = server.ended()
  await doing().catch(() => 'nobody was answered')
  equal(await ended, 'SIGKILL', point)
  await start()
  await doing()
}

before(async () => {
  mkdirSync(join(folder, 'data'))
  await receiver.start()
  await start()
  await market.prepare()
  const webhook = { url: receiver.url, after: 0 }
  const signed = await (await market.signerOf(platform)).webhook(webhook, Date.now())
  await market.client.notices.setWebhook(signed)
})

after(async () => {
  server.kill()
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
    await server.stop()
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
