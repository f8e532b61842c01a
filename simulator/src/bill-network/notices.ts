import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { BillStatus, NoticeKind } from '@busbar/protocols/bill-presentment'
import type { Misbehaviour } from '../services/misbehaviour.ts'
import type { SqlStore } from '../services/sql-store.ts'
import type { Identity } from './messages.ts'
import { signedText } from './signature.ts'

export type NoticeTerms = {
  /** What `late` adds, and how long `reorder` waits for a successor. */
  readonly lateMs: number
  /** Between deliveries that are not taken, doubled from the first to the second. */
  readonly retryMs: readonly [first: number, most: number]
  readonly timeoutMs: number
  /** Ends this process at once. */
  readonly crash: () => never
}

type NoticeRow = {
  number: number
  institution: string
  subject: string
  kind: string
  text: string
  attempts: number
  url: string
}

const idleMs = 20

/** Both names may be as long as a name can be. */
const nameOf = (...names: readonly string[]): string =>
  createHash('sha256').update(names.join(' ')).digest('hex').slice(0, 32)

/**
 * Brings notices to institutions until each is taken: in order for each bill, unless something goes
 * wrong on purpose. Waiting is by this machine’s clock, whatever the network’s says.
 */
export class Notices {
  readonly #store: SqlStore
  readonly #misbehaviour: Misbehaviour
  readonly #terms: NoticeTerms
  readonly #self: Identity
  readonly #now: () => number
  readonly #ending = new AbortController()
  #running: Promise<void> | undefined

  constructor(
    store: SqlStore,
    misbehaviour: Misbehaviour,
    terms: NoticeTerms,
    self: Identity,
    now: () => number,
  ) {
    this.#store = store
    this.#misbehaviour = misbehaviour
    this.#terms = terms
    this.#self = self
    this.#now = now
  }

  /** Inside of the transaction in which it happened. */
  add(kind: NoticeKind, institution: string, status: BillStatus): void {
    const { biller, bill, sequence } = status
    const head = {
      messageId: `notice:${nameOf(biller, bill)}:${sequence}`,
      sender: this.#self.name,
      receiver: institution,
      createdAtMs: this.#now(),
    }
    const text = signedText({ ...head, body: { kind, status } }, this.#self.privateKey)
    const sql = 'insert into notices (institution, subject, kind, text) values (?, ?, ?, ?)'
    this.#store.change(sql, institution, `${biller} ${bill}`, kind, text)
  }

  list(after: number): readonly object[] {
    const sql = `select number, institution, subject, kind, state, attempts from notices
      where number > ? order by number limit 1000`
    return this.#store.rows(sql, after)
  }

  start(): void {
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#ending.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending
    while (!signal.aborted) {
      const notice = this.#next()
      if (notice !== undefined) await this.#bring(notice)
      else await wait(idleMs, undefined, { signal }).catch(ignoreAbort)
    }
  }

  /** The oldest that is due and has no older one of its bill before it. */
  #next(): NoticeRow | undefined {
    const sql = `select n.number, n.institution, n.subject, n.kind, n.text, n.attempts, i.url
      from notices n join institutions i on i.name = n.institution
      where n.state = 'waiting' and n.due_at <= ? and i.url is not null and not exists (
        select 1 from notices o where o.subject = n.subject and o.number < n.number
          and o.state = 'waiting' and o.is_behind = 0)
      order by n.is_behind, n.number limit 1`
    return this.#store.row<NoticeRow>(sql, Date.now())
  }

  async #bring(notice: NoticeRow): Promise<void> {
    const isFirst = notice.attempts === 0
    const fault = isFirst ? this.#misbehaviour.ofWebhook(notice.kind) : undefined
    if (fault === 'crash-before-sending') this.#terms.crash()
    if (fault === 'lose') return this.#end(notice, 'lost')
    if (fault === 'late') return this.#postpone(notice, this.#terms.lateMs)
    if (fault === 'reorder') {
      this.#store.change('update notices set is_behind = 1 where number = ?', notice.number)
      return this.#postpone(notice, this.#terms.lateMs)
    }
    const isTaken = await this.#send(notice)
    if (fault === 'crash-after-sending') this.#terms.crash()
    if (!isTaken) {
      const [first, most] = this.#terms.retryMs
      return this.#postpone(notice, Math.min(most, first * 2 ** Math.min(notice.attempts, 30)))
    }
    this.#end(notice, 'delivered')
    if (fault === 'duplicate') await this.#send(notice)
  }

  async #send({ url, text }: NoticeRow): Promise<boolean> {
    const limit = AbortSignal.timeout(this.#terms.timeoutMs)
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/xml' },
        body: text,
        redirect: 'error',
        signal: AbortSignal.any([this.#ending.signal, limit]),
      })
      await response.body?.cancel()
      return response.ok
    } catch (error) {
      // Nobody there, or not in time: it is brought again.
      if (error instanceof Error) return false
      throw error
    }
  }

  #end({ number, subject }: NoticeRow, state: 'delivered' | 'lost'): void {
    this.#store.transaction(() => {
      this.#store.change('update notices set state = ? where number = ?', state, number)
      // What fell behind has been overtaken now.
      const sql = `update notices set due_at = 0
        where subject = ? and number < ? and state = 'waiting'`
      this.#store.change(sql, subject, number)
    })
  }

  #postpone({ number }: NoticeRow, delayMs: number): void {
    const sql = 'update notices set attempts = attempts + 1, due_at = ? where number = ?'
    this.#store.change(sql, Date.now() + delayMs, number)
  }
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'AbortError') throw error
}
