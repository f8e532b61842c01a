import { autoregressive, random } from './random.ts'

/**
 * The share of a cloudless sky's light that arrives at each site, per interval.
 *
 * The region has one slow process (a front takes hours), each grid area a faster one (a cloud takes
 * minutes) and each site a little of its own. The sum goes through a logistic curve, because a sky
 * is mostly clear or mostly covered and seldom between; edges of clouds may add a little light.
 */
export function clearness(
  seed: number,
  gridAreas: readonly string[],
  intervals: number,
): readonly Float64Array[] {
  const region = series(autoregressive(random(seed, 'front'), 0.985), intervals)
  const areas = new Map<string, Float64Array>()
  return gridAreas.map((area, site) => {
    let clouds = areas.get(area)
    if (clouds === undefined) {
      clouds = series(autoregressive(random(seed, 'clouds', area), 0.9), intervals)
      areas.set(area, clouds)
    }
    const own = series(autoregressive(random(seed, 'shade', site), 0.7), intervals)
    return region.map((front, k) => {
      const cover = 1.1 * front + 0.8 * (clouds[k] ?? 0) + 0.3 * (own[k] ?? 0)
      const open = 1 / (1 + Math.exp(-(1.2 + 1.6 * cover)))
      return 0.18 + 0.86 * open
    })
  })
}

function series(next: () => number, length: number): Float64Array {
  return Float64Array.from({ length }, next)
}
