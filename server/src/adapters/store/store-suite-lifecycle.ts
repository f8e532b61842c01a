import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { test } from 'node:test'
import { journalStart } from '../../app/journal-chain.ts'
import type { Engine } from './engine.ts'
import { SqlStore } from './sql-store.ts'
import {
  entriesOf,
  faults,
  freshMarket,
  type Harness,
  item,
  readAll,
  snapshot,
} from './store-suite-harness.ts'

export function lifecycleTests({ open, openStore, withStore, reopened }: Harness): void {
  test('a closed store refuses everything', () =>
    withStore(async (store) => {
      await store.close()
      await store.close()
      const operations = [
        () => store.append([]),
        () => store.read(0, 1),
        () => store.last(),
        () => store.saveSnapshot(snapshot(0)),
        () => store.latestSnapshot(),
        () => store.snapshotBefore(1),
        () => store.unfinished(1),
        () => store.failed(1),
        () => store.list(0, 1),
        () => store.find('tx 1'),
        () => store.update('tx 1', {}),
        () => store.lastJournalSequence(),
      ]
      for (const operation of operations) await faults('STORE_CLOSED', operation)
    }))

  test('closing waits for what was given before', () =>
    withStore(async (store, market) => {
      const appending = store.append(entriesOf(100))
      const saving = store.saveSnapshot(snapshot(0))
      await Promise.all([store.close(), appending, saving])
      await reopened(market, async (again) => {
        equal((await again.last()).sequence, 100)
        deepEqual(await again.latestSnapshot(), snapshot(0))
      })
    }))

  test('markets do not see each other', () =>
    withStore(async (store) => {
      await store.append(entriesOf(2))
      await store.close()
      await withStore(async (other) => {
        deepEqual(await other.last(), journalStart)
      })
    }))

  test('tables of a newer version are left alone', () =>
    withStore(async (store, market) => {
      await store.close()
      const version = `insert into "busbar ${market}".schema_version values (1000)`
      const engine = await open(market)
      await engine.query({ sql: version, parameters: [] })
      await engine.close()
      await faults('DATABASE_SCHEMA_UNKNOWN', () => openStore(market))
    }))

  test('a market has a name that every place can hold', async () => {
    for (const market of ['', 'A', 'a b', 'a"b', 'x'.repeat(41)]) {
      await faults('MARKET_ID_INVALID', async () => {
        const store = await openStore(market)
        await store.close()
      })
    }
  })

  test('a transaction leaves nothing when its last statement fails', () =>
    withStore(async (store, market) => {
      await store.close()
      const engine = await open(market)
      const insert = `insert into "busbar ${market}".snapshot values (1, '', 0)`
      const statement = { sql: insert, parameters: [] }
      try {
        await rejects(() => engine.transaction([statement, statement]), /duplicate key/)
        const rows = await engine.query({
          sql: `select 1 from "busbar ${market}".snapshot`,
          parameters: [],
        })
        deepEqual(rows, [])
      } finally {
        await engine.close()
      }
    }))

  test('after a failed write nothing more is written or told', async () => {
    const market = freshMarket()
    const engine = await open(market)
    let failing = false
    const unreliable: Engine = {
      name: engine.name,
      query: (statement) =>
        failing && statement.sql.startsWith('insert')
          ? Promise.reject(new Error('connection lost'))
          : engine.query(statement),
      transaction: (statements) => engine.transaction(statements),
      script: (sql) => engine.script(sql),
      maintain: (table) => engine.maintain(table),
      close: () => engine.close(),
    }
    const store = await SqlStore.open(unreliable, market)
    const [first, second] = entriesOf(2)
    ok(first && second)
    try {
      await store.append([first])
      failing = true
      const failed = store.append([second])
      const queued = store.enqueue([item(0)])
      await faults('STORE_FAILED', () => failed)
      await faults('STORE_FAILED', () => queued)
      failing = false
      await faults('STORE_FAILED', () => store.append([second]))
      await faults('STORE_FAILED', () => store.last())
      await faults('STORE_FAILED', () => store.find('tx 0'))
    } finally {
      await store.close()
    }
    await reopened(market, async (again) => deepEqual(await readAll(again), [first]))
  })
}
