/**
 * Goal: what flows at the homes is the same energy however it is cut into intervals, by seed and
 * from data; data that does not fit is refused by file and reason.
 * Method: the seeded homes in intervals of 5, 15 and 30 minutes; a small folder written here, and
 * the same with one thing wrong at a time.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { DataFileError } from '../scenario/index.ts'
import { seededHomes } from './homes.ts'
import { measuredHomes } from './measured-homes.ts'

const sum = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((all, value) => all + value, 0)

const seededIn = (minutes: number, days: number, seed = 1) =>
  seededHomes({
    ...{ seed, date: '2025-06-30', intervals: (days * 1_440) / minutes },
    intervalMs: minutes * 60_000,
  })

test('seeded homes have the same energy in intervals of any length, another each day', () => {
  const [five, fifteen, thirty] = [5, 15, 30].map((minutes) => seededIn(minutes, 2))
  for (const home of [0, 2, 16]) {
    const all = [five, fifteen, thirty].map((homes) => sum(homes?.outWh[home] ?? []))
    deepEqual(all, [all[0], all[0], all[0]])
  }
  const flows = thirty?.outWh[0] ?? new Int32Array()
  ok(sum(flows.slice(0, 48)) !== sum(flows.slice(48)), 'no day is like the other')
  equal(thirty?.startMs, Date.UTC(2025, 5, 30))
  deepEqual(seededIn(30, 2).outWh, thirty?.outWh)
  equal(thirty?.hasPanels.filter(Boolean).length, 12)
  ok((thirty?.outWh[2] ?? new Int32Array()).every((outWh) => outWh <= 0), 'no panels, no export')
})

test('a short run begins when there is sun', () => {
  const homes = seededHomes({ seed: 1, date: undefined, intervals: 6, intervalMs: 900_000 })
  equal(new Date(homes.startMs).getUTCHours(), 10)
  ok(homes.outWh.some((flows) => flows.some((outWh) => outWh > 0)))
})

const folder = mkdtempSync(join(tmpdir(), 'busbar-homes-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const quarter = (n: number): string => {
  return new Date(Date.UTC(2018, 9, 28, 23) + n * 900_000).toISOString().slice(0, 16) + 'Z'
}
const hour = (n: number): string =>
  new Date(Date.UTC(2016, 9, 29) + n * 3_600_000).toISOString().slice(0, 16)

function write(change: { readonly cell?: string; readonly hours?: number } = {}): void {
  const households = Array.from({ length: 100 }, (_, n) =>
    [quarter(n), n === 9 ? (change.cell ?? '-20') : 100 + n, 7].join(),
  )
  const prosumers = Array.from({ length: change.hours ?? 24 }, (_, n) =>
    [hour(n), 601, n === 12 ? 2_000 : 0].join(),
  )
  const table = (header: string, rows: readonly string[]) => `${header}\n${rows.join('\n')}\n`
  writeFileSync(
    join(folder, 'household_load_xx_2_15min.csv'),
    table('start_utc,h001,h002', households),
  )
  writeFileSync(
    join(folder, 'prosumer_xx_1_hourly.csv'),
    table('hour_start_local,load_wh_1,pv_wh_1', prosumers),
  )
}

const measured = (intervals = 48, minutes = 30, date?: string) =>
  measuredHomes(folder, { date, intervals, intervalMs: minutes * 60_000 })

test('measured households buy, homes with panels sell, and no watt-hour is lost', () => {
  write()
  const homes = measured()
  deepEqual(homes.names, ['home-1', 'h001', 'h002'])
  deepEqual(homes.hasPanels, [true, false, false])
  equal(homes.startMs, Date.UTC(2018, 9, 29), 'the first whole day')
  // From the fifth quarter on; the tenth was read backwards and counts as nothing.
  deepEqual([...(homes.outWh[1] ?? [])].slice(0, 3), [-(104 + 105), -(106 + 107), -108])
  deepEqual([...(homes.outWh[2] ?? [])].slice(0, 2), [-14, -14])
  const home = homes.outWh[0] ?? new Int32Array()
  deepEqual([...home.slice(24, 26)], [699, 700])
  equal(sum(home), 2_000 - 24 * 601)
  equal(sum(measured(96, 15).outWh[0] ?? []), sum(home))
  equal(measured(2).startMs, Date.UTC(2018, 9, 29, 10), 'a short run begins when there is sun')
  ok((homes.importWattsMax[1] ?? 0) >= 10_000)
})

test('data that does not fit is refused by file and reason', () => {
  const refused = (limit: RegExp, run: () => unknown): void =>
    throws(run, (error) => error instanceof DataFileError && limit.test(error.message))
  write()
  refused(/has 48 intervals from there, 49 are wanted/, () => measured(49))
  refused(/must be a day like/, () => measured(4, 30, 'tomorrow'))
  refused(/has 0 intervals from there/, () => measured(4, 30, '2019-01-01'))
  write({ cell: 'none' })
  refused(/line 11, column h001/, () => measured())
  write({ hours: 12 })
  refused(/must have hour 10-29T12/, () => measured())
  rmSync(join(folder, 'prosumer_xx_1_hourly.csv'))
  refused(/exactly one file named like \^prosumer_/, () => measured())
  refused(/must be a folder that can be read/, () =>
    measuredHomes(join(folder, 'no'), { date: undefined, intervals: 1, intervalMs: 900_000 }),
  )
})
