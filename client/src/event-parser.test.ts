/**
 * Goal: the parser reads any cut of a stream as the whole, and nothing in it can fill the memory.
 * Method: the same text in random pieces; a table of the format's corners. Replay with `SEED=…`.
 */
import { deepEqual, equal, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { EventParser, type Parsed } from './event-parser.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const frame = (number: number): string =>
  `id: a-${number}\nevent: clock\ndata: {"nowMs":${number},"interval":1}\n\n`

const clock = (number: number): Parsed => ({
  kind: 'event',
  id: `a-${number}`,
  event: { name: 'clock', data: { nowMs: number, interval: 1 } },
})

describe('the parser', () => {
  test('does not mind where the text is cut', () => {
    const text = `retry: 1000\nid: a-0\n\n${frame(1)}: heartbeat\n\n${frame(2)}`
    const whole = new EventParser().push(text)
    deepEqual(whole, [{ kind: 'retry', delayMs: 1_000 }, clock(1), clock(2)])
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: text.length })), (cuts) => {
        const parser = new EventParser()
        const places = [0, ...cuts.sort((a, b) => a - b), text.length]
        const pieces = places.slice(1).map((end, index) => text.slice(places[index], end))
        deepEqual(pieces.flatMap((piece) => [...parser.push(piece)]), whole)
        equal(parser.lastId, 'a-2')
      }),
      replay,
    )
  })

  test('takes all three line ends, cut in their middle as well', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const parser = new EventParser()
      const text = `${frame(1).replaceAll('\n', end)}: and on${end}`
      deepEqual([...text].flatMap((character) => [...parser.push(character)]), [clock(1)], end)
    }
  })

  const table: readonly (readonly [what: string, text: string, lastId: string])[] = [
    ['an id alone is no event but counts', 'id: a-7\n\n', 'a-7'],
    ['a comment', ': hello\n\n', ''],
    ['an event of a later version', 'id: a-8\nevent: moon_rises\ndata: {}\n\n', 'a-8'],
    ['a name of every object', 'event: toString\ndata: {}\n\n', ''],
    ['an event without data', 'event: clock\n\n', ''],
    ['an event that is not complete', 'event: clock\ndata: {}\n', ''],
    ['an id with a zero in it', 'id: a\0b\n\n', ''],
    ['a retry that is no number', 'retry: soon\n\n', ''],
    ['a field without a colon', 'data\n\n', ''],
  ]
  for (const [what, text, lastId] of table) {
    test(`passes over ${what}`, () => {
      const parser = new EventParser()
      deepEqual(parser.push(text), [])
      equal(parser.lastId, lastId)
    })
  }

  test('joins data of several lines', () => {
    const text = 'event: clock\ndata: {"nowMs":1,\ndata:"interval":1}\n\n'
    deepEqual(new EventParser('a-1').push(text), [clock(1)])
  })

  test('gives up on a line without end and on data that is not JSON', () => {
    const parser = new EventParser()
    throws(() => parser.push(`data: ${'x'.repeat(70_000)}`), RangeError)
    throws(() => new EventParser().push('event: clock\ndata: {\n\n'), SyntaxError)
  })
})
