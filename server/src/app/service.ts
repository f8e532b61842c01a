import { Fault } from '@busbar/core/errors'
import type { State } from '@busbar/core/exchange'
import { currentInterval, recordOf } from '@busbar/core/exchange'
import type { Domain } from '@busbar/protocols/eip712'
import { conservationView } from './conservation-report.ts'
import type { Intake } from './intake.ts'
import type { Lane, Told } from './lane.ts'
import type { OutboxSender, SettlementChain } from './ports/chain.ts'
import type { Clock, ManualClock } from './ports/clock.ts'
import type {
  ClockView,
  ExchangeService,
  Page,
  Reader,
  SignedCancellation,
  SignedInstruction,
  SignedOrder,
  SignedReadingBatch,
  SignedWithdrawal,
  Submission,
} from './ports/exchange-service.ts'
import type {
  AccountIntervalView,
  AccountView,
  AuditBalanceView,
  AuditIntervalView,
  ConservationView,
  HealthView,
  InclusionProofView,
  IntervalView,
  MarketView,
  ParticipantView,
  StatementLineView,
} from './ports/exchange-views.ts'
import type { Store } from './ports/store.ts'
import type { StreamEvent } from './ports/stream-event.ts'
import type { Scheduler } from './scheduler.ts'
import { accountIntervalView, accountView, statementLines } from './views/accounts.ts'
import { auditBalances, auditIntervalView } from './views/audit.ts'
import { intervalView } from './views/intervals.ts'
import { marketView } from './views/market.ts'
import { orderProof, postingProof, readingProof } from './views/proofs.ts'

export type ServiceParts = {
  readonly lane: Lane
  readonly intake: Intake
  readonly scheduler: Scheduler
  readonly store: Store
  readonly chain: SettlementChain
  readonly sender: OutboxSender
  readonly domain: Domain
  readonly clock: Clock | ManualClock
  readonly clockMode: ClockView['mode']
  readonly speed: number
}

/** The exchange as the HTTP routes see it: intake, queries and the stream of one market. */
export class Service implements ExchangeService {
  readonly #parts: ServiceParts
  readonly #listeners = new Set<(event: StreamEvent) => void>()
  readonly #startedAt = performance.now()
  #stopping = false

  constructor(parts: ServiceParts) {
    this.#parts = parts
  }

  get #state(): State {
    return this.#parts.lane.state
  }

  /** From now on commands are refused with `server_stopping`; reads still answer. */
  stopTaking(): void {
    this.#stopping = true
  }

  submitOrders(orders: readonly SignedOrder[]): Promise<readonly Submission[]> {
    return this.#taking(orders, () => this.#parts.intake.orders(orders))
  }

  submitCancellations(items: readonly SignedCancellation[]): Promise<readonly Submission[]> {
    return this.#taking(items, () => this.#parts.intake.cancellations(items))
  }

  submitWithdrawals(items: readonly SignedWithdrawal[]): Promise<readonly Submission[]> {
    return this.#taking(items, () => this.#parts.intake.withdrawals(items))
  }

  submitInstructions(items: readonly SignedInstruction[]): Promise<readonly Submission[]> {
    return this.#taking(items, () => this.#parts.intake.instructions(items))
  }

  async submitReadings(batches: readonly SignedReadingBatch[]): Promise<readonly Submission[]> {
    const answers = await this.#taking(batches, () => this.#parts.intake.readings(batches))
    // Money follows the meter: what these readings complete is settled at once, not at the next
    // tick. With a manual clock only the clock moves the market, so that a scenario repeats byte
    // for byte.
    if (this.#parts.clockMode === 'manual') return answers
    // A failure breaks the lane, which is told by itself; these readings are durable all the same.
    this.#parts.scheduler.run().catch(() => undefined)
    return answers
  }

  async #taking(
    items: readonly unknown[],
    take: () => Promise<readonly Submission[]>,
  ): Promise<readonly Submission[]> {
    const { lane } = this.#parts
    if (this.#stopping || lane.broken !== undefined) {
      return items.map(() => ({ kind: 'rejected', reason: 'server_stopping' }))
    }
    if (lane.waiting > waitingRequestsMax) {
      return items.map(() => ({ kind: 'rejected', reason: 'server_busy' }))
    }
    return take()
  }

  async authenticate(credential: {
    readonly account: number
    readonly untilMs: number
    readonly signature: string
  }): Promise<Reader | undefined> {
    return this.#parts.intake.authenticate(credential)
  }

  market(): MarketView | undefined {
    const { clock, domain, chain } = this.#parts
    return marketView(this.#state, clock.now(), domain, chain.deployment)
  }

  clock(): ClockView {
    const { clock, clockMode, speed } = this.#parts
    return { mode: clockMode, nowMs: clock.now(), speed }
  }

  async setClock(nowMs: number): Promise<number> {
    const { clock, scheduler } = this.#parts
    if ('advance' in clock) clock.advance(nowMs)
    try {
      await scheduler.recordMovements()
    } catch (error) {
      // Gates do not wait for the chain: what it would have shown is booked the next time.
      if (!(error instanceof Fault) || !error.code.startsWith('CHAIN_')) throw error
    }
    await scheduler.run()
    this.tellTime()
    return clock.now()
  }

  /** Tells those who watch what time it is in the market. */
  tellTime(): void {
    if (this.#state.market === null) return
    const nowMs = this.#parts.clock.now()
    this.emit({ kind: 'clock', nowMs, interval: currentInterval(this.#state, nowMs) })
  }

  async intervals(zone: number, page: Page): Promise<readonly IntervalView[] | undefined> {
    if (this.#state.zones[zone] === undefined) return undefined
    const numbers = [...(this.#state.intervals.get(zone)?.keys() ?? [])].sort((a, b) => a - b)
    const { from, limit } = page
    const wanted =
      from === undefined
        ? numbers.filter((number) => number <= this.#state.clearedThrough).slice(-limit)
        : numbers.filter((number) => number >= from).slice(0, limit)
    const views = await Promise.all(wanted.map((number) => this.interval(zone, number)))
    return views.flatMap((view) => view ?? [])
  }

  async interval(zone: number, interval: number): Promise<IntervalView | undefined> {
    const record = recordOf(this.#state, zone, interval)
    return record === undefined ? undefined : intervalView(this.#state, record, this.#parts.store)
  }

  async account(account: number): Promise<AccountView | undefined> {
    return accountView(this.#state, account)
  }

  accountInterval(account: number, interval: number): Promise<AccountIntervalView | undefined> {
    return accountIntervalView(this.#state, account, interval, this.#parts.store)
  }

  async statement(account: number, page: Page): Promise<readonly StatementLineView[] | undefined> {
    if (accountView(this.#state, account) === undefined) return undefined
    const from = page.from ?? 0
    return statementLines(this.#state, account)
      .filter((line) => line.sequence >= from)
      .slice(0, page.limit)
  }

  async participants(page: Page): Promise<readonly ParticipantView[]> {
    const from = page.from ?? 0
    return this.#state.participants.filter(({ account }) => account >= from).slice(0, page.limit)
  }

  orderProof(
    zone: number,
    interval: number,
    digest: string,
  ): Promise<InclusionProofView | undefined> {
    return orderProof(this.#state, zone, interval, digest, this.#parts.store)
  }

  postingProof(
    zone: number,
    interval: number,
    account: number,
    run: number | undefined,
  ): Promise<InclusionProofView | undefined> {
    return postingProof(this.#state, zone, interval, account, run, this.#parts.store)
  }

  readingProof(
    zone: number,
    interval: number,
    meter: number,
    run: number | undefined,
  ): Promise<InclusionProofView | undefined> {
    return readingProof(this.#state, zone, interval, meter, run, this.#parts.store)
  }

  async auditInterval(zone: number, interval: number): Promise<AuditIntervalView | undefined> {
    const record = recordOf(this.#state, zone, interval)
    return record === undefined ? undefined : auditIntervalView(record)
  }

  async auditBalances(): Promise<readonly AuditBalanceView[]> {
    return auditBalances(this.#state)
  }

  conservation(): Promise<ConservationView> {
    const { chain, sender } = this.#parts
    return conservationView(this.#state, chain, sender.pending)
  }

  health(): HealthView {
    const { lane, sender, scheduler } = this.#parts
    const { pending } = sender
    const broken = lane.broken
    const ready = broken === undefined && !this.#stopping
    const journal = broken?.message ?? `at ${lane.end.sequence}`
    const settlement = `${scheduler.unsettled} intervals before their final run`
    return {
      status: this.#stopping ? 'stopping' : ready ? 'ready' : 'degraded',
      ready,
      checks: [
        { name: 'journal', ok: broken === undefined, detail: journal },
        { name: 'outbox', ok: pending < outboxPendingHigh, detail: `${pending} not final` },
        {
          name: 'withdrawals',
          ok: scheduler.unbookable === 0,
          detail: `${scheduler.unbookable} paid by the chain and not covered by the ledger`,
        },
        { name: 'settlement', ok: true, detail: settlement },
      ],
      journalSequence: lane.end.sequence,
      uptimeMs: Math.round(performance.now() - this.#startedAt),
    }
  }

  subscribe(listener: (event: StreamEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Passes on what became durable, to those who watch. */
  hear(told: readonly Told[]): void {
    for (const { effect } of told) {
      const event = streamEventOf(effect)
      if (event !== undefined) this.emit(event)
    }
  }

  emit(event: StreamEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  /** An outbox item became final: the two that people wait for are told. */
  hearFinal(id: string, txHash: string): void {
    const [kind, zone, interval, run, ...rest] = id.split('/')
    const place = { zone: Number(zone), interval: Number(interval), txHash }
    if (kind === 'commit') this.emit({ kind: 'interval_committed', ...place })
    if (kind !== 'settle' || run === undefined) return
    if (rest[0] === 'stage') return
    this.emit({ kind: 'run_final', ...place, run: Number(run) })
  }
}

/** Requests that may wait for the disk before others are told to come again. */
const waitingRequestsMax = 10_000

/** The sender looks at so many at a time: when all of them wait, the chain does not keep up. */
const outboxPendingHigh = 128

function streamEventOf(effect: Told['effect']): StreamEvent | undefined {
  switch (effect.kind) {
    case 'interval_cleared':
    case 'run_posted':
      return effect
    case 'deposit_recorded':
      return { kind: 'deposit', account: effect.account, amount: effect.amount }
    case 'withdrawal_released':
    case 'withdrawal_paid':
      return { kind: 'withdrawal', account: effect.account, amount: effect.amount }
    case 'participant_admitted':
    case 'participant_suspended':
    case 'participant_reinstated':
      return { kind: effect.kind, account: effect.account }
    case 'rulebook_scheduled':
      return effect
    case 'withdrawal_due':
    case 'order_placed':
    case 'key_replaced':
    case 'funding_ordered':
    case 'readings_counted':
      return undefined
  }
}
