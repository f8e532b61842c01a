/**
 * Goal: whoever has no mouse does on each page what it is there for, and sees at every step what
 * has the keyboard: comes in by an invitation, signs in again, finds why a cent moved, has an
 * interval worked out again, and suspends somebody as one of two.
 * Method: the product as `npm start` brings it up, Chromium with virtual passkeys, and keys alone.
 * How an order is placed so stands with the other orders.
 */
import { equal, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { drawn } from '../testing/barriers.ts'
import { browserOrWhy } from '../testing/browser.ts'
import { press, tabTo, write } from '../testing/keyboard.ts'
import { openAs, openSignedIn } from '../testing/opened.ts'
import { type SampleMarket, startSampleMarket } from '../testing/sample-market.ts'
import { sessionOf } from '../testing/sample-session.ts'
import { byName, phoneFor } from '../testing/virtual-passkey.ts'

const found = await browserOrWhy()
const skip = typeof found === 'string' ? found : false
/** Of a browser that was found: without one no test is run. */
const browser = found as Browser

const look = { size: 'desktop', scheme: 'light' } as const

describe('by keyboard alone', { skip }, () => {
  let market: SampleMarket

  if (skip === false) {
    before(async () => {
      market = await startSampleMarket('01:00', 60)
      await market.settled(6)
    })
    after(async () => {
      await browser.close()
      await market?.stop()
    })
  }

  test('somebody comes in by an invitation, goes, and signs in again', async () => {
    const { page, context } = await openAs(browser, undefined, look)
    await phoneFor(page)
    await page.goto(await market.invitation('home-1'))
    await press(page, page.getByRole('button', { name: 'Make a passkey on this device' }))
    await page.locator('.person').waitFor()
    await press(page, page.locator('.person'))
    await press(page, page.getByRole('button', { name: 'Sign out' }))
    await page.getByText('This page shows what only its owner may see.').waitFor()
    await press(page, page.locator('main').getByRole('link', { name: 'Sign in' }))
    await press(page, page.getByRole('button', { name: /^Sign in as / }))
    await page.locator('.person').waitFor()
    await context.close()
  })

  test('a household finds why a cent moved, and saves its statement', async () => {
    const { page, context } = await openAs(browser, await sessionOf(market.url, 'home-1'), look)
    await page.goto(`${market.url}/why`)
    await drawn(page)
    await tabTo(page, page.locator('tbody a').first())
    const saved = page.waitForEvent('download')
    await press(page, page.getByRole('button', { name: 'Save as CSV' }))
    ok((await saved).suggestedFilename().endsWith('.csv'))
    await tabTo(page, page.locator('tbody a').first(), 'Shift+Tab')
    await page.keyboard.press('Enter')
    await page.locator('[data-verdict]').waitFor()
    equal(await page.locator('.checks .fails').count(), 0)
    await context.close()
  })

  test('an auditor has an interval worked out again, and draws a sample', async () => {
    const { page, context } = await openAs(browser, await sessionOf(market.url, 'auditor'), look)
    await page.goto(`${market.url}/audit`)
    await drawn(page)
    await tabTo(page, page.getByRole('combobox', { name: /^Interval/ }).first())
    // What an older one put on the chain is signed.
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key)
    await press(page, page.getByRole('button', { name: 'Work it out again' }))
    const verdict = page.locator('[data-replay]')
    equal(await verdict.getAttribute('data-replay', { timeout: 60_000 }), 'holds')
    await write(page, page.getByLabel('Seed', { exact: true }), 'a die that was thrown')
    await page.keyboard.press('Enter')
    await page.locator('[data-sample]').waitFor({ timeout: 60_000 })
    await context.close()
  })

  test('two operators suspend somebody', async () => {
    const one = await openSignedIn(browser, market.url, 'operator', look, '/operator')
    const other = await openSignedIn(browser, market.url, 'deputy', look, '/operator')
    await other.page.getByText('Nothing waits for a second person.').waitFor()
    const { page } = one
    await press(page, page.getByRole('link', { name: 'Participants' }).last())
    await write(page, page.getByRole('searchbox'), 'home-5')
    await press(page, page.getByRole('button', { name: 'Suspend: home-5', exact: true }))
    await write(page, page.locator('.acting input[name=reason]'), 'bills are not paid')
    await page.keyboard.press('Enter')
    await page.getByText(/^Proposed as \d+/).waitFor()
    const waiting = other.page.locator('.proposals > li').first()
    await press(other.page, waiting.getByRole('button', { name: 'Approve' }))
    await other.page.getByText('Nothing waits for a second person.').waitFor()
    await page.goto(`${byName(market.url)}/operator/participants`)
    await page.getByRole('searchbox').fill('home-5')
    await page.locator('tbody').getByText('suspended').waitFor()
    await one.context.close()
    await other.context.close()
  })
})
