import { checkClearing } from './clearing-check.ts'
import { energies, type Energy, enter, type MeterBook } from './metered-energy.ts'
import type {
  AuditTerms,
  Difference,
  ObservedClearing,
  ObservedFill,
  ObservedOrder,
  ObservedReading,
  ObservedReceipt,
} from './observations.ts'
import { checkOwnFill, checkSet } from './set-check.ts'
import { type Contract, intervalNets } from './settlement-books.ts'

/**
 * An independent bookkeeper. It is told what anybody on its side of the exchange can see, computes
 * from that alone what every account must hold, and lists each difference, to the micro.
 *
 * It shares no code with the exchange: it imports nothing of the core's clearing, settlement,
 * metering or ledger.
 */
export type Auditor = {
  readonly deposited: (account: number, amountMicros: bigint) => void
  /** An order that the exchange has accepted, as it was signed. */
  readonly ordered: (order: ObservedOrder) => void
  /** A sealed order that has got its receipt. What it says comes with `cleared`. */
  readonly receipted: (receipt: ObservedReceipt) => void
  readonly cleared: (clearing: ObservedClearing) => void
  /** A fill that its owner has opened, and the path to the published root. */
  readonly ownFill: (fill: ObservedFill) => void
  /**
   * A reading as a gateway sent it, and what the exchange said to it. The order of arrival matters
   * only for readings that contradict each other: the first of a version stands.
   */
  readonly read: (reading: ObservedReading, answer: string) => void
  readonly report: (books: ExchangeBooks) => AuditReport
  /** Energy of one meter over the intervals from first to last, by the readings until now. */
  readonly energies: (meter: number, first: number, last: number) => readonly Energy[]
  /** What each meter bought and sold in the auction of an interval that has cleared. */
  readonly auctionIn: (interval: number) => ReadonlyMap<number, Contract>
}

/** What the exchange says. */
export type ExchangeBooks = {
  readonly balances: ReadonlyMap<number, bigint>
  /** Sum of all runs of an interval, by account; where given, each interval is compared alone. */
  readonly nets?: ReadonlyMap<number, ReadonlyMap<number, bigint>>
}

export type AuditReport = {
  readonly differences: readonly Difference[]
  readonly expected: ReadonlyMap<number, bigint>
  /** How much was compared: an audit that looked at nothing also finds nothing. */
  readonly compared: {
    readonly accounts: number
    readonly intervals: number
    readonly orders: number
    readonly readings: number
    /** Fills that their owners have opened. */
    readonly ownFills: number
  }
  /** Meter intervals whose energy had to be estimated. */
  readonly estimated: number
}

/** Readings that the exchange may refuse by rules the auditor has no view of, like plausibility. */
const refusals = new Set(['implausible', 'out_of_range', 'too_early', 'too_late'])

export function createAuditor(terms: AuditTerms): Auditor {
  const deposits = new Map<number, bigint>()
  const orders = new Map<number, ObservedOrder[]>()
  const receipts = new Map<number, ObservedReceipt[]>()
  const clearings = new Map<number, ObservedClearing>()
  const books = new Map<number, MeterBook>(
    terms.meters.map(({ meter, digits }) => [meter, { digits, byBoundary: new Map() }]),
  )
  const found: Difference[] = []
  let readings = 0
  let ownFills = 0

  const bookOf = (meter: number): MeterBook => {
    const book = books.get(meter)
    if (book === undefined) throw new RangeError(`the auditor knows no meter ${meter}`)
    return book
  }

  return {
    deposited(account, amountMicros) {
      deposits.set(account, (deposits.get(account) ?? 0n) + amountMicros)
    },
    ordered: (order) => append(orders, order),
    receipted: (receipt) => append(receipts, receipt),
    cleared(clearing) {
      const { interval, sealedSet } = clearing
      clearings.set(interval, clearing)
      if (sealedSet !== undefined) {
        const checked = checkSet(sealedSet, receipts.get(interval) ?? [], clearing)
        orders.set(interval, [...checked.orders])
        found.push(...checked.differences)
      }
      found.push(...checkClearing(orders.get(clearing.interval) ?? [], clearing))
    },
    ownFill(fill) {
      ownFills += 1
      const difference = checkOwnFill(fill)
      if (difference !== null) found.push(difference)
    },
    read(reading, answer) {
      readings += 1
      if (refusals.has(answer)) return
      const expected = enter(bookOf(reading.meter), reading)
      if (expected === answer) return
      const { meter, boundary } = reading
      const about = { about: 'reading', account: -1, interval: boundary } as const
      found.push({ ...about, subject: `meter ${meter}`, expected, got: answer })
    },
    energies: (meter, first, last) => energies(bookOf(meter), first, last),
    auctionIn(interval) {
      const own = contractsOf(orders.get(interval) ?? [], clearings.get(interval))
      return new Map([...own].filter(([, one]) => one.boughtWh + one.soldWh > 0n))
    },
    report(exchange) {
      const intervals = [...clearings.keys()].sort((a, b) => a - b)
      const metered = meteredIn(terms, books, intervals)
      const expected = new Map(deposits)
      const differences = [...found]
      for (const interval of intervals) {
        const nets = netsOf(terms, interval, clearings, orders, metered)
        for (const [account, amount] of nets) {
          expected.set(account, (expected.get(account) ?? 0n) + amount)
        }
        const published = exchange.nets?.get(interval)
        if (published !== undefined) {
          differences.push(...compare('interval', interval, nets, published))
        }
      }
      differences.push(...compare('balance', -1, expected, exchange.balances))
      return {
        differences,
        expected,
        compared: {
          accounts: new Set([...expected.keys(), ...exchange.balances.keys()]).size,
          intervals: intervals.length,
          orders: [...orders.values()].reduce((sum, list) => sum + list.length, 0),
          readings,
          ownFills,
        },
        estimated: countEstimated(terms, metered, intervals),
      }
    },
  }
}

function append<One extends { readonly interval: number }>(lists: Map<number, One[]>, one: One) {
  const known = lists.get(one.interval)
  if (known === undefined) lists.set(one.interval, [one])
  else known.push(one)
}

type Metered = { readonly first: number; readonly energies: ReadonlyMap<number, readonly Energy[]> }

function meteredIn(
  terms: AuditTerms,
  books: ReadonlyMap<number, MeterBook>,
  intervals: readonly number[],
): Metered {
  const first = intervals[0] ?? 0
  const last = intervals.at(-1) ?? -1
  const result = new Map<number, readonly Energy[]>()
  for (const { meter, kind } of terms.meters) {
    const book = books.get(meter)
    if (kind === 'physical' && book !== undefined) result.set(meter, energies(book, first, last))
  }
  return { first, energies: result }
}

const nothing: Energy = { importWh: 0n, exportWh: 0n, measured: true }

function netsOf(
  terms: AuditTerms,
  interval: number,
  clearings: ReadonlyMap<number, ObservedClearing>,
  orders: ReadonlyMap<number, readonly ObservedOrder[]>,
  metered: Metered,
): ReadonlyMap<number, bigint> {
  const clearing = clearings.get(interval)
  const contracts = contractsOf(orders.get(interval) ?? [], clearing)
  const price = clearing?.priceMicrosPerKwh ?? null
  return intervalNets(
    terms,
    interval,
    price === null ? null : BigInt(price),
    terms.meters
      .filter((meter) => meter.fromInterval <= interval)
      .map((meter) => ({
        meter,
        contract: contracts.get(meter.meter) ?? { boughtWh: 0n, soldWh: 0n },
        energy: metered.energies.get(meter.meter)?.[interval - metered.first] ?? nothing,
      })),
  )
}

/** What each meter bought and sold, from the fills that were published for its orders. */
function contractsOf(
  orders: readonly ObservedOrder[],
  clearing: ObservedClearing | undefined,
): ReadonlyMap<number, Contract> {
  const filled = new Map(clearing?.fills.map((fill) => [fill.digest, BigInt(fill.energyWh)]))
  const contracts = new Map<number, Contract>()
  for (const { digest, meter, side } of orders) {
    const energyWh = filled.get(digest) ?? 0n
    const { boughtWh, soldWh } = contracts.get(meter) ?? { boughtWh: 0n, soldWh: 0n }
    contracts.set(
      meter,
      side === 'buy'
        ? { boughtWh: boughtWh + energyWh, soldWh }
        : { boughtWh, soldWh: soldWh + energyWh },
    )
  }
  return contracts
}

function compare(
  about: 'balance' | 'interval',
  interval: number,
  expected: ReadonlyMap<number, bigint>,
  got: ReadonlyMap<number, bigint>,
): readonly Difference[] {
  const accounts = [...new Set([...expected.keys(), ...got.keys()])].sort((a, b) => a - b)
  return accounts
    .filter((account) => (expected.get(account) ?? 0n) !== (got.get(account) ?? 0n))
    .map((account) => ({
      about,
      account,
      interval,
      subject: `account ${account}`,
      expected: String(expected.get(account) ?? 0n),
      got: String(got.get(account) ?? 0n),
    }))
}

function countEstimated(terms: AuditTerms, metered: Metered, intervals: readonly number[]): number {
  let count = 0
  for (const { meter, fromInterval } of terms.meters) {
    const list = metered.energies.get(meter)
    for (const interval of intervals) {
      const energy = list?.[interval - metered.first]
      if (energy !== undefined && fromInterval <= interval && !energy.measured) count += 1
    }
  }
  return count
}
