import { bilateralZone, orderDigests, recordOf, type State } from '@busbar/core/exchange'
import { orderLeaf } from '@busbar/protocols/commitments'
import { bytesToHex } from '@busbar/protocols/hash'
import { leafHash, MerkleTree } from '@busbar/protocols/merkle'
import { energyLeaves, orderLeaves, postingLeaves } from '../commitments.ts'
import type { InclusionProofView } from '../ports/exchange-views.ts'
import type { Outbox } from '../ports/outbox.ts'
import type { ContractProofView } from '../ports/trading-views.ts'
import { commitmentOf, committedIn, fixedIn, runTransactions } from './transactions.ts'

/** That an order is in the set that was fixed at the gate. */
export async function orderProof(
  state: State,
  zone: number,
  interval: number,
  digest: string,
  outbox: Outbox,
): Promise<InclusionProofView | undefined> {
  const record = recordOf(state, zone, interval)
  if (record === undefined || record.status === 'open') return undefined
  const index = orderDigests(record).indexOf(digest)
  const order = [...record.orders.values()].flat().find((candidate) => candidate.digest === digest)
  if (index < 0 || order === undefined) return undefined
  const commitment = await commitmentOf(outbox, record)
  return inclusion(order.account, orderLeaves(record), index, commitment?.txHash ?? null)
}

/** That a run posted to an account exactly the lines that the leaf holds. */
export async function postingProof(
  state: State,
  zone: number,
  interval: number,
  account: number,
  number: number | undefined,
  outbox: Outbox,
): Promise<InclusionProofView | undefined> {
  const record = recordOf(state, zone, interval)
  const run =
    number === undefined
      ? record?.runs.findLast(({ items }) => items.some((item) => item.account === account))
      : record?.runs[number]
  if (record === undefined || run === undefined) return undefined
  const leaves = postingLeaves(state, record, run)
  const index = leaves.findIndex((leaf) => leaf.account === account)
  if (index < 0) return undefined
  const transactions = await runTransactions(outbox, record, run)
  return inclusion(account, leaves.map(({ leaf }) => leaf), index, committedIn(transactions))
}

/** That a run was computed from exactly this energy of a meter. */
export async function readingProof(
  state: State,
  zone: number,
  interval: number,
  meter: number,
  number: number | undefined,
  outbox: Outbox,
): Promise<InclusionProofView | undefined> {
  const record = recordOf(state, zone, interval)
  const run = number === undefined ? record?.runs.at(-1) : record?.runs[number]
  const owner = state.meters[meter]?.account
  if (record === undefined || run === undefined || owner === undefined) return undefined
  const index = run.metered.findIndex((energy) => energy.meter === meter)
  if (index < 0) return undefined
  const transactions = await runTransactions(outbox, record, run)
  return inclusion(owner, energyLeaves(state, record, run), index, committedIn(transactions))
}

/** That a recorded contract is in the set that one gate fixed; undefined before that gate. */
export async function contractProof(
  state: State,
  digest: string,
  outbox: Outbox,
): Promise<ContractProofView['proof']> {
  const interval = state.trading.contractGates.get(digest)
  const set = state.trading.contractSets.get(interval ?? -1)
  if (interval === undefined || set === undefined) return null
  const place = { zone: bilateralZone, interval }
  const leaves = set.digests.map((one) => orderLeaf(place, one))
  const fixed = await fixedIn(outbox, set.sequence, place)
  const proof = inclusion(-1, leaves, set.digests.indexOf(digest), fixed?.txHash ?? null)
  return proof === undefined ? null : { interval, inclusion: proof }
}

function inclusion(
  owner: number,
  leaves: readonly Uint8Array[],
  index: number,
  txHash: string | null,
): InclusionProofView | undefined {
  const data = leaves[index]
  if (data === undefined) return undefined
  const tree = new MerkleTree(leaves)
  return {
    owner,
    root: bytesToHex(tree.root),
    leaf: bytesToHex(leafHash(data)),
    data: bytesToHex(data),
    index,
    count: leaves.length,
    path: tree.proof(index).map((node) => bytesToHex(node)),
    committedIn: txHash,
  }
}
