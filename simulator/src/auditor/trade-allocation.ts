import { cutWh, nextChain, type Placed } from './trade-chains.ts'
import type { TradeAuditTerms } from './trade-observations.ts'

/** What one trade owes in one interval, between two meters. */
export type Owing = {
  readonly trade: number
  readonly sellerMeter: number
  readonly buyerMeter: number
  readonly owedWh: bigint
}

/** Watt-hours by meter. */
export type ByMeter = ReadonlyMap<number, bigint>

export type Delivered = {
  readonly delivered: readonly bigint[]
  /** What of `max-flow` stands in the way of more, as `cutWh`; null for the other rules. */
  readonly cutWh: bigint | null
}

/**
 * What each trade gets of what its meters show, in the sequence given, which is ascending by trade.
 * Written from `docs/concepts/allocation.md`, sharing nothing with the exchange.
 */
export function deliveredTo(
  rule: TradeAuditTerms['allocation'],
  trades: readonly Owing[],
  exportedWh: ByMeter,
  importedWh: ByMeter,
): Delivered {
  const table = new Table(trades, exportedWh, importedWh)
  if (rule === 'fifo') table.greedily()
  else table.byShares(trades.map(({ owedWh }) => [owedWh, owedWh]))
  if (rule === 'maximal-proportional' || rule === 'max-flow') {
    // Eight times at most what is left over goes the same way, then the rest in turn.
    for (let time = 0; time < 8; time += 1) {
      if (!table.byShares(trades.map((_, at) => table.wanted(at)))) break
    }
    table.greedily()
  }
  if (rule === 'max-flow') table.alongChains()
  const cut = rule === 'max-flow' ? cutWh(table.placed, exportedWh, importedWh) : null
  return { delivered: table.delivered, cutWh: cut }
}

/**
 * How a whole is divided by weights: what is given to the first k is the floor of their share, so
 * that parts add up to the whole.
 */
export function parts(whole: bigint, weights: readonly bigint[]): readonly bigint[] {
  let total = 0n
  for (const weight of weights) total += weight
  if (total === 0n) return weights.map(() => 0n)
  let [weight, given] = [0n, 0n]
  return weights.map((one) => {
    weight += one
    const before = given
    given = (whole * weight) / total
    return given - before
  })
}

/** Each trade's part of what a meter is short, and each meter's shortage and obligations. */
export function shortagesOf(
  trades: readonly Owing[],
  side: 'sellerMeter' | 'buyerMeter',
  meteredWh: ByMeter,
): {
  readonly parts: readonly bigint[]
  readonly meters: ReadonlyMap<number, { readonly owedWh: bigint; readonly shortWh: bigint }>
} {
  const own = new Array<bigint>(trades.length).fill(0n)
  const meters = new Map<number, { owedWh: bigint; shortWh: bigint }>()
  for (const meter of new Set(trades.map((trade) => trade[side]))) {
    const places = [...trades.keys()].filter((place) => trades[place]?.[side] === meter)
    const owed = places.map((place) => trades[place]?.owedWh ?? 0n)
    const owedWh = owed.reduce((sum, one) => sum + one, 0n)
    const has = meteredWh.get(meter) ?? 0n
    const shortWh = owedWh > has ? owedWh - has : 0n
    meters.set(meter, { owedWh, shortWh })
    for (const [i, part] of parts(shortWh, owed).entries()) own[places[i] ?? 0] = part
  }
  return { parts: own, meters }
}

class Table {
  readonly #trades: readonly Owing[]
  readonly #left: { readonly sellerMeter: Map<number, bigint>; buyerMeter: Map<number, bigint> }
  readonly delivered: bigint[]

  constructor(trades: readonly Owing[], exportedWh: ByMeter, importedWh: ByMeter) {
    this.#trades = trades
    this.#left = { sellerMeter: new Map(exportedWh), buyerMeter: new Map(importedWh) }
    this.delivered = trades.map(() => 0n)
  }

  /** What a trade can still use of each side: no more than the other side has left. */
  wanted(at: number): readonly [bigint, bigint] {
    const trade = this.#trades[at]
    if (trade === undefined) return [0n, 0n]
    const missing = trade.owedWh - (this.delivered[at] ?? 0n)
    const sold = this.#leftOf('sellerMeter', trade)
    const bought = this.#leftOf('buyerMeter', trade)
    if (missing === 0n || sold === 0n || bought === 0n) return [0n, 0n]
    return [least(missing, bought), least(missing, sold)]
  }

  /** Both meters share what they have left by what is wanted of them; the smaller share counts. */
  byShares(wanted: readonly (readonly [bigint, bigint])[]): boolean {
    const sold = this.#shares('sellerMeter', wanted.map(([one]) => one))
    const bought = this.#shares('buyerMeter', wanted.map(([, one]) => one))
    const given = this.#trades.map((_, at) => least(sold[at] ?? 0n, bought[at] ?? 0n))
    for (const [at, energyWh] of given.entries()) this.#give(at, energyWh)
    return given.some((energyWh) => energyWh > 0n)
  }

  greedily(): void {
    for (const [at, trade] of this.#trades.entries()) {
      const missing = trade.owedWh - (this.delivered[at] ?? 0n)
      const left = least(this.#leftOf('sellerMeter', trade), this.#leftOf('buyerMeter', trade))
      this.#give(at, least(missing, left))
    }
  }

  get placed(): Placed {
    return { trades: this.#trades, deliveredWh: this.delivered, left: this.#left }
  }

  alongChains(): void {
    for (let chain = nextChain(this.placed); chain !== undefined; ) {
      for (const { at, byWh } of chain) this.#give(at, byWh)
      chain = nextChain(this.placed)
    }
  }

  #shares(side: 'sellerMeter' | 'buyerMeter', wanted: readonly bigint[]): readonly bigint[] {
    const shares = new Array<bigint>(wanted.length).fill(0n)
    for (const meter of new Set(this.#trades.map((trade) => trade[side]))) {
      const places = [...wanted.keys()].filter((at) => this.#trades[at]?.[side] === meter)
      const weights = places.map((at) => wanted[at] ?? 0n)
      const sum = weights.reduce((all, one) => all + one, 0n)
      const pot = least(sum, this.#left[side].get(meter) ?? 0n)
      for (const [i, part] of parts(pot, weights).entries()) shares[places[i] ?? 0] = part
    }
    return shares
  }

  #leftOf(side: 'sellerMeter' | 'buyerMeter', trade: Owing): bigint {
    return this.#left[side].get(trade[side]) ?? 0n
  }

  #give(at: number, energyWh: bigint): void {
    const trade = this.#trades[at]
    if (trade === undefined) return
    this.delivered[at] = (this.delivered[at] ?? 0n) + energyWh
    for (const side of ['sellerMeter', 'buyerMeter'] as const) {
      this.#left[side].set(trade[side], this.#leftOf(side, trade) - energyWh)
    }
  }
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)
