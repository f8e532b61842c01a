/**
 * Goal: the countdown ends when the gate closes, market time goes on between two events, and a day
 * of the market's time zone begins and ends at its midnights, also when clocks change.
 * Method: tables of moments, with the server's own rules of gates as what they must be.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { derToCash } from '@busbar/core/rulebook'
import type { Market } from '@busbar/protocols/api'
import { dayOf, marketTime, phasesAt } from './phases.ts'

const rulebook = derToCash as Market['rulebook']
/** Of an answer from long before. */
const market = { rulebook, interval: { openFrom: 1 } }
const intervalMs = 300_000
const gateOf = (interval: number): number => interval * intervalMs - 60_000

describe('phases', () => {
  const cases: readonly (readonly [atMs: number, open: number, passed: number])[] = [
    [gateOf(100), 101, 0],
    [gateOf(100) - 1, 100, 1 - 1 / intervalMs],
    [gateOf(100) + intervalMs / 2, 101, 0.5],
    [100 * intervalMs, 101, 0.2],
  ]
  for (const [atMs, open, passed] of cases) {
    test(`at ${atMs} orders are taken for ${open}`, () => {
      const found = phasesAt(atMs, market)
      equal(found.open, open)
      equal(found.gateMs, gateOf(open))
      equal(Math.round(found.passed * intervalMs), Math.round(passed * intervalMs))
      equal(found.delivering, Math.floor(atMs / intervalMs))
      equal(found.openThrough, open + rulebook.horizonIntervals)
    })
  }

  test('an interval whose gate has closed by earlier rules is not open by later ones', () => {
    const atMs = gateOf(100)
    const later = { ...rulebook, gateLeadSeconds: 0 }
    equal(phasesAt(atMs, { ...market, rulebook: later }).open, 100)
    const found = phasesAt(atMs, { rulebook: later, interval: { openFrom: 101 } })
    deepEqual([found.open, found.gateMs, found.passed], [101, 101 * intervalMs, 0])
    equal(found.openThrough, 100 + rulebook.horizonIntervals)
  })

  test('market time runs on by its speed, and never back', () => {
    const heard = { nowMs: 1_000, speed: 60, heardAtMs: 500 }
    equal(marketTime(heard, 600), 7_000)
    equal(marketTime(heard, 400), 1_000)
    equal(marketTime({ ...heard, speed: 0 }, 9_999), 1_000)
  })
})

describe('the day of the market', () => {
  const utc = (text: string): number => Date.parse(`${text}Z`)
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['UTC', '2025-07-01T10:30', '2025-07-01T00:00', '2025-07-02T00:00'],
    ['UTC', '2025-07-01T00:00', '2025-07-01T00:00', '2025-07-02T00:00'],
    ['Europe/Berlin', '2025-07-01T23:00', '2025-07-01T22:00', '2025-07-02T22:00'],
    ['Europe/Berlin', '2025-03-30T12:00', '2025-03-29T23:00', '2025-03-30T22:00'],
    ['Europe/Berlin', '2025-10-26T12:00', '2025-10-25T22:00', '2025-10-26T23:00'],
    ['Asia/Kathmandu', '2025-07-01T10:00', '2025-06-30T18:15', '2025-07-01T18:15'],
  ]
  for (const [zone, at, start, end] of cases) {
    test(`${at} in ${zone}`, () => {
      deepEqual(dayOf(utc(at), zone), { startMs: utc(start), endMs: utc(end) })
    })
  }
})
