import { canonicalJson } from '@busbar/core/encoding'
import { assert } from '@busbar/core/errors'
import { type IntervalRecord, orderDigests, type State } from '@busbar/core/exchange'
import type { Run } from '@busbar/core/settlement'
import {
  clearingLeaf,
  energyLeaf,
  fillLeaf,
  leafSalt,
  orderLeaf,
  postingLeaf,
} from '@busbar/protocols/commitments'
import { bytesToHex, type Hex, hexToBytes, keccak256, textToBytes } from '@busbar/protocols/hash'
import { merkleRoot } from '@busbar/protocols/merkle'

/*
 * The leaves behind the roots that go on chain. The same functions make the roots when an interval
 * is committed and the paths when somebody asks for a proof.
 */

export const rootOf = (leaves: readonly Uint8Array[]): Hex => bytesToHex(merkleRoot(leaves))

/** What names a rulebook in every batch: the hash of its canonical text. */
export const rulebookHash = (rulebook: unknown): Hex =>
  bytesToHex(keccak256(textToBytes(canonicalJson(rulebook))))

/** The order set, by ascending digest. */
export const orderLeaves = (record: IntervalRecord): readonly Uint8Array[] =>
  orderDigests(record).map((digest) => orderLeaf(record, digest))

/** Price and energy, then the fills by ascending digest. */
export function clearingLeaves(record: IntervalRecord): readonly Uint8Array[] {
  const fills = [...record.fills].sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    clearingLeaf(record, record),
    ...fills.map(([digest, energy]) => fillLeaf(record, digest, energy)),
  ]
}

/** What a run was computed from, by ascending meter. */
export function energyLeaves(
  state: State,
  record: IntervalRecord,
  run: Run,
): readonly Uint8Array[] {
  const salt = saltOf(state)
  return run.metered.map((energy) => {
    const blind = leafSalt(salt, 'energy', record, [run.run, energy.meter])
    return energyLeaf(record, blind, energy)
  })
}

/** What a run posted, one leaf an account, ascending: also accounts whose lines cancel out. */
export function postingLeaves(
  state: State,
  record: IntervalRecord,
  run: Run,
): readonly { readonly account: number; readonly leaf: Uint8Array }[] {
  const salt = saltOf(state)
  const lines = new Map<number, Run['items'][number][]>()
  for (const item of run.items) {
    const own = lines.get(item.account)
    if (own === undefined) lines.set(item.account, [item])
    else own.push(item)
  }
  return [...lines]
    .sort(([a], [b]) => a - b)
    .map(([account, items]) => {
      const amount = items.reduce((sum, item) => sum + item.amount, 0n)
      const posting = { run: run.run, account, amount, lines: items }
      const blind = leafSalt(salt, 'posting', record, [run.run, account])
      return { account, leaf: postingLeaf(record, blind, posting) }
    })
}

const saltOf = ({ salt }: State): Uint8Array | null =>
  salt === null ? null : hexToBytes(salt, 32, 'salt')

export type ClearingRoots = { readonly ordersRoot: Hex; readonly clearingRoot: Hex }
export type RunRoots = { readonly readingsRoot: Hex; readonly postingsRoot: Hex }

/** What is cleared or posted never changes again, so its roots are worked out once. */
const clearingRootsKnown = new WeakMap<IntervalRecord, ClearingRoots>()
const runRootsKnown = new WeakMap<Run, RunRoots>()

/** The two roots that a cleared interval puts on chain. */
export function clearingRoots(record: IntervalRecord): ClearingRoots {
  assert(record.status !== 'open', 'the order set is fixed')
  const known = clearingRootsKnown.get(record)
  if (known !== undefined) return known
  const ordersRoot = rootOf(orderLeaves(record))
  const clearingRoot = rootOf(clearingLeaves(record))
  const roots = { ordersRoot, clearingRoot }
  clearingRootsKnown.set(record, roots)
  return roots
}

/** The two roots that a run puts on chain. */
export function runRoots(state: State, record: IntervalRecord, run: Run): RunRoots {
  const known = runRootsKnown.get(run)
  if (known !== undefined) return known
  const readingsRoot = rootOf(energyLeaves(state, record, run))
  const postingsRoot = rootOf(postingLeaves(state, record, run).map(({ leaf }) => leaf))
  const roots = { readingsRoot, postingsRoot }
  runRootsKnown.set(run, roots)
  return roots
}
