import { ceilDivide, floorDivide, MicrosPerKwh, WattHours } from '../units/index.ts'
import type { Side } from './order.ts'

/** One step of a curve: energy that changed hands, and what its orders asked for on average. */
export type CurveStep = {
  /** More than zero. */
  readonly energy: WattHours
  /**
   * The mean of the limits weighted by energy filled, rounded towards the price of the auction: of
   * buyers down, of sellers up.
   */
  readonly limit: MicrosPerKwh
}

/**
 * Demand and supply as far as they were filled, the keenest first. What is missing in a side to
 * the energy that was traded lies between its last step and the price, and more is not said. Null
 * where a side is so small that any step of it would tell of somebody.
 */
export type AuctionCurves = Readonly<Record<Side, readonly CurveStep[] | null>>

export type FilledOrder = {
  readonly account: number
  readonly side: Side
  readonly limit: MicrosPerKwh
  /** More than zero. */
  readonly filled: WattHours
}

/** A step tells of at least so many accounts together. */
export const stepAccountsMin = 3

/** A side has at most so many steps: none but the last has less than its share of the energy. */
export const stepsMax = 24

/**
 * What may be public of the limits of orders that were filled. The orders of a side stand in steps
 * by falling keenness, equal limits always in one. A step is closed as soon as it has a
 * twenty-fourth of the energy and orders of three accounts of which none has more than half of it.
 * What is left over at the end joins the step before; if even both together cannot be told, as of
 * a retailer that sells more than all others, they are not. Nothing is said of what was not
 * filled.
 *
 * Rule of at least three and of dominance: what statistical offices publish tables of firms by.
 */
export const curvesOf = (orders: readonly FilledOrder[]): AuctionCurves => ({
  buy: stepsOf(orders.filter(({ side }) => side === 'buy'), -1),
  sell: stepsOf(orders.filter(({ side }) => side === 'sell'), 1),
})

/** Sums of orders that lie beside each other. Energies of a side are safe integers, values not. */
class Step {
  energy = 0
  value = 0n
  readonly byAccount = new Map<number, number>()
  #most = 0

  /** All orders of one limit. */
  add(limit: number, orders: readonly FilledOrder[]): void {
    const before = this.energy
    for (const { account, filled } of orders) this.#count(account, Number(filled))
    this.value += BigInt(limit) * BigInt(this.energy - before)
  }

  join(other: Step): void {
    this.value += other.value
    for (const [account, energy] of other.byAccount) this.#count(account, energy)
  }

  get isTold(): boolean {
    return this.byAccount.size >= stepAccountsMin && 2 * this.#most <= this.energy
  }

  #count(account: number, energy: number): void {
    const all = (this.byAccount.get(account) ?? 0) + energy
    this.byAccount.set(account, all)
    this.energy += energy
    if (all > this.#most) this.#most = all
  }
}

/** @param direction 1 where the lowest limit is the keenest, −1 where the highest is */
function stepsOf(orders: readonly FilledOrder[], direction: 1 | -1): readonly CurveStep[] | null {
  const levels = new Map<number, FilledOrder[]>()
  let all = 0
  for (const order of orders) {
    const limit = Number(order.limit)
    const level = levels.get(limit)
    if (level === undefined) levels.set(limit, [order])
    else level.push(order)
    all += Number(order.filled)
  }
  const limits = Float64Array.from(levels.keys()).sort()
  if (direction === -1) limits.reverse()
  const steps: Step[] = []
  let open = new Step()
  for (const limit of limits) {
    open.add(limit, levels.get(limit) ?? [])
    if (!open.isTold || open.energy * stepsMax < all) continue
    steps.push(open)
    open = new Step()
  }
  if (open.energy > 0) {
    const before = steps.pop()
    if (before !== undefined) open.join(before)
    if (open.isTold) steps.push(open)
    if (steps.length === 0) return null
  }
  const divide = direction === 1 ? ceilDivide : floorDivide
  return steps.map(({ energy, value }) => ({
    energy: WattHours.from(BigInt(energy)),
    limit: MicrosPerKwh.from(divide(value, BigInt(energy))),
  }))
}
