import { type BusbarClient, credentialOf } from '@busbar/client'
import {
  type FaultOptions,
  type LiveFaults,
  nothingBroken,
  planFaults,
} from '../meters/index.ts'
import { type Pace, PacedClock } from '../run/paced-clock.ts'
import { AuctionAgents } from './auction.ts'
import { offer, signMatches } from './board.ts'
import { castOf, type MarketRules } from './cast.ts'
import { Corrections } from './corrections.ts'
import { type Deal, Dealings, type World } from './dealings.ts'
import { Enforcement } from './enforcement.ts'
import { type HomeTelemetry, homeTelemetry } from './home-telemetry.ts'
import type { Homes } from './homes.ts'
import { MeterData } from './meter-data.ts'
import { TradeObserver } from './observer.ts'
import type { RailHouses } from './rail-houses.ts'
import { Postponements } from './postponements.ts'
import type { SecondPerson } from './second-person.ts'
import { setUp, Voices } from './set-up.ts'
import { summaryOf, type TradeDaySummary } from './trade-summary.ts'

export type TradeDayOptions = Pace & {
  /** Of a server with a manual clock: this run moves its time. */
  readonly client: BusbarClient
  readonly homes: Homes
  readonly seed: number
  readonly faults: FaultOptions
  /** Where the money of rails outside of the ledger is. */
  readonly houses: RailHouses
  readonly rules?: MarketRules | undefined
  /** Where the rules want two people. */
  readonly second?: SecondPerson
  /** What somebody has broken for a while, in a market that is looked at. */
  readonly live?: () => Promise<LiveFaults>
  /** Whether gateways say what the devices behind their meters do: homes are shown it. */
  readonly hasDevices?: boolean
}

/** How often retailers look for what they were asked, and what is not paid. */
const lookEvery = 4

/**
 * Customers of different retailers trade through an exchange, from their invitations to the money
 * and, where it does not come, to the end of the ladder. Everything that is sent depends on the
 * options alone.
 *
 * @throws Error when the exchange refuses what this market needs
 */
export async function runTradeDay(
  options: TradeDayOptions,
  progress: (interval: number) => void = () => undefined,
): Promise<TradeDaySummary> {
  const run = await TradeRun.open(options)
  const { intervals } = options.homes
  await run.begin()
  for (let n = 0; n <= intervals; n += 1) {
    await run.interval(n)
    progress(n)
  }
  return run.end()
}

class TradeRun {
  readonly #options: TradeDayOptions
  readonly #clock: PacedClock
  readonly #world: World
  readonly #observer: TradeObserver
  readonly #dealings: Dealings
  readonly #enforcement: Enforcement
  readonly #postponements: Postponements
  readonly #auction: AuctionAgents
  readonly #meters: MeterData
  readonly #corrections: Corrections
  readonly #telemetry: HomeTelemetry | undefined
  #matched = 0

  private constructor(
    options: TradeDayOptions,
    clock: PacedClock,
    world: World,
    observer: TradeObserver,
  ) {
    this.#options = options
    this.#clock = clock
    this.#world = world
    this.#observer = observer
    this.#dealings = new Dealings(world)
    this.#enforcement = new Enforcement(world, this.#dealings)
    this.#postponements = new Postponements(world, this.#dealings)
    this.#auction = new AuctionAgents(world, this.#dealings, observer)
    const { homes, cast, numbers, seed } = world
    this.#meters = new MeterData(options.client, {
      ...{ seed, homes, numbers, first: cast.first, hear: observer.read },
      faults: planFaults(seed, options.faults),
      retailerOf: cast.homes.map(({ retailer }) => retailer),
    })
    this.#corrections = new Corrections(world, this.#meters, observer)
    this.#telemetry = options.hasDevices === true ? homeTelemetry(world) : undefined
  }

  /** Everything that has to stand before the first contract. */
  static async open(options: TradeDayOptions): Promise<TradeRun> {
    const { client, homes, seed, houses, rules } = options
    const cast = castOf(homes, seed, rules)
    const domain = await client.domain()
    const voices = new Voices(client, seed, domain, cast)
    const readers = new Map<string, BusbarClient>()
    const readingAs = (name: string): BusbarClient => {
      const reader = readers.get(name) ?? client.as(credentialOf(voices.signer(name)))
      readers.set(name, reader)
      return reader
    }
    const clock = new PacedClock({ ...options, before: (nowMs) => houses.advance(nowMs) })
    await clock.start()
    await houses.admit(homes)
    const auditor = readingAs('auditor')
    const numbers = await setUp({ client, auditor, seed, homes, cast, domain }, voices)
    await options.second?.join()
    const observer = new TradeObserver(auditor, cast, numbers)
    const { charged, limited } = observer
    const nowMs = (): number => clock.nowMs
    const told = { charged, limited, nowMs, second: options.second }
    const world = { client, readingAs, seed, homes, cast, numbers, voices, ...told }
    return new TradeRun(options, clock, world, observer)
  }

  /** Before the first gate: invitations, ladders that meet, and orders for the auction. */
  async begin(): Promise<void> {
    const { homes, cast } = this.#world
    const until = Math.min(homes.intervals, cast.cycle > 24 ? cast.cycle : homes.intervals)
    await this.#dealings.invite(0, until)
    await this.#dealings.decline()
    await offer(this.#world, this.#dealings, until)
    await this.#advance(this.#clock.nowMs)
    this.#matched = await signMatches(this.#world, this.#dealings)
    await this.#auction.grant()
    await this.#auction.order(0)
  }

  /** What happens at the boundary that begins the `n`th interval. */
  async interval(n: number): Promise<void> {
    const { homes, cast } = this.#world
    const { intervals, intervalMs, startMs } = homes
    const atMs = startMs + n * intervalMs
    this.#corrections.plan(n)
    await this.#advance(atMs)
    if (n + 1 < intervals) await this.#auction.order(n + 1)
    if (n < intervals) await this.#happen(n)
    const broken = await this.#broken()
    await this.#telemetry?.send(n, broken.isSilent)
    await this.#meters.send(n, broken)
    await this.#corrections.make(n, () => this.#advance(atMs))
    if (n % lookEvery === 0) await this.#look()
    await this.#postponements.look()
    await this.#invite(n)
    await this.#advance(atMs)
    // By then finals are in, and nobody corrects anything any more.
    if (n % cast.cycle === 0 && cast.cycle > 24) {
      await this.#observer.check(cast.first + Math.max(0, n - 2 * cast.cycle))
    }
  }

  /** Until all that was delivered is paid, or its debtor has climbed the ladder. */
  async end(): Promise<TradeDaySummary> {
    const { homes, cast } = this.#world
    const { intervals, intervalMs, startMs } = homes
    const { cycle } = cast
    await this.#options.houses.behave()
    // Step by step, as money is asked for and deadlines pass; of days, a few steps a day.
    const step = Math.max(1, Math.floor(cycle / 8))
    for (let n = intervals + step; n <= intervals + 5 * cycle; n += step) {
      await this.#advance(startMs + n * intervalMs)
      await this.#meters.arrive(n, await this.#broken())
      await this.#look()
      await this.#postponements.look()
      await this.#advance(startMs + n * intervalMs)
      // Nothing of an interval changes any more, and the exchange has not forgotten it yet.
      if (n >= intervals + 2 * cycle) await this.#observer.check(cast.first + intervals)
    }
    const { houses } = this.#options
    const [outside, banked] = [await houses.balances(), await houses.banked()]
    const recovered = this.#enforcement.recoveredMicros
    const audit = await this.#observer.report({ outside, banked, recovered })
    return summaryOf({
      homes,
      trades: [...this.#observer.trades.values()],
      dealings: this.#dealings,
      matched: this.#matched,
      meters: this.#meters,
      enforcement: this.#enforcement,
      postponements: this.#postponements,
      corrections: this.#corrections.made,
      audit,
    })
  }

  #broken = async (): Promise<LiveFaults> => (await this.#options.live?.()) ?? nothingBroken

  #advance = (atMs: number): Promise<void> => this.#clock.advanceTo(atMs)

  async #look(): Promise<void> {
    await this.#meters.answer(this.#world.readingAs)
    await this.#enforcement.look()
  }

  /** The contracts of the next cycle, before its first gate. */
  async #invite(n: number): Promise<void> {
    const { homes, cast } = this.#world
    const next = n + 2
    if (cast.cycle <= 24 || next % cast.cycle !== 0 || next >= homes.intervals) return
    await this.#dealings.invite(next, Math.min(homes.intervals, next + cast.cycle))
  }

  /** What happens during delivery: a limit, a change, and one who leaves. */
  async #happen(n: number): Promise<void> {
    const { cycle } = this.#world.cast
    const dealings = this.#dealings
    const by = (rail: string): Deal | undefined =>
      dealings.deals.find(({ terms }) => terms.rail === rail)
    const at = cycle > 24 ? [0.4, 0.45, 0.55].map((part) => Math.floor(part * cycle)) : [1, 2, 3]
    const place = at.indexOf(n % cycle)
    if (place < 0 || (cycle <= 24 && n >= cycle)) return
    const deal = by((['prepaid', 'money-block', 'clearing-house'] as const)[place] ?? '')
    if (deal === undefined || dealings.left(deal, n) < 2) return
    if (place === 0) await dealings.limit(deal, n, 15)
    if (place === 1) await dealings.change(deal, 45)
    if (place === 2) await dealings.exit(deal)
  }
}
