import { assert } from '../errors/index.ts'

/**
 * Energy by limit price, buys and sells together, in buckets of equal width.
 *
 * Bucket numbers are absolute: bucket `n` holds the limits from `n·bucketWidth` up to the next
 * bucket. The width is a power of two, so that dividing by it is exact.
 */
export type EnergyHistogram = {
  energyWh: Float64Array
  bucketWidth: number
  /** The number of the bucket `energyWh[0]`. */
  firstBucket: number
}

/** Fills the first cache of any processor, with its 32 kB. */
const bucketCountMax = 4_096

export function emptyHistogram(orderCount: number, price: number): EnergyHistogram {
  let bucketCount = 64
  while (bucketCount < orderCount && bucketCount < bucketCountMax) bucketCount *= 2
  return { energyWh: new Float64Array(bucketCount), bucketWidth: 1, firstBucket: price }
}

/** Makes room for limits from `lowest` to `highest`, which include all that were added before. */
export function cover(histogram: EnergyHistogram, lowest: number, highest: number): void {
  const { energyWh, bucketWidth, firstBucket } = histogram
  const count = energyWh.length
  let width = bucketWidth
  while (Math.floor(highest / width) - Math.floor(lowest / width) >= count) width *= 2
  const first = Math.floor(lowest / width)
  if (width === bucketWidth && first === firstBucket) return

  histogram.energyWh = new Float64Array(count)
  histogram.bucketWidth = width
  histogram.firstBucket = first
  const merged = width / bucketWidth
  for (let i = 0; i < count; i += 1) {
    if (energyWh[i] === 0) continue
    const bucket = Math.floor((firstBucket + i) / merged) - first
    assert(bucket >= 0 && bucket < count, 'what is covered stays covered')
    histogram.energyWh[bucket] = histogram.energyWh[bucket]! + energyWh[i]!
  }
}

/** Adds the orders `from` up to `to`, whose limits are covered. */
export function addEnergy(
  histogram: EnergyHistogram,
  limits: Float64Array,
  energies: Float64Array,
  from: number,
  to: number,
): void {
  const { energyWh, bucketWidth, firstBucket } = histogram
  const perWidth = 1 / bucketWidth
  for (let i = from; i < to; i += 1) {
    const bucket = (Math.floor(limits[i]! * perWidth) - firstBucket) | 0
    energyWh[bucket] = energyWh[bucket]! + energies[i]!
  }
}

/** The indices of the orders in bucket `number`. */
export function ordersOfBucket(
  histogram: EnergyHistogram,
  number: number,
  limits: Float64Array,
): readonly number[] {
  const perWidth = 1 / histogram.bucketWidth
  const chosen: number[] = []
  for (let i = 0; i < limits.length; i += 1) {
    // Equality is rare, so the processor guesses well; two comparisons would each be a coin toss.
    if (Math.floor(limits[i]! * perWidth) === number) chosen.push(i)
  }
  return chosen
}
