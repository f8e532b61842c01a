import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  columnOf,
  DataFileError,
  instantAt,
  type NumberBounds,
  numberAt,
  readTable,
  type Table,
} from '../scenario/index.ts'
import { connections, firstHour, type Homes } from './homes.ts'

const patterns = {
  households: /^household_load_.*15min.*\.csv(\.gz)?$/,
  prosumers: /^prosumer_.*hourly.*\.csv(\.gz)?$/,
} as const

const quarterMs = 900_000
const hourMs = 3_600_000
const dayMs = 86_400_000
/** A meter that was read backwards shows less than nothing: it counts as nothing. */
const bounds: NumberBounds = { min: -1_000_000, max: 1_000_000, unit: 'watt-hours' }

/**
 * The metered households of a data folder, who buy, and its homes with panels, who sell. Hours of
 * the homes are those of the same day of the year, in equal parts.
 *
 * @param options.date the first day; without it the first whole one of the households
 * @throws DataFileError when a file is missing, breaks its form, or does not reach far enough
 */
export function measuredHomes(
  folder: string,
  options: {
    readonly date: string | undefined
    readonly intervals: number
    readonly intervalMs: number
  },
): Homes {
  const { intervals, intervalMs } = options
  const households = tableIn(folder, 'households')
  const prosumers = tableIn(folder, 'prosumers')
  const at = columnOf(households, 'start_utc')
  const isWholeDays = intervals * intervalMs >= dayMs
  const dayStartMs = startOf(households, at, options.date)
  const startMs = dayStartMs + (isWholeDays ? 0 : firstHour * hourMs)
  const first = (startMs - instantAt(households, 0, at)) / quarterMs
  const most = Math.floor(((households.rows.length - first) * quarterMs) / intervalMs)
  if (first < 0 || intervals > most) {
    const limit = `has ${Math.max(0, most)} intervals from there, ${intervals} are wanted`
    throw new DataFileError({ file: households.file }, limit)
  }
  const buyers = households.header.filter((name) => /^h\d+$/.test(name))
  const sellers = prosumers.header.flatMap((name) => /^pv_wh_(\d+)$/.exec(name)?.[1] ?? [])
  const hours = hoursOf(prosumers)
  const span = { startMs, intervals, intervalMs }
  const made = sellers.map((home) => prosumer(prosumers, hours, home, span))
  const used = buyers.map((home) =>
    household(households, home, first, intervals, intervalMs / quarterMs))
  const outWh = [...made.map((one) => one.outWh), ...used]
  const pvWh = [...made.map((one) => one.pvWh), ...used.map(() => new Int32Array(intervals))]
  return {
    source:
      `inter-retailer from ${new Date(startMs).toISOString().slice(0, 10)}, from measured data: ` +
      `${sellers.length} homes with panels and ${buyers.length} metered households`,
    ...{ ...span, outWh, pvWh },
    names: [...sellers.map((home) => `home-${home}`), ...buyers],
    hasPanels: [...sellers.map(() => true), ...buyers.map(() => false)],
    ...connections(outWh, intervalMs),
  }
}

function tableIn(folder: string, what: keyof typeof patterns): Table {
  let names: readonly string[]
  try {
    names = readdirSync(folder).filter((name) => patterns[what].test(name))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new DataFileError({ file: folder }, `must be a folder that can be read (${why})`)
  }
  const [name] = names
  if (name !== undefined && names.length === 1) return readTable(join(folder, name))
  const limit = `must hold exactly one file named like ${patterns[what].source}`
  throw new DataFileError({ file: folder }, `${limit}, has ${names.join(', ') || 'none'}`)
}

function startOf(table: Table, at: number, date: string | undefined): number {
  if (date === undefined) {
    return Math.ceil(instantAt(table, 0, at) / dayMs) * dayMs
  }
  const startMs = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
  if (!Number.isNaN(startMs)) return startMs
  throw new DataFileError({ file: table.file }, `date is "${date}", must be a day like 2018-11-05`)
}

function household(
  table: Table,
  name: string,
  first: number,
  intervals: number,
  quarters: number,
): Int32Array {
  const at = columnOf(table, name)
  return Int32Array.from({ length: intervals }, (_, n) => {
    let sum = 0
    for (let k = 0; k < quarters; k += 1) {
      sum += Math.max(0, Math.round(numberAt(table, first + n * quarters + k, at, bounds)))
    }
    return -sum
  })
}

/** The row of each hour of the year, `07-02T13`. */
function hoursOf(table: Table): ReadonlyMap<string, number> {
  const at = columnOf(table, 'hour_start_local')
  return new Map(table.rows.map((cells, row) => [(cells[at] ?? '').slice(5, 13), row]))
}

function prosumer(
  table: Table,
  hours: ReadonlyMap<string, number>,
  home: string,
  { startMs, intervals, intervalMs }: Pick<Homes, 'startMs' | 'intervals' | 'intervalMs'>,
): { readonly outWh: Int32Array; readonly pvWh: Int32Array } {
  const [load, pv] = [columnOf(table, `load_wh_${home}`), columnOf(table, `pv_wh_${home}`)]
  const parts = hourMs / intervalMs
  const [outWh, pvWh] = [new Int32Array(intervals), new Int32Array(intervals)]
  for (let n = 0; n < intervals; n += 1) {
    const atMs = startMs + n * intervalMs
    const hour = new Date(atMs).toISOString().slice(5, 13)
    const row = hours.get(hour)
    if (row === undefined) throw new DataFileError({ file: table.file }, `must have hour ${hour}`)
    const madeWh = numberAt(table, row, pv, bounds)
    const part = (atMs % hourMs) / intervalMs
    const partOf = (hourWh: number): number =>
      Math.trunc((hourWh * (part + 1)) / parts) - Math.trunc((hourWh * part) / parts)
    outWh[n] = partOf(madeWh - numberAt(table, row, load, bounds))
    // What is left of an hour's watt-hours in a part of it is never used from nowhere.
    pvWh[n] = Math.max(partOf(madeWh), outWh[n] ?? 0)
  }
  return { outWh, pvWh }
}
