import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from './limits.ts'
import {
  entriesOf,
  faults,
  type Harness,
  snapshot,
} from './store-suite-harness.ts'

export function snapshotTests({ open, withStore }: Harness): void {
  test('the newest is given, three are kept', () =>
    withStore(async (store, market) => {
      await store.append(entriesOf(5))
      for (const sequence of [0, 1, 2, 5, 3]) await store.saveSnapshot(snapshot(sequence))
      deepEqual(await store.latestSnapshot(), snapshot(5))
      await store.close()
      const engine = await open(market)
      const kept = `select sequence from "busbar ${market}".snapshot order by 1`
      const parts = `select distinct sequence from "busbar ${market}".snapshot_part order by 1`
      try {
        for (const sql of [kept, parts]) {
          const rows = await engine.query({ sql, parameters: [] })
          deepEqual(rows.map((row) => Number(row['sequence'])), [2, 3, 5])
        }
      } finally {
        await engine.close()
      }
    }))

  test('older ones are kept to begin with, and found by the time of their entry', () =>
    withStore(async (store) => {
      const entries = entriesOf(64)
      for (const entry of entries) {
        await store.append([entry])
        await store.saveSnapshot(snapshot(entry.sequence))
      }
      const before = async (index: number) => store.snapshotBefore(entries[index]?.at ?? 0)
      const found = await Promise.all(entries.map((_, index) => before(index)))
      const starts = found.map((one) => one?.sequence ?? 0)
      // An entry's own snapshot is of after it.
      for (const [index, start] of starts.entries()) {
        ok(start <= index && 64 - start <= 2 * (64 - index), `${index} begins at ${start}`)
      }
      ok(new Set(starts).size < 12)
      deepEqual(found.at(-1), snapshot(63))
      equal(await before(0), undefined)
    }))

  test('one of many parts is given back exactly, and commits go on while it is saved', () =>
    withStore(async (store) => {
      const [first, ...others] = entriesOf(21)
      ok(first)
      await store.append([first])
      const body = `x${'😀'.repeat(2 * limits.snapshotPartBytesMax)}`
      let saved = false
      const saving = store.saveSnapshot({ ...snapshot(1), body }).then(() => {
        saved = true
      })
      let committed = 0
      for (const entry of others) {
        await store.append([entry])
        if (!saved) committed += 1
      }
      ok(committed > 0, 'no commit waits for the whole snapshot')
      await saving
      ok((await store.latestSnapshot())?.body === body)
    }))

  test('saving again replaces one of the same sequence', () =>
    withStore(async (store) => {
      await store.saveSnapshot(snapshot(0))
      await store.saveSnapshot(snapshot(0))
      const other = { ...snapshot(0), stateHash: 'b'.repeat(64), body: 'other' }
      await store.saveSnapshot(other)
      deepEqual(await store.latestSnapshot(), other)
    }))

  test('refuses what is no snapshot of this journal', () =>
    withStore(async (store) => {
      const invalid = [
        { ...snapshot(0), sequence: 1 },
        { ...snapshot(0), stateHash: 'ab' },
        { ...snapshot(0), body: '\0' },
      ]
      for (const each of invalid) {
        await faults('SNAPSHOT_INVALID', () => store.saveSnapshot(each))
      }
      equal(await store.latestSnapshot(), undefined)
    }))
}
