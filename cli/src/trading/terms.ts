import {
  cardIn,
  type ContractDraft,
  draftOf,
  type PartyCard,
  sidesOf,
  usualTerms,
} from '@busbar/client'
import type { BoardOffer, ContractTerms } from '@busbar/protocols/api'
import { buyerShortRules } from '@busbar/core/trades'
import { rails } from '@busbar/core/rulebook'
import { readFile } from 'node:fs/promises'
import type { Options, Values } from '../arguments.ts'
import { UsageError } from '../cli-error.ts'
import type { Desk } from '../desk/desk.ts'
import { basisPoints, micros, number, oneOf, wattHours } from '../desk/quantities.ts'
import { gateOf, momentOf, startOf, type Window, windowOf } from '../desk/times.ts'

/** What may be said of a contract; what is not said stays as it is, or has its default. */
export const termOptions = {
  sell: { type: 'boolean', means: 'you sell' },
  buy: { type: 'boolean', means: 'you buy' },
  with: { type: 'string', value: 'WHO', means: 'the other side: its card, a name or an account' },
  offer: { type: 'string', value: 'N', means: 'or the offer on the board that you answer' },
  meter: { type: 'string', value: 'N', means: 'your meter, where you have several' },
  'their-meter': { type: 'string', value: 'N', means: 'the other’s meter, without its card' },
  'their-retailer': { type: 'string', value: 'WHO', means: 'its retailer, without its card' },
  from: {
    type: 'string',
    value: 'TIME',
    means: 'when it begins: 2026-06-01T14:00Z, an interval, or +N from the next one on',
  },
  until: { type: 'string', value: 'TIME', means: 'when it ends, which is no longer part of it' },
  intervals: { type: 'string', value: 'N', means: 'or how many intervals it lasts' },
  energy: { type: 'string', value: 'E', means: 'of each interval, such as 500Wh or 0.5kWh' },
  total: { type: 'string', value: 'E', means: 'or of the whole window, evenly or by --weights' },
  weights: { type: 'string', value: 'LIST', means: 'a number for each interval: 1,2,2,1' },
  price: { type: 'string', value: 'P', means: 'a kilowatt-hour, such as 0.28' },
  tolerance: { type: 'string', value: 'P', means: 'the band without a penalty (default 10%)' },
  penalty: { type: 'string', value: 'P', means: 'of the price, beyond the band (default 10%)' },
  'buyer-short': {
    type: 'string',
    value: 'RULE',
    means: 'what a buyer pays that takes less: actual (default) or contracted',
  },
  'exit-fee': { type: 'string', value: 'M', means: 'either may leave for it; "none" (default)' },
  rail: { type: 'string', value: 'RAIL', means: 'how money goes (default the market’s first)' },
  platform: { type: 'string', value: 'WHO', means: 'a platform that is paid; "none" (default)' },
  'platform-fee': { type: 'string', value: 'P', means: 'a kilowatt-hour, to the platform' },
  expires: { type: 'string', value: 'TIME', means: 'until when it can be answered (the gate)' },
} as const satisfies Options

/** The side that sits at the desk. @throws UsageError where its meter is not clear */
export async function ownCard(desk: Desk, values: Values): Promise<PartyCard> {
  const { account, name } = desk.me
  const { meters, retailer } = await desk.client.account(account)
  if (retailer === null) throw new UsageError(`${name} has no retailer, so it has no contracts`)
  const named = values.text('meter')
  const own = meters.filter(({ kind }) => kind === 'physical').map(({ meter }) => meter)
  if (named === undefined && own.length > 1) {
    throw new UsageError(`--meter is missing: you have the meters ${own.join(', ')}`)
  }
  const meter = named === undefined ? own[0] : number(named, '--meter')
  if (meter === undefined) throw new UsageError(`${name} has no meter that is read`)
  return { account, name, meter, retailer }
}

/** The other side: of a card, or put together from the options. @throws UsageError */
async function otherCard(desk: Desk, values: Values): Promise<PartyCard> {
  const who = values.text('with')
  if (who === undefined) throw new UsageError('--with is missing: the other side, or an --offer')
  if (who.endsWith('.json')) {
    const card = cardIn(await readFile(who, 'utf8').catch(() => ''))
    if (card !== undefined) return card
    throw new UsageError(`--with: ${who} holds no card: account, meter, retailer and name as JSON`)
  }
  const { account, name } = await desk.people.find(who, '--with')
  const retailer = values.text('their-retailer')
  if (values.text('their-meter') === undefined || retailer === undefined) {
    const how = `ask ${name} for its card (busbar trade card)`
    throw new UsageError(`--their-meter and --their-retailer are missing; or ${how}`)
  }
  const meter = number(values.text('their-meter'), '--their-meter')
  const found = await desk.people.find(retailer, '--their-retailer')
  return { account, name, meter, retailer: found.account }
}

function sideOf(values: Values, instead?: 'sell' | 'buy'): 'sell' | 'buy' {
  const [sell, buy] = [values.flag('sell'), values.flag('buy')]
  if (sell && buy) throw new UsageError('--sell and --buy exclude each other')
  if (!sell && !buy && instead !== undefined) return instead
  if (!sell && !buy) throw new UsageError('--sell or --buy is missing: which side you are')
  return sell ? 'sell' : 'buy'
}

/** The terms of an invitation, from the options alone. @throws UsageError */
export async function invitation(desk: Desk, values: Values): Promise<ContractDraft> {
  const offer = values.text('offer')
  if (offer !== undefined) return await answerTo(desk, values, number(offer, '--offer'))
  const other = await otherCard(desk, values)
  const own = await ownCard(desk, values)
  const window = windowOf(values, desk.market, {})
  const price = values.text('price')
  if (price === undefined) throw new UsageError('--price is missing: of a kilowatt-hour')
  const [rail] = desk.market.rulebook.trades?.rails ?? []
  const start: ContractDraft = {
    ...sidesOf(sideOf(values), own, other),
    ...window,
    profile: profileOf(values, undefined),
    priceMicrosPerKwh: micros(price, '--price'),
    ...usual(desk),
    rail: rail ?? 'clearing-house',
    expiresAt: gateOf(desk.market, window.fromInterval),
  }
  return await changed(desk, values, start)
}

function usual({ market }: Desk) {
  const { toleranceBasisPoints, penaltyBasisPoints } = usualTerms(market)
  return {
    ...{ toleranceBasisPoints, penaltyBasisPoints, buyerShort: 'actual' as const },
    ...{ exitFeeMicros: null, platform: null, platformFeeMicrosPerKwh: 0 },
  }
}

/** An invitation to whom an offer on the board is of, on its terms unless others are said. */
async function answerTo(desk: Desk, values: Values, wanted: number): Promise<ContractDraft> {
  const page = await desk.client.trades.board({ from: wanted, limit: 1 })
  const found = page.offers.find(({ offer }) => offer === wanted)
  if (found === undefined) throw new UsageError(`--offer: ${wanted} is not on the board`)
  const { account, retailer, content } = found
  if (retailer === null) throw new UsageError(`--offer: account ${account} has no retailer`)
  const own = await ownCard(desk, values)
  const other = { account, retailer, meter: content.meter, name: '' }
  const { fromInterval, intervals, toleranceBasisPoints, penaltyBasisPoints } = content
  const window = windowOf(values, desk.market, { fromInterval, intervals })
  const side = sideOf(values, content.side === 'sell' ? 'buy' : 'sell')
  const start = draftOf(desk.market, side, own, other, {
    ...window,
    energyWhEach: content.energyWhPerInterval,
    priceMicrosPerKwh: await askedPrice(desk, values, found, own),
    ...{ toleranceBasisPoints, penaltyBasisPoints },
    rail: content.rails[0] ?? 'clearing-house',
    expiresAt: content.expiresAt,
  })
  return await changed(desk, values, start)
}

/** What the first step asks that everybody sees and that admits the reader. */
async function askedPrice(
  desk: Desk,
  values: Values,
  { content }: BoardOffer,
  own: PartyCard,
): Promise<number> {
  const price = values.text('price')
  if (price !== undefined) return micros(price, '--price')
  const { meters } = await desk.client.account(own.account)
  const zone = meters.find(({ meter }) => meter === own.meter)?.zone
  const step = content.ladder.find((one) => {
    return one.with === 'anyone' || (one.with === 'zone' && one.number === zone)
  })
  if (step !== undefined) return step.priceMicrosPerKwh
  throw new UsageError('--price is missing: no step of the offer is for your zone or for anyone')
}

/**
 * Other terms in the place of some: what no option names stays as it was.
 *
 * @throws UsageError for an option that is wrong, or that would name other parties
 */
export async function changed(
  desk: Desk,
  values: Values,
  before: ContractDraft,
): Promise<ContractDraft> {
  const said = <Value>(name: string, read: (text: string) => Value, instead: Value): Value => {
    const text = values.text(name)
    return text === undefined ? instead : read(text)
  }
  const platform = values.text('platform')
  const orNone = <Value>(text: string, read: () => Value): Value | null =>
    text === 'none' ? null : read()
  return {
    ...before,
    ...windowOf(values, desk.market, before),
    profile: profileOf(values, before.profile),
    priceMicrosPerKwh: said('price', (p) => micros(p, '--price'), before.priceMicrosPerKwh),
    toleranceBasisPoints: said(
      'tolerance', (p) => basisPoints(p, '--tolerance'), before.toleranceBasisPoints,
    ),
    penaltyBasisPoints: said(
      'penalty', (p) => basisPoints(p, '--penalty'), before.penaltyBasisPoints,
    ),
    buyerShort: said(
      'buyer-short', (rule) => oneOf(rule, buyerShortRules, '--buyer-short'), before.buyerShort,
    ),
    exitFeeMicros: said(
      'exit-fee', (fee) => orNone(fee, () => micros(fee, '--exit-fee')), before.exitFeeMicros,
    ),
    rail: said('rail', (rail) => oneOf(rail, rails, '--rail'), before.rail),
    platform: platform === undefined
      ? before.platform
      : platform === 'none' ? null : (await desk.people.find(platform, '--platform')).account,
    platformFeeMicrosPerKwh: said(
      'platform-fee', (fee) => micros(fee, '--platform-fee'), before.platformFeeMicrosPerKwh,
    ),
    expiresAt: said('expires', (time) => momentOf(time, '--expires'), before.expiresAt),
  }
}

type Profile = ContractTerms['profile']

function profileOf(values: Values, before: Profile | undefined): Profile {
  const [each, total] = [values.text('energy'), values.text('total')]
  const weights = values.text('weights')
  if (each !== undefined && total !== undefined) {
    throw new UsageError('--energy is of each interval and --total of all: one of them is enough')
  }
  if (total === undefined && weights !== undefined) {
    throw new UsageError('--weights spread a --total over the window')
  }
  if (each !== undefined) return { kind: 'per-interval', energyWh: wattHours(each, '--energy') }
  if (total !== undefined) {
    const spread = weights === undefined ? [] : weights.split(',')
    const energyWh = wattHours(total, '--total')
    return { kind: 'total', energyWh, weights: spread.map((one) => number(one, '--weights')) }
  }
  if (before !== undefined) return before
  throw new UsageError('--energy or --total is missing: how much')
}

/**
 * Until when a change can be answered: its gate or, of a window under way, its end.
 */
export function changeExpiry({ market }: Desk, { fromInterval, intervals }: Window): number {
  const gate = gateOf(market, fromInterval)
  return gate > market.clock.nowMs ? gate : startOf(market, fromInterval + intervals)
}
