/** What accounts are told, over an engine. */
import type {
  Attempt,
  JournalledNotice,
  NoticeBook,
  NoticeCounts,
  StoredNotice,
  StoredWebhook,
} from '../../app/ports/notices.ts'
import { checkPage, checkWebhook } from './checks.ts'
import type { Row, Statement } from './engine.ts'
import { integer, integerOrNull, storedNotice, storedWebhook } from './rows.ts'
import { splitBySize } from './split.ts'
import type { Statements } from './statements.ts'

/** The way to the engine, as the store goes it: in turn, and with its faults. */
export type StoreAccess = {
  readonly query: (statement: Statement) => Promise<readonly Row[]>
  readonly write: (statements: readonly Statement[]) => Promise<void>
}

export class SqlNotices implements NoticeBook {
  readonly #access: StoreAccess
  readonly #statements: Statements

  constructor(access: StoreAccess, statements: Statements) {
    this.#access = access
    this.#statements = statements
  }

  async list(account: number, after: number, limit: number): Promise<readonly StoredNotice[]> {
    checkPage(after, limit)
    const rows = await this.#access.query(this.#statements.listNotices(account, after, limit))
    return rows.map(storedNotice)
  }

  async counts(account: number): Promise<NoticeCounts> {
    const [row] = await this.#access.query(this.#statements.noticeCounts(account))
    if (row === undefined) return { last: 0, waiting: 0, givenUp: 0 }
    return {
      last: integer(row, 'last'),
      waiting: integer(row, 'waiting'),
      givenUp: integer(row, 'given_up'),
    }
  }

  async lastSequences(accounts: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const rows = await this.#access.query(this.#statements.lastNotices(accounts))
    return new Map(rows.map((row) => [integer(row, 'account'), integer(row, 'last')]))
  }

  async webhooks(): Promise<readonly StoredWebhook[]> {
    return (await this.#access.query(this.#statements.webhooks())).map(storedWebhook)
  }

  async setWebhook(webhook: StoredWebhook): Promise<void> {
    checkWebhook(webhook)
    const { upsertWebhook, resetNotices } = this.#statements
    await this.#access.write([upsertWebhook(webhook), resetNotices(webhook)])
  }

  async due(account: number, now: number, limit: number): Promise<readonly StoredNotice[]> {
    checkPage(now, limit)
    const rows = await this.#access.query(this.#statements.dueNotices(account, now, limit))
    return rows.map(storedNotice)
  }

  async nextDue(account: number): Promise<number | undefined> {
    const [row] = await this.#access.query(this.#statements.nextDueNotice(account))
    return row === undefined ? undefined : (integerOrNull(row, 'next_at') ?? undefined)
  }

  async record(webhook: StoredWebhook, attempts: readonly Attempt[]): Promise<void> {
    if (attempts.length === 0) return
    await this.#access.write([this.#statements.recordAttempts(webhook, attempts)])
  }
}

/** Parts that one statement can carry each, for the transaction of a commit. */
export const insertedNotices = (
  { insertNotices }: Statements,
  notices: readonly JournalledNotice[],
): readonly Statement[] => splitBySize(notices, ({ body }) => body.length).map(insertNotices)
