/**
 * `npm run screenshots -- FOLDER`: pictures of every page, light and dark, on a phone and a desk,
 * in a folder that is made. Without `--url` of a market that runs, one is started and stopped.
 *
 *     npm run screenshots -- pictures
 *     npm run screenshots -- pictures --url http://127.0.0.1:8420 --language de
 */
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { BusbarClient } from '@busbar/client'
import {
  browserOrWhy,
  contextOf,
  type Look,
  sizes,
} from '@busbar/dashboard/testing/browser'
import { startSampleMarket, startTradeMarket } from '@busbar/dashboard/testing/sample-market'
import { sessionOf } from '@busbar/dashboard/testing/sample-session'
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
const settleMs = 1_500

const looks: readonly Look[] = (Object.keys(sizes) as Look['size'][]).flatMap((size) =>
  (['light', 'dark'] as const).map((scheme) => ({ size, scheme })),
)

/** Pages by the name of their pictures, as somebody sees them. */
type Album = { readonly who: string; readonly pages: ReadonlyMap<string, string> }

/** What there is to see in a market: of people, or of companies where they trade by contract. */
async function albumsOf(url: string): Promise<readonly Album[]> {
  const client = new BusbarClient({ baseUrl: url })
  if ((await client.market()).market === 'inter-retailer') return companies
  const { account } = await sessionOf(url, 'home-1')
  const { interval, status } = await client.series({ points: 60 })
  const settled = interval[status.lastIndexOf('provisional')] ?? 0
  const home = new Map([
    ['market', '/'],
    ['market-week', '/?span=week'],
    ['intervals', '/intervals'],
    ['interval', `/intervals/0/${settled}`],
    ['home', '/home'],
    ['trading', '/trading'],
    ['notices', '/notices'],
    ['statement', '/why'],
    ['why', `/why/${account}/${settled}`],
    ['kpis', '/kpis'],
    ['developer', '/developer'],
    ['signin', '/signin'],
    ['account', '/account'],
  ])
  return [
    { who: 'home-1', pages: home },
    { who: 'auditor', pages: new Map([['audit', '/audit']]) },
    {
      who: 'operator',
      pages: new Map([
        ['operator', '/operator'],
        ['operator-participants', '/operator/participants'],
        ['operator-meters', '/operator/meters'],
        ['operator-rulebooks', '/operator/rulebooks'],
        ['operator-runs', '/operator/runs'],
      ]),
    },
  ]
}

const companies: readonly Album[] = [
  {
    who: 'retailer-north',
    pages: new Map([
      ['retailer', '/retailer'],
      ...['customers', 'trades', 'energy', 'check', 'agreements', 'defaults'].map(
        (part) => [`retailer-${part}`, `/retailer/${part}`] as const,
      ),
    ]),
  },
  { who: 'grid-north', pages: new Map([['utility', '/utility']]) },
]

async function takePictures(at: string, folder: string, language: string): Promise<void> {
  // Passkeys belong to a name: at a bare address the pages say so, and little else.
  const url = byName(at)
  const browser = await browserOrWhy()
  if (typeof browser === 'string') throw new Error(browser)
  try {
    for (const { who, pages } of await albumsOf(url)) {
      const { cookie } = await sessionOf(url, who)
      for (const look of looks) {
        const context = await contextOf(browser, { ...look, language })
        await context.addCookies([cookie])
        for (const [name, path] of pages) {
          const page = await context.newPage()
          await page.goto(`${url}${path}`)
          await page.locator('main h1').first().waitFor()
          await page.locator('.bone').first().waitFor({ state: 'detached' })
          await page.waitForTimeout(settleMs)
          const file = `${name}-${look.size}-${look.scheme}.png`
          await page.screenshot({ path: join(folder, file), fullPage: look.size === 'desktop' })
          console.log(file)
          await page.close()
        }
        await context.close()
      }
    }
  } finally {
    await browser.close()
  }
}

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { url: { type: 'string' }, language: { type: 'string', default: 'en' } },
    allowPositionals: true,
  })
  const [folder] = positionals
  if (folder === undefined) throw new Error('usage: npm run screenshots -- FOLDER [--url URL]')
  await mkdir(folder, { recursive: true })
  const { url, language } = values
  if (url !== undefined) {
    await takePictures(url, resolve(folder), language)
    return
  }
  console.log('Starting a market, and letting a morning pass …')
  const market = await startSampleMarket(marketFrom, 60, [])
  try {
    await market.settled(intervalsBefore)
    const streets = await addStreets(market.url)
    await market.settled(intervalsBefore + streetsBefore)
    await takePictures(market.url, resolve(folder), language)
    await streets.stop()
  } finally {
    await market.stop()
  }
  console.log('Starting a market of contracts, until somebody has not paid …')
  const contracts = await startTradeMarket(10, contractsFrom)
  try {
    await contracts.settled(contractsBefore)
    await takePictures(contracts.url, resolve(folder), language)
  } finally {
    await contracts.stop()
  }
}

await main(process.argv.slice(2))
