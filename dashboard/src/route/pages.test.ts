/**
 * Goal: each page has one path, which leads to it and to nothing else.
 * Method: every page there and back; a table of paths that lead nowhere.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type PageName, pages, pathOf, placeOf } from './pages.ts'

describe('pages', () => {
  for (const [page, pattern] of Object.entries(pages)) {
    test(pattern, () => {
      const names = [...pattern.matchAll(/:([a-z]+)/g)].map(([, name = '']) => name)
      const parameters = Object.fromEntries(names.map((name, i) => [name, 7 + i]))
      deepEqual(placeOf(pathOf(page as PageName, parameters)), { page, parameters })
    })
  }

  const nowhere = [
    '', '/x', '//', '/intervals/', '/intervals/0', '/intervals/0/', '/intervals/0/1/2',
    '/intervals/00/1', '/intervals/0/-1', '/intervals/0/1e3', '/intervals/0/x', '/Intervals',
    `/intervals/0/${'9'.repeat(20)}`,
  ]
  for (const path of nowhere) test(`no page: ${path}`, () => equal(placeOf(path), undefined))
})
