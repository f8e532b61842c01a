import { bytesToHex, keccak256 } from '../../hash/index.ts'
import type { SortedLeaf } from '../sorted-tree.ts'

/*
 * The definition of the tree again, by text and recursion, for leaves in whatever order: as an
 * honest exchange sorts them, or as a dishonest one might not.
 */

export const ends: readonly [SortedLeaf, SortedLeaf] = [
  { key: new Uint8Array(32), value: new Uint8Array(32) },
  { key: new Uint8Array(32).fill(0xff), value: new Uint8Array(32) },
]

/** The leaves of a tree as it should be: ends added, ascending by the keys' text. */
export const naiveLeaves = (leaves: readonly SortedLeaf[]): readonly SortedLeaf[] =>
  [...leaves, ...ends].sort((a, b) => (bytesToHex(a.key) < bytesToHex(b.key) ? -1 : 1))

type Place = { readonly zone: number; readonly interval: number }

const words = (value: number, bytes: number): Buffer =>
  Buffer.from(value.toString(16).padStart(2 * bytes, '0'), 'hex')

const placeOf = ({ zone, interval }: Place): Buffer =>
  Buffer.concat([words(zone, 4), words(interval, 8)])

export function naiveTreeRoot(place: Place, leaves: readonly SortedLeaf[]): Uint8Array {
  const top = subtree(place, leaves)
  return keccak256(Buffer.concat([Buffer.of(2), placeOf(place), words(leaves.length, 4), top]))
}

function subtree(place: Place, leaves: readonly SortedLeaf[]): Uint8Array {
  const [first] = leaves
  if (first !== undefined && leaves.length === 1) {
    return keccak256(Buffer.concat([Buffer.of(0), placeOf(place), first.key, first.value]))
  }
  const k = split(leaves.length)
  const halves = [subtree(place, leaves.slice(0, k)), subtree(place, leaves.slice(k))]
  return keccak256(Buffer.concat([Buffer.of(1), ...halves]))
}

/** The largest subtrees that hold nothing of the row: what a path has, here from left to right. */
export function naiveTreePath(
  place: Place,
  leaves: readonly SortedLeaf[],
  first: number,
  length: number,
): readonly Uint8Array[] {
  if (first >= leaves.length || first + length <= 0) return [subtree(place, leaves)]
  if (leaves.length === 1) return []
  const k = split(leaves.length)
  return [
    ...naiveTreePath(place, leaves.slice(0, k), first, length),
    ...naiveTreePath(place, leaves.slice(k), first - k, length),
  ]
}

function split(count: number): number {
  let k = 1
  while (2 * k < count) k *= 2
  return k
}
