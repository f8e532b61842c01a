/**
 * Goal: a span is read whole and in order, however it is paged, and one that was changed on its way
 * is said to be, and still handed out.
 * Method: a journal by hand with real hashes, in pages of different lengths.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { entryHash, type SpanEntry } from '@busbar/protocols/journal'
import { readSpan } from './journal-span.ts'

function journal(count: number): SpanEntry[] {
  const entries: SpanEntry[] = []
  for (let sequence = 1; sequence <= count; sequence += 1) {
    const previousHash = entries.at(-1)?.hash ?? '0'.repeat(64)
    const entry = { sequence, atMs: sequence, kind: 'k', body: `{"n":${sequence}}`, previousHash }
    entries.push({ ...entry, hash: entryHash(entry) })
  }
  return entries
}

/** Pages of at most `most`, as where entries are large. */
const booksOf = (entries: readonly SpanEntry[], most: number) => ({
  journal: async ({ from = 1, limit = 1 }: { from?: number; limit?: number } = {}) => {
    const page = entries.slice(from - 1, from - 1 + Math.min(most, limit))
    const next = from + page.length
    return { entries: page, nextFrom: next > entries.length ? null : next }
  },
})

test('all of it, page by page, and no more than was asked for', async () => {
  const entries = journal(1_203)
  for (const most of [500, 7]) {
    const { lines, count, broken } = await readSpan(booksOf(entries, most), 3, 1_100)
    deepEqual([count, broken], [1_098, null])
    const read = lines.trimEnd().split('\n').map((line) => JSON.parse(line) as SpanEntry)
    deepEqual(read, entries.slice(2, 1_100))
  }
})

test('as far as there is any', async () => {
  equal((await readSpan(booksOf(journal(5), 500), 4, 99)).count, 2)
  equal((await readSpan(booksOf(journal(5), 500), 6, 99)).count, 0)
})

test('with what does not hold in it', async () => {
  const entries = journal(20)
  const [changed] = entries.splice(8, 1)
  if (changed !== undefined) entries.splice(8, 0, { ...changed, body: '{}' })
  const { count, broken } = await readSpan(booksOf(entries, 6), 1, 20)
  deepEqual([count, broken], [20, 9])
})
