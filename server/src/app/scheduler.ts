import {
  gateOf,
  paymentsDue,
  recordOf,
  rulebookFor,
  type State,
  tradesDue,
  zoneKey,
} from '@busbar/core/exchange'
import type { Lane, Told } from './lane.ts'
import type { Openings } from './opening/openings.ts'
import type { Demands } from './proving/demands.ts'
import type { Disputes } from './proving/disputes.ts'
import type { ProofWatch } from './proving/proof-watch.ts'
import type { ChainMovement, SettlementChain } from './ports/chain.ts'
import type { Clock } from './ports/clock.ts'
import { isRunDue, isRunOverdue } from './run-times.ts'

/**
 * Issues the commands that nobody sends: gates that are due, runs that are due, and what the
 * chain shows. All of it from the state and the clock, so that a restart simply goes on.
 */
export class Scheduler {
  readonly #lane: Lane
  readonly #clock: Clock
  readonly #chain: SettlementChain
  readonly #openings: Openings | undefined
  readonly #proofs: ProofWatch | undefined
  readonly #demands: Demands | undefined
  readonly #disputes: Disputes | undefined
  #movementsRead = 0
  /** Intervals that still wait for a run, by zone: never searched for, only kept up to date. */
  readonly #unsettled = new Map<string, { readonly zone: number; readonly interval: number }>()
  #movementsFrom: number
  /** When the chain can pay a request, by its reference: told anew by the chain at every start. */
  readonly #claimableAt = new Map<string, number>()
  /** What the chain has paid and the ledger does not have, by reference. */
  readonly #unbookable = new Map<string, ChainMovement>()
  #running: Promise<void> | undefined
  #again = false

  /** @param sealed what sealed orders need: without it, books are open and have no proofs */
  constructor(
    lane: Lane,
    clock: Clock,
    chain: SettlementChain,
    sealed: {
      readonly openings?: Openings
      readonly proofs?: ProofWatch
      readonly demands?: Demands
      readonly disputes?: Disputes
    } = {},
  ) {
    this.#lane = lane
    this.#clock = clock
    this.#chain = chain
    this.#openings = sealed.openings
    this.#proofs = sealed.proofs
    this.#demands = sealed.demands
    this.#disputes = sealed.disputes
    this.#movementsFrom = chain.deployment.fromBlock
    for (const zoneIntervals of lane.state.intervals.values()) {
      for (const { zone, interval, status } of zoneIntervals.values()) {
        if (status !== 'cleared' && status !== 'provisional') continue
        this.#unsettled.set(zoneKey(zone, interval), { zone, interval })
      }
    }
  }

  /** How many intervals wait for a run. */
  get unsettled(): number {
    return this.#unsettled.size
  }

  /** How many of them have waited for too long, and not for a proof. */
  get overdue(): number {
    const { state } = this.#lane
    const now = this.#clock.now()
    return [...this.#unsettled.values()].filter(({ zone, interval }) => {
      const record = recordOf(state, zone, interval)
      return record !== undefined && isRunOverdue(state, record, now)
    }).length
  }

  /** How many payments of the chain the ledger cannot book. */
  get unbookable(): number {
    return this.#unbookable.size
  }

  /** Keeps count of what waits, from what became durable. */
  hear(told: readonly Told[]): void {
    this.#openings?.hear(told)
    this.#proofs?.hear(told)
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
      await this.#openings?.advance()
      await this.#settle()
      await this.#tendTrades()
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

  /** What trades need at its time: lapsing, meeting, collecting, the next step of a ladder. */
  async #tendTrades(): Promise<void> {
    const { state } = this.#lane
    if (rulebookFor(state, state.clearedThrough + 1).trades === undefined) return
    const now = this.#clock.now()
    if (tradesDue(state, now)) this.#lane.applyNow({ kind: 'tend_trades' })
    if (paymentsDue(state, now)) this.#lane.applyNow({ kind: 'tend_payments' })
    await this.#lane.durable()
  }

  async #settle(): Promise<void> {
    const { state } = this.#lane
    const now = this.#clock.now()
    const due = [...this.#unsettled.values(), ...dirtyPlaces(state)]
      .filter(({ zone, interval }) => {
        const record = recordOf(state, zone, interval)
        return record !== undefined && isRunDue(state, record, now)
      })
      .sort((a, b) => a.interval - b.interval || a.zone - b.zone)
    const seen = new Set<string>()
    for (const { zone, interval } of due) {
      if (seen.has(zoneKey(zone, interval))) continue
      seen.add(zoneKey(zone, interval))
      this.#lane.applyNow({ kind: 'settle_interval', zone, interval })
    }
    if (seen.size > 0) await this.#lane.durable()
  }

  /**
   * Books what the chain shows and will not take back, in the order of the chain: deposits, what
   * owners request, and what they were paid. Then moves on the requests whose time comes.
   */
  async recordMovements(): Promise<void> {
    if (this.#lane.state.market === null) return
    const { throughBlock, movements } = await this.#chain.finalMovements(this.#movementsFrom)
    const waiting = [...this.#unbookable.values()]
    this.#unbookable.clear()
    for (const movement of [...waiting, ...movements]) this.#record(movement)
    await this.#advanceRequests()
    await this.#proofs?.record()
    if (this.#movementsRead % demandsEvery === 0) {
      await this.#demands?.answer()
      await this.#disputes?.look()
    }
    this.#movementsRead += 1
    await this.#lane.durable()
    // May be an earlier block than before: a chain that came back has to be read again.
    this.#movementsFrom = throughBlock
  }

  #record(movement: ChainMovement): void {
    const { reference, account, kind } = movement
    const { deposits, ownWithdrawals } = this.#lane.state
    if (kind === 'request') this.#claimableAt.set(reference, movement.claimableAtMs)
    if ((kind === 'deposit' ? deposits : ownWithdrawals).has(reference)) return
    // What an owner did after a payment that is not booked must not be booked before it.
    const isBehind = [...this.#unbookable.values()].some((one) => one.account === account)
    if (kind !== 'deposit' && isBehind) return void this.#unbookable.set(reference, movement)
    const amountMicros = Number(movement.amount)
    const isHeld = kind === 'request' && movement.held > 0n
    const held = isHeld ? { heldMicros: Number(movement.held) } : {}
    const command = { kind: commands[kind], reference, account, amountMicros, ...held }
    const outcome = this.#lane.applyNow(command)
    if (kind !== 'payment' || outcome.kind !== 'rejected') return
    // Kept until the ledger has what the chain has paid; also a restart finds it again.
    if (outcome.reason === 'funds_insufficient') this.#unbookable.set(reference, movement)
  }

  /** A request is near an interval before the chain can pay it: by then no debit is on its way. */
  async #advanceRequests(): Promise<void> {
    const { state } = this.#lane
    const open = [...state.ledger.claims].filter(([, claim]) => claim.stage !== 'due')
    if (open.length === 0) return
    const nowMs = await this.#chain.timeMs()
    const leadMs = 1_000 * rulebookFor(state, state.clearedThrough + 1).intervalSeconds
    for (const [account, { reference, stage }] of open) {
      const claimableAt = this.#claimableAt.get(reference)
      if (claimableAt === undefined || nowMs < claimableAt - leadMs) continue
      const next = nowMs < claimableAt ? 'near' : 'due'
      if (next === stage) continue
      this.#lane.applyNow({ kind: 'advance_withdrawal_request', reference, account, stage: next })
    }
  }
}

/** Demands and disputes have many minutes: every so often is enough. */
const demandsEvery = 10

const commands = {
  deposit: 'record_deposit',
  request: 'record_withdrawal_request',
  payment: 'record_chain_withdrawal',
} as const

function dirtyPlaces(state: State): { zone: number; interval: number }[] {
  return [...state.dirty].map((key) => {
    const [zone = '', interval = ''] = key.split(':')
    return { zone: Number(zone), interval: Number(interval) }
  })
}
