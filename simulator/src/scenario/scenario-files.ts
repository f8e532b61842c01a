import { columnOf, DataFileError, instantAt, numberAt } from './csv.ts'
import type { NumberBounds, Table } from './csv.ts'
import type { District, Site } from './district.ts'
import { cumulativeWattHours } from './refine.ts'

/** The limits of what a file may say. `docs/guides/bring-your-own-meters.md` shows them. */
export const fileBounds = {
  energyKwh: { min: 0, max: 100_000, unit: 'kWh' },
  energyWh: { min: 0, max: 100_000_000, unit: 'Wh' },
  pricePerMwh: { min: -100_000, max: 100_000, unit: 'per MWh' },
  pricePerKwh: { min: -100, max: 100, unit: 'per kWh' },
  powerKw: { min: 0, max: 1_000_000, unit: 'kW' },
  capacityKwh: { min: 0, max: 1_000_000, unit: 'kWh' },
} as const satisfies Record<string, NumberBounds>

const siteName = /^[a-z0-9-]{1,32}$/
const sitesMax = 100_000
const dayMs = 86_400_000

export type DistrictFiles = {
  readonly sites: Table
  readonly series: Table
  /** `2019-07-02`: which day of the series; its only or first day when absent. */
  readonly date: string | undefined
}

/**
 * A district from a table of sites and one wide table of five-minute (or other equal) intervals.
 *
 * @throws DataFileError
 */
export function parseDistrict(files: DistrictFiles): District {
  const { series } = files
  const days = daysOf(series)
  const { startMs, intervalMs, first, count } = chosenDay(series, days, files.date)
  const price = priceColumn(series)
  const rows = { first, count }
  const energy = (prefix: 'load' | 'pv', name: string): Int32Array =>
    energyColumn(series, prefix, name, rows)
  const partial = parseSites(files.sites)
  checkEverySiteIsKnown(series, partial)
  const loadWh = partial.map((site) => energy('load', site.name))
  const pvWh = partial.map((site) =>
    hasEnergyColumn(series, 'pv', site.name) ? energy('pv', site.name) : new Int32Array(count),
  )
  const sites = partial.map((site, i) => connected(site, loadWh[i], pvWh[i], intervalMs))
  return {
    name: 'der-to-cash',
    source: 'data',
    description: `${sites.length} sites, ${count} intervals of ${intervalMs / 60_000} minutes`,
    startMs,
    intervalMs,
    intervals: count,
    sites,
    priceKind: 'wholesale',
    currency: price.currency,
    series: {
      loadWh,
      pvWh,
      priceMicrosPerKwh: Int32Array.from({ length: count }, (_, k) => price.micros(first + k)),
    },
  }
}

type Days = { readonly startMs: number; readonly intervalMs: number }

/** Checks that rows follow each other in equal steps, and returns the first start and the step. */
function daysOf(series: Table): Days {
  const at = columnOf(series, 'interval_start')
  const startMs = instantAt(series, 0, at)
  if (series.rows.length < 2) {
    throw new DataFileError({ file: series.file }, 'must have at least two intervals')
  }
  const intervalMs = instantAt(series, 1, at) - startMs
  const column = 'interval_start'
  if (intervalMs < 60_000 || dayMs % intervalMs !== 0 || startMs % intervalMs !== 0) {
    const limit = 'intervals must be whole minutes, divide a day, and start on the clock'
    throw new DataFileError({ file: series.file, line: 3, column }, limit)
  }
  for (let row = 2; row < series.rows.length; row += 1) {
    const wanted = startMs + row * intervalMs
    if (instantAt(series, row, at) !== wanted) {
      const time = new Date(wanted).toISOString().slice(0, 16)
      const limit = `must be ${time}: intervals follow each other`
      throw new DataFileError({ file: series.file, line: row + 2, column }, limit)
    }
  }
  return { startMs, intervalMs }
}

function chosenDay(series: Table, days: Days, date: string | undefined) {
  const { intervalMs } = days
  const rows = series.rows.length
  const startMs = date === undefined ? days.startMs : dateMs(series.file, date)
  const first = (startMs - days.startMs) / intervalMs
  if (!Number.isInteger(first) || first < 0 || first >= rows) {
    const from = new Date(days.startMs).toISOString().slice(0, 10)
    const to = new Date(days.startMs + (rows - 1) * intervalMs).toISOString().slice(0, 10)
    throw new DataFileError({ file: series.file }, `has no ${date}, only ${from} to ${to}`)
  }
  const untilMidnight = (dayMs - (startMs % dayMs)) / intervalMs
  return { startMs, intervalMs, first, count: Math.min(untilMidnight, rows - first) }
}

/** @throws DataFileError when `date` is not a day of the calendar. */
export function dateMs(file: string, date: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
  if (!Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date)) return ms
  throw new DataFileError({ file }, `date is "${date}", must be a day like 2019-07-02`)
}

/** `price_aud_mwh` or `price_usd_kwh`: the currency and the unit are in the column's name. */
export function priceColumn(table: Table): {
  readonly currency: string
  readonly micros: (row: number) => number
} {
  const column = table.header.find((name) => /^price_[a-z]{3}_(mwh|kwh)$/.test(name))
  if (column === undefined) {
    const place = { file: table.file, line: 1, column: 'price_eur_mwh' }
    throw new DataFileError(place, 'is missing (any ISO currency, per mwh or kwh)')
  }
  const at = columnOf(table, column)
  const perMwh = column.endsWith('_mwh')
  const bounds = perMwh ? fileBounds.pricePerMwh : fileBounds.pricePerKwh
  // 1 per MWh is 1,000 micros per kWh: 50 €/MWh is 0.05 €/kWh is 50,000 micros/kWh.
  const scale = perMwh ? 1_000 : 1_000_000
  return {
    currency: column.slice(6, 9).toUpperCase(),
    micros: (row) => Math.round(numberAt(table, row, at, bounds) * scale),
  }
}

const energyPrefixes = ['kwh', 'wh'] as const

function hasEnergyColumn(table: Table, prefix: 'load' | 'pv', site: string): boolean {
  return energyPrefixes.some((unit) => table.header.includes(`${prefix}_${unit}_${site}`))
}

function energyColumn(
  table: Table,
  prefix: 'load' | 'pv',
  site: string,
  rows: { readonly first: number; readonly count: number },
): Int32Array {
  const wh = table.header.indexOf(`${prefix}_wh_${site}`)
  const at = wh >= 0 ? wh : columnOf(table, `${prefix}_kwh_${site}`)
  const bounds = wh >= 0 ? fileBounds.energyWh : fileBounds.energyKwh
  const scale = wh >= 0 ? 1 : 1_000
  const values = new Float64Array(rows.count)
  for (let k = 0; k < rows.count; k += 1) {
    values[k] = numberAt(table, rows.first + k, at, bounds) * scale
  }
  return cumulativeWattHours(values)
}

/** A series without a site would be read by nobody: a misspelt name must not lose a meter. */
function checkEverySiteIsKnown(series: Table, sites: readonly PartialSite[]): void {
  const known = new Set(sites.map((site) => site.name))
  for (const column of series.header) {
    const name = /^(?:load|pv)_k?wh_(.*)$/.exec(column)?.[1]
    if (name !== undefined && !known.has(name)) {
      const place = { file: series.file, line: 1, column }
      throw new DataFileError(place, `names the site ${name}, which the sites file does not have`)
    }
  }
}

type PartialSite = Omit<Site, 'maxImportW' | 'maxExportW'> & {
  readonly maxImportW: number | null
  readonly maxExportW: number | null
}

function parseSites(table: Table): readonly PartialSite[] {
  if (table.rows.length > sitesMax) {
    throw new DataFileError({ file: table.file }, `must have at most ${sitesMax} sites`)
  }
  const at = columnOf(table, 'site')
  const watts = (row: number, column: string): number | null => {
    const place = table.header.indexOf(column)
    const blank = place < 0 || table.rows[row]?.[place] === ''
    return blank ? null : Math.round(numberAt(table, row, place, fileBounds.powerKw) * 1000)
  }
  const number = (row: number, column: string, bounds: NumberBounds): number =>
    Math.round(numberAt(table, row, columnOf(table, column), bounds) * 1000)
  const text = (row: number, column: string, otherwise: string): string =>
    table.rows[row]?.[table.header.indexOf(column)] ?? otherwise
  const seen = new Set<string>()
  return table.rows.map((cells, row) => {
    const name = cells[at] ?? ''
    const place = { file: table.file, line: row + 2, column: 'site' }
    if (!siteName.test(name)) throw new DataFileError(place, 'must be 1 to 32 of a-z, 0-9 and -')
    if (seen.has(name)) throw new DataFileError(place, `${name} must be named once`)
    seen.add(name)
    return {
      name,
      kind: text(row, 'kind', 'building'),
      pvWp: number(row, 'pv_kwp', fileBounds.powerKw),
      batteryWh: number(row, 'battery_kwh', fileBounds.capacityKwh),
      batteryW: number(row, 'battery_kw', fileBounds.powerKw),
      maxImportW: watts(row, 'import_kw_max'),
      maxExportW: watts(row, 'export_kw_max'),
      gridArea: text(row, 'grid_area', 'district'),
    }
  })
}

/**
 * Fills in the grid connection where the file has none: a quarter above the day's highest load, and
 * room for the panels; both with the battery on top. Rounded up to whole kilowatts.
 */
export function connected(
  site: PartialSite,
  loadWh: Int32Array = new Int32Array(0),
  pvWh: Int32Array = new Int32Array(0),
  intervalMs: number,
): Site {
  const perHour = 3_600_000 / intervalMs
  const peakW = (values: Int32Array): number =>
    values.reduce((highest, value) => Math.max(highest, value), 0) * perHour
  const kilowatts = (watts: number): number => Math.max(1, Math.ceil(watts / 1000)) * 1000
  const importW = kilowatts(peakW(loadWh) * 1.25 + site.batteryW)
  const exportW = kilowatts(Math.max(site.pvWp, peakW(pvWh)) + site.batteryW)
  return { ...site, maxImportW: site.maxImportW ?? importW, maxExportW: site.maxExportW ?? exportW }
}
