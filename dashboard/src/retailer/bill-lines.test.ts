/**
 * Goal: a retailer's bill file is read exactly, in each form that it may have, and what is no bill
 * is refused at its line.
 * Method: tables of texts.
 */
import { deepEqual, equal, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { BillFileError, billLinesMax, parseBillLines } from './bill-lines.ts'

const intervalMs = 900_000
const at = (hour: number): number => Date.UTC(2026, 2, 1, hour) / intervalMs

describe('bill lines', () => {
  const good: readonly (readonly [string, string])[] = [
    ['own readings', 'meter,start,import_wh,export_wh\n17,2026-03-01T01:00:00+01:00,112,0\n'],
    ['CRLF, a byte order mark, spaces', '\ufeffMeter, start,import_wh,export_wh\r\n' +
      '17, 2026-03-01T00:00Z , 112,0\r\n\r\n'],
    ['intervals.csv', 'meter,start,local_start,imported_wh,billed_import_wh,billed_export_wh,x\n' +
      '17,2026-03-01T00:00:00Z,2026-03-01T01:00,500,112,0,metered\n'],
    ['quotes, billed before metered', 'export_wh,import_wh,"billed_export_wh",billed_import_wh,' +
      'start,meter,"a ""note"""\n9,8,0,112,2026-03-01T00:00:00.000Z,"17","one, two"'],
  ]
  for (const [name, text] of good) {
    test(name, () => {
      const wanted = [{ meter: 17, interval: at(0), importWh: 112, exportWh: 0 }]
      deepEqual(parseBillLines(text, intervalMs), wanted)
    })
  }

  test('ascend by meter and interval', () => {
    const rows = ['2,2026-03-01T01:00Z,1,0', '2,2026-03-01T00:00Z,2,0', '1,2026-03-01T01:00Z,3,0']
    const text = ['meter,start,import_wh,export_wh', ...rows].join('\n')
    const lines = parseBillLines(text, intervalMs)
    deepEqual(lines.map(({ importWh }) => importWh), [3, 2, 1])
  })

  const head = 'meter,start,import_wh,export_wh\n'
  const row = '17,2026-03-01T00:00Z,112,0\n'
  const bad: readonly (readonly [string, BillFileError['reason'], number])[] = [
    ['', 'header', 1],
    ['meter,start,energy\n', 'header', 1],
    ['start,import_wh,export_wh\n', 'header', 1],
    [head, 'empty', 2],
    [`${head}17,2026-03-01T00:00Z,112\n`, 'fields', 2],
    [`${head}17,"2026-03-01T00:00Z,112,0\n`, 'fields', 2],
    [`${head}${row}17,2026-03-01T00:00Z,1,0`, 'twice', 3],
    [`${head}-1,2026-03-01T00:00Z,1,0`, 'meter', 2],
    [`${head}seventeen,2026-03-01T00:00Z,1,0`, 'meter', 2],
    [`${head}17,2026-03-01T00:00,1,0`, 'start', 2],
    [`${head}17,2026-03-01T00:07Z,1,0`, 'start', 2],
    [`${head}17,1960-03-01T00:00Z,1,0`, 'start', 2],
    [`${head}17,2026-03-01T00:00Z,1.5,0`, 'energy', 2],
    [`${head}17,2026-03-01T00:00Z,1,-2`, 'energy', 2],
    [`${head}17,2026-03-01T00:00Z,,2`, 'energy', 2],
  ]
  for (const [text, reason, line] of bad) {
    test(`no bill: ${reason} in ${JSON.stringify(text.slice(0, 70))}`, () => {
      throws(() => parseBillLines(text, intervalMs), (error) => {
        return error instanceof BillFileError && error.reason === reason && error.line === line
      })
    })
  }

  test('are no more than a browser shows', () => {
    const rows = Array.from({ length: billLinesMax + 1 }, (_, n) => `${n},2026-03-01T00:00Z,1,0`)
    const text = `${head}${rows.slice(1).join('\n')}`
    equal(parseBillLines(text, intervalMs).length, billLinesMax)
    throws(() => parseBillLines(`${text}\n${rows[0]}`, intervalMs), { reason: 'many' })
  })
})
