/**
 * Goal: whatever an account can be told is said on the command line, in a line of its own words.
 * Method: a notice of every kind in each state that it can be in.
 */
import { equal, match, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { BusbarClient } from '@busbar/client'
import { noticeOf, noticesOf } from '@busbar/dashboard/testing/sample-notices'
import { type Market, noticeKindNames } from '@busbar/protocols/api'
import { People } from '../desk/desk.ts'
import { noticeCells, noticeWords } from './words.ts'

const market = { rulebook: { intervalSeconds: 900 } } as Market
const participants = ({ from = 0 } = {}) =>
  Promise.resolve({ participants: [{ account: from, name: `p${from}` }], nextFrom: null })
const people = new People({ participants } as unknown as BusbarClient)

describe('notices', () => {
  for (const kind of noticeKindNames) {
    test(`${kind} has its words, whatever it says`, async () => {
      const { notices, different } = noticesOf(kind)
      const said = await Promise.all(
        notices.map((notice) => noticeWords(notice, market, people)))
      for (const words of said) {
        match(words, /^\S.{8,}\S$/)
        ok(!/undefined|NaN|Invalid|\[object|\n/.test(words), words)
      }
      equal(new Set(said).size, different)
    })
  }

  test('stand beside their number, time and subject', async () => {
    const cells = await noticeCells(noticeOf('mandate_granted'), market, people)
    const words = 'the agent bot trades up to 5 kWh a day until 2026-06-01T12:00Z'
    equal(cells.join(' | '), `1 | 2026-06-01T12:00Z | x/1 | ${words}`)
  })
})
