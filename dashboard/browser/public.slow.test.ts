/**
 * Goal: what everybody may see of the whole market is there for them: the grid with what flowed
 * over its bridges, the figures, every route to try and every event; readable by all, savable, and
 * in words where it cannot be had. The first trade that developers are shown is one.
 * Method: the product as `npm start` brings it up with three streets beside it, Chromium, and axe.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import { BusbarClient, credentialOf, Signer, withPrivateKey } from '@busbar/client'
import {
  type Market, noticeKinds, routes, streamEvents, webhookDelivery,
} from '@busbar/protocols/api'
import { seededKey } from '@busbar/simulator'
import type { Browser, Page } from 'playwright-core'
import { firstTrade } from '../src/developer/first-trade/sealed.ts'
import { barriersOn, drawn, overflowOf } from '../testing/barriers.ts'
import { browserOrWhy, contextOf, type Look } from '../testing/browser.ts'
import { type Opened, openAs, refuseUntilClick } from '../testing/opened.ts'
import { type SampleMarket, startSampleMarket } from '../testing/sample-market.ts'
import { sessionOf } from '../testing/sample-session.ts'
import { addStreets, type SampleStreets } from '../testing/sample-streets.ts'

const found = await browserOrWhy()
const skip = typeof found === 'string' ? found : false
/** Of a browser that was found: without one no test is run. */
const browser = found as Browser

let market: SampleMarket
let streets: SampleStreets

if (skip === false) {
  before(async () => {
    market = await startSampleMarket('01:00', 60)
    await market.settled(4)
    streets = await addStreets(market.url)
    // The streets count from the next gate on: then all that is settled has them.
    await market.settled(4 + 14)
  })

  after(async () => {
    await streets?.stop()
    await browser.close()
    await market?.stop()
  })
}

async function open(path: string, look: Partial<Look> = {}, name?: string): Promise<Opened> {
  const session = name === undefined ? undefined : await sessionOf(market.url, name)
  const opened = await openAs(browser, session, look)
  await opened.page.goto(`${market.url}${path}`)
  await drawn(opened.page)
  return opened
}

/** What a button saves, row by row. */
async function saved(page: Page, region: string): Promise<readonly string[]> {
  const download = page.waitForEvent('download')
  const card = page.getByRole('region', { name: region, exact: true }).first()
  await card.getByRole('button', { name: 'Save as CSV' }).first().click()
  const text = await readFile(await (await download).path(), 'utf8')
  return text.trimEnd().split('\r\n')
}

describe('pages for everybody', { skip }, () => {
  const looks: readonly Look[] = [
    { size: 'phone', scheme: 'light' },
    { size: 'phone', scheme: 'dark', language: 'de' },
    { size: 'desktop', scheme: 'dark' },
  ]
  for (const look of looks) {
    const name = `${look.size}, ${look.scheme}, ${look.language ?? 'en'}`
    test(`have nothing in anybody's way: ${name}`, async () => {
      const { page, context, complaints } = await open('/', look)
      for (const path of ['/', '/kpis', '/developer', '/intervals?proof=awaited']) {
        await page.goto(`${market.url}${path}`)
        await drawn(page)
        deepEqual(await barriersOn(page), [], path)
        equal(await overflowOf(page), 0, `${path} is as wide as the screen`)
      }
      await page.goto(`${market.url}/developer`)
      await drawn(page)
      await page.locator('#series summary').click()
      await page.locator('#series .try').waitFor()
      deepEqual(await barriersOn(page), [], 'a route that is opened')
      equal(await overflowOf(page), 0)
      deepEqual(complaints, [])
      await context.close()
    })
  }
})

describe('the grid', { skip }, () => {
  test('shows each zone under the one above it, with what its bridge carried', async () => {
    const { page, context } = await open('/', { size: 'desktop' })
    const card = page.getByRole('region', { name: 'The grid', exact: true })
    await card.getByRole('link', { name: /pier/ }).waitFor()
    deepEqual(await card.locator('.name').allTextContents(), [
      'neighbourhood', 'mill-lane', 'harbour', 'pier',
    ])
    const flows = await card.locator('.flow').allTextContents()
    match(flows[1] ?? '', /kWh up · \d+% full$/)
    match(flows[2] ?? '', /kWh down · \d+% full$/)
    equal(await card.locator('.bridge.up').count() >= 1, true)
    await card.getByRole('link', { name: /harbour/ }).click()
    match(page.url(), /\?zone=2$/)
    await context.close()
  })

  test('is read as a table, and saved with the same sums', async () => {
    const { page, context } = await open('/', { size: 'desktop' })
    const card = page.getByRole('region', { name: 'The grid', exact: true })
    await card.getByRole('button', { name: 'Show as a table' }).click()
    equal(await card.locator('tbody tr').count(), 4)
    const [head = '', ...rows] = await saved(page, 'The grid')
    const columns = head.split(',')
    const value = (row: string | undefined, name: string): number =>
      Number(row?.split(',')[columns.indexOf(name)])
    const net = (row: string | undefined): number =>
      value(row, 'injected_wh') - value(row, 'consumed_wh')
    const [, , harbour, pier] = rows
    equal(value(pier, 'flow_up_wh'), net(pier))
    equal(value(harbour, 'flow_up_wh'), net(harbour) + net(pier))
    await context.close()
  })
})

describe('the market in the first hours of a day', { skip }, () => {
  test('shows the newest batches, those before midnight too', async () => {
    const { page, context } = await openAs(browser, undefined, { size: 'desktop' })
    const client = new BusbarClient({ baseUrl: market.url })
    const { display } = await client.market()
    equal(display.timeZone, 'UTC')
    // This market began with a day there, and another began an hour later here.
    const timeZone = 'Etc/GMT+1'
    await page.route('**/v1/market', async (route) => {
      const response = await route.fetch()
      const answer = await response.json() as Market
      await route.fulfill({ response, json: { ...answer, display: { ...display, timeZone } } })
    })
    await page.goto(`${market.url}/`)
    await drawn(page)
    const shown = await page.locator('.batches li').count()
    const { status } = await client.series({ points: 48 })
    const cleared = status.filter((one) => one !== 'open' && one !== 'fixed').length
    // The market has gone on meanwhile.
    ok(shown >= cleared - 3, `${shown} batches of ${cleared}`)
    await context.close()
  })
})

describe('a chart', { skip }, () => {
  test('has its hours where the market has them, for a reader half an hour beside', async () => {
    const look = { size: 'desktop', timeZone: 'Asia/Kolkata' } as const
    const { page, context, complaints } = await openAs(browser, undefined, look)
    await page.addInitScript(() => {
      const written: string[] = []
      Reflect.set(window, 'written', written)
      const { prototype } = CanvasRenderingContext2D
      const { fillText } = prototype
      prototype.fillText = function (text, ...place) {
        written.push(text)
        fillText.call(this, text, ...place)
      }
    })
    await page.goto(`${market.url}/`)
    await drawn(page)
    await page.locator('canvas').first().waitFor()
    const written = await page.evaluate(() => Reflect.get(window, 'written') as string[])
    const times = written.filter((text) => /^\d\d:\d\d$/.test(text))
    ok(times.length > 3, written.join())
    deepEqual(times.filter((time) => !time.endsWith(':00')), [])
    deepEqual(complaints, [])
    await context.close()
  })
})

describe('the figures', { skip }, () => {
  test('say what the interface says, for a day and a week', async () => {
    const { page, context, complaints } = await open('/kpis', { size: 'desktop' })
    await page.getByRole('heading', { name: 'From meter to cash' }).waitFor()
    await page.locator('canvas').first().waitFor()
    const protocols = await saved(page, 'Readings, by what gateways speak')
    ok(protocols.some((row) => row.startsWith('signed-batch/secp256k1,')), protocols.join('\n'))
    await page.getByRole('button', { name: 'Week' }).click()
    await page.getByRole('button', { name: 'Show as a table' }).click()
    ok(await page.locator('tbody tr').count() >= 2)
    const [head] = await saved(page, 'By the hour')
    match(head ?? '', /^start,injected_wh,consumed_wh,matched_wh,/)
    deepEqual(complaints, [])
    await context.close()
  })

  test('say in words that they cannot be had, and come when they can', async () => {
    const context = await contextOf(browser, { size: 'phone', scheme: 'light' })
    const page = await context.newPage()
    await refuseUntilClick(page, '**/v1/kpis*')
    await page.goto(`${market.url}/kpis`)
    await page.getByText('This could not be loaded.').waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'Spread' }).first().waitFor()
    await context.close()
  })
})

describe('for developers', { skip }, () => {
  test('every route and every event is listed', async () => {
    const { page, context } = await open('/developer', { size: 'desktop' })
    equal(await page.locator('.routes > li').count(), Object.keys(routes).length)
    const events = page.getByRole('region', { name: 'Events of the stream', exact: true }).first()
    equal(await events.locator('tbody tr').count(), Object.keys(streamEvents).length)
    const brought = page.getByRole('region', { name: 'Notices, brought by a webhook', exact: true })
    const notices = brought.first()
    equal(await notices.locator('tbody tr').count(), Object.keys(noticeKinds).length)
    const words = await notices.innerText()
    for (const header of Object.keys(webhookDelivery.headers)) ok(words.includes(header), header)
    match(words, new RegExp(`After ${webhookDelivery.attemptsMax} attempts`))
    match(words, /"journalSequence": integer/)
    await page.getByLabel('Find a route').fill('/v1/series')
    equal(await page.locator('.routes > li').count(), 1)
    await context.close()
  })

  test('a route is tried, with what was typed in', async () => {
    const { page, context } = await open('/developer')
    await page.locator('#series summary').click()
    const form = page.locator('#series .try')
    await form.getByLabel('points').fill('2')
    await form.getByRole('button', { name: 'Ask' }).click()
    await form.getByText('200', { exact: true }).waitFor()
    const shown = form.getByRole('region', { name: 'What comes back' })
    const answer = JSON.parse(await shown.innerText()) as { readonly step: number }
    equal(answer.step, 1)
    match(await form.locator('.headers').innerText(), /content-type\s+application\/json/)
    await form.getByText('On a command line').click()
    const command = await form.getByRole('region', { name: 'On a command line' }).innerText()
    match(command, /^curl --include 'http:\S+\/v1\/series\?points=2'/)
    await form.getByLabel('points').fill('0')
    await form.getByRole('button', { name: 'Ask' }).click()
    await form.getByText('422', { exact: true }).waitFor()
    match(await shown.innerText(), /"field_invalid"/)
    await context.close()
  })

  test('the stream is read until its reader has had enough', async () => {
    const { page, context } = await open('/developer')
    await page.locator('#stream summary').click()
    const form = page.locator('#stream .try')
    await form.getByRole('button', { name: 'Ask' }).click()
    await form.getByText(/event: clock/).waitFor()
    await form.getByRole('button', { name: 'Stop' }).click()
    await form.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' })
    match(await form.getByRole('region', { name: 'What comes back' }).innerText(), /event: clock/)
    await context.close()
  })

  test('a private route is tried as whoever is signed in, or refused', async () => {
    const ask = async ({ page }: Opened, account: number): Promise<string> => {
      await page.locator('#account summary').click()
      const form = page.locator('#account .try')
      await form.getByLabel('account').fill(String(account))
      await form.getByRole('button', { name: 'Ask' }).click()
      return form.getByRole('region', { name: 'What comes back' }).innerText()
    }
    const { account } = await sessionOf(market.url, 'home-1')
    const anybody = await open('/developer')
    match(await ask(anybody, account), /"credential_missing"/)
    await anybody.context.close()
    const home = await open('/developer', {}, 'home-1')
    match(await ask(home, account), /"balanceMicros"/)
    match(await home.page.locator('#account .try').innerText(), /Asked as home-1/)
    await home.context.close()
  })

  test('the first trade that is shown is one', async () => {
    const { page, context } = await open('/developer')
    const path = new URL('../src/developer/first-trade/sealed.ts', import.meta.url)
    const code = (await readFile(path, 'utf8')).trimEnd()
    equal(await page.locator('.code').first().innerText(), code)
    ok(code.split('\n').filter((line) => line.startsWith('  ')).length <= 10)
    await context.close()
    const { account } = await sessionOf(market.url, 'home-2')
    const { privateKey } = seededKey(1, 'home-2', 'secp256k1')
    const client = new BusbarClient({ baseUrl: market.url })
    const domain = await client.domain()
    const signer = new Signer({ domain, account, sign: withPrivateKey(privateKey) })
    const { meters } = await client.as(credentialOf(signer)).account(account)
    const meter = meters[0]?.meter ?? -1
    const key = `0x${Buffer.from(privateKey).toString('hex')}`
    const taken = await firstTrade(market.url, key, account, meter)
    match(taken.receipt.signature, /^0x[0-9a-f]{130}$/)
  })
})

describe('intervals', { skip }, () => {
  test('are chosen by their proof, and saved as they are shown', async () => {
    const { page, context } = await open('/intervals', { size: 'desktop' })
    await page.getByLabel('Proof').selectOption('proven')
    match(page.url(), /\?proof=proven$/)
    await page.getByText('None of these intervals has its proof so far.').waitFor()
    await page.getByLabel('Proof').selectOption('awaited')
    await page.locator('tbody tr').first().waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save as CSV' }).click()
    const text = await readFile(await (await download).path(), 'utf8')
    const rows = text.trimEnd().split('\r\n')
    equal(rows.length - 1, await page.locator('tbody tr').count())
    ok(rows.slice(1).every((row) => row.endsWith(',awaited')))
    await context.close()
  })
})
