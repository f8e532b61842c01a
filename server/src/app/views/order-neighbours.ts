import { recordOf, rulebookFor, type State } from '@busbar/core/exchange'
import { type Domain, receiptDigest, recoverAddress } from '@busbar/protocols/eip712'
import { hexToBytes, isHex } from '@busbar/protocols/hash'
import { rulebookHash } from '@busbar/protocols/commitments'
import { isSealedBook, ordersRoot } from '../commitments.ts'
import { commitmentsOf } from '../opening/journalled-openings.ts'
import type { OrderNeighboursView } from '../ports/exchange-views.ts'
import type { SealedClearings } from '../sealed-clearings.ts'

type Place = { readonly zone: number; readonly interval: number; readonly commitment: string }

/** Whether the exchange gave this receipt. */
export function isSignedBy(
  operator: string,
  domain: Domain,
  receipt: Place & { readonly sequence: number; readonly signature: string },
): boolean {
  if (!isHex(receipt.signature, 65) || !isHex(receipt.commitment, 32)) return false
  const signer = recoverAddress(receiptDigest(domain, receipt), hexToBytes(receipt.signature))
  return signer !== undefined && signer === operator.toLowerCase()
}

/** Where an order stands in its fixed set, or between which two it would. */
export function orderNeighbours(
  state: State,
  { zone, interval, commitment }: Place,
  clearings: Pick<SealedClearings, 'ordersTree'>,
): OrderNeighboursView | undefined {
  const record = recordOf(state, zone, interval)
  if (record === undefined || record.status === 'open') return undefined
  if (!isSealedBook(state, record)) return undefined
  const commitments = commitmentsOf(record)
  const own = commitments.indexOf(commitment)
  const tree = clearings.ordersTree(record)
  const positions = own < 0 ? aroundOf(commitments, commitment) : [own]
  return {
    ordersRoot: ordersRoot(state, record),
    orderCount: record.orderCount,
    rulebookHash: rulebookHash(rulebookFor(state, interval)),
    isIncluded: own >= 0,
    places: positions.map((position) => ({
      commitment: commitments[position] ?? '',
      path: tree.path(position),
    })),
  }
}

/** The positions that a commitment which is not there would come between. */
function aroundOf(commitments: readonly string[], commitment: string): readonly number[] {
  const above = commitments.findIndex((one) => one > commitment)
  const upper = above < 0 ? commitments.length : above
  return [upper - 1, upper].filter((position) => position >= 0 && position < commitments.length)
}
