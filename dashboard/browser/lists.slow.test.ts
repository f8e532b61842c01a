/**
 * Goal: of a list that is longer than a page shows, the file has all of it and a form offers all of
 * it; what takes many pages says how far it is, and may be stopped and begun again.
 * Method: a market of contracts; Chromium, whose pages are answered in smaller parts than they ask
 * for. The answers are the server's own.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { barriersOn, drawn, overflowOf } from '../testing/barriers.ts'
import { browserOrWhy, type Look } from '../testing/browser.ts'
import { type Opened, openAs } from '../testing/opened.ts'
import { type SampleMarket, startTradeMarket } from '../testing/sample-market.ts'
import { sessionOf } from '../testing/sample-session.ts'

const found = await browserOrWhy()
const skip = typeof found === 'string' ? found : false
/** Of a browser that was found: without one no test is run. */
const browser = found as Browser

let market: SampleMarket

if (skip === false) {
  before(async () => {
    market = await startTradeMarket(10)
    await market.settled(6)
  })

  after(async () => {
    await browser.close()
    await market?.stop()
  })
}

/** Asks for `less` at once where a page asks for `limit` of a list. */
async function inParts(page: Page, path: RegExp, limit: number, less: number): Promise<void> {
  await page.route(
    (url) => path.test(url.pathname) && url.searchParams.get('limit') === String(limit),
    async (route) => {
      const url = new URL(route.request().url())
      url.searchParams.set('limit', String(less))
      await route.continue({ url: url.href })
    },
  )
}

async function openIn(
  name: string,
  path: string,
  parts: readonly [path: RegExp, limit: number, less: number],
  look: Partial<Look> = { size: 'desktop' },
): Promise<Opened> {
  const opened = await openAs(browser, await sessionOf(market.url, name), look)
  await inParts(opened.page, ...parts)
  await opened.page.goto(`${market.url}${path}`)
  await drawn(opened.page)
  return opened
}

/** The first column of the file, without its head. */
async function savedFrom(page: Page): Promise<readonly string[]> {
  const file = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save as CSV' }).first().click()
  const text = await readFile(await (await file).path(), 'utf8')
  return text.trim().split('\r\n').slice(1).map((line) => line.split(',')[0] ?? '')
}

describe('a file', { skip }, () => {
  test('has all customers, of whom the page shows some', async () => {
    const { page, context } =
      await openIn('retailer-north', '/retailer/customers', [/\/customers$/, 50, 2])
    const rows = page.locator('tbody tr')
    equal(await rows.count(), 2)
    const saved = await savedFrom(page)
    ok(saved.length >= 5 && new Set(saved).size === saved.length, saved.join())
    const more = page.getByRole('button', { name: 'Show more' })
    while (await more.count() > 0) {
      const before = await rows.count()
      await more.click()
      await rows.nth(before).waitFor()
    }
    equal(await rows.count(), saved.length)
    await context.close()
  })

  test('has all that trades pay for the wires', async () => {
    const { page, context } = await openIn('grid-north', '/utility', [/\/wheeling$/, 16, 1])
    const region = page.getByRole('region', { name: 'Wheeling' })
    const card = page.locator('section').filter({ has: region })
    const shown = await region.locator('tbody tr').count()
    const file = page.waitForEvent('download')
    await card.getByRole('button', { name: 'Save as CSV' }).click()
    const text = await readFile(await (await file).path(), 'utf8')
    ok(text.trim().split('\r\n').length - 1 > shown, `${shown} are shown`)
    await context.close()
  })

  test('has all of a statement, the oldest first', async () => {
    const { page, context } = await openIn('home-1', '/why', [/\/statement$/, 40, 2])
    const saved = await savedFrom(page)
    ok(saved.length > await page.locator('tbody tr').count())
    deepEqual(saved, saved.toSorted(), 'they ascend')
    await context.close()
  })

  test('may be given up, and is not saved then', async () => {
    const { page, context } =
      await openIn('retailer-north', '/retailer/customers', [/\/customers$/, 50, 2])
    let saved = 0
    page.on('download', () => saved++)
    await page.route((url) => url.searchParams.get('limit') === '500', () => undefined)
    await page.getByRole('button', { name: 'Save as CSV' }).click()
    await page.getByText('Rows read: 0').waitFor()
    deepEqual(await barriersOn(page), [])
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('Rows read: 0').waitFor({ state: 'detached' })
    equal(await page.getByRole('button', { name: 'Save as CSV' }).isEnabled(), true)
    equal(saved, 0)
    await context.close()
  })
})

describe('a form about a customer', { skip }, () => {
  test('finds whom the page does not show, by name and by number', async () => {
    const { page, context } = await openIn(
      'retailer-north', '/retailer/customers', [/\/customers$/, 50, 2], { size: 'phone' },
    )
    const { account } = await sessionOf(market.url, 'home-9')
    const card = page.locator('section').filter({
      has: page.getByRole('heading', { name: 'Take money in advance' }),
    })
    const who = card.getByRole('combobox')
    const chosen = () =>
      who.evaluate((field) => (field as HTMLSelectElement).selectedOptions[0]?.text)
    ok(!(await who.innerText()).includes('home-9'))
    const find = card.getByRole('searchbox', { name: 'Find by name or number' })
    await find.fill('HOME-9')
    await find.press('Enter')
    await card.getByText('Found: 1').waitFor()
    equal(await chosen(), 'home-9')
    await find.fill('')
    match(await who.innerText(), /home-1/)
    equal(await chosen(), 'home-9', 'whoever was chosen stays it')
    await find.fill('nobody')
    await card.getByRole('button', { name: 'Find' }).click()
    await card.getByText('No customer has this name or number.').waitFor()
    await who.selectOption({ label: 'home-1' })
    await find.fill(String(account))
    await card.getByRole('button', { name: 'Find' }).click()
    await card.getByText('Found: 1').waitFor()
    equal(await chosen(), 'home-9')
    deepEqual(await barriersOn(page), [])
    equal(await overflowOf(page), 0)
    await context.close()
  })
})

describe('a month of bills', { skip }, () => {
  test('says how far it is read, stops, and begins again', async () => {
    const opened = await openAs(browser, await sessionOf(market.url, 'retailer-north'))
    const { page, context } = opened
    let isHeld = true
    await page.route(/\/metered-energy\?/, async (route) => {
      if (isHeld) return
      await route.continue()
    })
    await page.goto(`${market.url}/retailer/bills`)
    await page.getByText(/^0 of [\d,]+ intervals are read$/).waitFor()
    deepEqual(await barriersOn(page), [])
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('These days are not read to the end.').waitFor()
    deepEqual(await barriersOn(page), [])
    // An interval that is settled in the meantime is no reason to go on.
    await market.settled(8)
    equal(await page.getByText('These days are not read to the end.').count(), 1)
    isHeld = false
    await page.getByRole('button', { name: 'Read them again' }).click()
    await page.getByText(/^So far: the period is not whole\.|^Nothing of this period/).waitFor()
    equal(await overflowOf(page), 0)
    await context.close()
  })
})
