import { assert } from '../errors/index.ts'
import { checkLengths, chunkLength, type OrderColumns } from './order-columns.ts'
import { priceOfColumns } from './price-of-columns.ts'
import { ration } from './ration.ts'

/** Sorts `orders`, which holds indices of orders, by ascending id in place. */
export type RankOrders = (orders: Uint32Array) => void

/** As `Clearing`, with the fill of order `i` (0 for none) in `fills[i]`. */
export type ColumnsClearing = {
  readonly priceMicrosPerKwh: number | null
  readonly energyWh: number
  readonly fills: Float64Array
}

/**
 * Clears one interval by the rule of `clearNaive`, in time proportional to the number of orders.
 *
 * Nothing is sorted but the orders exactly at the price, by `rank`: the price comes from
 * histograms, and who fills whole from one comparison per order.
 *
 * @throws Fault CLEARING_ORDERS_TOO_MANY, CLEARING_ORDER_INVALID or CLEARING_ENERGY_TOO_LARGE.
 */
export function clearColumns(columns: OrderColumns, rank: RankOrders): ColumnsClearing {
  checkLengths(columns)
  const fills = new Float64Array(columns.side.length)
  const price = priceOfColumns(columns)
  if (price === null) return { priceMicrosPerKwh: null, energyWh: 0, fills }

  const better = fillBetter(columns, price, fills)
  const { buys, sells } = sidesOf(columns, better.marginal)
  const demandWh = better.buyWh + buys.energyWh
  const supplyWh = better.sellWh + sells.energyWh
  const energyWh = Math.min(demandWh, supplyWh)
  // Then no limit is better than the price, and nothing was filled.
  if (energyWh === 0) return { priceMicrosPerKwh: null, energyWh, fills }

  if (demandWh > supplyWh) rank(buys.orders)
  if (supplyWh > demandWh) rank(sells.orders)
  ration(columns.energy, buys.orders, energyWh - better.buyWh, buys.energyWh, fills)
  ration(columns.energy, sells.orders, energyWh - better.sellWh, sells.energyWh, fills)

  const bought = better.buyWh + countShares(columns.energy, buys.orders, fills)
  const sold = better.sellWh + countShares(columns.energy, sells.orders, fills)
  assert(bought === energyWh, 'the energy bought is the energy cleared')
  assert(sold === energyWh, 'the energy sold is the energy cleared')
  // A limit of −0 is a double too; the price it makes is 0.
  return { priceMicrosPerKwh: price + 0, energyWh, fills }
}

/** Fills whole what is better than the price; gathers the orders at the price. */
function fillBetter(columns: OrderColumns, price: number, fills: Float64Array) {
  const marginal: number[] = []
  let buyWh = 0
  let sellWh = 0
  for (let from = 0; from < fills.length; from += chunkLength) {
    const to = Math.min(fills.length, from + chunkLength)
    const marginalCount = fillChunk(columns, price, fills, from, to)
    const counted = countFills(columns, price, fills, from, to)
    buyWh += counted.buyWh
    sellWh += counted.sellWh
    for (let i = from; marginalCount > 0 && i < to; i += 1) {
      if (columns.limit[i] === price) marginal.push(i)
    }
  }
  return { buyWh, sellWh, marginal }
}

/** More than the difference of two limits, and a power of two: a quotient by it is exact. */
const spanMax = 2 ** 41

/**
 * Fills the orders `from` up to `to`: whole if their limit is better than the price, else 0.
 *
 * Random limits make any branch on them a coin toss for the processor, which costs more than all
 * the rest of the loop. Hence the arithmetic on 0 and 1.
 *
 * @returns how many of them have the price for their limit
 */
function fillChunk(
  { side, energy, limit }: OrderColumns,
  price: number,
  fills: Float64Array,
  from: number,
  to: number,
): number {
  const perSpan = 1 / spanMax
  let marginalCount = 0
  for (let i = from; i < to; i += 1) {
    const gain = (limit[i]! - price) * (1 - 2 * side[i]!)
    // The floor is −1 for a gain below zero, and −0 or 0 otherwise; so is it for its negative.
    const isWorse = (Math.floor(gain * perSpan) | 0) & 1
    const isBetter = (Math.floor(-gain * perSpan) | 0) & 1
    fills[i] = energy[i]! * isBetter
    marginalCount += 1 - isWorse - isBetter
  }
  return marginalCount
}

/**
 * The fills of the orders `from` up to `to`, by side, counted again from the result. What must hold
 * of every clearing (design, section 10, line 6) is asserted here, where they are still at hand.
 */
function countFills(
  { side, energy, limit }: OrderColumns,
  price: number,
  fills: Float64Array,
  from: number,
  to: number,
) {
  let allWh = 0
  let sellWh = 0
  let i = from
  for (; i < to; i += 1) {
    const fillWh = fills[i]!
    const soldWh = fillWh * side[i]!
    // Positive for a buy, negative for a sell: its product with the distance of the limit above
    // the price is negative if the limit is broken.
    const signedWh = fillWh - 2 * soldWh
    if (fillWh < 0 || fillWh > energy[i]! || signedWh * (limit[i]! - price) < 0) break
    allWh += fillWh
    sellWh += soldWh
  }
  assert(i === to, 'no fill beyond its order or outside its limit')
  return { buyWh: allWh - sellWh, sellWh }
}

/** The shares of the orders at the price, counted again from the result. */
function countShares(energy: Float64Array, orders: Uint32Array, fills: Float64Array): number {
  let sumWh = 0
  for (const order of orders) {
    assert(fills[order]! >= 0, 'a share is not negative')
    assert(fills[order]! <= energy[order]!, 'no share beyond its order')
    sumWh += fills[order]!
  }
  return sumWh
}

/** The indices in `marginal` and the energy of their orders, by side. */
function sidesOf({ side, energy }: OrderColumns, marginal: readonly number[]) {
  const ofSide = (number: number) => {
    const orders = Uint32Array.from(marginal.filter((i) => side[i] === number))
    return { orders, energyWh: orders.reduce((sum, i) => sum + energy[i]!, 0) }
  }
  return { buys: ofSide(0), sells: ofSide(1) }
}
