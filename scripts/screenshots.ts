/**
 * `npm run screenshots -- FOLDER [NAME …]`: pictures of every page, light and dark, on a phone and
 * a desk, in a folder that is made; or of those whose names hold one of the words. Without `--url`
 * of a market that runs, those that are needed are started and stopped.
 *
 *     npm run screenshots -- pictures
 *     npm run screenshots -- pictures home retailer-trades --size phone --scheme dark
 *     npm run screenshots -- pictures --url http://127.0.0.1:8420 --language de
 */
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { BusbarClient } from '@busbar/client'
import { drawn } from '@busbar/dashboard/testing/barriers'
import {
  browserOrWhy,
  contextOf,
  type Look,
  sizes,
} from '@busbar/dashboard/testing/browser'
import { lastSettled, pathFor, type SampleKind } from '@busbar/dashboard/testing/every-page'
import { type Picture, pictures } from '@busbar/dashboard/testing/pictures'
import { furnish } from '@busbar/dashboard/testing/sample-account'
import {
  type SampleMarket,
  startSampleMarket,
  startTradeMarket,
} from '@busbar/dashboard/testing/sample-market'
import { type SampleSession, sessionOf } from '@busbar/dashboard/testing/sample-session'
import { addStreets } from '@busbar/dashboard/testing/sample-streets'
import { byName } from '@busbar/dashboard/testing/virtual-passkey'

/** Until half past ten: a night, a morning, and sun on the roofs. */
const marketFrom = '10:30'
const intervalsBefore = 126
/** Until what the streets beside it give and take is settled. */
const streetsBefore = 4
/** Until one has climbed the first steps of the ladder. */
const contractsFrom = '08:15'
const contractsBefore = 34
/** Until charts are drawn and the stream has said what there is. */
const settleMs = 1_500

type Order = {
  readonly folder: string
  readonly language: string
  readonly looks: readonly Look[]
  readonly wanted: readonly Picture[]
}

/** Takes those pictures of an order that this market can show. */
async function takePictures(at: string, order: Order): Promise<void> {
  // Passkeys belong to a name: at a bare address the pages say so, and little else.
  const url = byName(at)
  const browser = await browserOrWhy()
  if (typeof browser === 'string') throw new Error(browser)
  const kind = await kindOf(url)
  const interval = await lastSettled(url)
  const sessions = new Map<string, SampleSession>()
  try {
    for (const picture of order.wanted.filter((one) => one.in === kind)) {
      const { as } = picture
      if (as !== undefined && !sessions.has(as)) sessions.set(as, await sessionOf(url, as))
      const session = as === undefined ? undefined : sessions.get(as)
      const path = `${pathFor(picture, interval, session)}${picture.search ?? ''}`
      for (const look of order.looks) {
        const context = await contextOf(browser, { ...look, language: order.language })
        if (session !== undefined) await context.addCookies([session.cookie])
        const page = await context.newPage()
        await picture.prepare?.(page)
        await page.goto(`${url}${path}`)
        await drawn(page)
        await picture.open?.(page)
        await drawn(page)
        await page.evaluate(() => window.scrollTo(0, 0))
        await page.waitForTimeout(settleMs)
        const file = `${picture.name}-${look.size}-${look.scheme}.png`
        await page.screenshot({ path: join(order.folder, file), fullPage: true })
        console.log(file)
        await context.close()
      }
    }
  } finally {
    await browser.close()
  }
}

async function kindOf(url: string): Promise<SampleKind> {
  const { market } = await new BusbarClient({ baseUrl: url }).market()
  return market === 'inter-retailer' ? 'contracts' : 'auctions'
}

/** A market with something in it to see, while its pictures are taken. */
async function within(
  starting: Promise<SampleMarket>,
  use: (market: SampleMarket) => Promise<void>,
): Promise<void> {
  const market = await starting
  try {
    await use(market)
  } finally {
    await market.stop()
  }
}

async function takeAll(order: Order): Promise<void> {
  const isWanted = (kind: SampleKind): boolean => order.wanted.some((one) => one.in === kind)
  if (isWanted('auctions')) {
    console.log('Starting a market, and letting a morning pass …')
    await within(startSampleMarket(marketFrom, 60, []), async (market) => {
      await market.settled(intervalsBefore)
      await furnish(market.url, 'home-1')
      const streets = await addStreets(market.url)
      await market.settled(intervalsBefore + streetsBefore)
      await takePictures(market.url, order)
      await streets.stop()
    })
  }
  if (isWanted('contracts')) {
    console.log('Starting a market of contracts, until somebody has not paid …')
    await within(startTradeMarket(10, contractsFrom), async (market) => {
      await market.settled(contractsBefore)
      await takePictures(market.url, order)
    })
  }
}

function looksOf(size: string | undefined, scheme: string | undefined): readonly Look[] {
  const all = (Object.keys(sizes) as Look['size'][]).flatMap((one) =>
    (['light', 'dark'] as const).map((other) => ({ size: one, scheme: other })))
  return all.filter((look) =>
    (size ?? look.size) === look.size && (scheme ?? look.scheme) === look.scheme)
}

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string' },
      language: { type: 'string', default: 'en' },
      size: { type: 'string' },
      scheme: { type: 'string' },
    },
    allowPositionals: true,
  })
  const [folder, ...words] = positionals
  const { url, language, size, scheme } = values
  const looks = looksOf(size, scheme)
  const wanted = pictures.filter(({ name }) =>
    words.length === 0 || words.some((word) => name.includes(word)))
  if (folder === undefined || looks.length === 0 || wanted.length === 0) {
    throw new Error('usage: npm run screenshots -- FOLDER [NAME …] [--url URL] [--language de] ' +
      '[--size phone|desktop] [--scheme light|dark]')
  }
  await mkdir(folder, { recursive: true })
  const order = { folder: resolve(folder), language, looks, wanted }
  await (url === undefined ? takeAll(order) : takePictures(url, order))
}

await main(process.argv.slice(2))
