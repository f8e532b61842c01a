/**
 * Goal: two operators run a market by its pages: one proposes to suspend somebody, with a reason
 * and a passkey, the other sees it at once and approves it, and only then it is so; what others
 * would have made of the past is shown before anybody signs; nobody else gets in.
 * Method: the product as `npm start` brings it up, two browsers with a virtual passkey each, axe.
 * With `PICTURES=FOLDER` each page is kept as it was seen.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { BusbarClient, credentialOf, Signer, withPrivateKey } from '@busbar/client'
import type { MeterList, Operations, RulebookDocument, WhatIfAnswer } from '@busbar/protocols/api'
import { seededKey } from '@busbar/simulator'
import type { Browser, Page } from 'playwright-core'
import { barriersOn, overflowOf } from '../testing/barriers.ts'
import { browserOrWhy, contextOf, type Look } from '../testing/browser.ts'
import { openAs, type Opened, openSignedIn } from '../testing/opened.ts'
import {
  brokenIn, proposeStanding, rulebooksNow, savedRows, scheduleRules, standingOf, until,
} from '../testing/operators.ts'
import { type SampleMarket, startSampleMarket } from '../testing/sample-market.ts'
import { sessionOf } from '../testing/sample-session.ts'
import { statusFor } from '../testing/tenants.ts'
import { byName } from '../testing/virtual-passkey.ts'

const found = await browserOrWhy()
const skip = typeof found === 'string' ? found : false
/** Of a browser that was found: without one no test is run. */
const browser = found as Browser

let market: SampleMarket
let first: Opened
let second: Opened
let client: BusbarClient

if (skip === false) {
  before(async () => {
    market = await startSampleMarket('01:00', 60)
    await market.settled(6)
    client = new BusbarClient({ baseUrl: market.url })
    first = await operator('operator', { size: 'desktop', scheme: 'light' })
    second = await operator('deputy', { size: 'phone', scheme: 'dark' })
  })

  after(async () => {
    await browser.close()
    await market?.stop()
  })
}

/** Somebody who runs the market, signed in with a passkey, before the page that says how it is. */
const operator = (name: string, look: Look): Promise<Opened> =>
  openSignedIn(browser, market.url, name, look, '/operator')

async function keep(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES
  if (folder === undefined) return
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

const go = (page: Page, path: string): Promise<unknown> =>
  page.goto(`${byName(market.url)}${path}`)

const standing = (name: string): Promise<string | undefined> => standingOf(client, name)

const propose = (by: Opened, name: string, button: 'Suspend' | 'Let in again'): Promise<void> =>
  proposeStanding(by, market.url, name, button)

describe('what an operator sees', { skip }, () => {
  test('is how the market runs, on a phone and a desk, without barriers', async () => {
    for (const [person, look] of [[first, 'desktop-light'], [second, 'phone-dark']] as const) {
      const { page } = person
      await go(page, '/operator')
      await page.getByRole('heading', { name: 'Intervals on their way' }).waitFor()
      equal(await page.locator('.stages > li').count(), 7)
      ok((await page.locator('tbody tr').count()) > 3)
      equal(await page.locator('.machine > li').count(), 6)
      await keep(page, `operator-${look}`)
      deepEqual(await barriersOn(page), [])
      equal(await overflowOf(page), 0)
    }
  })

  test('is what to look at however old it is, and how much of it is not shown', async () => {
    const { page } = first
    await go(page, '/operator')
    await page.route('**/v1/operations', async (route) => {
      const response = await route.fetch()
      const answer = (await response.json()) as Operations
      const [newest] = answer.intervals
      ok(newest !== undefined)
      const old = { ...newest, interval: newest.interval - 900, exceptions: ['final_overdue'] }
      const json = { ...answer, exceptionCount: 401, intervals: [old] }
      await route.fulfill({ response, json })
    })
    await page.getByRole('button', { name: 'To look at', exact: true }).click()
    await page.getByText('The worst 1 of 401 are shown.').waitFor()
    await page.locator('tbody').getByText('final run overdue').waitFor()
    deepEqual(await barriersOn(page), [])
    await page.unroute('**/v1/operations')
  })

  test('are the runs and the rules', async () => {
    const { page } = second
    await go(page, '/operator/runs')
    await page.locator('tbody tr').first().waitFor()
    await page.getByText(/Looked through: the newest intervals from .* on/).waitFor()
    await keep(page, 'operator-runs-phone-dark')
    deepEqual(await barriersOn(page), [])
    equal(await overflowOf(page), 0)
    await go(page, '/operator/rulebooks')
    await page.getByText('holds now').waitFor()
    deepEqual(await barriersOn(page), [])
    equal(await overflowOf(page), 0)
  })

  test('are the meters, each with its details, found by what is asked', async () => {
    for (const [{ page }, look] of [[first, 'desktop-light'], [second, 'phone-dark']] as const) {
      await go(page, '/operator/meters')
      await page.locator('tbody tr').first().waitFor()
      const { meters } = await page.evaluate(async (): Promise<MeterList> =>
        (await fetch('/v1/meters?limit=100')).json() as Promise<MeterList>)
      equal(await page.locator('tbody tr').count(), meters.length)
      await page.getByLabel('Part of its name').fill('home-1')
      await page.getByRole('button', { name: 'Find' }).click()
      const wanted = meters.filter(({ name }) => name.includes('home-1'))
      await page.waitForFunction(
        (count) => document.querySelectorAll('tbody tr').length === count, wanted.length,
      )
      match(page.url(), /[?]name=home-1$/)
      await page.getByRole('button', { name: `Open ${wanted[0]?.name}`, exact: true }).click()
      const details = page.locator('.acting')
      await details.getByText('Key of the gateway').waitFor()
      match(await details.innerText(), /metered/)
      await keep(page, `operator-meters-${look}`)
      deepEqual(await barriersOn(page), [])
      equal(await overflowOf(page), 0)
      await page.getByLabel('Part of its name').fill('nobody-at-all')
      await page.getByRole('button', { name: 'Find' }).click()
      await page.getByText('No meter is found so.').waitFor()
    }
  })

  test('of the meters is refused and offline as of everything', async () => {
    const session = await sessionOf(market.url, 'operator')
    const { page, context } = await openAs(browser, session)
    const no = { status: 422, contentType: 'application/problem+json' }
    await page.route('**/v1/meters*', (route) =>
      route.fulfill({ ...no, body: JSON.stringify({ code: 'field_invalid', field: 'name' }) }))
    await page.goto(`${market.url}/operator/meters`)
    await page.getByText('This could not be loaded.').waitFor()
    await page.unroute('**/v1/meters*')
    await page.route('**/v1/meters*', (route) => route.abort())
    await page.goto(`${market.url}/operator/meters`)
    await page.locator('.note.warn').getByText('No connection to the exchange.').first().waitFor()
    await context.close()
  })

  test('are all who take part, found by the exchange and not among those shown', async () => {
    const { page } = first
    const { participants } = await client.participants({ limit: 500 })
    // A page of two: nobody else is there to be looked through.
    await page.route(/v1\/participants[?]/, (route) =>
      route.continue({ url: route.request().url().replace(/limit=200/, 'limit=2') }))
    await go(page, '/operator/participants')
    await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 2)
    const { name = '', account } = participants.at(-1) ?? {}
    for (const text of [name.slice(1), `${account}`]) {
      await page.getByRole('searchbox').fill(text)
      await page.getByRole('rowheader', { name }).waitFor()
    }
    await page.getByRole('searchbox').fill('')
    await page.getByRole('combobox', { name: 'Role' }).selectOption('prosumer')
    const homes = participants.filter(({ roles }) => roles.includes('prosumer'))
    await page.getByRole('rowheader', { name: homes[0]?.name ?? '' }).waitFor()
    const names = (await savedRows(page, 0)).slice(1).map((row) => row.split(',')[1])
    deepEqual(names, homes.map(({ name }) => name))
    await page.getByRole('combobox', { name: 'Standing' }).selectOption('suspended')
    await page.getByText('Nobody is found so').waitFor()
    deepEqual(await barriersOn(page), [])
    equal(await overflowOf(page), 0)
    await page.unroute(/v1\/participants[?]/)
  })

  test('is what new rules would have done, before anybody signs them', async () => {
    const { page } = first
    await go(page, '/operator/rulebooks')
    const text = page.locator('textarea')
    const draft = JSON.parse(await text.inputValue()) as Record<string, unknown>
    await text.fill(JSON.stringify({ ...draft, feeMicrosPerKwh: 20_500 }, null, 2))
    await page.getByRole('row', { name: /feeMicrosPerKwh/ }).waitFor()
    const asking = page.waitForResponse(/what-if/)
    await page.getByRole('button', { name: 'What would it have done?' }).click()
    const { progress } = (await (await asking).json()) as WhatIfAnswer
    ok(progress.entries > 100, 'of the whole journal')
    await page.getByText(/Replayed by their own rules, all/).waitFor({ timeout: 60_000 })
    await page.getByRole('rowheader', { name: 'fees of the exchange', exact: true }).waitFor()
    await keep(page, 'operator-rulebooks-desktop-light')
    deepEqual(await barriersOn(page), [])
  })

  test('is no guess at what nobody can know: another length of intervals is refused', async () => {
    const { page, context } = await openAs(browser, await sessionOf(market.url, 'operator'))
    await page.goto(`${market.url}/operator/rulebooks`)
    const text = page.locator('textarea')
    const draft = JSON.parse(await text.inputValue()) as Record<string, unknown>
    await text.fill(JSON.stringify({ ...draft, intervalSeconds: 900 }, null, 2))
    await page.getByRole('button', { name: 'What would it have done?' }).click()
    await page.getByText(/rulebook_incomparable/).waitFor()
    equal(await page.getByText(/rulebook\.intervalSeconds/).count(), 1)
    await context.close()
  })

  test('shows how far the past is replayed, and stops where somebody stops it', async () => {
    const { page } = second
    await go(page, '/operator/rulebooks')
    await page.route('**/v1/rulebooks/what-if*', async (route) => {
      const response = await route.fetch()
      const answer = (await response.json()) as WhatIfAnswer
      const progress = { ...answer.progress, day: 12, days: 30, intervals: 3_300 }
      const running = { ...answer, state: 'running', failure: null, progress }
      await route.fulfill({ response, json: running })
    })
    await page.getByRole('button', { name: 'What would it have done?' }).click()
    await page.getByText('Day 12 of 30: 3,300 intervals').waitFor()
    await keep(page, 'operator-what-if-progress-phone-dark')
    deepEqual(await barriersOn(page), [])
    equal(await overflowOf(page), 0)
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await page.getByText('Stopped.').waitFor()
    await page.unroute('**/v1/rulebooks/what-if*')
    await page.getByRole('button', { name: 'Ask again' }).click()
    await page.getByText('Nobody’s money would differ.').waitFor({ timeout: 60_000 })
    deepEqual(await barriersOn(page), [])
    equal(await overflowOf(page), 0)
    // A market of an hour has one day: with a month of them there is a chart.
    await page.route('**/v1/rulebooks/what-if*', async (route) => {
      const response = await route.fetch()
      const answer = (await response.json()) as WhatIfAnswer
      const days = Array.from({ length: 30 }, (_, i) =>
        answer.days.map((one) => ({ ...one, day: `2025-06-${String(i + 1).padStart(2, '0')}` })))
      await route.fulfill({ response, json: { ...answer, days: days.flat() } })
    })
    await page.getByLabel('Zone').selectOption({ index: 1 })
    await page.getByRole('button', { name: 'What would it have done?' }).click()
    await page.locator('.chart canvas').waitFor({ timeout: 60_000 })
    // A day is a line, of one measure at a time: nothing has to be moved sideways.
    const frame = page.getByRole('region', { name: 'By day' })
    for (const measure of ['Price', 'Fees', 'Elsewhere', 'Energy']) {
      await page.getByRole('button', { name: measure, exact: true }).click()
      equal(await frame.evaluate((one) => one.scrollWidth - one.clientWidth), 0)
      const heights = await frame.locator('tbody tr').evaluateAll((rows) =>
        rows.map((row) => row.getBoundingClientRect().height))
      deepEqual([heights.length, heights.every((height) => height < 48)], [30, true], `${heights}`)
    }
    await keep(page, 'operator-what-if-phone-dark')
    deepEqual(await barriersOn(page), [])
    equal(await overflowOf(page), 0)
    await page.unroute('**/v1/rulebooks/what-if*')
  })

  test('is what may be broken on purpose, where a market is there to be looked at', async () => {
    const { page } = second
    await go(page, '/operator')
    await page.getByLabel('The prover gets no work').check()
    await until(async () => (await brokenIn(market.url)).includes('prover_off'))
    await page.getByLabel('The prover gets no work').uncheck()
    await until(async () => (await brokenIn(market.url)).length === 0)
  })

  test('is shown to an auditor as well, who breaks nothing', async () => {
    const auditor = await sessionOf(market.url, 'auditor')
    const { page, context } = await openAs(browser, auditor)
    await page.goto(`${market.url}/operator`)
    await page.getByLabel('The prover gets no work').waitFor()
    equal(await page.getByLabel('The prover gets no work').isDisabled(), true)
    await context.close()
    const { cookie } = auditor
    const headers = {
      cookie: `${cookie.name}=${cookie.value}`, 'content-type': 'application/json',
    }
    const body = JSON.stringify({ fault: 'prover_off', isOn: true })
    const asked = { method: 'POST', headers, body } as const
    equal((await fetch(`${market.url}/v1/demo/faults`, asked)).status, 403)
    deepEqual(await brokenIn(market.url), [])
  })

  test('is nothing for somebody else', async () => {
    const home = await sessionOf(market.url, 'home-1')
    const context = await contextOf(browser, { size: 'phone', scheme: 'light' })
    await context.addCookies([home.cookie])
    const page = await context.newPage()
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.goto(`${market.url}/operator`)
    await page.locator('main .note').waitFor()
    const theirs = asked.filter((path) => /^.v1.(?:operations|proposals|rulebooks|demo)/.test(path))
    deepEqual(theirs, [])
    equal(await page.locator('.tabs a[href="/operator"]').count(), 0)
    equal(await statusFor(market.url, '/v1/demo/faults', home), 403)
    equal(await statusFor(market.url, '/v1/demo/faults'), 401)
    await context.close()
  })
})

describe('two rulebooks', { skip }, () => {
  test('are compared field by field, and saved as they are shown', async () => {
    const { rulebook: now } = await client.market()
    const changes = { version: now.version + 1, gateLeadSeconds: 120, feeMicrosPerKwh: 12_345 }
    const differences = [...Object.entries(changes)].map(([field, value]) =>
      [field, String(Reflect.get(now, field)), String(value)])
    await scheduleRules(client, market.url, { ...now, ...changes })
    const { page } = second
    await go(page, '/operator/rulebooks')
    await page.getByRole('combobox', { name: 'Compare' }).waitFor()
    // The draft of new rules has its own table further down.
    const comparison = page.getByRole('region', { name: 'What differs' }).first()
    const differing = comparison.locator('tbody tr')
    const rows = await differing.all()
    deepEqual(
      await Promise.all(rows.map((row) => row.locator('th, td').allInnerTexts())),
      differences,
    )
    await keep(page, 'operator-compared-phone-dark')
    deepEqual(await barriersOn(page), [])
    equal(await overflowOf(page), 0)
    const [{ rulebooks }, file] = [await rulebooksNow(client, market.url), await savedRows(page, 0)]
    deepEqual(file, [
      'version,from_interval,hash',
      ...rulebooks.map(({ rulebook: { name, version }, fromInterval, hash }) =>
        `${name} ${version},${fromInterval},${hash}`),
    ])
    const compared = ['field,one,other', ...differences.map((row) => row.join(','))]
    deepEqual(await savedRows(page, 1), compared)
    await page.getByRole('button', { name: 'Show every field' }).first().click()
    ok((await differing.count()) > 20)
    equal((await savedRows(page, 1)).length, 1 + (await differing.count()))
    await page.getByRole('combobox', { name: 'Compare' }).selectOption({ index: 1 })
    await page.getByRole('button', { name: 'Show what differs' }).click()
    await page.getByText('No field differs.').waitFor()
  })
})

describe('two operators', { skip }, () => {
  test('suspend somebody together, and neither of them alone', async () => {
    await go(second.page, '/operator')
    await second.page.getByText('Nothing waits for a second person.').waitFor()
    await propose(first, 'home-5', 'Suspend')
    await keep(first.page, 'operator-participants-desktop-light')
    equal(await standing('home-5'), 'active')
    // The first sees its own, with no button to approve it.
    const own = first.page.locator('.proposals > li').first()
    await own.getByText('You proposed this').waitFor()
    equal(await own.getByRole('button', { name: 'Approve' }).count(), 0)
    // The second is told by the stream, and reads the reason.
    const waiting = second.page.locator('.proposals > li').first()
    await waiting.getByText('bills are not paid').waitFor()
    await keep(second.page, 'operator-proposal-phone-dark')
    deepEqual(await barriersOn(second.page), [])
    equal(await overflowOf(second.page), 0)
    await waiting.getByRole('button', { name: 'Approve' }).click()
    await second.page.getByText('Nothing waits for a second person.').waitFor()
    equal(await standing('home-5'), 'suspended')
    await first.page.locator('tbody').getByText('suspended').waitFor()
  })

  test('let in again whom one has proposed and the other refuses only with a reason', async () => {
    await propose(first, 'home-5', 'Let in again')
    await go(second.page, '/operator')
    const waiting = second.page.locator('.proposals > li').first()
    await waiting.getByRole('button', { name: 'Refuse' }).first().click()
    await waiting.locator('input[name=reason]').fill('not yet')
    await waiting.locator('form').getByRole('button', { name: 'Refuse' }).click()
    await second.page.getByText('Nothing waits for a second person.').waitFor()
    equal(await standing('home-5'), 'suspended')
    await second.page.getByText('Decided lately').click()
    match(await second.page.locator('details').first().innerText(), /not yet/)
    await propose(second, 'home-5', 'Let in again')
    await go(first.page, '/operator')
    await first.page.locator('.proposals > li').first()
      .getByRole('button', { name: 'Approve' }).click()
    await first.page.getByText('Nothing waits for a second person.').waitFor()
    equal(await standing('home-5'), 'active')
  })

  test('heard no complaint of their browsers', () => {
    deepEqual([...first.complaints, ...second.complaints], [])
  })
})
