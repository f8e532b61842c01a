import type { BusbarClient } from '@busbar/client'

/** How fast the market's time passes in a run. */
export type Pace = {
  /** Market time per time outside; absent: as fast as it goes. */
  readonly speed?: number
  /** Market time before which a paced run too goes as fast as it can. */
  readonly pacedFromMs?: number
  /** Ends the waiting between two moments of a paced run. */
  readonly signal?: AbortSignal
}

export type PacedClockOptions = Pace & {
  readonly client: BusbarClient
  /** Who is told the time before the server is. */
  readonly before: ((nowMs: number) => Promise<void>) | undefined
}

/** A paced clock moves in steps of this, so that a page can count down. */
const paceMs = 250

/** Moves the server's clock, at a pace or as fast as it goes. Never back. */
export class PacedClock {
  readonly #options: PacedClockOptions
  #now = 0

  constructor(options: PacedClockOptions) {
    this.#options = options
  }

  get nowMs(): number {
    return this.#now
  }

  async start(): Promise<void> {
    this.#now = (await this.#options.client.market()).clock.nowMs
  }

  async advanceTo(at: number): Promise<void> {
    const { speed, signal, pacedFromMs = 0 } = this.#options
    if (at < this.#now) return
    signal?.throwIfAborted()
    if (at <= pacedFromMs) {
      await this.#set(at)
      return
    }
    while (speed !== undefined && this.#now < at) {
      signal?.throwIfAborted()
      const realMs = Math.min(paceMs, (at - this.#now) / speed)
      await new Promise((resolve) => setTimeout(resolve, realMs))
      const next = Math.min(at, Math.ceil(this.#now + realMs * speed))
      if (next < at) await this.#set(next)
      else break
    }
    await this.#set(at)
  }

  async #set(at: number): Promise<void> {
    await this.#options.before?.(at)
    this.#now = await this.#options.client.setClock(at)
  }
}
