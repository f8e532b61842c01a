import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** A data file breaks its form. Says where (line 1 is the header) and what was wanted there. */
export class DataFileError extends Error {
  override readonly name = 'DataFileError'
  readonly file: string
  readonly line: number | undefined
  readonly column: string | undefined
  readonly limit: string

  constructor(place: { file: string; line?: number; column?: string }, limit: string) {
    const line = place.line === undefined ? '' : `, line ${place.line}`
    const column = place.column === undefined ? '' : `, column ${place.column}`
    super(`${basename(place.file)}${line}${column}: ${limit}`)
    this.file = place.file
    this.line = place.line
    this.column = place.column
    this.limit = limit
  }
}

export type Table = {
  readonly file: string
  readonly header: readonly string[]
  /** Cells by row; row 0 is line 2 of the file. Every row is as long as the header. */
  readonly rows: readonly (readonly string[])[]
}

/** A year of five-minute rows is 105,120. */
const rowsMax = 200_000
const bytesMax = 512 * 1024 * 1024

/**
 * Reads a comma-separated file, gzipped or plain, with a header line and no quotes: names and
 * numbers need none, and refusing them is safer than guessing.
 *
 * @throws DataFileError
 */
export function readTable(file: string): Table {
  return parseTable(file, readText(file))
}

export function parseTable(file: string, text: string): Table {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  if (lines.length < 2) {
    throw new DataFileError({ file }, 'must have a header line and at least one row')
  }
  if (lines.length - 1 > rowsMax) {
    throw new DataFileError({ file }, `must have at most ${rowsMax} rows`)
  }
  const header = cells(lines[0] ?? '')
  checkHeader(file, header)
  const rows: string[][] = []
  for (let i = 1; i < lines.length; i += 1) {
    const row = cells(lines[i] ?? '')
    if (row.length !== header.length) {
      const found = `has ${row.length} cells, must have ${header.length} like the header`
      throw new DataFileError({ file, line: i + 1 }, found)
    }
    rows.push(row)
  }
  return { file, header, rows }
}

function readText(file: string): string {
  const bytes = readFileSync(file)
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b
  const plain = zipped ? gunzipSync(bytes, { maxOutputLength: bytesMax }) : bytes
  const text = plain.toString('utf8')
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

function checkHeader(file: string, header: readonly string[]): void {
  const seen = new Set<string>()
  for (const column of header) {
    if (column.includes('"')) throw new DataFileError({ file, line: 1 }, 'must not use quotes')
    if (seen.has(column)) {
      throw new DataFileError({ file, line: 1, column }, 'must be named once')
    }
    seen.add(column)
  }
}

function cells(line: string): string[] {
  return (line.endsWith('\r') ? line.slice(0, -1) : line).split(',')
}

/** The place of a column in each row. @throws DataFileError when the header lacks it. */
export function columnOf(table: Table, column: string): number {
  const at = table.header.indexOf(column)
  if (at < 0) throw new DataFileError({ file: table.file, line: 1, column }, 'is missing')
  return at
}

export type NumberBounds = { readonly min: number; readonly max: number; readonly unit: string }

const decimal = /^-?\d+(\.\d+)?([eE][+-]?\d{1,2})?$/

/** The number in one cell. @throws DataFileError if it is blank, no number or out of bounds. */
export function numberAt(table: Table, row: number, at: number, bounds: NumberBounds): number {
  const text = table.rows[row]?.[at] ?? ''
  const value = decimal.test(text) ? Number(text) : Number.NaN
  if (value >= bounds.min && value <= bounds.max) return value
  const place = { file: table.file, line: row + 2, column: table.header[at] ?? '' }
  const shown = text === '' ? 'is blank' : `is "${text.slice(0, 40)}"`
  const { min, max, unit } = bounds
  throw new DataFileError(place, `${shown}, must be a number from ${min} to ${max} ${unit}`)
}

const localMinute = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(:00)?Z?$/

/** `2019-07-02T00:05` as UTC milliseconds: the clock of a data file is taken as UTC. */
export function instantAt(table: Table, row: number, at: number): number {
  const text = table.rows[row]?.[at] ?? ''
  const match = localMinute.exec(text)
  const ms = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2]}:${match[3]}:00Z`)
  // A date like 02-30 parses to NaN or to another day; neither may pass.
  if (!Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text.slice(0, 16))) return ms
  const place = { file: table.file, line: row + 2, column: table.header[at] ?? '' }
  throw new DataFileError(place, `is "${text.slice(0, 32)}", must be like 2019-07-02T00:05`)
}
