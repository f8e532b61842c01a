import {
  currentInterval, gateOf, intervalMilliseconds, participantOf, rulebookFor, type State,
} from '@busbar/core/exchange'
import type { Rulebook } from '@busbar/core/rulebook'
import type { WhatIfAnswer } from '@busbar/protocols/api'
import { rulebookHash } from '@busbar/protocols/commitments'
import type { WhatIfAsked, WhatIfRefused } from '../ports/operator-views.ts'
import type {
  ReplayedJournal, WhatIfFound, WhatIfOutcome, WhatIfProgress, WhatIfQuestion, WhatIfRunner,
  WhatIfSide, WhatIfSum,
} from '../ports/what-if.ts'
import { incomparableField, unheardFields } from './comparable.ts'

export type WhatIfParts = {
  readonly state: () => State
  /** The market's time, UTC milliseconds. */
  readonly now: () => number
  /** Resolves when all that was applied until now is on disk. */
  readonly durable: () => Promise<void>
  readonly journal: ReplayedJournal
  readonly runner: WhatIfRunner
  readonly timeZone: string
  /** Time outside, in milliseconds, for leases and the length of reads alone. */
  readonly wallClock: () => number
}

/** So many questions are kept, with their answers; a new one takes the place of the oldest. */
const jobsKept = 4

/** What nobody asks for so long is worked out no further. */
const leaseMs = 15_000
/** So long after it was asked for at last an answer is forgotten. */
const keptMs = 600_000

/** So many times as long as a read took none follows: that time of the store is the market's. */
const marketShare = 3

const defaultDays = 30
const dayMs = 86_400_000

/** What one question may span: a year and a day. */
export const whatIfDaysMax = 366

/** How far the journal is replayed is known as the work begins. */
type Question = Omit<WhatIfQuestion, 'until' | 'balances'>

type Job = {
  readonly question: Question
  readonly unheard: readonly string[]
  readonly abort: AbortController
  askedAt: number
  state: 'waiting' | 'running' | 'ended'
  progress: WhatIfProgress
  outcome: WhatIfOutcome | undefined
}

/**
 * Answers what intervals of the past would have come to by another rulebook, from the journal, one
 * question after the other. Asked again it tells how far it is; what nobody asks for any more ends.
 * The market goes on meanwhile: whoever runs a question does so beside it.
 */
export class WhatIfDesk {
  readonly #parts: WhatIfParts
  readonly #jobs = new Map<string, Job>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(parts: WhatIfParts) {
    this.#parts = parts
  }

  /**
   * As far as it is. Refused where the span ends before it begins, has not begun or is longer than
   * a year, and where nobody can tell from a journal what the rulebook would have brought.
   */
  ask(asked: WhatIfAsked): WhatIfAnswer | WhatIfRefused {
    const state = this.#parts.state()
    const { zone, rulebook } = asked
    if (state.market === null) return { refused: 'market_not_open' }
    if (zone !== undefined && state.zones[zone] === undefined) {
      return { refused: 'not_found', field: 'zone' }
    }
    const other = incomparableField(this.#rulebookNow(state), rulebook)
    if (other !== undefined) {
      const { field, held } = other
      return { refused: 'rulebook_incomparable', field: `rulebook.${field}`, limit: held }
    }
    const key = [rulebookHash(rulebook), zone, asked.from, asked.to].join('/')
    this.#forget(key)
    const known = this.#jobs.get(key)
    if (known !== undefined) {
      known.askedAt = this.#parts.wallClock()
      return answerOf(state, known)
    }
    const question = this.#questionOf(state, asked)
    if ('refused' in question) return question
    return answerOf(state, this.#begin(key, question))
  }

  /** Ends what is under way; resolves when nothing runs any more. */
  async close(): Promise<void> {
    for (const { abort } of this.#jobs.values()) abort.abort()
    this.#jobs.clear()
    await this.#last
  }

  #questionOf(
    state: State,
    { rulebook, from, to, zone }: WhatIfAsked,
  ): Question | WhatIfRefused {
    const intervalMs = intervalMilliseconds(state)
    const now = currentInterval(state, this.#parts.now())
    const perDay = Math.ceil(dayMs / intervalMs)
    const most = whatIfDaysMax * perDay
    if (from !== undefined && from > now) {
      return { refused: 'field_invalid', field: 'from', limit: `at most ${now}` }
    }
    const last = to ?? Math.min(now, (from ?? now) + most - 1)
    const first = from ?? Math.max(0, last - defaultDays * perDay + 1)
    if (last < first || last - first + 1 > most) {
      return { refused: 'field_invalid', field: 'to', limit: `${first} to ${first + most - 1}` }
    }
    return {
      ...{ rulebook, from: first, to: last, zone, intervalMs, timeZone: this.#parts.timeZone },
      gateMs: first < (state.rulebooks[0]?.from ?? 0) ? 0 : gateOf(state, first),
    }
  }

  #begin(key: string, question: Question): Job {
    const state = this.#parts.state()
    const held = this.#rulebookNow(state)
    const job: Job = {
      ...{ question, abort: new AbortController(), askedAt: this.#parts.wallClock() },
      unheard: unheardFields(held, question.rulebook),
      ...{ state: 'waiting', outcome: undefined },
      // All of the journal, until it is known from where on.
      progress: { replayed: 0, entries: state.sequence, day: 0, days: 0, judged: 0 },
    }
    this.#jobs.set(key, job)
    for (const [oldest, { abort }] of this.#jobs) {
      if (this.#jobs.size <= jobsKept) break
      abort.abort()
      this.#jobs.delete(oldest)
    }
    this.#last = this.#last.then(() => this.#work(job))
    return job
  }

  #rulebookNow(state: State): Rulebook {
    return rulebookFor(state, currentInterval(state, this.#parts.now()))
  }

  async #work(job: Job): Promise<void> {
    if (job.abort.signal.aborted) return
    job.state = 'running'
    const note = (progress: WhatIfProgress): void => {
      job.progress = progress
      if (this.#isLeft(job)) job.abort.abort()
    }
    job.outcome = this.#isLeft(job)
      ? stopped('nobody asks for it any more')
      : await this.#run(job, note).catch((error: unknown) => stopped(String(error)))
    job.state = 'ended'
  }

  /** With the books as they are now, up to the last command that was applied. */
  async #run(job: Job, note: (progress: WhatIfProgress) => void): Promise<WhatIfOutcome> {
    const { runner, journal, durable, wallClock } = this.#parts
    const { sequence, ledger } = this.#parts.state()
    const question = { ...job.question, until: sequence, balances: new Map(ledger.balances) }
    await durable()
    const read: ReplayedJournal['read'] = async (after, limit) => {
      // What the market writes comes first: no read is between what it waits for.
      await durable()
      const begun = wallClock()
      const page = await journal.read(after, limit)
      const restMs = marketShare * (wallClock() - begun)
      await new Promise((resolve) => setTimeout(resolve, restMs))
      return page
    }
    const behind = { read, snapshotBefore: (atMs: number) => journal.snapshotBefore(atMs) }
    return runner.run(question, behind, note, job.abort.signal)
  }

  #isLeft({ askedAt }: Job): boolean {
    return this.#parts.wallClock() - askedAt > leaseMs
  }

  /** Answers that are old; and what failed or was left begins anew when it is asked again. */
  #forget(asked: string): void {
    const now = this.#parts.wallClock()
    for (const [key, job] of this.#jobs) {
      const isOver = job.state === 'ended' && now - job.askedAt > keptMs
      const isFailed = job.outcome?.kind === 'failed' || job.abort.signal.aborted
      if (isOver || (key === asked && isFailed && this.#isLeft(job))) this.#jobs.delete(key)
    }
  }
}

const stopped = (detail: string): WhatIfOutcome =>
  ({ kind: 'failed', code: 'WHAT_IF_STOPPED', detail })

/** A double holds what markets come to: 2^53 micros are nine milliards. */
const inJson = (value: bigint): number => Number(value)

const sideJson = ({ energyWh, meanPriceMicrosPerKwh: mean, feesMicros }: WhatIfSide) => ({
  energyWh: inJson(energyWh),
  meanPriceMicrosPerKwh: mean === null ? null : inJson(mean),
  feesMicros: inJson(feesMicros),
})

const sumJson = ({ intervals, own, other, refusedOrders, movedMicros }: WhatIfSum) => ({
  ...{ intervals, own: sideJson(own), other: sideJson(other), refusedOrders },
  movedMicros: inJson(movedMicros),
})

const nothingFound: WhatIfFound = {
  zones: [], days: [], accounts: [], accountCount: 0, notReached: [],
}

function answerOf(state: State, job: Job): WhatIfAnswer {
  const { question, unheard, progress, outcome } = job
  const { from, to, zone } = question
  const found = outcome?.kind === 'found' ? outcome.found : nothingFound
  const zones = zone === undefined ? state.zones.length : 1
  const reached = found.zones.reduce((sum, { intervals }) => sum + intervals, 0)
  return {
    ...{ from, to, zone: zone ?? null },
    state: job.state !== 'ended' ? job.state : outcome?.kind === 'found' ? 'done' : 'failed',
    failure: outcome?.kind === 'failed' ? { code: outcome.code, detail: outcome.detail } : null,
    progress: {
      ...{ day: progress.day, days: progress.days },
      ...{ replayed: progress.replayed, entries: progress.entries },
      intervals: outcome?.kind === 'found' ? reached : progress.judged,
      of: (to - from + 1) * zones,
    },
    reproducedIntervals: reached,
    unheardFields: [...unheard],
    zones: found.zones.map((one) => ({ zone: one.zone, ...sumJson(one) })),
    days: found.days.map((one) => ({ day: one.day, zone: one.zone, ...sumJson(one) })),
    accounts: found.accounts.map(({ account, differenceMicros }) => ({
      account,
      name: participantOf(state, account)?.name ?? null,
      differenceMicros: inJson(differenceMicros),
    })),
    accountCount: found.accountCount,
    notReached: found.notReached.map((one) => ({ ...one })),
  }
}
