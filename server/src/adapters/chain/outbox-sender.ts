/**
 * Sends what is in the outbox until it is final.
 *
 * Items are signed in their order, with nonces in that order, and stored before they are sent.
 * Then the same bytes are sent again until they are final. New bytes are made only where the old
 * ones can never be mined any more (somebody else used their nonce, finally, or they were refused
 * out of their order), or where only one of both can be mined (the same nonce with a higher fee).
 */
import { Fault } from '@busbar/core/errors'
import type { Hex } from 'viem'
import type { OutboxSender } from '../../app/ports/chain.ts'
import type { Outbox } from '../../app/ports/outbox.ts'
import { entryOf, Lane } from './lane.ts'
import { type FinalItem, LaneWorker } from './lane-worker.ts'
import { itemsInFlightMax, type Recovery, recoverOutbox } from './outbox-recovery.ts'
import { RpcError } from './rpc.ts'
import type { EvmSettlementChain } from './settlement-chain.ts'

export type OutboxSenderOptions = {
  readonly chain: EvmSettlementChain
  readonly outbox: Outbox
  /** What a person has to know: a transaction that failed or is stuck, a node that is away. */
  readonly onAlarm?: ((fault: Fault) => void) | undefined
  /** Milliseconds UTC. */
  readonly now?: (() => number) | undefined
  readonly timing?: Partial<SenderTiming> | undefined
}

export type SenderTiming = {
  /** How long to wait at first, and at most, before looking again for what is on its way. */
  readonly pollMsMin: number
  readonly pollMsMax: number
  /** With nothing to do, how often the newest final block is looked at. */
  readonly idleMs: number
  /** A nonce that nobody uses is used up by us after this time. */
  readonly gapMs: number
  /** Not mined for so long although it is next: an alarm, and on a network a higher fee. */
  readonly stuckMs: number
}

/** The node is ours, mines at once and has nobody else's transactions on their way. */
const embeddedTiming: SenderTiming = {
  ...{ pollMsMin: 1, pollMsMax: 250, idleMs: 2_000, gapMs: 300, stuckMs: 60_000 },
}

const networkTiming: SenderTiming = {
  ...{ pollMsMin: 100, pollMsMax: 1_000, idleMs: 15_000, gapMs: 10_000, stuckMs: 60_000 },
}

/** Starts at once: first it compares the chain with the outbox, then it sends. */
export const createOutboxSender = (options: OutboxSenderOptions): OutboxSender =>
  new ChainOutboxSender(options)

type FinalListener = Parameters<OutboxSender['onFinal']>[0]
type Waiter = { readonly resolve: () => void; readonly reject: (fault: Fault) => void }

const laneItemsMax = 2 * itemsInFlightMax
const failurePauseMs = { min: 20, max: 5_000 }
class ChainOutboxSender implements OutboxSender {
  readonly #chain: EvmSettlementChain
  readonly #outbox: Outbox
  readonly #onAlarm: (fault: Fault) => void
  readonly #lane = new Lane()
  readonly #worker: LaneWorker
  readonly #timing: SenderTiming
  readonly #listeners: FinalListener[] = []
  readonly #waiters: Waiter[] = []
  readonly #loop: Promise<void>
  #recovery: Recovery | undefined
  #startsSeen = -1
  #mayHaveMore = true
  #isClosed = false
  #isWoken = false
  #endSleep: () => void = () => undefined
  #lastAlarm = ''
  #newestFinal: Pick<FinalItem, 'blockNumber' | 'blockHash'> | undefined

  constructor({ chain, outbox, onAlarm, now, timing }: OutboxSenderOptions) {
    this.#chain = chain
    this.#outbox = outbox
    this.#onAlarm = onAlarm ?? (() => undefined)
    const usual = chain.node.embedded === undefined ? networkTiming : embeddedTiming
    this.#timing = { ...usual, ...timing }
    this.#worker = new LaneWorker(chain, outbox, this.#lane, this.#timing, {
      alarm: (fault) => this.#alarm(fault),
      final: (item) => this.#announce(item),
      now: now ?? Date.now,
    })
    chain.node.embedded?.onStart(() => this.#wakeUp())
    this.#loop = this.#run()
  }

  kick(): void {
    this.#mayHaveMore = true
    this.#wakeUp()
  }

  drained(): Promise<void> {
    if (this.#isClosed) return Promise.reject(closed())
    const drained = new Promise<void>((resolve, reject) => {
      this.#waiters.push({ resolve, reject })
    })
    this.kick()
    return drained
  }

  onFinal(listener: FinalListener): void {
    this.#listeners.push(listener)
  }

  /**
   * At most 128, and one more for all that may lie behind those in the outbox, which has not been
   * looked at: zero only where nothing is left.
   */
  get pending(): number {
    return this.#lane.size + (this.#mayHaveMore ? 1 : 0)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#wakeUp()
    await this.#loop
    for (const { reject } of this.#waiters.splice(0)) reject(closed())
  }

  async #run(): Promise<void> {
    let failureMs: number = failurePauseMs.min
    let pauseMs = 0
    while (!this.#isClosed) {
      try {
        const moved = await this.#step()
        failureMs = failurePauseMs.min
        this.#lastAlarm = ''
        const { pollMsMin, pollMsMax, idleMs } = this.#timing
        pauseMs = moved ? pollMsMin : Math.min(Math.max(pollMsMin, pauseMs * 1.6), pollMsMax)
        if (!moved) await this.#sleep(this.#lane.size === 0 ? idleMs : pauseMs)
      } catch (error) {
        this.#worker.mustRecover = true
        this.#alarmOnce(faultOf(error))
        await this.#sleep(failureMs)
        failureMs = Math.min(failureMs * 2, failurePauseMs.max)
      }
    }
  }

  /** One round of everything that can be done now. True if it is worth going on at once. */
  async #step(): Promise<boolean> {
    const starts = this.#chain.node.starts()
    if (starts !== this.#startsSeen || this.#worker.mustRecover) {
      await this.#recover(starts)
      return true
    }
    await this.#refill()
    if (this.#lane.size === 0) {
      if (this.#mayHaveMore) return true
      if (await this.#hasGoneBack()) return true
      for (const { resolve } of this.#waiters.splice(0)) resolve()
      return false
    }
    const signed = await this.#worker.sign()
    const sent = await this.#worker.send()
    const found = await this.#worker.check()
    return signed || sent || found
  }

  async #recover(starts: number): Promise<void> {
    const recovery = await recoverOutbox(this.#chain.node, this.#outbox)
    this.#lane.clear()
    await this.#worker.dropRefusedBatch()
    this.#recovery = recovery
    this.#worker.recovered(recovery)
    this.#startsSeen = starts
    this.#newestFinal = undefined
    this.#mayHaveMore = true
  }

  async #refill(): Promise<void> {
    if (!this.#mayHaveMore || this.#lane.size > laneItemsMax / 2) return
    this.#mayHaveMore = false
    const items = await this.#outbox.unfinished(laneItemsMax)
    for (const item of items) {
      if (this.#lane.has(item.id)) continue
      this.#lane.add(entryOf(item, this.#recovery?.overtaken.has(item.id) ?? false))
    }
    if (items.length === laneItemsMax) this.#mayHaveMore = true
  }

  /** True if the newest final item is not where it was, or something happened while we looked. */
  async #hasGoneBack(): Promise<boolean> {
    const newest = this.#newestFinal
    const tag = `0x${(newest?.blockNumber ?? 0).toString(16)}`
    const { rpc, starts } = this.#chain.node
    const parameters = [tag, false] as const
    const block = await rpc.call<{ hash: Hex } | null>('eth_getBlockByNumber', parameters)
    if (newest !== undefined && block?.hash !== newest.blockHash) this.#worker.mustRecover = true
    return this.#worker.mustRecover || this.#mayHaveMore || starts() !== this.#startsSeen
  }

  #announce({ id, txHash, gasUsed, feeWei, ...place }: FinalItem): void {
    this.#newestFinal = place
    for (const listener of this.#listeners) listener(id, txHash, gasUsed, feeWei)
  }

  #alarm(fault: Fault): void {
    this.#onAlarm(fault)
  }

  /** A node that stays away is one alarm, not one for every attempt. */
  #alarmOnce(fault: Fault): void {
    const alarm = `${fault.code} ${fault.details['method'] ?? ''}`
    if (alarm === this.#lastAlarm) return
    this.#lastAlarm = alarm
    this.#alarm(fault)
  }

  #wakeUp(): void {
    this.#isWoken = true
    this.#endSleep()
  }

  /** Until the time is over or somebody wakes it, also if that was while it was at work. */
  async #sleep(ms: number): Promise<void> {
    if (!this.#isWoken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        this.#endSleep = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    this.#isWoken = false
  }
}

const closed = (): Fault => new Fault('CHAIN_UNREACHABLE', { reason: 'the sender is closed' })

function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error
  const method = error instanceof RpcError ? error.method : 'send'
  const reason = error instanceof Error ? error.message.slice(0, 200) : 'unknown'
  return new Fault('CHAIN_REFUSED', { method, reason }, { cause: error })
}
