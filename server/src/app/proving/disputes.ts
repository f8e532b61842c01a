import { recordOf, type State } from '@busbar/core/exchange'
import type { ChainDispute, SettlementChain } from '../ports/chain.ts'
import type { Outbox } from '../ports/outbox.ts'
import { provePrefix } from './proving-queue.ts'

/**
 * What is disputed on the chain, for people to see; and says there by itself that a proof is
 * overdue, so that nobody has to find it out: only then an interval can be disputed as a whole.
 */
export class Disputes {
  readonly #state: State
  readonly #chain: SettlementChain
  readonly #outbox: Outbox
  readonly #queued: () => void
  #open: readonly ChainDispute[] = []

  constructor(parts: {
    readonly state: State
    readonly chain: SettlementChain
    readonly outbox: Outbox
    /** Called when a transaction was put into the outbox. */
    readonly queued: () => void
  }) {
    this.#state = parts.state
    this.#chain = parts.chain
    this.#outbox = parts.outbox
    this.#queued = parts.queued
  }

  /** Those that wait for the auditor, when it was last looked. */
  get open(): readonly ChainDispute[] {
    return this.#open
  }

  openIn(zone: number, interval: number): readonly ChainDispute[] {
    return this.#open.filter((one) => one.zone === zone && one.interval === interval)
  }

  /** Faults: those of the chain. */
  async look(): Promise<void> {
    this.#open = await this.#chain.openDisputes()
    for (const zoneIntervals of this.#state.intervals.values()) {
      for (const { zone, interval, proof } of zoneIntervals.values()) {
        if (proof === 'overdue') await this.#flag(zone, interval)
      }
    }
  }

  /** Overdue by the chain's clock too, which may be another; and no proof is on its way. */
  async #flag(zone: number, interval: number): Promise<void> {
    const known = await this.#outbox.find(`flag/${zone}/${interval}`)
    if (known !== undefined) return
    const journalSequence = recordOf(this.#state, zone, interval)?.openedSequence ?? 0
    const sent = await this.#outbox.ofJournalSequence(journalSequence)
    const prefix = `${provePrefix(zone, interval)}/`
    const isOnItsWay = sent.some(({ id, status }) => id.startsWith(prefix) && !isEnded(status))
    if (isOnItsWay) return
    const found = await this.#chain.interval(zone, interval)
    if (found?.status !== 'overdue') return
    const queuedAt = this.#state.at
    const calls = this.#chain.encode({ kind: 'flag_overdue', zone, interval })
    await this.#outbox.enqueue(calls.map((call) => ({ ...call, journalSequence, queuedAt })))
    this.#queued()
  }
}

const isEnded = (status: string): boolean => status === 'final' || status === 'failed'
