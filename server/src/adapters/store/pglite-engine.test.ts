/**
 * Goal: the embedded store keeps what it acknowledged, on disk, for one process at a time.
 * Method: the suite of every engine on one data directory, markets that nobody had before in the
 * engine that is open, since opening takes half a second; then what only this engine can get wrong:
 * syncing, half-made and damaged databases.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openStore } from './open-store.ts'
import { PgliteEngine } from './pglite-engine.ts'
import { SqlStore } from './sql-store.ts'
import { describeStore } from './store-suite.ts'
import { entriesOf, faults, freshMarket, item } from './store-suite-harness.ts'
import { LendingEngine } from './test-lending.ts'

const directories: string[] = []
after(() => {
  for (const directory of directories) fs.rmSync(directory, { recursive: true, force: true })
})

function fresh(): string {
  const directory = fs.mkdtempSync(join(tmpdir(), 'busbar-store-'))
  directories.push(directory)
  return directory
}

const dataDir = fresh()
const lending = new LendingEngine(() => PgliteEngine.open(dataDir))
describeStore('PGlite', () => lending.open(), () => lending.lend())

describe('PGlite', () => {
  before(() => lending.end())

  test('opens a data directory once at a time, whatever the market', async () => {
    const store = await openStore(freshMarket(), { dataDir })
    try {
      await faults('DATA_DIR_IN_USE', () => openStore(freshMarket(), { dataDir }))
    } finally {
      await store.close()
    }
    await (await openStore(freshMarket(), { dataDir })).close()
  })

  test('syncs the log of each commit, and nothing else for it, before it resolves', async () => {
    let syncs = 0
    const engine = await PgliteEngine.open(dataDir, () => {
      syncs += 1
    })
    const store = await SqlStore.open(engine, freshMarket())
    try {
      for (const [index, entry] of entriesOf(20).entries()) {
        const before = syncs
        await store.commit({ entries: [entry], outbox: [item(index + 1)] })
        equal(syncs, before + 1)
      }
      const before = syncs
      await store.update('tx 1', { status: 'sent' })
      equal(syncs, before + 1)
    } finally {
      await store.close()
    }
  })

  test('makes a database anew that was never finished', async () => {
    const directory = fresh()
    fs.mkdirSync(join(directory, 'database'))
    fs.writeFileSync(join(directory, 'database', 'PG_VERSION'), '18\n')
    const store = await openStore('half-made', { dataDir: directory })
    await store.append(entriesOf(1))
    await store.close()
    ok(fs.existsSync(join(directory, 'database.ready')))
  })

  test('begins from the empty database that is kept, if that is any good', async () => {
    const kept = join(fresh(), 'kept', 'database.tar')
    const begun = async (): Promise<readonly object[]> => {
      const engine = await PgliteEngine.open(fresh(), undefined, kept)
      const tables = { sql: "select * from pg_tables where schemaname = 'public'", parameters: [] }
      const rows = await engine.query(tables)
      await engine.close()
      return rows
    }
    const made = await begun()
    const { size } = fs.statSync(kept)
    ok(size > 1_000_000)
    deepEqual(await begun(), made)
    fs.truncateSync(kept, size / 2)
    deepEqual(await begun(), made)
    equal(fs.statSync(kept).size > size / 2, true)
    fs.writeFileSync(kept, 'no tar')
    deepEqual(await begun(), made)
  })

  test('says so when the database is damaged, and lets go of the directory', async () => {
    const directory = fresh()
    await (await openStore('damaged', { dataDir: directory })).close()
    fs.truncateSync(join(directory, 'database', 'global', 'pg_control'), 0)
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await faults('STORE_FAILED', () => openStore('damaged', { dataDir: directory }))
    }
  })
})
