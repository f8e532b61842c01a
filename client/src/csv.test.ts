/**
 * Goal: a text that somebody wrote is read back by any table program, and never runs in one.
 * Method: texts by table; then any text at all, read as each of the usual programs would split it.
 */
import { equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { csvField } from './csv.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

describe('a text in a file of fields', () => {
  const table = [
    ['home-1', 'home-1'],
    ['one, two', '"one, two"'],
    ['one; two', '"one; two"'],
    ['say "no"', '"say ""no"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@x', "'@x"],
    [' =1', " '=1"],
    ['\n=1', '"\n\'=1"'],
    ['\r=1', '"\r\'=1"'],
    ['\t=1', '"\t\'=1"'],
    ['\u00a0=1', "\u00a0'=1"],
    ['\uff1d1', "'\uff1d1"],
    ["x;=cmd|'/C calc'!A1", `"x;'=cmd|'/C calc'!A1"`],
    ['x; -1;@y', `"x; '-1;'@y"`],
    ['two\n+1', `"two\n'+1"`],
    ['\n"=1', `"\n""'=1"`],
    ['', ''],
  ] as const
  for (const [text, wanted] of table) {
    test(JSON.stringify(text), () => equal(csvField(text), wanted))
  }

  test('begins no formula, whatever it is and wherever it is split', () => {
    const signs = fc.constantFrom(
      ...['=', '+', '-', '@', ';', ',', '\t', '\r', '\n', '"', "'", ' ', 'x', '1'],
    )
    fc.assert(
      fc.property(fc.array(signs).map((list) => list.join('')), (text) => {
        const field = csvField(text)
        // A program that separates by commas sees it whole, and any other as it is written.
        const whole = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field
        const parts = [whole, ...`1,${field}`.split(/[;\t\r\n]/).slice(1)]
        ok(parts.every((part) => !/^[\s"]*[=+\-@]/.test(part)), field)
      }),
      replay,
    )
  })
})
