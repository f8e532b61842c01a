import { assert } from '../errors/index.ts'
import type { Placement } from './placement.ts'

/** The trades of each node: those of node `n` are `rows[starts[n]]` up to `rows[starts[n + 1]]`. */
export type Incidence = { readonly starts: Uint32Array; readonly rows: Uint32Array }

/** The trades of each node by ascending number; first those of the sellers. */
export function incidenceOf({ columns, delivered, left }: Placement): Incidence {
  const { seller, buyer, exported } = columns
  const sellers = exported.length
  const starts = new Uint32Array(left.length + 1)
  for (let row = 0; row < delivered.length; row += 1) {
    starts[seller[row]! + 1]! += 1
    starts[sellers + buyer[row]! + 1]! += 1
  }
  for (let node = 0; node < left.length; node += 1) starts[node + 1]! += starts[node]!
  const next = starts.slice(0, left.length)
  const rows = new Uint32Array(2 * delivered.length)
  for (let row = 0; row < delivered.length; row += 1) {
    rows[next[seller[row]!]!++] = row
    rows[next[sellers + buyer[row]!]!++] = row
  }
  return { starts, rows }
}

/**
 * Raises what is delivered in all to the most there can be, moving as little as it has to.
 *
 * As long as there is a chain from a seller with energy left to a buyer in need, energy moves along
 * it: the first trade gets more; its buyer gives up as much of a second trade, whose seller gives
 * it to a third, and so on. No meter ends with less than before. The shortest chain is taken, of
 * equally short ones the one whose seller has the lowest number, then the one whose first trade has
 * the lowest, then whose second, and so on: the result depends on nothing but the trades.
 *
 * This is Dinic's algorithm, on each set of meters that trades connect by itself: what happens in
 * one street costs the others no time.
 */
export function moveToMaximum(placement: Placement): void {
  const { delivered, left } = placement
  const flow = flowOf(placement)
  for (let node = 0; node < flow.sellers; node += 1) {
    if (left[node]! === 0 || flow.met[node] !== 0) continue
    const nodes = connected(flow, node).filter((one) => left[one]! > 0).sort()
    const firstBuyer = nodes.findIndex((one) => one >= flow.sellers)
    if (firstBuyer !== -1) maximize(flow, nodes.slice(0, firstBuyer), nodes.slice(firstBuyer))
  }
  const { rows, given } = flow
  for (let edge = 0; edge < given.length; edge += 1) delivered[rows[edge]!] = given[edge]!
}

/**
 * A trade is an edge here, and edges are numbered by seller, as the searches meet them: so they
 * read memory from the front to the back.
 */
type Flow = {
  /** How many nodes are sellers: they come first. */
  readonly sellers: number
  /** The trade of each edge. */
  readonly rows: Uint32Array
  /** What the trade could get beyond what it was given. */
  readonly room: Float64Array
  readonly given: Float64Array
  readonly left: Float64Array
  /** Node `n` is the end of `edges[starts[n]]` up to `edges[starts[n + 1]]`; `ends` the others. */
  readonly starts: Uint32Array
  readonly edges: Uint32Array
  readonly ends: Uint32Array
  /** Steps from a node to the outside: 1 for a buyer in need; 0 if it is not known or none. */
  readonly levels: Int32Array
  /** How far the edges of a node have been found to lead on no more. */
  readonly cursors: Uint32Array
  /** 1 for a node whose connected ones were looked at. */
  readonly met: Uint8Array
  readonly queue: Uint32Array
  readonly chain: Uint32Array
}

function flowOf(placement: Placement): Flow {
  const { columns, delivered, left } = placement
  const { seller, buyer, obligation, exported } = columns
  const { starts, rows } = incidenceOf(placement)
  const count = delivered.length
  const nodes = left.length
  const flow: Flow = {
    sellers: exported.length,
    rows: rows.subarray(0, count),
    room: new Float64Array(count),
    given: new Float64Array(count),
    left,
    starts,
    edges: new Uint32Array(2 * count),
    ends: new Uint32Array(2 * count),
    levels: new Int32Array(nodes),
    cursors: new Uint32Array(nodes),
    met: new Uint8Array(nodes),
    queue: new Uint32Array(nodes),
    chain: new Uint32Array(nodes),
  }
  const edgeOf = new Uint32Array(count)
  for (let edge = 0; edge < count; edge += 1) {
    const row = rows[edge]!
    edgeOf[row] = edge
    flow.room[edge] = obligation[row]! - delivered[row]!
    flow.given[edge] = delivered[row]!
    flow.edges[edge] = edge
    flow.ends[edge] = exported.length + buyer[row]!
  }
  for (let i = count; i < rows.length; i += 1) {
    flow.edges[i] = edgeOf[rows[i]!]!
    flow.ends[i] = seller[rows[i]!]!
  }
  return flow
}

/** All nodes that trades connect with `start`, at the front of the queue; marks them as met. */
function connected({ starts, ends, queue, met }: Flow, start: number): Uint32Array {
  queue[0] = start
  met[start] = 1
  let count = 1
  for (let at = 0; at < count; at += 1) {
    const node = queue[at]!
    for (let i = starts[node]!; i < starts[node + 1]!; i += 1) {
      const other = ends[i]!
      if (met[other] !== 0) continue
      met[other] = 1
      queue[count] = other
      count += 1
    }
  }
  return queue.subarray(0, count)
}

/** Moves energy from `givers` to `takers`, both ascending, until there is no chain between them. */
function maximize(flow: Flow, givers: Uint32Array, takers: Uint32Array): void {
  const { left, levels, queue } = flow
  for (;;) {
    const { nearest, count } = measure(flow, takers)
    for (const giver of givers) if (levels[giver] === nearest) giveAway(flow, giver)
    for (let i = 0; i < count; i += 1) levels[queue[i]!] = 0
    if (nearest === Infinity) return
    givers = givers.filter((giver) => left[giver]! > 0)
    takers = takers.filter((taker) => left[taker]! > 0)
  }
}

/**
 * Sets the levels of all nodes that lead to a taker, up to that of the nearest giver.
 *
 * @returns that level, and how many nodes have one; they stand in the queue
 */
function measure(flow: Flow, takers: Uint32Array): { nearest: number; count: number } {
  const { sellers, starts, edges, ends, levels, cursors, queue, left, given, room } = flow
  let nearest = Infinity
  let count = 0
  for (const taker of takers) {
    levels[taker] = 1
    cursors[taker] = starts[taker]!
    queue[count] = taker
    count += 1
  }
  for (let at = 0; at < count; at += 1) {
    const node = queue[at]!
    const level = levels[node]! + 1
    if (level > nearest) break
    // A seller leads here by what a trade lacks, a buyer by what it could give up of one.
    const isSeller = node < sellers
    const free = isSeller ? given : room
    for (let i = starts[node]!; i < starts[node + 1]!; i += 1) {
      const other = ends[i]!
      if (levels[other] !== 0 || free[edges[i]!] === 0) continue
      levels[other] = level
      cursors[other] = starts[other]!
      queue[count] = other
      count += 1
      if (!isSeller && left[other]! > 0) nearest = level
    }
  }
  return { nearest, count }
}

/** Moves what `giver` has left along the shortest chains, as long as there are any. */
function giveAway(flow: Flow, giver: number): void {
  const { starts, ends, left, levels, cursors, chain } = flow
  let depth = 0
  let node = giver
  while (left[giver]! > 0) {
    if (levels[node] === 1 && left[node]! > 0) {
      moveAlong(flow, giver, node, depth)
      depth = 0
      node = giver
    } else if (stepOn(flow, node)) {
      chain[depth] = node
      depth += 1
      node = ends[cursors[node]!]!
    } else if (depth === 0) {
      return
    } else {
      // From here nothing leads on any more: back, and past the edge that led here.
      depth -= 1
      node = chain[depth]!
      cursors[node]! += 1
    }
  }
}

/** Puts the cursor of `node` on its next edge that leads a step on, or says that there is none. */
function stepOn(flow: Flow, node: number): boolean {
  const { sellers, edges, ends, starts, levels, cursors, given, room } = flow
  const level = levels[node]! - 1
  // A buyer that was in need has nobody to turn to: it was the end of the chains.
  if (level === 0) return false
  const free = node < sellers ? room : given
  const end = starts[node + 1]!
  let at = cursors[node]!
  while (at < end && (levels[ends[at]!] !== level || free[edges[at]!] === 0)) at += 1
  cursors[node] = at
  return at < end
}

/** The chain goes from node to node where their cursors stand: the first sells, the second buys. */
function moveAlong(flow: Flow, giver: number, taker: number, length: number): void {
  const { left, given, room, edges, cursors, chain } = flow
  let energyWh = Math.min(left[giver]!, left[taker]!)
  for (let i = 0; i < length; i += 1) {
    const edge = edges[cursors[chain[i]!]!]!
    energyWh = Math.min(energyWh, i % 2 === 0 ? room[edge]! : given[edge]!)
  }
  assert(energyWh > 0, 'a chain moves energy')
  for (let i = 0; i < length; i += 1) {
    const edge = edges[cursors[chain[i]!]!]!
    const moved = i % 2 === 0 ? energyWh : -energyWh
    given[edge]! += moved
    room[edge]! -= moved
  }
  left[giver]! -= energyWh
  left[taker]! -= energyWh
}
