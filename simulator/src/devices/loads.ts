import { random } from '../scenario/index.ts'
import type { Equipped } from './home-devices.ts'

/** A car that is charged at home. */
export type Car = {
  /** What it takes of a load in interval `n` of the day; it drives in between. */
  readonly charge: (n: number, loadWh: number) => number
  readonly state: () => {
    readonly chargeBasisPoints: number | null
    readonly isPluggedIn: boolean
  }
}

/** Of what goes in arrives so much, in per cent; it stops when it is so full. */
const car = { efficiency: 90, fullPercent: 90, powerW: 11_000, leavesPercent: 15 } as const

/**
 * The car of a site. What it takes is what the site's load has above its own usual: the load stays
 * as the scenario has it, and the meter shows the same with a car or without. Every other one is
 * away by day, and comes home emptier.
 */
export function createCar(
  { series, startMs, intervalMs }: Pick<Equipped, 'series' | 'startMs' | 'intervalMs'>,
  seed: number,
  site: number,
): Car {
  const draw = random(seed, 'car', site)
  const capacityWh = 1_000 * (40 + draw.integer(38))
  const isAwayByDay = site % 2 === 1
  const [leaves, comes] = [7 + draw.integer(2), 16 + draw.integer(3)]
  const usualWh = usualOf(series.loadWh[site] ?? new Int32Array())
  const limitWh = Math.floor((car.powerW * intervalMs) / 3_600_000)
  let storedWh = Math.floor((capacityWh * (30 + draw.integer(30))) / 100)
  let isHome = true
  const isHomeAt = (n: number): boolean => {
    const hour = ((startMs + n * intervalMs) / 3_600_000) % 24
    return !isAwayByDay || hour < leaves || hour >= comes
  }
  return {
    charge(n, loadWh) {
      const wasHome = isHome
      isHome = isHomeAt(n)
      if (isHome && !wasHome) {
        const driven = Math.floor((capacityWh * car.leavesPercent) / 100)
        storedWh = Math.max(Math.floor(capacityWh / 10), storedWh - driven)
      }
      const isFull = storedWh * 100 >= capacityWh * car.fullPercent
      if (!isHome || isFull) return 0
      const chargedWh = Math.min(Math.max(0, loadWh - usualWh), limitWh)
      storedWh += Math.floor((chargedWh * car.efficiency) / 100)
      return chargedWh
    },
    // Nobody is at the charger to say how full a car is that is away.
    state: () => ({
      chargeBasisPoints: isHome ? Math.floor((10_000 * storedWh) / capacityWh) : null,
      isPluggedIn: isHome,
    }),
  }
}

/** A heat pump's share of what is used besides. */
export const shareOfHeatPump = (usedWh: number): number => Math.floor((usedWh * 2) / 5)

/** What two in five intervals of the day stay below. */
function usualOf(loadWh: Int32Array): number {
  const sorted = loadWh.toSorted()
  return sorted[Math.floor((sorted.length * 2) / 5)] ?? 0
}
