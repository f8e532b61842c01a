/**
 * Goal: a seed draws the same lines for whoever has it, another seed others, and all may be drawn;
 * a sample is no better than its worst line, and its file has what it takes to draw it again.
 * Method: many draws of a few seeds, and a table of verdicts.
 */
import { deepEqual, equal, notDeepEqual, ok } from 'node:assert/strict'
import { test } from 'node:test'
import {
  drawn,
  placeOf,
  sampleColumns,
  type SampledLine,
  type SampleStage,
  type SampleVerdict,
  verdictOf,
} from './sample.ts'

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

const verdicts: readonly (readonly [string, SampleStage, SampleVerdict])[] = [
  ['holds holds', 'done', 'holds'], ['holds told holds', 'done', 'told'],
  ['told open holds', 'done', 'open'], ['open fails holds', 'done', 'fails'],
  ['', 'done', 'empty'], ['', 'running', 'running'], ['holds', 'running', 'running'],
  ['holds fails', 'running', 'fails'], ['holds', 'stopped', 'stopped'],
  ['fails', 'stopped', 'fails'],
]
for (const [states, stage, verdict] of verdicts) {
  test(`a sample of "${states}" that is ${stage} is ${verdict}`, () => {
    const lines = states.split(' ').filter((state) => state !== '')
      .map((state) => ({ state: state as SampledLine['state'] }))
    equal(verdictOf(lines, stage), verdict)
  })
}

test('each line of the file says how to draw it again', () => {
  const span = { zones: [0, 7], from: 100, to: 140 }
  const checked = { account: 9, amountMicros: -5, checks: 30, state: 'told' } as const
  const lines = [0, 3].map((draw) => ({
    draw, ...placeOf(drawn('april', 2 * draw, 80), span), ...checked,
  }))
  const file = sampleColumns(lines, { seed: 'april', count: 2, span })
  deepEqual([file['seed'], file['draw']], [['april', 'april'], [0, 3]])
  deepEqual([file['zones'], file['from_interval'], file['to_interval']], [
    ['0 7', '0 7'], [100, 100], [140, 140],
  ])
  deepEqual(file['state'], ['told', 'told'])
})
