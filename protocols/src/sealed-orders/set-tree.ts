import { assert, Fault } from '@busbar/core/errors'
import { poseidon2Hash } from '@zkpassport/poseidon2'
import type { Hex } from '../hash/index.ts'
import { fieldFromHex, fieldToHex } from './field.ts'

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
 * root serves every size of circuit.
 */
export const partSize = 4_096
const width = 16
const levels = 3

export const hashFields = (values: readonly bigint[]): bigint => poseidon2Hash([...values])

/** The root over nothing, by level: a node whose leaves are all zero. */
const emptyNodes: readonly bigint[] = (() => {
  const nodes = [0n]
  for (let level = 0; level < levels; level += 1) {
    nodes.push(hashFields(new Array<bigint>(width).fill(nodes[level] ?? 0n)))
  }
  return nodes
})()

/** The nodes of one part, from its leaves to its root, without those that hold nothing. */
function nodesOf(leaves: readonly bigint[]): readonly (readonly bigint[])[] {
  assert(leaves.length <= partSize, 'a part holds at most its size')
  const rows: (readonly bigint[])[] = [leaves]
  for (let level = 0; level < levels; level += 1) {
    const below = rows[level] ?? []
    const row: bigint[] = []
    for (let from = 0; from < below.length; from += width) row.push(nodeOver(below, from, level))
    rows.push(row.length === 0 ? [emptyNodes[level + 1] ?? 0n] : row)
  }
  return rows
}

const nodeOver = (row: readonly bigint[], from: number, level: number): bigint =>
  hashFields(
    Array.from({ length: width }, (_, child) => row[from + child] ?? emptyNodes[level] ?? 0n),
  )

/** The leaves by parts: each full but the last; one empty part for an empty set. */
function partsOf<T>(leaves: readonly T[]): readonly (readonly T[])[] {
  const parts: (readonly T[])[] = []
  for (let from = 0; from < leaves.length; from += partSize) {
    parts.push(leaves.slice(from, from + partSize))
  }
  return parts.length === 0 ? [[]] : parts
}

const elements = (leaves: readonly string[]): readonly bigint[] =>
  leaves.map((leaf) => fieldFromHex(leaf, 'leaf'))

/** The roots of the parts, in their order. */
export const partRoots = (leaves: readonly string[]): readonly Hex[] =>
  partsOf(elements(leaves)).map((part) => fieldToHex(rootOfPart(part)))

const rootOfPart = (leaves: readonly bigint[]): bigint => {
  const [root] = nodesOf(leaves)[levels] ?? []
  assert(root !== undefined, 'a tree has a root')
  return root
}

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
export const setRoot = (leaves: readonly string[]): Hex => rootOfParts(partRoots(leaves))

/** Shows that a leaf stands at a position under a set root. */
export type SetPath = {
  /** From 0, in the whole set. */
  readonly position: number
  /** By level from the leaf's: the other fifteen children of its parent, in their order. */
  readonly siblings: readonly (readonly Hex[])[]
  /** Of all parts: what their roots hash to is the set root. */
  readonly partRoots: readonly Hex[]
}

/**
 * The path of the leaf at `position`, which may also be an empty slot of the last part.
 *
 * @throws Fault SET_POSITION_INVALID
 */
export function setPath(leaves: readonly string[], position: number): SetPath {
  const parts = partsOf(elements(leaves))
  const part = parts[Math.floor(position / partSize)]
  if (!Number.isSafeInteger(position) || position < 0 || part === undefined) {
    const limit = `from 0 to ${parts.length * partSize - 1}`
    throw new Fault('SET_POSITION_INVALID', { field: 'position', limit })
  }
  const rows = nodesOf(part)
  let place = position % partSize
  const siblings: Hex[][] = []
  for (let level = 0; level < levels; level += 1) {
    const from = place - (place % width)
    const row: Hex[] = []
    for (let child = from; child < from + width; child += 1) {
      if (child === place) continue
      row.push(fieldToHex(rows[level]?.[child] ?? emptyNodes[level] ?? 0n))
    }
    siblings.push(row)
    place = Math.floor(place / width)
  }
  return { position, siblings, partRoots: partRoots(leaves) }
}

/** The set root that `leaf` and its path lead to; undefined for a path that leads nowhere. */
export function rootFromPath(leaf: string, path: SetPath): Hex | undefined {
  const { position, siblings, partRoots: roots } = path
  const part = Math.floor(position / partSize)
  if (!Number.isSafeInteger(position) || position < 0) return undefined
  if (siblings.length !== levels || roots[part] === undefined) return undefined
  let node = fieldFromHex(leaf, 'leaf')
  let place = position % partSize
  for (const row of siblings) {
    if (row.length !== width - 1) return undefined
    const children = [...elements(row)]
    children.splice(place % width, 0, node)
    node = hashFields(children)
    place = Math.floor(place / width)
  }
  return fieldToHex(node) === roots[part] ? rootOfParts(roots) : undefined
}

/** Whether `leaf` stands where its path says, under `root`. */
export const isInSet = (root: string, leaf: string, path: SetPath): boolean =>
  rootFromPath(leaf, path) === root
