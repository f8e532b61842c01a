import { type BusbarClient, pagesOf } from '@busbar/client'
import type { PartyTrade } from '@busbar/protocols/api'
import {
  type Auditor,
  createAuditor,
  type Difference,
  type ObservedCharge,
  type ObservedLimit,
  type ObservedOrder,
  type ObservedReading,
  type PublishedDeclaration,
  type PublishedDelivery,
  TradeAuditor,
  type TradeAuditReport,
} from '../auditor/index.ts'
import { auctionZone } from './auction.ts'
import { auditTerms, tradeAuditTerms } from './audit-terms.ts'
import { type Cast, retailers } from './cast.ts'
import { positionsOf, type Purses } from './positions.ts'
import type { Numbers } from './set-up.ts'

/** How much of an auction and of trades was compared, and what differs. */
export type Audit = Omit<TradeAuditReport, 'money' | 'sinks'> & {
  readonly sinks: {
    readonly exportedWh: number
    readonly importedWh: number
    readonly soldWh: number
    readonly boughtWh: number
  }
  /** What the banks of retailers have still to move, by what their customers' balances say. */
  readonly openNettingMicros: Readonly<Record<string, number>>
}

/** Gives the auditor what is published, as it is published, before the exchange forgets it. */
export class TradeObserver {
  /** As they were seen last: the exchange forgets trades that are over. */
  readonly trades = new Map<number, PartyTrade>()
  readonly #reader: BusbarClient
  readonly #cast: Cast
  readonly #numbers: Numbers
  readonly #auditor: Auditor
  readonly #books: TradeAuditor
  /** Contracts of each trade that the auditor was told of. */
  readonly #known = new Map<number, number>()
  readonly #nets = new Map<number, ReadonlyMap<number, bigint>>()
  readonly #ordered = new Set<number>()
  #next: number

  /** @param reader with the key of the market's auditor */
  constructor(reader: BusbarClient, cast: Cast, numbers: Numbers) {
    this.#reader = reader
    this.#cast = cast
    this.#numbers = numbers
    this.#next = cast.first
    const tradedOf = (meter: number, interval: number) => this.#books.tradedOf(meter, interval)
    this.#auditor = createAuditor({ ...auditTerms(cast, numbers), tradedOf })
    const { energies, auctionIn } = this.#auditor
    this.#books = new TradeAuditor(tradeAuditTerms(cast, numbers), energies, auctionIn)
  }

  read = (reading: ObservedReading, answer: string): void => this.#auditor.read(reading, answer)
  charged = (charge: ObservedCharge): void => this.#books.charged(charge)
  limited = (limit: ObservedLimit): void => this.#books.limited(limit)

  ordered(order: ObservedOrder): void {
    this.#ordered.add(order.interval)
    this.#auditor.ordered(order)
  }

  /** Checks all intervals before `end` that were not checked yet: nothing of them may change. */
  async check(end: number): Promise<void> {
    const [first, last] = [this.#next, end - 1]
    await this.#readTrades()
    if (last < first) return
    this.#next = end
    const deliveries = await this.#deliveries(first, last)
    const declarations = await this.#declarations(first, last)
    for (let interval = first; interval <= last; interval += 1) await this.#readAuction(interval)
    this.#books.check(first, last, { deliveries, declarations })
  }

  /** What is published of a trade's intervals from `first` to `last`, as far as it is settled. */
  async deliveriesOf(trade: number, first: number, last: number): Promise<PublishedDelivery[]> {
    const all: PublishedDelivery[] = []
    const read = (query: object) => this.#reader.trades.deliveries(trade, query)
    for await (const page of pagesOf(read, first)) {
      const settled = page.deliveries.filter(({ result, interval }) => {
        return result !== null && interval <= last
      })
      all.push(...settled.map((one) => ({ trade, ...one })))
      if ((page.nextFrom ?? Number.POSITIVE_INFINITY) > last) break
    }
    return all
  }

  /** When everything has been checked. */
  async report(purses: Purses): Promise<Audit> {
    await this.#readTrades()
    const auction = this.#auditor.report({ balances: new Map(), nets: this.#nets })
    for (const [account, micros] of auction.expected) this.#books.moved(account, micros)
    const places = { reader: this.#reader, cast: this.#cast, numbers: this.#numbers }
    const found = await positionsOf(places, purses)
    const positions = [...found.homes, found.companies]
    const { money: _, sinks, ...report } = this.#books.report(positions)
    const differences: Difference[] = [
      ...auction.differences.filter(({ about }) => about !== 'balance'),
      ...report.differences,
      ...openTransfers(found.openNettingMicros),
    ]
    const numbers = Object.entries(sinks).map(([name, wattHours]) => [name, Number(wattHours)])
    const open = found.openNettingMicros
    return {
      ...{ ...report, differences, openNettingMicros: open },
      sinks: Object.fromEntries(numbers) as Audit['sinks'],
    }
  }

  async #readTrades(): Promise<void> {
    for await (const { trades } of pagesOf((query) => this.#reader.trades.list(query))) {
      for (const trade of trades) if (trade.relation === 'party') this.#take(trade)
    }
  }

  #take(trade: PartyTrade): void {
    const { trade: number, versions, endsAt } = trade
    this.trades.set(number, trade)
    for (const { atMs, terms } of versions.slice(this.#known.get(number) ?? 0)) {
      this.#books.agreed(number, atMs, terms)
    }
    this.#known.set(number, versions.length)
    const terms = versions.at(-1)?.terms
    if (terms === undefined) return
    if (endsAt < terms.fromInterval + terms.intervals) this.#books.ended(number, endsAt)
  }

  async #deliveries(first: number, last: number): Promise<PublishedDelivery[]> {
    const all: PublishedDelivery[] = []
    for (const { trade, versions, endsAt } of this.trades.values()) {
      const from = versions[0]?.terms.fromInterval ?? Number.POSITIVE_INFINITY
      if (from > last || endsAt <= first) continue
      all.push(...(await this.deliveriesOf(trade, Math.max(first, from), last)))
    }
    return all
  }

  async #declarations(first: number, last: number): Promise<PublishedDeclaration[]> {
    const all: PublishedDeclaration[] = []
    for (const name of retailers) {
      const retailer = this.#numbers.account(name)
      const read = (query: object) => this.#reader.trades.declarations(retailer, query)
      for await (const page of pagesOf(read, first)) {
        const own = page.declarations.filter(({ interval }) => interval <= last)
        all.push(...own.map((one) => ({ retailer, ...one })))
        if ((page.nextFrom ?? Number.POSITIVE_INFINITY) > last) break
      }
    }
    return all
  }

  async #readAuction(interval: number): Promise<void> {
    if (!this.#ordered.has(interval)) return
    const { priceMicrosPerKwh, fills, nets } = await this.#reader.auditInterval(
      auctionZone,
      interval,
    )
    this.#auditor.cleared({ interval, priceMicrosPerKwh, fills })
    const sums = nets.map((net): [number, bigint] => [net.account, BigInt(net.amountMicros)])
    this.#nets.set(interval, new Map(sums))
  }
}

/**
 * A cent for each other house, of which less than that is never transferred: the other retailers,
 * the platform and the exchange.
 */
const openNettingMicrosMax = 10_000 * (retailers.length + 1)

function openTransfers(open: Readonly<Record<string, number>>): readonly Difference[] {
  return Object.entries(open)
    .filter(([, micros]) => Math.abs(micros) >= openNettingMicrosMax)
    .map(([name, micros]) => ({
      ...{ about: 'position', account: -1, interval: -1, subject: `bank of ${name}` } as const,
      ...{ expected: `less than ${openNettingMicrosMax} to transfer`, got: String(micros) },
    }))
}
