/**
 * Goal: a household sees its day while it lives, places an order and sees it filled, delivered and
 * paid, agrees a contract with another household, and sees a correction arrive.
 * Method: the product as `npm start` brings it up, Chromium with virtual authenticators on a phone
 * and a desk, and axe; no part of it is replaced.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { openDerToCash } from '@busbar/core/rulebook'
import type { ContractTerms } from '@busbar/protocols/api'
import type { Browser, Page } from 'playwright-core'
import { barriersOn, overflowOf } from '../testing/barriers.ts'
import { browserOrWhy, type Look } from '../testing/browser.ts'
import { tabTo } from '../testing/keyboard.ts'
import { type Opened, openSignedIn } from '../testing/opened.ts'
import { type SampleMarket, startSampleMarket } from '../testing/sample-market.ts'
import { byName } from '../testing/virtual-passkey.ts'

const found = await browserOrWhy()
const skip = typeof found === 'string' ? found : false
/** Of a browser that was found: without one no test is run. */
const browser = found as Browser

const inTimeMs = 180_000

/** A trade as a party reads it, as far as it is compared with what the page says of it. */
type Agreed = {
  readonly trade: number
  readonly versions: readonly { readonly terms: ContractTerms }[]
}

/** Somebody who has a passkey and signs in with it. */
const person = (market: SampleMarket, name: string, look: Partial<Look>): Promise<Opened> =>
  openSignedIn(browser, market.url, name, look)

const goTo = (page: Page, market: SampleMarket, path: string): Promise<unknown> =>
  page.goto(`${byName(market.url)}${path}`)

async function isInNobodysWay(page: Page): Promise<void> {
  deepEqual(await barriersOn(page), [])
  equal(await overflowOf(page), 0)
}

describe('a home in the auction', { skip }, () => {
  let market: SampleMarket

  if (skip === false) {
    before(async () => {
      market = await startSampleMarket('01:30', 60, ['--no-prover', '--faults', 'late=0.3'])
      // As fast as it goes until then; from then on at a pace that people can follow.
      await market.settled(19)
    })
    after(() => market?.stop())
  }

  test('sees its day, and it goes on by itself', async () => {
    const { page, context, complaints } = await person(market, 'home-1', {})
    await goTo(page, market, '/home')
    await page.getByRole('heading', { level: 1, name: 'Today at home' }).waitFor()
    await page.getByRole('img', { name: /Your home (takes in|gives out)|Nothing flows/ }).waitFor()
    match(await page.locator('.money-steps').innerText(), /Provisional/)
    await page.getByText(/At most .+ may still come in and .+ go out, until/).waitFor()
    await page.locator('canvas').first().waitFor()
    await isInNobodysWay(page)
    const last = page.locator('.last')
    const before = await last.innerText()
    await page.waitForFunction(
      (text) => document.querySelector('.last')?.textContent?.includes(text) === false,
      before.split('\n')[0] ?? before,
      { timeout: inTimeMs },
    )
    await page.getByRole('button', { name: 'Show as a table' }).click()
    await page.locator('.table-frame.tall tbody tr').nth(15).waitFor()
    await page.getByRole('button', { name: 'The day before' }).click()
    await page.getByRole('heading', { level: 1, name: /^At home, / }).waitFor()
    deepEqual(complaints, [])
    await context.close()
  })

  test('sees what its sun, battery and car do, and it makes one sum with the meter', async () => {
    const { page, context, complaints } = await person(market, 'home-1', { size: 'desktop' })
    await goTo(page, market, '/home')
    const told = /is used\. The sun gives .+ The battery .+ (The car|No car) is charged/
    await page.getByRole('img', { name: told }).waitFor()
    await page.getByText('Nothing is settled by it.').waitFor()
    for (const device of ['Sun', 'Battery', 'Car']) {
      await page.locator('.device strong').getByText(device, { exact: true }).waitFor()
    }
    await page.getByText(/% full$/).first().waitFor()
    equal(await page.getByText(/contradict your meter/).count(), 0)
    const saved = page.waitForEvent('download')
    await page.locator('.card', { hasText: 'My day' })
      .getByRole('button', { name: 'Save as CSV' }).click()
    const lines = readFileSync(await (await saved).path(), 'utf8').trim().split('\r\n')
    const [names = [], ...rows] = lines.map((line) => line.split(','))
    const figure = (row: readonly string[], name: string): number =>
      Number(row[names.indexOf(name)])
    // What nobody said of an interval stands there as nothing.
    const whole = rows.filter((row) => row[names.indexOf('used_wh')] !== '')
    ok(whole.length >= 15)
    for (const row of whole) {
      const [came, left] = [
        ['generated_wh', 'imported_wh', 'battery_discharged_wh'],
        ['used_wh', 'exported_wh', 'battery_charged_wh'],
      ].map((columns) => columns.reduce((sum, name) => sum + figure(row, name), 0))
      equal(came, left, row.join())
    }
    await isInNobodysWay(page)
    deepEqual(complaints, [])
    await context.close()
  })

  test('whose devices say nothing is told so, and what to do', async () => {
    const { page, context, complaints } = await person(market, 'home-5', {})
    await goTo(page, market, '/home')
    await page.getByText('No device of your home says what it does.').waitFor()
    const next = page.getByText(/have them connected to the gateway that reads your meter/)
    await next.first().waitFor()
    const name = /^Your home (takes in|gives out)|^Nothing flows/
    await page.getByRole('img', { name }).waitFor()
    equal(await page.getByRole('img', { name: /is used/ }).count(), 0)
    await isInNobodysWay(page)
    deepEqual(complaints, [])
    await context.close()
  })

  /** Places an order at the dearest price that there is, and looks at it until it is paid. */
  async function followsAnOrder(name: string, look: Partial<Look>): Promise<void> {
    const { page, context, complaints } = await person(market, name, look)
    const stages: string[] = []
    await page.exposeFunction('noteStage', (stage: string) => {
      if (stages.at(-1) !== stage) stages.push(stage)
    })
    await page.addInitScript(() => {
      const note = (): void => {
        const stage = document.querySelector('.order')?.getAttribute('data-stage')
        if (stage) (Reflect.get(window, 'noteStage') as (stage: string) => void)(stage)
      }
      const look = { subtree: true, childList: true, attributeFilter: ['data-stage'] }
      new MutationObserver(note).observe(document, look)
    })
    await goTo(page, market, '/trading')
    // Far enough ahead that there is time to sign.
    await page.getByLabel('For the interval').selectOption({ index: 3 })
    await page.getByLabel('How much').fill('0.1 kWh')
    await page.getByLabel('Pay at most, for a kilowatt-hour').fill('abc')
    await page.getByRole('button', { name: 'Sign and place' }).click()
    await page.getByText(/A price is from .+ to .+, in steps of/).waitFor()
    // The dearest that the rulebook allows: whatever is sold there is bought.
    const bounds = await page.getByText(/A price is from/).innerText()
    const most = /to ([\d.]+),/.exec(bounds)?.[1] ?? ''
    await page.getByLabel('Pay at most, for a kilowatt-hour').fill(most)
    await page.getByRole('button', { name: 'Sign and place' }).click()
    await page.getByText('Your order is placed.').waitFor()
    const order = page.locator('.order').first()
    equal(await order.getAttribute('data-stage'), 'placed')
    // It is of this device: it stands there when the page is loaded again.
    await page.reload()
    await page.locator(`.order[data-stage='paid']`).first().waitFor({ timeout: inTimeMs })
    // Between gate and clearing its committee opens it: too short for everybody to see.
    deepEqual(stages.filter((one) => one !== 'fixed'), ['placed', 'filled', 'delivered', 'paid'])
    match(await order.innerText(), /100 Wh filled at .+ Its interval came to/s)
    await isInNobodysWay(page)
    await order.getByRole('link', { name: 'Why this amount?' }).click()
    await page.locator('[data-verdict]').waitFor()
    equal(await page.locator('.checks .fails').count(), 0)
    deepEqual(complaints, [])
    await context.close()
  }

  test('places a sealed order, sees it filled, delivered and paid: on a desk', () =>
    followsAnOrder('home-2', { size: 'desktop', scheme: 'dark' }))

  test('places a sealed order, sees it filled, delivered and paid: on a phone', () =>
    followsAnOrder('home-4', { size: 'phone', scheme: 'light' }))

  test('places an order without a mouse, and sees where it is', async () => {
    const { page, context } = await person(market, 'home-3', { size: 'desktop', scheme: 'light' })
    await goTo(page, market, '/home')
    await page.getByRole('heading', { level: 1, name: 'Today at home' }).waitFor()
    await tabTo(page, page.locator('main').getByRole('link', { name: 'Trading' }))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 2, name: 'An order in the auction' }).waitFor()
    const ticket = page.locator('.ticket')
    await tabTo(page, ticket.getByRole('button', { name: 'Sell', exact: true }))
    await page.keyboard.press('Space')
    await tabTo(page, ticket.getByRole('button', { name: 'Buy', exact: true }), 'Shift+Tab')
    await page.keyboard.press('Space')
    await tabTo(page, page.getByLabel('For the interval'))
    for (let turn = 0; turn < 4; turn += 1) await page.keyboard.press('ArrowDown')
    await tabTo(page, page.getByLabel('How much'))
    await page.keyboard.type('0.2 kWh')
    await tabTo(page, page.getByLabel('Pay at most, for a kilowatt-hour'))
    await page.keyboard.type('0.10')
    await page.keyboard.press('Enter')
    await page.getByText('Your order is placed.').waitFor()
    equal(await page.locator('.order').count(), 1)
    await context.close()
  })

  test('is told in words why an order is not taken, and that it was not', async () => {
    const { page, context } = await person(market, 'home-6', { size: 'phone', scheme: 'light' })
    await goTo(page, market, '/trading')
    await page.getByLabel('Language').selectOption('de')
    // Far ahead: nobody else gives orders for it yet, and none of these ends meanwhile.
    await page.getByLabel('Für das Intervall').selectOption({ index: 40 })
    for (let placed = 0; placed <= openDerToCash.ordersPerAccountMax; placed += 1) {
      await page.getByLabel('Wie viel', { exact: true }).fill('0,1 kWh')
      await page.getByLabel(/^Höchstens zahlen/).fill('0,10')
      const answered = page.waitForResponse((answer) => answer.request().method() === 'POST')
      await page.getByRole('button', { name: 'Unterschreiben und aufgeben' }).click()
      await answered
    }
    const note = page.getByRole('alert')
    await note.getByText(/so viele offene Aufträge, wie es geben darf/).waitFor()
    await note.getByText(/Nichts wurde geändert/).waitFor()
    // The list has the newest of them, and the file all.
    const saved = page.waitForEvent('download')
    const own = page.getByRole('heading', { name: 'Ihre Aufträge' })
    await page.locator('.card').filter({ has: own })
      .getByRole('button', { name: 'Als CSV sichern' }).click()
    const lines = readFileSync(await (await saved).path(), 'utf8').trim().split('\r\n')
    equal(lines.length - 1, openDerToCash.ordersPerAccountMax)
    await isInNobodysWay(page)
    await context.close()
  })

  for (const size of ['phone', 'desktop'] as const) {
    test(`sees a correction arrive: ${size}`, async () => {
      const { page, context } = await person(market, 'home-1', { size })
      await goTo(page, market, '/home')
      await page.locator('.money-steps').waitFor()
      // Readings come late on purpose here: what was estimated is corrected when they do.
      const corrections = /moved by (\d+) correction/
      const known = Number(
        corrections.exec(await page.locator('.money-steps').innerText())?.[1] ?? 0)
      await page.waitForFunction(
        ([pattern, before]) => {
          const text = document.querySelector('.money-steps')?.textContent ?? ''
          return Number(new RegExp(pattern).exec(text)?.[1] ?? 0) > before
        },
        [corrections.source, known] as const,
        { timeout: inTimeMs },
      )
      await context.close()
    })
  }
})

describe('two homes', { skip }, () => {
  let market: SampleMarket

  if (skip === false) {
    before(async () => {
      market = await startSampleMarket('01:00', 60, ['--no-prover', '--scenario', 'inter-retailer'])
      await market.settled(5)
    })
    after(async () => {
      await market?.stop()
      await browser.close()
    })
  }

  test('see all that a signature binds to, as the exchange has it', async () => {
    const { page, context } = await person(market, 'home-1', {})
    await goTo(page, market, '/trading')
    const shown = page.locator('[data-trade]')
    await shown.first().waitFor()
    const { trades } = await page.evaluate(async () => {
      const answer = await fetch('/v1/trades?limit=500')
      return (await answer.json()) as { readonly trades: readonly Agreed[] }
    })
    const seen = new Set<string>()
    for (const one of await shown.all()) {
      const text = await one.innerText()
      const trade = Number(await one.getAttribute('data-trade'))
      const terms = trades.find((other) => other.trade === trade)?.versions.at(-1)?.terms
      ok(terms !== undefined, `trade ${trade}`)
      const meter = text.startsWith('You sell to') ? terms.sellerMeter : terms.buyerMeter
      const band = terms.toleranceBasisPoints / 100
      const penalty = terms.penaltyBasisPoints / 100
      const exit = ((terms.exitFeeMicros ?? 0) / 1_000_000).toFixed(2)
      const fee = (terms.platformFeeMicrosPerKwh / 1_000_000).toFixed(3)
      const said: readonly (readonly [what: string, holds: boolean, words: string])[] = [
        ['meter', true, `Over your meter ${meter}.`],
        ['short', penalty > 0, `more than ${band}% of an interval pays ${penalty}% of the price`],
        ['contracted', terms.buyerShort === 'contracted', 'The buyer pays for all'],
        ['exit', terms.exitFeeMicros !== null, `Either side may leave it for €${exit}`],
        ['platform', terms.platform !== null, `Account ${terms.platform} gets €${fee} for each`],
      ]
      for (const [what, holds, words] of said) {
        equal(text.includes(words), holds, `${what} of ${text}`)
        if (holds) seen.add(what)
      }
    }
    ok(seen.has('meter') && seen.has('short'), [...seen].join())
    await context.close()
  })

  test('agree a contract, each on a device of their own', async () => {
    const seller = await person(market, 'home-1', { size: 'desktop', scheme: 'light' })
    const buyer = await person(market, 'home-3', { scheme: 'dark' })
    await goTo(seller.page, market, '/trading')
    const form = seller.page.locator('form').filter({ hasText: 'A new offer' })
    await form.getByRole('button', { name: 'Sell' }).click()
    await form.getByLabel('Energy of each interval').fill('50 Wh')
    const ladder = form.getByLabel('With whom, and at which price')
    await ladder.fill('anyone')
    await form.getByText(/Not yet: step 1, position 1/).waitFor()
    await ladder.fill('home-9@0.9, anyone@0.77')
    await form.getByText(/Else anyone, from any source, at €0.770/).waitFor()
    // Far enough ahead that both find the time to sign.
    await form.locator('select').first().selectOption({ index: 40 })
    await form.getByRole('button', { name: 'Sign and put on the board' }).click()
    await seller.page.getByText('It is on the board.').waitFor()

    await goTo(buyer.page, market, '/trading')
    const offer = buyer.page.locator('[data-offer]').filter({ hasText: '0.770' })
    await offer.getByLabel('Price for a kilowatt-hour').fill('0.50')
    await offer.getByRole('button', { name: 'Sign and ask to buy' }).click()
    await buyer.page.getByText('is asked. When both have signed, it is in force.').waitFor()

    const asked = seller.page.locator('[data-trade]').filter({ hasText: 'asks for your answer' })
      .filter({ hasText: '0.500' })
    await asked.waitFor({ timeout: 30_000 })
    const trade = await asked.getAttribute('data-trade')
    const sold = seller.page.locator(`[data-trade='${trade}']`)
    await sold.getByRole('button', { name: 'Other terms' }).click()
    await sold.getByLabel('Price for a kilowatt-hour').fill('0.60')
    await sold.getByRole('button', { name: 'Sign and propose' }).click()

    const bought = buyer.page.locator(`[data-trade='${trade}']`)
    await bought.filter({ hasText: '0.600' }).waitFor({ timeout: 30_000 })
    await bought.getByRole('button', { name: 'Sign it' }).click()
    for (const one of [bought, sold]) await one.getByText('in force').waitFor({ timeout: 30_000 })

    await goTo(seller.page, market, '/notices')
    await seller.page.getByText(`Trade ${trade} is in force: both have signed.`).waitFor()
    await seller.page.getByRole('button', { name: /I have read/ }).click()
    await seller.page.getByText('new', { exact: true }).first().waitFor({ state: 'detached' })
    await seller.page.reload()
    await seller.page.getByText(`Trade ${trade} is in force: both have signed.`).waitFor()
    await isInNobodysWay(seller.page)
    await isInNobodysWay(buyer.page)
    deepEqual([...seller.complaints, ...buyer.complaints], [])
    await Promise.all([seller.context.close(), buyer.context.close()])
  })
})
