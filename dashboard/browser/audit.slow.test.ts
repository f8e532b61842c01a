/**
 * Goal: an auditor has an interval worked out again in the browser, and what is not so turns red,
 * whichever byte it is; a sample by a seed of one's own; and nobody else gets what it rests on.
 * Method: the sealed market of a neighbourhood, Chromium; no part is replaced but the answers that
 * are changed on purpose.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import { parseEvidence, replayed, verdictOf } from '@busbar/client/replay'
import type { Browser, Page } from 'playwright-core'
import { drawn as drawnBy, placeOf } from '../src/audit/sample.ts'
import { barriersOn, drawn, overflowOf } from '../testing/barriers.ts'
import { browserOrWhy, type Look } from '../testing/browser.ts'
import { changing, type Opened, openAs } from '../testing/opened.ts'
import { type SampleMarket, startSampleMarket } from '../testing/sample-market.ts'
import { type SampleSession, sessionOf } from '../testing/sample-session.ts'
import { privateAsks, sessionsOf, statusFor } from '../testing/tenants.ts'

const found = await browserOrWhy()
const skip = typeof found === 'string' ? found : false
/** Of a browser that was found: without one no test is run. */
const browser = found as Browser

let market: SampleMarket
let auditor: SampleSession

if (skip === false) {
  before(async () => {
    market = await startSampleMarket('01:00', 10)
    await market.settled(6)
    auditor = await sessionOf(market.url, 'auditor')
  })

  after(async () => {
    await browser.close()
    await market?.stop()
  })
}

const open = async (look: Partial<Look> = { size: 'desktop' }): Promise<Opened> => {
  const opened = await openAs(browser, auditor, look)
  await opened.page.goto(`${market.url}/audit`)
  await drawn(opened.page)
  return opened
}

/** Of one of the two cards that have one. What an older interval put on the chain is signed. */
const chooseOlder = (page: Page, card: 'first' | 'last'): Promise<unknown> =>
  page.getByRole('combobox', { name: /^Interval/ })[card]().selectOption({ index: 2 })

const replay = async (page: Page): Promise<string | null> => {
  await chooseOlder(page, 'first')
  await page.getByRole('button', { name: 'Work it out again' }).click()
  return page.locator('[data-replay]').getAttribute('data-replay', { timeout: 60_000 })
}

describe('an interval that is worked out again', { skip }, () => {
  test('is exactly as it has to be, on a phone as well', async () => {
    const { page, context, complaints } = await open({ size: 'phone' })
    equal(await replay(page), 'holds')
    equal(await page.locator('.checks .holds').count(), 9)
    deepEqual(await barriersOn(page), [])
    equal(await overflowOf(page), 0, 'it is as wide as the screen')
    deepEqual(complaints, [])
    await context.close()
  })

  const changes: readonly (readonly [string, RegExp, RegExp, string])[] = [
    ['a reading', /replay$/, /"importedWh":/, 'readings'],
    ['a line of money', /replay$/, /"reason":"auction_buy"[^}]*"amountMicros":-?/, 'money'],
    ['the balancing authority', /replay$/, /"balancingAuthority":/, 'rules make'],
    ['a salt', /replay$/, /"salt":"0x[0-9a-f]{9}/, 'root of each run'],
    ['an order that was opened', /openings/, /"limitMicrosPerKwh":/, 'orders'],
    ['a fill', /audit\/intervals\/0\/\d+$/, /"fills":\[\{[^}]*"energyWh":/, 'fills'],
    ['a sum', /audit\/intervals\/0\/\d+$/, /"nets":\[\{[^}]*"amountMicros":-?/, 'nothing'],
    ['the price', /v1\/intervals\/0\/\d+$/, /"priceMicrosPerKwh":/, 'Price'],
    ['the root of the orders', /v1\/intervals\/0\/\d+$/, /"ordersRoot":"0x[0-9a-f]/, 'gate'],
    ['a signed transaction', /replay$/, /"raw":"0x02f[0-9a-f]{41}/, 'operator signed'],
    ['the root of the fills', /v1\/intervals\/0\/\d+$/, /"fillsRoot":"0x[0-9a-f]/, 'result'],
  ]
  for (const [what, url, before, says] of changes) {
    test(`turns red when one byte is changed: ${what}`, async () => {
      const { page, context } = await open()
      await page.route((address) => url.test(address.pathname), changing(before))
      equal(await replay(page), 'fails')
      const failed = await page.locator('.checks .fails').allInnerTexts()
      ok(failed.some((text) => text.includes(says)), failed.join('; '))
      await page.getByRole('alert').getByText('This cannot be so.').waitFor()
      await context.close()
    })
  }

  test('is saved with all that it was worked out from', async () => {
    const { page, context } = await open()
    equal(await replay(page), 'holds')
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save what it was worked out from' }).click()
    const text = await readFile(await (await saved).path(), 'utf8')
    const { material } = parseEvidence(text)
    ok((material.openings?.orders.length ?? 0) > 10)
    await context.close()
  })

  test('is saved among what is taken away, and judged elsewhere with no network', async () => {
    const { page, context } = await open()
    await chooseOlder(page, 'last')
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save the evidence' }).click()
    const file = await saved
    ok(/^evidence-0-\d+\.json$/.test(file.suggestedFilename()))
    await page.getByText(/evidence-0-\d+\.json is saved/).waitFor()
    const { material } = parseEvidence(await readFile(await file.path(), 'utf8'))
    equal(verdictOf([...replayed(material)]), 'holds')
    await context.close()
  })
})

describe('the books over time', { skip }, () => {
  /** As it is, or with answers from addresses like `url` changed behind what is found first. */
  const look = async (url?: RegExp, before = /$/): Promise<Opened> => {
    const opened = await openAs(browser, undefined, { size: 'phone' })
    if (url !== undefined) {
      await opened.page.route((address) => url.test(address.pathname), changing(before))
    }
    await opened.page.goto(`${market.url}/audit`)
    await drawn(opened.page)
    await opened.page.locator('.book-grid button').first().waitFor()
    return opened
  }

  test('are green for everybody, and open to the figures of an interval', async () => {
    const { page, context, complaints } = await look()
    ok(await page.locator('.book-grid .holds').count() >= 4)
    equal(await page.locator('.book-grid .wrong').count(), 0)
    const cell = page.locator('.book-grid button[tabindex="0"]')
    await cell.focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Enter')
    const figures = page.locator('[data-book-interval]')
    await figures.getByText('has it:').waitFor()
    equal(await figures.getByText('\u20ac0.000000').count(), 2, 'nothing of the money is left over')
    await page.getByText('As a table').click()
    const saved = page.waitForEvent('download')
    await page.locator('[data-book-day] details').getByRole('button', { name: /CSV/ }).click()
    const text = await readFile(await (await saved).path(), 'utf8')
    ok(/^interval,start,state,runs,/.test(text))
    ok(/,holds,1,0,0,/.test(text))
    deepEqual(await barriersOn(page), [])
    equal(await overflowOf(page), 0, 'it is as wide as the screen')
    deepEqual(complaints, [])
    await context.close()
  })

  test('are red where one settlement does not hold, from the week to the interval', async () => {
    const { page, context } = await look(/conservation\/history$/, /"wrongCount":\[/)
    await page.getByRole('alert').getByText(/settlements of these days do not hold/).waitFor()
    ok(await page.locator('.book-days .wrong').count() >= 1)
    equal(await page.locator('.book-grid .wrong').count(), 1)
    await page.getByRole('button', { name: /: does not hold$/ }).waitFor()
    await context.close()
  })

  test('have heads of the journal that the browser checks, byte for byte', async () => {
    const verdict = async (opened: Opened): Promise<readonly [string | null, number]> => {
      const { page } = opened
      await page.getByRole('row').filter({ hasText: 'money of' }).first()
        .getByRole('button', { name: 'Check' }).click()
      const found = page.locator('[data-head-verdict]')
      const said = await found.getAttribute('data-head-verdict', { timeout: 30_000 })
      const held = await found.locator('.holds').count()
      await opened.context.close()
      return [said, held]
    }
    deepEqual(await verdict(await look()), ['holds', 3])
    // Without a transaction of the operator's nothing can be said of the roots in it either.
    const changes = [[/"body":"\{\\"interval\\":/, 2], [/"raw":"0x02f9/, 1]] as const
    for (const [before, held] of changes) {
      const opened = await look(/journal\/heads\/\d+$/, before)
      deepEqual(await verdict(opened), ['fails', held], String(before))
    }
  })

  test('show that a head is another than this browser saw before', async () => {
    const { page, context } = await look()
    await page.locator('[data-title="Hash"]').first().waitFor()
    const heads = (address: URL): boolean => /journal\/heads$/.test(address.pathname)
    await page.route(heads, changing(/"atMs":\d+,"hash":"/))
    await page.reload()
    await page.getByRole('alert').getByText(/had another hash when this browser saw it/).waitFor()
    await context.close()
  })
})

describe('a span of the journal', { skip }, () => {
  test('is saved for auditors, and what was changed in it is told', async () => {
    const { page, context } = await open({ size: 'phone' })
    const save = async (): Promise<string> => {
      await page.getByLabel('From entry').fill('1')
      await page.getByLabel('To entry').fill('40')
      const saved = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Save these entries' }).click()
      return readFile(await (await saved).path(), 'utf8')
    }
    const lines = (await save()).trimEnd().split('\n')
    equal(lines.length, 40)
    await page.getByText('40 entries are saved').waitFor()
    await page.route((address) => /audit\/journal$/.test(address.pathname), changing(/"atMs":1/))
    await save()
    await page.getByRole('alert').getByText(/Entry \d+ does not follow the one before/).waitFor()
    await context.close()
  })
})

describe('a sample', { skip }, () => {
  const draw = async (page: Page, seed: string): Promise<string | null> => {
    await page.getByLabel('Seed', { exact: true }).fill(seed)
    await page.getByLabel('How many, up to 50').fill('3')
    await page.getByRole('button', { name: 'Draw and check' }).click()
    const found = page.locator('[data-sample]:not([data-sample=running])')
    await found.waitFor({ timeout: 60_000 })
    return found.getAttribute('data-sample')
  }

  test('is as good as its worst line, and can be drawn again by its file', async () => {
    const { page, context } = await open()
    const verdict = await draw(page, 'a die that was thrown')
    const card = page.locator('section').filter({
      has: page.getByRole('heading', { name: 'A sample by your own seed' }),
    })
    const paths = await card.locator('tbody a').evaluateAll((links) =>
      links.map((link) => link.getAttribute('href') ?? ''))
    equal(paths.length, 3)
    ok(paths.every((path) => /^\/why\/\d+\/\d+$/.test(path)))
    // The file is named by the seed that drew it, and not by the one that stands there now.
    await page.getByLabel('Seed', { exact: true }).fill('another')
    const saved = page.waitForEvent('download')
    await card.getByRole('button', { name: 'Save as CSV' }).click()
    const download = await saved
    equal(download.suggestedFilename(), 'sample-a die that was thrown.csv')
    const [names = '', ...rows] = (await readFile(await download.path(), 'utf8'))
      .trimEnd().split('\r\n')
    const columns = names.split(',')
    const lines = rows.map((row) =>
      Object.fromEntries(row.split(',').map((value, index) => [columns[index] ?? '', value])))
    const states = lines.map(({ state }) => state)
    equal(verdict, ['fails', 'open', 'told', 'holds'].find((state) => states.includes(state)))
    for (const line of lines) {
      const [from, to] = [Number(line['from_interval']), Number(line['to_interval'])]
      const span = { zones: (line['zones'] ?? '').split(' ').map(Number), from, to }
      const below = span.zones.length * (to - from)
      const place = drawnBy(line['seed'] ?? '', 2 * Number(line['draw']), below)
      const { zone, interval } = placeOf(place, span)
      deepEqual([`${zone}`, `${interval}`], [line['zone'], line['interval']])
    }
    deepEqual(lines.map(({ account, interval }) => `/why/${account}/${interval}`), paths)
    await context.close()
  })

  test('says so where the span has no settled line', async () => {
    const { page, context } = await open()
    await page.route('**/v1/audit/intervals/**', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, json: { ...(await response.json()) as object, nets: [] } })
    })
    equal(await draw(page, 'a die that was thrown'), 'empty')
    await page.getByText('No settled line was drawn').waitFor()
    await context.close()
  })
})

describe('what is an auditor\u2019s', { skip }, () => {
  test('is refused to everybody else, request by request', async () => {
    const opened = await open()
    const { page, context } = opened
    const asks = await privateAsks(opened, market.url, async () => {
      await page.goto(`${market.url}/audit`)
      await drawn(page)
      await replay(page)
    })
    await context.close()
    ok(asks.length >= 4, `${asks.length} requests are too few to be all`)
    for (const other of await sessionsOf(market.url, ['home-1', 'bank', 'grid-operator'])) {
      for (const path of asks) {
        equal(await statusFor(market.url, path, other), 403, `${other.name}: ${path}`)
      }
    }
  })
})
