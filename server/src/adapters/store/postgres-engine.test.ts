/**
 * Goal: a PostgreSQL elsewhere keeps what it acknowledged, whatever ends, and has one writer.
 * Method: the suite of every engine; then sessions and servers are killed under the writer. Runs
 * against DATABASE_URL when it is set, else against a throw-away server.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import { Client } from 'pg'
import { chainEntries, verifyChain } from '../../app/journal-chain.ts'
import { openStore } from './open-store.ts'
import { PostgresEngine } from './postgres-engine.ts'
import { describeStore } from './store-suite.ts'
import { entriesOf, freshMarket, marketPrefix, readAll } from './store-suite-harness.ts'
import { startTestPostgres, type TestPostgres } from './test-postgres.ts'

const given = process.env['DATABASE_URL']
const started = given === undefined ? await startTestPostgres() : { unavailable: 'not needed' }
const server: TestPostgres | undefined = 'url' in started ? started : undefined
const databaseUrl = given ?? server?.url
after(async () => {
  if (given !== undefined) await removeMarkets(given)
  await server?.stop()
})

if (databaseUrl === undefined) {
  const skip = 'unavailable' in started && started.unavailable
  test('the store on PostgreSQL', { skip }, () => undefined)
} else {
  describeStore('PostgreSQL', (market) => PostgresEngine.open(databaseUrl, market))
  describe('PostgreSQL', () => oneWriter(databaseUrl))
  describe('a PostgreSQL server of our own', { skip: server === undefined }, () => {
    if (server !== undefined) crashes(server)
  })
}

function oneWriter(url: string): void {
  test('a market has one writer, others may be written beside it', async () => {
    const market = freshMarket()
    const first = await openStore(market, { databaseUrl: url })
    const other = await openStore(freshMarket(), { databaseUrl: url })
    try {
      await rejects(() => openStore(market, { databaseUrl: url }), isFault('DATABASE_IN_USE'))
    } finally {
      await first.close()
      await other.close()
    }
    await (await openStore(market, { databaseUrl: url })).close()
  })

  test('a writer whose session ended is told, and writes nothing more', async () => {
    const market = freshMarket()
    const lost = Promise.withResolvers<Error>()
    const store = await openStore(market, { databaseUrl: url }, lost.resolve)
    const [first, second] = entriesOf(2)
    ok(first && second)
    await store.append([first])
    await sql(url, `select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'busbar ${market}'`)
    const successor = await openStore(market, { databaseUrl: url })
    try {
      ok(isFault('STORE_FAILED')(await lost.promise))
      await rejects(() => store.append([second]), isFault('STORE_FAILED'))
      await successor.append([second])
      deepEqual(await readAll(successor), [first, second])
    } finally {
      await store.close()
      await successor.close()
    }
  })

  test('a database that cannot be reached is a coded fault without the password', async () => {
    const elsewhere = 'postgres://busbar:secret@127.0.0.1:1/postgres'
    await rejects(
      () => openStore(freshMarket(), { databaseUrl: elsewhere }),
      (error) => isFault('STORE_FAILED')(error) && !String(error).includes('secret'),
    )
  })
}

function crashes({ url, crash }: TestPostgres): void {
  test('what was acknowledged is there after the server is killed, again and again', async () => {
    const market = freshMarket()
    let acknowledged = { sequence: 0, hash: '' }
    for (let round = 0; round < 8; round += 1) {
      const store = await openStore(market, { databaseUrl: url })
      const found = await store.last()
      ok(found.sequence >= acknowledged.sequence, 'nothing acknowledged is lost')
      const entries = await readAll(store)
      equal(verifyChain(entries).kind, 'intact')
      if (round > 0) equal(entries[acknowledged.sequence - 1]?.hash, acknowledged.hash)

      const writing = (async () => {
        for (let last = found; ; ) {
          const drafts = Array.from({ length: 50 }, (_, index) => ({
            at: index,
            kind: 'k',
            body: JSON.stringify({ round, text: 'x'.repeat(500) }),
          }))
          const batch = chainEntries(last, drafts)
          await store.append(batch)
          last = batch.at(-1) ?? last
          acknowledged = { sequence: last.sequence, hash: last.hash }
        }
      })()
      const ended = rejects(writing, isFault('STORE_FAILED'))
      await new Promise((resolve) => setTimeout(resolve, 20 + 30 * round))
      await crash()
      await ended
      await store.close()
    }
  })

  for (const parameter of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    test(`a database with ${parameter} off is refused`, async () => {
      await sql(url, `alter system set ${parameter} = off`)
      await sql(url, 'select pg_reload_conf()')
      try {
        await rejects(
          async () => (await openStore(freshMarket(), { databaseUrl: url })).close(),
          (error) => isFault('DATABASE_NOT_DURABLE')(error) && String(error).includes(parameter),
        )
      } finally {
        await sql(url, `alter system reset ${parameter}`)
        await sql(url, 'select pg_reload_conf()')
      }
    })
  }
}

const isFault =
  (code: string) =>
  (error: unknown): boolean => {
    ok(error instanceof Fault, String(error))
    equal(error.code, code)
    return true
  }

async function removeMarkets(url: string): Promise<void> {
  await sql(url, `do $remove$ declare name text; begin
    for name in select nspname from pg_namespace where nspname like 'busbar ${marketPrefix}-%' loop
      execute format('drop schema %I cascade', name);
    end loop;
  end $remove$`)
}

async function sql(url: string, text: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}
