/** What a page asks the exchange for, and how much it is answered. */
import { routes } from '@busbar/protocols/api'
import type { Page, Request } from 'playwright-core'
import { drawn } from './barriers.ts'

export type Ask = {
  /** `GET /v1/series?points=36` */
  readonly name: string
  readonly atMs: number
  /** Of the answer; null of one that nobody waited for. */
  readonly status: number | null
  /** Of the answer, before anything is compressed. */
  readonly bytes: number
}

/** A page that is loaded while others are, on a machine that has more to do. */
export const inTimeMs = 60_000

export class Asked {
  readonly #page: Page
  #asks: Promise<Ask>[] = []
  readonly #underWay = new Map<Request, string>()
  #begun = 0

  /** Counts from now on; the stream of events is no request. */
  constructor(page: Page) {
    this.#page = page
    page.on('request', (request) => {
      if (isCounted(request)) this.#begin(request)
    })
    page.on('requestfinished', (request) => this.#underWay.delete(request))
    page.on('requestfailed', (request) => this.#underWay.delete(request))
  }

  #begin(request: Request): void {
    this.#begun += 1
    const name = nameOf(request)
    this.#underWay.set(request, name)
    this.#asks.push(answered(request, name))
  }

  /** Those that have no answer yet, by their names. */
  get underWay(): readonly string[] {
    return [...this.#underWay.values()]
  }

  /** Until the page shows what it asked for, hears the market, and asks for nothing more. */
  async settle(): Promise<void> {
    await this.#page.locator('.live .dot.good').waitFor({ timeout: inTimeMs })
    for (let quiet = 0; quiet < 2; ) {
      const begun = this.#begun
      await drawn(this.#page)
      await this.#page.evaluate(nothingToDo)
      quiet = this.#underWay.size === 0 && this.#begun === begun ? quiet + 1 : 0
    }
  }

  /** Until this is so, of a page that goes on by itself. */
  async until(isSo: () => boolean, what: string): Promise<void> {
    const before = performance.now()
    while (!isSo()) {
      const waiting = [...this.underWay].join('\n')
      if (performance.now() - before > inTimeMs) throw new Error(`${what}, not yet:\n${waiting}`)
      await this.#page.evaluate(nothingToDo)
    }
  }

  /** What was asked for since this was called last. */
  async take(): Promise<readonly Ask[]> {
    const asks = this.#asks
    this.#asks = []
    return Promise.all(asks)
  }
}

const nameOf = (request: Request): string => {
  const { pathname, search } = new URL(request.url())
  return `${request.method()} ${pathname}${search}`
}

function isCounted(request: Request): boolean {
  const { pathname } = new URL(request.url())
  return pathname.startsWith('/v1/') && pathname !== routes.stream.path
}

async function answered(request: Request, name: string): Promise<Ask> {
  const atMs = performance.now()
  const response = await request.response()
  // An answer that nobody waited for any more has no body.
  const body = await response?.body().catch(() => undefined)
  return { name, atMs, status: response?.status() ?? null, bytes: body?.length ?? 0 }
}

/** In the page: when all that waits for the next turn is done, and it is drawn. */
const nothingToDo = (): Promise<void> =>
  new Promise((resolve) => {
    requestAnimationFrame(() => requestIdleCallback(() => resolve(), { timeout: 1_000 }))
  })

/** What asks for itself as time goes by, and how often. */
export type ByClock = readonly (readonly [name: RegExp, everyMs: number])[]

/** Whether the client asks again by itself: who was busy may not be a moment later. */
const isTriedAgain = ({ status }: Ask): boolean => status === 429 || (status ?? 0) >= 500

/** Those that were asked for again; of what asks by the clock, before its time. */
export function askedAgain(asks: readonly Ask[], byClock: ByClock): readonly string[] {
  const last = new Map<string, Ask>()
  const again = new Set<string>()
  for (const ask of asks) {
    const before = last.get(ask.name)
    const [, everyMs = Infinity] = byClock.find(([name]) => name.test(ask.name)) ?? []
    const isEarly = before !== undefined && ask.atMs - before.atMs < everyMs * 0.9
    if (isEarly && !isTriedAgain(before)) again.add(ask.name)
    last.set(ask.name, ask)
  }
  return [...again]
}

export const bytesIn = (asks: readonly Ask[]): number =>
  asks.reduce((sum, { bytes }) => sum + bytes, 0)
