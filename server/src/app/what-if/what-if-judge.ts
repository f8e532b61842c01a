import { assert, Fault } from '@busbar/core/errors'
import {
  type Accepted,
  bilateralZone,
  type Command,
  type Engine,
  type IntervalRecord,
  type OpenOrder,
  recordOf,
  rulebookFor,
  standingOf,
  type State,
  whatIf,
  type WhatIf,
  zoneKey,
} from '@busbar/core/exchange'
import type {
  NotReached, WhatIfFound, WhatIfProgress, WhatIfQuestion, WhatIfSum,
} from '../ports/what-if.ts'
import { type Judged, judgedOf, WhatIfSums } from './what-if-sums.ts'

/** The accounts whose money differs most are named. */
const accountsShown = 20

export type JudgeParts = {
  readonly question: WhatIfQuestion
  readonly engine: Engine
  /** The orders that took part in an interval, each opened. */
  readonly ordersOf: (record: IntervalRecord) => Promise<readonly OpenOrder[]>
}

/**
 * Tries another rulebook on the intervals of a journal that is replayed. An interval is judged when
 * its final run is posted, while all that the run went by is there, and again when a correction is;
 * one that has no final run yet is judged at the end. By its own rulebook it must come to what
 * stands posted: else the replay is not what happened, and nothing is told.
 */
export class WhatIfJudge {
  readonly #parts: JudgeParts
  readonly #byZone = new WhatIfSums<number>()
  /** Of `day/zone`. */
  readonly #byDay = new WhatIfSums<string>()
  readonly #differences = new Map<number, bigint>()
  /** What may still be corrected, to be taken back then: as long as the state has its record. */
  readonly #open = new Map<string, Judged>()
  readonly #counts = new Map<number, number>()
  readonly #days: Days
  #judged = 0
  #closed = -1

  constructor(parts: JudgeParts) {
    this.#parts = parts
    this.#days = new Days(parts.question)
  }

  /** Of each entry that was applied. Faults: WHAT_IF_DIFFERS. */
  hear(state: State, command: Command, { result }: Accepted): Promise<void> | undefined {
    if (result.kind === 'gate_closed') this.#closeGate(state)
    if (result.kind !== 'interval_settled' || command.kind !== 'settle_interval') return undefined
    if (!this.#isAsked(command.zone, command.interval)) return undefined
    const record = recordOf(state, command.zone, command.interval)
    assert(record !== undefined, 'what was settled has its record')
    return record.status === 'final' ? this.#judge(state, record) : undefined
  }

  /**
   * Judges what has no final run yet, and tells what it all comes to. The books of the replay must
   * be the market's by then. Faults: WHAT_IF_DIFFERS.
   */
  async finish(state: State): Promise<WhatIfFound> {
    requireSameBooks(state, this.#parts.question)
    for (const [zone, records] of state.intervals) {
      for (const record of records.values()) {
        if (!this.#isAsked(zone, record.interval) || record.status !== 'provisional') continue
        if (!isDirty(state, record)) await this.#judge(state, record)
      }
    }
    return this.#found(state)
  }

  get progress(): Omit<WhatIfProgress, 'replayed' | 'entries'> {
    const { from, to } = this.#parts.question
    const day = this.#closed < from ? 0 : this.#days.numberOf(Math.min(this.#closed, to))
    return { day, days: this.#days.count, judged: this.#judged }
  }

  #closeGate(state: State): void {
    this.#closed = state.clearedThrough
    for (const [key, { zone: where, interval }] of this.#open) {
      if (recordOf(state, where, interval) === undefined) this.#open.delete(key)
    }
  }

  #isAsked(zone: number, interval: number): boolean {
    const { from, to, zone: wanted } = this.#parts.question
    if (zone === bilateralZone || (wanted !== undefined && zone !== wanted)) return false
    return interval >= from && interval <= to
  }

  async #judge(state: State, record: IntervalRecord): Promise<void> {
    const { question, engine, ordersOf } = this.#parts
    const { zone, interval } = record
    const orders = await ordersOf(record)
    const own = whatIf(state, record, orders, rulebookFor(state, interval), engine)
    requireSame(record, own)
    const other = whatIf(state, record, orders, question.rulebook, engine)
    const key = zoneKey(zone, interval)
    const before = this.#open.get(key)
    if (before === undefined) {
      this.#judged += 1
      this.#counts.set(zone, (this.#counts.get(zone) ?? 0) + 1)
    } else this.#add(before, -1n)
    const judged = judgedOf(zone, interval, own, other)
    this.#add(judged, 1n)
    this.#open.set(key, judged)
  }

  #add(judged: Judged, sign: 1n | -1n): void {
    const { zone, interval, differences } = judged
    this.#byZone.add(zone, judged, sign)
    this.#byDay.add(`${this.#days.dayOf(interval)}/${zone}`, judged, sign)
    for (const [account, amount] of differences) {
      const sum = (this.#differences.get(account) ?? 0n) + sign * amount
      if (sum === 0n) this.#differences.delete(account)
      else this.#differences.set(account, sum)
    }
  }

  #found(state: State): WhatIfFound {
    const days = this.#byDay.list().map(([key, sum]) => {
      const [day = '', zone = ''] = key.split('/')
      return { day, zone: Number(zone), ...sum }
    })
    const most = [...this.#differences].sort(([, a], [, b]) => (sizeOf(b) > sizeOf(a) ? 1 : -1))
    return {
      zones: this.#byZone.list()
        .map(([zone, sum]): WhatIfSum & { zone: number } => ({ zone, ...sum }))
        .sort((a, b) => a.zone - b.zone),
      days: days.sort((a, b) => (a.day === b.day ? a.zone - b.zone : a.day < b.day ? -1 : 1)),
      accounts: most
        .slice(0, accountsShown)
        .map(([account, differenceMicros]) => ({ account, differenceMicros })),
      accountCount: most.length,
      notReached: this.#notReached(state),
    }
  }

  #notReached(state: State): WhatIfFound['notReached'] {
    const { from, to, zone: wanted } = this.#parts.question
    const zones = state.zones.filter(({ zone }) => wanted === undefined || zone === wanted)
    return zones.flatMap(({ zone }) => {
      const counts: Record<NotReached, number> = {
        no_auction: 0,
        not_settled: Math.max(0, to - Math.max(from - 1, state.clearedThrough)),
        correction_waits: 0,
      }
      for (const record of state.intervals.get(zone)?.values() ?? []) {
        const { interval, status } = record
        if (!this.#isAsked(zone, interval) || interval > state.clearedThrough) continue
        if (status === 'provisional' && isDirty(state, record)) counts.correction_waits += 1
        else if (status !== 'provisional' && status !== 'final') counts.not_settled += 1
      }
      const rest = counts.not_settled + counts.correction_waits + (this.#counts.get(zone) ?? 0)
      counts.no_auction = to - from + 1 - rest
      return (Object.entries(counts) as [NotReached, number][])
        .filter(([, intervals]) => intervals > 0)
        .map(([reason, intervals]) => ({ zone, reason, intervals }))
    })
  }
}

const sizeOf = (amount: bigint): bigint => (amount < 0n ? -amount : amount)

const isDirty = (state: State, { zone, interval }: IntervalRecord): boolean =>
  state.dirty.has(zoneKey(zone, interval))

/** @throws Fault WHAT_IF_DIFFERS where an interval's own rulebook does not come to what stands */
function requireSame(record: IntervalRecord, { price, energy, net }: WhatIf): void {
  const { zone, interval } = record
  const differ = (what: string): Fault => new Fault('WHAT_IF_DIFFERS', { zone, interval, what })
  if (price !== record.price) throw differ('price')
  if (energy !== record.energy) throw differ('energy')
  const standing = standingOf(record)
  for (const account of new Set([...net.keys(), ...standing.keys()])) {
    if ((net.get(account) ?? 0n) !== (standing.get(account) ?? 0n)) {
      throw differ(`money of account ${account}`)
    }
  }
}

/** @throws Fault WHAT_IF_DIFFERS where an account has another balance than in the market */
function requireSameBooks(state: State, { until, balances }: WhatIfQuestion): void {
  if (state.sequence !== until) {
    throw new Fault('WHAT_IF_STOPPED', { sequence: state.sequence, until })
  }
  const replayed = state.ledger.balances
  for (const account of new Set([...balances.keys(), ...replayed.keys()])) {
    if ((balances.get(account) ?? 0n) !== (replayed.get(account) ?? 0n)) {
      throw new Fault('WHAT_IF_DIFFERS', { account, what: 'balance' })
    }
  }
}

/** Days of a span, by the calendar of a time zone. */
class Days {
  readonly #intervalMs: number
  readonly #from: number
  readonly #to: number
  readonly #format: Intl.DateTimeFormat
  readonly #names = new Map<number, string>()
  #numbers: Map<string, number> | undefined

  constructor({ from, to, timeZone, intervalMs }: WhatIfQuestion) {
    this.#intervalMs = intervalMs
    this.#from = from
    this.#to = to
    const parts = { year: 'numeric', month: '2-digit', day: '2-digit' } as const
    this.#format = new Intl.DateTimeFormat('en-CA', { timeZone, ...parts })
  }

  /** `2026-06-01`. */
  dayOf(interval: number): string {
    // No time zone is off by less than a quarter of an hour: within one no day begins.
    const quarter = Math.floor((interval * this.#intervalMs) / quarterMs)
    const known = this.#names.get(quarter)
    if (known !== undefined) return known
    const name = this.#format.format(quarter * quarterMs)
    this.#names.set(quarter, name)
    return name
  }

  /** From 1. */
  numberOf(interval: number): number {
    return this.#all().get(this.dayOf(interval)) ?? 0
  }

  get count(): number {
    return this.#all().size
  }

  #all(): ReadonlyMap<string, number> {
    if (this.#numbers !== undefined) return this.#numbers
    const numbers = new Map<string, number>()
    const step = Math.max(1, Math.floor(quarterMs / this.#intervalMs))
    const note = (interval: number): void => {
      const day = this.dayOf(interval)
      if (!numbers.has(day)) numbers.set(day, numbers.size + 1)
    }
    for (let interval = this.#from; interval <= this.#to; interval += step) note(interval)
    note(this.#to)
    this.#numbers = numbers
    return numbers
  }
}

const quarterMs = 900_000
