import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

export type Row = Readonly<Record<string, unknown>>

const meta = 'create table if not exists meta (name text primary key, value text not null) strict;'

/**
 * A simulator’s own store: one file, one writer, everything of a request in one transaction that
 * is on the disk before anybody is answered.
 */
export class SqlStore {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  /** @throws where another process has it open */
  constructor(path: string, schema: string) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    this.#database = new DatabaseSync(path)
    this.#database.exec('pragma locking_mode = exclusive')
    this.#database.exec('pragma journal_mode = wal')
    this.#database.exec('pragma synchronous = full')
    this.#database.exec(meta + schema)
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
