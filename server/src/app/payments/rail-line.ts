import { Fault } from '@busbar/core/errors'
import type { OutsideRail, Payment } from '@busbar/core/payments'
import type { Lane } from '../lane.ts'
import type { PaymentRail, RailAnswer } from '../ports/rails.ts'
import {
  type Knowledge,
  nothingKnown,
  railCallFor,
  type RailCall,
  releaseAfter,
  wordOf,
} from './payment-action.ts'

/** After an attempt that failed: twice as long each time, up to ten minutes. */
const backoffMs = { first: 500, most: 600_000 }

/** How often a payment is looked at that waits for its payer. */
const lookEveryMs = 30_000

/** So many failures in a row are no passing trouble. */
const troubleAt = 3

type Attempt = { readonly failures: number; readonly notBeforeMs: number }

export type RailReport = (payment: number, rail: OutsideRail, error: unknown) => void

export type LineParts = {
  readonly lane: Lane
  /** Milliseconds of the world outside, in which rails answer. */
  readonly wallClock: () => number
  /** One after the other, and again at each run: a manual clock's scenario repeats exactly. */
  readonly inOrder: boolean
  readonly report: RailReport
}

/** How many payments are spoken of with one rail at the same time. */
const concurrencyMax = 8

/** One rail and the payments that ask something of it. Waits for no other rail. */
export class RailLine {
  readonly name: OutsideRail
  readonly #rail: PaymentRail
  readonly #parts: LineParts
  readonly #asking = new Set<number>()
  readonly #known = new Map<number, Knowledge>()
  readonly #attempts = new Map<number, Attempt>()
  #running: Promise<void> | undefined
  #again = false
  #lastError = ''

  constructor(name: OutsideRail, rail: PaymentRail, parts: LineParts) {
    this.name = name
    this.#rail = rail
    this.#parts = parts
  }

  /** Payments that ask something of the rail. */
  get waiting(): number {
    return this.#asking.size
  }

  /** Payments for which the rail has not done as it should, several times in a row. */
  get troubled(): number {
    return [...this.#attempts.values()].filter(({ failures }) => failures >= troubleAt).length
  }

  /** What went wrong last, while something is wrong. */
  get lastError(): string {
    return this.troubled === 0 ? '' : this.#lastError
  }

  /** Whether the rail did not do, last time, what this payment asks. */
  isFailing(payment: number): boolean {
    return (this.#attempts.get(payment)?.failures ?? 0) > 0
  }

  /** The payment has changed: what it asks is another thing, and waits for nothing that failed. */
  changed(payment: number): void {
    this.#asking.add(payment)
    this.#attempts.delete(payment)
    this.#known.delete(payment)
  }

  /** The rail said by itself that something changed: it is asked, rather than believed. */
  wake(payment: number): void {
    this.#asking.add(payment)
    this.#attempts.delete(payment)
    this.#learn(payment, { isNews: true })
  }

  /** Does all that can be done now; a call under way is joined, and followed by another. */
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
      const due = [...this.#dueNow()]
      const next = async (): Promise<void> => {
        for (let one = due.shift(); one !== undefined; one = due.shift()) await this.#serve(one)
      }
      const lanes = this.#parts.inOrder ? 1 : concurrencyMax
      await Promise.all(Array.from({ length: Math.min(lanes, due.length) }, next))
    } while (this.#again)
  }

  *#dueNow(): Generator<number> {
    const { wallClock, inOrder } = this.#parts
    const now = wallClock()
    for (const number of [...this.#asking].sort((a, b) => a - b)) {
      if (this.#callFor(number) === undefined) {
        this.#asking.delete(number)
        this.#attempts.delete(number)
        this.#known.delete(number)
      } else if (inOrder || now >= (this.#attempts.get(number)?.notBeforeMs ?? 0)) yield number
    }
  }

  #callFor(number: number): readonly [Payment, RailCall] | undefined {
    const { payments } = this.#parts.lane.state.trading
    const payment = payments.get(number)
    if (payment === undefined) return undefined
    const from = payment.refundOf === null ? undefined : payments.get(payment.refundOf)
    const call = railCallFor(payment, from, this.#known.get(number))
    return call === undefined ? undefined : [payment, call]
  }

  async #serve(number: number): Promise<void> {
    const found = this.#callFor(number)
    if (found === undefined) return
    const [payment, call] = found
    const asked = payment.sequence
    const answer = await this.#ask(payment, call)
    if (answer === undefined) return
    if (payment.sequence !== asked) {
      // It was changed while the rail was asked: it is asked what it is to do now.
      this.#again = true
      return
    }
    if (payment.state === 'releasing' && call.action === 'reserve' && isStanding(answer)) {
      this.#learn(number, { reference: answer.reference })
      this.#again = true
      return
    }
    this.#learn(number, { isPending: answer.state === 'pending', isNews: false })
    const word = wordOf(payment, answer)
    if (word === undefined) return this.#later(number)
    const outcome = await this.#parts.lane.submit(word)
    if (outcome.kind === 'rejected') return this.#later(number)
    this.#attempts.delete(number)
    this.#again = true
  }

  /** Undefined where the rail did not do as it should. */
  async #ask(payment: Payment, { action, request }: RailCall): Promise<RailAnswer | undefined> {
    try {
      const answer = await this.#rail[action](request)
      // The payer does not want it held for longer, so that it serves nobody until it ends.
      if (action === 'renew' && answer.state === 'failed') {
        await this.#rail.release(releaseAfter(payment))
      }
      return answer
    } catch (error) {
      if (payment.state === 'releasing' && isRefusal(error)) {
        // Nothing was set aside, so that there is nothing to let go.
        if (action === 'reserve' || isUnknown(error)) return nothingThere
      }
      if (action === 'look' && isUnknown(error)) {
        this.#learn(payment.payment, { isPending: false, isAbsent: true, isNews: false })
      }
      this.#failed(payment.payment)
      this.#lastError = error instanceof Error ? error.message : String(error)
      this.#parts.report(payment.payment, this.name, error)
      return undefined
    }
  }

  #learn(payment: number, news: Partial<Knowledge>): void {
    this.#known.set(payment, { ...(this.#known.get(payment) ?? nothingKnown), ...news })
  }

  #later(payment: number): void {
    const notBeforeMs = this.#parts.wallClock() + lookEveryMs
    this.#attempts.set(payment, { failures: 0, notBeforeMs })
  }

  #failed(payment: number): void {
    const failures = (this.#attempts.get(payment)?.failures ?? 0) + 1
    const waitMs = Math.min(backoffMs.most, backoffMs.first * 2 ** (failures - 1))
    this.#attempts.set(payment, { failures, notBeforeMs: this.#parts.wallClock() + waitMs })
  }
}

const isStanding = ({ state }: RailAnswer): boolean => state === 'reserved' || state === 'pending'

const isRefusal = (error: unknown): error is Fault =>
  error instanceof Fault && error.code === 'RAIL_REFUSED'

const isUnknown = (error: unknown): boolean =>
  isRefusal(error) && error.details['reason'] === 'not_found'

const nothingThere: RailAnswer = {
  state: 'released',
  reference: '',
  amountMicros: 0n,
  expiresAt: null,
  reason: 'nothing_there',
}
