import { createHash, randomBytes } from 'node:crypto'
import type { KeptOrder } from '@busbar/client'
import type { Order } from '@busbar/core/clearing'
import type { Batch } from '@busbar/proofs'
import {
  blindOf,
  commitmentOf,
  contextOf,
  fieldToHex,
  type Opening,
  wordOf,
} from '@busbar/protocols/sealed-orders'

/** Of no chain and no rules: what is proven offline counts nowhere else. */
export const offlineContext: string = contextOf({
  chainId: 0,
  intervalLog: `0x${'0'.repeat(40)}`,
  zone: 0,
  interval: 0,
  rulebookHash: `0x${'0'.repeat(64)}`,
})

export type OfflineBatch = {
  readonly batch: Batch
  /** By ascending commitment, as the batch; the ids are those of the file. */
  readonly kept: readonly KeptOrder[]
}

/** A salt for the order of this id. */
export type SaltOf = (id: string) => string

export const randomSalts: SaltOf = () => `0x${randomBytes(32).toString('hex')}`

/** One file and seed give the same commitments. Whoever knows the seed can guess the orders. */
export const seededSalts =
  (seed: string): SaltOf =>
  (id) =>
    `0x${createHash('sha256')
      .update(JSON.stringify(['busbar prove', seed, id]))
      .digest('hex')}`

/**
 * The orders of a file as a fixed set, each committed to as if a trader of its own had sent it.
 *
 * @throws Fault OPENING_INVALID for an energy or a limit that a sealed order cannot have
 */
export function offlineBatch(orders: readonly Order[], saltOf: SaltOf): OfflineBatch {
  const kept = orders.map(({ id, side, energy, limit }, index): KeptOrder => {
    const opening: Opening = {
      account: index + 1,
      meter: index + 1,
      side,
      energyWh: Number(energy),
      limitMicrosPerKwh: Number(limit),
      salt: saltOf(id),
    }
    const commitment = commitmentOf(offlineContext, opening)
    return { id, zone: 0, interval: 0, context: offlineContext, commitment, opening }
  })
  const ascending = kept.toSorted((a, b) => (a.commitment < b.commitment ? -1 : 1))
  const committed = ascending.map(({ commitment, opening }) => ({
    commitment,
    word: fieldToHex(wordOf(opening)),
    blind: fieldToHex(blindOf(opening)),
  }))
  return { batch: { context: offlineContext, orders: committed }, kept: ascending }
}
