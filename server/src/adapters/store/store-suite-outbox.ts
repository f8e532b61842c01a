import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import { journalStart } from '../../app/journal-chain.ts'
import type { OutboxDraft } from '../../app/ports/outbox.ts'
import { limits } from './limits.ts'
import {
  entriesOf,
  faults,
  type Harness,
  item,
  unsent,
} from './store-suite-harness.ts'

export function outboxTests({ withStore, reopened }: Harness): void {
  test('adds items once, in order, with the entries that caused them', () =>
    withStore(async (store, market) => {
      const entries = entriesOf(3)
      const items = [item(1), item(3)]
      await store.commit({ entries, outbox: items })
      const reworded = { ...item(1), description: 'other words', queuedAt: 9 }
      await store.enqueue([item(3), item(2), reworded])
      await store.close()
      await reopened(market, async (again) => {
        const listed = await again.list(0, 10)
        deepEqual(listed.map(({ id }) => id), ['tx 1', 'tx 3', 'tx 2'])
        deepEqual(listed.map(({ position }) => position), [1, 2, 3])
        deepEqual(listed[0], { ...item(1), ...unsent, position: 1 })
        deepEqual(await again.list(2, 1), listed.slice(2))
        deepEqual(await again.find('tx 3'), listed[1])
        deepEqual(await again.ofJournalSequence(3), [listed[1]])
        deepEqual(await again.ofJournalSequence(0), [])
        equal(await again.find('tx 4'), undefined)
        equal(await again.lastJournalSequence(), 3)
        await again.enqueue([item(0)])
        equal((await again.find('tx 0'))?.position, 4)
      })
    }))

  test('adds an item once that stands twice in a batch', () =>
    withStore(async (store) => {
      await store.enqueue([item(0), item(0)])
      equal((await store.list(0, 10)).length, 1)
    }))

  test('refuses an id with other contents, and the whole batch with it', () =>
    withStore(async (store) => {
      const [entry] = entriesOf(1)
      ok(entry)
      await store.enqueue([item(0)])
      const differing: Readonly<Record<string, Partial<OutboxDraft>>> = {
        calldata: { calldata: '0x02' },
        destination: { toAddress: `0x${'cd'.repeat(20)}` },
        'journal sequence': { journalSequence: 1 },
      }
      for (const [what, change] of Object.entries(differing)) {
        const batch = { entries: [entry], outbox: [item(1), { ...item(0), ...change }] }
        await faults('OUTBOX_ITEM_DIFFERS', () => store.commit(batch), what)
      }
      const outbox = [item(1), { ...item(1), calldata: '0x02' }]
      await faults('OUTBOX_ITEM_DIFFERS', () => store.commit({ entries: [entry], outbox }))
      deepEqual(await store.last(), journalStart)
      equal((await store.list(0, 10)).length, 1)
    }))

  test('refuses malformed items', () =>
    withStore(async (store) => {
      const malformed: Readonly<Record<string, Partial<OutboxDraft>>> = {
        'no id': { id: '' },
        'a long id': { id: 'x'.repeat(limits.outboxIdBytesMax + 1) },
        'a zero character': { description: '\0' },
        'an entry that is not there': { journalSequence: 1 },
        'no address': { toAddress: '0x' },
        'half a byte': { calldata: '0x123' },
        'no hex': { calldata: '0xgg' },
        'no time': { queuedAt: Number.NaN },
      }
      for (const [what, change] of Object.entries(malformed)) {
        const draft = { ...item(0), ...change }
        await faults('OUTBOX_ITEM_INVALID', () => store.enqueue([draft]), what)
      }
      deepEqual(await store.list(0, 10), [])
    }))

  test('keeps what sending changed, and what it cleared', () =>
    withStore(async (store, market) => {
      await store.enqueue([item(0)])
      const signed = { status: 'signed', nonce: 0, gas: 2 ** 24, raw: '0x02ab' } as const
      const mined = { status: 'mined', blockNumber: 7, blockHash: '0xab', gasUsed: 21_000 } as const
      await store.update('tx 0', signed)
      await store.update('tx 0', { ...mined, txHash: '0xcd', error: "it's" })
      await store.update('tx 0', { status: 'sent', blockNumber: null, blockHash: null })
      await store.update('tx 0', {})
      await store.close()
      await reopened(market, async (again) => {
        deepEqual(await again.find('tx 0'), {
          ...{ ...item(0), ...unsent, position: 1 },
          ...{ ...signed, ...mined, txHash: '0xcd', error: "it's" },
          ...{ status: 'sent', blockNumber: null, blockHash: null },
        })
      })
    }))

  test('refuses changes of no item, and malformed ones', () =>
    withStore(async (store) => {
      await store.enqueue([item(0)])
      await faults('OUTBOX_ITEM_UNKNOWN', () => store.update('tx 9', { status: 'sent' }))
      await faults('OUTBOX_ITEM_INVALID', () => store.update('tx 0', { nonce: -1 }))
      await faults('OUTBOX_ITEM_INVALID', () => store.update('tx 0', { raw: 'ab' }))
      const status = 'lost' as 'sent'
      await faults('OUTBOX_ITEM_INVALID', () => store.update('tx 0', { status }))
      deepEqual(await store.find('tx 0'), { ...item(0), ...unsent, position: 1 })
    }))

  test('lists the unfinished and the failed by position', () =>
    withStore(async (store) => {
      await store.append(entriesOf(6))
      await store.enqueue([1, 2, 3, 4, 5, 6].map(item))
      const statuses = ['queued', 'final', 'failed', 'mined', 'sent', 'signed'] as const
      for (const [index, status] of statuses.entries()) {
        await store.update(`tx ${index + 1}`, { status })
      }
      const ids = async (limit: number) => (await store.unfinished(limit)).map(({ id }) => id)
      deepEqual(await ids(10), ['tx 1', 'tx 4', 'tx 5', 'tx 6'])
      deepEqual(await ids(2), ['tx 1', 'tx 4'])
      await store.update('tx 6', { status: 'failed' })
      const failed = async (limit: number) => (await store.failed(limit)).map(({ id }) => id)
      deepEqual(await failed(10), ['tx 3', 'tx 6'])
      deepEqual(await failed(1), ['tx 3'])
    }))
}
