import type { AllocationInput, Cut } from './allocation.ts'
import { incidenceOf } from './max-flow.ts'
import type { Placement } from './placement.ts'

/** Of each node and of each trade whether it is in the cut: 1 or 0. */
export type CutColumns = { readonly nodes: Uint8Array; readonly trades: Uint8Array }

/**
 * The minimum cut of a placement that delivers the most there can be.
 *
 * A buyer in need that could get more from a seller, and a seller that could give more to it if
 * another buyer gave up a trade, and so on: of all these nobody has anything left, or more could be
 * delivered. So these sellers, the other buyers, and the trades from other sellers to these buyers
 * are what limits the whole.
 */
export function minimumCut(placement: Placement): CutColumns {
  const { columns, delivered, left } = placement
  const { seller, buyer, obligation, exported } = columns
  const sellers = exported.length
  const { starts, rows } = incidenceOf(placement)
  const wanting = new Uint8Array(left.length)
  const queue = new Uint32Array(left.length)
  let count = 0
  const reach = (node: number): void => {
    if (wanting[node] !== 0) return
    wanting[node] = 1
    queue[count] = node
    count += 1
  }
  for (let node = sellers; node < left.length; node += 1) if (left[node]! > 0) reach(node)
  for (let at = 0; at < count; at += 1) {
    const node = queue[at]!
    for (let i = starts[node]!; i < starts[node + 1]!; i += 1) {
      const row = rows[i]!
      if (node >= sellers && delivered[row]! < obligation[row]!) reach(seller[row]!)
      if (node < sellers && delivered[row]! > 0) reach(sellers + buyer[row]!)
    }
  }
  const nodes = wanting.map((is, node) => (node < sellers ? is : 1 - is))
  const trades = new Uint8Array(delivered.length)
  for (let row = 0; row < trades.length; row += 1) {
    trades[row] = (1 - wanting[seller[row]!]!) & wanting[sellers + buyer[row]!]!
  }
  return { nodes, trades }
}

/**
 * Why a cut does not show that `delivered` is the most there can be; `null` if it does.
 *
 * - `trade_over`: a trade gets less than nothing or more than it owes
 * - `meter_over`: a meter gives or takes more than it has
 * - `not_known`: the cut names a meter or a trade that is none of these, or one twice
 * - `not_covered`: a trade is neither in the cut nor one of its meters
 * - `not_met`: what the cut has is not what is delivered
 */
export type CutFlaw = 'trade_over' | 'meter_over' | 'not_known' | 'not_covered' | 'not_met'

/**
 * Checks a cut without solving anything, so that whoever can add up can check it: all that is
 * delivered passes through the cut, which has no more than that. Hence nobody could deliver more.
 */
export function checkCut(
  input: Omit<AllocationInput, 'rule'>,
  delivered: readonly bigint[],
  cut: Cut,
): CutFlaw | null {
  const { trades } = input
  if (delivered.length !== trades.length) return 'trade_over'
  if (trades.some(({ energy }, i) => delivered[i]! < 0n || delivered[i]! > energy)) {
    return 'trade_over'
  }
  const sold = new Map(input.sellers.map(({ meter, energy }) => [meter, { energy, used: 0n }]))
  const bought = new Map(input.buyers.map(({ meter, energy }) => [meter, { energy, used: 0n }]))
  for (const [i, { seller, buyer }] of trades.entries()) {
    for (const meter of [sold.get(seller), bought.get(buyer)]) {
      if (meter === undefined) return 'meter_over'
      meter.used += delivered[i]!
      if (meter.used > meter.energy) return 'meter_over'
    }
  }
  const owed = new Map(trades.map(({ trade, energy }) => [trade, { energy }]))
  const capacity = [
    capacityOf(cut.sellers, sold), capacityOf(cut.buyers, bought), capacityOf(cut.trades, owed),
  ]
  if (capacity.includes(null)) return 'not_known'
  const [sellers, buyers, own] = [cut.sellers, cut.buyers, cut.trades].map((one) => new Set(one))
  const isCovered = (trade: number, seller: number, buyer: number): boolean =>
    own!.has(trade) || sellers!.has(seller) || buyers!.has(buyer)
  if (!trades.every(({ trade, seller, buyer }) => isCovered(trade, seller, buyer))) {
    return 'not_covered'
  }
  const has = capacity.reduce<bigint>((sum, one) => sum + (one ?? 0n), 0n)
  return has === delivered.reduce((sum, one) => sum + one, 0n) ? null : 'not_met'
}

/** What those named have together; null if one is not there, or named twice. */
function capacityOf(
  named: readonly number[],
  known: ReadonlyMap<number, { readonly energy: bigint }>,
): bigint | null {
  if (new Set(named).size !== named.length) return null
  let sum = 0n
  for (const name of named) {
    const one = known.get(name)
    if (one === undefined) return null
    sum += one.energy
  }
  return sum
}
