/**
 * The event stream between a market and a page, held by a test: a page is told what the test says,
 * when it says so, and what it asks for then is asked because of that.
 */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BusbarClient } from '@busbar/client'
import { routes, type StreamEvent } from '@busbar/protocols/api'
import type { Page } from 'playwright-core'
import { type Asked, inTimeMs } from './asked.ts'

/** As a market's stream begins: an id alone, without data, is no event. */
const beginning = 'retry: 1000\nid: held-0\n\n'

/** Has every page ask what market this is: what it makes old as well is read at the same time. */
const sign: StreamEvent = { name: 'committee_appointed', data: { fromInterval: 0 } }

export class HeldStream {
  readonly #page: Page
  readonly #readers = new Set<ServerResponse>()
  readonly #server = createServer((_request, response) => {
    this.#readers.add(response)
    response.once('close', () => this.#readers.delete(response))
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    response.write(beginning)
  })

  private constructor(page: Page) {
    this.#page = page
  }

  /** In the place of the market's; closed with the page's context. */
  static async before(page: Page): Promise<HeldStream> {
    const held = new HeldStream(page)
    const server = held.#server
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    page.context().on('close', () => {
      server.close()
      server.closeAllConnections()
    })
    const { port } = server.address() as AddressInfo
    const url = `http://127.0.0.1:${port}${routes.stream.path}`
    await page.route(`**${routes.stream.path}`, (route) => route.continue({ url }))
    return held
  }

  /** Until the page has asked for all that this makes old, and for what follows of the answers. */
  async tell(events: readonly StreamEvent[], asked: Asked): Promise<void> {
    await this.begin(events)
    await asked.settle()
  }

  /** Until the page has begun to ask. */
  async begin(events: readonly StreamEvent[]): Promise<void> {
    const heard = this.#page.waitForResponse(isMarket, { timeout: inTimeMs })
    this.#say([...events, sign])
    await heard
  }

  #say(events: readonly StreamEvent[]): void {
    const frames = events.map(({ name, data }) =>
      `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
    for (const reader of this.#readers) reader.write(frames.join(''))
  }
}

const isMarket = (response: { readonly url: () => string }): boolean =>
  new URL(response.url()).pathname === routes.market.path

/** What is asked for because of the sign. */
export const isSign = ({ name }: { readonly name: string }): boolean =>
  name === `GET ${routes.market.path}` || name === `GET ${routes.rulebooks.path}`

/** So many events are looked back at. */
const lookedBack = 3_000

/**
 * What a market has told everybody in its last intervals: of each interval its events from one gate
 * to the next, those of the same name together.
 */
export async function toldLately(
  url: string,
  intervals: number,
): Promise<readonly (readonly (readonly StreamEvent[])[])[]> {
  const client = new BusbarClient({ baseUrl: url })
  const ending = new AbortController()
  const { signal } = ending
  try {
    const newest = await firstOf(client.events({ signal }))
    const number = numberOf(newest)
    const from = `${newest.slice(0, newest.lastIndexOf('-'))}-${Math.max(0, number - lookedBack)}`
    const events: StreamEvent[] = []
    for await (const { id, event } of client.events({ signal, lastEventId: from })) {
      events.push(event)
      if (numberOf(id) >= number) break
    }
    const all = byGate(events.filter(({ name }) => name !== 'clock'))
    return all.slice(-intervals - 1, -1).map((own) => [
      ...Map.groupBy(own, ({ name }) => name).values(),
    ])
  } finally {
    ending.abort()
  }
}

/** Ids are `<epoch>-<number>`. */
const numberOf = (id: string): number => Number(id.slice(id.lastIndexOf('-') + 1))

async function firstOf(events: AsyncIterable<{ readonly id: string }>): Promise<string> {
  for await (const { id } of events) return id
  throw new Error('the stream has ended')
}

/** At a gate the orders of all zones are fixed. */
function byGate(events: readonly StreamEvent[]): readonly (readonly StreamEvent[])[] {
  const found: StreamEvent[][] = []
  let gate = -1
  for (const event of events) {
    if (event.name === 'orders_fixed' && event.data.interval > gate) {
      gate = event.data.interval
      found.push([])
    }
    found.at(-1)?.push(event)
  }
  return found
}
