/**
 * Goal: everybody finds the pages that are for them, their own first, and no others.
 * Method: a table of who is there.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Session } from '../session/session.ts'
import { destinationOf, destinationsOf, nameOf } from './destinations.ts'

const as = (...roles: Session['roles']): Session => ({
  ...{ account: 7, name: 's001', roles, retailer: null, untilMs: 1 },
})

describe('destinations', () => {
  const everybody = ['market', 'intervals', 'audit']
  test('of somebody who is not signed in are those for everybody', () => {
    for (const session of [null, undefined]) {
      const pages = destinationsOf(session).map(({ page }) => page)
      for (const page of everybody) equal(pages.includes(page as 'market'), true, page)
      equal(pages.includes('account'), false)
    }
  })

  test('of a role begin with its own', () => {
    for (const session of [as('prosumer'), as('retailer'), as('operator'), as('auditor')]) {
      const found = destinationsOf(session)
      const own = found.map(({ to }) => Array.isArray(to))
      deepEqual(own, own.toSorted((a, b) => Number(b) - Number(a)))
      for (const { to } of found) {
        if (Array.isArray(to)) equal(to.some((role) => session.roles.includes(role)), true)
      }
      equal(found.some(({ page }) => page === 'account'), true)
    }
  })

  test('lie where their pages are', () => {
    deepEqual([destinationOf('interval'), destinationOf('market')], ['intervals', 'market'])
    deepEqual([nameOf('whyInterval'), nameOf('signin')], ['page.why', 'app.name'])
  })
})
