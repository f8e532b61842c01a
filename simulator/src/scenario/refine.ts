/**
 * Whole watt-hours whose running total never leaves the true one by more than half a watt-hour.
 *
 * Rounding each value alone would add up to a drift; here the total is rounded and each value is
 * the difference of two totals. Non-negative values stay non-negative.
 *
 * @example cumulativeWattHours([0.4, 0.4, 0.4]) // 0, 1, 0
 */
export function cumulativeWattHours(values: ArrayLike<number>): Int32Array {
  const whole = new Int32Array(values.length)
  let total = 0
  let rounded = 0
  for (let k = 0; k < values.length; k += 1) {
    total += values[k] ?? 0
    const next = Math.round(total)
    whole[k] = next - rounded
    rounded = next
  }
  return whole
}

/**
 * Splits each value of a mean power into `parts` shorter ones: linear between the middles of the
 * periods, then scaled so that each period keeps its mean exactly. A zero period stays zero.
 */
export function meanPreservingSplit(means: ArrayLike<number>, parts: number): Float64Array {
  const split = new Float64Array(means.length * parts)
  for (let i = 0; i < means.length; i += 1) {
    const mean = means[i] ?? 0
    let sum = 0
    for (let j = 0; j < parts; j += 1) {
      const value = interpolated(means, i + (j + 0.5) / parts - 0.5)
      split[i * parts + j] = value
      sum += value
    }
    for (let j = 0; j < parts; j += 1) {
      const at = i * parts + j
      split[at] = sum > 0 ? ((split[at] ?? 0) * mean * parts) / sum : mean
    }
  }
  return split
}

/** Linear between neighbours; beyond the ends, the end value. */
export function interpolated(values: ArrayLike<number>, position: number): number {
  const last = values.length - 1
  const at = Math.min(Math.max(position, 0), last)
  const left = Math.floor(at)
  const right = Math.min(left + 1, last)
  const share = at - left
  return (values[left] ?? 0) * (1 - share) + (values[right] ?? 0) * share
}
