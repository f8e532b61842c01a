import {
  gateOf,
  type IntervalRecord,
  recordOf,
  rulebookFor,
  type State,
  zoneKey,
} from '@busbar/core/exchange'
import { WattHours } from '@busbar/core/units'
import { rulebookHash } from '@busbar/protocols/commitments'
import type { Told } from '../lane.ts'
import { commitmentsOf } from '../opening/journalled-openings.ts'
import type { SettlementChain } from '../ports/chain.ts'
import type { Outbox, OutboxItem } from '../ports/outbox.ts'
import type {
  HandedInProof,
  ProofStatement,
  ProofTaken,
  ProvingClaim,
  ProvingQueueItem,
} from '../ports/proving.ts'
import type { SealedClearings } from '../sealed-clearings.ts'

/** Orders that a circuit is made for, ascending. Larger batches are proven in parts of the last. */
export const circuitSizes = [64, 256, 1_024, 4_096] as const

const largestSize: number = Math.max(...circuitSizes)

/** As many as one proof joins. */
const partsMax = 16

/** The most orders that are proven by one transaction. */
const ordersMax: number = partsMax * largestSize

/** A part's proof, and the one that joins them, have some ten kilobytes each. */
const proofBytesMax = 262_144

const isProofSize = (size: number): boolean =>
  circuitSizes.some((own) => own === size) || (size % largestSize === 0 && size <= ordersMax)

/** Instants of the market's clock. */
type Waiting = { readonly sinceMs: number; readonly deadlineMs: number }

type Item = {
  readonly zone: number
  readonly interval: number
  attempts: number
  refused: number
  /** Who works on it until when, milliseconds of the time outside. */
  lease: { readonly prover: number; readonly untilMs: number } | undefined
  /** The newest proof's transaction; undefined before the first. */
  sent: { readonly id: string; failed: boolean } | undefined
}

/**
 * The batches that wait for a proof. What they are follows from the state and the outbox; who works
 * on which is only remembered: after a restart everything may be claimed again, and a proof that
 * comes twice does no harm.
 */
export class ProvingQueue {
  readonly #state: State
  readonly #outbox: Outbox
  readonly #chain: SettlementChain
  readonly #clearings: SealedClearings
  readonly #wallClock: () => number
  readonly #leaseMs: number
  readonly #queued: () => void
  readonly #items = new Map<string, Item>()
  /** Until it resolves, what the outbox holds from before a restart is not known. */
  #loaded: Promise<void> | undefined

  constructor(parts: {
    readonly state: State
    readonly outbox: Outbox
    readonly chain: SettlementChain
    readonly clearings: SealedClearings
    readonly wallClock: () => number
    /** How long a prover may take before others may try. */
    readonly leaseMs: number
    /** Called when a transaction was put into the outbox. */
    readonly queued: () => void
  }) {
    this.#state = parts.state
    this.#outbox = parts.outbox
    this.#chain = parts.chain
    this.#clearings = parts.clearings
    this.#wallClock = parts.wallClock
    this.#leaseMs = parts.leaseMs
    this.#queued = parts.queued
    for (const zoneIntervals of parts.state.intervals.values()) {
      for (const record of zoneIntervals.values()) this.#keep(record)
    }
  }

  /** Keeps up with what became durable. */
  hear(told: readonly Told[]): void {
    for (const { effect } of told) {
      if (effect.kind !== 'interval_cleared' && effect.kind !== 'interval_proven') continue
      const record = recordOf(this.#state, effect.zone, effect.interval)
      if (record !== undefined) this.#keep(record)
    }
  }

  /** How many wait for a proof, and for how long the oldest does and may. */
  get waiting(): { readonly count: number; readonly oldest: Waiting | undefined } {
    const open = this.#ordered().filter(({ sent }) => sent === undefined || sent.failed)
    const [oldest] = open
    if (oldest === undefined) return { count: 0, oldest }
    const sinceMs = gateOf(this.#state, oldest.interval)
    const { proofDeadlineSeconds } = rulebookFor(this.#state, oldest.interval)
    const deadlineMs = sinceMs + proofDeadlineSeconds * 1_000
    return { count: open.length, oldest: { sinceMs, deadlineMs } }
  }

  /**
   * The oldest batch that nobody works on; if they are given, in one of `zones` and of at most
   * `sizeMax` orders, which is what the prover's largest circuit takes.
   */
  async claim(
    prover: number,
    limits: { readonly sizeMax: number | undefined; readonly zones: readonly number[] | undefined },
  ): Promise<ProvingClaim | undefined> {
    const { sizeMax = largestSize, zones } = limits
    const isTooLarge = ({ zone, interval }: Item): boolean =>
      // With the largest circuit a prover proves sixteen times as many, in parts.
      (recordOf(this.#state, zone, interval)?.orderCount ?? 0) >
      (sizeMax < largestSize ? sizeMax : ordersMax)
    await this.#refresh()
    const now = this.#wallClock()
    const item = this.#ordered().find(
      (one) =>
        (zones === undefined || zones.includes(one.zone)) &&
        (one.sent === undefined || one.sent.failed) &&
        (one.lease === undefined || one.lease.untilMs <= now) &&
        !isTooLarge(one),
    )
    if (item === undefined) return undefined
    // Before the first pause, so that nobody else gets it meanwhile.
    const untilMs = now + this.#leaseMs
    item.lease = { prover, untilMs }
    item.attempts += 1
    try {
      return await this.#claimOf(item, untilMs)
    } catch (error) {
      item.lease = undefined
      throw error
    }
  }

  /**
   * Takes a proof to be sent to the chain, whoever claimed the batch. That it is about what was
   * cleared is checked here, that it proves it by the chain.
   */
  async take(proof: HandedInProof): Promise<ProofTaken> {
    await this.#refresh()
    const { zone, interval, size } = proof
    const record = recordOf(this.#state, zone, interval)
    if (record === undefined || record.openedSequence < 0 || record.proof === 'none') {
      return { kind: 'refused', reason: 'interval_unknown' }
    }
    const item = this.#items.get(zoneKey(zone, interval))
    if (item === undefined) return { kind: 'taken', repeated: true }
    const reason = await this.#refusal(record, proof)
    if (reason !== undefined) {
      item.refused += 1
      item.lease = undefined
      return { kind: 'refused', reason }
    }
    if (item.sent !== undefined && !item.sent.failed) return { kind: 'taken', repeated: true }
    const failures = item.sent === undefined ? 0 : numberOf(item.sent.id) + 1
    const id = proofId(zone, interval, failures)
    const before = item.sent
    item.sent = { id, failed: false }
    try {
      const clearing = await this.#clearings.of(this.#state, record)
      const { price, energy } = record
      const calls = this.#chain.encode({
        kind: 'prove_clearing',
        ...{ zone, interval, size, proof: proof.proof, price, energy },
        ...{ ordersRoot: clearing.statement.ordersRoot, orderCount: record.orderCount },
        ...{ fillsRoot: clearing.statement.fillsRoot, clearingRoot: clearing.clearingRoot },
        ...{ voidCount: record.voids.size, rulebookHash: this.#rulebookHash(interval) },
      })
      const queuedAt = this.#state.at
      const journalSequence = record.openedSequence
      // Where there are parts they come first, each under a name of its own.
      const named = calls.map((call, i) => ({
        ...call,
        id: i === calls.length - 1 ? id : `${call.id}/${failures}`,
      }))
      await this.#outbox.enqueue(named.map((call) => ({ ...call, journalSequence, queuedAt })))
    } catch (error) {
      item.sent = before
      throw error
    }
    item.lease = undefined
    this.#queued()
    return { kind: 'taken', repeated: false }
  }

  /** Oldest first. */
  async view(): Promise<readonly ProvingQueueItem[]> {
    await this.#refresh()
    const now = this.#wallClock()
    return this.#ordered().map((item) => {
      const record = recordOf(this.#state, item.zone, item.interval)
      return {
        ...{ zone: item.zone, interval: item.interval },
        orderCount: record?.orderCount ?? 0,
        status: statusOf(item, now),
        sinceMs: gateOf(this.#state, item.interval),
        ...{ attempts: item.attempts, refused: item.refused },
        overdue: record?.proof === 'overdue',
      }
    })
  }

  #keep({ zone, interval, proof }: IntervalRecord): void {
    const key = zoneKey(zone, interval)
    if (proof !== 'awaited' && proof !== 'overdue') this.#items.delete(key)
    else if (!this.#items.has(key)) {
      const fresh = { attempts: 0, refused: 0, lease: undefined, sent: undefined }
      this.#items.set(key, { zone, interval, ...fresh })
    }
  }

  #ordered(): readonly Item[] {
    for (const [key, { zone, interval }] of this.#items) {
      // So old that the state has forgotten it: nothing depends on its proof any more.
      if (recordOf(this.#state, zone, interval) === undefined) this.#items.delete(key)
    }
    return [...this.#items.values()].sort((a, b) => a.interval - b.interval || a.zone - b.zone)
  }

  /** Looks what became of the transactions under way. */
  async #refresh(): Promise<void> {
    await this.#load()
    for (const { sent } of [...this.#items.values()]) {
      if (sent === undefined || sent.failed) continue
      const item = await this.#outbox.find(sent.id)
      if (item?.status === 'failed') sent.failed = true
    }
  }

  /** Finds what was handed in before a restart and has not been seen on the chain yet. */
  #load(): Promise<void> {
    this.#loaded ??= (async () => {
      for (const item of [...this.#items.values()]) {
        const record = recordOf(this.#state, item.zone, item.interval)
        if (record === undefined) continue
        const items = await this.#outbox.ofJournalSequence(record.openedSequence)
        const prefix = `${provePrefix(item.zone, item.interval)}/`
        const newest = items.filter(({ id }) => id.startsWith(prefix)).at(-1)
        item.sent ??= newest && sentOf(newest)
      }
    })()
    return this.#loaded
  }

  async #refusal(record: IntervalRecord, { size, proof, statement }: HandedInProof) {
    // The chain refuses it, too.
    if (!isProofSize(size) || size < record.orderCount) return 'size_invalid' as const
    const isHex = /^0x([0-9a-f]{2})+$/.test(proof) && proof.length <= 2 + 2 * proofBytesMax
    if (!isHex) return 'proof_malformed' as const
    const own = (await this.#clearings.of(this.#state, record)).statement
    return sameStatement(own, statement) ? undefined : ('statement_differs' as const)
  }

  async #claimOf({ zone, interval, attempts }: Item, leaseUntilMs: number): Promise<ProvingClaim> {
    const record = recordOf(this.#state, zone, interval) as IntervalRecord
    const { openings } = await this.#clearings.opened(record)
    const { statement } = await this.#clearings.of(this.#state, record)
    return {
      ...{ zone, interval, attempt: attempts, leaseUntilMs, statement },
      rulebookHash: this.#rulebookHash(interval),
      ...{ price: record.price, energy: record.energy },
      orders: commitmentsOf(record).map((commitment) => ({
        commitment,
        opening: openings.get(commitment) ?? null,
        void: record.voids.get(commitment) ?? null,
        filled: record.fills.get(commitment) ?? WattHours.zero,
      })),
    }
  }

  #rulebookHash(interval: number): string {
    return rulebookHash(rulebookFor(this.#state, interval))
  }
}

export const provePrefix = (zone: number, interval: number): string => `prove/${zone}/${interval}`

/** A proof that the chain has refused leaves its id behind: the next one takes another. */
const proofId = (zone: number, interval: number, number: number): string =>
  `${provePrefix(zone, interval)}/${number}`

const numberOf = (id: string): number => Number(id.slice(id.lastIndexOf('/') + 1))

const sentOf = ({ id, status }: OutboxItem) => ({ id, failed: status === 'failed' })

function statusOf({ sent, lease }: Item, now: number): ProvingQueueItem['status'] {
  if (sent !== undefined && !sent.failed) return 'sent'
  if (lease !== undefined && lease.untilMs > now) return 'claimed'
  return sent === undefined ? 'waiting' : 'failed'
}

const sameStatement = (a: ProofStatement, b: ProofStatement): boolean =>
  a.context === b.context &&
  a.ordersRoot === b.ordersRoot &&
  a.fillsRoot === b.fillsRoot &&
  a.header === b.header
