import { webhookDelivery } from '@busbar/protocols/api'
import type {
  Attempt,
  NoticeBook,
  NoticeCounts,
  NoticeSender,
  StoredNotice,
  StoredWebhook,
} from '../ports/notices.ts'

const { pauseMs, concurrencyMax } = webhookDelivery

export const { attemptsMax } = webhookDelivery

/** How long a timer of JavaScript can be. */
const timerMax = 2 ** 31 - 1

export type DeliveryParts = {
  readonly book: NoticeBook
  readonly sender: NoticeSender
  /** Milliseconds of the world outside, in which receivers answer. */
  readonly wallClock: () => number
  /** The bytes of a notice and what is said with them, signed as of `sentAt`. */
  readonly dressed: (
    notice: StoredNotice,
    sentAt: number,
  ) => { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array }
  /** Lets so many send at a time, whoever waits longest first. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>
  readonly report: (account: number, error: unknown) => void
  /** Milliseconds to wait after so many failures in a row; `pauseAfter` by default. */
  readonly pause?: (failures: number) => number
}

/** How long to wait after so many failures in a row. */
export const pauseAfter = (failures: number): number =>
  Math.min(pauseMs.most, pauseMs.first * 2 ** Math.min(failures - 1, 30))

/**
 * Brings one account's notices to its webhook. Those of one subject go one after the other; a
 * receiver that cannot be reached is asked with one notice at a time, ever more rarely, and holds
 * back nobody else's.
 */
export class DeliveryLine {
  readonly webhook: StoredWebhook
  readonly #parts: DeliveryParts
  /** What the webhook before this one has under way: nothing overtakes it. */
  readonly #before: Promise<void>
  #running: Promise<void> | undefined
  #again = false
  #stopped = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #notBeforeMs = 0
  /** Attempts since the receiver was reached. */
  failures = 0
  lastError = ''
  counts: NoticeCounts = { last: 0, waiting: 0, givenUp: 0 }

  constructor(webhook: StoredWebhook, parts: DeliveryParts, before = Promise.resolve()) {
    this.webhook = webhook
    this.#parts = parts
    this.#before = before
  }

  /** There may be something to bring. */
  kick(): void {
    if (this.#stopped || this.webhook.url === '') return
    this.#again = true
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined
      if (this.#again) this.kick()
    })
  }

  /** Begins nothing any more, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#before
    await this.#running
  }

  async #work(): Promise<void> {
    await this.#before
    try {
      while (this.#again && !this.#stopped) {
        this.#again = false
        let isMore = true
        while (isMore && !this.#stopped) isMore = await this.#round()
      }
    } catch (error) {
      // The store has failed, which ends the process by itself, or is closing.
      this.#again = false
      this.#parts.report(this.webhook.account, error)
      this.#wakeIn(pauseMs.first)
    }
  }

  /** Brings what is due; whether there may be more. */
  async #round(): Promise<boolean> {
    const { book, wallClock } = this.#parts
    const { account } = this.webhook
    const now = wallClock()
    if (now < this.#notBeforeMs) {
      this.#wakeIn(this.#notBeforeMs - now)
      return false
    }
    const due = await book.due(account, now, this.failures > 0 ? 1 : concurrencyMax)
    if (due.length > 0 && !this.#stopped) {
      const attempts = await Promise.all(due.map((notice) => this.#attempt(notice)))
      this.#judge(attempts)
      await book.record(this.webhook, attempts.map(({ attempt }) => attempt))
    }
    this.counts = await book.counts(account)
    if (due.length > 0) return true
    const next = await book.nextDue(account)
    if (next !== undefined) this.#wakeIn(next - now)
    return false
  }

  async #attempt(notice: StoredNotice): Promise<Tried> {
    const { sender, wallClock, dressed, inTurn } = this.#parts
    const answer = await inTurn(() => {
      const { headers, body } = dressed(notice, wallClock())
      return sender.send(this.webhook.url, headers, body)
    })
    const attempts = notice.attempts + 1
    const about = { sequence: notice.sequence, attempts }
    if (answer.kind === 'answered' && answer.status >= 200 && answer.status < 300) {
      return { attempt: { ...about, state: 'delivered' }, error: '', isReached: true }
    }
    const error = answer.kind === 'answered' ? `status ${answer.status}` : answer.reason
    const isReached = answer.kind === 'answered' && !asksToWait.has(answer.status)
    if (attempts >= attemptsMax) {
      return { attempt: { ...about, state: 'given_up' }, error, isReached }
    }
    const nextAt = wallClock() + this.#pause(attempts)
    return { attempt: { ...about, state: 'waiting', nextAt }, error, isReached }
  }

  /** Whether the receiver is there. One notice that it does not take says nothing of the others. */
  #judge(tried: readonly Tried[]): void {
    const lost = tried.filter(({ isReached }) => !isReached)
    this.failures = lost.length < tried.length ? 0 : this.failures + 1
    this.#notBeforeMs =
      this.failures === 0 ? 0 : this.#parts.wallClock() + this.#pause(this.failures)
    this.lastError = tried.find(({ error }) => error !== '')?.error ?? ''
  }

  #pause(failures: number): number {
    return (this.#parts.pause ?? pauseAfter)(failures)
  }

  #wakeIn(ms: number): void {
    clearTimeout(this.#timer)
    if (this.#stopped) return
    this.#timer = setTimeout(() => this.kick(), Math.min(timerMax, Math.max(10, ms)))
    this.#timer.unref()
  }
}

type Tried = {
  readonly attempt: Attempt
  readonly error: string
  readonly isReached: boolean
}

/** What a receiver answers that cannot take anything now. */
const asksToWait: ReadonlySet<number> = new Set(webhookDelivery.busyStatuses)
