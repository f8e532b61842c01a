import type { Netting } from '@busbar/core/payments'
import type { Lane, Told } from '../lane.ts'
import type { RetailerTransfers, TransferOrder } from '../ports/transfers.ts'

/** How often banks are asked what they have to say. */
const lookEveryMs = 30_000

export type NettingParts = {
  readonly lane: Lane
  readonly transfers: RetailerTransfers | undefined
  /** Milliseconds of the world outside. */
  readonly wallClock: () => number
  /** Asks at each run: with a manual clock nothing waits for the world outside. */
  readonly inOrder: boolean
  readonly report: (what: string, error: unknown) => void
}

/**
 * Brings what retailers owe each other to their banks, and what banks say into the journal. Nothing
 * is kept beside the state: a restart hands in again what no bank has answered, which banks take
 * once, and reads again what they said, which says nothing new.
 */
export class NettingWorker {
  readonly #parts: NettingParts
  readonly #ordered = new Set<number>()
  readonly #handed = new Set<number>()
  readonly #read = new Set<string>()
  #notBeforeMs = 0
  #running: Promise<void> | undefined
  #lastError = ''

  constructor(parts: NettingParts) {
    this.#parts = parts
    for (const { netting, state } of this.#nettings.values()) {
      if (state === 'ordered') this.#ordered.add(netting)
    }
  }

  get #nettings(): ReadonlyMap<number, Netting> {
    return this.#parts.lane.state.trading.netting.nettings
  }

  /** Transfers that no bank has answered. */
  get waiting(): number {
    return this.#ordered.size
  }

  /** What went wrong last, until it goes well. */
  get lastError(): string {
    return this.#lastError
  }

  hear(told: readonly Told[]): void {
    for (const { effect } of told) {
      if (effect.kind !== 'netting_changed') continue
      if (effect.state === 'ordered') {
        this.#ordered.add(effect.netting)
        this.#notBeforeMs = 0
      } else this.#ordered.delete(effect.netting)
    }
  }

  /** Hands in what waits, and takes what was said; a call under way is joined. */
  run(): Promise<void> {
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Waits for what is under way. */
  async stop(): Promise<void> {
    await this.#running?.catch(() => undefined)
  }

  async #work(): Promise<void> {
    const { transfers, wallClock, inOrder } = this.#parts
    if (transfers === undefined || this.#nettings.size === 0) return
    const now = wallClock()
    if (!inOrder && now < this.#notBeforeMs) return
    this.#notBeforeMs = now + lookEveryMs
    const isOrdered = await this.#hand(transfers)
    const isHeard = await this.#listen(transfers)
    if (isOrdered && isHeard) this.#lastError = ''
  }

  async #hand(transfers: RetailerTransfers): Promise<boolean> {
    let isDone = true
    for (const order of this.#orders()) {
      if (this.#handed.has(order.batch)) continue
      try {
        await transfers.order(order)
        this.#handed.add(order.batch)
      } catch (error) {
        isDone = false
        this.#failed(`transfers ${order.batch}`, error)
      }
    }
    return isDone
  }

  /** All transfers of a batch go out together, also those that are answered already. */
  #orders(): TransferOrder[] {
    const batches = new Set<number>()
    for (const number of this.#ordered) {
      const netting = this.#nettings.get(number)
      if (netting?.state === 'ordered') batches.add(netting.batch)
    }
    type Transfers = TransferOrder['transfers'][number][]
    const orders = new Map<number, TransferOrder & { transfers: Transfers }>()
    for (const { batch, at: atMs, netting, debtor, creditor, amount } of this.#nettings.values()) {
      if (!batches.has(batch)) continue
      const order = orders.get(batch) ?? { batch, atMs, transfers: [] }
      order.transfers.push({ netting, debtor, creditor, amountMicros: amount })
      orders.set(batch, order)
    }
    return [...orders.values()].sort((a, b) => a.batch - b.batch)
  }

  async #listen(transfers: RetailerTransfers): Promise<boolean> {
    const { lane, report } = this.#parts
    const sent = (number: number) => {
      const netting = this.#nettings.get(number)
      if (netting === undefined) return undefined
      return { debtor: netting.debtor, amountMicros: netting.amount }
    }
    try {
      const news = await transfers.news((name) => this.#read.has(name), sent)
      for (const { name, words, findings } of news) {
        for (const word of words) lane.applyNow({ kind: 'record_netting', ...word })
        await lane.durable()
        this.#read.add(name)
        for (const finding of findings) report(name, finding)
      }
      return true
    } catch (error) {
      if (lane.broken !== undefined) throw error
      this.#failed('what banks say', error)
      return false
    }
  }

  #failed(what: string, error: unknown): void {
    this.#lastError = error instanceof Error ? error.message : String(error)
    this.#parts.report(what, error)
  }
}
