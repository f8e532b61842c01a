import { cumulativeWattHours } from './refine.ts'

/** One participant with one meter: a building or a home. */
export type Site = {
  /** 1 to 32 of a-z, 0-9 and -: the participant's name at the exchange. A pseudonym. */
  readonly name: string
  /** What the building is used for; in data of others, whatever its file says. */
  readonly kind: string
  readonly pvWp: number
  readonly batteryWh: number
  readonly batteryW: number
  /** The grid connection, per direction. */
  readonly maxImportW: number
  readonly maxExportW: number
  readonly gridArea: string
}

/** One value per interval, whole, per site where it is nested. */
export type Series = {
  readonly loadWh: readonly Int32Array[]
  readonly pvWh: readonly Int32Array[]
  readonly priceMicrosPerKwh: Int32Array
}

export type District = {
  readonly name: string
  /** Measured data of a folder, or made from a seed. */
  readonly source: 'data' | 'seeded'
  readonly description: string
  /** Start of the first interval, UTC milliseconds. A local clock in data is taken as UTC. */
  readonly startMs: number
  readonly intervalMs: number
  readonly intervals: number
  readonly sites: readonly Site[]
  /**
   * What the price column is: the wholesale price of the hour, or the tariff households pay (some
   * data sets have only that).
   */
  readonly priceKind: 'wholesale' | 'retail'
  /** ISO 4217 code of the price column. */
  readonly currency: string
  readonly series: Series
}

/** One sentence for a person: which data this run uses. */
export function describeSource(district: District): string {
  const day = new Date(district.startMs).toISOString().slice(0, 10)
  const origin =
    district.source === 'data' ? 'from measured data' : 'simulated by seed, no measured data'
  return `${district.name} on ${day}, ${origin}: ${district.description}`
}

/** The first `intervals` intervals of a district. */
export function firstIntervals(district: District, intervals: number): District {
  const kept = Math.min(Math.max(1, Math.floor(intervals)), district.intervals)
  const cut = (values: Int32Array): Int32Array => values.slice(0, kept)
  return {
    ...district,
    intervals: kept,
    series: {
      loadWh: district.series.loadWh.map(cut),
      pvWh: district.series.pvWh.map(cut),
      priceMicrosPerKwh: cut(district.series.priceMicrosPerKwh),
    },
  }
}

export type Totals = {
  readonly loadWh: number
  readonly pvWh: number
  readonly pvWp: number
  readonly batteryWh: number
  readonly batteryW: number
}

export function totals(district: District): Totals {
  const sum = (values: Iterable<number>): number => {
    let total = 0
    for (const value of values) total += value
    return total
  }
  const { sites, series } = district
  return {
    loadWh: sum(series.loadWh.map(sum)),
    pvWh: sum(series.pvWh.map(sum)),
    pvWp: sum(sites.map((site) => site.pvWp)),
    batteryWh: sum(sites.map((site) => site.batteryWh)),
    batteryW: sum(sites.map((site) => site.batteryW)),
  }
}

/** One load or generation series from kilowatts that hold for each interval. */
export function energyOfPower(kilowatts: Float64Array, intervalMs: number): Int32Array {
  const hours = intervalMs / 3_600_000
  return cumulativeWattHours(kilowatts.map((power) => power * hours * 1000))
}
