import type { Store } from '../../app/ports/store.ts'
import { PgliteEngine } from './pglite-engine.ts'
import { PostgresEngine } from './postgres-engine.ts'
import { schemaOf } from './schema.ts'
import { SqlStore } from './sql-store.ts'

export type StorePlace =
  /** PostgreSQL inside this process; the directory is made when it is not there. */
  | { readonly dataDir: string }
  /** `postgres://user:password@host:port/database`; the tables are made when they are not there. */
  | { readonly databaseUrl: string }

/**
 * Opens the store of `market` as its one writer, until `close` or the end of the process.
 *
 * Faults: MARKET_ID_INVALID; DATA_DIR_IN_USE or DATABASE_IN_USE while another process has it;
 * DATABASE_NOT_DURABLE; DATABASE_SCHEMA_UNKNOWN; STORE_FAILED when the engine does not start.
 *
 * @param onLost called once if the database goes away: nothing works from then on, and only a new
 * process can go on
 */
export async function openStore(
  market: string,
  place: StorePlace,
  onLost: (error: Error) => void = () => undefined,
): Promise<Store> {
  schemaOf(market)
  const engine =
    'dataDir' in place
      ? await PgliteEngine.open(place.dataDir)
      : await PostgresEngine.open(place.databaseUrl, market, onLost)
  return SqlStore.open(engine, market)
}

/** As `openStore(market, { dataDir })`. */
export const openEmbeddedStore = (market: string, dataDir: string): Promise<Store> =>
  openStore(market, { dataDir })
