import { isOver, type OutsideRail, type Payment } from '@busbar/core/payments'
import type { Lane, Told } from '../lane.ts'
import type { PaymentRail } from '../ports/rails.ts'
import { type LineParts, RailLine } from './rail-line.ts'

/** The rails that this server can speak to. Prepaid balances are the core's own. */
export type Rails = Partial<Readonly<Record<Exclude<OutsideRail, 'prepaid'>, PaymentRail>>>

/**
 * Speaks to rails for payments: what a payment's state asks for is asked of its rail, and what the
 * rail says is journalled. There is no queue beside the state: a restart asks again, with the same
 * idempotency keys, so that each obligation is paid once whenever a process ends.
 *
 * A rail that is down holds back its own payments and nothing else.
 */
export class PaymentWorker {
  readonly #lane: Lane
  readonly #lines = new Map<OutsideRail, RailLine>()
  readonly #inOrder: boolean
  readonly #underWay = new Set<Promise<void>>()
  #stopped = false

  constructor({ rails, ...parts }: LineParts & { readonly rails: Rails }) {
    this.#lane = parts.lane
    this.#inOrder = parts.inOrder
    for (const name of ['money-block', 'bill-seller', 'bill-platform'] as const) {
      const rail = rails[name]
      if (rail !== undefined) this.#lines.set(name, new RailLine(name, rail, parts))
    }
    for (const payment of this.#lane.state.trading.payments.values()) this.#changed(payment)
  }

  /** How it stands with each rail. */
  get lines(): readonly RailLine[] {
    return [...this.#lines.values()]
  }

  /** What changed a trade may have changed any of its payments. */
  hear(told: readonly Told[]): void {
    const { payments, paymentsOf } = this.#lane.state.trading
    for (const { effect } of told) {
      if (effect.kind === 'payment_changed') this.#changed(payments.get(effect.payment))
      if (!('trade' in effect) || typeof effect.trade !== 'number') continue
      for (const number of paymentsOf.get(effect.trade) ?? []) this.#changed(payments.get(number))
    }
  }

  #changed(payment: Payment | undefined): void {
    if (payment === undefined || isOver(payment)) return
    this.#lines.get(payment.rail)?.changed(payment.payment)
  }

  /**
   * A rail has news of a payment. Resolves with whether it was listened to; with a manual clock it
   * is at the clock's next move.
   */
  async wake(number: number): Promise<boolean> {
    const payment = this.#lane.state.trading.payments.get(number)
    const line = payment === undefined ? undefined : this.#lines.get(payment.rail)
    if (payment === undefined || line === undefined || isOver(payment)) return true
    line.wake(number)
    if (this.#inOrder) return true
    if (this.#stopped) return false
    await this.#following(line.run())
    return !line.isFailing(number)
  }

  /** Does all that can be done now, at every rail. */
  async run(): Promise<void> {
    if (this.#stopped) return
    if (!this.#inOrder) {
      await Promise.all(this.lines.map((line) => this.#following(line.run())))
      return
    }
    for (const line of this.lines) await this.#following(line.run())
  }

  /** Begins nothing any more, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.allSettled(this.#underWay)
  }

  #following(work: Promise<void>): Promise<void> {
    const done = work.finally(() => this.#underWay.delete(done))
    this.#underWay.add(done)
    return done
  }
}
