import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import type {
  Attempt,
  JournalledNotice,
  NoticeBook,
  StoredWebhook,
} from '../../app/ports/notices.ts'
import type { Store } from '../../app/ports/store.ts'
import { MemoryNotices } from '../../testing/memory-notices.ts'
import { limits } from './limits.ts'
import { entriesOf, faults, type Harness } from './store-suite-harness.ts'

const notice = (
  account: number,
  subject: string,
  change: Partial<JournalledNotice> = {},
): JournalledNotice => ({
  ...{ account, subject, kind: 'trade_changed', journalSequence: 1, at: 1_700_000_000_000 },
  body: JSON.stringify({ what: "é ' \" \\u0000" }),
  ...change,
})

const webhook = (account: number, change: Partial<StoredWebhook> = {}): StoredWebhook => ({
  ...{ account, url: 'https://hooks.example/a', after: 0, issuedAt: 1_000 },
  digest: `0x${'d1'.repeat(32)}`,
  ...change,
})

const told = (store: Store, notices: readonly JournalledNotice[]): Promise<void> =>
  store.commit({ entries: [], outbox: [], notices })

const keysOf = async (book: NoticeBook, account: number, after = 0, limit = 100) =>
  (await book.list(account, after, limit)).map(({ sequence, subject }) => `${sequence} ${subject}`)

const dueOf = async (book: NoticeBook, account: number, now: number, limit = 100) =>
  (await book.due(account, now, limit)).map(({ sequence, subject }) => `${sequence} ${subject}`)

export function noticeTests({ withStore, reopened }: Harness): void {
  test('count the notices of each account without gaps, with their entries', () =>
    withStore(async (store, market) => {
      const first = [notice(7, 'a'), notice(8, 'a'), notice(7, 'b'), notice(7, 'a')]
      await store.commit({ entries: entriesOf(1), outbox: [], notices: first })
      await told(store, [notice(8, 'c'), notice(7, 'c', { kind: 'offer_changed', at: 5 })])
      await store.close()
      await reopened(market, async ({ notices }) => {
        deepEqual(await keysOf(notices, 7), ['1 a', '2 b', '3 a', '4 c'])
        deepEqual(await keysOf(notices, 8), ['1 a', '2 c'])
        deepEqual(await keysOf(notices, 7, 1, 2), ['2 b', '3 a'])
        deepEqual(await keysOf(notices, 9), [])
        const [newest] = await notices.list(7, 3, 1)
        const written = notice(7, 'c', { kind: 'offer_changed', at: 5 })
        deepEqual(newest, { ...written, sequence: 4, attempts: 0 })
        deepEqual(await notices.counts(7), { last: 4, waiting: 0, givenUp: 0 })
        const last = await notices.lastSequences([9, 8, 7])
        deepEqual([7, 8, 9].map((account) => last.get(account)), [4, 2, 0])
      })
    }))

  test('are numbered over the statements that a large batch is cut into', () =>
    withStore(async (store) => {
      const count = limits.statementRowsMax + 3
      const notices = Array.from({ length: count }, (_, index) => notice(7, `${index}`))
      await store.commit({ entries: entriesOf(1), outbox: [], notices })
      const [last] = await store.notices.list(7, count - 1, 1)
      deepEqual([last?.sequence, last?.subject], [count, `${count - 1}`])
      equal((await store.notices.counts(7)).last, count)
    }))

  test('that are malformed are refused, and their entries with them', () =>
    withStore(async (store) => {
      const malformed: Readonly<Record<string, Partial<JournalledNotice>>> = {
        'no account': { account: -1 },
        'an entry that is not there': { journalSequence: 2 },
        'no entry': { journalSequence: 0 },
        'no subject': { subject: '' },
        'a long subject': { subject: 'x'.repeat(limits.noticeNameBytesMax + 1) },
        'a control character': { body: '"\u0001"' },
        'a large body': { body: `"${'x'.repeat(limits.noticeBodyBytesMax)}"` },
        'no time': { at: Number.NaN },
      }
      for (const [what, change] of Object.entries(malformed)) {
        const notices = [notice(7, 'a'), notice(7, 'a', change)]
        const batch = { entries: entriesOf(1), outbox: [], notices }
        await faults('NOTICE_INVALID', () => store.commit(batch), what)
      }
      equal((await store.last()).sequence, 0)
      const bad: readonly Partial<StoredWebhook>[] = [
        { account: -1 }, { after: 0.5 }, { issuedAt: -1 }, { digest: '0x' }, { url: 'a\0' },
      ]
      for (const change of bad) {
        const set = () => store.notices.setWebhook(webhook(7, change))
        await faults('NOTICE_INVALID', set, JSON.stringify(change))
      }
      deepEqual(await store.notices.webhooks(), [])
      await faults('PAGE_LIMIT_INVALID', () => store.notices.list(7, 0, 0))
    }))

  test('wait for the account’s webhook, and for what is older of the same subject', () =>
    withStore(async (store, market) => {
      const { notices } = store
      await store.append(entriesOf(1))
      await told(store, ['a', 'b', 'a', 'c', 'b'].map((subject) => notice(7, subject)))
      deepEqual(await dueOf(notices, 7, 10), [], 'nobody has said where to')
      equal(await notices.nextDue(7), undefined)
      const current = webhook(7, { after: 1 })
      await notices.setWebhook(current)
      deepEqual(await dueOf(notices, 7, 10), ['2 b', '3 a', '4 c'])
      deepEqual(await dueOf(notices, 7, 10, 2), ['2 b', '3 a'])
      await notices.record(current, [
        { sequence: 2, attempts: 1, state: 'waiting', nextAt: 50 },
        { sequence: 3, attempts: 1, state: 'delivered' },
        { sequence: 4, attempts: 9, state: 'given_up' },
      ])
      deepEqual(await dueOf(notices, 7, 49), [], 'the younger of b does not overtake')
      equal(await notices.nextDue(7), 50)
      deepEqual(await notices.counts(7), { last: 5, waiting: 2, givenUp: 1 })
      await store.close()
      await reopened(market, async (again) => {
        const [next] = await again.notices.due(7, 50, 10)
        deepEqual([next?.sequence, next?.attempts], [2, 1])
        deepEqual(await again.notices.webhooks(), [current])
      })
    }))

  test('are all brought again from where a new webhook says', () =>
    withStore(async (store) => {
      const { notices } = store
      await store.append(entriesOf(1))
      await told(store, ['a', 'a', 'b'].map((subject) => notice(7, subject)))
      const old = webhook(7)
      await notices.setWebhook(old)
      const done: Attempt[] = [1, 3].map((sequence) => ({
        ...{ sequence, attempts: 1, state: 'delivered' },
      }))
      await notices.record(old, done)
      const renewed = webhook(7, { after: 1, issuedAt: 2_000 })
      await notices.setWebhook(renewed)
      deepEqual(await dueOf(notices, 7, 0), ['2 a', '3 b'])
      await notices.record(old, [{ sequence: 3, attempts: 1, state: 'given_up' }])
      deepEqual(await dueOf(notices, 7, 0), ['2 a', '3 b'], 'the old one records nothing')
      await notices.setWebhook(webhook(7, { url: '', issuedAt: 3_000 }))
      deepEqual(await notices.counts(7), { last: 3, waiting: 0, givenUp: 0 })
      deepEqual((await notices.webhooks()).map(({ url }) => url), [''])
    }))

  test('are due as a plain list would say, whatever happened', () =>
    withStore(async (store) => {
      await store.append(entriesOf(1))
      const plain = new MemoryNotices()
      const both = [store.notices, plain]
      let draw = 7
      const random = (below: number): number => {
        draw = (draw * 48_271) % 2_147_483_647
        return draw % below
      }
      let current = webhook(7)
      for (let turn = 0; turn < 30; turn += 1) {
        const fresh = Array.from({ length: random(5) }, () => notice(7, `s${random(4)}`))
        await told(store, fresh)
        plain.append(fresh)
        if (random(6) === 0 || turn === 0) {
          current = webhook(7, { after: random(1 + turn), issuedAt: 1_000 + turn })
          for (const book of both) await book.setWebhook(current)
        }
        const now = random(100)
        const [mine, others] = [await dueOf(both[0]!, 7, now, 5), await dueOf(plain, 7, now, 5)]
        deepEqual(mine, others, `turn ${turn}`)
        equal(await store.notices.nextDue(7), await plain.nextDue(7), `turn ${turn}`)
        deepEqual(await store.notices.counts(7), await plain.counts(7), `turn ${turn}`)
        const states = ['delivered', 'given_up', 'waiting'] as const
        const attempts = (await plain.due(7, now, 5)).map(({ sequence, attempts: before }) => {
          const state = states[random(3)] ?? 'delivered'
          return { sequence, attempts: before + 1, state, nextAt: random(120) } as Attempt
        })
        for (const book of both) await book.record(current, attempts)
      }
    }))
}
