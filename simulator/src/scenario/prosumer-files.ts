import { columnOf, DataFileError, instantAt, numberAt, type Table } from './csv.ts'
import { type District, energyOfPower } from './district.ts'
import { meanPreservingSplit } from './refine.ts'
import { connected, dateMs, fileBounds, priceColumn } from './scenario-files.ts'

const hourMs = 3_600_000
const intervalMs = 300_000
const hoursPerDay = 24
const partsPerHour = hourMs / intervalMs

/**
 * One day of homes with solar from an hourly table, cut into five-minute intervals.
 *
 * Each hour keeps its energy; inside it runs a straight line between the neighbours. Without a date
 * the day with the most sunshine on the roofs is taken.
 *
 * @throws DataFileError
 */
export function parseNeighbourhood(files: {
  readonly homes: Table
  readonly hourly: Table
  readonly date: string | undefined
}): District {
  const { homes, hourly } = files
  const names = homeNames(homes)
  const first = files.date === undefined ? sunniestDay(hourly, names) : dayAt(hourly, files.date)
  const startMs = instantAt(hourly, first, columnOf(hourly, 'hour_start_local'))
  const loadWh = names.map((name) => splitColumn(hourly, `load_wh_${name}`, first))
  const pvWh = names.map((name) => splitColumn(hourly, `pv_wh_${name}`, first))
  const price = priceColumn(hourly)
  const kilo = (row: number, column: string): number =>
    Math.round(numberAt(homes, row, columnOf(homes, column), fileBounds.powerKw) * 1000)
  const sites = names.map((name, i) =>
    connected(
      {
        name: `home-${name}`,
        kind: 'home',
        pvWp: kilo(i, 'pv_kwp_nominal'),
        batteryWh: kilo(i, 'battery_kwh'),
        batteryW: kilo(i, 'battery_kw'),
        maxImportW: null,
        maxExportW: null,
        gridArea: 'street',
      },
      loadWh[i],
      pvWh[i],
      intervalMs,
    ),
  )
  const intervals = hoursPerDay * partsPerHour
  return {
    name: 'neighbourhood',
    source: 'data',
    description: `${sites.length} homes with solar and batteries, hours cut into 5 minutes`,
    startMs,
    intervalMs,
    intervals,
    sites,
    priceKind: 'retail',
    currency: price.currency,
    series: {
      loadWh,
      pvWh,
      priceMicrosPerKwh: Int32Array.from({ length: intervals }, (_, k) =>
        price.micros(first + Math.floor(k / partsPerHour)),
      ),
    },
  }
}

function homeNames(homes: Table): readonly string[] {
  const at = columnOf(homes, 'home')
  const seen = new Set<string>()
  return homes.rows.map((cells, row) => {
    const name = cells[at] ?? ''
    const place = { file: homes.file, line: row + 2, column: 'home' }
    if (!/^[a-z0-9-]{1,27}$/.test(name)) {
      throw new DataFileError(place, 'must be 1 to 27 of a-z, 0-9 and -')
    }
    if (seen.has(name)) throw new DataFileError(place, `${name} must be named once`)
    seen.add(name)
    return name
  })
}

/** The row of the midnight that begins `date`. */
function dayAt(hourly: Table, date: string): number {
  const at = columnOf(hourly, 'hour_start_local')
  const wanted = dateMs(hourly.file, date)
  const row = (wanted - instantAt(hourly, 0, at)) / hourMs
  if (!isWholeDay(hourly, at, row)) {
    throw new DataFileError({ file: hourly.file }, `must have all 24 hours of ${date}`)
  }
  return row
}

function isWholeDay(hourly: Table, at: number, row: number): boolean {
  if (!Number.isInteger(row) || row < 0 || row + hoursPerDay > hourly.rows.length) return false
  const startMs = instantAt(hourly, row, at)
  if (startMs % (hoursPerDay * hourMs) !== 0) return false
  for (let hour = 1; hour < hoursPerDay; hour += 1) {
    if (instantAt(hourly, row + hour, at) !== startMs + hour * hourMs) return false
  }
  return true
}

function sunniestDay(hourly: Table, names: readonly string[]): number {
  const at = columnOf(hourly, 'hour_start_local')
  const columns = names.map((name) => columnOf(hourly, `pv_wh_${name}`))
  let best = -1
  let bestWh = -1
  for (let row = 0; row + hoursPerDay <= hourly.rows.length; row += 1) {
    if (hourly.rows[row]?.[at]?.endsWith('T00:00') !== true) continue
    if (!isWholeDay(hourly, at, row)) continue
    let sumWh = 0
    for (let hour = row; hour < row + hoursPerDay; hour += 1) {
      for (const column of columns) sumWh += numberAt(hourly, hour, column, fileBounds.energyWh)
    }
    if (sumWh > bestWh) {
      best = row
      bestWh = sumWh
    }
  }
  if (best < 0) throw new DataFileError({ file: hourly.file }, 'must have one whole day of hours')
  return best
}

/** The neighbouring hours shape the ends of the day, where the file has them. */
function splitColumn(hourly: Table, column: string, first: number): Int32Array {
  const at = columnOf(hourly, column)
  const from = Math.max(0, first - 1)
  const to = Math.min(hourly.rows.length, first + hoursPerDay + 1)
  const kilowatts = Float64Array.from(
    { length: to - from },
    (_, i) => numberAt(hourly, from + i, at, fileBounds.energyWh) / 1000,
  )
  const split = meanPreservingSplit(kilowatts, partsPerHour)
  const start = (first - from) * partsPerHour
  return energyOfPower(split.slice(start, start + hoursPerDay * partsPerHour), intervalMs)
}
