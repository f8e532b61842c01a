/**
 * `npm run screenshots`: pictures of every page, light and dark, on a phone and a desk, in
 * `.busbar/pictures` or a folder that is named; with words behind the folder of those whose names
 * hold one of the words. Without `--url` of a market that runs, those that are needed are started
 * and stopped.
 *
 *     npm run screenshots
 *     npm run screenshots -- pictures home retailer-trades --size phone --scheme dark
 *     npm run screenshots -- pictures --url http://127.0.0.1:8420 --language de
 *     npm run screenshots -- --readme
 */
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { BusbarClient } from '@busbar/client'
import { drawn } from '@busbar/dashboard/testing/barriers'
import {
  type Browser,
  browserOrWhy,
  contextOf,
  type Look,
  type Page,
  sizes,
} from '@busbar/dashboard/testing/browser'
import { lastSettled, pathFor, type SampleKind } from '@busbar/dashboard/testing/every-page'
import { inReadme, type Picture, pictures } from '@busbar/dashboard/testing/pictures'
import { furnish } from '@busbar/dashboard/testing/sample-account'
import {
  type SampleMarket,
  startSampleMarket,
  startTradeMarket,
} from '@busbar/dashboard/testing/sample-market'
import { type SampleSession, sessionOf } from '@busbar/dashboard/testing/sample-session'
import { addStreets } from '@busbar/dashboard/testing/sample-streets'
import { byName } from '@busbar/dashboard/testing/virtual-passkey'
import { repositoryRoot } from './rooms.ts'

/** What is made lies beside what markets keep, where git does not look. */
const ownFolder = join('.busbar', 'pictures')
const readmeFolder = join('docs', 'pictures')
const readmeScale = 0.75

/** Until half past eight: a night, a morning, and the first sun on the roofs. */
const marketFrom = '08:30'
const intervalsBefore = 102
/** Slowly, so that the day is not over before the last picture. */
const marketSpeed = 20
/** Until what the streets beside it give and take is settled. */
const streetsBefore = 4
/** Until one has climbed the first steps of the ladder. */
const contractsFrom = '09:00'
const contractsBefore = 37
/** Of the newest batch a proof may be on its way; and so long the others are waited for. */
const unprovenMost = 1
const provenWithinMs = 300_000
const lookMs = 2_000
/** Until charts are drawn and the stream has said what there is. */
const settleMs = 1_500

/** One picture to take, and how it is called. */
type Shot = {
  readonly picture: Picture
  readonly look: Look
  readonly file: string
  /** What a screen shows of the page before it is moved; else all of it. */
  readonly isScreen: boolean
}

type Order = {
  readonly folder: string
  readonly language: string
  readonly shots: readonly Shot[]
}

/** How much is done, as it goes on. */
type Tally = { taken: number }

/** A market that runs, and where it was started for this who was invited to it. */
type Shown = Pick<SampleMarket, 'url'> & Partial<Pick<SampleMarket, 'invitation'>>

/** Takes those pictures of an order that this market can show. */
async function takePictures(
  browser: Browser,
  shown: Shown,
  order: Order,
  tally: Tally,
): Promise<void> {
  // Passkeys belong to a name: at a bare address the pages say so, and little else.
  const url = byName(shown.url)
  const kind = await kindOf(url)
  const interval = await lastSettled(url)
  const sessions = new Map<string, SampleSession>()
  for (const shot of order.shots.filter(({ picture }) => picture.in === kind)) {
    const { as, invited } = shot.picture
    if (as !== undefined && !sessions.has(as)) sessions.set(as, await sessionOf(url, as))
    const session = as === undefined ? undefined : sessions.get(as)
    const path = `${pathFor(shot.picture, interval, session)}${shot.picture.search ?? ''}`
    const context = await contextOf(browser, { ...shot.look, language: order.language })
    if (session !== undefined) await context.addCookies([session.cookie])
    const link = invited === undefined ? undefined : await shown.invitation?.(invited)
    await take(await context.newPage(), link ?? `${url}${path}`, shot, order.folder)
    await context.close()
    tally.taken += 1
    console.log(`${tally.taken} of ${order.shots.length}  ${shot.file}`)
  }
}

async function take(page: Page, url: string, shot: Shot, folder: string): Promise<void> {
  const { picture, file, isScreen } = shot
  await picture.prepare?.(page)
  await page.goto(url)
  await drawn(page)
  await picture.open?.(page)
  await drawn(page)
  await page.evaluate(() => window.scrollTo(0, 0))
  await page.waitForTimeout(settleMs)
  if (!isScreen) await page.evaluate(footToFoot)
  await page.screenshot({ path: join(folder, file), fullPage: !isScreen })
}

/** What stands at the foot of a phone stands at the foot of the picture, and not across it. */
function footToFoot(): void {
  const [ways] = document.getElementsByClassName('tabs')
  if (!(ways instanceof HTMLElement) || getComputedStyle(ways).position !== 'fixed') return
  const below = document.documentElement.scrollHeight - window.innerHeight
  ways.style.transform = `translateY(${below}px)`
}

/** Until there are few batches whose proof is awaited, if that comes to be. */
async function untilProven(url: string): Promise<void> {
  const client = new BusbarClient({ baseUrl: url })
  const until = Date.now() + provenWithinMs
  for (;;) {
    const { proof } = await client.series({ points: 48 })
    const awaited = proof.filter((one) => one === 'awaited').length
    if (awaited <= unprovenMost || Date.now() > until) return
    await new Promise((resolve) => setTimeout(resolve, lookMs))
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

async function takeAll(browser: Browser, order: Order, tally: Tally): Promise<void> {
  const isWanted = (kind: SampleKind): boolean =>
    order.shots.some(({ picture }) => picture.in === kind)
  if (isWanted('auctions')) {
    console.log('Starting a market of auctions, and letting a morning pass …')
    await within(startSampleMarket(marketFrom, marketSpeed, []), async (market) => {
      await market.settled(intervalsBefore)
      await furnish(market.url, 'home-1')
      const streets = await addStreets(market.url)
      await market.settled(intervalsBefore + streetsBefore)
      console.log('Waiting for proofs …')
      await untilProven(market.url)
      await takePictures(browser, market, order, tally)
      await streets.stop()
    })
  }
  if (isWanted('contracts')) {
    console.log('Starting a market of contracts, until somebody has not paid …')
    await within(startTradeMarket(10, contractsFrom), async (market) => {
      await market.settled(contractsBefore)
      await takePictures(browser, market, order, tally)
    })
  }
}

function looksOf(size: string | undefined, scheme: string | undefined): readonly Look[] {
  const all = (Object.keys(sizes) as Look['size'][]).flatMap((one) =>
    (['light', 'dark'] as const).map((other) => ({ size: one, scheme: other })))
  return all.filter((look) =>
    (size ?? look.size) === look.size && (scheme ?? look.scheme) === look.scheme)
}

const shotsOf = (wanted: readonly Picture[], looks: readonly Look[]): readonly Shot[] =>
  wanted.flatMap((picture) => looks.map((look) => ({
    ...{ picture, look, isScreen: picture.isScreen === true },
    file: `${picture.name}-${look.size}-${look.scheme}.png`,
  })))

/** What the README shows: a screen of a desk each, small. */
const readmeShots = (): readonly Shot[] =>
  inReadme.map(({ file, name, scheme }) => {
    const picture = pictures.find((one) => one.name === name)
    if (picture === undefined) throw new Error(`no picture is called ${name}`)
    const look = { size: 'desktop', scheme, scale: readmeScale } as const
    return { picture, look, file, isScreen: true }
  })

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string' },
      language: { type: 'string', default: 'en' },
      size: { type: 'string' },
      scheme: { type: 'string' },
      readme: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
  const { url, language, size, scheme, readme } = values
  const home = readme ? readmeFolder : ownFolder
  const [folder = join(repositoryRoot, home), ...words] = positionals
  const wanted = pictures.filter(({ name }) =>
    words.length === 0 || words.some((word) => name.includes(word)))
  const shots = readme ? readmeShots() : shotsOf(wanted, looksOf(size, scheme))
  if (shots.length === 0) {
    throw new Error('usage: npm run screenshots -- [FOLDER [NAME …]] [--url URL] ' +
      '[--language de] [--size phone|desktop] [--scheme light|dark] [--readme]')
  }
  const browser = await browserOrWhy()
  if (typeof browser === 'string') throw new Error(browser)
  const order = { folder: resolve(folder), language, shots }
  const tally = { taken: 0 }
  await mkdir(order.folder, { recursive: true })
  try {
    if (url === undefined) await takeAll(browser, order, tally)
    else await takePictures(browser, { url }, order, tally)
  } finally {
    await browser.close()
  }
  console.log(`${tally.taken} pictures in ${order.folder}`)
}

await main(process.argv.slice(2))
