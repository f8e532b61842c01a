/**
 * Goal: a seed draws the same lines for whoever has it, another seed others, and all may be drawn.
 * Method: many draws of a few seeds.
 */
import { deepEqual, notDeepEqual, ok } from 'node:assert/strict'
import { test } from 'node:test'
import { drawn, placeOf } from './sample.ts'

const draws = (seed: string, below: number): readonly number[] =>
  Array.from({ length: 400 }, (_, n) => drawn(seed, n, below))

test('a seed draws the same again, and another seed others', () => {
  deepEqual(draws('april', 17), draws('april', 17))
  notDeepEqual(draws('april', 17), draws('May', 17))
})

test('every place may be drawn, and none beyond', () => {
  const found = new Set(draws('april', 17))
  deepEqual([...found].sort((a, b) => a - b), Array.from({ length: 17 }, (_, n) => n))
  ok(draws('', 1).every((place) => place === 0))
})

test('every interval of every zone has a place of its own', () => {
  const span = { zones: [0, 3, 0xffff_fffe], from: 100, to: 104 }
  const places = Array.from({ length: 12 }, (_, place) => placeOf(place, span))
  deepEqual(places.slice(3, 5), [{ zone: 0, interval: 103 }, { zone: 3, interval: 100 }])
  deepEqual(new Set(places.map(({ zone, interval }) => `${zone}/${interval}`)).size, 12)
  deepEqual(places.at(-1), { zone: 0xffff_fffe, interval: 103 })
})
