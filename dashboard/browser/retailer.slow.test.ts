/**
 * Goal: a retailer sees its own customers, their side of trades, what is left to bill, its bills to
 * the micro, and who has not paid, and nobody else sees it; a bill that asks twice for a watt-hour
 * is found, and an answer in which one byte is changed turns red.
 * Method: a market of contracts between customers of two retailers, Chromium with a virtual
 * passkey; bills are computed once more from what was read. No part of it is replaced but the
 * answers that are changed on purpose.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import {
  BusbarClient,
  type CustomerPage,
  type DeclarationPage,
  type MeteredEnergyPage,
} from '@busbar/client'
import {
  naiveSums,
  type PlainInterval,
  type PlainTariff,
} from '@busbar/client/bills/testing/naive-bill'
import type {
  Declaration,
  Market,
  MeteredEnergyLine,
  RetailerTariff,
} from '@busbar/protocols/api'
import type { Browser, Page, Response } from 'playwright-core'
import { barriersOn, drawn, overflowOf } from '../testing/barriers.ts'
import { browserOrWhy, type Look } from '../testing/browser.ts'
import { changing, type Opened, openAs, openSignedIn } from '../testing/opened.ts'
import { type SampleMarket, startTradeMarket } from '../testing/sample-market.ts'
import { type SampleSession, sessionOf } from '../testing/sample-session.ts'
import { privateAsks, sessionsOf, statusFor } from '../testing/tenants.ts'
import { byName, givePasskey, phoneFor } from '../testing/virtual-passkey.ts'

const found = await browserOrWhy()
const skip = typeof found === 'string' ? found : false
/** Of a browser that was found: without one no test is run. */
const browser = found as Browser

const parts = [
  '/retailer', '/retailer/customers', '/retailer/trades', '/retailer/energy', '/retailer/bills',
  '/retailer/check', '/retailer/defaults', '/retailer/agreements',
]

let market: SampleMarket
let north: SampleSession

if (skip === false) {
  before(async () => {
    market = await startTradeMarket(10)
    // Enough for money to be asked for, and not paid by one.
    await market.settled(18)
    north = await sessionOf(market.url, 'retailer-north')
  })

  after(async () => {
    await browser.close()
    await market?.stop()
  })
}

const open = async (path: string, look: Partial<Look> = {}): Promise<Opened> => {
  const opened = await openAs(browser, north, look)
  await opened.page.goto(`${market.url}${path}`)
  await drawn(opened.page)
  return opened
}

describe('the retailer\u2019s pages', { skip }, () => {
  test('show its own customers, and of their trades their own side', async () => {
    const { page, context } = await open('/retailer/customers', { size: 'desktop' })
    const { account, cookie } = await sessionOf(market.url, 'retailer-north')
    const answer = await fetch(`${market.url}/v1/retailers/${account}/customers`, {
      headers: { cookie: `${cookie.name}=${cookie.value}` },
    })
    const { customers } = (await answer.json()) as { readonly customers: readonly unknown[] }
    ok(customers.length >= 5)
    equal(await page.locator('tbody tr').count(), customers.length)
    await page.getByRole('link', { name: 'Trades' }).click()
    await page.getByRole('columnheader', { name: 'Contracted' }).waitFor()
    ok(await page.locator('tbody tr').count() >= 5)
    const text = await page.locator('tbody').innerText()
    ok(!/home-(?:2|4|6|8|10|12|14|16)\b/.test(text), 'no customer of the other retailer')
    await context.close()
  })

  test('take money in advance and invite, signed by a passkey', async () => {
    const { page, context } = await openSignedIn(
      browser, market.url, 'retailer-north', { size: 'desktop' }, '/retailer/customers',
    )
    await page.goto(`${byName(market.url)}/retailer/customers`)
    await drawn(page)
    const row = page.locator('tbody tr').filter({ hasText: 'home-5 ' })
    const who = page.getByRole('combobox', { name: /^Customer(?! who)/ })
    await who.selectOption({ label: 'home-5' })
    await page.getByLabel('Amount').fill('12.50')
    await page.getByLabel('Your reference, once for each').fill('paid at the desk')
    await page.getByRole('button', { name: 'Sign and send' }).click()
    await page.getByText('home-5 has €12.500000 more, prepaid with you.').waitFor()
    await row.getByText('112.50').first().waitFor()
    await page.getByRole('combobox', { name: /^For/ }).selectOption({ label: 'home-5' })
    await page.getByRole('button', { name: 'Make a link' }).click()
    const link = await page.getByLabel('Link', { exact: true }).inputValue()
    match(link, /^http:\/\/localhost:\d+\/join#\d+\.[\w-]{43}$/)
    await context.close()
  })

  test('take the word of a device away that a customer has lost', async () => {
    const lost = await openAs(browser, undefined)
    const { account } = await givePasskey(await phoneFor(lost.page), market.url, 'home-7')
    await lost.context.close()
    const { page, context } = await openSignedIn(
      browser, market.url, 'retailer-north', { size: 'phone' }, '/retailer/customers',
    )
    await page.goto(`${byName(market.url)}/retailer/customers`)
    await drawn(page)
    const who = page.getByRole('combobox', { name: /^Customer who lost it/ })
    await who.selectOption({ label: 'home-7' })
    const device = page.locator('.device').filter({ hasText: 'localhost' })
    await device.getByRole('button', { name: 'Take away' }).click()
    await device.getByRole('button', { name: 'Yes, take it away' }).click()
    await page.getByText('No device signs for this account.').waitFor()
    const client = new BusbarClient({ baseUrl: market.url })
    const { participants: [one] } = await client.participants({ from: account, limit: 1 })
    deepEqual(one?.passkeys, [])
    deepEqual(await barriersOn(page), [])
    equal(await overflowOf(page), 0)
    await context.close()
  })
})

describe('the bills', { skip }, () => {
  /** What a page was answered, by the last part of the path: of the same thing the newest. */
  class Answers {
    readonly energies = new Map<string, MeteredEnergyLine>()
    readonly declarations = new Map<string, Declaration>()
    tariffs: readonly RetailerTariff[] = []
    readonly #coming: Promise<void>[] = []

    constructor(page: Page) {
      page.on('response', (response) => {
        const { pathname } = new URL(response.url())
        if (!/^\/v1\/retailers\//.test(pathname)) return
        // What is cut off has told the page nothing either.
        this.#coming.push(this.#take(response).catch(() => undefined))
      })
    }

    async #take(response: Response): Promise<void> {
      const answer = (await response.json()) as Partial<
        MeteredEnergyPage & DeclarationPage & CustomerPage
      >
      for (const one of answer.energies ?? []) this.energies.set(keyOf(one), one)
      for (const one of answer.declarations ?? []) this.declarations.set(keyOf(one), one)
      this.tariffs = answer.tariffs ?? this.tariffs
    }

    async come(): Promise<void> {
      await Promise.all(this.#coming)
    }
  }

  const keyOf = (one: { readonly meter: number; readonly interval: number }): string =>
    `${one.meter}/${one.interval}`

  /** What each customer owes for its final intervals, by a second computation. */
  function naiveBills(
    { energies, declarations, tariffs: [set] }: Answers,
    final: ReadonlySet<number>,
    { rulebook, display }: Market,
  ): ReadonlyMap<number, bigint> {
    const prices: PlainTariff = {
      ...{ timeZone: display.timeZone, fees: [] },
      import: [{ name: 'energy', microsPerKwh: set?.retailMicrosPerKwh ?? 0 }],
      export: [{ name: 'feed-in', microsPerKwh: set?.feedInMicrosPerKwh ?? 0 }],
    }
    const overDeviation = BigInt(rulebook.reconciliation.overDeviationBasisPoints)
    const byAccount = Map.groupBy(
      [...energies.values()].filter(({ interval }) => final.has(interval)),
      ({ account }) => account,
    )
    return new Map([...byAccount].map(([account, lines]) => {
      const plain = lines.map((line): PlainInterval => {
        const one = declarations.get(keyOf(line))
        return {
          ...{ meter: line.meter, startMs: line.interval * rulebook.intervalSeconds * 1_000 },
          ...{ imported: BigInt(line.importedWh), exported: BigInt(line.exportedWh) },
          ...{ sold: BigInt(one?.soldWh ?? 0), bought: BigInt(one?.boughtWh ?? 0) },
          auctionSold: BigInt(one?.auctionSoldWh ?? 0),
          auctionBought: BigInt(one?.auctionBoughtWh ?? 0),
          wheeling: BigInt(one?.wheelingMicrosPerKwh ?? 0),
        }
      })
      const sums = naiveSums(plain, prices, overDeviation)
      return [account, Object.values(sums).reduce((all, one) => all + one, 0n)]
    }))
  }

  const saved = async (page: Page, name: string) => {
    const file = page.waitForEvent('download')
    await page.getByRole('button', { name }).click()
    return rowsOf(await readFile(await (await file).path(), 'utf8'))
  }

  test('come to what a second computation does, customer by customer', async () => {
    const rules = await new BusbarClient({ baseUrl: market.url }).market()
    const { page, context, complaints } = await openAs(browser, north, { size: 'desktop' })
    const answers = new Answers(page)
    await page.goto(`${market.url}/retailer/bills`)
    await page.getByText('So far: the period is not whole.').waitFor()
    deepEqual(await barriersOn(page), [])
    deepEqual(complaints, [])
    // What is settled from here on is on neither.
    await context.setOffline(true)
    await answers.come()
    const bills = await saved(page, 'Save bills.csv')
    ok(bills.length >= 5)
    await page.locator('tbody button').first().click()
    const intervals = await saved(page, 'Save the intervals')
    const lengthMs = rules.rulebook.intervalSeconds * 1_000
    const final = new Set(intervals.map(({ start = '' }) => Date.parse(start) / lengthMs))
    ok(final.size >= 6, `${final.size} intervals are final`)
    deepEqual(
      new Map(bills.map(({ account, lines_micros: sum }) => [Number(account), BigInt(sum ?? '')])),
      naiveBills(answers, final, rules),
    )
    const cents = bills.reduce((all, row) => all + Number(row.payable_cents), 0)
    const shown = await page.locator('[data-payable]').getAttribute('data-payable')
    equal(Number(shown), cents * 10_000)
    await context.close()
  })

  test('open to their lines, and go on to the proofs', async () => {
    const { page, context } = await open('/retailer/bills')
    await page.locator('tbody button').first().click()
    const bill = page.locator('section').filter({
      has: page.getByRole('heading', { name: /^The bill of home-/ }),
    })
    match(await bill.innerText(), /energy delivered[\s\S]+to be paid/)
    equal(await overflowOf(page), 0)
    await bill.getByRole('button', { name: 'Hold it against the proofs' }).click()
    await page.getByRole('button', { name: 'Check it' }).click()
    await page.locator('[data-outcome]').waitFor({ timeout: 120_000 })
    equal(await page.locator('[data-outcome]').getAttribute('data-outcome'), 'good')
    await context.close()
  })
})

/** A table without quotes, by its head. */
function rowsOf(text: string): readonly Readonly<Record<string, string>>[] {
  const [head = '', ...lines] = text.trim().split('\n')
  const names = head.split(',')
  return lines.map((line) => {
    const fields = line.split(',')
    return Object.fromEntries(names.map((name, i) => [name, fields[i] ?? '']))
  })
}

describe('the energy of a day', { skip }, () => {
  const summed = [
    'imported_wh', 'exported_wh', 'sold_wh', 'bought_wh', 'auction_wh', 'billed_import_wh',
    'billed_export_wh',
  ]

  /** The sums of the columns that both tables have, of the file that is saved of one of them. */
  async function sumsOf(page: Page, by: string): Promise<readonly number[]> {
    await page.getByRole('button', { name: by, exact: true }).click()
    const file = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save as CSV' }).first().click()
    const rows = rowsOf(await readFile(await (await file).path(), 'utf8'))
    return summed.map((name) => rows.reduce((sum, row) => sum + Number(row[name]), 0))
  }

  test('is told in sums that are those of its lines', async () => {
    const { page, context } = await open('/retailer/energy', { size: 'desktop' })
    let [before, lines, after]: (readonly number[])[] = [[], [], [0]]
    // What is settled in between is in some of them and not in others.
    while (before?.join() !== after?.join()) {
      before = await sumsOf(page, 'By customer')
      lines = await sumsOf(page, 'By interval')
      after = await sumsOf(page, 'By customer')
    }
    ok((before?.[0] ?? 0) > 1_000 && (before?.[3] ?? 0) > 0, 'something was used, and bought')
    deepEqual(lines, before)
    await context.close()
  })

  test('is read line by line as far as somebody looks', async () => {
    const { page, context } = await open('/retailer/energy')
    await page.getByRole('button', { name: 'By interval', exact: true }).click()
    const rows = page.getByRole('region', { name: 'By interval' }).locator('tbody tr')
    await rows.first().waitFor()
    const first = await rows.count()
    ok(first >= 60 && first < 80, `${first} lines: about as many as are asked for at once`)
    await page.getByRole('button', { name: 'Show more' }).click()
    await rows.nth(first).waitFor()
    await context.close()
  })
})

describe('whether a bill asks twice', { skip }, () => {
  const outcome = (page: Page): Promise<string | null> =>
    page.locator('[data-outcome]').getAttribute('data-outcome', { timeout: 120_000 })

  test('is found line by line, and not where only the rest is billed', async () => {
    const { page, context } = await open('/retailer/energy', { size: 'desktop' })
    await page.getByRole('button', { name: 'By interval' }).click()
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save as CSV' }).first().click()
    const bill = await readFile(await (await saved).path(), 'utf8')
    await page.getByRole('link', { name: 'Billed twice?' }).click()
    await page.getByRole('button', { name: 'My own bill' }).click()
    const run = async (text: string): Promise<string | null> => {
      await page.getByLabel('or paste its lines').fill(text)
      // What was found before stands there for a moment longer.
      await page.locator('[data-outcome]').evaluateAll((found) => {
        for (const one of found) one.setAttribute('data-outcome', 'before')
      })
      await page.getByRole('button', { name: 'Check it' }).click()
      await page.locator('[data-outcome]:not([data-outcome=before])').waitFor({ timeout: 120_000 })
      return outcome(page)
    }
    equal(await run(bill), 'good')
    // One watt-hour more on a line of which something was bought by contract.
    const [head = '', ...lines] = bill.split('\r\n')
    const names = head.split(',')
    const [bought, billed] = ['bought_wh', 'billed_import_wh'].map((name) => names.indexOf(name))
    const index = lines.findIndex((line) => Number(line.split(',')[bought ?? 0]) > 0)
    const fields = (lines[index] ?? '').split(',')
    fields[billed ?? 0] = String(Number(fields[billed ?? 0]) + 1)
    equal(await run([head, ...lines.with(index, fields.join(','))].join('\r\n')), 'twice')
    await page.getByText('1 Wh are billed twice.').waitFor()
    await page.getByRole('button', { name: 'Only what is wrong' }).click()
    equal(await page.locator('tbody tr').count(), 1)
    await page.getByLabel('or paste its lines').fill('meter,start,import_wh,export_wh\n0,noon,1,0')
    await page.getByRole('button', { name: 'Check it' }).click()
    await page.getByRole('alert').getByText('Line 2: start has to be a time').waitFor()
    await context.close()
  })

  const changes: readonly (readonly [string, RegExp, RegExp])[] = [
    ['a proof', /traded-energy$/, /"proofs":\["0x[0-9a-f]{60}/],
    ['the signature', /traded-energy$/, /"signature":"0x[0-9a-f]{9}/],
    ['a root that everybody is shown', /v1\/intervals$/, /(?:.|\n)*"readingsRoot":"0x/],
    ['what is declared', /declarations$/, /"boughtWh":(?=[1-9])/],
  ]
  for (const [what, url, before] of changes) {
    test(`turns red when one byte is changed: ${what}`, async () => {
      const { page, context } = await open('/retailer/check', { size: 'desktop' })
      await page.route((address) => url.test(address.pathname), changing(before))
      await page.getByRole('button', { name: 'Check it' }).click()
      equal(await outcome(page), 'unproven')
      await page.getByRole('alert').getByText('answer does not hold').waitFor()
      await context.close()
    })
  }
})

describe('what is a retailer\u2019s', { skip }, () => {
  test('is refused to everybody else, request by request', async () => {
    const { page, context, ...rest } = await open('/retailer', { size: 'desktop' })
    const asks = await privateAsks({ page, context, ...rest }, market.url, async () => {
      for (const path of parts) {
        await page.goto(`${market.url}${path}`)
        await drawn(page)
      }
      await page.getByRole('link', { name: 'Billed twice?' }).click()
      await page.getByRole('button', { name: 'Check it' }).click()
      await page.locator('[data-outcome]').waitFor({ timeout: 120_000 })
    })
    await context.close()
    ok(asks.length >= 8, `${asks.length} requests are too few to be all`)
    const others = await sessionsOf(market.url, [
      'home-1', 'home-2', 'retailer-south', 'grid-north', 'bank', 'balancing-authority', 'platform',
    ])
    for (const other of others) {
      for (const path of asks) {
        // Everybody has lists of their own; a meter's owner may ask about it as well.
        if (/^\/v1\/(?:trades|agreements|nettings)\?/.test(path)) continue
        if (path.startsWith('/v1/meters/0/') && other.name === 'home-1') continue
        ok([403, 404].includes(await statusFor(market.url, path, other)), `${other.name}: ${path}`)
      }
    }
  })

  test('is shown to others as not theirs, without asking for it', async () => {
    for (const name of ['home-1', 'grid-north', 'auditor']) {
      const session = await sessionOf(market.url, name)
      const { page, context, complaints } = await openAs(browser, session)
      await page.goto(`${market.url}/retailer`)
      await page.getByText('This page is for others.').waitFor()
      deepEqual(complaints, [])
      await context.close()
    }
  })
})
