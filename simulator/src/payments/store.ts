import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

/** Money in micros, moments in milliseconds, everything a safe integer. */
const schema = `
create table if not exists meta (name text primary key, value text not null) strict;
create table if not exists parties (
  token text primary key,
  balance integer not null,
  held integer not null check (held >= 0),
  declines text not null
) strict;
create table if not exists holds (
  number integer primary key autoincrement,
  state text not null,
  amount integer not null check (amount > 0),
  captured integer not null default 0 check (captured between 0 and amount),
  refunded integer not null default 0 check (refunded between 0 and captured),
  payer text not null,
  payee text not null,
  reference text not null,
  expires_at integer not null,
  decide_at integer not null,
  created_at integer not null,
  sequence integer not null default 0,
  reason text not null default ''
) strict;
create index if not exists holds_by_reference on holds (reference);
create index if not exists holds_alive on holds (state, expires_at)
  where state in ('pending', 'authorised');
create table if not exists charges (
  number integer primary key autoincrement,
  state text not null,
  amount integer not null check (amount > 0),
  refunded integer not null default 0 check (refunded between 0 and amount),
  payer text not null,
  payee text not null,
  reference text not null,
  decide_at integer not null,
  created_at integer not null,
  sequence integer not null default 0,
  reason text not null default ''
) strict;
create index if not exists charges_by_reference on charges (reference);
create index if not exists charges_pending on charges (state) where state = 'pending';
create table if not exists refunds (
  number integer primary key autoincrement,
  subject text not null,
  amount integer not null check (amount > 0),
  reference text not null,
  created_at integer not null
) strict;
create table if not exists moves (
  number integer primary key autoincrement,
  kind text not null,
  what text not null,
  payer text not null,
  payee text not null,
  amount integer not null check (amount > 0),
  at integer not null,
  unique (kind, what)
) strict;
create table if not exists answers (
  key text primary key,
  request text not null,
  status integer not null,
  body text not null
) strict;
create table if not exists events (
  number integer primary key autoincrement,
  subject text not null,
  body text not null,
  state text not null default 'waiting',
  is_behind integer not null default 0,
  attempts integer not null default 0,
  due_at integer not null default 0
) strict;
create index if not exists events_waiting on events (number) where state = 'waiting';
create index if not exists events_by_subject on events (subject, number);
`

export type Row = Readonly<Record<string, unknown>>

/**
 * The provider's own store: one file, one writer, everything of a request in one transaction that
 * is on the disk before anybody is answered.
 */
export class PaymentStore {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  /** @throws where another process has it open */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.#database = new DatabaseSync(join(folder, 'payments.sqlite'))
    this.#database.exec('pragma locking_mode = exclusive')
    this.#database.exec('pragma journal_mode = wal')
    this.#database.exec('pragma synchronous = full')
    this.#database.exec(schema)
  }

  row<Result extends Row>(sql: string, ...values: readonly SQLInputValue[]): Result | undefined {
    return this.#statement(sql).get(...values) as Result | undefined
  }

  rows<Result extends Row>(sql: string, ...values: readonly SQLInputValue[]): readonly Result[] {
    return this.#statement(sql).all(...values) as readonly Row[] as readonly Result[]
  }

  /** The number of the row that was inserted last, for those that insert. */
  change(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).lastInsertRowid)
  }

  /** All of `work` is on the disk when this returns, or nothing of it ever. */
  transaction<Result>(work: () => Result): Result {
    this.#database.exec('begin immediate')
    try {
      const result = work()
      this.#database.exec('commit')
      return result
    } catch (error) {
      this.#database.exec('rollback')
      throw error
    }
  }

  meta(name: string): string | undefined {
    return this.row<{ value: string }>('select value from meta where name = ?', name)?.value
  }

  setMeta(name: string, value: string): void {
    const sql = 'insert into meta values (?, ?) on conflict do update set value = excluded.value'
    this.change(sql, name, value)
  }

  close(): void {
    this.#database.close()
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

export type Credentials = {
  /** Who may ask for holds and charges. */
  readonly apiKey: string
  /** Who may set payers, clock and misbehaviour. */
  readonly adminKey: string
  /** What webhooks are signed by. */
  readonly webhookSecret: string
}

export const credentialsFile = 'credentials.json'

/** Those of the folder, made at random when it is used first. */
export function credentialsIn(folder: string): Credentials {
  const path = join(folder, credentialsFile)
  if (!existsSync(path)) {
    const drawn = (): string => randomBytes(32).toString('hex')
    const fresh: Credentials = { apiKey: drawn(), adminKey: drawn(), webhookSecret: drawn() }
    writeFileSync(`${path}.new`, `${JSON.stringify(fresh, undefined, 2)}\n`, {
      mode: 0o600,
      flush: true,
    })
    renameSync(`${path}.new`, path)
    const directory = openSync(folder, 'r')
    fsyncSync(directory)
    closeSync(directory)
  }
  return JSON.parse(readFileSync(path, 'utf8')) as Credentials
}
