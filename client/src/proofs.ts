import type { OrderPath, Receipt } from '@busbar/protocols/api'
import { type Domain, receiptDigest, recoverAddress } from '@busbar/protocols/eip712'
import type { VoidReason } from '@busbar/core/exchange'
import { sealedClearingLeaves, voidReasonLeaf } from '@busbar/protocols/commitments'
import { bytesToHex, type Hex, hexToBytes, isHex } from '@busbar/protocols/hash'
import { leafHash, merkleRoot, verifyInclusion as verifyMerkle } from '@busbar/protocols/merkle'
import { isInSet, openFill, type OpenedFill } from '@busbar/protocols/sealed-orders'
import { errorOfFailure } from './busbar-error.ts'
import type { KeptOrder } from './kept-order.ts'

/**
 * Whether the exchange signed this receipt, and for this order: then it must have the order in its
 * set, and whoever holds the receipt can prove on the chain that it has not.
 *
 * @param operator the address that signs receipts, from the chain (the operator of IntervalLog)
 * @param order the one that was sent: a receipt of another is worth nothing to its owner
 */
export function verifyReceipt(
  domain: Domain,
  operator: string,
  receipt: Receipt,
  order: Pick<KeptOrder, 'commitment' | 'zone' | 'interval'>,
): boolean {
  const { commitment, zone, interval } = receipt
  if (commitment !== order.commitment) return false
  if (zone !== order.zone || interval !== order.interval) return false
  if (!isHex(receipt.signature, 65) || !isHex(receipt.commitment, 32)) return false
  const signer = recoverAddress(receiptDigest(domain, receipt), hexToBytes(receipt.signature))
  return signer !== undefined && signer === operator.toLowerCase()
}

/** What stands on the chain of a fixed order set. */
export type FixedOrders = { readonly ordersRoot: string; readonly orderCount: number }

/** And of its clearing. */
export type ClearedOrders = FixedOrders & { readonly fillsRoot: string }

/** Whether the commitment is in the set. Anybody with a path can ask, and needs no server. */
export const verifyInclusion = (
  orders: FixedOrders,
  commitment: string,
  path: Pick<OrderPath, 'order'>,
): boolean =>
  path.order.position < orders.orderCount &&
  isInSet({ root: orders.ordersRoot, count: orders.orderCount }, commitment, path.order)

/**
 * Why one's own order was void, as the clearing on the chain says it. With it a dispute names the
 * reason: `disputeReason`.
 *
 * @param cleared from the chain; the price is null where it has none
 * @throws BusbarError proof_invalid where the path does not lead there, or no reason is shown
 */
export function voidReasonOf(
  cleared: {
    readonly fillsRoot: string
    readonly clearingRoot: string
    readonly price: bigint | null
    readonly energy: bigint
    readonly voidCount: number
  },
  order: Pick<KeptOrder, 'commitment' | 'zone' | 'interval'>,
  path: Pick<OrderPath, 'void'>,
): VoidReason {
  const shown = path.void
  if (shown === null) throw errorOfFailure('proof_invalid', 'no reason of a void is shown')
  const { reason, voidsRoot, index, count } = shown
  const leaf = voidReasonLeaf(order, order.commitment, reason)
  const siblings = shown.path.map((node) => hexToBytes(node, 32, 'path'))
  const { fillsRoot, price, energy } = cleared
  const leaves = sealedClearingLeaves(order, { price, energy }, { fillsRoot, voidsRoot })
  const isShown =
    count === cleared.voidCount &&
    bytesToHex(merkleRoot(leaves)) === cleared.clearingRoot &&
    verifyMerkle(hexToBytes(voidsRoot, 32, 'voidsRoot'), leaf, index, count, siblings)
  if (isShown) return reason
  throw errorOfFailure('proof_invalid', `the reason of ${order.commitment} is not on the chain`)
}

/** What a dispute of a void names: the leaf under the clearing root that says the reason. */
export const disputeReason = (
  order: Pick<KeptOrder, 'commitment' | 'zone' | 'interval'>,
  reason: VoidReason,
): Hex => bytesToHex(leafHash(voidReasonLeaf(order, order.commitment, reason)))

/**
 * What one's own order got by the clearing that stands on the chain, or that it was void. The leaf
 * of the order must have the order's own place in the tree of fills.
 *
 * @param cleared from the chain: what the server says of roots proves nothing
 * @throws BusbarError proof_invalid where the path does not lead there; Fault FILL_NOT_OF_ORDER
 * where the leaf is not one that this order can have
 */
export function openOwnFill(
  cleared: ClearedOrders,
  kept: KeptOrder,
  path: Omit<OrderPath, 'void'>,
): OpenedFill {
  const { fill, order } = path
  if (!verifyInclusion(cleared, kept.commitment, path)) {
    throw errorOfFailure('proof_invalid', `${kept.commitment} is not shown to be in the set`)
  }
  const set = { root: cleared.fillsRoot, count: cleared.orderCount }
  if (fill === null || fill.position !== order.position || !isInSet(set, fill.leaf, fill)) {
    throw errorOfFailure('proof_invalid', `the fill of ${kept.commitment} is not shown`)
  }
  return openFill(kept.opening, kept.context, fill.leaf)
}
