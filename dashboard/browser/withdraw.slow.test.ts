/**
 * Goal: somebody with a phone takes money out of the exchange, understands before where it goes,
 * and has it on the chain at the address of its key; a phone whose word was taken away cannot.
 * Method: the product as `npm start` brings it up, Chromium with a virtual authenticator, axe; what
 * was paid is read from the chain itself.
 */
import { deepEqual, equal, match } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { BusbarClient, credentialOf, Signer, withPrivateKey } from '@busbar/client'
import { seededKey } from '@busbar/simulator'
import type { Browser, Page } from 'playwright-core'
import { barriersOn, overflowOf } from '../testing/barriers.ts'
import { browserOrWhy } from '../testing/browser.ts'
import { tokensOf } from '../testing/chain-reader.ts'
import { openSignedIn } from '../testing/opened.ts'
import { type SampleMarket, startSampleMarket } from '../testing/sample-market.ts'
import { byName } from '../testing/virtual-passkey.ts'

const found = await browserOrWhy()
const skip = typeof found === 'string' ? found : false
/** Of a browser that was found: without one no test is run. */
const browser = found as Browser

const inTimeMs = 180_000

describe('money goes home', { skip }, () => {
  let market: SampleMarket

  if (skip === false) {
    before(async () => {
      market = await startSampleMarket('00:20', 60)
      await market.settled(2)
    })
    after(async () => {
      await browser.close()
      await market?.stop()
    })
  }

  const cardOf = (page: Page) =>
    page.locator('section.card').filter({ has: page.getByRole('heading', { level: 2 }) })
      .filter({ hasText: /Take money out|Geld auszahlen/ })

  /** What the chain has paid to the account's own address. */
  async function atHome(name: string): Promise<bigint> {
    const client = new BusbarClient({ baseUrl: market.url })
    const [{ participants }, { contracts }] = await Promise.all([
      client.participants({ limit: 500 }), client.market(),
    ])
    const holder = participants.find((one) => one.name === name)?.address ?? ''
    return tokensOf(market.dataDir, contracts?.fiatToken ?? '', holder)
  }

  async function takesOut(page: Page, amount: string): Promise<void> {
    const card = cardOf(page)
    await card.getByLabel('How much').fill(amount)
    await card.getByRole('button', { name: 'Take it out …' }).click()
    await card.getByRole('button', { name: 'Sign and take it out' }).click()
    await card.getByText('It is off your account.').waitFor()
  }

  test('by a phone: said before, signed, paid, and seen on the chain', async () => {
    const { page, context, complaints } = await openSignedIn(browser, market.url, 'home-1', {})
    await page.goto(`${byName(market.url)}/home`)
    const card = cardOf(page)
    await card.getByText('Nothing was taken out yet.').waitFor()
    await card.getByLabel('How much').fill('some')
    await card.getByText('Write an amount of money').waitFor()
    await card.getByLabel('How much').fill('99999999')
    await card.getByText(/At most .+ are free to take out/).waitFor()
    equal(await card.getByRole('button', { name: 'Take it out …' }).isDisabled(), true)
    deepEqual(await barriersOn(page), [])

    const before = await atHome('home-1')
    await card.getByLabel('How much').fill('1,25')
    await card.getByRole('button', { name: 'Take it out …' }).click()
    await card.getByText(/1\.25 leaves the exchange/).waitFor()
    match(await card.innerText(), /0x[0-9a-f]{8}…[0-9a-f]{8}/)
    equal(await overflowOf(page), 0)
    deepEqual(await barriersOn(page), [])
    await card.getByRole('button', { name: 'Back' }).click()
    equal(await atHome('home-1'), before)
    await takesOut(page, '1.25')

    const paid = card.locator("[data-paid='paid']")
    await paid.first().waitFor({ timeout: inTimeMs })
    match(await paid.first().innerText(), /1\.25/)
    equal(await atHome('home-1'), before + 1_250_000n)

    // The chain knows the passkey now; a second one is paid just so.
    await takesOut(page, '0.000001')
    await paid.nth(1).waitFor({ timeout: inTimeMs })
    equal(await atHome('home-1'), before + 1_250_001n)
    equal(await card.locator("[data-paid='refused']").count(), 0)
    equal(await overflowOf(page), 0)
    deepEqual(await barriersOn(page), [])
    deepEqual(complaints, [])
    await context.close()
  })

  test('and no more by a phone whose word was taken away meanwhile', async () => {
    const look = { size: 'desktop', scheme: 'dark' } as const
    const { page, context } = await openSignedIn(browser, market.url, 'home-2', look)
    await page.goto(`${byName(market.url)}/home`)
    const card = cardOf(page)
    const before = await atHome('home-2')
    await card.getByLabel('How much').fill('1')
    await card.getByRole('button', { name: 'Take it out …' }).click()
    await takeAway('home-2')
    // The page may have heard of it before somebody reaches the button, and have taken it away.
    const button = card.getByRole('button', { name: 'Sign and take it out' })
    await button.click({ timeout: 5_000 }).catch(() => undefined)
    await page.getByRole('alert').or(page.getByRole('link', { name: 'Sign in' })).first().waitFor()
    equal(await page.getByText('It is off your account.').count(), 0)
    equal(await atHome('home-2'), before)
    await context.close()
  })

  /** By its registered key, as from another device. */
  async function takeAway(name: string): Promise<void> {
    const client = new BusbarClient({ baseUrl: market.url })
    const [{ participants }, domain] = await Promise.all([
      client.participants({ limit: 500 }), client.domain(),
    ])
    const account = participants.find((one) => one.name === name)?.account ?? -1
    const sign = withPrivateKey(seededKey(1, name, 'secp256k1').privateKey)
    const signer = new Signer({ domain, account, sign })
    const own = client.as(credentialOf(signer))
    for (const { publicKey } of (await own.account(account)).passkeys) {
      await own.instruct(await signer.instruction('revoke_passkey', { publicKey }))
    }
  }
})
