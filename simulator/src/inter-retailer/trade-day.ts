import { type BusbarClient, credentialOf } from '@busbar/client'
import type { PartyTrade } from '@busbar/protocols/api'
import { type FaultOptions, planFaults } from '../meters/index.ts'
import { castOf } from './cast.ts'
import { Dealings } from './dealings.ts'
import type { Homes } from './homes.ts'
import { MeterData } from './meter-data.ts'
import { setUp, Voices } from './set-up.ts'

export type TradeDayOptions = {
  /** Of a server with a manual clock: this run moves its time. */
  readonly client: BusbarClient
  readonly homes: Homes
  readonly seed: number
  readonly faults: FaultOptions
}

export type TradeDaySummary = {
  readonly source: string
  readonly homes: number
  readonly intervals: number
  readonly byStatus: Readonly<Record<string, number>>
  readonly declined: number
  readonly matched: number
  readonly contractedWh: number
  readonly obligedWh: number
  readonly deliveredWh: number
  readonly complete: number
  readonly partial: number
  readonly failed: number
  readonly byRail: Readonly<Record<string, { readonly buyers: number; readonly sellers: number }>>
  readonly readings: Readonly<Record<string, number>>
  readonly answeredReadings: number
}

/** How often retailers look for what they were asked. */
const cycle = 4

/**
 * Customers of different retailers trade through an exchange, from their invitations to the money,
 * as fast as the exchange goes. Everything that is sent depends on the options alone.
 *
 * @throws Error when the exchange refuses what this market needs
 */
export async function runTradeDay(
  options: TradeDayOptions,
  progress: (interval: number) => void = () => undefined,
): Promise<TradeDaySummary> {
  const { client, homes, seed } = options
  const cast = castOf(homes, seed)
  const domain = await client.domain()
  const voices = new Voices(client, seed, domain, cast)
  const readers = new Map<string, BusbarClient>()
  const readingAs = (name: string): BusbarClient => {
    const reader = readers.get(name) ?? client.as(credentialOf(voices.signer(name)))
    readers.set(name, reader)
    return reader
  }
  const auditor = readingAs('auditor')
  const numbers = await setUp({ client, auditor, seed, homes, cast, domain }, voices)
  const dealings = new Dealings({ client, readingAs, seed, homes, cast, numbers, voices })
  const meters = new MeterData(client, {
    ...{ seed, homes, numbers, first: cast.first },
    faults: planFaults(seed, options.faults),
    retailerOf: cast.homes.map(({ retailer }) => retailer),
  })

  await dealings.invite()
  await dealings.offer()
  await client.setClock((await client.market()).clock.nowMs)
  const matched = await dealings.signMatches()
  const { intervals, intervalMs, startMs } = homes
  for (let n = 0; n <= intervals; n += 1) {
    await client.setClock(startMs + n * intervalMs)
    if (n < intervals) await happen(dealings, cast.first, n)
    await meters.send(n)
    if (n === 3) await meters.correct(1, 2, 20)
    if (n % cycle === 0) await meters.answer(readingAs)
    await client.setClock(startMs + n * intervalMs)
    progress(n)
  }
  const { readingDeadlineSeconds } = cast.rulebook
  // What is still on its way arrives in the hour that is left until the deadline.
  for (let n = intervals + 1; n <= intervals + 3; n += 1) {
    await client.setClock(startMs + n * intervalMs)
    await meters.send(n)
    await meters.answer(readingAs)
  }
  await client.setClock(startMs + intervals * intervalMs + readingDeadlineSeconds * 1_000)
  const trades = await allTrades(auditor)
  return {
    ...{ source: homes.source, homes: homes.names.length, intervals, matched },
    declined: dealings.declined,
    ...figuresOf(trades),
    readings: Object.fromEntries([...meters.outcomes].sort(([a], [b]) => (a < b ? -1 : 1))),
    answeredReadings: meters.answered,
  }
}

/** What happens during delivery: limits, a change, and one who leaves. */
async function happen(dealings: Dealings, first: number, n: number): Promise<void> {
  const [one, two, three] = dealings.deals
  const left = (one?.terms.fromInterval ?? 0) + (one?.terms.intervals ?? 0) - first - n
  if (n === 1 && two !== undefined && left > 4) await dealings.limit(two, first + n + 1, 2, 15)
  if (n === 3 && one !== undefined && left > 2) await dealings.change(one, 45)
  if (n === 5 && three !== undefined && left > 2) await dealings.exit(three)
}

async function allTrades(reader: BusbarClient): Promise<readonly PartyTrade[]> {
  const all: PartyTrade[] = []
  for (let from: number | null = 0; from !== null; ) {
    const page = await reader.trades.list({ from, limit: 100 })
    for (const trade of page.trades) if (trade.relation === 'party') all.push(trade)
    from = page.nextFrom
  }
  return all
}

function figuresOf(trades: readonly PartyTrade[]) {
  const sum = (pick: (totals: PartyTrade['totals']) => number): number =>
    trades.reduce((all, { totals }) => all + pick(totals), 0)
  const byStatus: Record<string, number> = {}
  const byRail: Record<string, { buyers: number; sellers: number }> = {}
  for (const { status, versions, totals } of trades) {
    byStatus[status] = (byStatus[status] ?? 0) + 1
    const rail = versions.at(-1)?.terms.rail
    if (rail === undefined) continue
    const money = byRail[rail] ?? { buyers: 0, sellers: 0 }
    byRail[rail] = {
      buyers: money.buyers + totals.buyerMicros,
      sellers: money.sellers + totals.sellerMicros,
    }
  }
  return {
    byStatus,
    byRail,
    contractedWh: sum(({ contractedWh }) => contractedWh),
    obligedWh: sum(({ obligedWh }) => obligedWh),
    deliveredWh: sum(({ deliveredWh }) => deliveredWh),
    complete: sum(({ complete }) => complete),
    partial: sum(({ partial }) => partial),
    failed: sum(({ failed }) => failed),
  }
}
