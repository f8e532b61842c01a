/** What a column of ours can be given. Arrays are for `unnest`. */
export type Parameter = string | number | null | readonly string[] | readonly number[]

/** A row as the driver gives it; `rows.ts` is the only place that looks inside. */
export type Row = Readonly<Record<string, unknown>>

export type Statement = { readonly sql: string; readonly parameters: readonly Parameter[] }

/**
 * The little that the store needs of a PostgreSQL, embedded or not.
 *
 * One session: statements run one after the other in the order of the calls.
 */
export interface Engine {
  readonly name: 'pglite' | 'postgresql'

  /** One statement. When it resolves and it wrote, what it wrote is on disk. */
  query(statement: Statement): Promise<readonly Row[]>

  /** All statements in one transaction, on disk when it resolves. */
  transaction(statements: readonly Statement[]): Promise<void>

  /** Several statements in one text, without parameters, in one transaction. */
  script(sql: string): Promise<void>

  /** Called after every so many bytes of bodies: what does not happen by itself in the engine. */
  maintain(table?: string): Promise<void>

  close(): Promise<void>
}
