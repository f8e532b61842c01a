import { pagesOf } from '@busbar/client'
import { rails } from '@busbar/core/rulebook'
import { type OfferContent, sources } from '@busbar/core/trades'
import type { BoardOffer } from '@busbar/protocols/api'
import type { Values } from '../arguments.ts'
import { UsageError } from '../cli-error.ts'
import { energy } from '../text.ts'
import {
  clientFor,
  type Desk,
  exactly,
  openDesk,
  People,
  required,
  say,
  type Task,
} from '../desk/desk.ts'
import { ladderText, parseLadder, resolveLadder } from './ladder.ts'
import { basisPoints, oneOf, wattHours } from '../desk/quantities.ts'
import { table } from '../desk/table.ts'
import { ownCard } from './terms.ts'
import { gateOf, intervalOf, momentOf, startOf, timeText, windowOf } from '../desk/times.ts'

/** Puts an offer on the board: it binds nobody, and is filled once. */
export const offer: Task = async (operands, values, output) => {
  exactly(operands, [])
  // What is written wrong is told before anybody is asked.
  const steps = parseLadder(required(values, 'ladder', 'with whom, and at which price'))
  const desk = await openDesk(values)
  const ladder = await resolveLadder(steps, {
    account: async (name) => (await desk.people.find(name, '--ladder')).account,
    zone: (zone) => zoneOf(desk, zone, '--ladder'),
  })
  const content = await contentOf(desk, values, ladder)
  const result = await desk.instruct('place_offer', content)
  if (result.kind !== 'offer_changed') throw new Error(`${result.kind} answers no offer`)
  const { offer: made, status } = result
  const what = content.side === 'sell' ? 'sells' : 'buys'
  const text = `Offer ${made} is on the board: it ${what} ${energy(content.energyWhPerInterval)} ` +
    `in each of ${content.intervals} intervals.
When another meets it, a contract is proposed that both of you sign:
  busbar trade list --as ${desk.me.name}
To take it off the board:
  busbar trade withdraw --offer ${made} --as ${desk.me.name}`
  return say(values, output, { offer: made, status, content }, text)
}

async function contentOf(
  desk: Desk,
  values: Values,
  ladder: OfferContent['ladder'],
): Promise<OfferContent> {
  const { meter } = await ownCard(desk, values)
  const [sell, buy] = [values.flag('sell'), values.flag('buy')]
  if (sell === buy) throw new UsageError('--sell or --buy: an offer is one of them')
  const window = windowOf(values, desk.market, {})
  const { trades } = desk.market.rulebook
  const wanted = values.text('rails')?.split(',').map((rail) => oneOf(rail, rails, '--rails'))
  const offered = trades?.rails.filter((rail) => rail !== 'bill-platform') ?? []
  const part = (name: string, instead: number): number => {
    const text = values.text(name)
    return text === undefined ? instead : basisPoints(text, `--${name}`)
  }
  const least = trades?.penaltyBasisPointsMin ?? 0
  const most = trades?.penaltyBasisPointsMax ?? 0
  const expires = values.text('expires')
  const source = values.text('source')
  return {
    meter,
    side: sell ? 'sell' : 'buy',
    source: source === undefined ? 'any' : oneOf(source, sources, '--source'),
    ...window,
    energyWhPerInterval: wattHours(required(values, 'energy', 'of each interval'), '--energy'),
    ladder,
    rails: wanted ?? offered.slice(0, 1),
    toleranceBasisPoints: part('tolerance', Math.min(1_000, trades?.toleranceBasisPointsMax ?? 0)),
    penaltyBasisPoints: part('penalty', Math.max(least, Math.min(1_000, most))),
    expiresAt: expires === undefined
      ? gateOf(desk.market, window.fromInterval)
      : momentOf(expires, '--expires'),
  }
}

/** A zone by name or number. @throws UsageError where none is called so */
export function zoneOf({ market }: Pick<Desk, 'market'>, text: string, what: string): number {
  const found = market.zones.find(({ zone, name }) =>
    /^\d+$/.test(text) ? zone === Number(text) : name === text,
  )
  if (found !== undefined) return found.zone
  const names = market.zones.map(({ zone, name }) => `${name} (${zone})`).join(', ')
  throw new UsageError(`${what} names the zone ${text}; the market has ${names || 'none'}`)
}

const sides = ['buy', 'sell'] as const

/** What anybody may see of standing offers; nobody has to say who they are. */
export const board: Task = async (operands, values, output) => {
  exactly(operands, [])
  const client = clientFor(values)
  const market = await client.market()
  const [side, zone, source] = ['side', 'zone', 'source'].map((name) => values.text(name))
  const at = values.text('at')
  const query = {
    ...(side === undefined ? {} : { side: oneOf(side, sides, '--side') }),
    ...(zone === undefined ? {} : { zone: zoneOf({ market }, zone, '--zone') }),
    ...(source === undefined ? {} : { source: oneOf(source, sources, '--source') }),
    ...(at === undefined ? {} : { interval: intervalOf(at, market, '--at') }),
  }
  const offers: BoardOffer[] = []
  for await (const page of pagesOf((each) => client.trades.board({ ...query, ...each }))) {
    offers.push(...page.offers)
  }
  const text = offers.length === 0
    ? 'Nothing is on the board that is for everybody to see.'
    : `${await offersText(market, new People(client), offers)}

To answer one: busbar trade propose --offer N --as WHO`
  return say(values, output, { offers }, text)
}

/** What one has on the board oneself, also what is for one person only. */
export const offers: Task = async (operands, values, output) => {
  exactly(operands, [])
  const { client, market, people, me } = await openDesk(values)
  const own: BoardOffer[] = []
  for await (const page of pagesOf((each) => client.trades.offers(me.account, each))) {
    own.push(...page.offers)
  }
  const text = own.length === 0
    ? 'You have nothing on the board.'
    : await offersText(market, people, own)
  return say(values, output, { account: me.account, offers: own }, text)
}

async function offersText(
  market: Desk['market'],
  people: People,
  found: readonly BoardOffer[],
): Promise<string> {
  const names = new Map<number, string>()
  for (const { content } of found) {
    for (const { with: kind, number } of content.ladder) {
      if (kind !== 'participant' || number === null) continue
      names.set(number, (await people.byNumber(number))?.name ?? `account:${number}`)
    }
  }
  const lines = await Promise.all(found.map(async ({ content, ...one }) => [
    String(one.offer), content.side, await people.label(one.account), String(one.zone),
    timeText(startOf(market, content.fromInterval)), String(content.intervals),
    energy(content.energyWhPerInterval), content.source,
    ladderText(content.ladder, (account) => names.get(account) ?? `account:${account}`),
    one.status,
  ]))
  const head = [
    'offer', 'side', 'of', 'zone', 'from', 'intervals', 'each', 'source', 'ladder', 'status',
  ]
  return table(head, lines)
}
