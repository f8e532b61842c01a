/**
 * Goal: a `kill -9` between any two steps of telling loses no notice and writes none twice, and its
 * receiver gets each at least once, those of one trade in order.
 * Method: a server as a process of its own that kills itself at named points, around the commit of
 * a command and around the way to a webhook; a real receiver in this process keeps what it got.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { KillableMarket } from '../testing/killable-market.ts'
import { NoticeReader } from '../testing/notice-reader.ts'
import { buyerOf, type Pair, sellerOf } from '../testing/rail-market.ts'
import { Receiver } from '../testing/receiver.ts'

const pair: Pair = { rail: 'clearing-house', name: 'only' }
const seller = sellerOf(pair)
const platform = 'platform'

const killable = new KillableMarket({
  ...{ name: 'notices', pairs: [pair] },
  environment: () => ({ BUSBAR_WEBHOOKS: 'any' }),
})
const { market, server } = killable
const reader = new NoticeReader(market)
const receiver = new Receiver()

before(async () => {
  await receiver.start()
  await killable.start()
  await market.prepare()
  const webhook = { url: receiver.url, after: 0 }
  const signed = await (await market.signerOf(platform)).webhook(webhook, Date.now())
  await market.client.notices.setWebhook(signed)
})

after(async () => {
  killable.remove()
  await receiver.stop()
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
    await killable.dyingAt(point, () => market.client.trades.propose(proposal))
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
  await killable.start()
  await market.client.setClock((await market.client.market()).clock.nowMs)
  const { waiting } = await (await market.as(platform)).notices.webhook(market.accountOf(platform))
  equal(waiting, 0)
  equal(receiver.sequences.length, count)
  deepEqual([...receiver.known].sort((a, b) => a - b), points.map((_, index) => index + 1))
})
