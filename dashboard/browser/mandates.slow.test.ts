/**
 * Goal: a household lets an agent trade for it, sees what the agent may do, is told of it wherever
 * it is, and ends it; what is written wrongly is not signed.
 * Method: the product as `npm start` brings it up, Chromium on a phone with a virtual
 * authenticator, and axe; what the exchange holds is read beside it.
 */
import { deepEqual, equal, match } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { seededKey } from '@busbar/simulator'
import type { Browser, Page } from 'playwright-core'
import { barriersOn, overflowOf } from '../testing/barriers.ts'
import { browserOrWhy, complaintsOf, contextOf } from '../testing/browser.ts'
import { type SampleMarket, startSampleMarket } from '../testing/sample-market.ts'
import { byName, givePasskey, phoneFor, signInWithPhone } from '../testing/virtual-passkey.ts'

const found = await browserOrWhy()
const skip = typeof found === 'string' ? found : false
/** Of a browser that was found: without one no test is run. */
const browser = found as Browser

const agentKey = seededKey(1, 'an-agent', 'secp256k1').publicKey

/** How many notices are new, as the navigation says it to whoever cannot see it. */
const newIn = async (page: Page): Promise<number> =>
  Number(/^\d*/.exec(await page.locator('.bell [role=status]').textContent() ?? '')?.[0] ?? '')

describe('an agent', { skip }, () => {
  let market: SampleMarket

  if (skip === false) {
    before(async () => {
      market = await startSampleMarket('01:00', 60)
      await market.settled(3)
    })
    after(async () => {
      await market?.stop()
      await browser.close()
    })
  }

  test('is let in, seen, told of, and let go', async () => {
    const context = await contextOf(browser, { size: 'phone', scheme: 'dark' })
    const page = await context.newPage()
    const complaints = complaintsOf(page)
    await givePasskey(await phoneFor(page), market.url, 'home-1')
    await signInWithPhone(page, market.url)
    await page.goto(`${byName(market.url)}/trading`)
    const form = page.locator('form').filter({ hasText: 'A new mandate' })
    await form.waitFor()
    await page.locator('.bell').waitFor()
    const before = await newIn(page)

    await form.getByLabel('What you call it').fill('night-bot')
    await form.getByLabel('The agent’s public key').fill('0x02ab')
    await form.getByLabel('Pays at most, for a kilowatt-hour').fill('0.25')
    await form.getByLabel('At most in one order').fill('200 Wh')
    await form.getByLabel('At most in one day').fill('2 kWh')
    await form.getByRole('button', { name: 'Sign and grant' }).click()
    await form.getByRole('alert').waitFor()
    equal(await page.locator('[data-mandate]').count(), 0)

    await form.getByLabel('The agent’s public key').fill(agentKey)
    await form.getByRole('button', { name: 'Sign and grant' }).click()
    const granted = page.locator('[data-mandate="night-bot"]')
    await granted.waitFor()
    match(await granted.innerText(), /until .+Buys for up to €0\.250\..*2 kWh of 2 kWh are left/s)
    await page.waitForFunction(
      (known) => Number.parseInt(
        document.querySelector('.bell [role=status]')?.textContent ?? '', 10) > known,
      before,
    )
    deepEqual(await barriersOn(page), [])
    equal(await overflowOf(page), 0)

    await granted.getByRole('button', { name: 'End it now' }).click()
    await granted.waitFor({ state: 'detached' })
    await page.getByText('No agent trades for you.').waitFor()

    await page.locator('.bell').click()
    await page.getByText(/The agent night-bot may trade for this account until .+ 2 kWh a day/)
      .waitFor()
    await page.getByText('An agent trades for this account no longer.').waitFor()
    await page.getByRole('button', { name: /^I have read/ }).click()
    await page.locator('.bell .count').waitFor({ state: 'detached' })
    equal(await newIn(page), 0)
    deepEqual(await barriersOn(page), [])
    equal(await overflowOf(page), 0)
    deepEqual(complaints, [])
    await context.close()
  })
})
