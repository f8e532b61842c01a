import { autoregressive, random } from './random.ts'
import { interpolated } from './refine.ts'

/**
 * How a kind of building uses power over the day, one figure per hour from midnight, where 1 is its
 * base: what runs at night. `weekend` scales what is above the base.
 *
 * The shapes are ours, drawn to look like published ones (offices rise at seven, halls of residence
 * peak in the evening, laboratories hardly sleep); they are not fitted to any building.
 */
type LoadShape = {
  readonly kind: string
  /** How many of a hundred buildings are of this kind. */
  readonly share: number
  readonly medianBaseKw: number
  readonly hours: readonly number[]
  readonly weekend: number
  /** Standard deviation of the quick noise, as a share of the load. */
  readonly noise: number
}

export const buildingShapes: readonly LoadShape[] = [
  {
    kind: 'office', share: 30, medianBaseKw: 22, weekend: 0.15, noise: 0.03,
    hours: [
      1, 1, 1, 1, 1, 1.1, 1.5, 2.1, 2.7, 3, 3.1, 3.1,
      3, 3, 3, 2.9, 2.6, 2.1, 1.6, 1.3, 1.2, 1.1, 1, 1,
    ],
  },
  {
    kind: 'laboratory', share: 15, medianBaseKw: 110, weekend: 0.5, noise: 0.02,
    hours: [
      1, 1, 1, 1, 1, 1, 1.1, 1.2, 1.35, 1.45, 1.5, 1.5,
      1.5, 1.5, 1.5, 1.45, 1.4, 1.3, 1.2, 1.15, 1.1, 1.05, 1, 1,
    ],
  },
  {
    kind: 'hall', share: 20, medianBaseKw: 30, weekend: 1.05, noise: 0.05,
    hours: [
      1.2, 1.1, 1, 1, 1, 1, 1.2, 1.6, 1.8, 1.7, 1.6, 1.6,
      1.7, 1.7, 1.6, 1.6, 1.8, 2.1, 2.3, 2.3, 2.2, 2, 1.7, 1.4,
    ],
  },
  {
    kind: 'school', share: 15, medianBaseKw: 12, weekend: 0.05, noise: 0.04,
    hours: [
      1, 1, 1, 1, 1, 1.2, 2, 3.2, 4, 4.2, 4.2, 4.2,
      4.1, 4, 3.8, 3, 2.2, 1.6, 1.3, 1.1, 1, 1, 1, 1,
    ],
  },
  {
    kind: 'retail', share: 12, medianBaseKw: 35, weekend: 0.85, noise: 0.03,
    hours: [
      1, 1, 1, 1, 1, 1.1, 1.3, 1.7, 2.3, 2.6, 2.7, 2.8,
      2.8, 2.8, 2.8, 2.8, 2.8, 2.7, 2.5, 2.2, 1.6, 1.2, 1, 1,
    ],
  },
  {
    kind: 'warehouse', share: 8, medianBaseKw: 18, weekend: 0.4, noise: 0.06,
    hours: [
      1, 1, 1, 1, 1.2, 1.6, 2, 2.1, 2.1, 2.1, 2.1, 2,
      2, 2.1, 2.1, 2, 1.9, 1.7, 1.5, 1.3, 1.2, 1.1, 1, 1,
    ],
  },
]

export type BuildingLoad = { readonly kind: string; readonly kilowatts: Float64Array }

/** The load of building number `site`, in kilowatts per interval. */
export function buildingLoad(
  seed: number,
  site: number,
  clock: { readonly startMs: number; readonly intervalMs: number; readonly intervals: number },
): BuildingLoad {
  const draw = random(seed, 'building', site)
  const shape = drawnShape(draw.integer(100))
  const baseKw = shape.medianBaseKw * Math.exp(0.7 * draw.normal())
  // Nobody starts exactly on the hour: each building's day is shifted by up to 45 minutes.
  const shiftHours = (draw.uniform() - 0.5) * 1.5
  const quick = autoregressive(random(seed, 'use', site), 0.6)
  const slow = autoregressive(random(seed, 'day', site), 0.98)
  const kilowatts = new Float64Array(clock.intervals)
  for (let k = 0; k < clock.intervals; k += 1) {
    const at = clock.startMs + k * clock.intervalMs
    const hour = (((at / 3_600_000 + shiftHours) % 24) + 24) % 24
    const weekday = new Date(at).getUTCDay()
    const busy = weekday === 0 || weekday === 6 ? shape.weekend : 1
    const level = 1 + (interpolated([...shape.hours, shape.hours[0] ?? 1], hour) - 1) * busy
    const noise = 1 + shape.noise * quick() + 0.04 * slow()
    kilowatts[k] = baseKw * level * Math.max(0.2, noise)
  }
  return { kind: shape.kind, kilowatts }
}

function drawnShape(ticket: number): LoadShape {
  let bound = 0
  for (const shape of buildingShapes) {
    bound += shape.share
    if (ticket < bound) return shape
  }
  throw new Error('invariant broken: the shares of building kinds add up to a hundred')
}

/** Household hours, as above; what people switch on comes on top as short bursts. */
const homeHours = [
  0.35, 0.3, 0.28, 0.27, 0.28, 0.32, 0.5, 0.65, 0.6, 0.5, 0.48, 0.5, 0.55, 0.55, 0.55, 0.6, 0.75,
  0.95, 1.1, 1.1, 1, 0.85, 0.6, 0.45,
]

const applianceKw = [0.8, 1.2, 1.5, 2, 2.4, 3.5]

/** The load of home number `site`, in kilowatts per interval: a base, noise, and appliances. */
export function homeLoad(
  seed: number,
  site: number,
  clock: { readonly startMs: number; readonly intervalMs: number; readonly intervals: number },
): Float64Array {
  const draw = random(seed, 'home', site)
  const size = Math.exp(0.3 * draw.normal())
  const quick = autoregressive(random(seed, 'people', site), 0.7)
  const kilowatts = new Float64Array(clock.intervals)
  let burstKw = 0
  let burstEnds = 0
  for (let k = 0; k < clock.intervals; k += 1) {
    const hour = ((clock.startMs + k * clock.intervalMs) / 3_600_000) % 24
    const usual = interpolated([...homeHours, homeHours[0] ?? 0], hour)
    if (k >= burstEnds) burstKw = 0
    if (burstKw === 0 && draw.uniform() < usual * 0.05) {
      burstKw = applianceKw[draw.integer(applianceKw.length)] ?? 0
      burstEnds = k + 2 + draw.integer(10)
    }
    kilowatts[k] = size * usual * Math.max(0.3, 1 + 0.15 * quick()) + burstKw
  }
  return kilowatts
}
