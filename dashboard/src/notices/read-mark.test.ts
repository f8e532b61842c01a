/**
 * Goal: what was read stays read, for each account for itself; nothing else is taken for a mark.
 * Method: a keeper by hand.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { brief, ReadMark, unreadOf } from './read-mark.ts'

function keeper(start: Readonly<Record<string, string>> = {}) {
  const kept = new Map(Object.entries(start))
  return {
    kept,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  }
}

test('a mark goes on and never back, and is told', () => {
  const store = keeper()
  const mark = new ReadMark(store, 'm', 7)
  const heard: number[] = []
  const leave = mark.subscribe(() => heard.push(mark.current()))
  mark.readTo(5)
  mark.readTo(3)
  leave()
  mark.readTo(9)
  deepEqual([mark.current(), heard], [9, [5]])
  equal(new ReadMark(store, 'm', 8).current(), 0)
  equal(new ReadMark(store, 'm', 7).current(), 9)
})

test('what is no mark counts as none', () => {
  for (const text of ['x', '-1', '1.5', '']) {
    equal(new ReadMark(keeper({ 'busbar.read.m.7': text }), 'm', 7).current(), 0)
  }
})

test('what is new is counted by number', () => {
  deepEqual([0, 10, 12, 15].map((mark) => unreadOf(12, mark)), [12, 2, 0, 0])
  deepEqual([unreadOf(0, 0), unreadOf(undefined, 0)], [0, 0])
  deepEqual([1, 99, 100, 5_000].map((count) => brief(count)), ['1', '99', '99+', '99+'])
})
