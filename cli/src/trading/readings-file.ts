import { Fault } from '@busbar/core/errors'
import type { ReadingItem } from '@busbar/protocols/api'
import { UsageError } from '../cli-error.ts'
import { readRows, shownField } from '../csv-rows.ts'
import { type Calendar, intervalOf } from '../desk/times.ts'

/** The columns of a file of readings; its first line names them, in any sequence. */
export const readingColumns = ['meter', 'boundary', 'version', 'import_wh', 'export_wh'] as const

type Column = (typeof readingColumns)[number]

/** So many at most: what a retailer has of a month of quarter-hours of fifty customers. */
export const readingsMax = 200_000

const limits: Readonly<Record<Exclude<Column, 'boundary'>, number>> = {
  meter: 4_294_967_295,
  version: 255,
  import_wh: 10 ** 15,
  export_wh: 10 ** 15,
}

/**
 * The readings of a CSV text (RFC 4180, comma, header; LF or CRLF). A boundary is the interval that
 * begins at it, by number or time:
 *
 * ```text
 * meter,boundary,version,import_wh,export_wh
 * 3,2026-06-01T14:00Z,0,120500,4100
 * ```
 *
 * @throws Fault READINGS_FILE_INVALID naming line, column and limit
 */
export function parseReadings(text: string, calendar: Calendar): readonly ReadingItem[] {
  const readings: ReadingItem[] = []
  const lines = new Map<string, number>()
  let layout: Readonly<Record<Column, number>> | undefined
  readRows(text, (fields, line) => {
    if (layout === undefined) {
      layout = layoutOf(fields, line)
      return
    }
    const reading = readingOf(fields, layout, line, calendar)
    const key = `${reading.meter}/${reading.boundary}/${reading.version}`
    const before = lines.get(key)
    if (before !== undefined) {
      throw invalid(line, 'row', `one of a meter, boundary and version; line ${before} has it`, key)
    }
    lines.set(key, line)
    readings.push(reading)
    if (readings.length > readingsMax) {
      throw invalid(line, 'row', `at most ${readingsMax} readings`, '')
    }
  }, invalid)
  if (layout === undefined) throw invalid(1, 'header', readingColumns.join(','), '')
  if (readings.length === 0) throw invalid(2, 'row', 'at least one reading', '')
  return readings
}

function layoutOf(fields: readonly string[], line: number): Readonly<Record<Column, number>> {
  const isExact =
    fields.length === readingColumns.length &&
    readingColumns.every((name) => fields.includes(name))
  if (!isExact) throw invalid(line, 'header', readingColumns.join(','), fields.join(','))
  return Object.fromEntries(
    readingColumns.map((name) => [name, fields.indexOf(name)]),
  ) as Readonly<Record<Column, number>>
}

function readingOf(
  fields: readonly string[],
  layout: Readonly<Record<Column, number>>,
  line: number,
  calendar: Calendar,
): ReadingItem {
  if (fields.length !== readingColumns.length) {
    throw invalid(line, 'row', `${readingColumns.length} fields`, fields.join(','))
  }
  const whole = (column: Exclude<Column, 'boundary'>): number => {
    const text = fields[layout[column]] ?? ''
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
    if (value <= limits[column]) return value
    throw invalid(line, column, `a whole number from 0 to ${limits[column]}`, text)
  }
  return {
    meter: whole('meter'),
    boundary: boundaryOf(fields[layout.boundary] ?? '', line, calendar),
    version: whole('version'),
    importWh: whole('import_wh'),
    exportWh: whole('export_wh'),
  }
}

function boundaryOf(text: string, line: number, calendar: Calendar): number {
  const limit = 'an interval by number, or the time it begins at, such as 2026-06-01T14:00Z'
  // What counts from the next open interval means something else a minute later.
  if (text.startsWith('+')) throw invalid(line, 'boundary', limit, text)
  try {
    return intervalOf(text, calendar, 'boundary')
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw invalid(line, 'boundary', limit, text)
  }
}

const invalid = (line: number, column: string, limit: string, value: string): Fault =>
  new Fault('READINGS_FILE_INVALID', { line, column, limit, value: shownField(value) })
