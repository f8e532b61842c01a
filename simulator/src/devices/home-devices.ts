import type { DeviceKind } from '@busbar/protocols/device-readings'
import type { Flow } from '../agents/index.ts'
import { type District, random, type Site } from '../scenario/index.ts'
import { type Car, createCar, shareOfHeatPump } from './loads.ts'

/** What a device shows of itself: two counters that only go up, and how full it is. */
export type DeviceState = {
  readonly device: number
  readonly kind: DeviceKind
  readonly inWh: number
  readonly outWh: number
  readonly chargeBasisPoints: number | null
  readonly isPluggedIn: boolean | null
}

/**
 * The devices behind one site's meter, counted by their own counters. With the meter they make one
 * sum in every interval: what the panels gave, was taken in and came out of the battery is what was
 * used, given out and put into battery and car.
 */
export type HomeDevices = {
  /** Counts interval `n` of the day. `storedWh` is what the battery holds at its end. */
  readonly count: (n: number, flow: DeviceFlow, actual: Actual, storedWh: number) => void
  readonly states: () => readonly DeviceState[]
}

/** Homes, what they have, and what they use and make: as much of a district as devices need. */
export type Equipped = Pick<District, 'startMs' | 'intervalMs'> & {
  readonly sites: readonly Pick<Site, 'name' | 'pvWp' | 'batteryWh'>[]
  readonly series: Pick<District['series'], 'loadWh' | 'pvWh'>
}

/** What the battery did, and what was not made of the sun, in one interval. */
export type DeviceFlow = Pick<Flow, 'curtailedWh' | 'chargedWh' | 'dischargedWh'>

type Actual = { readonly loadWh: number; readonly pvWh: number }

/** Every fifth site has devices that nobody has connected: its owner sees what to do. */
export const tellsNothing = (site: number): boolean => site % 5 === 4

/** A counter of a device and how it is full, as they are while the day goes on. */
type Counter = { inWh: number; outWh: number }

export function createHomeDevices(
  district: Equipped,
  seed: number,
  site: number,
): HomeDevices {
  const { pvWp = 0, batteryWh = 0 } = district.sites[site] ?? {}
  const draw = random(seed, 'devices', site)
  const counter = (): Counter => ({
    inWh: draw.integer(5_000_000),
    outWh: draw.integer(5_000_000),
  })
  const [solar, battery, charger, pump] = [counter(), counter(), counter(), counter()]
  solar.inWh = 0
  charger.outWh = 0
  pump.outWh = 0
  const car: Car | undefined = site % 3 === 0 ? createCar(district, seed, site) : undefined
  const hasPump = site % 4 === 1
  let storedWh = Math.floor(batteryWh / 2)
  const states: Record<DeviceKind, () => Omit<DeviceState, 'device' | 'kind'>> = {
    solar: () => ({ ...solar, ...unsaid }),
    battery: () => ({ ...battery, ...unsaid, chargeBasisPoints: shareOf(storedWh, batteryWh) }),
    car_charger: () => ({ ...charger, ...(car?.state() ?? unsaid) }),
    heat_pump: () => ({ ...pump, ...unsaid }),
  }
  const kinds: readonly DeviceKind[] = [
    ...(pvWp > 0 ? ['solar' as const] : []),
    ...(batteryWh > 0 ? ['battery' as const] : []),
    ...(car === undefined ? [] : ['car_charger' as const]),
    ...(hasPump ? ['heat_pump' as const] : []),
  ]
  return {
    count(n, flow, { loadWh, pvWh }, stored) {
      solar.outWh += pvWh - flow.curtailedWh
      battery.inWh += flow.chargedWh
      battery.outWh += flow.dischargedWh
      storedWh = stored
      // Car and heat pump are part of what the site uses: they add nothing to its load.
      const chargedWh = car?.charge(n, loadWh) ?? 0
      charger.inWh += chargedWh
      if (hasPump) pump.inWh += shareOfHeatPump(loadWh - chargedWh)
    },
    states: () => kinds.map((kind, device) => ({ device, kind, ...states[kind]() })),
  }
}

const unsaid = { chargeBasisPoints: null, isPluggedIn: null } as const

const shareOf = (storedWh: number, capacityWh: number): number =>
  Math.floor((10_000 * storedWh) / capacityWh)
