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
  Sealing,
  SignedOrder,
} from './exchange-port.ts'
import { companies, retailerMeter } from './market-plan.ts'
import { type KeptOrder, sealOrders } from './sealed-orders.ts'
import type { Tally } from './summary.ts'

/** How far back published prices are looked at. */
const recentMs = 12 * 3_600_000

/** So many traders open own fills of an interval, one after the other in turn, and so many each. */
const openedInTurn = 3
const openedByEach = 2

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
  readonly meterName: string
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
  const book =
    numbers.sealing === null
      ? openBook(options)
      : sealedBook({ ...options, sealing: numbers.sealing })
  let sent: readonly (readonly SentOrder[])[] = []
  let outcome: IntervalOutcome = nothingYet

  return {
    agents,
    async order(n) {
      const knowledge = knowledgeAt(n, district, options.tariffs, prices)
      const wishes = traders.map((trader) => ({ trader, intents: trader.decide(n, knowledge) }))
      sent = await book.send(first + n, wishes)
    },
    async takeFills(n) {
      const interval = first + n
      await book.beforeClearing(interval)
      outcome = await exchange.interval(interval)
      auditor.cleared({ interval, ...outcome })
      await book.afterClearing(interval, outcome)
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

/** What is kept of an order that was sent: by which name its fill will be published. */
type SentOrder = { readonly digest: string; readonly side: 'buy' | 'sell' }

type Wish = { readonly trader: Trader; readonly intents: readonly OrderIntent[] }

/** How orders reach the exchange, and what their owners do until they are filled. */
type Book = {
  /** What was sent for each wish, in their sequence. */
  readonly send: (
    interval: number,
    wishes: readonly Wish[],
  ) => Promise<readonly (readonly SentOrder[])[]>
  readonly beforeClearing: (interval: number) => Promise<void>
  readonly afterClearing: (interval: number, outcome: IntervalOutcome) => Promise<void>
}

type TradingOptions = Parameters<typeof createTrading>[0]

function openBook({ seed, numbers, exchange, auditor, tally }: TradingOptions): Book {
  return {
    async send(interval, wishes) {
      const sent = wishes.map(({ trader, intents }) =>
        intents.map((one, k): SignedOrder => {
          const id = seededId(seed, `order/${trader.name}/${interval}/${k}`)
          const { account, meter } = trader
          const order = { id, account, meter, interval, ...one }
          const digest = orderDigest(numbers.domain, order)
          return { ...order, digest: bytesToHex(digest), signature: trader.key.sign(digest) }
        }),
      )
      const orders = sent.flat()
      const answers = await exchange.submitOrders(orders)
      takeAnswers(tally, orders, answers, (order) => auditor.ordered(order))
      return sent
    },
    beforeClearing: () => Promise.resolve(),
    afterClearing: () => Promise.resolve(),
  }
}

function sealedBook(options: TradingOptions & { readonly sealing: Sealing }): Book {
  const { seed, plan, numbers, sealing, exchange, auditor, tally } = options
  let kept: readonly (readonly KeptOrder[])[] = []
  return {
    async send(interval, wishes) {
      const common = { seed, plan, numbers, sealing, interval }
      kept = wishes.map(({ trader, intents }) => sealOrders({ ...common, trader, intents }))
      const orders = kept.flat().map(({ order }) => order)
      const answers = await exchange.submitSealedOrders(orders)
      takeAnswers(tally, orders, answers, (order) => auditor.receipted(order))
      return kept.map((own) =>
        own.map(({ order, opening }) => ({ digest: order.commitment, side: opening.side })),
      )
    },
    async beforeClearing(interval) {
      if (plan.rulebook.orderBook !== 'sealed-reveal') return
      const openings = kept.flat().map(({ order: { commitment }, opening }) => {
        return { commitment, opening }
      })
      await exchange.reveal(interval, openings)
    },
    async afterClearing(interval, { sealedSet }) {
      tallyVoids(tally, sealedSet)
      const place = { ...sealing, interval }
      const turns = Math.ceil(kept.length / openedInTurn)
      for (const own of kept.filter((_, t) => t % turns === interval % turns)) {
        const [first] = own
        if (first === undefined) continue
        const asked = own.slice(0, openedByEach)
        const openings = new Map(asked.map((one) => [one.order.commitment, one.opening]))
        const { account } = first.order
        for (const fill of await exchange.ownFills(account, interval, [...openings.keys()])) {
          const opening = openings.get(fill.commitment)
          if (opening !== undefined) auditor.ownFill({ place, opening, ...fill })
        }
      }
    },
  }
}

function tallyVoids(tally: Tally, set: IntervalOutcome['sealedSet']): void {
  for (const { voidReason } of set?.orders ?? []) {
    if (voidReason !== null) count(tally.voids, voidReason)
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
    return { name, account, meter, meterName, key, ...does }
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

function takeAnswers<Order>(
  tally: Tally,
  orders: readonly Order[],
  answers: readonly Answer[],
  accepted: (order: Order) => void,
): void {
  orders.forEach((order, k) => {
    const answer = answers[k]
    tally.orders += 1
    if (answer?.kind === 'accepted') accepted(order)
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
