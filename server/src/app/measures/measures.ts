import {
  bilateralZone,
  type Effect,
  intervalMilliseconds,
  type IntervalRecord,
  recordOf,
  type State,
} from '@busbar/core/exchange'
import type { Told } from '../lane.ts'
import type { SignedReadingBatch, Submission } from '../ports/exchange-service.ts'
import type { KpiRange, KpisView } from '../ports/kpis.ts'
import type { GridView, MeasureViews, SeriesPage, SeriesPoint } from '../ports/measures.ts'
import { ChainCosts, type FinalTransaction } from './chain-costs.ts'
import { gridView, newestSettled } from './grid.ts'
import { type IntervalFigures, intervalFigures } from './interval-figures.ts'
import { kpis } from './kpis.ts'
import { protocolOfGateway, protocolOfMeter } from './protocols.ts'
import { ReadingCounts } from './reading-counts.ts'
import { SeriesHistory } from './series.ts'

/** More than a week of five minutes: what is older is in the journal alone. */
const intervalsKept = 2_400
/** What one request for figures may span: a week of five minutes. */
const kpiIntervalsMax = 2_016
const kpiIntervalsDefault = 288

/** What everybody may know of the whole market, kept for longer than the state keeps it. */
export class Measures implements MeasureViews {
  readonly #state: () => State
  readonly #now: () => number
  readonly #series: SeriesHistory
  readonly #costs = new ChainCosts(intervalsKept)
  readonly #arrivals = new ReadingCounts(intervalsKept)
  readonly #sinceMs: number
  /** By zone, then by interval. */
  readonly #figures = new Map<number, Map<number, IntervalFigures>>()
  /** Records with runs that their figures do not say yet, by zone and interval. */
  readonly #waiting = new Map<string, IntervalRecord>()
  #working: Promise<void> | undefined

  constructor(state: () => State, now: () => number) {
    this.#state = state
    this.#now = now
    this.#series = new SeriesHistory(state)
    this.#sinceMs = now()
    for (const records of state().intervals.values()) {
      for (const record of records.values()) this.#await(record)
    }
  }

  /** Follows what became durable, and the transactions that were queued for it. */
  hear(told: readonly Told[], queued: readonly string[]): void {
    this.#costs.queued(queued)
    for (const { effect } of told) this.#follow(effect)
  }

  /** Summing up an interval is left to later: others wait for this. */
  #follow(effect: Effect): void {
    this.#series.hear(effect)
    if (effect.kind !== 'run_posted') return
    const record = recordOf(this.#state(), effect.zone, effect.interval)
    if (record === undefined) return
    this.#await(record)
    this.#working ??= this.#sumUp().finally(() => {
      this.#working = undefined
    })
  }

  hearFinal(id: string, cost: Omit<FinalTransaction, 'atMs'>): void {
    this.#costs.final(id, { ...cost, atMs: this.#now() })
  }

  hearReadings(batches: readonly SignedReadingBatch[], answers: readonly Submission[]): void {
    this.#arrivals.take(this.#state(), this.#now(), batches, answers)
  }

  series(zone: number, page: SeriesPage): readonly SeriesPoint[] | undefined {
    return this.#series.points(zone, page)
  }

  grid(asked: number | undefined): GridView {
    const state = this.#state()
    if (state.market === null) return { interval: null, zones: [] }
    const pointAt = (zone: number, interval: number): SeriesPoint | undefined =>
      this.#series.at(zone, interval)
    const interval = asked ?? newestSettled(state.zones, state.clearedThrough, pointAt)
    return gridView(state.zones, interval, intervalMilliseconds(state), pointAt)
  }

  async kpis(range: KpiRange): Promise<KpisView | 'range_invalid' | undefined> {
    const state = this.#state()
    if (state.market === null) return undefined
    const newest = Math.max(0, state.clearedThrough)
    const to = range.to ?? Math.max(newest, range.from ?? 0)
    const from = range.from ?? Math.max(0, to - kpiIntervalsDefault + 1)
    if (to < from || to - from >= kpiIntervalsMax) return 'range_invalid'
    while (this.#waiting.size > 0) await (this.#working ?? this.#sumUp())
    return kpis({
      ...{ from, to, nowMs: this.#now(), sinceMs: this.#sinceMs },
      intervalMs: intervalMilliseconds(state),
      figures: [...this.#between(from, to)],
      isGrid: (zone) => zone !== bilateralZone,
      costOf: (zone, interval) => this.#costs.of(zone, interval),
      arrivals: this.#arrivals.between(from, to),
      registered: registered(state),
    })
  }

  *#between(from: number, to: number): Generator<IntervalFigures> {
    for (const figures of this.#figures.values()) {
      for (const one of figures.values()) {
        if (one.interval >= from && one.interval <= to) yield one
      }
    }
  }

  #await(record: IntervalRecord): void {
    if (record.runs.length === 0) return
    this.#waiting.set(`${record.zone}:${record.interval}`, record)
  }

  /** One interval in each turn of the event loop: nothing else waits for long. */
  async #sumUp(): Promise<void> {
    for (const [key, record] of this.#waiting) {
      await new Promise((resolve) => setImmediate(resolve))
      this.#waiting.delete(key)
      const state = this.#state()
      const found = intervalFigures(record, (meter) => protocolOfMeter(state, meter))
      if (found !== undefined) this.#keep(found)
    }
  }

  #keep(found: IntervalFigures): void {
    const figures = this.#figures.get(found.zone) ?? new Map<number, IntervalFigures>()
    this.#figures.set(found.zone, figures)
    figures.set(found.interval, found)
    for (const oldest of figures.keys()) {
      if (figures.size <= intervalsKept) break
      figures.delete(oldest)
    }
  }
}

type Registered = Map<string, { gateways: number; meters: number }>

/** What is registered, by what it speaks. */
function registered(state: State): Registered {
  const found: Registered = new Map()
  const at = (protocol: string) => {
    const counts = found.get(protocol) ?? { gateways: 0, meters: 0 }
    found.set(protocol, counts)
    return counts
  }
  for (const { gateway } of state.gateways) at(protocolOfGateway(state, gateway)).gateways += 1
  for (const { meter, kind } of state.meters) {
    if (kind === 'physical') at(protocolOfMeter(state, meter)).meters += 1
  }
  return found
}
