/**
 * Goal: a file of orders is read exactly or refused with its line, column and limit.
 * Method: a table of good and bad files; a property that what is written is read back. Replay with
 * `SEED=…`.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import fc from 'fast-check'
import { parseOrders } from './parse-orders.ts'

const header = 'id,side,energy_wh,limit_micros_per_kwh'

describe('files that are read', () => {
  const alice = { id: 'alice', side: 'buy', energy: 400n, limit: 30n }
  const bob = { id: 'bob', side: 'sell', energy: 300n, limit: -20n }
  const good: Readonly<Record<string, string>> = {
    'lines that end in LF': `${header}\nalice,buy,400,30\nbob,sell,300,-20\n`,
    'lines that end in CRLF': `${header}\r\nalice,buy,400,30\r\nbob,sell,300,-20\r\n`,
    'a byte order mark': `\ufeff${header}\nalice,buy,400,30\nbob,sell,300,-20\n`,
    'no end of line at the end': `${header}\nalice,buy,400,30\nbob,sell,300,-20`,
    'empty lines': `\n${header}\n\nalice,buy,400,30\n\nbob,sell,300,-20\n\n`,
    'spaces around fields': `${header}\n alice , buy, 400,30 \nbob,sell,300 ,-20\n`,
    'quoted fields': `${header}\n"alice","buy","400","30"\nbob,sell,300,-20\n`,
    'columns in another sequence':
      'limit_micros_per_kwh,energy_wh,id,side\n30,400,alice,buy\n-20,300,bob,sell\n',
  }
  for (const [name, text] of Object.entries(good)) {
    test(name, () => deepEqual(parseOrders(text), [alice, bob]))
  }

  test('a header alone is no orders', () => deepEqual(parseOrders(`${header}\n`), []))

  test('the limits themselves', () => {
    const [order] = parseOrders(`${header}\na,buy,1000000000000000,-1000000000000\n`)
    deepEqual(order, { id: 'a', side: 'buy', energy: 10n ** 15n, limit: -(10n ** 12n) })
  })

  test('ids of any characters come back as they were written', () => {
    const id = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => text.trim() === text)
    const ids = fc.uniqueArray(id, { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(ids, (drawn) => {
        const rows = drawn.map((text) => `"${text.replaceAll('"', '""')}",buy,1,1`)
        const orders = parseOrders([header, ...rows].join('\n'))
        deepEqual(orders.map((order) => order.id), drawn)
      }),
      { ...(process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }) },
    )
  })
})

describe('files that are refused', () => {
  // name: text after the header, then line and column of the complaint
  const bad: Readonly<Record<string, readonly [string, number, string]>> = {
    'a word for a number': ['a,buy,many,1', 2, 'energy_wh'],
    'a decimal energy': ['a,buy,1.5,1', 2, 'energy_wh'],
    'a decimal limit': ['a,buy,1,0.25', 2, 'limit_micros_per_kwh'],
    'a number with an exponent': ['a,buy,1e3,1', 2, 'energy_wh'],
    'a hexadecimal number': ['a,buy,0x10,1', 2, 'energy_wh'],
    'a number with separators': ['a,buy,"1,000",1', 2, 'energy_wh'],
    'a missing number': ['a,buy,,1', 2, 'energy_wh'],
    'no energy': ['a,buy,0,1', 2, 'energy_wh'],
    'negative energy': ['a,buy,-5,1', 2, 'energy_wh'],
    'more energy than there is': ['a,buy,1000000000000001,1', 2, 'energy_wh'],
    'a huge number': [`a,buy,${'9'.repeat(100_000)},1`, 2, 'energy_wh'],
    'a limit out of range': ['a,buy,1,-1000000000001', 2, 'limit_micros_per_kwh'],
    'a huge limit': [`a,buy,1,-${'9'.repeat(100_000)}`, 2, 'limit_micros_per_kwh'],
    'an unknown side': ['a,hold,1,1', 2, 'side'],
    'a side in capitals': ['a,BUY,1,1', 2, 'side'],
    'an empty id': [',buy,1,1', 2, 'id'],
    'a long id': [`${'x'.repeat(257)},buy,1,1`, 2, 'id'],
    'an id twice': ['a,buy,1,1\nb,buy,1,1\na,sell,1,1', 4, 'id'],
    'a field too few': ['a,buy,1', 2, 'row'],
    'a field too many': ['a,buy,1,1,1', 2, 'row'],
    'a quote that does not end': ['a,buy,1,1\n"b,buy,1,1', 3, 'row'],
    'a bad row after empty lines': ['a,buy,1,1\n\n\nb,buy,1,x', 5, 'limit_micros_per_kwh'],
  }
  for (const [name, [rows, line, column]] of Object.entries(bad)) {
    test(name, () => void refused(`${header}\n${rows}\n`, line, column))
  }

  test('an empty file', () => void refused('', 1, 'header'))
  test('a file without a header', () => void refused('a,buy,1,1\n', 1, 'header'))
  test('a header with another name', () => void refused('id,side,energy_kwh,limit\n', 1, 'header'))
  test('a header with a column twice', () => {
    refused('id,side,energy_wh,energy_wh\n', 1, 'header')
  })

  test('what is shown of a bad value is short and has no control characters', () => {
    const escape = '\u001b[2J'
    const fault = refused(`${header}\n${escape}${'x'.repeat(500)},buy,1\n`, 2, 'row')
    ok(fault.message.length < 300)
    equal(/\p{C}/u.test(fault.message), false)
  })
})

function refused(text: string, line: number, column: string): Fault {
  let fault: Fault | undefined
  throws(() => parseOrders(text), (error) => {
    ok(error instanceof Fault)
    equal(error.code, 'ORDERS_FILE_INVALID')
    deepEqual([error.details.line, error.details.column], [line, column])
    ok(String(error.details.limit).length > 0)
    fault = error
    return true
  })
  ok(fault)
  return fault
}
