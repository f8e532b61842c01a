import { type District, seeded } from '../scenario/index.ts'

/** What flows at the meter of each home, in whole watt-hours a quarter of an hour. */
export type Homes = {
  readonly source: string
  readonly startMs: number
  readonly intervalMs: number
  readonly intervals: number
  readonly names: readonly string[]
  /** The grid connection, per direction. */
  readonly importWattsMax: readonly number[]
  readonly exportWattsMax: readonly number[]
  /** By home and interval. At one moment a meter counts one way. */
  readonly flows: readonly (readonly Flow[])[]
}

export type Flow = { readonly importWh: number; readonly exportWh: number }

const intervalMs = 900_000
/** The day begins when panels give something: a short run has something to trade. */
const firstHour = 10

/** Every third home lives without panels of its own: somebody has to buy. */
export const hasPanels = (home: number): boolean => home % 3 !== 2

/**
 * Seventeen homes by seed, from ten in the morning to ten the next day. After midnight comes the
 * same day's night once more.
 *
 * @throws RangeError for a date that is no day
 */
export function seededHomes(options: {
  readonly seed: number
  readonly date: string | undefined
  readonly intervals: number
}): Homes {
  const district = seeded('neighbourhood', options)
  const perDay = (24 * 3_600_000) / intervalMs
  const first = (firstHour * 3_600_000) / intervalMs
  const flows = district.sites.map((_, home) =>
    Array.from({ length: options.intervals }, (_, k) =>
      flowOf(district, home, (first + k) % perDay),
    ),
  )
  return {
    source:
      `inter-retailer from ${new Date(district.startMs).toISOString().slice(0, 10)}, ` +
      `simulated by seed, no measured data: 17 homes of three retailers (seed ${options.seed})`,
    startMs: district.startMs + firstHour * 3_600_000,
    intervalMs,
    intervals: options.intervals,
    names: district.sites.map(({ name }) => name),
    importWattsMax: district.sites.map(({ maxImportW }) => maxImportW),
    exportWattsMax: district.sites.map(({ maxExportW }) => maxExportW),
    flows,
  }
}

function flowOf({ series, intervalMs: step }: District, home: number, quarter: number): Flow {
  const steps = intervalMs / step
  const sum = (values: Int32Array | undefined): number =>
    (values ?? new Int32Array()).slice(quarter * steps, (quarter + 1) * steps)
      .reduce((all, value) => all + value, 0)
  const made = hasPanels(home) ? sum(series.pvWh[home]) : 0
  const net = made - sum(series.loadWh[home])
  return { importWh: Math.max(0, -net), exportWh: Math.max(0, net) }
}
