/**
 * Goal: `busbar clear` says in JSON exactly what cleared, and in text what a person asks about.
 * Method: small files with known results; the published Iberian auction; a file of many rows.
 */
import { deepEqual, equal, match, ok, throws } from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import { clearToJson, formatClearJson, formatClearText, runClear } from './clear-command.ts'

const header = 'id,side,energy_wh,limit_micros_per_kwh'
const fileOf = (...rows: string[]): string => [header, ...rows, ''].join('\n')

test('the JSON form, with the marginal orders by ascending id', () => {
  const text = fileOf('s,sell,12,-5', 'z,buy,10,11', 'c,buy,1,10', 'b,buy,1,10', 'a,buy,1,10')
  equal(
    formatClearJson(runClear(text)),
    '{"price_micros_per_kwh":10,"energy_wh":12,"fills":' +
      '[{"id":"b","energy_wh":1},{"id":"c","energy_wh":1},' +
      '{"id":"s","energy_wh":12},{"id":"z","energy_wh":10}]}',
  )
})

test('the JSON form without a trade', () => {
  const none = '{"price_micros_per_kwh":null,"energy_wh":0,"fills":[]}'
  equal(formatClearJson(runClear(fileOf())), none)
  equal(formatClearJson(runClear(fileOf('a,buy,1,5', 'b,sell,1,6'))), none)
})

test('fills come by the UTF-8 bytes of their ids', () => {
  const ids = ['\u{10000}', '\uffff', 'é', 'z', 'Z']
  const rows = ids.map((id) => `${id},buy,1,10`)
  const { fills } = clearToJson(runClear(fileOf(...rows, 's,sell,5,0')))
  deepEqual(fills.map((fill) => fill.id), ['Z', 's', 'z', 'é', '\uffff', '\u{10000}'])
})

test('the text form of an auction', () => {
  const text = formatClearText(runClear(fileOf('alice,buy,4000,30', 'bob,sell,3000,-20')))
  const lines = text.split('\n')
  deepEqual(lines.slice(0, 3), [
    'price    30 micros/kWh (0.000030 per kWh)',
    'energy   3,000 Wh',
    'orders   2: 1 to buy, 1 to sell; 2 filled',
  ])
  match(text, /^ +30 \| +S +D +< price$/m)
  deepEqual(lines.slice(lines.indexOf('filled in part, at the price')), [
    'filled in part, at the price',
    'id     side  filled Wh  of Wh  limit micros/kWh',
    'alice  buy       3,000  4,000                30',
    '',
    'filled whole',
    'id   side  filled Wh  of Wh  limit micros/kWh',
    'bob  sell      3,000  3,000               -20',
  ])
})

test('the text form without a trade', () => {
  const empty = formatClearText(runClear(fileOf()))
  match(empty, /^price {4}none: no buyer meets a seller\nenergy {3}0 Wh/)
  match(formatClearText(runClear(fileOf('a,buy,1,5'))), /^ *5 \|S +D$/m)
})

test('the text form of one price, of negative prices and of the widest range', () => {
  const texts = [
    fileOf('a,buy,1,5', 'b,sell,1,5'),
    fileOf('a,buy,7,-1', 'b,sell,9,-25'),
    fileOf('a,buy,1000000000000000,1000000000000', 'b,sell,999999999999999,-1000000000000'),
  ]
  for (const text of texts) match(formatClearText(runClear(text)), /< price$/m)
})

test('an id reaches a terminal without its control characters', () => {
  const text = formatClearText(runClear(fileOf('"a\u001b[2Jb",buy,1,5', 'c,sell,1,5')))
  equal(text.includes('\u001b'), false)
  match(text, /a\ufffd\[2Jb/)
})

test('more energy on a side than the limit is refused by code', () => {
  const half = '600000000000000'
  throws(
    () => runClear(fileOf(`a,buy,${half},1`, `b,buy,${half},1`)),
    (error) => error instanceof Fault && error.code === 'CLEARING_ENERGY_TOO_LARGE',
  )
})

test('fifty thousand rows clear, are written and are drawn', () => {
  const rows = Array.from({ length: 50_000 }, (_, i) => {
    const side = i % 2 === 0 ? 'buy' : 'sell'
    const limit = ((i * 104_729) % 1_500_000) - 500_000
    return `order-${i},${side},${1 + ((i * 7_919) % 9_973)},${limit}`
  })
  const result = runClear(fileOf(...rows))
  const { energy_wh: energyWh, fills } = clearToJson(result)
  equal(fills.reduce((sum, fill) => sum + fill.energy_wh, 0), 2 * energyWh)
  const text = formatClearText(result)
  match(text, /… and [\d,]+ more; --json shows all$/)
  ok(text.split('\n').length < 80)
})

const auction = new URL(
  '../../../../shared/data/auction_omie_20090102_h01_orders.csv',
  import.meta.url,
)
const skip = existsSync(auction) ? false : 'the auction file is not on this machine'

test('the published Iberian auction of 2009-01-02, hour 1', { skip }, () => {
  // Columns: order_id, side, price_eur_mwh, offered_mwh, effective_mwh, …: all with one decimal of
  // a MWh (100,000 Wh) and up to two of a EUR/MWh (10 micros/kWh).
  const [, ...lines] = readFileSync(auction, 'utf8').trim().split('\n')
  const rows = lines
    .map((line) => line.split(','))
    .map(([id, side, price, , energy]) => [id, side, digits(energy, 6), digits(price, 3)])
    .filter(([, , energy]) => Number(energy) > 0)
  const result = runClear(fileOf(...rows.map((row) => row.join(','))))
  const { price_micros_per_kwh: price, energy_wh: energyWh } = clearToJson(result)
  deepEqual([price, energyWh], [53_690, 25_312_100_000])
  match(formatClearText(result), /^S\d+ +sell +29,700,000 +36,200,000 +53,690$/m)
})

/** `text × 10^places` by moving the decimal point. */
function digits(text: string | undefined, places: number): string {
  const [whole = '', fraction = ''] = (text ?? '').split('.')
  ok(/^\d+$/.test(whole) && /^\d*$/.test(fraction) && fraction.length <= places)
  return BigInt(whole + fraction.padEnd(places, '0')).toString()
}
