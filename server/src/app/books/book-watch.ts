import { Fault } from '@busbar/core/errors'
import { ledgerTotal } from '@busbar/core/ledger'
import type { Lane } from '../lane.ts'
import type { SettlementChain } from '../ports/chain.ts'
import type { Clock } from '../ports/clock.ts'
import type { Store } from '../ports/store.ts'
import type { Tally, TallyAnchor } from '../ports/tallies.ts'
import { anchorHolds } from '../ports/tally-rules.ts'

/** Runs that one look compares with the chain. */
const runsAtOnce = 16

/**
 * How long a difference may last before it is written down: a payment that an owner took on the
 * chain is booked some blocks later, and a chain that came back has to be made again first.
 */
const patienceMs = 120_000

/**
 * Compares each run with the chain once all of its transactions are final, and keeps what it saw:
 * whether the chain has the run's roots, and covers what the ledger owes.
 */
export class BookWatch {
  readonly #lane: Lane
  readonly #store: Store
  readonly #chain: SettlementChain
  readonly #clock: Clock
  readonly #nowMs: () => number
  /** All up to it are compared. */
  #through = 0
  /** Since when each was seen to differ. */
  readonly #doubted = new Map<number, number>()
  #looking: Promise<void> | undefined
  /** Whether a transaction has become final since it last looked. */
  #isTold = true

  /** `nowMs`: monotonic, for how long something has lasted. */
  constructor(parts: {
    readonly lane: Lane
    readonly store: Store
    readonly chain: SettlementChain
    readonly clock: Clock
    readonly nowMs: () => number
  }) {
    this.#lane = parts.lane
    this.#store = parts.store
    this.#chain = parts.chain
    this.#clock = parts.clock
    this.#nowMs = parts.nowMs
  }

  /** A transaction became final: a run may be comparable by it. */
  hearFinal(): void {
    this.#isTold = true
  }

  /** Whether looking may find anything new. */
  get isDue(): boolean {
    return this.#isTold || this.#doubted.size > 0
  }

  /** Resolves when what can be compared now is. A chain that does not answer is asked later. */
  look(): Promise<void> {
    this.#looking ??= this.#lookOn().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  async #lookOn(): Promise<void> {
    this.#isTold = false
    try {
      while ((await this.#lookOnce()) >= runsAtOnce) {
        await new Promise((resolve) => setImmediate(resolve))
      }
    } catch (error) {
      // What it compares with is not there: nothing is claimed until it is.
      if (!(error instanceof Fault) || !error.code.startsWith('CHAIN_')) throw error
      this.#isTold = true
    }
  }

  /** How many anchors were written. */
  async #lookOnce(): Promise<number> {
    const { tallies } = this.#store
    const first = await tallies.firstUnanchored(this.#through)
    this.#through = first - 1
    const waiting = await tallies.unanchored(this.#through, runsAtOnce + this.#doubted.size)
    if (waiting.length === 0) return 0
    const seen: { readonly journalSequence: number; readonly hasRoots: boolean }[] = []
    for (const tally of waiting) {
      const { journalSequence } = tally
      seen.push({ journalSequence, hasRoots: await this.#hasRoots(tally) })
    }
    const { held: custody } = await this.#chain.supply()
    // Read after the chain was: what that has more is on its way into the ledger, or out of it.
    const ledger = ledgerTotal(this.#lane.state.ledger)
    const shown = { at: this.#clock.now(), custody, ledger }
    const anchors = seen
      .map((one): TallyAnchor => ({ ...one, ...shown }))
      .filter((one) => anchorHolds(one) || this.#lasts(one.journalSequence))
    await tallies.anchor(anchors)
    for (const { journalSequence } of anchors) this.#doubted.delete(journalSequence)
    return anchors.length
  }

  async #hasRoots({ zone, interval, run, ...roots }: Tally): Promise<boolean> {
    const found = (await this.#chain.interval(zone, interval))?.runs[run]
    return (
      found?.readingsRoot === roots.readingsRoot && found.postingsRoot === roots.postingsRoot
    )
  }

  /** Whether the difference was there for long enough to be one. */
  #lasts(journalSequence: number): boolean {
    const since = this.#doubted.get(journalSequence) ?? this.#nowMs()
    this.#doubted.set(journalSequence, since)
    return this.#nowMs() - since >= patienceMs
  }
}
