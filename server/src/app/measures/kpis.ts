import { floorDivide } from '@busbar/core/units'
import type {
  CountedCode,
  Durations,
  HourView,
  KpisView,
  ProtocolView,
  VarianceView,
} from '../ports/kpis.ts'
import type { ChainCost } from './chain-costs.ts'
import type { IntervalFigures } from './interval-figures.ts'
import type { Arrivals } from './reading-counts.ts'

/** What the figures are made of. All of it is sums; nothing of one account or meter comes in. */
export type KpiParts = {
  readonly from: number
  readonly to: number
  readonly nowMs: number
  readonly sinceMs: number
  readonly intervalMs: number
  /** Of intervals of zones of the grid, and of trades between named parties. */
  readonly figures: readonly IntervalFigures[]
  readonly isGrid: (zone: number) => boolean
  readonly costOf: (zone: number, interval: number) => ChainCost | undefined
  readonly arrivals: ReadonlyMap<string, readonly Arrivals[]>
  /** How many gateways and meters speak it. */
  readonly registered: ReadonlyMap<string, { readonly gateways: number; readonly meters: number }>
}

/** See docs/concepts/figures.md for what each figure is and is not. */
export function kpis(parts: KpiParts): KpisView {
  const { from, to, sinceMs, figures, isGrid } = parts
  const grid = figures.filter(({ zone }) => isGrid(zone))
  const hours = byHour(grid, parts.intervalMs)
  const [consumed, matched] = [sumOf(hours, 'consumed'), sumOf(hours, 'matched')]
  return {
    ...{ from, to, sinceMs, intervalCount: figures.length },
    variance: variance(figures, parts.nowMs),
    spread: spread(grid),
    meterToCash: meterToCash(parts),
    protocols: protocols(parts, grid),
    cost: cost(parts),
    carbonFree: { consumed, matched, basisPoints: share(matched, consumed) },
    hours,
  }
}

const wholeBasisPoints = 10_000n

/** Rounded down; null of nothing. */
const share = (part: bigint, whole: bigint): bigint | null =>
  whole === 0n ? null : floorDivide(part * wholeBasisPoints, whole)

const per = (sum: bigint, count: number): bigint | null =>
  count === 0 ? null : floorDivide(sum, BigInt(count))

type Sums<Key extends string> = { readonly [key in Key]: bigint }

const sumOf = <Key extends string>(all: readonly Sums<Key>[], key: Key): bigint =>
  all.reduce((sum, one) => sum + one[key], 0n)

export function durations(all: readonly number[]): Durations | null {
  const sorted = all.toSorted((a, b) => a - b)
  const [max] = sorted.slice(-1)
  if (max === undefined) return null
  const rank = (percent: number): number =>
    sorted[Math.ceil((percent * sorted.length) / 100) - 1] ?? max
  return { count: sorted.length, p50: rank(50), p90: rank(90), p99: rank(99), max }
}

function variance(figures: readonly IntervalFigures[], nowMs: number): VarianceView {
  const settled = figures.filter(({ isFinal, firstAt, lastAt }) => isFinal && lastAt > firstAt)
  const open = figures.filter(({ isFinal }) => !isFinal)
  const [initialMoney, movedMoney] = [sumOf(settled, 'initialMoney'), sumOf(settled, 'movedMoney')]
  const initialEnergy = sumOf(settled, 'initialEnergy')
  const movedEnergy = sumOf(settled, 'movedEnergy')
  return {
    intervalCount: settled.length,
    ...{ initialMoney, movedMoney, moneyBasisPoints: share(movedMoney, initialMoney) },
    ...{ initialEnergy, movedEnergy, energyBasisPoints: share(movedEnergy, initialEnergy) },
    age: durations(settled.map(({ firstAt, lastAt }) => lastAt - firstAt)),
    openCount: open.length,
    oldestOpenMs: open.length === 0
      ? null
      : Math.max(...open.map(({ firstAt }) => Math.max(0, nowMs - firstAt))),
  }
}

const thousand = 1_000n

function spread(grid: readonly IntervalFigures[]): KpisView['spread'] {
  const [traded, fees] = [sumOf(grid, 'traded'), sumOf(grid, 'fees')]
  const thousandths = sumOf(grid, 'deviationThousandths')
  // Micros per kWh: thousandths of a micro for each watt-hour.
  const all = fees * thousand + thousandths
  return {
    ...{ traded, fees, deviation: floorDivide(thousandths, thousand) },
    perKwh: traded === 0n ? null : floorDivide(all, traded),
  }
}

function meterToCash({ figures, costOf, intervalMs }: KpiParts): KpisView['meterToCash'] {
  const took = figures.flatMap(({ zone, interval }) => {
    const settledAt = costOf(zone, interval)?.settledAt ?? null
    return settledAt === null ? [] : [Math.max(0, settledAt - (interval + 1) * intervalMs)]
  })
  return { durations: durations(took), unknownCount: figures.length - took.length }
}

function cost({ figures, costOf }: KpiParts): KpisView['cost'] {
  const whole = figures.flatMap(({ zone, interval, accounts }) => {
    const found = costOf(zone, interval)
    if (found?.isWhole !== true || found.settledAt === null) return []
    return [{ ...found, accounts }]
  })
  const accountCount = whole.reduce((sum, { accounts }) => sum + accounts, 0)
  const gas = whole.reduce((sum, one) => sum + BigInt(one.gas), 0n)
  const feeWei = sumOf(whole, 'feeWei')
  return {
    intervalCount: whole.length,
    transactionCount: whole.reduce((sum, { transactions }) => sum + transactions, 0),
    ...{ gas, feeWei, accountCount },
    gasPerInterval: per(gas, whole.length),
    gasPerAccount: per(gas, accountCount),
    feeWeiPerInterval: per(feeWei, whole.length),
  }
}

const hourMs = 3_600_000

function byHour(grid: readonly IntervalFigures[], intervalMs: number): readonly HourView[] {
  const hours = new Map<number, IntervalFigures[]>()
  for (const one of grid) {
    const hour = Math.floor((one.interval * intervalMs) / hourMs)
    const inside = hours.get(hour) ?? []
    inside.push(one)
    hours.set(hour, inside)
  }
  return [...hours]
    .sort(([a], [b]) => a - b)
    .map(([hour, inside]) => {
      const [injected, consumed] = [sumOf(inside, 'injected'), sumOf(inside, 'consumed')]
      const { traded, fees, deviation } = spread(inside)
      const matched = injected < consumed ? injected : consumed
      return { startMs: hour * hourMs, traded, fees, deviation, injected, consumed, matched }
    })
}

/** Not wrong and not new: what a gateway sends again to be sure. */
const repeatedOutcomes: ReadonlySet<string> = new Set(['duplicate', 'superseded'])

function protocols(parts: KpiParts, grid: readonly IntervalFigures[]): readonly ProtocolView[] {
  const { arrivals, registered } = parts
  const names = new Set([...registered.keys(), ...arrivals.keys()])
  for (const { known } of grid) for (const name of known.keys()) names.add(name)
  return [...names].sort().map((protocol) => {
    const some = arrivals.get(protocol) ?? []
    const outcomes = together(some.map((one) => one.outcomes))
    const count = (wanted: (code: string) => boolean): number =>
      [...outcomes].reduce((sum, [code, many]) => sum + (wanted(code) ? many : 0), 0)
    const counted = count((code) => code === 'counted')
    const repeated = count((code) => repeatedOutcomes.has(code))
    const late = some.reduce((sum, one) => sum + one.late, 0)
    const known = grid.flatMap((one) => one.known.get(protocol) ?? [])
    return {
      protocol,
      gatewayCount: registered.get(protocol)?.gateways ?? 0,
      meterCount: registered.get(protocol)?.meters ?? 0,
      acceptedBatches: some.reduce((sum, one) => sum + one.acceptedBatches, 0),
      repeatedBatches: some.reduce((sum, one) => sum + one.repeatedBatches, 0),
      refusedBatches: listed(together(some.map((one) => one.refusedBatches))),
      ...{ countedReadings: counted, lateReadings: late, repeatedReadings: repeated },
      refusedReadings: listed(outcomes).filter(
        ({ code }) => code !== 'counted' && !repeatedOutcomes.has(code),
      ),
      meteredCount: known.reduce((sum, one) => sum + one.metered, 0),
      substitutedCount: known.reduce((sum, one) => sum + one.substituted, 0),
      integrityBasisPoints: share(BigInt(counted - late), BigInt(count(() => true) - repeated)),
    }
  })
}

function together(all: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const counts of all) {
    for (const [code, count] of counts) sums.set(code, (sums.get(code) ?? 0) + count)
  }
  return sums
}

const listed = (counts: ReadonlyMap<string, number>): readonly CountedCode[] =>
  [...counts].map(([code, count]) => ({ code, count })).sort((a, b) => (a.code < b.code ? -1 : 1))
