import { Fault } from '@busbar/core/errors'
import type { State } from '@busbar/core/exchange'
import { isOver, type OutsideRail, type Payment } from '@busbar/core/payments'
import type { Lane, Told } from '../lane.ts'
import type { Clock } from '../ports/clock.ts'
import type { PaymentRail } from '../ports/rails.ts'
import { railCallFor, wordOf } from './payment-action.ts'

/** The rails that this server can speak to. */
export type Rails = Partial<Readonly<Record<OutsideRail, PaymentRail>>>

/** How many payments are spoken of with one rail at the same time. */
const concurrencyMax = 8

/** After an attempt that failed: twice as long each time, up to ten minutes. */
const backoffMs = { first: 500, most: 600_000 }

/** How often a payment is looked at that waits for its payer. */
const lookEveryMs = 30_000

type Attempt = { readonly failures: number; readonly notBeforeMs: number }

/**
 * Speaks to rails for payments: what a payment's state asks for is asked of its rail, and what the
 * rail says is journalled. There is no queue beside the state: a restart asks again, with the same
 * idempotency keys, so that each obligation is paid once whenever a process ends.
 *
 * A rail that is down holds back its own payments and nothing else.
 */
export class PaymentWorker {
  readonly #lane: Lane
  readonly #clock: Clock
  readonly #rails: Rails
  readonly #wallClock: () => number
  readonly #report: (payment: number, rail: OutsideRail, error: unknown) => void
  readonly #attempts = new Map<number, Attempt>()
  /** Payments that are not over: looked at, and never searched for. */
  readonly #open = new Set<number>()
  #running: Promise<void> | undefined
  #again = false

  constructor(parts: {
    readonly lane: Lane
    readonly clock: Clock
    readonly rails: Rails
    /** Milliseconds of the world outside, in which rails answer. */
    readonly wallClock: () => number
    readonly report?: (payment: number, rail: OutsideRail, error: unknown) => void
  }) {
    this.#lane = parts.lane
    this.#clock = parts.clock
    this.#rails = parts.rails
    this.#wallClock = parts.wallClock
    this.#report = parts.report ?? (() => undefined)
    for (const payment of this.#state.trading.payments.values()) {
      if (!isOver(payment)) this.#open.add(payment.payment)
    }
  }

  get #state(): State {
    return this.#lane.state
  }

  /** Payments that wait for a rail. */
  get waiting(): number {
    return this.#open.size
  }

  /** Payments whose rail has not answered as it should, several times in a row. */
  get troubled(): number {
    return [...this.#attempts.values()].filter(({ failures }) => failures >= 3).length
  }

  hear(told: readonly Told[]): void {
    for (const { effect } of told) {
      if (effect.kind !== 'payment_changed') continue
      this.#open.add(effect.payment)
      // What it asks for is another thing now: it is not made to wait for what failed before.
      this.#attempts.delete(effect.payment)
    }
  }

  /** A rail said by itself that something changed: it is asked, rather than believed. */
  wake(payment: number): void {
    this.#attempts.delete(payment)
  }

  /** Does all that can be done now; calls under way are joined. */
  run(): Promise<void> {
    if (this.#running !== undefined) {
      this.#again = true
      return this.#running
    }
    this.#running = this.#work().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #work(): Promise<void> {
    do {
      this.#again = false
      const byRail = new Map<OutsideRail, Payment[]>()
      for (const payment of this.#dueNow()) {
        const own = byRail.get(payment.rail)
        if (own === undefined) byRail.set(payment.rail, [payment])
        else own.push(payment)
      }
      await Promise.all([...byRail].map(([rail, payments]) => this.#speak(rail, payments)))
    } while (this.#again)
  }

  *#dueNow(): Generator<Payment> {
    const now = this.#wallClock()
    for (const number of [...this.#open]) {
      const payment = this.#state.trading.payments.get(number)
      if (payment === undefined || isOver(payment)) {
        this.#open.delete(number)
        this.#attempts.delete(number)
        continue
      }
      if (now >= (this.#attempts.get(number)?.notBeforeMs ?? 0)) yield payment
    }
  }

  async #speak(name: OutsideRail, payments: readonly Payment[]): Promise<void> {
    const rail = this.#rails[name]
    if (rail === undefined) return
    const waiting = [...payments]
    const next = async (): Promise<void> => {
      for (let payment = waiting.shift(); payment !== undefined; payment = waiting.shift()) {
        await this.#ask(rail, payment)
      }
    }
    await Promise.all(Array.from({ length: concurrencyMax }, next))
  }

  async #ask(rail: PaymentRail, payment: Payment): Promise<void> {
    const { payments } = this.#state.trading
    const from = payment.refundOf === null ? undefined : payments.get(payment.refundOf)
    const call = railCallFor(payment, from)
    if (call === undefined) return
    try {
      const answer = await rail[call.action](call.request)
      const word = wordOf(payment, call, answer)
      if (word === undefined) return this.#later(payment.payment)
      const outcome = await this.#lane.submit(word)
      if (outcome.kind === 'rejected') return this.#later(payment.payment)
      this.#attempts.delete(payment.payment)
      if (!isOver(payment)) this.#again = true
    } catch (error) {
      // Only what a rail does may fail here: a lane that broke is everybody's end.
      if (!(error instanceof Fault) || !error.code.startsWith('RAIL_')) throw error
      this.#failed(payment.payment)
      this.#report(payment.payment, payment.rail, error)
    }
  }

  #later(payment: number): void {
    this.#attempts.set(payment, { failures: 0, notBeforeMs: this.#wallClock() + lookEveryMs })
  }

  #failed(payment: number): void {
    const failures = (this.#attempts.get(payment)?.failures ?? 0) + 1
    const waitMs = Math.min(backoffMs.most, backoffMs.first * 2 ** (failures - 1))
    this.#attempts.set(payment, { failures, notBeforeMs: this.#wallClock() + waitMs })
  }

  /** What time it is in the market: holds are asked for by it. */
  get now(): number {
    return this.#clock.now()
  }
}
