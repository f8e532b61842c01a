import { Fault } from '@busbar/core/errors'
import { keccak256 } from '../hash/index.ts'

/*
 * The Merkle tree of RFC 6962 (Certificate Transparency), section 2.1, with Keccak-256:
 *
 *   leaf = keccak(0x00 ‖ data)    node = keccak(0x01 ‖ left ‖ right)    no leaves = keccak("")
 *
 * The prefixes keep a node from passing as a leaf. An odd node at the end of a level moves up as it
 * is; that is the RFC's "split at the largest power of two below n", seen from below.
 *
 *        root            five leaves: a b | c d are full pairs, e moves up twice
 *       /    \
 *      ab–cd   e
 *     /   \
 *    ab    cd
 */
const leafPrefix = 0x00
const nodePrefix = 0x01

const nodeBytes = new Uint8Array(1 + 32 + 32)
nodeBytes[0] = nodePrefix

/** For leaves of the length seen last, so that hashing a leaf allocates nothing but its hash. */
let leafBytes = new Uint8Array(1)

/** The hash that stands for `data` in the tree. */
export function leafHash(data: Uint8Array): Uint8Array {
  if (leafBytes.length !== 1 + data.length) leafBytes = new Uint8Array(1 + data.length)
  leafBytes[0] = leafPrefix
  leafBytes.set(data, 1)
  return keccak256(leafBytes)
}

/** The hash over two hashes of 32 bytes. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  nodeBytes.set(left, 1)
  nodeBytes.set(right, 33)
  return keccak256(nodeBytes)
}

/**
 * The root over `leaves` (their data, not their hashes), without keeping the tree: of what is done,
 * only the full subtrees that wait for a right neighbour, one for each bit of the count.
 */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const waiting: Uint8Array[] = []
  for (let i = 0; i < leaves.length; i += 1) {
    let hash = leafHash(leaves[i] as Uint8Array)
    // Leaf i closes as many subtrees as the binary form of i has ones at its end.
    for (let rest = i; rest % 2 === 1; rest = (rest - 1) / 2) {
      hash = nodeHash(waiting.pop() as Uint8Array, hash)
    }
    waiting.push(hash)
  }
  let root = waiting.pop() ?? keccak256(new Uint8Array(0))
  while (waiting.length > 0) root = nodeHash(waiting.pop() as Uint8Array, root)
  return root
}

/** A tree that is kept for its proofs: 64 bytes and two small objects per leaf. */
export class MerkleTree {
  readonly root: Uint8Array
  readonly count: number
  /** From the leaves' hashes to the root. */
  readonly #levels: readonly (readonly Uint8Array[])[]

  constructor(leaves: readonly Uint8Array[]) {
    const levels = [leaves.map(leafHash)]
    for (let level = levels[0] ?? []; level.length > 1; ) {
      level = parents(level)
      levels.push(level)
    }
    this.#levels = levels
    this.count = leaves.length
    this.root = levels.at(-1)?.[0] ?? keccak256(new Uint8Array(0))
  }

  /**
   * What `verifyInclusion` needs besides the leaf: the sibling at each level, from below. The
   * hashes are the tree's own: read them, do not write to them.
   *
   * @throws Fault UNIT_OUT_OF_RANGE where there is no such leaf
   */
  proof(index: number): Uint8Array[] {
    if (!Number.isInteger(index) || index < 0 || index >= this.count) {
      throw new Fault('UNIT_OUT_OF_RANGE', { field: 'index', value: index, count: this.count })
    }
    const path: Uint8Array[] = []
    let position = index
    for (const level of this.#levels) {
      // An odd node at the end has no sibling on its way up.
      const sibling = level[position % 2 === 0 ? position + 1 : position - 1]
      if (sibling !== undefined) path.push(sibling)
      position = Math.floor(position / 2)
    }
    return path
  }

  /**
   * What `rootOfRun` needs besides `length` leaves in a row from `first` on: from below, the
   * siblings at the ends of the row. Two neighbours take hardly more than one leaf does.
   *
   * @throws Fault UNIT_OUT_OF_RANGE where there are no such leaves
   */
  runProof(first: number, length: number): Uint8Array[] {
    if (!isRun(first, length, this.count)) {
      throw new Fault('UNIT_OUT_OF_RANGE', { field: 'first', value: first, count: this.count })
    }
    const path: Uint8Array[] = []
    let from = first
    let to = first + length - 1
    for (const level of this.#levels) {
      const left = from % 2 === 1 ? level[from - 1] : undefined
      const right = to % 2 === 0 ? level[to + 1] : undefined
      if (left !== undefined) path.push(left)
      if (right !== undefined) path.push(right)
      from = Math.floor(from / 2)
      to = Math.floor(to / 2)
    }
    return path
  }
}

/**
 * Whether `data` is leaf `index` of the `count` leaves under `root`.
 *
 * `count` must come from where the root comes from (a gateway signs both): it gives the path its
 * shape, and the root alone does not fix it. False for every path that is not exactly the one proof
 * there is: too short, too long, a hash of another length, an index outside. (RFC 9162, 2.1.3.2.)
 */
export function verifyInclusion(
  root: Uint8Array,
  data: Uint8Array,
  index: number,
  count: number,
  path: readonly Uint8Array[],
): boolean {
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(index)) return false
  if (index < 0 || index >= count) return false

  let hash = leafHash(data)
  let position = index
  let last = count - 1
  let used = 0
  while (last > 0) {
    if (position % 2 === 1 || position < last) {
      const sibling = path[used]
      if (sibling === undefined || sibling.length !== 32) return false
      hash = position % 2 === 1 ? nodeHash(sibling, hash) : nodeHash(hash, sibling)
      used += 1
    }
    position = Math.floor(position / 2)
    last = Math.floor(last / 2)
  }
  return used === path.length && bytesEqual(hash, root)
}

/**
 * The root that `leaves` in a row from `first` on have among `count`, with what `runProof` gave;
 * undefined for a path that is not exactly the one that such a row has. As for `verifyInclusion`,
 * `count` must come from where the root comes from.
 */
export function rootOfRun(
  leaves: readonly Uint8Array[],
  first: number,
  count: number,
  path: readonly Uint8Array[],
): Uint8Array | undefined {
  if (!isRun(first, leaves.length, count)) return undefined
  if (path.some((hash) => hash.length !== 32)) return undefined
  let row = leaves.map(leafHash)
  let from = first
  let used = 0
  for (let last = count - 1; last > 0; last = Math.floor(last / 2)) {
    const to = from + row.length - 1
    const left = from % 2 === 1 ? [path[used]] : []
    const right = to % 2 === 0 && to < last ? [path[used + left.length]] : []
    used += left.length + right.length
    const whole = [...left, ...row, ...right]
    if (!whole.every((hash) => hash !== undefined)) return undefined
    row = parents(whole)
    from = Math.floor(from / 2)
  }
  return used === path.length ? row[0] : undefined
}

const isRun = (first: number, length: number, count: number): boolean =>
  [first, length, count].every(Number.isSafeInteger) &&
  first >= 0 && length >= 1 && first + length <= count

function parents(level: readonly Uint8Array[]): Uint8Array[] {
  const above: Uint8Array[] = []
  for (let i = 0; i + 1 < level.length; i += 2) {
    above.push(nodeHash(level[i] as Uint8Array, level[i + 1] as Uint8Array))
  }
  if (level.length % 2 === 1) above.push(level.at(-1) as Uint8Array)
  return above
}

function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
