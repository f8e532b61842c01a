import type { Energy } from './metered-energy.ts'
import type { Difference } from './observations.ts'
import { deliveredTo, type Owing, shortagesOf } from './trade-allocation.ts'
import {
  compareCut,
  compareDeclarations,
  compareDeliveries,
  comparePositions,
} from './trade-comparison.ts'
import { contractedWh, type Found, moneyOf } from './trade-money.ts'
import type {
  MeterTrades,
  ObservedCharge,
  ObservedLimit,
  ObservedTerms,
  Position,
  PublishedTrading,
  TradeAuditTerms,
} from './trade-observations.ts'

/**
 * A bookkeeper of trades between named parties. From what both signed, what utilities said, and
 * what meters showed it works out every delivery, declaration and balance again, and lists each
 * difference, to the watt-hour and the micro. It shares no code with the exchange.
 */
export class TradeAuditor {
  readonly #rules: TradeAuditTerms
  readonly #energies: (meter: number, first: number, last: number) => readonly Energy[]
  readonly #auctionIn: (interval: number) => MeterTrades
  readonly #versions = new Map<number, { readonly atMs: number; readonly terms: ObservedTerms }[]>()
  readonly #ends = new Map<number, number>()
  readonly #limits = new Map<number, ObservedLimit[]>()
  /** By account: what all that was checked has moved. */
  readonly #money = new Map<number, bigint>()
  readonly #traded = new Map<string, { readonly soldWh: bigint; readonly boughtWh: bigint }>()
  readonly #differences: Difference[] = []
  readonly #compared = { intervals: 0, deliveries: 0, cuts: 0, declarations: 0, accounts: 0 }
  readonly #sinks = { exportedWh: 0n, importedWh: 0n, soldWh: 0n, boughtWh: 0n }

  /**
   * @param energies of one meter, by the readings until now: see `Auditor.energies`
   * @param auctionIn what meters traded in the auction of an interval: see `Auditor.auctionIn`
   */
  constructor(
    rules: TradeAuditTerms,
    energies: (meter: number, first: number, last: number) => readonly Energy[],
    auctionIn: (interval: number) => MeterTrades = () => new Map(),
  ) {
    this.#rules = rules
    this.#energies = energies
    this.#auctionIn = auctionIn
  }

  /** Both have signed; counts from the next gate on, in the place of what was signed before. */
  agreed(trade: number, atMs: number, terms: ObservedTerms): void {
    const before = this.#versions.get(trade) ?? []
    this.#versions.set(trade, [...before, { atMs, terms }])
  }

  /** A trade was cut short: it owes nothing from `interval` on. */
  ended(trade: number, interval: number): void {
    this.#ends.set(trade, interval)
  }

  limited(limit: ObservedLimit): void {
    this.#limits.set(limit.trade, [...(this.#limits.get(limit.trade) ?? []), limit])
  }

  charged({ payer, payee, amountMicros }: ObservedCharge): void {
    this.moved(payer, -BigInt(amountMicros))
    this.moved(payee, BigInt(amountMicros))
  }

  /** Money that moved beside the trades, such as an auction's. */
  moved(account: number, micros: bigint): void {
    this.#money.set(account, (this.#money.get(account) ?? 0n) + micros)
  }

  /** What contracts got of a meter in an interval that was checked. */
  tradedOf(meter: number, interval: number): { soldWh: bigint; boughtWh: bigint } {
    return this.#traded.get(`${meter}/${interval}`) ?? { soldWh: 0n, boughtWh: 0n }
  }

  /**
   * Works out the intervals from `first` to `last` by the readings until now, and compares what was
   * published of them. Each interval is to be checked once, when nothing of it will change.
   */
  check(first: number, last: number, published: PublishedTrading): void {
    const metered = new Map<number, readonly Energy[]>()
    const energyOf = (meter: number, interval: number): Energy => {
      const list = metered.get(meter) ?? this.#energies(meter, first, last)
      metered.set(meter, list)
      return list[interval - first] ?? { importWh: 0n, exportWh: 0n, measured: false }
    }
    for (let interval = first; interval <= last; interval += 1) {
      const energy = (meter: number): Energy => energyOf(meter, interval)
      const { found, cutWh } = this.#foundIn(interval, energy)
      const money = found.map((one) => moneyOf(this.#rules, interval, one))
      for (const books of money) for (const [account, micros] of books) this.moved(account, micros)
      const traded = tradedBy(found)
      for (const [meter, { soldWh, boughtWh }] of traded) {
        this.#traded.set(`${meter}/${interval}`, { soldWh, boughtWh })
        this.#sinks.exportedWh += energy(meter).exportWh
        this.#sinks.importedWh += energy(meter).importWh
        this.#sinks.soldWh += soldWh
        this.#sinks.boughtWh += boughtWh
      }
      const of = <One extends { readonly interval: number }>(list: readonly One[]) =>
        list.filter((one) => one.interval === interval)
      const deliveries = of(published.deliveries)
      const declarations = of(published.declarations)
      this.#differences.push(
        ...compareDeliveries(interval, found, money, deliveries),
        ...compareCut(interval, cutWh, deliveries),
        ...compareDeclarations(
          ...([this.#rules, interval, traded, this.#auctionIn(interval)] as const),
          ...([energy, declarations] as const),
        ),
      )
      this.#compared.intervals += 1
      if (cutWh !== null && found.length > 0) this.#compared.cuts += 1
      this.#compared.deliveries += deliveries.length
      this.#compared.declarations += declarations.length
    }
  }

  /** Compares what everybody has, wherever it is kept, with what everybody must have. */
  report(positions: readonly Position[]): TradeAuditReport {
    const differences = [...this.#differences, ...comparePositions(this.#money, positions)]
    const accounts = positions.reduce((sum, one) => sum + one.accounts.length, 0)
    const compared = { ...this.#compared, accounts }
    return { differences, compared, sinks: { ...this.#sinks }, money: new Map(this.#money) }
  }

  #foundIn(
    interval: number,
    energyOf: (meter: number) => Energy,
  ): { readonly found: readonly Found[]; readonly cutWh: bigint | null } {
    const owing = [...this.#versions.keys()]
      .sort((a, b) => a - b)
      .flatMap((trade) => this.#owingOf(trade, interval))
    const trades = owing.map(({ owing: one }) => one)
    const shown = (side: 'sellerMeter' | 'buyerMeter', way: 'exportWh' | 'importWh') =>
      new Map(trades.map((one) => [one[side], energyOf(one[side])[way]]))
    const exported = shown('sellerMeter', 'exportWh')
    const imported = shown('buyerMeter', 'importWh')
    const { allocation } = this.#rules
    const { delivered, cutWh } = deliveredTo(allocation, trades, exported, imported)
    const sellers = shortagesOf(trades, 'sellerMeter', exported)
    const buyers = shortagesOf(trades, 'buyerMeter', imported)
    const none = { owedWh: 0n, shortWh: 0n }
    const found = owing.map(({ terms, contracted, owing: { trade, owedWh } }, at) => ({
      ...{ trade, terms, owedWh, contractedWh: contracted },
      deliveredWh: delivered[at] ?? 0n,
      sellerShortWh: sellers.parts[at] ?? 0n,
      buyerShortWh: buyers.parts[at] ?? 0n,
      seller: sellers.meters.get(terms.sellerMeter) ?? none,
      buyer: buyers.meters.get(terms.buyerMeter) ?? none,
    }))
    return { found, cutWh }
  }

  /** By the version that was in force when the gate of the interval closed. */
  #owingOf(
    trade: number,
    interval: number,
  ): readonly { terms: ObservedTerms; contracted: bigint; owing: Owing }[] {
    const { intervalMs, gateLeadMs } = this.#rules
    const gateMs = interval * intervalMs - gateLeadMs
    const terms = this.#versions.get(trade)?.findLast(({ atMs }) => atMs < gateMs)?.terms
    if (terms === undefined || interval >= (this.#ends.get(trade) ?? Infinity)) return []
    const contracted = contractedWh(terms, interval)
    if (contracted === 0n) return []
    let owedWh = contracted
    const words = (this.#limits.get(trade) ?? []).filter(
      ({ atMs, fromInterval, intervals }) =>
        atMs < gateMs && fromInterval <= interval && interval < fromInterval + intervals,
    )
    for (const utility of new Set(words.map((word) => word.utility))) {
      const last = words.findLast((word) => word.utility === utility)
      const most = BigInt(last?.energyWh ?? 0)
      if (most < owedWh) owedWh = most
    }
    const { sellerMeter, buyerMeter } = terms
    return [{ terms, contracted, owing: { trade, sellerMeter, buyerMeter, owedWh } }]
  }
}

export type TradeAuditReport = {
  readonly differences: readonly Difference[]
  /** How much was compared: an audit that looked at nothing also finds nothing. */
  readonly compared: {
    readonly intervals: number
    readonly deliveries: number
    /** Of `max-flow`: intervals whose deliveries were held against what stands in their way. */
    readonly cuts: number
    readonly declarations: number
    readonly accounts: number
  }
  /** Of the meters that traded: what they showed, and what of it went to contracts. */
  readonly sinks: {
    readonly exportedWh: bigint
    readonly importedWh: bigint
    readonly soldWh: bigint
    readonly boughtWh: bigint
  }
  /** By account: what trades have moved, fees, damages and penalties with it. */
  readonly money: ReadonlyMap<number, bigint>
}

function tradedBy(
  found: readonly Found[],
): ReadonlyMap<number, { readonly soldWh: bigint; readonly boughtWh: bigint }> {
  const traded = new Map<number, { soldWh: bigint; boughtWh: bigint }>()
  const of = (meter: number): { soldWh: bigint; boughtWh: bigint } => {
    const own = traded.get(meter) ?? { soldWh: 0n, boughtWh: 0n }
    traded.set(meter, own)
    return own
  }
  for (const { terms, deliveredWh } of found) {
    of(terms.sellerMeter).soldWh += deliveredWh
    of(terms.buyerMeter).boughtWh += deliveredWh
  }
  return traded
}
