import {
  bilateralZone,
  type Effect,
  type IntervalRecord,
  type ProofState,
  type State,
} from '@busbar/core/exchange'
import { MicrosPerKwh } from '@busbar/core/units'
import type { SeriesPage, SeriesPoint } from '../ports/measures.ts'

/** More than a week of five minutes: what is older is in the journal alone. */
const intervalsKept = 2_400

const proofsFromBest: readonly ProofState[] = ['proven', 'none', 'awaited', 'overdue', 'faulty']
const statusesFromFirst = ['open', 'fixed', 'cleared', 'provisional', 'final'] as const

type Row = SeriesPoint

/**
 * The figures of past intervals. The state forgets an interval when it can no longer be corrected;
 * its few figures are remembered here for longer, in memory, from the start of the server on.
 */
export class SeriesHistory {
  readonly #state: () => State
  /** By zone, then by interval; an interval that the state still has is read from there. */
  readonly #rows = new Map<number, Map<number, Row>>()

  constructor(state: () => State) {
    this.#state = state
    for (const records of state().intervals.values()) {
      for (const record of records.values()) this.#keep(record)
    }
  }

  /** Follows an interval as it goes on, so that its last figures stay. */
  hear(effect: Effect): void {
    if (!('interval' in effect) || !('zone' in effect)) return
    const record = this.#state().intervals.get(effect.zone)?.get(effect.interval)
    if (record !== undefined) this.#keep(record)
  }

  /**
   * Ascending, a point for each `step` intervals from `from` on; without it the newest ones that
   * were cleared. Points of which nothing is known are left out. Trades of all zones are a zone of
   * their own.
   */
  points(
    zone: number,
    page: SeriesPage,
  ): readonly SeriesPoint[] | undefined {
    const { zones, clearedThrough } = this.#state()
    if (zones[zone] === undefined && zone !== bilateralZone) return undefined
    const { points, step } = page
    const newest = Math.floor(Math.max(0, clearedThrough) / step) * step
    const from = page.from ?? Math.max(0, newest - (points - 1) * step)
    const found: SeriesPoint[] = []
    for (let first = from; first < from + points * step; first += step) {
      const rows: Row[] = []
      for (let interval = first; interval < first + step; interval += 1) {
        const row = this.at(zone, interval)
        if (row !== undefined && row.status !== 'open') rows.push(row)
      }
      if (rows.length > 0) found.push({ ...together(rows), interval: first })
    }
    return found
  }

  /** Of one interval; undefined where nothing is known of it. */
  at(zone: number, interval: number): SeriesPoint | undefined {
    const record = this.#state().intervals.get(zone)?.get(interval)
    return record === undefined ? this.#rows.get(zone)?.get(interval) : rowOf(record)
  }

  #keep(record: IntervalRecord): void {
    if (record.status === 'open') return
    const rows = this.#rows.get(record.zone) ?? new Map<number, Row>()
    this.#rows.set(record.zone, rows)
    rows.set(record.interval, rowOf(record))
    // Insertion follows time closely enough to forget the oldest first.
    for (const interval of rows.keys()) {
      if (rows.size <= intervalsKept) break
      rows.delete(interval)
    }
  }
}

function rowOf({ interval, status, proof, price, energy, runs, ...record }: IntervalRecord): Row {
  const last = runs.at(-1)
  const { injected = null, consumed = null } = last?.energy ?? {}
  return {
    ...{ interval, status, proof, price },
    traded: energy,
    injected,
    consumed,
    selfSupplied: injected === null || consumed === null ? null : smaller(injected, consumed),
    orderCount: record.orderCount,
    voidCount: record.voids.size,
    estimatedMeterCount: last?.estimated.length ?? 0,
    correctionCount: runs.filter(({ kind }) => kind === 'resettled').length,
  }
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b)

/** Several intervals as one point: energies added up, the price weighted by them. */
function together(rows: readonly Row[]): Omit<SeriesPoint, 'interval'> {
  const sum = (field: 'orderCount' | 'voidCount' | 'estimatedMeterCount' | 'correctionCount') =>
    rows.reduce((total, row) => total + row[field], 0)
  const energy = (field: 'injected' | 'consumed' | 'selfSupplied'): bigint | null => {
    const known = rows.map((row) => row[field]).filter((value) => value !== null)
    return known.length === 0 ? null : known.reduce((total, value) => total + value, 0n)
  }
  return {
    status: leastOf(statusesFromFirst, rows.map(({ status }) => status)),
    proof: leastOf(proofsFromBest.toReversed(), rows.map(({ proof }) => proof)),
    price: weightedPrice(rows),
    traded: rows.reduce((total, { traded }) => total + traded, 0n),
    injected: energy('injected'),
    consumed: energy('consumed'),
    selfSupplied: energy('selfSupplied'),
    orderCount: sum('orderCount'),
    voidCount: sum('voidCount'),
    estimatedMeterCount: sum('estimatedMeterCount'),
    correctionCount: sum('correctionCount'),
  }
}

/** The one that stands first in `order`. */
const leastOf = <Value>(order: readonly Value[], values: readonly Value[]): Value =>
  order.find((value) => values.includes(value)) ?? (values[0] as Value)

/** Rounded down, also below zero; a single interval's price is its own. */
function weightedPrice(rows: readonly Row[]): MicrosPerKwh | null {
  const traded = rows.filter(({ price, traded: energy }) => price !== null && energy > 0n)
  if (traded.length < 2) {
    return (traded[0] ?? rows.find(({ price }) => price !== null))?.price ?? null
  }
  const energy = traded.reduce((sum, row) => sum + row.traded, 0n)
  const value = traded.reduce((sum, row) => sum + (row.price ?? 0n) * row.traded, 0n)
  const quotient = value / energy
  const isBelow = value < 0n && quotient * energy !== value
  return MicrosPerKwh.from(isBelow ? quotient - 1n : quotient)
}
