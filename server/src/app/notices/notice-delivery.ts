import type { StoredWebhook } from '../ports/notices.ts'
import { DeliveryLine, type DeliveryParts } from './delivery-line.ts'

/** Notices that are on their way at the same time, to all receivers together. */
const sendingMax = 32

/**
 * Brings notices to webhooks, at least once each: what became of an attempt is on disk before it
 * counts, so that a process that ends in between tries again, under the same id.
 */
export class NoticeDelivery {
  readonly #parts: DeliveryParts
  readonly #lines = new Map<number, DeliveryLine>()
  readonly #queue: (() => void)[] = []
  #sending = 0

  constructor(parts: Omit<DeliveryParts, 'inTurn'>) {
    this.#parts = { ...parts, inTurn: (work) => this.#inTurn(work) }
  }

  /** Takes up what was set before this process began. */
  async start(): Promise<void> {
    for (const webhook of await this.#parts.book.webhooks()) this.set(webhook)
  }

  /** A webhook counts from now on, in the place of the account's last one. */
  set(webhook: StoredWebhook): void {
    const before = this.#lines.get(webhook.account)
    const line = new DeliveryLine(webhook, this.#parts, before?.stop())
    this.#lines.set(webhook.account, line)
    line.kick()
  }

  /** Notices for these accounts are durable. */
  hear(accounts: Iterable<number>): void {
    for (const account of accounts) this.#lines.get(account)?.kick()
  }

  lineOf(account: number): DeliveryLine | undefined {
    return this.#lines.get(account)
  }

  get lines(): readonly DeliveryLine[] {
    return [...this.#lines.values()]
  }

  async stop(): Promise<void> {
    await Promise.all(this.lines.map((line) => line.stop()))
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#sending >= sendingMax) {
      await new Promise<void>((resolve) => this.#queue.push(resolve))
    }
    this.#sending += 1
    try {
      return await work()
    } finally {
      this.#sending -= 1
      this.#queue.shift()?.()
    }
  }
}
