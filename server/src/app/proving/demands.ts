import { recordOf, rulebookFor, type State } from '@busbar/core/exchange'
import { groupsOf } from '@busbar/protocols/sealed-orders'
import { rulebookHash } from '@busbar/protocols/commitments'
import { commitmentsOf } from '../opening/journalled-openings.ts'
import type { ChainDemand, ChainEffect, SettlementChain } from '../ports/chain.ts'
import type { Outbox } from '../ports/outbox.ts'
import type { SealedClearings } from '../sealed-clearings.ts'

/**
 * Answers who asks on the chain where its order is: whoever holds a receipt may, and a place that
 * is not shown in time makes the interval faulty.
 */
export class Demands {
  readonly #state: State
  readonly #chain: SettlementChain
  readonly #outbox: Outbox
  readonly #clearings: SealedClearings
  readonly #queued: () => void
  #unanswerable: readonly ChainDemand[] = []

  constructor(parts: {
    readonly state: State
    readonly chain: SettlementChain
    readonly outbox: Outbox
    readonly clearings: SealedClearings
    /** Called when a transaction was put into the outbox. */
    readonly queued: () => void
  }) {
    this.#state = parts.state
    this.#chain = parts.chain
    this.#outbox = parts.outbox
    this.#clearings = parts.clearings
    this.#queued = parts.queued
  }

  /** Demands for orders that are in no set of ours: somebody has to look at them. */
  get unanswerable(): number {
    return this.#unanswerable.length
  }

  /** Shows every order that is asked for; again is harmless. Faults: those of the chain. */
  async answer(): Promise<void> {
    const demands = await this.#chain.openDemands()
    const unanswerable: ChainDemand[] = []
    for (const demand of demands) {
      const effect = this.#answerTo(demand)
      if (effect === undefined) {
        unanswerable.push(demand)
        continue
      }
      const record = recordOf(this.#state, demand.zone, demand.interval)
      const journalSequence = record?.fixedSequence ?? 0
      const queuedAt = this.#state.at
      const calls = this.#chain.encode(effect)
      await this.#outbox.enqueue(calls.map((call) => ({ ...call, journalSequence, queuedAt })))
      this.#queued()
    }
    this.#unanswerable = unanswerable
  }

  #answerTo({ zone, interval, commitment }: ChainDemand): ChainEffect | undefined {
    const record = recordOf(this.#state, zone, interval)
    if (record === undefined || record.status === 'open') return undefined
    const position = commitmentsOf(record).indexOf(commitment)
    if (position < 0) return undefined
    const tree = this.#clearings.ordersTree(record)
    const path = tree.path(position)
    const groups = groupsOf(commitment, path)
    if (groups === undefined) return undefined
    return {
      kind: 'show_order',
      ...{ zone, interval, commitment, position, groups, partRoots: path.partRoots },
      ...{ ordersRoot: tree.root, orderCount: record.orderCount },
      rulebookHash: rulebookHash(rulebookFor(this.#state, interval)),
    }
  }
}
