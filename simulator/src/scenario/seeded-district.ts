import { buildingLoad, homeLoad } from './building-loads.ts'
import type { ScenarioName } from './data-folder.ts'
import { type District, energyOfPower, type Site } from './district.ts'
import { autoregressive, random } from './random.ts'
import { interpolated } from './refine.ts'
import { connected } from './scenario-files.ts'
import { clearSky, type Place, sineOfElevation } from './sun.ts'
import { clearness } from './weather.ts'

const intervalMs = 300_000
const intervals = 288

/** Central Europe's latitude at longitude 0, so that noon is noon in UTC. */
const place: Place = { latitude: 48, longitude: 0 }

/** Inverter, wiring, dirt and heat: what is left of the panel's nameplate. */
const performanceRatio = 0.85

/** A Tuesday close to midsummer. */
const defaultDate = '2025-07-01'

export type SeedOptions = {
  readonly seed: number
  /** `2025-07-01`. */
  readonly date?: string | undefined
}

/**
 * A district without any measured data: 180 buildings with exactly 12,000 kWp of solar, and 60
 * batteries of 150 kWh and 75 kW at the largest. Same seed, same district, to the watt-hour.
 */
export function seededDistrict(options: SeedOptions): District {
  const clock = clockOf(options)
  const { seed } = options
  const loads = Array.from({ length: 180 }, (_, site) => buildingLoad(seed, site, clock))
  const pvWp = sharedOut(12_000_000, panelWeights(seed, loads.length))
  const withBattery = largest(loads.map((load) => mean(load.kilowatts)), 60)
  return assembled({
    name: 'der-to-cash',
    seed,
    clock,
    loads: loads.map((load) => load.kilowatts),
    sites: loads.map((load, i) => ({
      name: `s${String(i + 1).padStart(3, '0')}`,
      kind: load.kind,
      pvWp: pvWp[i] ?? 0,
      batteryWh: withBattery.has(i) ? 150_000 : 0,
      batteryW: withBattery.has(i) ? 75_000 : 0,
      gridArea: `area-${String(1 + (i % 12)).padStart(2, '0')}`,
    })),
    description: '180 buildings, 12 MWp of solar, 60 batteries of 150 kWh',
  })
}

/** Seventeen homes in one street, each with solar and a battery of 6.4 kWh and 5 kW. */
export function seededNeighbourhood(options: SeedOptions): District {
  const clock = clockOf(options)
  const { seed } = options
  const draw = random(seed, 'roofs')
  const loads = Array.from({ length: 17 }, (_, site) => homeLoad(seed, site, clock))
  return assembled({
    name: 'neighbourhood',
    seed,
    clock,
    loads,
    sites: loads.map((_, i) => ({
      name: `home-${i + 1}`,
      kind: 'home',
      pvWp: draw.uniform() < 0.5 ? 4_000 : 5_000,
      batteryWh: 6_400,
      batteryW: 5_000,
      gridArea: 'street',
    })),
    description: '17 homes with solar and batteries of 6.4 kWh',
  })
}

export function seeded(scenario: ScenarioName, options: SeedOptions): District {
  return scenario === 'der-to-cash' ? seededDistrict(options) : seededNeighbourhood(options)
}

type Clock = { readonly startMs: number; readonly intervalMs: number; readonly intervals: number }

function clockOf(options: SeedOptions): Clock {
  const date = options.date ?? defaultDate
  const startMs = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(startMs) || !new Date(startMs).toISOString().startsWith(date)) {
    throw new RangeError(`date is "${date}", must be a day like ${defaultDate}`)
  }
  return { startMs, intervalMs, intervals }
}

function assembled(made: {
  readonly name: string
  readonly seed: number
  readonly clock: Clock
  readonly loads: readonly Float64Array[]
  readonly sites: readonly Omit<Site, 'maxImportW' | 'maxExportW'>[]
  readonly description: string
}): District {
  const { clock, seed } = made
  const sky = clearness(seed, made.sites.map((site) => site.gridArea), clock.intervals)
  const sun = Float64Array.from({ length: clock.intervals }, (_, k) =>
    clearSky(sineOfElevation(clock.startMs + (k + 0.5) * clock.intervalMs, place)),
  )
  const loadWh = made.loads.map((kilowatts) => energyOfPower(kilowatts, clock.intervalMs))
  const pvWh = made.sites.map((site, i) => {
    const kilowatts = sun.map((suns, k) => {
      const share = Math.min(1, suns * (sky[i]?.[k] ?? 0) * performanceRatio)
      return (site.pvWp / 1000) * share
    })
    return energyOfPower(kilowatts, clock.intervalMs)
  })
  return {
    name: made.name,
    source: 'seeded',
    description: `${made.description} (seed ${seed})`,
    startMs: clock.startMs,
    intervalMs: clock.intervalMs,
    intervals: clock.intervals,
    sites: made.sites.map((site, i) =>
      connected({ ...site, maxImportW: null, maxExportW: null }, loadWh[i], pvWh[i], intervalMs),
    ),
    priceKind: 'wholesale',
    currency: 'EUR',
    series: { loadWh, pvWh, priceMicrosPerKwh: wholesalePrices(seed, clock, sun, sky) },
  }
}

/** Hour by hour in micros/kWh: two peaks, and a belly that the sun digs below. */
const priceHours = [
  82, 78, 75, 74, 76, 84, 98, 112, 108, 96, 90, 88, 87, 86, 88, 95, 110, 132, 145, 138, 120, 105,
  94, 86,
].map((perMwh) => perMwh * 1000)

function wholesalePrices(
  seed: number,
  clock: Clock,
  sun: Float64Array,
  sky: readonly Float64Array[],
): Int32Array {
  const source = random(seed, 'wholesale')
  const slow = autoregressive(source, 0.95)
  let spike = 0
  return Int32Array.from(sun, (suns, k) => {
    const hour = ((clock.startMs + k * clock.intervalMs) / 3_600_000) % 24
    const usual = interpolated([...priceHours, priceHours[0] ?? 0], hour)
    const solar = suns * (sky[0]?.[k] ?? 0) * 95_000
    // About three times a day something trips, and the price takes half an hour to forget it.
    spike = source.uniform() < 0.01 ? 60_000 + 140_000 * source.uniform() : spike * 0.6
    return Math.round(usual - solar + 14_000 * slow() + spike)
  })
}

function panelWeights(seed: number, count: number): readonly number[] {
  const draw = random(seed, 'panels')
  return Array.from({ length: count }, () => {
    const drawn = Math.exp(0.8 * draw.normal())
    return Math.min(Math.max(drawn, 0.2), 5)
  })
}

/** Whole shares of `total` in proportion to `weights`, by cumulative rounding: the sum is exact. */
function sharedOut(total: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0)
  let reached = 0
  let given = 0
  return weights.map((weight, i) => {
    reached += weight
    const until = i === weights.length - 1 ? total : Math.round((total * reached) / sum)
    const share = until - given
    given = until
    return share
  })
}

function largest(values: readonly number[], count: number): ReadonlySet<number> {
  const ranked = values.map((value, index) => ({ value, index }))
  ranked.sort((a, b) => b.value - a.value || a.index - b.index)
  return new Set(ranked.slice(0, count).map((item) => item.index))
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
