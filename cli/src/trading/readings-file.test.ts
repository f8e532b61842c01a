/**
 * Goal: a file of readings is sent as it is meant, or nothing of it is.
 * Method: files in each form that is taken, and one for each way to be wrong.
 */
import { deepEqual, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseReadings } from './readings-file.ts'
import type { Calendar } from '../desk/times.ts'

const calendar: Calendar = {
  clock: { mode: 'manual', nowMs: 0, speed: 0 },
  interval: {
    ...{ now: 10, openFrom: 12, openThrough: 100, clearedThrough: 10 },
    nextGate: { interval: 12, atMs: 0 },
  },
  rulebook: { intervalSeconds: 900, gateLeadSeconds: 300 },
}
const head = 'meter,boundary,version,import_wh,export_wh'
const read = (text: string) => parseReadings(text, calendar)

describe('a file of readings', () => {
  test('has a row for each meter and boundary, by number or time', () => {
    const [one, other] = [
      { meter: 3, boundary: 12, version: 0, importWh: 120_500, exportWh: 4_100 },
      { meter: 4, boundary: 13, version: 1, importWh: 0, exportWh: 10 ** 15 },
    ]
    const text = `${head}\n3,12,0,120500,4100\n4,1970-01-01T03:15Z,1,0,1000000000000000\n`
    deepEqual(read(text), [one, other])
    deepEqual(read(`\ufeff${text.replaceAll('\n', '\r\n')}\r\n`), [one, other])
    const turned = 'export_wh,version,boundary,import_wh,meter\n4100,0,12,120500,3\n'
    deepEqual(read(turned), [one])
  })

  const wrong: readonly (readonly [what: string, text: string, details: object])[] = [
    ['no line', '', { line: 1, column: 'header' }],
    ['no row', `${head}\n`, { line: 2, column: 'row' }],
    ['another header', 'meter,boundary\n', { line: 1, column: 'header', limit: head }],
    ['a short row', `${head}\n3,12,0,1\n`, { line: 2, column: 'row', limit: '5 fields' }],
    ['a meter that is none', `${head}\nx,12,0,1,1\n`, { line: 2, column: 'meter' }],
    ['a fraction', `${head}\n3,12,0,1.5,1\n`, { line: 2, column: 'import_wh' }],
    ['a negative register', `${head}\n3,12,0,1,-1\n`, { line: 2, column: 'export_wh' }],
    ['a version too high', `${head}\n3,12,256,1,1\n`, { line: 2, column: 'version' }],
    ['a time within', `${head}\n3,1970-01-01T03:01Z,0,1,1\n`, { line: 2, column: 'boundary' }],
    ['a boundary from now on', `${head}\n3,+1,0,1,1\n`, { line: 2, column: 'boundary' }],
    ['a row twice', `${head}\n3,12,0,1,1\n\n3,12,0,2,2\n`, { line: 4, column: 'row' }],
    ['an open quote', `${head}\n"3,12,0,1,1\n`, { column: 'row', limit: 'RFC 4180' }],
  ]
  for (const [what, text, details] of wrong) {
    test(`with ${what} is refused by its line and column`, () => {
      throws(() => read(text), (error: { code: string; details: Record<string, unknown> }) => {
        const found = Object.keys(details).map((name) => [name, error.details[name]])
        deepEqual(Object.fromEntries(found), details)
        return error.code === 'READINGS_FILE_INVALID'
      })
    })
  }
})
