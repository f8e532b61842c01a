/** What somebody knows of a fixed set: leaves, with the nodes that lead from them to its root. */
import {
  fieldToHex,
  groupsOf,
  isInSet,
  partCount,
  partSize,
  type SetPath,
  SetTree,
} from '@busbar/protocols/sealed-orders'
import type { ShownPlace } from '@busbar/server/own-node/challenger'

/** The set as the chain has it. */
export type FixedSet = { readonly ordersRoot: string; readonly orderCount: number }

export type KnownPlaces = {
  /** Ascending. */
  readonly positions: readonly number[]
  readonly leafAt: (position: number) => string | undefined
  /** Of a known position. */
  readonly placeAt: (position: number) => ShownPlace
  readonly partRoots: readonly string[]
}

const width = 16
const emptyLeaf = fieldToHex(0n)

/**
 * What the paths of a few orders tell. A path holds the sixteen leaves of its lowest node, so it is
 * also the path of fifteen others.
 *
 * Undefined where one of them does not lead to the root of the set on the chain.
 */
export function placesOfPaths(
  set: FixedSet,
  paths: readonly ({ readonly commitment: string } & SetPath)[],
): KnownPlaces | undefined {
  const fixed = { root: set.ordersRoot, count: set.orderCount }
  const nodes = new Map<number, readonly string[]>()
  for (const { commitment, ...path } of paths) {
    const groups = groupsOf(commitment, path)
    if (groups === undefined || !isInSet(fixed, commitment, path)) return undefined
    nodes.set(Math.floor(path.position / width), groups.flat())
  }
  const rows = [...nodes.keys()].sort((a, b) => a - b)
  const nodesAt = (position: number) => nodes.get(Math.floor(position / width))
  return {
    positions: rows.flatMap((row) => Array.from({ length: width }, (_, k) => row * width + k)),
    leafAt: (position) => nodesAt(position)?.[position % width],
    placeAt: (position) => ({ position, path: nodesAt(position) ?? [] }),
    partRoots: paths[0]?.partRoots ?? [],
  }
}

/**
 * All places of the set, for who was shown the whole of it.
 *
 * Undefined where these are not the orders of the set on the chain.
 *
 * @throws Fault FIELD_MALFORMED
 */
export function placesOfAll(
  set: FixedSet,
  commitments: readonly string[],
): KnownPlaces | undefined {
  const tree = new SetTree(commitments)
  const { partRoots } = tree
  if (tree.root !== set.ordersRoot || partRoots.length !== partCount(set.orderCount)) {
    return undefined
  }
  const leafAt = (position: number): string => commitments[position] ?? emptyLeaf
  return {
    positions: Array.from({ length: partRoots.length * partSize }, (_, position) => position),
    leafAt,
    placeAt(position) {
      const groups = groupsOf(leafAt(position), tree.path(position)) ?? []
      return { position, path: groups.flat() }
    },
    partRoots,
  }
}

/** The first two neighbours within the set that are equal or descend, by the lower position. */
export function descentIn(
  { orderCount }: FixedSet,
  { positions, leafAt }: Pick<KnownPlaces, 'positions' | 'leafAt'>,
): number | undefined {
  return positions.find((lower) => {
    const [leaf, next] = [leafAt(lower), leafAt(lower + 1)]
    if (leaf === undefined || next === undefined) return false
    // As text they ascend as they do as numbers: all have one length.
    return lower + 1 < orderCount && leaf >= next
  })
}

/** The first place that is empty below the count, or is not at or beyond it. */
export function miscountIn(
  { orderCount }: FixedSet,
  { positions, leafAt }: Pick<KnownPlaces, 'positions' | 'leafAt'>,
): number | undefined {
  return positions.find((position) => {
    const leaf = leafAt(position)
    return leaf !== undefined && (leaf === emptyLeaf) !== position >= orderCount
  })
}
