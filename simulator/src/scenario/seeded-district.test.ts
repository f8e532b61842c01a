/**
 * Goal: without data there is a district of the promised size, the same for the same seed, with a
 * sun that stands where the almanac says.
 * Method: totals, a hash of the whole, and solar positions computed by hand from the geometry.
 */
import { createHash } from 'node:crypto'
import { deepEqual, equal, notEqual, ok, throws } from 'node:assert/strict'
import { test } from 'node:test'
import { type District, firstIntervals, totals } from './district.ts'
import { random } from './random.ts'
import { seededDistrict, seededNeighbourhood } from './seeded-district.ts'
import { clearSky, sineOfElevation } from './sun.ts'

test('the seeded district has 180 sites, exactly 12,000 kWp and 9,000 kWh in 60 batteries', () => {
  for (const seed of [1, 2, 77]) {
    const district = seededDistrict({ seed })
    const { pvWp, batteryWh, batteryW } = totals(district)
    deepEqual([pvWp, batteryWh, batteryW], [12_000_000, 9_000_000, 4_500_000])
    equal(district.sites.length, 180)
    equal(district.sites.filter((site) => site.batteryWh === 150_000).length, 60)
    ok(district.sites.every((site) => site.pvWp > 0))
    equal(district.intervals, 288)
  }
})

test('the seeded neighbourhood has 17 homes with solar and 6.4 kWh', () => {
  const district = seededNeighbourhood({ seed: 1 })
  equal(district.sites.length, 17)
  ok(district.sites.every((site) => site.batteryWh === 6_400 && site.batteryW === 5_000))
})

test('the same seed gives the same district, another seed another', () => {
  equal(digest(seededDistrict({ seed: 5 })), digest(seededDistrict({ seed: 5 })))
  notEqual(digest(seededDistrict({ seed: 5 })), digest(seededDistrict({ seed: 6 })))
})

test('every series is whole, never negative, and within the connection and the panels', () => {
  for (const district of [seededDistrict({ seed: 3 }), seededNeighbourhood({ seed: 3 })]) {
    district.sites.forEach((site, i) => {
      const perHour = 3_600_000 / district.intervalMs
      for (let k = 0; k < district.intervals; k += 1) {
        const load = district.series.loadWh[i]?.[k] ?? -1
        const pv = district.series.pvWh[i]?.[k] ?? -1
        ok(load >= 0 && load * perHour <= site.maxImportW)
        ok(pv >= 0 && pv * perHour <= site.pvWp + perHour, 'a watt-hour of rounding at most')
      }
    })
  }
})

test('at night there is no sun, at noon there is', () => {
  const { pvWh } = seededDistrict({ seed: 1 }).series
  const sum = (k: number): number => pvWh.reduce((all, site) => all + (site[k] ?? 0), 0)
  equal(sum(0), 0)
  equal(sum(287), 0)
  ok(sum(144) > 0)
})

test('the sun stands where the almanac says', () => {
  const degrees = (at: number, latitude: number): number =>
    (Math.asin(sineOfElevation(at, { latitude, longitude: 0 })) * 180) / Math.PI
  // Noon elevation is 90° − latitude + declination; the declination is 23.44° at the June solstice.
  const june = Date.UTC(2025, 5, 21, 12, 2)
  const december = Date.UTC(2025, 11, 21, 11, 58)
  const march = Date.UTC(2025, 2, 20, 12, 7)
  for (const [at, declination] of [[june, 23.44], [december, -23.44], [march, 0]] as const) {
    ok(Math.abs(degrees(at, 48) - (90 - 48 + declination)) < 0.5, `${degrees(at, 48)}`)
  }
  ok(degrees(Date.UTC(2025, 5, 21, 0), 48) < 0)
  ok(Math.abs(clearSky(1) - 1.035) < 0.005)
  equal(clearSky(-0.1), 0)
})

test('weekends are quieter than weekdays', () => {
  const load = (date: string): number => totals(seededDistrict({ seed: 1, date })).loadWh
  ok(load('2025-07-06') < load('2025-07-01') * 0.85)
  throws(() => seededDistrict({ seed: 1, date: '2025-02-30' }), /must be a day like/)
})

test('a day can be cut short, and streams of chance do not disturb each other', () => {
  equal(firstIntervals(seededDistrict({ seed: 1 }), 3).series.loadWh[0]?.length, 3)
  const a = random(1, 'a')
  const alone = [a.uniform(), a.uniform()]
  const again = random(1, 'a')
  random(1, 'b').uniform()
  deepEqual([again.uniform(), again.uniform()], alone)
  const normal = random(9, 'normal')
  const drawn = Array.from({ length: 20_000 }, () => normal.normal())
  const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length
  const variance = drawn.reduce((sum, value) => sum + value * value, 0) / drawn.length
  ok(Math.abs(mean) < 0.03 && Math.abs(variance - 1) < 0.05)
})

function digest(district: District): string {
  const hash = createHash('sha256')
  hash.update(JSON.stringify(district.sites))
  for (const site of [...district.series.loadWh, ...district.series.pvWh]) hash.update(site)
  return hash.update(district.series.priceMicrosPerKwh).digest('hex')
}
