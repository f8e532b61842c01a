import { assert } from '../errors/index.ts'
import { floorDivide, MicrosPerKwh, WattHours } from '../units/index.ts'
import { compareUtf8 } from './byte-order.ts'
import { assertClearing, checkOrders, type Clearing, noTrade, type Order } from './order.ts'

/** Prices `from` to `to`, both included, between which neither demand nor supply changes. */
type Plateau = {
  readonly from: bigint
  readonly to: bigint
  /** What buyers want at these prices or above, in Wh. */
  readonly demand: bigint
  /** What sellers offer at these prices or below, in Wh. */
  readonly supply: bigint
}

/**
 * Clears one interval as the rule is written, sentence by sentence (design, section 8). It is what
 * `clear` is proven against, and what an audit runs instead of it.
 *
 * Every whole number of micros per kWh is a possible price, on the market's tick or not: the
 * middle of a range belongs to nobody's limit anyway.
 *
 * ```text
 *   buy  alice 100 Wh ≤ 30     prices   demand  supply   traded  left over
 *   buy  bob    50 Wh ≤ 10      5 … 10     150     100      100         50
 *   sell carol 100 Wh ≥  5     11 … 30     100     100      100          0
 * ```
 *
 * All prices from 5 to 30 trade the most. From 11 to 30 nothing is left over, so the price is the
 * middle of those, 20.5, rounded down: 20. Bob's wish ends at 10, hence the range begins at 11.
 *
 * @throws Fault as `checkOrders`.
 */
export function clearNaive(orders: readonly Order[]): Clearing {
  checkOrders(orders)
  const price = bestPrice(plateaus(orders))
  if (price === null) return noTrade

  const demand = total(orders.filter((order) => order.side === 'buy' && order.limit >= price))
  const supply = total(orders.filter((order) => order.side === 'sell' && order.limit <= price))
  const energy = min(demand, supply)

  const inIdOrder = orders.toSorted((a, b) => compareUtf8(a.id, b.id))
  const buys = inIdOrder.filter((order) => order.side === 'buy')
  const sells = inIdOrder.filter((order) => order.side === 'sell')
  const fillOf = new Map([
    ...fillSide(buys, (order) => order.limit > price, price, energy),
    ...fillSide(sells, (order) => order.limit < price, price, energy),
  ])

  assertClearing(inIdOrder, price, energy, inIdOrder.map((order) => fillOf.get(order.id) ?? 0n))
  return {
    price,
    energy: WattHours.from(energy),
    fills: inIdOrder
      .map((order) => ({ orderId: order.id, energy: fillOf.get(order.id) ?? 0n }))
      .filter((fill) => fill.energy > 0n)
      .map((fill) => ({ orderId: fill.orderId, energy: WattHours.from(fill.energy) })),
  }
}

/**
 * The steps of both curves, by ascending price. A buyer drops out one micro above its limit, a
 * seller joins at its limit. Below the first step nobody sells, from the last on nobody buys: those
 * two ends trade nothing and are left out.
 */
function plateaus(orders: readonly Order[]): readonly Plateau[] {
  const demandLost = new Map<bigint, bigint>()
  const supplyWon = new Map<bigint, bigint>()
  for (const { side, limit, energy } of orders) {
    if (side === 'buy') demandLost.set(limit + 1n, (demandLost.get(limit + 1n) ?? 0n) + energy)
    else supplyWon.set(limit, (supplyWon.get(limit) ?? 0n) + energy)
  }
  const steps = [...new Set([...demandLost.keys(), ...supplyWon.keys()])].sort(ascending)

  let demand = total(orders.filter((order) => order.side === 'buy'))
  let supply = 0n
  const found: Plateau[] = []
  for (const [i, from] of steps.entries()) {
    demand -= demandLost.get(from) ?? 0n
    supply += supplyWon.get(from) ?? 0n
    const next = steps[i + 1]
    if (next !== undefined) found.push({ from, to: next - 1n, demand, supply })
  }
  return found
}

/** Rule 1: most traded, then least left over, then the middle or the end that is short. */
function bestPrice(all: readonly Plateau[]): MicrosPerKwh | null {
  const most = all.reduce((best, plateau) => max(best, traded(plateau)), 0n)
  if (most === 0n) return null
  const trading = all.filter((plateau) => traded(plateau) === most)

  const least = trading.map(leftOver).reduce(min)
  const remaining = trading.filter((plateau) => leftOver(plateau) === least)

  const lowest = remaining[0]
  const highest = remaining.at(-1)
  assert(lowest !== undefined && highest !== undefined, 'what is best is somewhere')
  if (least === 0n) return MicrosPerKwh.from(floorDivide(lowest.from + highest.to, 2n))

  const demandOver = remaining.filter((plateau) => plateau.demand > plateau.supply).at(-1)
  return MicrosPerKwh.from(demandOver === undefined ? lowest.from : demandOver.to)
}

/**
 * Rule 2, for one side whose orders come by ascending id: better limits fill whole, those at the
 * price share what is left by cumulative rounding.
 */
function fillSide(
  orders: readonly Order[],
  isBetter: (order: Order) => boolean,
  price: MicrosPerKwh,
  energy: bigint,
): readonly (readonly [string, bigint])[] {
  const better = orders.filter(isBetter)
  const marginal = orders.filter((order) => order.limit === price)
  const left = energy - total(better)
  const wanted = total(marginal)

  const filled: (readonly [string, bigint])[] = better.map((order) => [order.id, order.energy])
  // Without a remainder: were it left to hand out, who gets it would have to be argued about.
  let cumulated = 0n
  for (const order of marginal) {
    const before = floorDivide(left * cumulated, wanted)
    cumulated += order.energy
    filled.push([order.id, floorDivide(left * cumulated, wanted) - before])
  }
  return filled
}

const traded = (plateau: Plateau): bigint => min(plateau.demand, plateau.supply)

const leftOver = ({ demand, supply }: Plateau): bigint =>
  demand > supply ? demand - supply : supply - demand

const total = (orders: readonly Order[]): bigint =>
  orders.reduce((sum, order) => sum + order.energy, 0n)

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)
const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)
