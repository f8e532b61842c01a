/** The unfinished items that the sender works on, in their order. */
import { assert } from '@busbar/core/errors'
import type { OutboxItem } from '../../app/ports/outbox.ts'
import { groupOf, isAbandon, isApply, isStage, isWaitingClaim } from './encode.ts'

export type Entry = {
  readonly id: string
  readonly position: number
  readonly toAddress: string
  readonly calldata: string
  signed: Signed | undefined
  /** Of the next signing, where the usual limit was not enough. */
  gasOverride: number | undefined
  status: 'queued' | 'signed' | 'sent' | 'mined'
  blockHash: string | null
  /** Mined with a refusal that is not final yet. */
  isReverted: boolean
  /** It has a lower nonce than an item before it, so it may have run before that one. */
  isOvertaken: boolean
}

export type Signed = {
  readonly nonce: number
  readonly raw: string
  readonly gas: number
  /** Of these bytes, or of other bytes with the same call that used the nonce. */
  txHash: string
  /** False only when no node can have the bytes. */
  isPublic: boolean
  /** Whether a node took the bytes since the last recovery. */
  isTaken: boolean
  /** `performance.now()` of the first time, or infinity. */
  takenAtMs: number
  /** When to send again. */
  resendAtMs: number
  resendPauseMs: number
  refusals: number
  feeRaises: number
  isAlarmed: boolean
}

export type SignedEntry = Entry & { signed: Signed }

export const isSignedEntry = (entry: Entry): entry is SignedEntry => entry.signed !== undefined

export function entryOf(item: OutboxItem, isOvertaken: boolean): Entry {
  const { id, position, toAddress, calldata, nonce, raw, txHash, gas } = item
  const isSigned = raw !== null && nonce !== null && txHash !== null && gas !== null
  assert(item.status !== 'final' && item.status !== 'failed', 'the lane takes unfinished items')
  return {
    id,
    position,
    toAddress,
    calldata,
    signed: isSigned ? newlySigned({ nonce, raw, txHash, gas }, true) : undefined,
    gasOverride: isSigned ? undefined : (gas ?? undefined),
    status: isSigned ? item.status : 'queued',
    blockHash: item.blockHash,
    isReverted: false,
    isOvertaken,
  }
}

export const newlySigned = (
  bytes: Pick<Signed, 'nonce' | 'raw' | 'txHash' | 'gas'>,
  isPublic: boolean,
): Signed => ({
  ...bytes,
  isPublic,
  isTaken: false,
  takenAtMs: Number.POSITIVE_INFINITY,
  resendAtMs: 0,
  resendPauseMs: 250,
  refusals: 0,
  feeRaises: 0,
  isAlarmed: false,
})

export class Lane {
  readonly #entries = new Map<string, Entry>()

  get size(): number {
    return this.#entries.size
  }

  has = (id: string): boolean => this.#entries.has(id)

  add(entry: Entry): void {
    this.#entries.set(entry.id, entry)
  }

  remove(entry: Entry): void {
    this.#entries.delete(entry.id)
  }

  clear(): void {
    this.#entries.clear()
  }

  /** An open batch blocks what is behind it, a waiting claim the next: so these come first. */
  inOrder(): readonly Entry[] {
    const rank = ({ id }: Entry): number => (isAbandon(id) || isWaitingClaim(id) ? 0 : 1)
    return [...this.#entries.values()].sort(
      (a, b) => rank(a) - rank(b) || a.position - b.position,
    )
  }

  byNonce(): readonly SignedEntry[] {
    return [...this.#entries.values()]
      .filter(isSignedEntry)
      .sort((a, b) => a.signed.nonce - b.signed.nonce)
  }

  /** What was sent behind `entry` runs before it, and may be refused only because of that. */
  overtake({ position }: Entry): void {
    for (const later of this.byNonce()) {
      if (later.position > position) later.isOvertaken = true
    }
  }

  /**
   * What may be signed now, at most `limit`. Chunks are applied only when all of them are staged:
   * if one is refused, the batch is dropped before anything else runs into it.
   */
  signable(limit: number): readonly Entry[] {
    const ready: Entry[] = []
    for (const entry of this.inOrder()) {
      if (entry.signed !== undefined) continue
      if (isApply(entry.id) && this.#isStaging(groupOf(entry.id))) break
      if (ready.length >= limit) break
      ready.push(entry)
    }
    return ready
  }

  /** Items of the same batch that have not been sent to anyone. */
  dependentsOf({ id, position }: Entry): readonly Entry[] {
    const group = groupOf(id)
    return this.inOrder().filter(
      (entry) =>
        entry.position > position && entry.signed === undefined && groupOf(entry.id) === group,
    )
  }

  #isStaging(group: string): boolean {
    return [...this.#entries.values()].some(
      (entry) =>
        isStage(entry.id) &&
        groupOf(entry.id) === group &&
        (entry.status !== 'mined' || entry.isReverted),
    )
  }
}
