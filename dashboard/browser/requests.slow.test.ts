/**
 * Goal: no page asks the exchange for more than it shows: each thing once when it is opened, and
 * while the market goes on what has changed and nothing else; and a page that was left asks for
 * nothing any more.
 * Method: the table of all pages, each as somebody it is for, in two markets as `npm start` brings
 * them up. A page hears what the market told everybody of its last intervals, when the test says
 * so; requests and bytes are counted, and may be no more than stands below. Answers are counted as
 * they are, before anything is compressed.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { StreamEvent } from '@busbar/protocols/api'
import type { Browser } from 'playwright-core'
import { type Ask, Asked, askedAgain, type ByClock, bytesIn } from '../testing/asked.ts'
import { browserOrWhy } from '../testing/browser.ts'
import { everyPage, type PageRow, type SampleKind } from '../testing/every-page.ts'
import { HeldStream, isSign, toldLately } from '../testing/held-stream.ts'
import type { Opened } from '../testing/opened.ts'
import { nameOf, PageMarkets } from '../testing/page-markets.ts'

const found = await browserOrWhy()
const skip = typeof found === 'string' ? found : false
/** Of a browser that was found: without one no test is run. */
const browser = found as Browser

/** How much a page may ask for: requests, and kilobytes of answers. */
type Allowed = readonly [requests: number, kilobytes: number]

/**
 * When it is opened, and as an interval goes by: all of its steps, each of which may change what is
 * shown. Whatever is of a person has its notices in it. What grows with the market has room to.
 */
const allowed: Readonly<Record<string, readonly [opened: Allowed, interval: Allowed]>> = {
  'market, anybody, auctions': [[6, 9], [6, 3]],
  'market, home-1, contracts': [[7, 10], [7, 4]],
  'intervals, anybody, auctions': [[3, 7], [5, 3]],
  'interval, anybody, auctions': [[3, 6], [3, 7]],
  'kpis, anybody, auctions': [[3, 6], [3, 6]],
  'developer, anybody, auctions': [[3, 600], [0, 0]],
  'developer, home-1, contracts': [[4, 600], [1, 2]],
  'audit, anybody, auctions': [[7, 24], [5, 3]],
  'audit, auditor, auctions': [[10, 30], [11, 5]],
  'audit, auditor, contracts': [[12, 30], [22, 9]],
  'signin, anybody, auctions': [[3, 4], [0, 0]],
  'join, anybody, auctions': [[2, 4], [0, 0]],
  'home, home-1, auctions': [[8, 10], [14, 9]],
  'home, home-1, contracts': [[12, 13], [14, 11]],
  'trading, home-1, auctions': [[4, 6], [3, 4]],
  'trading, home-1, contracts': [[8, 14], [4, 8]],
  'why, home-1, auctions': [[4, 12], [2, 10]],
  'whyInterval, home-1, auctions': [[18, 40], [18, 45]],
  'why, home-2, contracts': [[4, 14], [2, 10]],
  'whyInterval, home-2, contracts': [[24, 40], [24, 45]],
  'interval, anybody, contracts': [[3, 6], [3, 7]],
  'notices, home-1, contracts': [[5, 20], [1, 2]],
  'account, home-1, auctions': [[7, 6], [3, 4]],
  'operator, operator, auctions': [[6, 14], [1, 2]],
  'operator, operator, contracts': [[6, 26], [1, 2]],
  'operator, auditor, auctions': [[6, 14], [1, 2]],
  'operatorParticipants, operator, auctions': [[5, 12], [1, 2]],
  'operatorMeters, operator, auctions': [[4, 18], [1, 2]],
  'operatorRulebooks, operator, auctions': [[5, 6], [1, 2]],
  'operatorRuns, operator, auctions': [[4, 90], [6, 12]],
  'operatorRuns, operator, contracts': [[4, 70], [10, 30]],
  'utility, grid-north, contracts': [[8, 16], [7, 20]],
  'retailer, retailer-north, contracts': [[6, 8], [2, 4]],
  'retailerCustomers, retailer-north, contracts': [[5, 8], [2, 4]],
  'retailerTrades, retailer-north, contracts': [[5, 12], [2, 5]],
  'retailerEnergy, retailer-north, contracts': [[6, 12], [2, 4]],
  'retailerBills, retailer-north, contracts': [[8, 60], [9, 8]],
  'retailerCheck, retailer-north, contracts': [[3, 5], [1, 2]],
  'retailerDefaults, retailer-north, contracts': [[4, 6], [1, 2]],
  'retailerAgreements, retailer-north, contracts': [[6, 6], [2, 3]],
}

/** What these pages look at as time goes by, whatever the market tells. */
const byClock: ByClock = [
  [/^GET \/v1\/health$/, 30_000],
  [/^GET \/v1\/operations$/, 2_000],
  [/^GET \/v1\/(?:proving\/queue|journal\/heads|conservation\/history)(?:\?|$)/, 10_000],
  [/^GET \/v1\/accounts\/\d+\/statement\?kind=withdrawal/, 30_000],
]

const isByClock = ({ name }: Ask): boolean => byClock.some(([pattern]) => pattern.test(name))

/** So many intervals go by while a page is looked at. */
const intervals = 2

/** Each once: on a slow machine some may come again by the clock. */
const distinct = (asks: readonly Ask[]): readonly Ask[] =>
  asks.filter(({ name }, place) => asks.findIndex((one) => one.name === name) === place)

const listed = (asks: readonly Ask[]): string =>
  asks.map(({ name, bytes }) => `${bytes} ${name}`).join('\n')

function isAllowed(asks: readonly Ask[], most: Allowed = [0, 0], when: string): void {
  const [requests, kilobytes] = most
  const bytes = bytesIn(asks)
  const isLittle = asks.length <= requests && bytes <= kilobytes * 1_000
  const words = `${asks.length} requests and ${bytes} bytes, for ${requests} and ${kilobytes} kB`
  ok(isLittle, `${when}: ${words}:\n${listed(asks)}`)
}

/** As the stream would tell an account that there is news for it: how much, it has to ask. */
const noticesFor = (account: number | undefined): readonly StreamEvent[] =>
  account === undefined ? [] : [{
    name: 'notices_written',
    data: { account, lastSequence: Number.MAX_SAFE_INTEGER },
  }]

/** What is asked for here besides who is there and what market this is. */
const isHeld = (url: URL): boolean =>
  url.pathname.startsWith('/v1/') && !/^\/v1\/(?:market|session|stream)$/.test(url.pathname)

/** What the first page asks for as well, by which others are left; and the frame of each. */
const ofMarket = new RegExp(
  '^GET /v1/(?:market|session|health|grid|series\\?zone=0&from.*|accounts/\\d+/' +
  '(?:webhook|notices\\?.*))$',
)

/** And then, of the last auction. */
const ofAuction = /^GET \/v1\/intervals\/0\/\d+$/

describe('what a page asks for', { skip }, () => {
  let markets: PageMarkets
  before(async () => {
    markets = await PageMarkets.open()
  })
  after(() => Promise.all([browser.close(), markets?.stop()]))

  test('is in the table, of every page', () => {
    deepEqual(Object.keys(allowed).sort(), everyPage.map(nameOf).sort())
  })

  type Told = Awaited<ReturnType<typeof toldLately>>

  /** Each thing once, and no more than is allowed. */
  async function opens(row: PageRow, { page }: Opened, asked: Asked): Promise<void> {
    await page.goto(markets.addressOf(row))
    await asked.settle()
    const asks = await asked.take()
    deepEqual(askedAgain(asks, byClock), [], 'each thing is asked for once')
    isAllowed(distinct(asks), allowed[nameOf(row)]?.[0], 'opened')
  }

  /** Of what the market tells, what it changes. */
  async function follows(
    row: PageRow,
    kinds: Told[number],
    stream: HeldStream,
    asked: Asked,
  ): Promise<void> {
    const later: Ask[] = []
    for (const events of kinds) {
      const isPosted = events.some(({ name }) => name === 'run_posted')
      const news = isPosted ? noticesFor(markets.sessionFor(row)?.account) : []
      await stream.tell([...events, ...news], asked)
      const asks = await asked.take()
      deepEqual(askedAgain(asks, byClock), [], `${events[0]?.name}: once`)
      later.push(...asks.filter((ask) => !isSign(ask) && !isByClock(ask)))
    }
    isAllowed(later, allowed[nameOf(row)]?.[1], 'an interval')
  }

  /** While all that it shows is on its way once more: nothing of it, and no more of it. */
  async function isLeft(
    { page: name, isStill }: PageRow,
    { page }: Opened,
    stream: HeldStream,
    asked: Asked,
  ): Promise<void> {
    const left = Promise.withResolvers<void>()
    await page.route(isHeld, async (route) => {
      await left.promise
      // Who has left takes no answer.
      await route.continue().catch(() => undefined)
    })
    await stream.begin([{ name: 'stream_reset', data: { reason: 'history_unavailable' } }])
    const own = (): readonly string[] => asked.underWay.filter((one) => !ofMarket.test(one))
    if (isStill !== true && name !== 'market' && name !== 'notices') {
      await asked.until(() => own().length > 0, 'it asks for what is its own')
    }
    await page.locator('.brand').click()
    const rest = (): readonly string[] => own().filter((one) => !ofAuction.test(one))
    await asked.until(() => rest().length === 0 || name === 'market', 'what it asked for has ended')
    const leftAtMs = performance.now()
    left.resolve()
    await asked.settle()
    const more = (await asked.take()).filter(({ atMs }) => atMs > leftAtMs)
    deepEqual(more.filter((ask) => !ofMarket.test(ask.name) && !ofAuction.test(ask.name)), [])
  }

  test('is what it shows, once, then what has changed, and nothing when it is left', async () => {
    const told: Record<SampleKind, Told> = {
      auctions: await toldLately(markets.urlOf({ in: 'auctions' }), intervals),
      contracts: await toldLately(markets.urlOf({ in: 'contracts' }), intervals),
    }
    for (const all of Object.values(told)) {
      equal(all.length, intervals)
      ok(all.every((kinds) => kinds.length >= 4), 'an interval is fixed, cleared, posted and final')
    }
    await markets.each(browser, { size: 'desktop' }, async (row, opened) => {
      const stream = await HeldStream.before(opened.page)
      const asked = new Asked(opened.page)
      await opens(row, opened, asked)
      for (const kinds of told[row.in]) await follows(row, kinds, stream, asked)
      await isLeft(row, opened, stream, asked)
    })
  })
})
