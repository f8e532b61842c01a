/** The two markets that all pages are tried in, with somebody of each signed in to them. */
import { equal } from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import type { Look } from './browser.ts'
import { everyPage, lastSettled, pathFor, type PageRow, type SampleKind } from './every-page.ts'
import { type Opened, openAs } from './opened.ts'
import { type SampleMarket, startSampleMarket, startTradeMarket } from './sample-market.ts'
import { type SampleSession, sessionOf } from './sample-session.ts'

/** How many pages are looked at beside each other: most of the time they wait. */
const together = 4

type Each<Of> = Readonly<Record<SampleKind, Of>>

export class PageMarkets {
  readonly #markets: Each<SampleMarket>
  readonly #sessions: ReadonlyMap<string, SampleSession>
  readonly #settled: Each<number>

  private constructor(
    markets: Each<SampleMarket>,
    sessions: ReadonlyMap<string, SampleSession>,
    settled: Each<number>,
  ) {
    this.#markets = markets
    this.#sessions = sessions
    this.#settled = settled
  }

  /** When both have settled enough for every page to have something to show. */
  static async open(): Promise<PageMarkets> {
    const [auctions, contracts] = await Promise.all([
      startSampleMarket('01:00', 60),
      startTradeMarket(10),
    ])
    const markets = { auctions, contracts }
    await Promise.all([auctions.settled(6), contracts.settled(18)])
    const sessions = new Map<string, SampleSession>()
    for (const { as, in: where } of everyPage) {
      if (as === undefined || sessions.has(`${where}/${as}`)) continue
      sessions.set(`${where}/${as}`, await sessionOf(markets[where].url, as))
    }
    return new PageMarkets(markets, sessions, {
      auctions: await lastSettled(auctions.url),
      contracts: await lastSettled(contracts.url),
    })
  }

  urlOf({ in: where }: Pick<PageRow, 'in'>): string {
    return this.#markets[where].url
  }

  /** All who are signed in to the market of the row. */
  sessionsOf({ in: where }: Pick<PageRow, 'in'>): readonly SampleSession[] {
    return [...this.#sessions].filter(([key]) => key.startsWith(`${where}/`)).map(([, one]) => one)
  }

  sessionFor({ as, in: where }: PageRow): SampleSession | undefined {
    return as === undefined ? undefined : this.#sessions.get(`${where}/${as}`)
  }

  /** @param url where the market is reached by another way */
  addressOf(row: PageRow, url = this.urlOf(row)): string {
    return `${url}${pathFor(row, this.#settled[row.in], this.sessionFor(row))}`
  }

  /** Opens each row in a browser of its own, a few at a time, and names those that fail. */
  async each(
    browser: Browser,
    look: Partial<Look>,
    visit: (row: PageRow, opened: Opened) => Promise<void>,
    wanted: readonly PageRow[] = everyPage,
  ): Promise<void> {
    const waiting = [...wanted]
    const failures: string[] = []
    const work = async (): Promise<void> => {
      for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
        const opened = await openAs(browser, this.sessionFor(row), look)
        try {
          await visit(row, opened)
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error)
          failures.push(`${nameOf(row)}: ${reason.split('\n').slice(0, 12).join('\n  ')}`)
        }
        await opened.context.close()
      }
    }
    await Promise.all(Array.from({ length: together }, work))
    equal(failures.join('\n'), '')
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.#markets).map((market) => market.stop()))
  }
}

/** By what its failures are known. */
export const nameOf = ({ page, as = 'anybody', in: where }: PageRow): string =>
  `${page}, ${as}, ${where}`
