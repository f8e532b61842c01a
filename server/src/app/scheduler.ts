import {
  allRead,
  gateOf,
  intervalEnd,
  recordOf,
  rulebookFor,
  type State,
  zoneKey,
} from '@busbar/core/exchange'
import type { Lane, Told } from './lane.ts'
import type { SettlementChain } from './ports/chain.ts'
import type { Clock } from './ports/clock.ts'

/**
 * Issues the commands that nobody sends: gates that are due, runs that are due, deposits that the
 * chain shows. All of it from the state and the clock, so that a restart simply goes on.
 */
export class Scheduler {
  readonly #lane: Lane
  readonly #clock: Clock
  readonly #chain: SettlementChain
  /** Intervals that still wait for a run, by zone: never searched for, only kept up to date. */
  readonly #unsettled = new Map<string, { readonly zone: number; readonly interval: number }>()
  #depositsFrom: number
  #running: Promise<void> | undefined
  #again = false

  constructor(lane: Lane, clock: Clock, chain: SettlementChain) {
    this.#lane = lane
    this.#clock = clock
    this.#chain = chain
    this.#depositsFrom = chain.deployment.fromBlock
    for (const zoneIntervals of lane.state.intervals.values()) {
      for (const { zone, interval, status } of zoneIntervals.values()) {
        if (status === 'open' || status === 'final') continue
        this.#unsettled.set(zoneKey(zone, interval), { zone, interval })
      }
    }
  }

  /** How many intervals wait for a run. */
  get unsettled(): number {
    return this.#unsettled.size
  }

  /** Keeps count of what waits, from what became durable. */
  hear(told: readonly Told[]): void {
    for (const { effect } of told) {
      if (effect.kind === 'interval_cleared') {
        const { zone, interval } = effect
        this.#unsettled.set(zoneKey(zone, interval), { zone, interval })
      }
      if (effect.kind === 'run_posted' && effect.runKind === 'final') {
        this.#unsettled.delete(zoneKey(effect.zone, effect.interval))
      }
    }
  }

  /**
   * Does all that is due now; calls under way are joined, and run once more for what came since.
   */
  async run(): Promise<void> {
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
      if (this.#lane.state.market === null) return
      await this.#closeGates()
      await this.#settle()
    } while (this.#again)
  }

  async #closeGates(): Promise<void> {
    const { state } = this.#lane
    for (;;) {
      const interval = state.clearedThrough + 1
      if (this.#clock.now() < gateOf(state, interval)) return
      const outcome = await this.#lane.submit({ kind: 'close_gate', interval })
      if (outcome.kind === 'rejected') return
    }
  }

  async #settle(): Promise<void> {
    const { state } = this.#lane
    const now = this.#clock.now()
    const due = [...this.#unsettled.values(), ...dirtyPlaces(state)]
      .filter(({ zone, interval }) => isDue(state, now, zone, interval))
      .sort((a, b) => a.interval - b.interval || a.zone - b.zone)
    const seen = new Set<string>()
    for (const { zone, interval } of due) {
      if (seen.has(zoneKey(zone, interval))) continue
      seen.add(zoneKey(zone, interval))
      this.#lane.applyNow({ kind: 'settle_interval', zone, interval })
    }
    if (seen.size > 0) await this.#lane.durable()
  }

  /** Books the deposits that the chain shows and will not take back. */
  async recordDeposits(): Promise<void> {
    if (this.#lane.state.market === null) return
    const { throughBlock, deposits } = await this.#chain.finalDeposits(this.#depositsFrom)
    for (const { reference, account, amount } of deposits) {
      if (this.#lane.state.deposits.has(reference)) continue
      this.#lane.applyNow({
        kind: 'record_deposit',
        reference,
        account,
        amountMicros: Number(amount),
      })
    }
    if (deposits.length > 0) await this.#lane.durable()
    // May be an earlier block than before: a chain that came back has to be read again.
    this.#depositsFrom = throughBlock
  }
}

function dirtyPlaces(state: State): { zone: number; interval: number }[] {
  return [...state.dirty].map((key) => {
    const [zone = '', interval = ''] = key.split(':')
    return { zone: Number(zone), interval: Number(interval) }
  })
}

/** Whether a run may be due: cheap, and the core decides. */
function isDue(state: State, now: number, zone: number, interval: number): boolean {
  const record = recordOf(state, zone, interval)
  if (record === undefined || record.status === 'open') return false
  if (state.dirty.has(zoneKey(zone, interval))) return true
  const rulebook = rulebookFor(state, interval)
  const end = intervalEnd(state, interval)
  if (record.status === 'provisional') {
    return now >= end + rulebook.finalAfterIntervals * rulebook.intervalSeconds * 1_000
  }
  if (record.status === 'final' || now < end) return false
  return now >= end + rulebook.readingDeadlineSeconds * 1_000 || allRead(state, zone, interval)
}
