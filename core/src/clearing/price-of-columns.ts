import { assert } from '../errors/index.ts'
import {
  addEnergy, cover, emptyHistogram, type EnergyHistogram, ordersOfBucket,
} from './energy-histogram.ts'
import { checkSideEnergy } from './order.ts'
import { chunkLength, energyOfSides, type OrderColumns, rangeOfLimits } from './order-columns.ts'

/**
 * The price of an auction, without sorting its orders; null if one side is empty. Where the best
 * price trades nothing, that price: the caller sees it from the energy.
 *
 * Let `G(p)` be what buyers want at `p` or above less what sellers offer *below* `p`. Going up it
 * falls at each limit by the energy of all orders there, buys and sells alike, from all demand down
 * to minus all supply. So where it crosses zero is a weighted quantile of the limits:
 *
 * - `lower`, the first limit at which the orders at or below it hold all demand or more;
 * - `upper`, the first at which they hold more.
 *
 * If they are one limit, it is the price: the sellers below it and the buyers above it all trade.
 * Otherwise nobody has a limit between them, what is wanted above `lower` is what is offered below
 * `upper`, and nothing is left over from `lower` (from just above it if a buyer's limit is there)
 * to `upper` (to just below it if a seller's is there): the price is the middle of that range. It
 * is empty only when the two are neighbours, with a buyer at the lower and a seller at the upper;
 * then the price is the one that leaves less over, or between equals `lower`, which leaves demand.
 *
 * @throws Fault CLEARING_ORDER_INVALID or CLEARING_ENERGY_TOO_LARGE.
 */
export function priceOfColumns(columns: OrderColumns): number | null {
  const { histogram, buyWh, sellWh } = readColumns(columns)
  if (buyWh === 0 || sellWh === 0) return null
  const { lower, upper } = quantile(columns.limit, columns.energy, histogram, buyWh)
  if (lower === upper) return lower

  const marginal = marginalEnergy(columns, lower, upper)
  const from = marginal.buyWh === 0 ? lower : lower + 1
  const to = marginal.sellWh === 0 ? upper : upper - 1
  if (from > to) return marginal.buyWh <= marginal.sellWh ? lower : upper
  return Math.floor((from + to) / 2)
}

/** Reads every order once: checks it and adds it up. */
function readColumns(columns: OrderColumns) {
  const { limit, energy } = columns
  const histogram = emptyHistogram(limit.length, limit[0] ?? 0)
  let lowest = Infinity
  let highest = -Infinity
  let buyWh = 0
  let sellWh = 0
  for (let from = 0; from < limit.length; from += chunkLength) {
    const to = Math.min(limit.length, from + chunkLength)
    const range = rangeOfLimits(limit, from, to)
    lowest = Math.min(lowest, range.lowest)
    highest = Math.max(highest, range.highest)
    const energyWh = energyOfSides(columns, from, to)
    buyWh += energyWh.buyWh
    sellWh += energyWh.sellWh
    cover(histogram, lowest, highest)
    addEnergy(histogram, limit, energy, from, to)
  }
  // Sums of more than 2^53 are inexact here, and are still more than the limit.
  checkSideEnergy('buy', buyWh)
  checkSideEnergy('sell', sellWh)
  return { histogram, buyWh, sellWh }
}

/** What buyers with the limit `lower` want, and sellers with the limit `upper` offer. */
function marginalEnergy(columns: OrderColumns, lower: number, upper: number) {
  const { side, energy, limit } = columns
  let buyWh = 0
  let sellWh = 0
  for (let i = 0; i < limit.length; i += 1) {
    if (limit[i] === lower && side[i] === 0) buyWh += energy[i]!
    if (limit[i] === upper && side[i] === 1) sellWh += energy[i]!
  }
  return { buyWh, sellWh }
}

type Quantile = { readonly lower: number; readonly upper: number }

/** From here on a histogram costs more than sorting what is left. */
const sortedCountMax = 64

/**
 * The first limit at which the energy at or below it reaches `targetWh`, and the first at which it
 * exceeds it.
 *
 * The histogram of all orders tells the bucket that holds them; only its orders go on to a finer
 * histogram, and so on: the widest range there is needs four.
 */
function quantile(
  limit: Float64Array,
  energy: Float64Array,
  histogramOfAll: EnergyHistogram,
  targetWh: number,
): Quantile {
  let histogram = histogramOfAll
  let limits = limit
  let energies = energy
  let leftWh = targetWh
  while (limits.length > sortedCountMax) {
    const { energyWh, bucketWidth, firstBucket } = histogram
    let bucket = 0
    while (energyWh[bucket]! < leftWh) {
      leftWh -= energyWh[bucket]!
      bucket += 1
      assert(bucket < energyWh.length, 'all orders hold more energy than the buys')
    }
    const first = (firstBucket + bucket) * bucketWidth
    const next = first + bucketWidth
    if (energyWh[bucket] === leftWh) {
      return { lower: highestBelow(limits, next), upper: lowestFrom(limits, next) }
    }
    if (bucketWidth === 1) return { lower: first, upper: first }

    const inside = ordersOfBucket(histogram, firstBucket + bucket, limits)
    const [coarseLimits, coarseEnergies] = [limits, energies]
    limits = Float64Array.from(inside, (i) => coarseLimits[i]!)
    energies = Float64Array.from(inside, (i) => coarseEnergies[i]!)
    histogram = emptyHistogram(limits.length, first)
    cover(histogram, first, next - 1)
    addEnergy(histogram, limits, energies, 0, limits.length)
  }
  return quantileBySorting(limits, energies, leftWh)
}

function highestBelow(limits: Float64Array, price: number): number {
  let highest = -Infinity
  for (let i = 0; i < limits.length; i += 1) {
    if (limits[i]! < price && limits[i]! > highest) highest = limits[i]!
  }
  return highest
}

function lowestFrom(limits: Float64Array, price: number): number {
  let lowest = Infinity
  for (let i = 0; i < limits.length; i += 1) {
    if (limits[i]! >= price && limits[i]! < lowest) lowest = limits[i]!
  }
  return lowest
}

function quantileBySorting(
  limits: Float64Array,
  energies: Float64Array,
  targetWh: number,
): Quantile {
  const order = Array.from(limits.keys()).sort((a, b) => limits[a]! - limits[b]!)
  let cumulatedWh = 0
  let lower: number | undefined
  for (const i of order) {
    cumulatedWh += energies[i]!
    if (cumulatedWh >= targetWh) lower ??= limits[i]!
    if (cumulatedWh > targetWh && lower !== undefined) return { lower, upper: limits[i]! }
  }
  assert(false, 'all orders hold more energy than the buys')
}
