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
import { startSampleMarket } from '@busbar/dashboard/testing/sample-market'
import { sessionOf } from '@busbar/dashboard/testing/sample-session'
import { addStreets } from '@busbar/dashboard/testing/sample-streets'

/** Until half past ten: a night, a morning, and sun on the roofs. */
const marketFrom = '10:30'
const intervalsBefore = 126
/** Until what the streets beside it give and take is settled. */
const streetsBefore = 4
const settleMs = 1_500

const looks: readonly Look[] = (Object.keys(sizes) as Look['size'][]).flatMap((size) =>
  (['light', 'dark'] as const).map((scheme) => ({ size, scheme })),
)

async function pagesOf(url: string, account: number): Promise<ReadonlyMap<string, string>> {
  const { interval, status } = await new BusbarClient({ baseUrl: url }).series({ points: 60 })
  const settled = interval[status.lastIndexOf('provisional')] ?? 0
  return new Map([
    ['market', '/'],
    ['market-week', '/?span=week'],
    ['intervals', '/intervals'],
    ['interval', `/intervals/0/${settled}`],
    ['statement', '/why'],
    ['why', `/why/${account}/${settled}`],
    ['audit', '/audit'],
    ['kpis', '/kpis'],
    ['developer', '/developer'],
    ['operator', '/operator'],
    ['operator-participants', '/operator/participants'],
    ['operator-rulebooks', '/operator/rulebooks'],
    ['operator-runs', '/operator/runs'],
    ['signin', '/signin'],
    ['account', '/account'],
  ])
}

async function takePictures(url: string, folder: string, language: string): Promise<void> {
  const browser = await browserOrWhy()
  if (typeof browser === 'string') throw new Error(browser)
  const [home, operator] = await Promise.all([
    sessionOf(url, 'home-1'), sessionOf(url, 'operator'),
  ])
  const paths = await pagesOf(url, home.account)
  try {
    for (const look of looks) {
      const context = await contextOf(browser, { ...look, language })
      for (const [name, path] of paths) {
        await context.addCookies([name.startsWith('operator') ? operator.cookie : home.cookie])
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
}

await main(process.argv.slice(2))
