/** PostgreSQL in this process, its data in a directory. */
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '@busbar/core/errors'
import { PGlite } from '@electric-sql/pglite'
import { type DataDirLock, lockDataDir } from './data-dir-lock.ts'
import { syncTree, writeFileDurably } from './disk.ts'
import { DurableNodeFs, type SyncListener } from './durable-node-fs.ts'
import {
  dropEmptyDatabase,
  emptyDatabasePath,
  keepEmptyDatabase,
  keptEmptyDatabase,
} from './empty-database.ts'
import type { Engine, Row, Statement } from './engine.ts'

const settings: readonly string[] = [
  'fsync=on',
  // The one method that reaches the disk: `fdatasync` is an empty function in PGlite.
  'wal_sync_method=fsync',
  'full_page_writes=on',
  'synchronous_commit=on',
  // The journal is written once and read from its start: a large cache would only be memory.
  'shared_buffers=16MB',
  'min_wal_size=32MB',
  'max_wal_size=128MB',
  'timezone=UTC',
]

/** Without `-F`, which turns fsync off whatever the settings say. */
const startParameters: readonly string[] = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...settings.flatMap((setting) => ['-c', setting]),
]

export class PgliteEngine implements Engine {
  readonly name = 'pglite'
  readonly #database: PGlite
  readonly #lock: DataDirLock

  private constructor(database: PGlite, lock: DataDirLock) {
    this.#database = database
    this.#lock = lock
  }

  /**
   * Opens the database in `dataDir`, and makes both when they are not there.
   *
   * Faults: DATA_DIR_IN_USE; DATABASE_NOT_DURABLE when a commit does not reach the disk;
   * STORE_FAILED when there is no database that can be opened.
   */
  static async open(
    dataDir: string,
    beforeSync?: SyncListener,
    emptyPath = emptyDatabasePath(),
  ): Promise<PgliteEngine> {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const lock = await lockDataDir(dataDir)
    try {
      return new PgliteEngine(await openDatabase(dataDir, emptyPath, beforeSync), lock)
    } catch (error) {
      lock.release()
      if (error instanceof Fault) throw error
      const reason = error instanceof Error ? error.message : 'unknown'
      throw new Fault('STORE_FAILED', { operation: 'open', reason }, { cause: error })
    }
  }

  async query({ sql, parameters }: Statement): Promise<readonly Row[]> {
    return (await this.#database.query<Row>(sql, [...parameters])).rows
  }

  async transaction(statements: readonly Statement[]): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      for (const { sql, parameters } of statements) {
        await transaction.query(sql, [...parameters])
      }
    })
  }

  async script(sql: string): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await transaction.exec(sql)
    })
  }

  /** There is no checkpointer and no autovacuum in this process: without these the WAL grows. */
  async maintain(table?: string): Promise<void> {
    if (table !== undefined) await this.#database.exec(`vacuum ${table}`)
    await this.#database.exec('checkpoint')
  }

  async close(): Promise<void> {
    try {
      await this.#database.close()
    } finally {
      this.#lock.release()
    }
  }
}

/**
 * `dataDir/database`, with `dataDir/database.ready` beside it once it is complete on disk. Making
 * it takes seconds and syncs nothing by itself; without the mark, nothing in it was ever
 * acknowledged, and it is made again.
 */
async function openDatabase(
  dataDir: string,
  emptyPath: string,
  beforeSync?: SyncListener,
): Promise<PGlite> {
  const directory = join(dataDir, 'database')
  const ready = join(dataDir, 'database.ready')
  const isNew = !existsSync(ready)
  if (isNew) rmSync(directory, { recursive: true, force: true })
  // What a killed process wrote is in the memory of the machine, perhaps not on its disk.
  else await syncTree(directory)

  const { database, fs } = await begin(directory, isNew ? emptyPath : undefined, beforeSync)
  try {
    await proveDurable(database, fs)
    if (isNew) {
      await database.exec('checkpoint')
      await syncTree(directory)
      writeFileDurably(ready, '')
    }
  } catch (error) {
    await database.close()
    throw error
  }
  return database
}

type Begun = { readonly database: PGlite; readonly fs: DurableNodeFs }

/** A new one begins from what is kept in `newFrom`, or is made and kept there. */
async function begin(
  directory: string,
  newFrom: string | undefined,
  beforeSync?: SyncListener,
): Promise<Begun> {
  const fs = new DurableNodeFs(directory, beforeSync)
  const options = { fs, relaxedDurability: false, startParams: [...startParameters] }
  const kept = newFrom === undefined ? undefined : await keptEmptyDatabase(newFrom)
  if (newFrom === undefined || kept === undefined) {
    const database = await PGlite.create(options)
    if (newFrom !== undefined) await keepEmptyDatabase(database, newFrom)
    return { database, fs }
  }
  try {
    return { database: await PGlite.create({ ...options, loadDataDir: kept }), fs }
  } catch {
    dropEmptyDatabase(newFrom)
    rmSync(directory, { recursive: true, force: true })
    return await begin(directory, newFrom, beforeSync)
  }
}

/** A commit must have synced before it resolves, whatever the next version of PGlite does. */
async function proveDurable(database: PGlite, fs: DurableNodeFs): Promise<void> {
  await database.exec('create table if not exists durability_probe (opened bigint)')
  await database.exec('delete from durability_probe')
  const before = fs.syncCount
  await database.query('insert into durability_probe values (1)')
  if (fs.syncCount === before) throw new Fault('DATABASE_NOT_DURABLE', { parameter: 'fsync' })
}
