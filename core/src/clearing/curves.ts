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

/** Sums of orders that lie beside each other. */
class Step {
  energy = 0n
  value = 0n
  readonly byAccount = new Map<number, bigint>()
  #most = 0n

  add({ account, limit, filled }: FilledOrder): void {
    this.energy += filled
    this.value += limit * filled
    this.#count(account, filled)
  }

  join(other: Step): void {
    this.energy += other.energy
    this.value += other.value
    for (const [account, energy] of other.byAccount) this.#count(account, energy)
  }

  get isTold(): boolean {
    return this.byAccount.size >= stepAccountsMin && 2n * this.#most <= this.energy
  }

  #count(account: number, energy: bigint): void {
    const all = (this.byAccount.get(account) ?? 0n) + energy
    this.byAccount.set(account, all)
    if (all > this.#most) this.#most = all
  }
}

/** @param direction 1 where the lowest limit is the keenest, −1 where the highest is */
function stepsOf(orders: readonly FilledOrder[], direction: 1 | -1): readonly CurveStep[] | null {
  const levels = new Map<bigint, FilledOrder[]>()
  for (const order of orders) {
    const level = levels.get(order.limit)
    if (level === undefined) levels.set(order.limit, [order])
    else level.push(order)
  }
  const limits = [...levels.keys()].sort((a, b) => (a < b ? -direction : direction))
  const all = orders.reduce((sum, { filled }) => sum + filled, 0n)
  const steps: Step[] = []
  let open = new Step()
  for (const limit of limits) {
    for (const order of levels.get(limit) ?? []) open.add(order)
    if (!open.isTold || open.energy * BigInt(stepsMax) < all) continue
    steps.push(open)
    open = new Step()
  }
  if (open.energy > 0n) {
    const before = steps.pop()
    if (before !== undefined) open.join(before)
    if (open.isTold) steps.push(open)
    if (steps.length === 0) return null
  }
  const divide = direction === 1 ? ceilDivide : floorDivide
  return steps.map(({ energy, value }) => ({
    energy: WattHours.from(energy),
    limit: MicrosPerKwh.from(divide(value, energy)),
  }))
}
