/**
 * Goal: which intervals are looked at stands in the address, there and back.
 * Method: tables.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { searchOf, wantedOf } from './interval-search.ts'

for (const search of ['', '?before=7', '?proof=overdue', '?before=0&proof=none']) {
  test(`there and back: ${search}`, () => equal(searchOf(wantedOf(search)), search))
}

test('what makes no sense is not there', () => {
  deepEqual(wantedOf('?before=-1&proof=maybe'), { before: null, proof: null })
  deepEqual(wantedOf(`?before=${'9'.repeat(13)}`), { before: null, proof: null })
})
