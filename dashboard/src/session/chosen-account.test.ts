/**
 * Goal: what was chosen last stands first, and decides nothing: no account appears by it.
 * Method: a keeper with what was chosen, with nothing, and with what somebody else wrote there.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { forgetChosen, lastChosen, noteChosen, suggestedFirst } from './chosen-account.ts'

function keeper() {
  const kept = new Map<string, string>()
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
}

const accounts = [{ account: 7 }, { account: 8 }, { account: 9 }]

test('the last choice of the market stands first', () => {
  const here = keeper()
  equal(lastChosen(here, 'one'), undefined)
  noteChosen(here, 'one', 9)
  noteChosen(here, 'two', 8)
  const shown = suggestedFirst(accounts, lastChosen(here, 'one'))
  deepEqual(shown.map(({ account }) => account), [9, 7, 8])
})

test('an account that is not offered does not appear', () => {
  deepEqual(suggestedFirst(accounts, 55), accounts)
  deepEqual(suggestedFirst(accounts, undefined), accounts)
})

test('what is no account suggests nothing, and the choice of another is not forgotten', () => {
  const here = keeper()
  for (const text of ['', 'x', '-1', '1e9', '12345678901']) {
    here.kept.set('busbar.chosen.one', text)
    equal(lastChosen(here, 'one'), undefined)
  }
  noteChosen(here, 'one', 9)
  forgetChosen(here, 'one', 8)
  equal(lastChosen(here, 'one'), 9)
  forgetChosen(here, 'one', 9)
  equal(lastChosen(here, 'one'), undefined)
})
