import { inputInvalid, type OwnReadings } from '@busbar/client/bills'
import { WattHours } from '@busbar/core/units'
import { readRows } from '../csv-rows.ts'

export const readingColumns = ['meter', 'start', 'import_wh', 'export_wh'] as const

const rowsMax = 20_000_000

/**
 * The energies of a CSV text (RFC 4180, comma, header): of each meter and interval what it took in
 * and gave out, watt-hours; `start` is an ISO time with its offset.
 *
 * @throws Fault BILLS_INPUT_INVALID naming line and column
 */
export function parseReadings(text: string, file: string, intervalSeconds: number): OwnReadings {
  const readings = new Map<string, { imported: WattHours; exported: WattHours }>()
  const invalid = (line: number, column: string, limit: string, value?: string) =>
    inputInvalid(file, `line ${line}, ${column}`, limit, value)
  let isHead = true
  readRows(text, (fields, line) => {
    if (isHead) {
      isHead = false
      if (fields.join() === readingColumns.join()) return
      throw invalid(line, 'header', readingColumns.join(), fields.join())
    }
    const [meter = '', start = '', taken = '', given = ''] = fields
    if (fields.length !== 4) throw invalid(line, 'row', '4 fields')
    if (!/^\d{1,9}$/.test(meter)) throw invalid(line, 'meter', 'a number', meter)
    const interval = intervalOf(start, intervalSeconds)
    if (interval === undefined) {
      const limit = 'an ISO time with its offset at which an interval begins'
      throw invalid(line, 'start', limit, start)
    }
    const energy = (value: string, column: string): WattHours => {
      const isWhole = /^\d{1,12}$/.test(value) && BigInt(value) <= WattHours.max
      if (!isWhole) throw invalid(line, column, `0 to ${WattHours.max}`, value)
      return WattHours.from(BigInt(value))
    }
    const key = `${Number(meter)}/${interval}`
    if (readings.has(key)) throw invalid(line, 'start', 'once for each meter', start)
    if (readings.size === rowsMax) throw invalid(line, 'row', `at most ${rowsMax} rows`)
    const [imported, exported] = [energy(taken, 'import_wh'), energy(given, 'export_wh')]
    readings.set(key, { imported, exported })
  }, invalid)
  return readings
}

function intervalOf(text: string, intervalSeconds: number): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.0+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined
  const interval = Date.parse(text) / (intervalSeconds * 1_000)
  return Number.isSafeInteger(interval) && interval >= 0 ? interval : undefined
}
