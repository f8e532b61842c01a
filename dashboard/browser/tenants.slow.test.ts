/**
 * Goal: with anybody signed in, every request of everybody else's pages is refused, but for what a
 * role or a contract lets them read.
 * Method: the table of all pages, in two markets as `npm start` brings them up. What a page asks
 * for and a stranger is refused is asked again as each of the others; what they may read stands
 * below.
 */
import { deepEqual, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { drawn } from '../testing/barriers.ts'
import { browserOrWhy } from '../testing/browser.ts'
import { everyPage } from '../testing/every-page.ts'
import { PageMarkets } from '../testing/page-markets.ts'
import { privateAsks, statusFor } from '../testing/tenants.ts'

const found = await browserOrWhy()
const skip = typeof found === 'string' ? found : false
/** Of a browser that was found: without one no test is run. */
const browser = found as Browser

/** Everybody has a list of one's own under the same address: it is another list. */
const ownLists = /^\/v1\/(?:trades|meters|agreements|nettings)(?:\?|$)/

/** Who watches over a market reads what is in its books: all but what devices of a home say. */
const overseers: readonly string[] = ['operator', 'auditor']
const ofHomesAlone = /\/devices\?/

/** A trade concerns the utilities whose wires it goes over. */
const ofTrades = /^\/v1\/trades\/\d+\/proofs/

const mayRead = (name: string, path: string): boolean =>
  ownLists.test(path) ||
  (overseers.includes(name) && !ofHomesAlone.test(path)) ||
  (name.startsWith('grid-') && ofTrades.test(path))

let markets: PageMarkets

if (skip === false) {
  before(async () => {
    markets = await PageMarkets.open()
  })

  after(async () => {
    await browser.close()
    await markets?.stop()
  })
}

describe('what is somebody\u2019s', { skip }, () => {
  test('is refused to everybody else, request by request, page by page', async () => {
    const [asked, foundOut] = [new Set<string>(), new Set<string>()]
    const signedIn = everyPage.filter(({ as }) => as !== undefined)
    await markets.each(browser, { size: 'desktop' }, async (row, opened) => {
      const url = markets.urlOf(row)
      const asks = await privateAsks(opened, url, async () => {
        await opened.page.goto(markets.addressOf(row))
        await drawn(opened.page)
      })
      for (const path of asks) asked.add(path)
      for (const other of markets.sessionsOf(row).filter(({ name }) => name !== row.as)) {
        for (const path of asks.filter((one) => !mayRead(other.name, one))) {
          const status = await statusFor(url, path, other)
          if (status !== 403 && status !== 404) foundOut.add(`${other.name}: ${status} ${path}`)
        }
      }
    }, signedIn)
    ok(asked.size >= 60, `${asked.size} requests are too few to be all`)
    ok([...asked].some((path) => ofHomesAlone.test(path)), 'a home has devices')
    deepEqual([...foundOut], [])
  })
})
