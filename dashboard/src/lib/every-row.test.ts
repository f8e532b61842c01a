/**
 * Goal: whoever saves a list has all of it, knows where it is cut, and may stop.
 * Method: a list of numbers behind `pagesOf`, read as the exchange's lists are.
 */
import { deepEqual, equal, rejects } from 'node:assert/strict'
import { test } from 'node:test'
import { pagesOf } from '@busbar/client'
import { everyRow, type Gathering } from './every-row.ts'

const seven = [0, 1, 2, 3, 4, 5, 6]
const asked: (number | undefined)[] = []

/** Three at a time. */
const pages = () =>
  pagesOf(async ({ from }) => {
    asked.push(from)
    const first = from ?? 0
    return { rows: seven.slice(first, first + 3), nextFrom: first + 3 < 7 ? first + 3 : null }
  })

const told: number[] = []
const going = (): Gathering => ({
  signal: new AbortController().signal,
  progress: (rows) => told.push(rows),
})

test('all rows come, page by page, and their number is told', async () => {
  const found = await everyRow(pages, ({ rows }) => rows)(going())
  deepEqual(found, { rows: seven, isWhole: true })
  deepEqual([asked, told], [[undefined, 3, 6], [3, 6, 7]])
})

test('what is left out of a page does not end the list', async () => {
  const even = everyRow(pages, ({ rows }) => rows.filter((one) => one % 2 === 0 && one !== 4))
  deepEqual(await even(going()), { rows: [0, 2, 6], isWhole: true })
})

test('a list that is too long is cut, and says so', async () => {
  const read = (most: number) => everyRow(pages, ({ rows }) => rows, most)(going())
  deepEqual(await read(2), { rows: [0, 1, 2, 3, 4, 5], isWhole: false })
  equal((await read(3)).isWhole, true, 'as many pages as there may be')
})

test('who stops has nothing more read', async () => {
  const ending = new AbortController()
  asked.length = 0
  const stopping = everyRow(pages, ({ rows }) => rows)({
    signal: ending.signal,
    progress: () => ending.abort(),
  })
  await rejects(stopping, { name: 'AbortError' })
  deepEqual(asked, [undefined])
})
