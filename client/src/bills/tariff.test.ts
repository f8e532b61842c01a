/**
 * Goal: every interval has the price that the clock on the wall says, also on the days on which it
 * is changed, and a tariff that could be read in two ways is refused by its field.
 * Method: tables of zones, days and bands; a clock that is asked second by second; broken files.
 */
import { deepEqual, equal, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { isDate, laterDate, LocalClock } from './local-time.ts'
import { bandAt, parseTariff, planOf } from './tariff.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const hour = 3_600_000

const good = {
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
  currencyNumber: 978,
  plans: [
    {
      name: 'two rates',
      accounts: [7],
      import: [
        { name: 'night', from: '22:00', until: '06:00', days: ['fri'], microsPerKwh: 200_000 },
        { name: 'day', from: '06:00', until: '24:00', microsPerKwh: 300_000 },
        { name: 'rest', microsPerKwh: 250_000 },
      ],
      export: [{ name: 'feed-in', microsPerKwh: 80_000 }],
      fees: [{ name: 'metering', micros: 30_000, per: 'meter-day' }],
    },
    {
      name: 'one rate',
      import: [{ name: 'all', microsPerKwh: -1 }],
      export: [{ name: 'all', microsPerKwh: 0 }],
    },
  ],
}

const parsed = (file: unknown = good, seconds = 900) =>
  parseTariff(JSON.stringify(file), 'tariff.json', seconds)

describe('a local day', () => {
  const days: readonly (readonly [zone: string, date: string, start: string, hours: number])[] = [
    ['Europe/Berlin', '2026-03-28', '2026-03-27T23:00:00Z', 24],
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00Z', 23],
    ['Europe/Berlin', '2026-03-30', '2026-03-29T22:00:00Z', 24],
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00Z', 25],
    ['America/New_York', '2026-11-01', '2026-11-01T04:00:00Z', 25],
    ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00Z', 24.5],
    ['America/Santiago', '2026-09-06', '2026-09-06T04:00:00Z', 23],
    ['Asia/Kathmandu', '2026-01-01', '2025-12-31T18:15:00Z', 24],
    ['UTC', '2026-02-28', '2026-02-28T00:00:00Z', 24],
  ]
  for (const [zone, date, start, hours] of days) {
    test(`${date} in ${zone} has ${hours} hours`, () => {
      const clock = new LocalClock(zone, 'tariff.json')
      equal(new Date(clock.startOf(date)).toISOString(), start.replace('Z', '.000Z'))
      equal((clock.startOf(laterDate(date, 1)) - clock.startOf(date)) / hour, hours)
    })
  }

  test('begins with the first second of its date, wherever and whenever', () => {
    const zones = fc.constantFrom(...days.map(([zone]) => zone))
    fc.assert(
      fc.property(zones, fc.integer({ min: 0, max: 10_000 }), (zone, day) => {
        const date = laterDate('2005-01-01', day)
        const clock = new LocalClock(zone, 'tariff.json')
        const start = clock.startOf(date)
        equal(clock.at(start).date, date)
        equal(clock.at(start - 1_000).date, laterDate(date, -1))
      }),
      { ...replay, numRuns: 60 },
    )
  })

  test('changes of the clock are told as it shows them before', () => {
    const changes = (zone: string): unknown[] =>
      new LocalClock(zone, 't')
        .changesIn(Date.UTC(2026, 5, 1))
        .map(({ before, afterOffsetSeconds }) => [
          before.date, before.minute, afterOffsetSeconds - before.offsetSeconds,
        ])
    deepEqual(changes('Europe/Berlin'), [['2026-03-29', 120, 3_600], ['2026-10-25', 180, -3_600]])
    deepEqual(changes('Australia/Lord_Howe'), [
      ['2026-04-05', 120, -1_800], ['2026-10-04', 120, 1_800],
    ])
    deepEqual(changes('UTC'), [])
  })

  test('dates that are none are told from those that are', () => {
    deepEqual(
      ['2026-02-28', '2026-02-29', '2026-13-01', '26-1-1', '2024-02-29'].map(isDate),
      [true, false, false, false, true],
    )
  })
})

describe('a band', () => {
  const { plans } = parsed()
  const bands = plans[0]?.import ?? []
  const clock = new LocalClock('Europe/Berlin', 'tariff.json')
  const at = (time: string): string => bandAt(bands, clock.at(Date.parse(time))).name

  const moments: readonly (readonly [time: string, what: string, band: string])[] = [
    ['2026-03-27T21:15Z', 'Friday 22:15', 'night'],
    ['2026-03-28T04:45Z', 'Saturday 05:45: it began on Friday', 'night'],
    ['2026-03-28T05:00Z', 'Saturday 06:00', 'day'],
    ['2026-03-28T21:15Z', 'Saturday 22:15 is no Friday', 'day'],
    ['2026-03-29T00:30Z', 'Sunday 01:30', 'rest'],
    ['2026-03-29T03:45Z', 'Sunday 05:45, after the clock was put forward', 'rest'],
    ['2026-03-29T04:00Z', 'Sunday 06:00, six hours after the clock showed one', 'day'],
    ['2026-10-25T00:30Z', 'the first 02:30 of a Sunday', 'rest'],
    ['2026-10-25T01:30Z', 'the second 02:30', 'rest'],
    ['2026-10-25T05:00Z', 'Sunday 06:00', 'day'],
  ]
  for (const [time, what, band] of moments) test(what, () => equal(at(time), band))

  test('the first that holds counts, and a plan is found by account', () => {
    equal(planOf(parsed(), 7).name, 'two rates')
    equal(planOf(parsed(), 8).name, 'one rate')
  })
})

type Patch = (file: typeof good & Record<string, unknown>) => unknown

const plan = (change: object): Patch => ({ plans, ...file }) => ({
  ...file, plans: [{ ...plans[0], ...change }, plans[1]],
})
const first = (change: object): Patch =>
  plan({ import: [{ ...good.plans[0]?.import[0], ...change }, { name: 'x', microsPerKwh: 1 }] })

describe('a tariff is refused', () => {
  const refused: readonly (readonly [what: string, patch: Patch, field: string])[] = [
    ['no object', () => [], 'file'],
    ['a field too many', (file) => ({ ...file, vat: 1 }), 'vat'],
    ['no currency', (file) => ({ ...file, currency: 'eur' }), 'currency'],
    ['no number of it', (file) => ({ ...file, currencyNumber: 0 }), 'currencyNumber'],
    ['no plans', (file) => ({ ...file, plans: [] }), 'plans'],
    ['no plan for all others', ({ plans, ...f }) => ({ ...f, plans: [plans[0]] }), 'plans'],
    ['an account of nobody', plan({ accounts: [1] }), 'plans[0].accounts[0]'],
    ['no price', plan({ export: [] }), 'plans[0].export'],
    ['no price for the rest', plan({ export: [good.plans[0]?.import[0]] }), 'plans[0].export'],
    ['half a micro', first({ microsPerKwh: 0.5 }), 'plans[0].import[0].microsPerKwh'],
    ['a price beyond all', first({ microsPerKwh: 10 ** 13 }), 'plans[0].import[0].microsPerKwh'],
    ['an hour that is none', first({ from: '25:00' }), 'plans[0].import[0].from'],
    ['a time within an interval', first({ from: '22:10' }), 'plans[0].import[0].from'],
    ['no time at all', first({ from: '06:00' }), 'plans[0].import[0].until'],
    ['half of the hours', first({ until: undefined }), 'plans[0].import[0].until'],
    ['a day that is none', first({ days: ['fri', 'day'] }), 'plans[0].import[0].days[1]'],
    ['a fee for what', plan({ fees: [{ name: 'a', micros: 1, per: 'x' }] }),
      'plans[0].fees[0].per'],
    ['a fee that pays', plan({ fees: [{ name: 'a', micros: -1, per: 'bill' }] }),
      'plans[0].fees[0].micros'],
  ]
  for (const [what, patch, field] of refused) {
    test(what, () => {
      const file = patch(structuredClone(good) as Parameters<Patch>[0])
      throws(() => parsed(file), (error: unknown) => {
        const { code, details } = error as { code: string; details: Record<string, unknown> }
        deepEqual([code, details.field, details.file], [
          'BILLS_INPUT_INVALID', field, 'tariff.json',
        ])
        return true
      })
    })
  }

  test('text that is no JSON, and a zone that is none', () => {
    throws(() => parseTariff('{', 'tariff.json', 900), { code: 'BILLS_INPUT_INVALID' })
    throws(() => new LocalClock('Europe/Nowhere', 'a'), { code: 'BILLS_INPUT_INVALID' })
  })
})
