import { setTimeout as wait } from 'node:timers/promises'
import {
  deliveryBytesMax,
  signatureHeader,
  signWebhook,
} from '@busbar/protocols/payment-provider'
import type { Misbehaviour } from '../services/misbehaviour.ts'
import type { PaymentStore } from './store.ts'

export type WebhookTerms = {
  readonly secret: string
  /** What `late` adds, and how long `reorder` waits for a successor. */
  readonly lateMs: number
  /** Between deliveries that are not taken, doubled from the first to the second. */
  readonly retryMs: readonly [first: number, most: number]
  /** Of one delivery. */
  readonly timeoutMs: number
  /** Ends this process at once. */
  readonly crash: () => never
}

type EventRow = {
  number: number
  subject: string
  body: string
  is_behind: number
  attempts: number
}

const urlName = 'webhook_url'

/** How long it sleeps while there is nothing to do. */
const idleMs = 20

/**
 * Brings the events to the market until each is taken: in order for each hold or charge, unless
 * something goes wrong on purpose. Waiting is by this machine's clock, whatever the market's says.
 */
export class Webhooks {
  readonly #store: PaymentStore
  readonly #misbehaviour: Misbehaviour
  readonly #terms: WebhookTerms
  /** The moment that deliveries are signed with. */
  readonly #now: () => number
  readonly #ending = new AbortController()
  #running: Promise<void> | undefined

  constructor(
    store: PaymentStore,
    misbehaviour: Misbehaviour,
    terms: WebhookTerms,
    now: () => number,
  ) {
    this.#store = store
    this.#misbehaviour = misbehaviour
    this.#terms = terms
    this.#now = now
  }

  get url(): string | null {
    const url = this.#store.meta(urlName) ?? ''
    return url === '' ? null : url
  }

  /** Where to bring events; null keeps them until there is somebody to bring them to. */
  setUrl(url: string | null): void {
    this.#store.setMeta(urlName, url ?? '')
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
      const url = this.url
      const event = url === null ? undefined : this.#next()
      if (url === null || event === undefined) {
        await wait(idleMs, undefined, { signal }).catch(isAbort)
      } else {
        await this.#bring(url, event)
      }
    }
  }

  /** The oldest that is due, without a predecessor that waits, unless that was to fall behind. */
  #next(): EventRow | undefined {
    const sql =
      "select * from events as one where state = 'waiting' and due_at <= ? and not exists (" +
      "select 1 from events as other where other.subject = one.subject and state = 'waiting' " +
      'and other.number < one.number and other.is_behind = 0) order by number limit 1'
    return this.#store.row<EventRow>(sql, Date.now())
  }

  async #bring(url: string, event: EventRow): Promise<void> {
    const { type } = JSON.parse(event.body) as { readonly type: string }
    const isNew = event.attempts === 0 && event.is_behind === 0
    const fault = isNew ? this.#misbehaviour.ofWebhook(type) : undefined
    if (fault === 'crash-before-sending') this.#terms.crash()
    if (fault === 'lose') return this.#end(event, 'lost')
    if (fault === 'late') return this.#postpone(event, this.#terms.lateMs)
    if (fault === 'reorder') return this.#fallBehind(event)
    const isTaken = await this.#send(url, event.body)
    if (fault === 'crash-after-sending') this.#terms.crash()
    if (!isTaken) {
      const [first, most] = this.#terms.retryMs
      return this.#postpone(event, Math.min(most, first * 2 ** Math.min(event.attempts, 30)))
    }
    this.#end(event, 'delivered')
    if (fault === 'duplicate') await this.#send(url, event.body)
  }

  async #send(url: string, body: string): Promise<boolean> {
    const bytes = new TextEncoder().encode(body)
    if (bytes.length > deliveryBytesMax) throw new Error('an event is larger than its limit')
    const limit = AbortSignal.timeout(this.#terms.timeoutMs)
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          [signatureHeader]: signWebhook(this.#terms.secret, this.#now(), bytes),
        },
        body: bytes,
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

  #end({ number, subject }: EventRow, state: 'delivered' | 'lost'): void {
    this.#store.transaction(() => {
      this.#store.change('update events set state = ? where number = ?', state, number)
      // What fell behind has been overtaken now.
      const sql =
        "update events set due_at = 0 where subject = ? and number < ? and state = 'waiting'"
      this.#store.change(sql, subject, number)
    })
  }

  #postpone({ number }: EventRow, delayMs: number): void {
    const due = Date.now() + delayMs
    const sql = 'update events set attempts = attempts + 1, due_at = ? where number = ?'
    this.#store.change(sql, due, number)
  }

  #fallBehind(event: EventRow): void {
    this.#store.change('update events set is_behind = 1 where number = ?', event.number)
    this.#postpone(event, this.#terms.lateMs)
  }
}

function isAbort(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'AbortError') throw error
}
