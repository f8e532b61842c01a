import { Fault } from '@busbar/core/errors'
import { writePlace, type Place, placeLength } from '../commitments/index.ts'
import { keccak256, writeUint32 } from '../hash/index.ts'
import { MerkleTree, rootOfRun } from '../merkle/index.ts'

/*
 * A tree that shows what is in it and what is not. Its leaves ascend by key, and the lowest and the
 * highest key there are stand at its ends, so that every other key has its place between two
 * neighbours:
 *
 *   00…00   2a…   7f…   c1…   ff…ff        absent 80… : 7f… and c1… are neighbours
 *
 *   leaf = place ‖ key ‖ value             root = keccak(0x02 ‖ place ‖ count ‖ Merkle root)
 *
 * Place is zone and interval: no proof of one interval is one of another. The count is in the root
 * because it gives a path its shape; the prefix keeps the root from passing as a node.
 */
const rootPrefix = 0x02
const hashLength = 32
const countMax = 0xffff_ffff

/** What stands under a key: both 32 bytes. */
export type SortedLeaf = { readonly key: Uint8Array; readonly value: Uint8Array }

/** Leaves in a row: one shows that its key is there, two neighbours that none is between. */
export type KeyProof = {
  /** Where the first of them stands, the end of the tree being 0. */
  readonly position: number
  /** Of all leaves, both ends among them. */
  readonly count: number
  readonly leaves: readonly SortedLeaf[]
  readonly path: readonly Uint8Array[]
}

const nothing = new Uint8Array(hashLength)
const lowest: SortedLeaf = { key: nothing, value: nothing }
const highest: SortedLeaf = { key: new Uint8Array(hashLength).fill(0xff), value: nothing }

export class SortedTree {
  readonly root: Uint8Array
  /** Of all leaves, both ends among them. */
  readonly count: number
  readonly #leaves: readonly SortedLeaf[]
  readonly #tree: MerkleTree

  /**
   * @param leaves in any order
   * @throws Fault TRADED_ENERGY_INVALID for a key twice, the key of an end, or a wrong length
   */
  constructor(place: Place, leaves: readonly SortedLeaf[]) {
    if (!leaves.every(isSized)) {
      throw new Fault('TRADED_ENERGY_INVALID', { field: 'key', limit: '32 bytes' })
    }
    this.#leaves = [lowest, ...ascending(leaves), highest]
    for (let i = 1; i < this.#leaves.length; i += 1) {
      const [before, leaf] = [this.#leaves[i - 1], this.#leaves[i]]
      if (before === undefined || leaf === undefined || compare(before.key, leaf.key) >= 0) {
        throw new Fault('TRADED_ENERGY_INVALID', { field: 'key', limit: 'each once' })
      }
    }
    const start = placeBytes(place)
    this.#tree = new MerkleTree(this.#leaves.map((leaf) => leafBytes(start, leaf)))
    this.count = this.#tree.count
    this.root = rootOf(place, this.count, this.#tree.root)
  }

  /** Shows the leaf of `key`, or the two neighbours between which it would stand. */
  prove(key: Uint8Array): KeyProof {
    const above = this.#firstAbove(key)
    const at = this.#leaves[above - 1]
    const isPresent = at !== undefined && compare(at.key, key) === 0
    const length = isPresent ? 1 : 2
    const position = above - 1
    return {
      position,
      count: this.count,
      leaves: this.#leaves.slice(position, position + length),
      path: this.#tree.runProof(position, length),
    }
  }

  /** The position of the first leaf with a key above `key`. */
  #firstAbove(key: Uint8Array): number {
    if (!isInside(key)) {
      throw new Fault('TRADED_ENERGY_INVALID', { field: 'key', limit: 'between the ends' })
    }
    let low = 0
    let high = this.count - 1
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (compare((this.#leaves[middle] as SortedLeaf).key, key) <= 0) low = middle
      else high = middle
    }
    return high
  }
}

/** What a proof shows of a key, and under which root. */
export type KeyFinding =
  | { readonly kind: 'present'; readonly root: Uint8Array; readonly value: Uint8Array }
  | { readonly kind: 'absent'; readonly root: Uint8Array }

/**
 * What `proof` shows of `key`, if the root is the one that the chain has; undefined for a proof
 * that shows nothing of this key. The proof may come from anybody.
 *
 * It shows the truth of every tree that `SortedTree` makes. Of a tree that somebody else made, with
 * a key twice or out of order, two findings may contradict each other: see `equivocation`.
 */
export function findingOf(place: Place, key: Uint8Array, proof: KeyProof): KeyFinding | undefined {
  const { position, count, leaves, path } = proof
  const [first, second] = leaves
  if (first === undefined || !isInside(key) || count > countMax) return undefined
  if (!leaves.every(isSized)) return undefined
  const fromLeft = compare(first.key, key)
  const fits = second === undefined
    ? fromLeft === 0
    : fromLeft < 0 && compare(key, second.key) < 0
  if (!fits) return undefined
  const start = placeBytes(place)
  const bytes = leaves.map((leaf) => leafBytes(start, leaf))
  const top = rootOfRun(bytes, position, count, path)
  if (top === undefined) return undefined
  const root = rootOf(place, count, top)
  return second === undefined
    ? { kind: 'present', root, value: first.value }
    : { kind: 'absent', root }
}

/** Whether a key is one that a leaf can have: 32 bytes, and not those of an end. */
const isInside = (key: Uint8Array): boolean =>
  key.length === hashLength && compare(lowest.key, key) < 0 && compare(key, highest.key) < 0

const isSized = ({ key, value }: SortedLeaf): boolean =>
  key.length === hashLength && value.length === hashLength

function placeBytes(place: Place): Uint8Array {
  const bytes = new Uint8Array(placeLength)
  writePlace(new DataView(bytes.buffer), 0, place)
  return bytes
}

function leafBytes(start: Uint8Array, { key, value }: SortedLeaf): Uint8Array {
  const bytes = new Uint8Array(placeLength + 2 * hashLength)
  bytes.set(start)
  bytes.set(key, placeLength)
  bytes.set(value, placeLength + hashLength)
  return bytes
}

function rootOf(place: Place, count: number, top: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + placeLength + 4 + hashLength)
  const view = new DataView(bytes.buffer)
  bytes[0] = rootPrefix
  writePlace(view, 1, place)
  writeUint32(view, 1 + placeLength, count, 'count')
  bytes.set(top, 1 + placeLength + 4)
  return keccak256(bytes)
}

/** By key. Almost always the first six bytes decide, which fit into a number. */
function ascending(leaves: readonly SortedLeaf[]): readonly SortedLeaf[] {
  const heads = leaves.map((leaf) => ({ leaf, head: headOf(leaf.key) }))
  heads.sort((a, b) => a.head - b.head || compare(a.leaf.key, b.leaf.key))
  return heads.map(({ leaf }) => leaf)
}

function headOf(key: Uint8Array): number {
  let head = 0
  for (let i = 0; i < 6; i += 1) head = head * 256 + (key[i] as number)
  return head
}

/** As numbers, for two of the same length. */
function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i += 1) {
    const difference = (a[i] as number) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
