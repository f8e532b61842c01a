import { type District, seeded } from '../scenario/index.ts'

/** What flows at the meter of each home, in whole watt-hours an interval. */
export type Homes = {
  readonly source: string
  readonly startMs: number
  readonly intervalMs: number
  readonly intervals: number
  readonly names: readonly string[]
  /** Who may have something to sell. */
  readonly hasPanels: readonly boolean[]
  /** The grid connection, per direction. */
  readonly importWattsMax: readonly number[]
  readonly exportWattsMax: readonly number[]
  /** By home and interval, above zero what goes out: at one moment a meter counts one way. */
  readonly outWh: readonly Int32Array[]
  /** What the panels gave: a home used it, without what went out. */
  readonly pvWh: readonly Int32Array[]
}

const dayMs = 86_400_000
/** A short run begins when panels give something: it has something to trade. */
export const firstHour = 10

/**
 * Seventeen homes by seed, of which a third lives without panels: somebody has to buy. A run of
 * whole days begins at midnight, a shorter one at ten in the morning.
 *
 * @throws RangeError for a date that is no day
 */
export function seededHomes(options: {
  readonly seed: number
  readonly date: string | undefined
  readonly intervals: number
  readonly intervalMs: number
}): Homes {
  const { seed, intervals, intervalMs } = options
  const first = seeded('neighbourhood', options)
  const isWholeDays = intervals * intervalMs >= dayMs
  const startMs = first.startMs + (isWholeDays ? 0 : firstHour * 3_600_000)
  const hasPanels = first.sites.map((_, home) => home % 3 !== 2)
  const nothing = () => first.sites.map(() => new Int32Array(intervals))
  const [outWh, pvWh] = [nothing(), nothing()]
  let [day, district] = [-1, first]
  for (let n = 0; n < intervals; n += 1) {
    const atMs = startMs + n * intervalMs - first.startMs
    if (Math.floor(atMs / dayMs) !== day) {
      day = Math.floor(atMs / dayMs)
      const date = new Date(first.startMs + day * dayMs).toISOString().slice(0, 10)
      district = day === 0 ? first : seeded('neighbourhood', { seed: seed + day, date })
    }
    const from = (atMs - day * dayMs) / district.intervalMs
    for (const [home, flows] of outWh.entries()) {
      const { madeWh, usedWh } = energyOf(district, home, from, intervalMs)
      const givenWh = hasPanels[home] === true ? madeWh : 0
      flows[n] = givenWh - usedWh
      pvWh[home]?.fill(givenWh, n, n + 1)
    }
  }
  return {
    source:
      `inter-retailer from ${new Date(first.startMs).toISOString().slice(0, 10)}, ` +
      `simulated by seed, no measured data: 17 homes of three retailers (seed ${seed})`,
    ...{ startMs, intervalMs, intervals, hasPanels, outWh, pvWh },
    names: first.sites.map(({ name }) => name),
    ...connections(outWh, intervalMs),
  }
}

function energyOf(
  { series, intervalMs: stepMs }: District,
  home: number,
  from: number,
  intervalMs: number,
): { readonly madeWh: number; readonly usedWh: number } {
  const sum = (values: Int32Array | undefined): number =>
    (values ?? new Int32Array())
      .subarray(from, from + intervalMs / stepMs)
      .reduce((all, value) => all + value, 0)
  return { madeWh: sum(series.pvWh[home]), usedWh: sum(series.loadWh[home]) }
}

/** Large enough for what flows, and for as much again. */
export function connections(outWh: readonly Int32Array[], intervalMs: number) {
  const watts = (wattHours: number): number =>
    Math.max(10_000, Math.ceil((2 * wattHours * 3_600_000) / intervalMs / 1_000) * 1_000)
  return {
    importWattsMax: outWh.map((flows) => watts(-flows.reduce((a, b) => Math.min(a, b), 0))),
    exportWattsMax: outWh.map((flows) => watts(flows.reduce((a, b) => Math.max(a, b), 0))),
  }
}
