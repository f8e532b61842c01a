/**
 * Goal: figures are written as people of the language write them, in the market's zone and money.
 * Method: a table of what is shown in both languages.
 */
import { equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Formats, formatsOf } from './formats.ts'

const berlin = { timeZone: 'Europe/Berlin', currency: 'EUR' }
const english = formatsOf('en', berlin)
const german = formatsOf('de', berlin)
const noon = Date.UTC(2025, 6, 1, 10, 5, 9)

const cases: readonly (readonly [
  name: string,
  show: (formats: Formats) => string,
  en: string,
  de: string,
])[] = [
  ['money', ({ money }) => money(1_234_567_890), '€1,234.57', '1.234,57 €'],
  ['money paid', ({ money }) => money(-1_500_000), '−€1.50', '−1,50 €'],
  ['next to nothing paid', ({ money }) => money(-1_500), '€0.00', '0,00 €'],
  ['exact money paid', ({ exactMoney }) => exactMoney(-1), '−€0.000001', '−0,000001 €'],
  ['exact money', ({ exactMoney }) => exactMoney(1), '€0.000001', '0,000001 €'],
  ['price', ({ price }) => price(184_500), '€0.185', '0,185 €'],
  ['the most that may be paid', ({ mostMoney }) => mostMoney(4_000), '€0.01', '0,01 €'],
  ['the most, to the cent', ({ mostMoney }) => mostMoney(1_230_000), '€1.23', '1,23 €'],
  ['nothing at most', ({ mostMoney }) => mostMoney(0), '€0.00', '0,00 €'],
  ['exact price', ({ exactPrice }) => exactPrice(283_500), '€0.2835', '0,2835 €'],
  ['exact price of few digits', ({ exactPrice }) => exactPrice(250_000), '€0.250', '0,250 €'],
  ['energy', ({ energy }) => energy(1_234), '1.23 kWh', '1,23 kWh'],
  ['much energy', ({ energy }) => energy(12_345_678), '12.3 MWh', '12,3 MWh'],
  ['exact energy', ({ exactEnergy }) => exactEnergy(12_345), '12,345 Wh', '12.345 Wh'],
  ['power', ({ power }) => power(630_000), '630 kW', '630 kW'],
  ['share', ({ percent }) => percent(0.134), '13%', '13 %'],
  ['share', ({ exactPercent }) => exactPercent(0.0125), '1.25%', '1,25 %'],
  ['time', ({ time }) => time(noon), '12:05', '12:05'],
  ['span', ({ span }) => span(noon, noon + 300_000), '12:05–12:10', '12:05–12:10'],
  ['time with seconds', ({ timeWithSeconds }) => timeWithSeconds(noon), '12:05:09', '12:05:09'],
  ['day', ({ day }) => day(noon), 'Tue, Jul 1', 'Di., 1. Juli'],
  [
    'period of a day', ({ period }) => period(noon, noon + 3_600_000),
    'Tue, Jul 1, 12:05 – 13:05', 'Di., 1. Juli, 12:05–13:05 Uhr',
  ],
  [
    'period of more', ({ period }) => period(noon, noon + 86_400_000),
    'Tue, Jul 1, 12:05 – Wed, Jul 2, 12:05', 'Di., 1. Juli, 12:05 – Mi., 2. Juli, 12:05',
  ],
  [
    'days after each other', ({ days }) => days(noon, noon + 6 * 86_400_000),
    'Tue, Jul 1 – Mon, Jul 7', 'Di., 1. – Mo., 7. Juli',
  ],
  ['typed', ({ typed }) => typed('0.25'), '0.25', '0,25'],
  ['no time', ({ duration }) => duration(0), '0 ms', '0 ms'],
  ['a moment', ({ duration }) => duration(536), '536 ms', '536 ms'],
  ['seconds', ({ duration }) => duration(1_250), '1.3 sec', '1,3 Sek.'],
  ['nearly two minutes', ({ duration }) => duration(119_000), '119 sec', '119 Sek.'],
  ['minutes', ({ duration }) => duration(5_400_000), '90 min', '90 Min.'],
  ['hours', ({ duration }) => duration(9_000_000), '2.5 hr', '2,5 Std.'],
  ['days', ({ duration }) => duration(432_000_000), '5 days', '5 Tg.'],
  ['countdown', ({ countdown }) => countdown(65_999), '1:05', '1:05'],
  ['long countdown', ({ countdown }) => countdown(3_665_000), '1:01:05', '1:01:05'],
  ['countdown that is over', ({ countdown }) => countdown(-5), '0:00', '0:00'],
]

describe('formats', () => {
  // Between a figure and its sign browsers put spaces that do not break.
  const plain = (text: string): string => text.replace(/[\u00a0\u2009\u202f]/g, ' ')
  for (const [name, show, en, de] of cases) {
    test(name, () => {
      equal(plain(show(english)), en)
      equal(plain(show(german)), de)
    })
  }

  test('money without a currency is a number', () => {
    equal(formatsOf('en', { timeZone: 'UTC', currency: null }).money(1_500_000), '1.50')
  })
})
