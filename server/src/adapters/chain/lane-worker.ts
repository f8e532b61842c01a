/** The steps by which an item becomes final: sign, send, look. Each does what can be done now. */
import { Fault } from '@busbar/core/errors'
import type { Outbox, OutboxChanges } from '../../app/ports/outbox.ts'
import { transactionGasMax } from './deltas.ts'
import { isClaim, isFirstStage, isStage } from './encode.ts'
import type { Fees } from './fees.ts'
import { gasLimitOf } from './gas.ts'
import { type Entry, entryOf, type Lane, newlySigned, type SignedEntry } from './lane.ts'
import { itemsInFlightMax, type Recovery } from './outbox-recovery.ts'
import type { EvmSettlementChain } from './settlement-chain.ts'
import { outbid, signCall, signNothing } from './signing.ts'
import { findTransaction, isSame, type Receipt, revertReason, submit } from './transactions.ts'

export type FinalItem = {
  readonly id: string
  readonly txHash: string
  readonly blockNumber: number
  readonly blockHash: string
  readonly gasUsed: number
  readonly feeWei: bigint
}

/** See `SenderTiming`. */
export type Patience = { readonly gapMs: number; readonly stuckMs: number }

export type LaneReports = {
  readonly alarm: (fault: Fault) => void
  readonly final: (item: FinalItem) => void
  readonly now: () => number
}

type Finished = { readonly entry: SignedEntry; readonly receipt: Receipt }

const resendPauseMsMax = 30_000
const refusalsBeforeAlarm = 3
const feeRaisesMax = 20
export class LaneWorker {
  /** Set when something does not fit together: the chain has to be compared with the outbox. */
  mustRecover = true
  readonly #chain: EvmSettlementChain
  readonly #outbox: Outbox
  readonly #lane: Lane
  readonly #timing: Patience
  readonly #reports: LaneReports
  #nextNonce = 0
  #owned: ReadonlySet<number> = new Set()
  #gap: { readonly nonce: number; readonly sinceMs: number } | undefined

  constructor(
    chain: EvmSettlementChain,
    outbox: Outbox,
    lane: Lane,
    timing: Patience,
    reports: LaneReports,
  ) {
    this.#chain = chain
    this.#outbox = outbox
    this.#lane = lane
    this.#timing = timing
    this.#reports = reports
  }

  recovered({ nextNonce, owned }: Recovery): void {
    this.#nextNonce = nextNonce
    this.#owned = owned
    this.mustRecover = false
  }

  /** True if anything was signed. */
  async sign(): Promise<boolean> {
    const ready = this.#lane.signable(itemsInFlightMax - this.#lane.byNonce().length)
    if (ready.length === 0) return false
    // Of those that were signed together a process may have kept the later ones alone.
    this.#lane.overtake(ready.reduce((one, two) => (one.position < two.position ? one : two)))
    const fees = await this.#chain.node.fees()
    await Promise.all(ready.map((entry) => this.#sign(entry, this.#nextNonce++, fees)))
    return true
  }

  /** Gives the node what it has not got yet, or may have lost. True if it took something new. */
  async send(): Promise<boolean> {
    let moved = false
    for (const entry of this.#lane.byNonce()) {
      const { signed } = entry
      if (entry.status === 'mined' || performance.now() < signed.resendAtMs) continue
      signed.isPublic = true
      const submission = await submit(this.#chain.node.rpc, signed.raw)
      signed.resendAtMs = performance.now() + signed.resendPauseMs
      signed.resendPauseMs = Math.min(signed.resendPauseMs * 2, resendPauseMsMax)
      if (submission === 'taken') {
        if (!signed.isTaken) moved = true
        if (!signed.isTaken) signed.takenAtMs = performance.now()
        signed.isTaken = true
        continue
      }
      if (submission === 'underpriced') await this.#raiseFee(entry)
      else if (submission !== 'nonce_used') this.#onRefusal(entry, submission.refusal)
      // The ones behind it wait, so that they are not mined before it.
      return moved
    }
    return moved
  }

  /** Looks where everything is that was sent. True if something became mined, final or else. */
  async check(): Promise<boolean> {
    const sent = this.#lane.byNonce().filter(({ signed }) => signed.isPublic)
    const [lowest] = sent
    if (lowest === undefined) return false
    const { rpc, operator } = this.#chain.node
    const answers = await rpc.batch([
      { method: 'eth_blockNumber', params: [] },
      { method: 'eth_getTransactionCount', params: [operator.address, 'latest'] },
      ...sent.map(({ signed }) => ({
        method: 'eth_getTransactionReceipt',
        params: [signed.txHash],
      })),
    ])
    const failure = answers.find((answer) => answer instanceof Error)
    if (failure !== undefined) throw failure
    const [head, count] = [Number(answers[0]), Number(answers[1])]
    const receipts = answers.slice(2) as readonly (Receipt | null)[]
    const found = sent.map((entry, index) => ({ entry, receipt: receipts[index] ?? null }))
    const finished = found.filter((one): one is Finished => this.#isFinal(one.receipt, head))
    const [done, refused] = partition(finished, ({ receipt }) => receipt.status === '0x1')
    let moved = await this.#finish(done)
    for (const { entry, receipt } of found) {
      if (this.#isFinal(receipt, head)) continue
      if (await this.#follow(entry, receipt, head, count)) moved = true
      if (this.mustRecover) return true
    }
    // Only now it is known which of them ran before an item that they may need.
    for (const { entry, receipt } of refused) {
      await this.#onReverted(entry, receipt)
      moved = true
    }
    if (!moved && lowest.signed.nonce > count) await this.#onGap(count)
    return moved
  }

  /**
   * Drops the open batch if one of its chunks was refused: it would be in everyone's way. The item
   * is put at the end of the outbox and at the head of the lane.
   */
  async dropRefusedBatch(): Promise<void> {
    const open = await this.#chain.openBatch()
    if (open === undefined || open.applied > 0) return
    for (let index = 0; index < open.chunkCount; index += 1) {
      const stage = await this.#outbox.find(`${open.group}/stage/${index}`)
      if (stage?.status !== 'failed') continue
      const call = this.#chain.encodeAbandon(open.group, stage.position)
      const journalSequence = 0
      const queuedAt = this.#reports.now()
      await this.#outbox.enqueue([{ ...call, journalSequence, queuedAt }])
      const item = await this.#outbox.find(call.id)
      const isDone = item === undefined || item.status === 'final' || item.status === 'failed'
      if (!isDone) this.#lane.add(entryOf(item, false))
      return
    }
  }

  async #sign(entry: Entry, nonce: number, fees: Fees): Promise<void> {
    const gas = entry.gasOverride ?? gasLimitOf(entry.calldata)
    const { raw, txHash } = await signCall(this.#chain.node, entry, { nonce, gas, fees })
    await this.#update(entry, {
      status: 'signed',
      ...{ gas, nonce, raw, txHash, blockNumber: null, blockHash: null, gasUsed: null },
    })
    entry.signed = newlySigned({ nonce, raw, txHash, gas }, false)
    entry.status = 'signed'
  }

  #isFinal(receipt: Receipt | null, head: number): boolean {
    if (receipt === null) return false
    return head - Number(receipt.blockNumber) >= this.#chain.node.confirmations
  }

  async #finish(done: readonly Finished[]): Promise<boolean> {
    await Promise.all(
      done.map(({ entry, receipt }) =>
        this.#update(entry, {
          status: 'final',
          txHash: entry.signed.txHash,
          ...placeOf(receipt),
          finalAt: this.#reports.now(),
          error: null,
        }),
      ),
    )
    for (const { entry, receipt } of done) {
      const { txHash } = entry.signed
      this.#lane.remove(entry)
      this.#reports.final({ id: entry.id, txHash, ...placeOf(receipt), feeWei: feeOf(receipt) })
    }
    return done.length > 0
  }

  /** What is not final. True if it changed. */
  async #follow(
    entry: SignedEntry,
    receipt: Receipt | null,
    head: number,
    count: number,
  ): Promise<boolean> {
    if (receipt !== null) {
      if (entry.status === 'mined' && entry.blockHash === receipt.blockHash) return false
      await this.#update(entry, { status: 'mined', ...placeOf(receipt) })
      entry.status = 'mined'
      entry.blockHash = receipt.blockHash
      entry.isReverted = receipt.status !== '0x1'
      return true
    }
    if (entry.status === 'mined') {
      await this.#update(entry, { status: 'sent', ...nowhere })
      entry.status = 'sent'
      entry.signed.resendAtMs = 0
      return true
    }
    if (entry.signed.nonce < count) return this.#onNonceUsed(entry, head, count)
    if (entry.status === 'signed' && entry.signed.isTaken) {
      await this.#update(entry, { status: 'sent' })
      entry.status = 'sent'
    }
    if (entry.signed.nonce === count) await this.#onWaiting(entry)
    return false
  }

  /** Used by somebody else's transaction, or by our own call in other bytes. */
  async #onNonceUsed(entry: SignedEntry, head: number, count: number): Promise<boolean> {
    const { rpc, operator, confirmations } = this.#chain.node
    const { signed } = entry
    // The nonce may be newer knowledge than the receipt.
    const receipt = await rpc.call('eth_getTransactionReceipt', [signed.txHash])
    if (receipt !== null) return true
    const other = await findTransaction(rpc, operator.address, signed.nonce, head)
    if (other === undefined) {
      this.mustRecover = true
      return false
    }
    if (isSame(other.to, entry.toAddress) && isSame(other.calldata, entry.calldata)) {
      await this.#update(entry, { txHash: other.hash })
      signed.txHash = other.hash
      return true
    }
    // Before it is final, it may vanish and leave the nonce to our bytes again.
    if (head - other.blockNumber < confirmations) return false
    this.#queueAgain(entry, count)
    return true
  }

  /** Its bytes can never be mined. What nobody has seen yet keeps its place behind it. */
  #queueAgain(entry: Entry, count: number): void {
    for (const later of this.#lane.byNonce()) {
      if (later.signed.isPublic) continue
      this.#nextNonce = Math.min(this.#nextNonce, later.signed.nonce)
      unsign(later)
    }
    this.#lane.overtake(entry)
    this.#nextNonce = Math.max(this.#nextNonce, count)
    unsign(entry)
  }

  async #onReverted(entry: SignedEntry, receipt: Receipt): Promise<void> {
    const { gas, txHash } = entry.signed
    const ranOut = Number(receipt.gasUsed) >= gas && gas < transactionGasMax
    if (entry.isOvertaken || ranOut) {
      await this.#requeue(entry, ranOut ? transactionGasMax : undefined)
      return
    }
    const { rpc, operator } = this.#chain.node
    const reason = await revertReason(
      rpc,
      { from: operator.address, to: entry.toAddress, data: entry.calldata, gas },
      { hash: txHash, blockNumber: Number(receipt.blockNumber) },
    )
    if (isFirstStage(entry.id) && reason.startsWith('ClearingHouseClaimsWaiting(')) {
      await this.#payWaitingClaims()
      this.#lane.overtake(entry)
      await this.#requeue(entry)
      return
    }
    await this.#fail(entry, reason, { txHash, ...placeOf(receipt) })
    for (const dependent of this.#lane.dependentsOf(entry)) {
      await this.#fail(dependent, `${entry.id} failed`, {})
    }
    if (isStage(entry.id)) this.mustRecover = true
  }

  /** Signs it again, with the next nonce. */
  async #requeue(entry: Entry, gasOverride?: number): Promise<void> {
    await this.#update(entry, {
      status: 'queued',
      ...{ nonce: null, raw: null, txHash: null, gas: gasOverride ?? null, ...nowhere },
    })
    entry.isOvertaken = false
    entry.gasOverride = gasOverride
    unsign(entry)
  }

  /** Owners whose claim met an open batch are paid before the next one can be staged. */
  async #payWaitingClaims(): Promise<void> {
    for (const call of await this.#chain.waitingClaims()) {
      await this.#outbox.enqueue([{ ...call, journalSequence: 0, queuedAt: this.#reports.now() }])
      const item = await this.#outbox.find(call.id)
      const isDone = item === undefined || item.status === 'final' || item.status === 'failed'
      if (!isDone && !this.#lane.has(item.id)) this.#lane.add(entryOf(item, false))
    }
  }

  async #fail(entry: Entry, reason: string, changes: OutboxChanges): Promise<void> {
    await this.#update(entry, { ...changes, status: 'failed', error: reason })
    this.#lane.remove(entry)
    // Somebody else had the owner paid: anyone may.
    if (isClaim(entry.id) && reason.startsWith('ClearingHouseNoRequest(')) return
    this.#reports.alarm(new Fault('CHAIN_TRANSACTION_FAILED', { id: entry.id, reason }))
  }

  #onRefusal(entry: SignedEntry, reason: string): void {
    const { signed } = entry
    signed.refusals += 1
    if (signed.refusals < refusalsBeforeAlarm || signed.isAlarmed) return
    signed.isAlarmed = true
    this.#reports.alarm(new Fault('CHAIN_TRANSACTION_STUCK', { id: entry.id, reason }))
  }

  async #onWaiting(entry: SignedEntry): Promise<void> {
    const { signed } = entry
    if (performance.now() - signed.takenAtMs < this.#timing.stuckMs) return
    if (!signed.isAlarmed) {
      signed.isAlarmed = true
      const details = { id: entry.id, reason: 'not mined', nonce: signed.nonce }
      this.#reports.alarm(new Fault('CHAIN_TRANSACTION_STUCK', details))
    }
    if (this.#chain.node.embedded === undefined) await this.#raiseFee(entry)
  }

  /** The same call with the same nonce: whichever of the two is mined, it is once. */
  async #raiseFee(entry: SignedEntry): Promise<void> {
    const { signed } = entry
    if (signed.feeRaises >= feeRaisesMax) return
    const { nonce, gas, feeRaises, isAlarmed } = signed
    const fees = await outbid(signed.raw, this.#chain.node)
    const { raw, txHash } = await signCall(this.#chain.node, entry, { nonce, gas, fees })
    await this.#update(entry, { raw, txHash })
    entry.signed = {
      ...newlySigned({ nonce, gas, raw, txHash }, true),
      ...{ feeRaises: feeRaises + 1, isAlarmed },
    }
  }

  /**
   * The chain waits for a nonce that is not in the lane. If it belongs to an item, comparing brings
   * it back; else somebody else's transaction vanished, and one that does nothing takes its place.
   */
  async #onGap(nonce: number): Promise<void> {
    if (this.#gap?.nonce !== nonce) {
      this.#gap = { nonce, sinceMs: performance.now() }
      this.mustRecover = true
      return
    }
    const { node } = this.#chain
    const waitedMs = performance.now() - this.#gap.sinceMs
    if (this.#owned.has(nonce) || waitedMs < this.#timing.gapMs) return
    const { raw } = await signNothing(node, nonce)
    await submit(node.rpc, raw)
    this.#gap = { nonce, sinceMs: performance.now() }
  }

  #update(entry: Entry, changes: OutboxChanges): Promise<void> {
    return this.#outbox.update(entry.id, changes)
  }
}

const nowhere = { blockNumber: null, blockHash: null, gasUsed: null } as const

/** By the price that the block had: what was bid may be more. */
const feeOf = ({ gasUsed, effectiveGasPrice = '0x0' }: Receipt): bigint =>
  BigInt(gasUsed) * BigInt(effectiveGasPrice)

const placeOf = (receipt: Receipt) => ({
  blockNumber: Number(receipt.blockNumber),
  blockHash: receipt.blockHash,
  gasUsed: Number(receipt.gasUsed),
})

function unsign(entry: Entry): void {
  entry.signed = undefined
  entry.status = 'queued'
  entry.blockHash = null
  entry.isReverted = false
}

const partition = <Item>(
  items: readonly Item[],
  belongs: (item: Item) => boolean,
): readonly [readonly Item[], readonly Item[]] => [
  items.filter(belongs),
  items.filter((item) => !belongs(item)),
]
