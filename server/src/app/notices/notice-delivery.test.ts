/**
 * Goal: each notice reaches its receiver at least once, those of one subject in order, whatever
 * receivers do; one that is tried for too long is given up, and holds nobody back.
 * Method: real receivers on this machine that fail, hang, are away and come back, over the plainest
 * store, with short pauses; the next process is another delivery over the same store.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { WebhookSender } from '../../adapters/webhooks/index.ts'
import { MemoryNotices } from '../../testing/memory-notices.ts'
import { Receiver } from '../../testing/receiver.ts'
import type { JournalledNotice, NoticeSender, StoredWebhook } from '../ports/notices.ts'
import { attemptsMax, pauseAfter } from './delivery-line.ts'
import { NoticeDelivery } from './notice-delivery.ts'
import { wireNotice } from './wire.ts'

const account = 7

const notice = (subject: string, change: Partial<JournalledNotice> = {}): JournalledNotice => ({
  ...{ account, subject, kind: 'offer_changed', journalSequence: 1, at: 1_700_000_000_000 },
  body: '{"offer":3,"status":"open"}',
  ...change,
})

describe('delivery', () => {
  let book: MemoryNotices
  let receiver: Receiver
  let delivery: NoticeDelivery
  let issued = 0
  const failed: unknown[] = []
  const started: NoticeDelivery[] = []

  function deliveryOver(sender: NoticeSender, pauseMs = 5): NoticeDelivery {
    const made = new NoticeDelivery({
      ...{ book, sender, wallClock: () => Date.now(), pause: () => pauseMs },
      dressed: (one) => ({ headers: {}, body: Buffer.from(JSON.stringify(wireNotice('m', one))) }),
      report: (_account, error) => failed.push(error),
    })
    started.push(made)
    return made
  }

  const sender = (deadlineMs = 2_000) => new WebhookSender({ reach: 'any', deadlineMs })

  async function hook(change: Partial<StoredWebhook> = {}): Promise<void> {
    issued += 1
    const digest = `0x${'d1'.repeat(32)}`
    const webhook = { account, url: receiver.url, after: 0, issuedAt: issued, digest, ...change }
    await book.setWebhook(webhook)
    delivery.set(webhook)
  }

  function tell(...subjects: readonly string[]): void {
    book.append(subjects.map((subject) => notice(subject)))
    delivery.hear([account])
  }

  const stateOf = (sequence: number, of = account) =>
    book.kept.find((kept) => kept.notice.account === of && kept.notice.sequence === sequence)?.state

  const settled = (count: number): boolean =>
    book.kept.filter(({ state }) => state !== 'waiting').length === count

  beforeEach(async () => {
    book = new MemoryNotices()
    receiver = new Receiver()
    await receiver.start()
    delivery = deliveryOver(sender())
  })

  afterEach(async () => {
    await Promise.all(started.splice(0).map((one) => one.stop()))
    await receiver.stop()
    deepEqual(failed.splice(0), [])
  })

  test('brings what is told before and after the webhook was set', async () => {
    tell('a', 'b')
    await hook()
    await receiver.until(() => settled(2), 'both')
    tell('a', 'c', 'a')
    await receiver.until(() => settled(5), 'all')
    deepEqual([...receiver.sequences].sort(), [1, 2, 3, 4, 5])
    const ofA = receiver.received.filter(({ notice: { subject } }) => subject === 'a')
    deepEqual(ofA.map(({ notice: { sequence } }) => sequence), [1, 3, 5])
    const ids = receiver.received.map(({ notice: { id } }) => id)
    ok(ids.includes('m/7/1') && ids.includes('m/7/5'))
  })

  test('tries again what was not taken, and nothing of its subject overtakes it', async () => {
    receiver.manner = ({ subject }, before) => (subject === 'a' && before < 3 ? 500 : 200)
    await hook()
    tell('a', 'a', 'b', 'b')
    await receiver.until(() => settled(4), 'all four')
    const ofA = receiver.received.filter(({ notice: { subject } }) => subject === 'a')
    deepEqual(ofA.map(({ notice: { sequence } }) => sequence), [1, 1, 1, 1, 2, 2, 2, 2])
    const ofB = receiver.received.filter(({ notice: { subject } }) => subject === 'b')
    deepEqual(ofB.map(({ notice: { sequence } }) => sequence), [3, 4], 'others are not held back')
  })

  test('gives up what is refused for ever, shows it, and goes on behind it', async () => {
    receiver.manner = ({ sequence }) => (sequence === 1 ? 400 : 200)
    await hook()
    tell('a', 'a')
    await receiver.until(() => settled(2), 'both', 60_000)
    equal(receiver.sequences.filter((sequence) => sequence === 1).length, attemptsMax)
    deepEqual([stateOf(1), stateOf(2)], ['given_up', 'delivered'])
    const line = delivery.lineOf(account)
    deepEqual([line?.counts.givenUp, line?.counts.waiting], [1, 0])
  })

  test('asks a receiver that is away with one notice at a time, and then brings all', async () => {
    await receiver.stop()
    await hook()
    tell('a', 'b', 'c', 'd')
    const line = delivery.lineOf(account)
    await receiver.until(() => (line?.failures ?? 0) >= 3, 'three failures')
    equal(line?.lastError, 'ECONNREFUSED')
    const tried = book.kept.map(({ notice: { attempts } }) => attempts)
    ok(Math.max(...tried) >= 1 && tried.filter((attempts) => attempts > 1).length <= 1, `${tried}`)
    await receiver.start()
    await receiver.until(() => settled(4), 'all four')
    deepEqual([line?.failures, line?.lastError], [0, ''])
  })

  test('does not wait for ever for one that hangs, nor for one that asks to wait', async () => {
    delivery = deliveryOver(sender(100))
    receiver.manner = (_notice, before) => (['silence', 503, 429, 204] as const)[before] ?? 204
    await hook()
    tell('a')
    await receiver.until(() => settled(1), 'the fourth time')
    equal(receiver.sequences.length, 4)
  })

  test('of one account waits for no other’s receiver', async () => {
    const other = new Receiver()
    await other.start()
    other.manner = () => 'silence'
    await hook({ account: 8, url: other.url })
    book.append([notice('a', { account: 8 })])
    delivery.hear([8])
    await hook()
    tell('a')
    await receiver.until(() => stateOf(1) === 'delivered', 'its own')
    equal(stateOf(1, 8), 'waiting')
    await other.stop()
  })

  test('brings different subjects side by side, not more than a few', async () => {
    const { promise, resolve } = Promise.withResolvers<number>()
    receiver.manner = () => promise
    await hook()
    tell(...Array.from({ length: 30 }, (_, index) => `s${index}`))
    await receiver.until(() => receiver.open === 8, 'eight at a time')
    resolve(204)
    await receiver.until(() => settled(30), 'all')
    ok(receiver.openMax <= 8, `${receiver.openMax}`)
  })

  test('brings all again from where a new webhook begins, behind what is under way', async () => {
    const { promise, resolve } = Promise.withResolvers<number>()
    await hook()
    tell('a', 'a')
    await receiver.until(() => settled(2), 'both')
    receiver.manner = () => promise
    tell('a')
    await receiver.until(() => receiver.open === 1, 'the third is on its way')
    const next = new Receiver()
    await next.start()
    await hook({ url: next.url, after: 1 })
    await new Promise((wait) => setTimeout(wait, 50))
    equal(next.received.length, 0, 'nothing overtakes the third')
    resolve(204)
    await next.until(() => next.received.length === 2, 'two and three')
    deepEqual(next.sequences, [2, 3])
    await next.stop()
  })

  test('ends with an empty address', async () => {
    await hook()
    await hook({ url: '' })
    tell('a')
    await new Promise((wait) => setTimeout(wait, 50))
    equal(receiver.received.length, 0)
    equal(stateOf(1), 'waiting')
  })

  test('tries again what a process could not note before it ended, under the same id', async () => {
    await hook()
    const record = book.record.bind(book)
    book.record = () => new Promise(() => undefined)
    tell('a')
    await receiver.until(() => receiver.received.length === 1, 'once')
    book.record = record
    delivery = deliveryOver(sender())
    await delivery.start()
    await receiver.until(() => stateOf(1) === 'delivered', 'again')
    deepEqual(receiver.received.map(({ notice: { id } }) => id), ['m/7/1', 'm/7/1'])
    started.splice(0, 1)
  })

  test('of a store that fails is told, and goes on when it is back', async () => {
    const due = book.due.bind(book)
    book.due = () => Promise.reject(new Error('the store is away'))
    await hook()
    tell('a')
    await receiver.until(() => failed.length > 0, 'the failure')
    book.due = due
    await receiver.until(() => settled(1), 'afterwards')
    ok(failed.splice(0).length > 0)
  })
})

test('pauses double up to an hour', () => {
  deepEqual([1, 2, 3, 12, 13, 500].map(pauseAfter), [
    1_000, 2_000, 4_000, 2_048_000, 3_600_000, 3_600_000,
  ])
})
