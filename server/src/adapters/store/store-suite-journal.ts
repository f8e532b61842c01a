import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalJson } from '@busbar/core/encoding'
import fc from 'fast-check'
import { chainEntries, journalStart, verifyChain } from '../../app/journal-chain.ts'
import type { JournalEntry } from '../../app/ports/journal.ts'
import { limits } from './limits.ts'
import {
  endOf,
  entriesOf,
  faults,
  type Harness,
  item,
  readAll,
  seed,
} from './store-suite-harness.ts'

export function journalTests({ open, withStore, reopened }: Harness): void {
  test('starts empty', () =>
    withStore(async (store) => {
      deepEqual(await store.last(), journalStart)
      deepEqual(await store.read(0, 10), [])
      equal(await store.latestSnapshot(), undefined)
      equal(await store.lastJournalSequence(), 0)
    }))

  test('gives back exactly what was appended, whatever the text', () =>
    withStore(async (store, market) => {
      const anyText = fc
        .string({ unit: 'binary', minLength: 1, maxLength: 40 })
        // No JSON text contains a control character.
        .map((text) => text.replaceAll(/[\0-\x1f]/g, ' '))
      const hard = fc.constantFrom('NULL', '{}', '"', '\\', "'", '\\x01', '{"a,b"}', '😀', '\ufffd')
      const text = fc.oneof(anyText, hard)
      const kind = text.filter((value) => Buffer.byteLength(value) <= limits.entryKindBytesMax)
      const drafts = fc.array(fc.record({ at: fc.maxSafeNat(), kind, body: text }))
      const appended: JournalEntry[] = []
      await fc.assert(
        fc.asyncProperty(drafts, async (batch) => {
          const entries = chainEntries(appended.at(-1) ?? journalStart, batch)
          await store.append(entries)
          appended.push(...entries)
          deepEqual(await store.last(), endOf(appended))
        }),
        { numRuns: 40, ...seed },
      )
      deepEqual(await readAll(store), appended)
      await store.close()
      await reopened(market, async (again) => {
        deepEqual(await readAll(again), appended)
        deepEqual(await again.last(), endOf(appended))
      })
    }))

  test('finds batches of readings by gateway and boundary, each from an entry on', () =>
    withStore(async (store) => {
      const batch = (gateway: number, ...boundaries: readonly number[]) =>
        canonicalJson({
          ...{ kind: 'submit_readings', blind: `0x${'ab'.repeat(32)}`, gateway, id: '0x01' },
          ...{ digest: `0x${'cd'.repeat(32)}`, root: '0x02', signature: '0x03' },
          readings: boundaries.map((boundary) => ({
            ...{ boundary, exportWh: 70, importWh: 7, meter: 7, version: 0 },
          })),
        })
      const bodies = [
        ['submit_readings', batch(7, 70)], ['submit_readings', batch(70, 7)],
        ['submit_readings', batch(7, 7, 8)], ['place_order', batch(7, 7)],
        ['submit_readings', batch(7, 8)], ['submit_readings', batch(7, 7)],
      ] as const
      const drafts = bodies.map(([kind, body]) => ({ at: 1, kind, body }))
      await store.append(chainEntries(journalStart, drafts))
      const found = async (boundary: number, afterSequence = 0, limit = 9) =>
        (await store.readBatches({ gateway: 7, boundary, afterSequence, limit })).map(
          ({ sequence }) => sequence,
        )
      deepEqual(await found(7), [3, 6])
      deepEqual(await found(8), [3, 5])
      deepEqual(await found(7, 3), [6])
      deepEqual(await found(7, 0, 1), [3])
      deepEqual(await found(9), [])
      const [first] = await store.readBatches({
        ...{ gateway: 70, boundary: 7, afterSequence: 0, limit: 1 },
      })
      deepEqual(first, { sequence: 2, body: bodies[1][1] })
    }))

  test('refuses entries that do not continue the chain, and what came with them', () =>
    withStore(async (store) => {
      const [first, second, third] = entriesOf(3)
      ok(first && second && third)
      await store.append([first])
      const other = chainEntries({ sequence: 1, hash: 'a'.repeat(64) }, [second])
      const broken: Readonly<Record<string, readonly JournalEntry[]>> = {
        'the same entry again': [first],
        'an entry after a gap': [third],
        'an entry of another chain': other,
        'a changed body': [{ ...second, body: '{}' }],
        'a changed time': [{ ...second, at: second.at + 1 }],
        'two entries, the later first': [third, second],
        'a good entry and then a wrong one': [second, { ...third, kind: 'other' }],
      }
      for (const [what, entries] of Object.entries(broken)) {
        await faults('JOURNAL_BROKEN', () => store.commit({ entries, outbox: [item(1)] }), what)
      }
      deepEqual(await readAll(store), [first])
      deepEqual(await store.list(0, 10), [])
      await store.append([second, third])
      deepEqual(await store.last(), endOf([third]))
    }))

  test('refuses entries it could not give back', () =>
    withStore(async (store) => {
      const invalid: Readonly<Record<string, Partial<JournalEntry>>> = {
        'an empty body': { body: '' },
        'a zero character': { body: 'a\0b' },
        'a control character': { body: 'a\u0001b' },
        'half of a character': { body: '\ud83d' },
        'a body above 16 MiB': { body: 'x'.repeat(limits.entryBodyBytesMax + 1) },
        'a body above 16 MiB in bytes': { body: 'é'.repeat(limits.entryBodyBytesMax / 2 + 1) },
        'an empty kind': { kind: '' },
        'a long kind': { kind: 'k'.repeat(limits.entryKindBytesMax + 1) },
        'a time before 1970': { at: -1 },
        'half a millisecond': { at: 0.5 },
      }
      for (const [what, change] of Object.entries(invalid)) {
        const entry = { ...entriesOf(1)[0], ...change } as JournalEntry
        await faults('JOURNAL_ENTRY_INVALID', () => store.append([entry]), what)
      }
      deepEqual(await store.last(), journalStart)
    }))

  test('holds a body of 16 MiB', () =>
    withStore(async (store) => {
      const body = 'é'.repeat(limits.entryBodyBytesMax / 2)
      const entries = chainEntries(journalStart, [{ at: 1, kind: 'readings', body }])
      await store.append(entries)
      ok((await readAll(store))[0]?.body === body)
    }))

  test('commits batches in the order of the calls', () =>
    withStore(async (store) => {
      const entries = entriesOf(60)
      const batches = [0, 20, 40].map((start) => entries.slice(start, start + 20))
      await Promise.all(batches.map((batch) => store.append(batch)))
      deepEqual(await readAll(store), entries)
    }))

  test('appends a batch of many statements at once', () =>
    withStore(async (store) => {
      const entries = entriesOf(2 * limits.statementRowsMax + 1)
      await store.append(entries)
      deepEqual(await readAll(store), entries)
    }))

  test('reads pages that are bounded in rows and bytes', () =>
    withStore(async (store) => {
      const body = 'x'.repeat(limits.pageBytesMax / 4)
      const drafts = Array.from({ length: 10 }, () => ({ at: 1, kind: 'k', body }))
      await store.append(chainEntries(journalStart, drafts))
      equal((await store.read(0, 3)).length, 3)
      equal((await store.read(8, 10)).length, 2)
      equal((await store.read(0, 10)).length, 4)
      deepEqual(await store.read(10, 10), [])
      equal((await store.read(4, 1))[0]?.previousHash, (await store.read(3, 1))[0]?.hash)
      for (const limit of [0, limits.pageRowsMax + 1, 1.5]) {
        await faults('PAGE_LIMIT_INVALID', () => store.read(0, limit))
      }
      await faults('PAGE_LIMIT_INVALID', () => store.read(-1, 1))
    }))

  test('is append-only, and shows what an owner of the database changed', () =>
    withStore(async (store, market) => {
      const entries = entriesOf(10)
      await store.append(entries)
      await store.close()
      const engine = await open(market)
      const table = `"busbar ${market}".journal`
      const edit = `update ${table} set body = replace(body, 'n', 'm') where sequence = 4`
      try {
        for (const change of [edit, `delete from ${table}`, `truncate ${table}`]) {
          await rejects(() => engine.query({ sql: change, parameters: [] }), /append-only/)
        }
        await engine.script(`alter table ${table} disable trigger journal_append_only; ${edit}`)
      } finally {
        await engine.close()
      }
      await reopened(market, async (again) => {
        const check = verifyChain(await readAll(again))
        deepEqual(check, { kind: 'broken', sequence: 4, reason: 'hash' })
      })
    }))
}
