/**
 * Goal: a file that bills are made from means one thing or is refused by its line and field, and a
 * period is the local days that were asked for.
 * Method: tables of broken files, each with what is said of it; months and days with their
 * intervals.
 */
import { deepEqual, equal, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  daysOfMonth,
  evidenceName,
  firstRecord,
  LocalClock,
  parseEvidence,
  parseRecord,
  periodOf,
  recordText,
} from '@busbar/client/bills'
import { parseReadings } from './readings-file.ts'

const refused = (act: () => unknown, field: string): void =>
  throws(act, (error: unknown) => {
    const { code, details } = error as { code: string; details: Record<string, unknown> }
    deepEqual([code, details.field], ['BILLS_INPUT_INVALID', field])
    return true
  })

describe('a retailer’s own readings', () => {
  const head = 'meter,start,import_wh,export_wh'
  const row = '17,2026-03-01T00:00:00+01:00,112,0'

  test('are of the interval that begins there, whatever the offset', () => {
    const found = parseReadings(`\ufeff${head}\r\n${row}\r\n`, 'own.csv', 900)
    const interval = Date.UTC(2026, 1, 28, 23) / 900_000
    deepEqual([...found], [[`17/${interval}`, { imported: 112n, exported: 0n }]])
  })

  const broken: readonly (readonly [what: string, text: string, field: string])[] = [
    ['another header', 'meter,start\n', 'line 1, header'],
    ['a field too few', `${head}\n17,2026-03-01T00:00Z,1\n`, 'line 2, row'],
    ['no number of a meter', `${head}\nx,2026-03-01T00:00Z,1,0\n`, 'line 2, meter'],
    ['a time without its offset', `${head}\n17,2026-03-01T00:00,1,0\n`, 'line 2, start'],
    ['a time within an interval', `${head}\n17,2026-03-01T00:10Z,1,0\n`, 'line 2, start'],
    ['half a watt-hour', `${head}\n17,2026-03-01T00:00Z,0.5,0\n`, 'line 2, import_wh'],
    ['less than nothing', `${head}\n17,2026-03-01T00:00Z,1,-1\n`, 'line 2, export_wh'],
    ['an interval twice', `${head}\n${row}\n017,2026-02-28T23:00Z,1,0\n`, 'line 3, start'],
    ['a quote that does not end', `${head}\n"17,2026\n`, 'line 2, row'],
  ]
  for (const [what, text, field] of broken) {
    test(`are refused with ${what}`, () => {
      refused(() => parseReadings(text, 'own.csv', 900), field)
    })
  }
})

describe('the record of a bill run', () => {
  const record = {
    ...firstRecord('street', 5, 1_000),
    ...{ from: '2026-03-01', through: '2026-03-31', carriedMicros: { 7: 9_999 } },
    finesBilled: { 3: 5_000_000 },
  }

  test('reads back to itself', () => deepEqual(parseRecord(recordText(record), 'run.json'), record))

  const broken: readonly (readonly [what: string, change: object, field: string])[] = [
    ['of another form', { format: 'x' }, 'format'],
    ['that carries a cent', { carriedMicros: { 7: 10_000 } }, 'carriedMicros'],
    ['that carries less than nothing', { carriedMicros: { 7: -1 } }, 'carriedMicros'],
    ['with a fine that is no number', { finesBilled: { 3: '5' } }, 'finesBilled'],
    ['without an end', { untilMs: null }, 'untilMs'],
  ]
  for (const [what, change, field] of broken) {
    test(`is refused ${what}`, () => {
      const text = JSON.stringify({ ...JSON.parse(recordText(record)), ...change })
      refused(() => parseRecord(text, 'run.json'), field)
    })
  }

  test('is refused where it is no JSON', () => refused(() => parseRecord('', 'run.json'), 'file'))
})

test('evidence of another form is refused, and names sort as they were collected', () => {
  refused(() => parseEvidence('{}', 'a.json'), 'format')
  refused(() => parseEvidence('{"format":"b","sha256":"","content":1}\n', 'a.json'), 'format')
  const part = { fromInterval: 9, count: 4 } as Parameters<typeof evidenceName>[0]
  equal([evidenceName(part, 10), evidenceName(part, 9)].sort()[0], '000009-9-4.json')
})

describe('a period', () => {
  const berlin = new LocalClock('Europe/Berlin', 'tariff.json')

  test('of a month has all of its days, and the hours that the clock gives them', () => {
    deepEqual(daysOfMonth('2026-02'), ['2026-02-01', '2026-02-28'])
    deepEqual(daysOfMonth('2024-02'), ['2024-02-01', '2024-02-29'])
    deepEqual(daysOfMonth('2026-12'), ['2026-12-01', '2026-12-31'])
    deepEqual([daysOfMonth('2026-13'), daysOfMonth('2026-1')], [undefined, undefined])
    const quartersOf = (month: string): number => {
      const [from = '', through = ''] = daysOfMonth(month) ?? []
      const { fromInterval, untilInterval } = periodOf(from, through, berlin, 900)
      return untilInterval - fromInterval
    }
    deepEqual(['2026-03', '2026-04', '2026-10'].map(quartersOf), [2_972, 2_880, 2_980])
  })

  test('that ends where the next begins leaves no interval out', () => {
    const march = periodOf('2026-03-01', '2026-03-31', berlin, 900)
    equal(periodOf('2026-04-01', '2026-04-30', berlin, 900).fromInterval, march.untilInterval)
  })

  test('is refused for days that are none, and where intervals do not fit', () => {
    refused(() => periodOf('2026-02-30', '2026-03-01', berlin, 900), 'from')
    refused(() => periodOf('2026-03-02', '2026-03-01', berlin, 900), 'through')
    refused(() => periodOf('2026-03-01', '2028-03-01', berlin, 900), 'through')
    const kathmandu = new LocalClock('Asia/Kathmandu', 'tariff.json')
    refused(() => periodOf('2026-03-01', '2026-03-01', kathmandu, 3_600), 'timeZone')
  })
})
