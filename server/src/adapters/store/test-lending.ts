import type { Engine } from './engine.ts'

/** One engine for many stores, one after the other: closing gives it back. */
export class LendingEngine {
  readonly #begin: () => Promise<Engine>
  #idle: Engine | undefined

  constructor(begin: () => Promise<Engine>) {
    this.#begin = begin
  }

  /** The engine that was given back, or another. */
  async lend(): Promise<Engine> {
    const engine = this.#idle ?? (await this.#begin())
    this.#idle = undefined
    return {
      name: engine.name,
      query: (statement) => engine.query(statement),
      transaction: (statements) => engine.transaction(statements),
      script: (sql) => engine.script(sql),
      maintain: (table) => engine.maintain(table),
      close: async () => {
        this.#idle = engine
      },
    }
  }

  /** One that is closed when it is: what was given back before is closed first. */
  async open(): Promise<Engine> {
    await this.end()
    return await this.#begin()
  }

  async end(): Promise<void> {
    const engine = this.#idle
    this.#idle = undefined
    await engine?.close()
  }
}
