import { assert, Fault } from '@busbar/core/errors'
import type { Hex } from '../hash/index.ts'
import { poseidon2 } from '../poseidon2/index.ts'
import { fieldFromHex, fieldOrder, fieldToHex, isField } from './field.ts'

/**
 * The tree over an interval's orders, and the tree of the same shape over what they got.
 *
 * ```text
 *   set root          = H(part roots), or the part root where there is one part
 *   part root         level 3: 1 node, H of 16
 *                     level 2: 16 nodes, H of 16 each
 *                     level 1: 256 nodes, H of 16 each
 *   leaves            4,096: commitments ascending, then zeros
 * ```
 *
 * H is the Poseidon2 sponge. The shape does not depend on how many orders there are, so that one
 * root serves every size of circuit. Sixteen children take six permutations, where a binary tree
 * over them would take fifteen.
 */
export const partSize = 4_096
const width = 16
const levels = 3

/**
 * Poseidon2 as Noir's `Poseidon2::hash`: a sponge that begins with the number of values.
 *
 * @throws Fault FIELD_MALFORMED for a value outside the field, which would have another's hash
 */
export function hashFields(values: readonly bigint[]): bigint {
  if (!values.every((value) => value >= 0n && value < fieldOrder)) {
    throw new Fault('FIELD_MALFORMED', { field: 'value', limit: 'below the order of the field' })
  }
  return poseidon2(values)
}

/** The root over nothing, by level: zero, and then the hash of sixteen of those below. */
const emptyNodes: readonly bigint[] = [
  0n,
  0x1488a5a6a1c65ff22bc0983d4147ff3301f02bbc745d2867cbda2869d2a83c76n,
  0x19b43a63bd5f579b8a0cfea8ea0664af23a4e61d56ba08498e4729ec9c29c087n,
  0x22dc721d0170ec06ec5f5f7bd941c5c73305d71cf4745ebb0503724795ae9039n,
]

/** Of an interval without orders, and of its fills. */
export const emptyRoot: Hex = fieldToHex(emptyNodes[levels] ?? 0n)

/** Shows that a leaf stands at a position under a set root. */
export type SetPath = {
  /** From 0, in the whole set. */
  readonly position: number
  /** By level from the leaf's: the other fifteen children of its parent, in their order. */
  readonly siblings: readonly (readonly string[])[]
  /** Of all parts, at least one: what their roots hash to is the set root. */
  readonly partRoots: readonly string[]
}

/**
 * The tree of a whole set, hashed once: less than half a permutation for each leaf, and nothing for
 * the empty ones.
 */
export class SetTree {
  /** How many leaves it was made of. */
  readonly count: number
  readonly root: Hex
  /** One for every 4,096 leaves; of no leaves there is one part. */
  readonly partRoots: readonly Hex[]
  /** By part and level, without the nodes that hold nothing. */
  readonly #parts: readonly (readonly (readonly bigint[])[])[]

  /**
   * @param leaves field elements in the order of the set
   * @throws Fault FIELD_MALFORMED
   */
  constructor(leaves: readonly string[]) {
    const nodes = elements(leaves)
    this.count = leaves.length
    this.#parts = Array.from({ length: partCount(leaves.length) }, (_, part) =>
      nodesOf(nodes.slice(part * partSize, (part + 1) * partSize)),
    )
    this.partRoots = this.#parts.map((rows) => fieldToHex(rows[levels]?.[0] ?? 0n))
    this.root = rootOfParts(this.partRoots)
  }

  /**
   * The path of the leaf at `position`, which may also be an empty slot of the last part.
   *
   * @throws Fault SET_POSITION_INVALID
   */
  path(position: number): SetPath {
    const rows = this.#parts[Math.floor(position / partSize)]
    if (!Number.isSafeInteger(position) || position < 0 || rows === undefined) {
      const limit = `from 0 to ${this.#parts.length * partSize - 1}`
      throw new Fault('SET_POSITION_INVALID', { field: 'position', limit })
    }
    let place = position % partSize
    const siblings = rows.slice(0, levels).map((row, level) => {
      const group = groupAt(row, place - (place % width), level)
      group.splice(place % width, 1)
      place = Math.floor(place / width)
      return group.map((node) => fieldToHex(node))
    })
    return { position, siblings, partRoots: this.partRoots }
  }
}

/** How many parts a set has; an empty one has one. */
export const partCount = (count: number): number => Math.max(1, Math.ceil(count / partSize))

/** The nodes of one part, from its leaves to its root, without those that hold nothing. */
function nodesOf(leaves: readonly bigint[]): readonly (readonly bigint[])[] {
  assert(leaves.length <= partSize, 'a part holds at most its size')
  const rows: (readonly bigint[])[] = [leaves]
  for (let level = 0; level < levels; level += 1) {
    const below = rows[level] ?? []
    const row: bigint[] = []
    for (let from = 0; from < below.length; from += width) {
      row.push(hashFields(groupAt(below, from, level)))
    }
    rows.push(row.length === 0 ? [emptyNodes[level + 1] ?? 0n] : row)
  }
  return rows
}

/** The 16 nodes from `from` on; those behind the last are empty. */
const groupAt = (row: readonly bigint[], from: number, level: number): bigint[] =>
  Array.from({ length: width }, (_, child) => row[from + child] ?? emptyNodes[level] ?? 0n)

const elements = (leaves: readonly string[]): readonly bigint[] =>
  leaves.map((leaf) => fieldFromHex(leaf, 'leaf'))

/** The roots of the parts, in their order. */
export const partRoots = (leaves: readonly string[]): readonly Hex[] =>
  new SetTree(leaves).partRoots

/** The root over all parts. */
export function rootOfParts(roots: readonly string[]): Hex {
  const [only, ...more] = elements(roots)
  assert(only !== undefined, 'an empty set has one empty part')
  return fieldToHex(more.length === 0 ? only : hashFields([only, ...more]))
}

/**
 * The root of an order set, or of its fills.
 *
 * @param leaves field elements in the order of the set
 * @throws Fault FIELD_MALFORMED
 */
export const setRoot = (leaves: readonly string[]): Hex => new SetTree(leaves).root

/** As `SetTree.path`; who needs several paths of a set keeps the tree. */
export const setPath = (leaves: readonly string[], position: number): SetPath =>
  new SetTree(leaves).path(position)

/**
 * The set root that `leaf` and its path lead to; undefined for a path that leads nowhere or is not
 * in its form.
 */
export function rootFromPath(leaf: string, path: SetPath): Hex | undefined {
  const groups = groupsOf(leaf, path)
  if (groups === undefined) return undefined
  const top = hashFields(elements(groups[levels - 1] ?? []))
  const part = Math.floor(path.position / partSize)
  return fieldToHex(top) === path.partRoots[part] ? rootOfParts(path.partRoots) : undefined
}

/**
 * Whether `leaf` stands where its path says, in the set of `count` orders under `root`. Take both
 * from the chain: a root alone does not say how many parts are under it, and with another number of
 * parts an inner node could pass for a leaf.
 */
export const isInSet = (
  set: { readonly root: string; readonly count: number },
  leaf: string,
  path: SetPath,
): boolean =>
  path.partRoots.length === partCount(set.count) && rootFromPath(leaf, path) === set.root

/**
 * A path as the contracts take it: the 16 nodes of each group that the way up goes through, leaves
 * first. Undefined for a path that is not in its form.
 */
export function groupsOf(leaf: string, path: SetPath): readonly (readonly Hex[])[] | undefined {
  const { position, siblings, partRoots: roots } = path
  if (!Number.isSafeInteger(position) || position < 0) return undefined
  if (position >= roots.length * partSize) return undefined
  if (siblings.length !== levels || siblings.some((row) => row.length !== width - 1)) {
    return undefined
  }
  if (!isField(leaf) || ![...siblings.flat(), ...roots].every(isField)) return undefined
  let node: Hex = leaf
  let place = position % partSize
  return siblings.map((row, level) => {
    const group = row.filter(isField).toSpliced(place % width, 0, node)
    place = Math.floor(place / width)
    // The last group's hash is for the caller to make.
    if (level < levels - 1) node = fieldToHex(hashFields(elements(group)))
    return group
  })
}

/**
 * Whether these are the commitments of a fixed set: above zero, which stands for an empty slot, in
 * the field, and strictly ascending.
 */
export const isOrderSet = (commitments: readonly string[]): boolean =>
  commitments.every((commitment, k) => {
    // As text they ascend as they do as numbers: all have one length.
    return isField(commitment) && commitment > (commitments[k - 1] ?? fieldToHex(0n))
  })
