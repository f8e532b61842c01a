import { assert } from '@busbar/core/errors'
import {
  bilateralZone,
  type IntervalRecord,
  orderDigests,
  rulebookFor,
  type State,
} from '@busbar/core/exchange'
import type { Run } from '@busbar/core/settlement'
import {
  clearingLeaf,
  energyLeaf,
  fillLeaf,
  leafSalt,
  orderLeaf,
  postingLeaf,
  voidReasonLeaf,
} from '@busbar/protocols/commitments'
import { bytesToHex, type Hex, hexToBytes } from '@busbar/protocols/hash'
import { merkleRoot } from '@busbar/protocols/merkle'
import { setRoot } from '@busbar/protocols/sealed-orders'
import { TradedEnergyTree } from '@busbar/protocols/traded-energy'

/*
 * The leaves behind the roots that go on chain. The same functions make the roots when an interval
 * is committed and the paths when somebody asks for a proof.
 */

export const rootOf = (leaves: readonly Uint8Array[]): Hex => bytesToHex(merkleRoot(leaves))

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

/** Which orders of a sealed book are void, and why, by ascending commitment. */
export const voidReasonLeaves = (
  record: IntervalRecord,
): readonly { readonly commitment: string; readonly leaf: Uint8Array }[] =>
  [...record.voids]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([commitment, reason]) => {
      const leaf = voidReasonLeaf(record, commitment, reason)
      return { commitment, leaf }
    })

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

/** The market's, which blinds the leaves; null where it hides nothing. */
export const saltOf = ({ salt }: State): Uint8Array | null =>
  salt === null ? null : hexToBytes(salt, 32, 'salt')

export type RunRoots = { readonly readingsRoot: Hex; readonly postingsRoot: Hex }

/** What is fixed, cleared or posted never changes again, so its roots are worked out once. */
const ordersRootsKnown = new WeakMap<IntervalRecord, Hex>()
const clearingRootsKnown = new WeakMap<IntervalRecord, Hex>()
const runRootsKnown = new WeakMap<Run, RunRoots>()

type Where = { readonly zone: number; readonly interval: number }

/**
 * Whether orders of the interval are sealed: then Poseidon2 is hashed with, else keccak. Contracts
 * between named parties are known to the exchange whatever the auction's book is.
 */
export const isSealedBook = (state: State, { zone, interval }: Where): boolean =>
  zone !== bilateralZone && rulebookFor(state, interval).orderBook !== 'open'

/** The root of the order set, which the chain has from the gate on. */
export function ordersRoot(state: State, record: IntervalRecord): Hex {
  assert(record.status !== 'open', 'the order set is fixed')
  const known = ordersRootsKnown.get(record)
  if (known !== undefined) return known
  const root = isSealedBook(state, record)
    ? setRoot(orderDigests(record))
    : rootOf(orderLeaves(record))
  ordersRootsKnown.set(record, root)
  return root
}

/** The root of an open book's clearing; see `sealedClearing` for the others. */
export function openClearingRoot(record: IntervalRecord): Hex {
  assert(record.openedSequence >= 0, 'the interval is cleared')
  const known = clearingRootsKnown.get(record)
  if (known !== undefined) return known
  const root = rootOf(clearingLeaves(record))
  clearingRootsKnown.set(record, root)
  return root
}

/** Of an open book, whose fills are under its clearing root. */
export const noFillsRoot: Hex = `0x${'0'.repeat(64)}`

/**
 * What a run of trades puts on chain in the place of readings: which meters have traded how much,
 * so that each can be shown to have traded or not. The zones' runs commit to the readings.
 */
export const tradedEnergyTree = (
  state: State,
  { zone, interval }: IntervalRecord,
  { run, traded }: Run,
): TradedEnergyTree =>
  new TradedEnergyTree(
    { zone, interval, run },
    saltOf(state),
    traded.map(({ meter, sold, bought }) => ({ meter, soldWh: sold, boughtWh: bought })),
  )

/** The two roots that a run puts on chain. */
export function runRoots(state: State, record: IntervalRecord, run: Run): RunRoots {
  const known = runRootsKnown.get(run)
  if (known !== undefined) return known
  const readingsRoot =
    record.zone === bilateralZone
      ? tradedEnergyTree(state, record, run).root
      : rootOf(energyLeaves(state, record, run))
  const postingsRoot = rootOf(postingLeaves(state, record, run).map(({ leaf }) => leaf))
  const roots = { readingsRoot, postingsRoot }
  runRootsKnown.set(run, roots)
  return roots
}
