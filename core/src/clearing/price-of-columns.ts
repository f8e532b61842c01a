import { assert } from '../errors/index.ts'
import type { ColumnBounds, OrderColumns } from './clear-columns.ts'

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
 * then the price is the one that leaves less over, and `lower`, which leaves demand, between equals.
 */
export function priceOfColumns(columns: OrderColumns, bounds: ColumnBounds): number | null {
  if (bounds.buyWh === 0 || bounds.sellWh === 0) return null
  const { lower, upper } = quantile(columns.limit, columns.energy, bounds)
  if (lower === upper) return lower

  const { buyWh, sellWh } = marginalEnergy(columns, lower, upper)
  const from = buyWh === 0 ? lower : lower + 1
  const to = sellWh === 0 ? upper : upper - 1
  if (from > to) return buyWh <= sellWh ? lower : upper
  return Math.floor((from + to) / 2)
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

/** Fills the first cache of any processor, with its 32 kB, and is read once per call. */
const bucketCountMax = 4_096

/** From here on a histogram costs more than sorting what is left. */
const sortedCountMax = 32

/**
 * The first limit at which the energy at or below it reaches `bounds.buyWh`, and the first at which
 * it exceeds it.
 *
 * One histogram over the range of limits tells the bucket that holds them; only its orders go on to
 * the next, which divides that bucket again.
 */
function quantile(limit: Float64Array, energy: Float64Array, bounds: ColumnBounds): Quantile {
  let limits = limit
  let energies = energy
  let from = bounds.limitMin
  let to = bounds.limitMax
  /** The energy of all orders below `from`. */
  let belowWh = 0
  while (limits.length > sortedCountMax && from < to) {
    const bucketCount = Math.min(bucketCountMax, 2 ** Math.ceil(Math.log2(limits.length)))
    // A power of two, so that multiplying with its inverse is exact.
    let bucketWidth = 1
    while (bucketWidth * bucketCount <= to - from) bucketWidth *= 2
    const buckets = histogram(limits, energies, from, bucketWidth, bucketCount)

    let bucket = 0
    while (belowWh + buckets[bucket]! < bounds.buyWh) {
      belowWh += buckets[bucket]!
      bucket += 1
      assert(bucket < bucketCount, 'all orders hold more energy than the buys')
    }
    const first = from + bucket * bucketWidth
    const last = Math.min(to, first + bucketWidth - 1)
    if (belowWh + buckets[bucket]! === bounds.buyWh) {
      return { lower: highestUpTo(limits, last), upper: lowestFrom(limits, last + 1) }
    }
    from = first
    to = last
    ;[limits, energies] = within(limits, energies, from, to)
  }
  return quantileBySorting(limits, energies, bounds.buyWh - belowWh)
}

function histogram(
  limits: Float64Array,
  energies: Float64Array,
  from: number,
  bucketWidth: number,
  bucketCount: number,
): Float64Array {
  const buckets = new Float64Array(bucketCount)
  const bucketsPerMicro = 1 / bucketWidth
  for (let i = 0; i < limits.length; i += 1) {
    const bucket = ((limits[i]! - from) * bucketsPerMicro) | 0
    buckets[bucket] = buckets[bucket]! + energies[i]!
  }
  return buckets
}

function within(
  limits: Float64Array,
  energies: Float64Array,
  from: number,
  to: number,
): [Float64Array, Float64Array] {
  const chosen: number[] = []
  for (let i = 0; i < limits.length; i += 1) {
    if (limits[i]! >= from && limits[i]! <= to) chosen.push(i)
  }
  return [
    Float64Array.from(chosen, (i) => limits[i]!),
    Float64Array.from(chosen, (i) => energies[i]!),
  ]
}

function highestUpTo(limits: Float64Array, price: number): number {
  let highest = -Infinity
  for (let i = 0; i < limits.length; i += 1) {
    if (limits[i]! <= price && limits[i]! > highest) highest = limits[i]!
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
