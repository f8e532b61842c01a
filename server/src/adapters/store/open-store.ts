import type { Store } from '../../app/ports/store.ts'
import { PgliteEngine } from './pglite-engine.ts'
import { SqlStore } from './sql-store.ts'

/**
 * The store of `market` in `dataDir`: PostgreSQL inside this process.
 *
 * Faults: DATA_DIR_IN_USE when a process has it open, MARKET_ID_INVALID, DATABASE_NOT_DURABLE,
 * DATABASE_SCHEMA_UNKNOWN.
 */
export async function openEmbeddedStore(market: string, dataDir: string): Promise<Store> {
  return SqlStore.open(await PgliteEngine.open(dataDir), market)
}
