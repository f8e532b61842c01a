import { csvField } from '@busbar/client'

export type Columns = Readonly<Record<string, readonly (string | number | null)[]>>

/** RFC 4180: whole numbers as they are, nothing where nothing is known. */
export function csvOf(columns: Columns): string {
  const names = Object.keys(columns)
  const length = Math.max(0, ...Object.values(columns).map((values) => values.length))
  const rows = Array.from({ length }, (_, i) => names.map((name) => columns[name]?.[i] ?? null))
  return [names, ...rows].map((row) => `${row.map(fieldOf).join(',')}\r\n`).join('')
}

function fieldOf(value: string | number | null): string {
  if (value === null) return ''
  return typeof value === 'string' ? csvField(value) : String(value)
}

/** Hands the columns to the browser as a file. */
export const saveCsv = (name: string, columns: Columns): void =>
  saveFile(`${name}.csv`, 'text/csv', csvOf(columns))

/** Hands a text to the browser as a file of this name. */
export function saveFile(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
