/**
 * Goal: whoever reads a long span is told how much of it is there, of meters and declarations both.
 * Method: pages as the exchange answers them, of whole intervals, the one list slower than the
 * other.
 */
import { deepEqual, ok } from 'node:assert/strict'
import { test } from 'node:test'
import type { BusbarClient, SpanQuery } from '@busbar/client'
import { type Progress, readMetered } from './bill-check.ts'

const span = { from: 100, count: 10 }

/** So many intervals a page; the last one may name where the next span begins. */
const pagesOf = (name: string, size: number) => async (_retailer: number, query: SpanQuery) => {
  const from = query.from ?? 0
  const found = Array.from({ length: size }, (_, n) => ({ interval: from + n, meter: 0 }))
  return {
    [name]: found.filter(({ interval }) => interval < 110),
    nextFrom: from + size < 200 ? from + size : null,
  }
}

const client = {
  trades: { meteredEnergy: pagesOf('energies', 3), declarations: pagesOf('declarations', 4) },
} as unknown as BusbarClient

test('progress is of the intervals of which both are read, and comes to all of them', async () => {
  const told: Progress[] = []
  const { metered, declared } = await readMetered(client, 7, span, {}, (one) => told.push(one))
  deepEqual([metered.length, declared.length], [10, 10])
  ok(told.every(({ of, all }) => of === 'intervals' && all === 10))
  const done = told.map((one) => one.done)
  deepEqual([done[0], done.at(-1)], [0, 10])
  deepEqual(done, done.toSorted((a, b) => a - b), 'it never goes back')
  ok(done.includes(6), 'and goes on page by page')
})
