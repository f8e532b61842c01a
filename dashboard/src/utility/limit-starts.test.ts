/**
 * Goal: a limit begins at an interval whose gate is open, also on a page that was opened long ago.
 * Method: a table of trades, of gates that have closed since, and of what was chosen before.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { limitStarts } from './limit-starts.ts'

const trade = { fromInterval: 100, endsAt: 104 }

describe('a limit on a trade', () => {
  const cases: readonly (readonly [
    open: number, chosen: number | undefined, starts: readonly number[], start: number,
  ])[] = [
    [98, undefined, [100, 101, 102, 103], 100],
    [101, undefined, [101, 102, 103], 101],
    [101, 103, [101, 102, 103], 103],
    [103, 101, [103], 103],
    [104, undefined, [], 104],
    [110, 102, [], 110],
  ]
  for (const [open, chosen, starts, start] of cases) {
    test(`from ${open} on, where ${chosen ?? 'nothing'} was chosen`, () => {
      deepEqual(limitStarts(trade, open, chosen), { starts, start })
    })
  }

  test('offers as many beginnings as a list shows', () => {
    const { starts } = limitStarts({ fromInterval: 0, endsAt: 5_000 }, 10, undefined)
    deepEqual([starts[0], starts.length], [10, 96])
    equal(limitStarts({ fromInterval: 0, endsAt: 5_000 }, 200, 106).start, 200)
  })
})
