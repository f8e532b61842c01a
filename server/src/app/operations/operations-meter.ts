import type { Told } from '../lane.ts'
import { IntervalWork } from './interval-work.ts'
import { RateBuckets } from './rate-buckets.ts'
import { RecentTimes, type TimesView } from './recent-times.ts'

/** Rates are shown of so many seconds. */
const secondsKept = 121
const intervalsKept = 200

type IntervalName = { readonly zone: number; readonly interval: number }

export type OperationsMeasures = {
  /** One count a second, ascending, of the seconds before this one. */
  readonly ordersPerSecond: readonly number[]
  readonly readingsPerSecond: readonly number[]
  readonly gateToReceipt: TimesView
  /** By the clock outside; null before the first transaction that became final. */
  readonly sinceFinalMs: number | null
}

/**
 * Measures what an operator watches, from what became durable and what became final. Everything
 * it keeps has a bound, and so has the work of each look at it.
 */
export class OperationsMeter {
  /** By the clock outside, milliseconds that never go back: `performance.now()`. */
  readonly #now: () => number
  readonly #orders = new RateBuckets(secondsKept)
  readonly #readings = new RateBuckets(secondsKept)
  readonly #work = new IntervalWork()
  readonly #totals = new RecentTimes(intervalsKept)
  /** By zone and interval: work from gate to receipt, of the newest intervals. */
  readonly #byInterval = new Map<string, number>()
  #finalAt: number | undefined

  constructor(now: () => number) {
    this.#now = now
  }

  hear(told: readonly Told[], queued: readonly string[]): void {
    for (const id of queued) this.#work.expect(id)
    const now = this.#now()
    for (const { effect, begunMs } of told) {
      if (effect.kind === 'order_placed') this.#orders.add(now, 1)
      else if (effect.kind === 'readings_counted') this.#readings.add(now, effect.count)
      else if (effect.kind === 'interval_cleared') this.#work.begin('commit', effect, begunMs)
      else if (effect.kind === 'run_posted' && effect.run === 0) {
        this.#work.begin('settle', effect, begunMs)
      }
    }
  }

  /** Milliseconds of an interval's work, once this transaction was the last it waited for. */
  hearFinal(id: string): number | undefined {
    this.#finalAt = this.#now()
    const total = this.#work.end(id, this.#finalAt)
    if (total === undefined) return undefined
    this.#totals.add(total)
    const [, zone, interval] = id.split('/')
    this.#byInterval.set(`${zone}:${interval}`, Math.round(total))
    for (const oldest of this.#byInterval.keys()) {
      if (this.#byInterval.size <= intervalsKept) break
      this.#byInterval.delete(oldest)
    }
    return total
  }

  /** Work from the gate to the receipt of the interval's money; undefined where not known. */
  workOf({ zone, interval }: IntervalName): number | undefined {
    return this.#byInterval.get(`${zone}:${interval}`)
  }

  measures(): OperationsMeasures {
    const now = this.#now()
    return {
      ordersPerSecond: this.#orders.view(now),
      readingsPerSecond: this.#readings.view(now),
      gateToReceipt: this.#totals.view(),
      sinceFinalMs: this.#finalAt === undefined ? null : Math.round(now - this.#finalAt),
    }
  }
}
