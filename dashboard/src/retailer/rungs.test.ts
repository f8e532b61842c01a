/**
 * Goal: a default's ladder shows what was taken, what is next and when, and nothing that will not
 * come.
 * Method: each status with each number of steps that it can have.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { DefaultView } from '@busbar/protocols/api'
import { ladderSteps, rungsOf, stillOwed, unshownSteps } from './rungs.ts'

const taken = (count: number, evidence = ''): DefaultView['steps'] =>
  ladderSteps.slice(0, count).map((step, i) => ({
    ...{ step, atMs: 100 * i, deadlineMs: 100 * i + 50, fineMicros: i === 1 ? 5 : 0 },
    ...{ evidence, consent: '0xc0' },
  }))

describe('the rungs of a ladder', () => {
  const cases: readonly (readonly [DefaultView['status'], number, string])[] = [
    ['open', 0, 'never never never never'],
    ['open', 1, 'now ahead never never'],
    ['open', 3, 'done done now ahead'],
    ['appealed', 2, 'done now never never'],
    ['cured', 2, 'done done never never'],
    ['overturned', 2, 'done done never never'],
    ['exhausted', 4, 'done done done now'],
  ]
  for (const [status, count, wanted] of cases) {
    test(`${status} after ${count} steps`, () => {
      const rungs = rungsOf({ status, steps: taken(count) })
      equal(rungs.map(({ state }) => state).join(' '), wanted)
    })
  }

  test('tell when the next one follows: at the deadline of the last', () => {
    const times = rungsOf({ status: 'open', steps: taken(2) }).map(({ atMs }) => atMs)
    deepEqual(times, [0, 100, 150, null])
  })
})

test('evidence is asked for while the default lasts, and for what has none', () => {
  equal(unshownSteps({ status: 'open', steps: taken(2) }).length, 2)
  equal(unshownSteps({ status: 'open', steps: taken(2, '0xe5') }).length, 0)
  equal(unshownSteps({ status: 'cured', steps: taken(2) }).length, 0)
  equal(stillOwed({ amountMicros: 9, recoveredMicros: 4 }), 5)
})
