import type { Rulebook } from '@busbar/core/rulebook'
import { orderDigest } from '@busbar/protocols/eip712'
import { bytesToHex } from '@busbar/protocols/hash'
import {
  createRetailerAgent,
  createSiteAgent,
  type Flow,
  type Knowledge,
  type OrderIntent,
  quartiles,
  type SiteAgent,
  tariffAt,
  type TariffChange,
} from '../agents/index.ts'
import type { Auditor } from '../auditor/index.ts'
import { type Key, seededId } from '../meters/index.ts'
import type { District, Site } from '../scenario/index.ts'
import type {
  Answer,
  Exchange,
  IntervalOutcome,
  MarketNumbers,
  MarketPlan,
  SignedOrder,
} from './exchange-port.ts'
import { companies, retailerMeter } from './market-plan.ts'
import type { Tally } from './summary.ts'

/** How far back published prices are looked at. */
const recentMs = 12 * 3_600_000

export type Trading = {
  readonly agents: readonly SiteAgent[]
  /** Asks every agent for its orders for interval `n` of the day, signs and sends them. */
  readonly order: (n: number) => Promise<void>
  /** Reads what interval `n` cleared at, and tells every agent what it got. */
  readonly takeFills: (n: number) => Promise<void>
  /** Tells the retailer what its customers did. */
  readonly observe: (n: number, flows: readonly Flow[]) => void
  readonly last: () => IntervalOutcome
}

/** One who sends orders, and through which meter. */
type Trader = {
  readonly name: string
  readonly account: number
  readonly meter: number
  readonly key: Key
  readonly decide: (n: number, knowledge: Knowledge) => readonly OrderIntent[]
  readonly filled: (n: number, filledWh: readonly number[]) => void
}

export function createTrading(options: {
  readonly district: District
  readonly seed: number
  readonly plan: MarketPlan
  readonly tariffs: readonly TariffChange[]
  readonly rulebook: Rulebook
  readonly exchange: Exchange
  readonly auditor: Auditor
  readonly numbers: MarketNumbers
  readonly first: number
  readonly tally: Tally
}): Trading {
  const { district, seed, plan, rulebook, exchange, auditor, numbers, first, tally } = options
  const agents = district.sites.map((site) =>
    createSiteAgent({ site, seed, intervalMs: district.intervalMs, rules: rulebook }),
  )
  const retailer = createRetailerAgent({ rules: rulebook, ...connections(district) })
  const traders = tradersOf(plan, numbers, district, agents, retailer.decide)
  const prices: (number | null)[] = []
  let sent: (readonly SignedOrder[])[] = []
  let outcome: IntervalOutcome = nothingYet

  return {
    agents,
    async order(n) {
      const knowledge = knowledgeAt(n, district, options.tariffs, prices)
      const interval = first + n
      sent = traders.map((trader) =>
        trader.decide(n, knowledge).map((one, k): SignedOrder => {
          const id = seededId(seed, `order/${trader.name}/${interval}/${k}`)
          const { account, meter } = trader
          const order = { id, account, meter, interval, ...one }
          const digest = orderDigest(numbers.domain, order)
          return { ...order, digest: bytesToHex(digest), signature: trader.key.sign(digest) }
        }),
      )
      const orders = sent.flat()
      takeAnswers(tally, auditor, orders, await exchange.submitOrders(orders))
    },
    async takeFills(n) {
      const interval = first + n
      outcome = await exchange.interval(interval)
      auditor.cleared({ interval, ...outcome })
      prices.push(outcome.priceMicrosPerKwh)
      const filled = new Map(outcome.fills.map((fill) => [fill.digest, fill.energyWh]))
      tallyFills(tally, outcome)
      traders.forEach((trader, t) => {
        const orders = sent[t] ?? []
        const energies = orders.map((order) => filled.get(order.digest) ?? 0)
        trader.filled(n, energies)
        const net = orders.reduce(
          (sum, order, k) => sum + (order.side === 'sell' ? 1 : -1) * (energies[k] ?? 0),
          0,
        )
        if (net !== 0) tally.contracted.set(`${trader.name}/${n}`, net)
      })
    },
    observe(_n, flows) {
      const sum = (pick: (flow: Flow) => number): number =>
        flows.reduce((total, flow) => total + pick(flow), 0)
      retailer.observe({
        importWh: sum((flow) => flow.importWh),
        exportWh: sum((flow) => flow.exportWh),
      })
    },
    last: () => outcome,
  }
}

const nothingYet: IntervalOutcome = {
  priceMicrosPerKwh: null,
  energyWh: 0,
  fills: [],
}

/** What is public when interval `n` of the day is ordered for. */
function knowledgeAt(
  n: number,
  district: District,
  tariffs: readonly TariffChange[],
  prices: readonly (number | null)[],
): Knowledge {
  const recent = prices
    .slice(-Math.floor(recentMs / district.intervalMs))
    .filter((price) => price !== null)
  const isWholesale = district.priceKind === 'wholesale' && n >= 2
  return {
    tariff: (k) => tariffAt(tariffs, k),
    intervals: district.intervals,
    lastPriceMicrosPerKwh: recent.at(-1) ?? null,
    recentPrices: quartiles(recent),
    wholesaleMicrosPerKwh: isWholesale ? (district.series.priceMicrosPerKwh[n - 2] ?? null) : null,
  }
}

/** All sites' connections together, per interval. */
function connections(district: District): { importMaxWh: number; exportMaxWh: number } {
  const energy = (watts: (site: Site) => number): number =>
    district.sites.reduce(
      (sum, site) => sum + Math.floor((watts(site) * district.intervalMs) / 3_600_000),
      0,
    )
  return {
    importMaxWh: energy((site) => site.maxImportW),
    exportMaxWh: energy((site) => site.maxExportW),
  }
}

function tradersOf(
  plan: MarketPlan,
  numbers: MarketNumbers,
  district: District,
  agents: readonly SiteAgent[],
  retailerDecides: Trader['decide'],
): readonly Trader[] {
  const keys = new Map(plan.participants.map(({ name, key }) => [name, key]))
  const trader = (name: string, meterName: string, does: Pick<Trader, 'decide' | 'filled'>) => {
    const account = numbers.accounts.get(name)
    const meter = numbers.meters.get(meterName)
    const key = keys.get(name)
    if (account === undefined || meter === undefined || key === undefined) {
      throw new RangeError(`${name} has no account or no meter`)
    }
    return { name, account, meter, key, ...does }
  }
  return [
    trader(companies.retailer, retailerMeter, {
      decide: retailerDecides,
      filled: () => undefined,
    }),
    ...district.sites.flatMap(({ name }, i) => {
      const agent = agents[i]
      return agent === undefined ? [] : [trader(name, name, agent)]
    }),
  ]
}

function takeAnswers(
  tally: Tally,
  auditor: Auditor,
  orders: readonly SignedOrder[],
  answers: readonly Answer[],
): void {
  orders.forEach((order, k) => {
    const answer = answers[k]
    tally.orders += 1
    if (answer?.kind === 'accepted') auditor.ordered(order)
    else count(tally.rejections, answer?.reason ?? 'unanswered')
  })
}

function tallyFills(tally: Tally, outcome: IntervalOutcome): void {
  tally.ordersFilled += outcome.fills.length
  if (outcome.priceMicrosPerKwh === null) return
  tally.tradedIntervals += 1
  tally.tradedWh += outcome.energyWh
  tally.paidMicros += (outcome.priceMicrosPerKwh * outcome.energyWh) / 1_000
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
