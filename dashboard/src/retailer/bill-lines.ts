/** Energy that a retailer's own bill asks or pays for, of one meter in one interval. */
export type BillLine = {
  readonly meter: number
  readonly interval: number
  readonly importWh: number
  readonly exportWh: number
}

/** What is wrong with a file, and where; the words are in the catalogues under `check.file.…`. */
export class BillFileError extends Error {
  override readonly name = 'BillFileError'
  readonly reason: 'header' | 'fields' | 'meter' | 'start' | 'energy' | 'twice' | 'many' | 'empty'
  /** Counted from 1. */
  readonly line: number
  readonly value: string

  constructor(reason: BillFileError['reason'], line: number, value: string) {
    super(`line ${line}: ${reason}`)
    this.reason = reason
    this.line = line
    this.value = value.slice(0, shownLengthMax)
  }
}

const shownLengthMax = 60
/** A browser shows so many. */
export const billLinesMax = 20_000

const energyColumns = [
  ['billed_import_wh', 'billed_export_wh'],
  ['import_wh', 'export_wh'],
] as const

/**
 * The lines of a CSV text with a header: `meter`, `start` (an ISO time with its offset) and
 * `billed_import_wh`, `billed_export_wh`, or without `billed_`; other columns do not matter. So
 * `intervals.csv` of `busbar bills` is taken as it is.
 *
 * @param intervalMs of the market
 * @throws BillFileError naming the line
 */
export function parseBillLines(text: string, intervalMs: number): readonly BillLine[] {
  const rows = text.replace(/^\ufeff/, '').split(/\r?\n/)
  const head = fieldsOf(rows[0] ?? '', 1).map((name) => name.toLowerCase())
  const place = (name: string): number => head.indexOf(name)
  const energies = energyColumns.find((names) => names.every((name) => place(name) >= 0))
  if (energies === undefined || place('meter') < 0 || place('start') < 0) {
    throw new BillFileError('header', 1, rows[0] ?? '')
  }
  const columns = [place('meter'), place('start'), ...energies.map(place)]
  const lines = new Map<string, BillLine>()
  for (const [index, row] of rows.entries()) {
    if (index === 0 || row.trim() === '') continue
    const fields = fieldsOf(row, index + 1)
    if (fields.length !== head.length) throw new BillFileError('fields', index + 1, row)
    const line = lineOf(columns.map((column) => fields[column] ?? ''), intervalMs, index + 1)
    const key = `${line.meter}/${line.interval}`
    if (lines.has(key)) throw new BillFileError('twice', index + 1, row)
    if (lines.size === billLinesMax) throw new BillFileError('many', index + 1, '')
    lines.set(key, line)
  }
  if (lines.size === 0) throw new BillFileError('empty', rows.length, '')
  return [...lines.values()].sort((a, b) => a.meter - b.meter || a.interval - b.interval)
}

function lineOf(fields: readonly string[], intervalMs: number, line: number): BillLine {
  const [meter = '', start = '', taken = '', given = ''] = fields
  if (!/^\d{1,9}$/.test(meter)) throw new BillFileError('meter', line, meter)
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.0+)?)?(Z|[+-]\d\d:\d\d)$/.test(start)
  const interval = isTime ? Date.parse(start) / intervalMs : Number.NaN
  if (!Number.isSafeInteger(interval) || interval < 0) throw new BillFileError('start', line, start)
  const [importWh, exportWh] = [taken, given].map((value) => {
    if (!/^\d{1,12}$/.test(value)) throw new BillFileError('energy', line, value)
    return Number(value)
  })
  return { meter: Number(meter), interval, importWh: importWh ?? 0, exportWh: exportWh ?? 0 }
}

/** One row of RFC 4180, without line breaks inside of fields. */
function fieldsOf(row: string, line: number): readonly string[] {
  const fields: string[] = []
  const pattern = /\s*(?:"((?:[^"]|"")*)"|([^",]*))\s*(,|$)/y
  for (let isLast = false; !isLast; ) {
    const match = pattern.exec(row)
    if (match === null) throw new BillFileError('fields', line, row)
    fields.push((match[1]?.replaceAll('""', '"') ?? match[2] ?? '').trim())
    isLast = match[3] !== ','
  }
  return fields
}
