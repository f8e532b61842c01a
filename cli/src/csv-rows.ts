import { CsvError, parse } from 'csv-parse/sync'

/** What of a file's field is shown at most. */
const shownLengthMax = 60

/** What is wrong, and where: makes the error of the file's kind. */
export type RowFault = (line: number, column: string, limit: string, value: string) => Error

/**
 * Calls `onRow` for every row of a CSV text (RFC 4180, comma; LF or CRLF, byte order mark or none,
 * spaces around fields and empty lines ignored) as it is read, so that rows need not all be kept. A
 * row may have any number of fields: its reader refuses it by name.
 *
 * @throws what `fault` makes where the text is not CSV
 */
export function readRows(
  text: string,
  onRow: (fields: readonly string[], line: number) => void,
  fault: RowFault,
): void {
  try {
    parse(text, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      on_record: (fields: readonly string[], { lines }) => {
        onRow(fields, lines)
        return null
      },
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw fault(typeof error.lines === 'number' ? error.lines : 0, 'row', 'RFC 4180', error.code)
  }
}

/**
 * A field as it may be shown: what a file holds may be anything, and no control character of it may
 * reach a terminal or a log.
 */
export function shownField(value: string): string {
  const safe = value.replace(/\p{C}/gu, '\ufffd')
  const shown = safe.length > shownLengthMax ? `${safe.slice(0, shownLengthMax)}…` : safe
  return JSON.stringify(shown)
}
