/**
 * Goal: no page is without a picture, and no picture is taken twice under one name.
 * Method: the table of pages beside the table of pictures.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { pages } from '../src/route/pages.ts'
import { pictures } from './pictures.ts'

describe('pictures', () => {
  test('show every page', () => {
    const shown = new Set<string>(pictures.map(({ page }) => page))
    deepEqual(Object.keys(pages).filter((page) => !shown.has(page)), [])
  })

  test('have a name each', () => {
    const names = pictures.map(({ name }) => name)
    equal(new Set(names).size, names.length, names.join(' '))
  })
})
