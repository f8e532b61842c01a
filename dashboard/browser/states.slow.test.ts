/**
 * Goal: every page has nothing in the way of anybody whom it is for, and says what is the case and
 * what to do next when its requests are refused, answered late or not at all, and goes on by itself
 * or by one button when that is over.
 * Method: a table of all pages, each as somebody it is for, in two markets as `npm start` brings
 * them up; Chromium, axe, and answers that are held back or refused on their way.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page, Route } from 'playwright-core'
import { type PageName, pages } from '../src/route/pages.ts'
import { barriersOn, drawn, linesOfBar, movedSideways, overflowOf } from '../testing/barriers.ts'
import { browserOrWhy, type Look } from '../testing/browser.ts'
import { everyPage } from '../testing/every-page.ts'
import { startFront } from '../testing/front.ts'
import { PageMarkets } from '../testing/page-markets.ts'

const found = await browserOrWhy()
const skip = typeof found === 'string' ? found : false
/** Of a browser that was found: without one no test is run. */
const browser = found as Browser

/** A part of a page may be loaded after the others, and a stream is tried again ever later. */
const inTimeMs = 90_000

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

const tryAgain = (page: Page) => page.locator('main').getByRole('button', { name: 'Try again' })
const troubles = (page: Page) => page.locator('main [role=alert]')

/** What is asked for here besides who is there and what market this is. */
const isData = (url: URL): boolean =>
  url.pathname.startsWith('/v1/') && !/^\/v1\/(?:market|session|stream)$/.test(url.pathname)

const refuse = (route: Route): Promise<void> =>
  route.fulfill({ status: 400, contentType: 'application/problem+json', body: '{}' })

/** Presses each button as it comes, once for each answer, until nothing is in trouble any more. */
async function tryAllAgain(page: Page): Promise<void> {
  const until = performance.now() + inTimeMs
  while ((await troubles(page).count()) > 0 && performance.now() < until) {
    const [button] = await tryAgain(page).elementHandles()
    if (button === undefined) {
      await page.waitForTimeout(100)
    } else {
      // The page may have asked again by itself before somebody reaches the button; and it stays
      // until there is an answer: who pressed it again would ask anew.
      await button.click({ timeout: 2_000 }).catch(() => undefined)
      await button.waitForElementState('hidden', { timeout: 10_000 }).catch(() => undefined)
    }
    await drawn(page)
  }
}

/** It shows what it is for, to whom it is for. */
async function isWhole(page: Page): Promise<void> {
  await drawn(page)
  equal(await troubles(page).allInnerTexts().then((texts) => texts.join()), '')
  const locked = page.getByText('This page shows what only its owner may see.')
  equal(await locked.count(), 0, 'it knows who is there')
}

describe('every page', { skip }, () => {
  test('has a row', () => {
    const named = new Set(everyPage.map(({ page }) => page))
    deepEqual(Object.keys(pages).filter((page) => !named.has(page as PageName)), [])
  })

  const dark: Look = { size: 'phone', scheme: 'dark', language: 'de' }
  const light: Look = { size: 'desktop', scheme: 'light' }

  /** Nothing in anybody's way, in this look. */
  async function isClear(page: Page, { language = 'en', size }: Look): Promise<void> {
    deepEqual(await barriersOn(page), [])
    equal(await overflowOf(page), 0, 'it is as wide as the screen')
    equal(await linesOfBar(page), 1, 'the ways at its head stand on one line')
    if (size === 'phone') deepEqual(await movedSideways(page), [], 'no table is moved sideways')
    equal(await page.locator('html').getAttribute('lang'), language)
    equal(await page.locator('main h1').count(), 1, 'it has one title')
  }

  test('has nothing in anybody’s way: on a phone, in the dark, in German', async () => {
    await markets.each(browser, dark, async (row, { page, complaints }) => {
      await page.goto(markets.addressOf(row))
      await drawn(page)
      await isClear(page, dark)
      deepEqual(complaints, [])
    })
  })

  test('says that it loads, that the exchange is gone, and goes on by itself', async () => {
    await markets.each(browser, light, async (row, { page, context }) => {
      const front = await startFront(markets.urlOf(row))
      context.on('close', () => void front.close())
      const seen = Promise.withResolvers<void>()
      await page.route(isData, async (route) => {
        await seen.promise
        // A page that was left in the meantime takes no answer.
        await route.continue().catch(() => undefined)
      })
      await page.goto(markets.addressOf(row, front.url))
      await page.locator('main h1').first().waitFor()
      if (row.isStill !== true) await page.locator('main .bone').first().waitFor()
      seen.resolve()
      await isWhole(page)
      await isClear(page, light)
      await page.unroute(isData)
      const title = await page.locator('main h1').innerText()
      front.leave()
      await page.getByRole('alert').getByText('No connection to the exchange.').first().waitFor()
      equal(await page.locator('main h1').innerText(), title, 'it keeps what it shows')
      equal(await page.getByText('The exchange works.').count(), 0, 'of that nobody knows now')
      front.comeBack()
      await troubles(page).first().waitFor({ state: 'detached', timeout: inTimeMs })
      await isWhole(page)
    })
  })

  test('says what was refused, and shows it when it is not any more', async () => {
    const asking = everyPage.filter(({ isStill }) => isStill !== true)
    await markets.each(browser, {}, async (row, { page }) => {
      await page.route(isData, refuse)
      // News of the market would have the page ask again by itself.
      await page.route('**/v1/stream', (route) => route.abort())
      await page.goto(markets.addressOf(row))
      await page.getByText('This could not be loaded.').first().waitFor()
      // It says what to do, if it is not asking again by itself just now.
      await tryAgain(page).first().waitFor()
      equal(await page.locator('main h1').count(), 1, 'it has one title')
      await page.unroute(isData)
      await page.unroute('**/v1/stream')
      await tryAllAgain(page)
      await troubles(page).first().waitFor({ state: 'detached', timeout: inTimeMs })
      await isWhole(page)
    }, asking)
  })

  test('says what may be out of date because it could not be read again', async () => {
    const homes = everyPage.filter(({ page, in: where }) => page === 'home' && where === 'auctions')
    await markets.each(browser, {}, async (row, { page }) => {
      await page.goto(markets.addressOf(row))
      await isWhole(page)
      const older = page.getByText('This could not be read again').first()
      equal(await older.count(), 0)
      await page.route(isData, refuse)
      // With the next interval it reads what has changed.
      await older.waitFor({ timeout: inTimeMs })
      await page.unroute(isData)
      await older.waitFor({ state: 'detached', timeout: inTimeMs })
      await isWhole(page)
    }, homes)
  })

  test('says that nobody answers, and knows who is there when somebody does', async () => {
    const firsts = everyPage.filter((row, place) =>
      everyPage.findIndex(({ as }) => as === row.as) === place)
    await markets.each(browser, {}, async (row, { page }) => {
      const isAsked = (url: URL): boolean => url.pathname.startsWith('/v1/')
      await page.route(isAsked, (route) => route.abort())
      await page.goto(markets.addressOf(row))
      await page.getByText('No connection to the exchange.').first().waitFor()
      await tryAgain(page).first().waitFor()
      await page.unroute(isAsked)
      await tryAllAgain(page)
      await troubles(page).first().waitFor({ state: 'detached', timeout: inTimeMs })
      await isWhole(page)
      if (row.as !== undefined) equal(await page.locator('.person').innerText(), row.as)
    }, firsts)
  })
})
