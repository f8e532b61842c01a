/**
 * Goal: the pages work for people: in a real browser, on a phone and a desk, in light and dark, by
 * keyboard, in both languages, on a slow link, while the market lives; and what an answer says of
 * one's money turns red when one byte of it is changed.
 * Method: the product as `npm start` brings it up, Chromium, and axe; no part of it is replaced but
 * the answers that are changed on purpose.
 */
import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Market } from '@busbar/protocols/api'
import type { Browser, Page } from 'playwright-core'
import { barriersOn, drawn, overflowOf } from '../testing/barriers.ts'
import {
  browserOrWhy,
  complaintsOf,
  contextOf,
  type Look,
} from '../testing/browser.ts'
import { changing, type Opened, openAs, refuseUntilClick } from '../testing/opened.ts'
import { type SampleMarket, startSampleMarket } from '../testing/sample-market.ts'
import { type SampleSession, sessionOf } from '../testing/sample-session.ts'

const found = await browserOrWhy()
const skip = typeof found === 'string' ? found : false
/** What a first look at the market may cost on the wire, its figures included. */
const firstViewBytesMax = 200_000

/** As a phone has it far from the next mast: bytes a second, and how long they are on their way. */
const slowLink = {
  offline: false,
  latency: 400,
  ...{ downloadThroughput: 50_000, uploadThroughput: 50_000 },
}

let market: SampleMarket
let auditor: SampleSession
let home: SampleSession

/** Of a browser that was found: without one no test is run. */
const browser = found as Browser

/** An interval that is settled, and the account that is asked about. */
let settled: number

if (skip === false) {
  before(async () => {
    market = await startSampleMarket('01:00', 60, [])
    await market.settled(6)
    ;[auditor, home] = await Promise.all([
      sessionOf(market.url, 'auditor'),
      sessionOf(market.url, 'home-1'),
    ])
    settled = await newestSettled(market.url)
  })

  after(async () => {
    await browser.close()
    await market?.stop()
  })
}

async function newestSettled(url: string): Promise<number> {
  const answer = await fetch(`${url}/v1/series?points=30`)
  const { interval, status } = (await answer.json()) as {
    readonly interval: readonly number[]
    readonly status: readonly string[]
  }
  return interval[status.lastIndexOf('provisional')] ?? 0
}

async function open(
  path: string,
  look: Partial<Look> = {},
  session?: SampleSession,
): Promise<Opened> {
  const opened = await openAs(browser, session, look)
  await opened.page.goto(`${market.url}${path}`)
  return opened
}

describe('every page', { skip }, () => {
  const looks: readonly Look[] = [
    { size: 'phone', scheme: 'light' },
    { size: 'phone', scheme: 'dark', language: 'de' },
    { size: 'desktop', scheme: 'dark' },
    { size: 'desktop', scheme: 'light', language: 'de' },
  ]
  for (const [index, look] of looks.entries()) {
    const name = `${look.size}, ${look.scheme}, ${look.language ?? 'en'}`
    test(`has nothing in anybody's way: ${name}`, async () => {
      const why = `/why/${home.account}/${settled}`
      const first = ['/', `/intervals/0/${settled}`, why, '/audit']
      const others = ['/?span=week', '/intervals', '/why', '/signin', '/account', '/nowhere']
      // Every page in two looks, those that differ most in the other two as well.
      const paths = index < 2 ? [...first, ...others] : first
      const { page, context, complaints } = await open('/nowhere', look, auditor)
      for (const path of paths) {
        await page.goto(`${market.url}${path}`)
        await drawn(page)
        deepEqual(await barriersOn(page), [], path)
        equal(await overflowOf(page), 0, `${path} is as wide as the screen`)
        equal(await page.locator('html').getAttribute('lang'), look.language ?? 'en')
      }
      // The one path that is no page is answered so.
      deepEqual(complaints.filter((text) => !/404/.test(text)), [])
      await context.close()
    })
  }
})

describe('the market', { skip }, () => {
  test('is seen at first for less than its budget, from its own server alone', async () => {
    const context = await contextOf(browser, { size: 'phone', scheme: 'light' })
    const page = await context.newPage()
    const complaints = complaintsOf(page)
    const hosts = new Set<string>()
    const sizes: Promise<number>[] = []
    page.on('requestfinished', (request) => {
      hosts.add(new URL(request.url()).host)
      sizes.push(request.sizes().then((size) => size.responseBodySize + size.responseHeadersSize))
    })
    await page.goto(market.url)
    await drawn(page)
    await page.locator('canvas').first().waitFor()
    const bytes = (await Promise.all(sizes)).reduce((sum, one) => sum + one, 0)
    ok(bytes > 50_000, `${bytes} bytes are too few to be true`)
    ok(bytes < firstViewBytesMax, `${bytes} bytes, at most ${firstViewBytesMax}`)
    deepEqual([...hosts], [new URL(market.url).host])
    deepEqual(complaints, [])
    await context.close()
  })

  test('is there soon on a slow link, and lives on it', async () => {
    const { page, context } = await openAs(browser, undefined)
    const devtools = await context.newCDPSession(page)
    await devtools.send('Network.emulateNetworkConditions', slowLink)
    const beganMs = performance.now()
    await page.goto(market.url)
    await page.getByRole('heading', { name: 'Last auction' }).waitFor({ timeout: 60_000 })
    await drawn(page)
    const seconds = (performance.now() - beganMs) / 1_000
    ok(seconds < 30, `${seconds} s`)
    const batches = page.locator('.batch')
    const count = await batches.count()
    await page.waitForFunction((many) =>
      document.querySelectorAll('.batch').length > many, count, { timeout: 60_000 })
    equal(await page.getByText('No connection to the exchange.').count(), 0)
    await context.close()
  })

  test('lives: time goes on, and a new auction comes by itself', async () => {
    const { page, context } = await open('/')
    await drawn(page)
    const timer = page.getByRole('timer')
    const before = await timer.textContent()
    const batches = page.locator('.batch')
    const count = await batches.count()
    await page.waitForFunction((text) =>
      document.querySelector('[role=timer]')?.textContent !== text, before)
    await page.waitForFunction((many) =>
      document.querySelectorAll('.batch').length > many, count, { timeout: 60_000 })
    await context.close()
  })

  test('says that it is offline, and catches up when it is not', async () => {
    const { page, context } = await open('/nowhere')
    await page.route('**/v1/stream', (route) => route.abort())
    await page.goto(market.url)
    await drawn(page)
    const note = page.getByRole('alert').getByText('No connection to the exchange.')
    await note.waitFor()
    const count = await page.locator('.batch').count()
    await page.unroute('**/v1/stream')
    await note.waitFor({ state: 'detached' })
    await page.waitForFunction((many) =>
      document.querySelectorAll('.batch').length > many, count, { timeout: 60_000 })
    await context.close()
  })

  test('says what is wrong where a figure cannot be had, and tries again', async () => {
    const { page, context } = await open('/nowhere')
    await refuseUntilClick(page, '**/v1/series*')
    await page.goto(market.url)
    await page.getByText('This could not be loaded.').first().waitFor()
    await page.getByRole('button', { name: 'Try again' }).first().click()
    await page.getByRole('heading', { name: 'Last auction' }).waitFor()
    await context.close()
  })

  test('is used by keyboard alone', async () => {
    const { page, context } = await open('/', { size: 'desktop' })
    await drawn(page)
    await page.keyboard.press('Tab')
    equal(await page.evaluate(() => document.activeElement?.className), 'skip')
    await page.keyboard.press('Enter')
    equal(await page.evaluate(() => document.activeElement?.id), 'content')
    await page.getByRole('link', { name: 'Intervals', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Intervals' }).waitFor()
    equal(await page.evaluate(() => document.activeElement?.id), 'content')
    match(await page.title(), /^Intervals · Busbar$/)
    await page.goBack()
    await page.getByRole('heading', { level: 1, name: 'The market now' }).waitFor()
    await context.close()
  })

  test('moves nothing for who wants nothing to move', async () => {
    const { page, context } = await open('/')
    await drawn(page)
    const moving = (): Promise<boolean> =>
      page.waitForFunction(() =>
        document.getAnimations().some(({ playState }) => playState === 'running'),
      undefined, { timeout: 30_000 }).then(() => true)
    await page.emulateMedia({ reducedMotion: 'no-preference' })
    ok(await moving(), 'the dot that says that it lives')
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.waitForFunction(() =>
      document.getAnimations().every(({ playState }) => playState !== 'running'))
    await context.close()
  })

  test('is read as a table, in German, in the dark, and stays so', async () => {
    const { page, context } = await open('/', { size: 'desktop' })
    await drawn(page)
    const figures = page.getByRole('region', { name: 'Price, energy, self-supply' })
    await figures.getByRole('button', { name: 'Show as a table' }).click()
    ok(await page.locator('tbody tr').count() >= 6)
    await page.getByLabel('Language').selectOption('de')
    await page.getByRole('heading', { name: 'Der Markt jetzt' }).waitFor()
    await page.getByLabel('Darstellung').selectOption('dark')
    await page.reload()
    await page.getByRole('heading', { name: 'Der Markt jetzt' }).waitFor()
    equal(await page.locator('html').getAttribute('data-theme'), 'dark')
    const ground = await page.evaluate(() => getComputedStyle(document.body).color)
    match(ground, /rgb\(2\d\d, 2\d\d, 2\d\d\)/)
    await context.close()
  })
})

describe('an interval', { skip }, () => {
  test('shows its life, its roots and where they stand', async () => {
    const { page, context } = await open(`/intervals/0/${settled}`, { size: 'desktop' })
    await drawn(page)
    await page.getByRole('heading', { name: 'Its life' }).waitFor()
    ok(await page.locator('.life li.done').count() >= 4)
    match(await page.locator('.facts code').first().innerText(), /^0x[0-9a-f]{8}…[0-9a-f]{8}$/)
    await context.close()
  })

  test('that nobody knows says so, and where to go', async () => {
    const { page, context, complaints } = await open('/intervals/0/1')
    await page.getByText('Nothing is known of this interval.').waitFor()
    await page.locator('main').getByRole('link', { name: 'Intervals' }).waitFor()
    deepEqual(complaints.filter((text) => !/404/.test(text)), [])
    await context.close()
  })
})

describe('why this cent', { skip }, () => {
  const verdict = (page: Page) => page.locator('[data-verdict]')

  test('asks who is there first', async () => {
    const { page, context } = await open('/why')
    await page.getByText('This page shows what only its owner may see.').waitFor()
    await context.close()
  })

  test('leads from the statement to the reason, and all of it holds', async () => {
    const { page, context, complaints } = await open('/why', {}, home)
    await drawn(page)
    await page.locator('tbody a').first().click()
    await page.getByRole('heading', { level: 1, name: /received|paid/ }).waitFor()
    await verdict(page).waitFor()
    notEqual(await verdict(page).getAttribute('data-verdict'), 'fails')
    // News of the interval has it read and checked again in between.
    await page.locator('.checks .holds').nth(7).waitFor()
    equal(await page.locator('.checks .fails').count(), 0)
    deepEqual(complaints, [])
    await context.close()
  })

  test('says what its sealed orders were, and what is the word of the exchange alone', async () => {
    const { page, context } = await open(`/why/${home.account}/${settled}`, {}, home)
    await page.getByText(/^To (?:buy|sell) .* It was sealed until its gate/).first().waitFor()
    await page.locator('.checks .holds').filter({ hasText: /signed the order/ }).first().waitFor()
    const gateway = /signature of the gateway/
    await page.locator('.checks .holds').filter({ hasText: gateway }).first().waitFor()
    const told = page.locator('.checks .told')
    await told.filter({ hasText: /final blocks of the chain/ }).first().waitFor()
    await context.close()
  })

  test('goes by the rules of its interval, where others hold now', async () => {
    const { page, context } = await open('/nowhere', {}, home)
    await page.route('**/v1/market', async (route) => {
      const response = await route.fetch()
      const answer = await response.json() as Market
      const { rulebook: { version, ...rules } } = answer
      const rulebook = { ...rules, version: version + 1 }
      const rulebookHash = `0x${'0'.repeat(64)}`
      await route.fulfill({ response, json: { ...answer, rulebook, rulebookHash } })
    })
    await page.goto(`${market.url}/why/${home.account}/${settled}`)
    const held = page.locator('.checks .holds')
    await held.filter({ hasText: /of the rulebook that the hash names/ }).first().waitFor()
    await held.filter({ hasText: /Settled again here by the rules/ }).first().waitFor()
    await context.close()
  })

  const changes: readonly (readonly [what: string, url: RegExp, before: RegExp, by?: string])[] = [
    ['a word', /accounts\/\d+\/intervals/, /"assurance":"metere/],
    ['a whole number', /accounts\/\d+\/intervals/, /"amountMicros":-?\d(?=\d[1-9])/, '.'],
    ['a time beyond all', /accounts\/\d+\/intervals/, /"startMs":\d(?=\d{5})/, 'e'],
    ['an amount', /accounts\/\d+\/intervals/, /"amountMicros":-?/],
    ['a register', /accounts\/\d+\/intervals/, /"importWh":\d/],
    ['a posting', /proofs\/postings/, /"data":"0x[0-9a-f]{80}/],
    ['a path', /orders\/0x[0-9a-f]+\/path/, /"partRoots":\["0x[0-9a-f]{20}/],
    ['a transaction', /accounts\/\d+\/intervals/, /"raw":"0x02f9[0-9a-f]{90}/],
    ['a root', /v1\/intervals\/0\/\d+$/, /"readingsRoot":"0x/],
    ['a gateway’s signature', /meters\/\d+\/readings/, /"signature":"0x[0-9a-f]{40}/],
    ['a register that was signed', /meters\/\d+\/readings/, /"importWh":\d/],
    ['the path of a reading', /meters\/\d+\/readings/, /"path":\["0x[0-9a-f]{20}/],
    ['the key of a gateway', /v1\/meters$/, /"publicKey":"0x0[23][0-9a-f]{30}/],
    ['an order’s signature', /signatures\/0x/, /"signature":"0x[0-9a-f]{40}/],
    ['an order that is opened', /signatures\/0x/, /"limitMicrosPerKwh":-?\d/],
    ['the key of an account', /v1\/participants$/, /"publicKey":"0x0[23][0-9a-f]{30}/],
  ]
  for (const [what, url, before, by] of changes) {
    test(`turns red when one byte is changed: ${what}`, async () => {
      const { page, context } = await open('/nowhere', {}, home)
      await page.route((address) => url.test(address.pathname), changing(before, by))
      await page.goto(`${market.url}/why/${home.account}/${settled}`)
      await verdict(page).waitFor()
      equal(await verdict(page).getAttribute('data-verdict'), 'fails')
      // News of the interval has it read and checked again in between.
      await page.locator('.checks .fails').first().waitFor()
      await page.getByRole('alert').getByText('This cannot all be true.').waitFor()
      await context.close()
    })
  }

  test('tells an auditor whose money it is', async () => {
    const { page, context, complaints } = await open(`/why/${home.account}/${settled}`, {}, auditor)
    const name = new RegExp(`^Account ${home.account} (?:received|paid|gets|pays) `)
    await page.getByRole('heading', { level: 1, name }).waitFor()
    await verdict(page).waitFor()
    const own = /\b(?:you|your (?:retailer|meter|contracts|balance))\b/i
    equal(await page.locator('main').getByText(own).count(), 0)
    deepEqual(complaints, [])
    await context.close()
  })

  test('shows nobody else’s money', async () => {
    const { page, context } = await open(`/why/${auditor.account}/${settled}`, {}, home)
    await page.getByText(/access_denied/).waitFor()
    await context.close()
  })
})

describe('the audit', { skip }, () => {
  test('shows anybody that nothing is unexplained, and auditors what waits', async () => {
    const { page, context } = await open('/audit', { size: 'desktop' })
    await drawn(page)
    equal(await page.getByText('Nothing is unexplained.').count(), 2)
    await page.getByText(/Auditors and operators see more here/).waitFor()
    await context.close()
    const signedIn = await open('/audit', { size: 'desktop' }, auditor)
    await signedIn.page.getByRole('heading', { name: 'Batches without a proof' }).waitFor()
    await signedIn.page.getByRole('link', { name: 'auditor' }).click()
    await signedIn.page.getByRole('button', { name: 'Sign out' }).click()
    await signedIn.page.goto(`${market.url}/audit`)
    await signedIn.page.getByText(/Auditors and operators see more here/).waitFor()
    await signedIn.context.close()
  })
})
