/**
 * Goal: what is brought up to be looked at keeps the promises that its rules make.
 * Method: rulebooks at some speeds, checked by their own schema.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { derToCash, openDerToCash, parseRulebook } from '@busbar/core/rulebook'
import { provenInRealTime } from './parts.ts'

describe('the time for a proof', () => {
  const cases: readonly (readonly [speed: number, seconds: number])[] = [
    [1, 3_600], [60, 216_000], [100_000, 2_592_000],
  ]
  for (const [speed, seconds] of cases) {
    test(`is an hour of real time at speed ${speed}, as far as a rulebook goes`, () => {
      const { rulebook } = provenInRealTime({ rulebook: derToCash }, speed)
      equal(rulebook.proofDeadlineSeconds, seconds)
      deepEqual(parseRulebook(rulebook), rulebook)
    })
  }

  test('is none where nothing is proven', () => {
    deepEqual(provenInRealTime({ rulebook: openDerToCash }, 60).rulebook, openDerToCash)
  })
})
