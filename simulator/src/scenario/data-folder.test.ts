/**
 * Goal: a folder of data becomes a district to the watt-hour, and a bad file says exactly where.
 * Method: small folders written for the test; a table of one-line mistakes with the message each
 * must give. The measured folder is used as well where BUSBAR_DATA or the usual place has it.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { DataFileError } from './csv.ts'
import { fromFolder } from './data-folder.ts'
import { describeSource, totals } from './district.ts'

const sites = `site,pv_kwp,battery_kwh,battery_kw,grid_area,kind,import_kw_max
a-1,45.6,0,0,LV1,office,
b-2,0,150,75,LV2,lab,500
`
const series = `interval_start,price_eur_mwh,load_kwh_a-1,load_kwh_b-2,pv_kwh_a-1
2019-07-01T23:55,50.5,1,40,0
2019-07-02T00:00,-31.42,1.0004,40.5,0.5
2019-07-02T00:05,83.26,1.0004,40.5,2.25
`

test('sites, energies and prices are read to the watt-hour and the micro', () => {
  inFolder({ 'scenario_x_sites.csv': sites, 'scenario_x_5min.csv': series }, (folder) => {
    const district = fromFolder(folder, { date: '2019-07-02' })
    equal(district.startMs, Date.UTC(2019, 6, 2))
    equal(district.intervals, 2)
    equal(district.currency, 'EUR')
    deepEqual(district.sites[0], {
      name: 'a-1', kind: 'office', pvWp: 45_600, batteryWh: 0, batteryW: 0, gridArea: 'LV1',
      maxImportW: 16_000, maxExportW: 46_000,
    })
    equal(district.sites[1]?.maxImportW, 500_000)
    deepEqual([...(district.series.loadWh[0] ?? [])], [1000, 1001])
    deepEqual([...(district.series.pvWh[0] ?? [])], [500, 2250])
    deepEqual([...(district.series.pvWh[1] ?? [])], [0, 0])
    deepEqual([...district.series.priceMicrosPerKwh], [-31_420, 83_260])
    ok(describeSource(district).includes('measured data'))
  })
})

test('gzip and plain files give the same district', () => {
  const plain = { 'scenario_x_sites.csv': sites, 'scenario_x_5min.csv': series }
  const zipped = { 'scenario_x_sites.csv': sites, 'scenario_x_5min.csv.gz': gzipSync(series) }
  inFolder(plain, (a) => inFolder(zipped, (b) => deepEqual(fromFolder(a), fromFolder(b))))
})

/** Which file, what stands there, what the mistake is, and what must be said. */
const mistakes: readonly (readonly ['sites' | 'series', string, string, RegExp])[] = [
  ['series', '40.5,2.25', ',2.25', /line 4, column load_kwh_b-2: is blank, must be a number/],
  ['series', '40.5,2.25', '40.5,-2', /line 4, column pv_kwh_a-1: is "-2", must .* 0 to 100000 kWh/],
  ['series', '40.5,2.25', '40.5,0x10', /line 4, column pv_kwh_a-1/],
  ['series', '40.5,2.25', '40.5', /line 4: has 4 cells, must have 5/],
  ['series', 'T00:05', 'T00:10', /line 4, column interval_start: must be 2019-07-02T00:05/],
  ['series', '2019-07-02T00:05', '2019-02-30T00:05', /must be like 2019/],
  ['series', 'price_eur_mwh', 'price', /line 1, column price_eur_mwh: is missing/],
  ['series', 'load_kwh_b-2', 'load_kwh_c-3', /line 1, column load_kwh_c-3: names the site c-3/],
  ['series', 'load_kwh_b-2', 'load_kwh_a-1', /load_kwh_a-1: must be named once/],
  ['sites', 'b-2,0', 'a-1,0', /sites.csv, line 3, column site: a-1 must be named once/],
  ['sites', 'b-2,0', 'B 2,0', /line 3, column site: must be 1 to 32 of/],
  ['sites', '45.6', 'many', /line 2, column pv_kwp: is "many"/],
  ['sites', 'battery_kw,', 'kw,', /line 1, column battery_kw: is missing/],
]

for (const [where, right, wrong, says] of mistakes) {
  test(`a file with "${wrong}" for "${right}" is refused with its place`, () => {
    const files = {
      'scenario_x_sites.csv': where === 'sites' ? sites.replace(right, wrong) : sites,
      'scenario_x_5min.csv': where === 'series' ? series.replace(right, wrong) : series,
    }
    inFolder(files, (folder) => {
      throws(() => fromFolder(folder, { date: '2019-07-02' }), (error: unknown) => {
        ok(error instanceof DataFileError, String(error))
        ok(says.test(error.message), error.message)
        return true
      })
    })
  })
}

test('a missing file, two candidates, and a date without data are refused', () => {
  inFolder({ 'scenario_x_sites.csv': sites }, (folder) => {
    throws(() => fromFolder(folder), /exactly one file named like .* has none/)
  })
  const two = { 'scenario_x_sites.csv': sites, 'scenario_y_sites.csv': sites }
  inFolder(two, (folder) => throws(() => fromFolder(folder), /has scenario_x_sites.csv, scen/))
  inFolder({ 'scenario_x_sites.csv': sites, 'scenario_x_5min.csv': series }, (folder) => {
    throws(() => fromFolder(folder, { date: '2020-01-01' }), /has no 2020-01-01, only 2019-07/)
    throws(() => fromFolder(folder, { date: '1 July' }), /must be a day like/)
  })
  throws(() => fromFolder('/no/such/folder'), /must be a folder that can be read/)
})

test('a year of homes: each hour keeps its energy, the default day is the sunniest', () => {
  const hours = ['2016-08-01', '2016-08-02', '2016-08-03'].flatMap((day, d) =>
    Array.from({ length: 24 }, (_, h) => {
      const pv = h > 6 && h < 18 ? 300 * (d === 1 ? 2 : 1) : 0
      return `${day}T${String(h).padStart(2, '0')}:00,${h * 100 + 7},${pv},0.22`
    }),
  )
  const files = {
    'prosumer_x_sites.csv': 'home,pv_kwp_nominal,battery_kwh,battery_kw\n1,4.0,6.4,5.0\n',
    'prosumer_x_hourly_1y.csv': [
      'hour_start_local,load_wh_1,pv_wh_1,price_usd_kwh',
      ...hours,
    ].join('\n'),
  }
  inFolder(files, (folder) => {
    const district = fromFolder(folder, { scenario: 'neighbourhood' })
    equal(district.startMs, Date.UTC(2016, 7, 2))
    equal(district.intervals, 288)
    equal(totals(district).loadWh, 24 * 7 + 100 * ((23 * 24) / 2))
    equal(totals(district).pvWh, 11 * 600)
    equal(district.series.priceMicrosPerKwh[0], 220_000)
    equal(district.sites[0]?.batteryWh, 6_400)
    const first = fromFolder(folder, { scenario: 'neighbourhood', date: '2016-08-01' })
    equal(totals(first).pvWh, 11 * 300)
  })
})

const measured = process.env.BUSBAR_DATA ?? join(import.meta.dirname, '../../../../shared/data')

test('the measured district has its 180 sites, 12 MWp and 9 MWh', (t) => {
  if (!existsSync(join(measured, 'scenario_180_ci_sites.csv'))) {
    t.skip(`no measured data in ${measured}: seeded scenarios only`)
    return
  }
  const all = totals(fromFolder(measured))
  deepEqual([all.pvWp, all.batteryWh], [12_000_000, 9_000_000])
  ok(Math.abs(all.loadWh - 564_096_897) < 180, 'cumulative rounding: within a watt-hour per site')
  const homes = fromFolder(measured, { scenario: 'neighbourhood' })
  equal(homes.sites.length, 17)
})

function inFolder(files: Readonly<Record<string, string | Buffer>>, use: (folder: string) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'busbar-data-'))
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
