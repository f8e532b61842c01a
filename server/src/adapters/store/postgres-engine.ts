/** A PostgreSQL elsewhere, by its URL. */
import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { Fault } from '@busbar/core/errors'
import { Client } from 'pg'
import type { Engine, Parameter, Row, Statement } from './engine.ts'

/** A writer that was just killed is gone when the database has noticed: give it this time. */
const lockWaitMsMax = 3_000
const lockRetryMs = 100
const connectMsMax = 10_000

/** Off in any of these, an acknowledged commit can be lost or a page torn by a power cut. */
const durableParameters = ['fsync', 'full_page_writes', 'synchronous_commit'] as const

/**
 * One session, which holds the market's advisory lock for as long as it lives. All writing goes
 * through it: a process that lost its connection has lost its lock and cannot write any more, so
 * there is never a second writer. (A pooler that shares sessions between clients would break this:
 * connect to PostgreSQL itself.)
 */
export class PostgresEngine implements Engine {
  readonly name = 'postgresql'
  readonly #client: Client
  /** Nothing may slip between the statements of a transaction. */
  #queue: Promise<unknown> = Promise.resolve()
  #isClosing = false

  private constructor(client: Client) {
    this.#client = client
  }

  /**
   * Connects and becomes the one writer of `market` in that database.
   *
   * Faults: DATABASE_IN_USE; DATABASE_NOT_DURABLE, naming the parameter; STORE_FAILED when it
   * cannot connect.
   *
   * @param onLost called when the connection ends though nobody closed it: who only reads would not
   * notice otherwise that it can never write again
   */
  static async open(
    url: string,
    market: string,
    onLost: (error: Error) => void = () => undefined,
  ): Promise<PostgresEngine> {
    const client = new Client({
      connectionString: url,
      application_name: `busbar ${market}`,
      connectionTimeoutMillis: connectMsMax,
      keepAlive: true,
    })
    // Unheard, a lost connection would end the process between two statements.
    client.on('error', () => undefined)
    try {
      await client.connect()
      await requireDurable(client)
      await becomeWriter(client, market)
      const engine = new PostgresEngine(client)
      client.once('end', () => {
        if (engine.#isClosing) return
        onLost(new Fault('STORE_FAILED', { operation: 'connection', reason: 'it was lost' }))
      })
      return engine
    } catch (error) {
      await client.end().catch(() => undefined)
      if (error instanceof Fault) throw error
      const reason = error instanceof Error ? error.message : 'unknown'
      throw new Fault('STORE_FAILED', { operation: 'connect', reason }, { cause: error })
    }
  }

  query(statement: Statement): Promise<readonly Row[]> {
    return this.#inTurn(() => this.#run(statement))
  }

  transaction(statements: readonly Statement[]): Promise<void> {
    return this.#inTurn(async () => {
      await this.#client.query('begin')
      try {
        for (const statement of statements) await this.#run(statement)
      } catch (error) {
        // When the connection is gone there is nothing to roll back, and the first error says why.
        await this.#client.query('rollback').catch(() => undefined)
        throw error
      }
      await this.#client.query('commit')
    })
  }

  /** PostgreSQL runs a text of several statements as one transaction. */
  script(sql: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.#client.query(sql)
    })
  }

  /** The server's own checkpointer and autovacuum do it. */
  async maintain(): Promise<void> {}

  async close(): Promise<void> {
    await this.#queue
    this.#isClosing = true
    await this.#client.end()
  }

  async #run({ sql, parameters }: Statement): Promise<readonly Row[]> {
    return (await this.#client.query<Row, Parameter[]>(sql, [...parameters])).rows
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#queue.then(work)
    this.#queue = result.catch(() => undefined)
    return result
  }
}

async function requireDurable(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    'select name, setting from pg_settings where name = any($1)',
    [durableParameters],
  )
  for (const parameter of durableParameters) {
    const setting = rows.find((row) => row.name === parameter)?.setting ?? 'unknown'
    // `synchronous_commit` has stronger settings than on, which wait for replicas as well.
    if (setting === 'off' || setting === 'unknown') {
      throw new Fault('DATABASE_NOT_DURABLE', { parameter, setting })
    }
  }
}

async function becomeWriter(client: Client, market: string): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += lockRetryMs) {
    const { rows } = await client.query<{ locked: boolean }>(
      'select pg_try_advisory_lock($1::bigint) as locked',
      [lockKey(market)],
    )
    if (rows[0]?.locked === true) return
    if (waitedMs >= lockWaitMsMax) throw new Fault('DATABASE_IN_USE', { market })
    await wait(lockRetryMs)
  }
}

/** Advisory locks are named by 64 bits, shared with whatever else uses the database. */
function lockKey(market: string): string {
  const digest = createHash('sha256').update(`busbar market ${market}`).digest()
  return digest.readBigInt64BE(0).toString()
}
