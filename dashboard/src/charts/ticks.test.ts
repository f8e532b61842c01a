/**
 * Goal: the figures beside a chart are those of its lines, each once, however short they are.
 * Method: axes by table.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { tickLabels, tickSteps } from './ticks.ts'

const digits = (count: number) => (value: number): string => value.toFixed(count)

describe('the figures of an axis', () => {
  test('are all written where none reads like another', () => {
    deepEqual(tickLabels([-0.05, 0, 0.05], digits(2)), ['-0.05', '0.00', '0.05'])
    deepEqual(tickLabels([0], digits(0)), ['0'])
    deepEqual(tickLabels([], digits(0)), [])
  })

  test('are written as far apart as they have to be to differ', () => {
    deepEqual(tickLabels([0, 0.5, 1, 1.5], digits(0)), ['0', '', '1', ''])
    deepEqual(
      tickLabels([0, 0.2, 0.4, 0.6, 0.8, 1], digits(0)),
      ['0', '', '', '', '', '1'],
    )
    // From below zero on too: zero is written.
    deepEqual(tickLabels([-1.5, -1, -0.5, 0, 0.5], digits(0)), ['', '-1', '', '0', ''])
  })

  test('stand in steps of one, two and five', () => {
    deepEqual(tickSteps.filter((step) => step >= 0.01 && step < 10), [
      0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5,
    ])
    equal(new Set(tickSteps).size, tickSteps.length)
  })
})
