import { Fault } from '@busbar/core/errors'
import {
  type CommitmentContext,
  type Opening,
  recordOf,
  zoneKey,
} from '@busbar/core/exchange'
import type { Lane, Told } from '../lane.ts'
import type { Clock } from '../ports/clock.ts'
import type { Opened, OpeningRequest, OrderOpening } from '../ports/opening.ts'
import {
  type Decoded,
  decodedOpenings,
  openingCommand,
  openingDue,
  openingRequest,
} from './opening-command.ts'

/** How an operator sees a member of the committee. */
export type MemberFailure = {
  readonly name: string
  /** `absent`: did not answer in time. `wrong`: its share is not the one it committed to. */
  readonly kind: 'absent' | 'wrong'
  /** The last interval whose opening it failed, and how many in a row. */
  readonly interval: number
  readonly count: number
}

type Task = {
  readonly zone: number
  readonly interval: number
  attempts: number
  /** `performance.now()` of its first attempt. */
  begunMs: number | undefined
  /** `performance.now()` before which it is not tried again. */
  notBefore: number
  underWay: Promise<void> | undefined
}

export type OpeningLimits = {
  /** Intervals, over all zones, that the committee is asked for at the same time. */
  readonly concurrentMax: number
  readonly retryMs: { readonly first: number; readonly most: number }
  /** Attempts that a manual clock waits for before it goes on without. */
  readonly awaitedAttemptsMax: number
}

export const defaultOpeningLimits: OpeningLimits = {
  concurrentMax: 8,
  retryMs: { first: 250, most: 15_000 },
  awaitedAttemptsMax: 4,
}

/**
 * Has the orders of fixed intervals opened, and submits what was opened.
 *
 * No gate and no other zone waits for it: each interval is a task of its own, tried again with
 * growing pauses until it is done. What there is to do follows from the state, so that a restart
 * goes on where it was; opening twice gives the same command, and the core takes the first.
 */
export class Openings {
  readonly #lane: Lane
  readonly #clock: Clock
  readonly #opening: OrderOpening
  readonly #labelOf: (zone: number, interval: number) => string
  readonly #limits: OpeningLimits
  /** With a manual clock all that is due is done before the clock has moved, in a fixed order. */
  readonly #inOrder: boolean
  readonly #prepare: (where: CommitmentContext, opening: Opening) => void
  readonly #report: (zone: number, interval: number, error: unknown) => void
  readonly #tasks = new Map<string, Task>()
  readonly #failures = new Map<string, MemberFailure>()
  #closed = false

  constructor(parts: {
    readonly lane: Lane
    readonly clock: Clock
    readonly opening: OrderOpening
    readonly labelOf: (zone: number, interval: number) => string
    readonly inOrder: boolean
    /** Told of each opening in good time before the command that is made of it. */
    readonly prepare?: (where: CommitmentContext, opening: Opening) => void
    readonly limits?: OpeningLimits
    /** Told why an attempt failed; it is tried again. */
    readonly report?: (zone: number, interval: number, error: unknown) => void
  }) {
    this.#lane = parts.lane
    this.#clock = parts.clock
    this.#opening = parts.opening
    this.#labelOf = parts.labelOf
    this.#inOrder = parts.inOrder
    this.#limits = parts.limits ?? defaultOpeningLimits
    this.#prepare = parts.prepare ?? (() => undefined)
    this.#report = parts.report ?? (() => undefined)
    for (const zoneIntervals of parts.lane.state.intervals.values()) {
      for (const { zone, interval, status } of zoneIntervals.values()) {
        if (status === 'fixed') this.#add(zone, interval)
      }
    }
  }

  /** Intervals whose orders are fixed and not opened. */
  get waiting(): number {
    return this.#tasks.size
  }

  /** How long the opening that waits longest is being tried, by the time outside. */
  get lateMs(): number {
    const now = performance.now()
    let most = 0
    for (const { begunMs } of this.#tasks.values()) {
      if (begunMs !== undefined) most = Math.max(most, now - begunMs)
    }
    return most
  }

  /** Members that failed the last opening they were asked for, by name. */
  get failures(): readonly MemberFailure[] {
    return [...this.#failures.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Keeps count of what waits, from what became durable. */
  hear(told: readonly Told[]): void {
    for (const { effect } of told) {
      if (effect.kind === 'orders_fixed') this.#add(effect.zone, effect.interval)
      if (effect.kind === 'interval_cleared') {
        this.#tasks.delete(zoneKey(effect.zone, effect.interval))
      }
    }
  }

  /**
   * Begins what is due. With a manual clock it resolves when that is done, or has failed so often
   * that the clock must go on without; otherwise at once.
   */
  async advance(): Promise<void> {
    if (!this.#inOrder) return this.#begin()
    for (let attempt = 1; attempt <= this.#limits.awaitedAttemptsMax; attempt += 1) {
      const due = this.#due()
      if (due.length === 0 || this.#closed) return
      if (attempt > 1) await pause(this.#pauseAfter(attempt - 1))
      await this.#openInOrder(due)
    }
  }

  /** Ends what is under way. What is not opened then is opened after the next start. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#opening.close()
    await Promise.all([...this.#tasks.values()].map(({ underWay }) => underWay))
  }

  #add(zone: number, interval: number): void {
    if (recordOf(this.#lane.state, zone, interval)?.status !== 'fixed') return
    const fresh = { attempts: 0, begunMs: undefined, notBefore: 0, underWay: undefined }
    this.#tasks.set(zoneKey(zone, interval), { zone, interval, ...fresh })
  }

  /** Oldest first. */
  #due(): readonly Task[] {
    const { state } = this.#lane
    const now = this.#clock.now()
    return [...this.#tasks.values()]
      .filter(({ zone, interval }) => openingDue(state, now, zone, interval))
      .sort((a, b) => a.interval - b.interval || a.zone - b.zone)
  }

  #begin(): void {
    let room = this.#limits.concurrentMax
    for (const { underWay } of this.#tasks.values()) if (underWay !== undefined) room -= 1
    const now = performance.now()
    for (const task of this.#due()) {
      if (room <= 0 || this.#closed) return
      if (task.underWay !== undefined || task.notBefore > now) continue
      room -= 1
      task.underWay = this.#openNow(task).finally(() => {
        task.underWay = undefined
        // Another takes its place at once, not at the next tick.
        this.#begin()
      })
    }
  }

  async #openNow(task: Task): Promise<void> {
    const opened = await this.#ask(task)
    if (opened === undefined || this.#closed) return
    try {
      this.#submit(task, opened.answer)
      await this.#lane.durable()
    } catch {
      // The lane is broken and has told whoever can help.
    }
  }

  /** All are asked at the same time, and submitted in an order that does not hang on who was. */
  async #openInOrder(tasks: readonly Task[]): Promise<void> {
    const answers: (Asked | undefined)[] = []
    let next = 0
    const worker = async (): Promise<void> => {
      for (let index = next++; index < tasks.length; index = next++) {
        answers[index] = await this.#ask(tasks[index] as Task)
      }
    }
    await Promise.all(Array.from({ length: this.#limits.concurrentMax }, worker))
    for (const [index, task] of tasks.entries()) {
      const asked = answers[index]
      if (asked !== undefined && !this.#closed) this.#submit(task, asked.answer)
    }
    await this.#lane.durable()
  }

  /** Undefined where it failed, and is to be tried again. */
  async #ask(task: Task): Promise<Asked | undefined> {
    const { zone, interval } = task
    task.begunMs ??= performance.now()
    try {
      const label = this.#labelOf(zone, interval)
      const request = openingRequest(this.#lane.state, zone, interval, label)
      if (request === undefined) return { answer: undefined }
      const opened = await this.#opening.open(request)
      this.#note(request, opened)
      const { signature } = opened
      const decoded = await decodedOpenings(this.#lane.state, request, opened, this.#prepare)
      return { answer: { decoded, signature } }
    } catch (error) {
      if (error instanceof Fault) this.#noteFault(interval, error)
      this.#failed(task, error)
      return undefined
    }
  }

  #submit(task: Task, answer: Answer | undefined): void {
    const { state } = this.#lane
    const { zone, interval } = task
    if (recordOf(state, zone, interval)?.status !== 'fixed') return
    const outcome = this.#lane.applyNow(openingCommand(state, zone, interval, answer))
    if (outcome.kind === 'rejected') this.#failed(task, outcome.reason)
  }

  #failed(task: Task, error: unknown): void {
    task.attempts += 1
    task.notBefore = performance.now() + this.#pauseAfter(task.attempts)
    if (!this.#closed) this.#report(task.zone, task.interval, error)
  }

  #pauseAfter(attempts: number): number {
    const { first, most } = this.#limits.retryMs
    return Math.min(first * 2 ** (attempts - 1), most)
  }

  #note({ interval, committee }: OpeningRequest, { absent, wrong }: Opened): void {
    for (const { name } of committee.members) {
      if (absent.includes(name)) this.#fail(name, 'absent', interval)
      else if (wrong.includes(name)) this.#fail(name, 'wrong', interval)
      else this.#failures.delete(name)
    }
  }

  #noteFault(interval: number, { details }: Fault): void {
    for (const kind of ['absent', 'wrong'] as const) {
      const names = String(details[kind] ?? '').split(',')
      for (const name of names) if (name.trim() !== '') this.#fail(name.trim(), kind, interval)
    }
  }

  #fail(name: string, kind: MemberFailure['kind'], interval: number): void {
    const count = (this.#failures.get(name)?.count ?? 0) + 1
    this.#failures.set(name, { name, kind, interval, count })
  }
}

type Answer = { readonly decoded: Decoded; readonly signature: string }
/** Without an answer nobody had to be asked. */
type Asked = { readonly answer: Answer | undefined }

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
