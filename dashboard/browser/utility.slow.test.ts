/**
 * Goal: a grid operator sees what trades do and will do over its own wires, and lets through what
 * it says, by its signature; nobody else sees or says it.
 * Method: a market of contracts over the wires of two utilities, Chromium with a virtual passkey.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Market } from '@busbar/protocols/api'
import type { Browser, Page } from 'playwright-core'
import { formatsOf } from '../src/format/formats.ts'
import { barriersOn, drawn, overflowOf } from '../testing/barriers.ts'
import { browserOrWhy, type Look } from '../testing/browser.ts'
import { openAs, openSignedIn } from '../testing/opened.ts'
import { type SampleMarket, startTradeMarket } from '../testing/sample-market.ts'
import { type SampleSession, sessionOf } from '../testing/sample-session.ts'
import { privateAsks, sessionsOf, statusFor } from '../testing/tenants.ts'
import { byName } from '../testing/virtual-passkey.ts'

const found = await browserOrWhy()
const skip = typeof found === 'string' ? found : false
/** Of a browser that was found: without one no test is run. */
const browser = found as Browser

let market: SampleMarket
let grid: SampleSession

if (skip === false) {
  before(async () => {
    market = await startTradeMarket(10)
    await market.settled(6)
    grid = await sessionOf(market.url, 'grid-north')
  })

  after(async () => {
    await browser.close()
    await market?.stop()
  })
}

const marketNow = async (): Promise<Market> =>
  await (await fetch(`${market.url}/v1/market`)).json() as Market

/** A page that was opened hours ago knows the gates of then: all of them have closed since. */
const openedLongAgo = (page: Page): Promise<unknown> =>
  page.route('**/v1/market', async (route) => {
    const response = await route.fetch()
    const answer = await response.json() as Market
    const { interval } = answer
    const then = {
      now: interval.now - 12,
      openFrom: interval.openFrom - 12,
      openThrough: interval.openThrough - 12,
    }
    await route.fulfill({ response, json: { ...answer, interval: { ...interval, ...then } } })
  })

describe('the grid operator\u2019s page', { skip }, () => {
  const looks: readonly Look[] = [
    { size: 'phone', scheme: 'dark', language: 'de' },
    { size: 'desktop', scheme: 'light' },
  ]
  for (const look of looks) {
    test(`has nothing in anybody's way: ${look.size}, ${look.scheme}`, async () => {
      const { page, context, complaints } = await openAs(browser, grid, look)
      await page.goto(`${market.url}/utility`)
      await drawn(page)
      await page.locator('tbody tr button').first().click()
      await page.locator('.inset tbody').waitFor()
      deepEqual(await barriersOn(page), [])
      equal(await overflowOf(page), 0, 'it is as wide as the screen')
      deepEqual(complaints, [])
      await context.close()
    })
  }

  test('shows what will flow, the trades and their wheeling', async () => {
    const { page, context } = await openAs(browser, grid, { size: 'desktop' })
    await page.goto(`${market.url}/utility`)
    await drawn(page)
    await page.locator('canvas').first().waitFor()
    await page.getByRole('button', { name: 'Table', exact: true }).click()
    ok(await page.locator('tbody tr').count() > 20)
    const wheeling = page.locator('section').filter({
      has: page.getByRole('heading', { name: 'Wheeling' }),
    })
    match(await wheeling.innerText(), /€0\.011 per kWh/)
    ok(await wheeling.locator('tbody tr').count() >= 10)
    const text = await page.locator('main').innerText()
    ok(!/home-\d/.test(text), 'no party of a trade is named')
    await context.close()
  })

  test('says how far its figures reach, and reads what is agreed for later', async () => {
    const { page, context } = await openAs(browser, grid, { size: 'desktop' })
    // So few flows at once that there are more.
    await page.route('**/schedule?*', (route) =>
      route.continue({ url: route.request().url().replace(/limit=\d+/, 'limit=16') }))
    await page.goto(`${market.url}/utility`)
    await drawn(page)
    const card = page.locator('section').filter({
      has: page.getByRole('heading', { name: 'What trades will do' }),
    })
    await card.locator('canvas').first().waitFor()
    const until = card.getByText(/^These count until .+\. More is agreed for later\.$/)
    const more = card.getByRole('button', { name: 'Show more' })
    let pages = 1
    for (; pages < 40 && (await more.count()) > 0; pages += 1) {
      const said = await until.innerText()
      await more.click()
      await card.getByText(said, { exact: true }).waitFor({ state: 'detached' })
    }
    ok(pages > 1, 'there was more')
    equal(await until.count(), 0, 'they count all that is agreed')
    await context.close()
  })

  test('shows how full its bridge was, and will be by what is agreed', async () => {
    const south = await sessionOf(market.url, 'grid-south')
    const { page, context } = await openAs(browser, south, { size: 'desktop' })
    await page.goto(`${market.url}/utility`)
    await drawn(page)
    const tree = page.locator('.grid-picture')
    await tree.getByText(/ (?:up|down) · \d+% full/).first().waitFor()
    await tree.getByText(/(?:as agreed|nothing agreed at .+) · \d+% full/).waitFor()
    await page.getByText(/one way, .+: \d+% of the bridge/).waitFor()
    await context.close()
    const north = await openAs(browser, grid, { size: 'desktop' })
    await north.page.goto(`${market.url}/utility`)
    await north.page.getByText(/without south, which others operate/).waitFor()
    equal(await north.page.locator('.grid-picture').getByText(/agreed/).count(), 0)
    await north.context.close()
  })

  test('limits a trade, with a reason, by a signature, and takes it back', async () => {
    const { page, context } = await openSignedIn(
      browser, market.url, 'grid-north', { size: 'desktop' }, '/utility',
    )
    await openedLongAgo(page)
    await page.goto(`${byName(market.url)}/utility`)
    await drawn(page)
    // Of the whole day: it lasts as long as the test does.
    await page.getByRole('button', { name: 'Open 12' }).click()
    const inset = page.locator('.inset')
    await inset.locator('tbody tr').first().waitFor()
    const from = inset.getByRole('combobox', { name: /^From/ })
    const { interval: { openFrom } } = await marketNow()
    ok(Number(await from.inputValue()) >= openFrom, 'its gate has not closed')
    ok(Number(await from.locator('option').first().getAttribute('value')) >= openFrom)
    // Some gates ahead: what is signed arrives before it.
    const start = await from.locator('option').nth(2).getAttribute('value')
    await from.selectOption(start)
    await inset.getByLabel('At most, kWh in each').fill('0.02')
    await inset.getByLabel('Reason', { exact: true }).fill('transformer 12 is being repaired')
    await inset.getByRole('button', { name: 'Sign and send' }).click()
    await inset.getByText('It counts from the next gate on').waitFor()
    const row = inset.locator('tbody tr').filter({ hasText: 'transformer 12' })
    await row.waitFor()
    equal(await row.count(), 1)
    match(await row.innerText(), /20 Wh/)
    await inset.getByRole('button', { name: 'Permit' }).click()
    await inset.getByRole('button', { name: 'Sign and send' }).click()
    await row.waitFor({ state: 'detached' })
    await context.close()
  })

  test('sets a rate from the first interval that takes no orders yet', async () => {
    const { page, context } = await openAs(browser, grid, { size: 'desktop' })
    await openedLongAgo(page)
    await page.goto(`${market.url}/utility`)
    await drawn(page)
    const field = page.getByText(/^A new rate per kWh, from /)
    const timeAfter = ({ interval: { openThrough }, rulebook, display }: Market): string =>
      formatsOf('en', display).moment((openThrough + 1) * rulebook.intervalSeconds * 1_000)
    const before = timeAfter(await marketNow())
    const said = await field.first().innerText()
    const between = [before, timeAfter(await marketNow())]
    ok(between.some((time) => said.includes(time)), `${said}: ${between.join(' or ')}`)
    await context.close()
  })
})

describe('what is a utility\u2019s', { skip }, () => {
  test('is refused to everybody else, request by request', async () => {
    const opened = await openAs(browser, grid, { size: 'desktop' })
    const { page, context } = opened
    const asks = await privateAsks(opened, market.url, async () => {
      await page.goto(`${market.url}/utility`)
      await drawn(page)
      await page.locator('tbody tr button').first().click()
      await page.locator('.inset tbody').waitFor()
    })
    await context.close()
    ok(asks.length >= 3, `${asks.length} requests are too few to be all`)
    const others = await sessionsOf(market.url, [
      'home-1', 'home-2', 'retailer-north', 'grid-south', 'bank', 'balancing-authority', 'platform',
    ])
    for (const other of others) {
      for (const path of asks) {
        // A trade concerns its parties and their retailers as well: each sees its own part.
        if (path.startsWith('/v1/trades')) continue
        ok([403, 404].includes(await statusFor(market.url, path, other)), `${other.name}: ${path}`)
      }
    }
    const strangers = await sessionsOf(market.url, ['bank', 'balancing-authority'])
    for (const other of strangers) {
      for (const path of asks.filter((one) => one.startsWith('/v1/trades/'))) {
        equal(await statusFor(market.url, path, other), 404, `${other.name}: ${path}`)
      }
    }
  })

  test('is shown to others as not theirs', async () => {
    for (const name of ['home-1', 'retailer-north', 'auditor']) {
      const session = await sessionOf(market.url, name)
      const { page, context } = await openAs(browser, session)
      await page.goto(`${market.url}/utility`)
      await page.getByText('This page is for others.').waitFor()
      await context.close()
    }
  })
})
