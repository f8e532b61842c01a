import { type IntervalRecord, recordOf, rulebookFor, type State } from '@busbar/core/exchange'
import { WattHours } from '@busbar/core/units'
import { bytesToHex } from '@busbar/protocols/hash'
import { MerkleTree } from '@busbar/protocols/merkle'
import { isSealedBook, ordersRoot, voidReasonLeaves } from '../commitments.ts'
import { contextFor, type SealedPlace } from '../engines.ts'
import { commitmentsOf } from '../opening/journalled-openings.ts'
import type { AuditOpeningsView, SealedOrderProofView } from '../ports/exchange-views.ts'
import type { SealedClearings } from '../sealed-clearings.ts'

/** Where a sealed order stands in its fixed set, and what leaf its fill has. */
export async function sealedOrderProof(
  state: State,
  place: SealedPlace,
  where: { readonly zone: number; readonly interval: number; readonly commitment: string },
  clearings: SealedClearings,
): Promise<SealedOrderProofView | undefined> {
  const { zone, interval, commitment } = where
  const record = recordOf(state, zone, interval)
  const order = record?.sealed.get(commitment)
  if (record === undefined || order === undefined || record.status === 'open') return undefined
  const position = commitmentsOf(record).indexOf(commitment)
  return {
    ...{ owner: order.account, zone, interval, commitment },
    context: contextFor(place, { zone, interval, rulebook: rulebookFor(state, interval) }),
    ordersRoot: ordersRoot(state, record),
    orderPath: clearings.ordersTree(record).path(position),
    fill: await fillOf(state, record, position, clearings),
    voided: await voidOf(state, record, commitment, clearings),
  }
}

/** Why the order is void, as the chain has it. */
async function voidOf(
  state: State,
  record: IntervalRecord,
  commitment: string,
  clearings: SealedClearings,
): Promise<SealedOrderProofView['voided']> {
  const reason = record.voids.get(commitment)
  if (record.openedSequence < 0 || reason === undefined) return null
  const { voidsRoot } = await clearings.of(state, record)
  const leaves = voidReasonLeaves(record)
  const index = leaves.findIndex((leaf) => leaf.commitment === commitment)
  const tree = new MerkleTree(leaves.map(({ leaf }) => leaf))
  const path = tree.proof(index).map((node) => bytesToHex(node))
  return { reason, voidsRoot, index, count: leaves.length, path }
}

async function fillOf(
  state: State,
  record: IntervalRecord,
  position: number,
  clearings: SealedClearings,
): Promise<SealedOrderProofView['fill']> {
  if (record.openedSequence < 0) return null
  const clearing = await clearings.of(state, record)
  const leaf = clearing.fillLeaves[position]
  if (leaf === undefined) return null
  const path = clearings.fillsTree(clearing).path(position)
  return { fillsRoot: clearing.statement.fillsRoot, leaf, path }
}

/** Everything that was opened in an interval; undefined where nothing was. */
export async function auditOpenings(
  state: State,
  place: SealedPlace,
  zone: number,
  interval: number,
  clearings: SealedClearings,
): Promise<AuditOpeningsView | undefined> {
  const record = recordOf(state, zone, interval)
  if (record === undefined || record.openedSequence < 0) return undefined
  if (!isSealedBook(state, { zone, interval })) return undefined
  const { openings, evidence } = await clearings.opened(record)
  return {
    ...{ zone, interval, evidence },
    grounds: await clearings.grounds(state, record, openings),
    context: contextFor(place, { zone, interval, rulebook: rulebookFor(state, interval) }),
    orders: commitmentsOf(record).map((commitment) => ({
      commitment,
      account: record.sealed.get(commitment)?.account ?? -1,
      opening: openings.get(commitment) ?? null,
      void: record.voids.get(commitment) ?? null,
      filled: record.fills.get(commitment) ?? WattHours.zero,
    })),
  }
}
