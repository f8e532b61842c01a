import { Fault } from '@busbar/core/errors'
import { bilateralZone, currentInterval, recordOf, type State } from '@busbar/core/exchange'
import type { Domain } from '@busbar/protocols/eip712'
import { bookViews } from './books/book-views.ts'
import type { BookWatch } from './books/book-watch.ts'
import { placeOf } from './engines.ts'
import type { Intake } from './intake.ts'
import type { Lane, Told } from './lane.ts'
import { Measures } from './measures/measures.ts'
import type { NoticeParts } from './notices/notice-parts.ts'
import type { RailParts } from './payments/rail-parts.ts'
import type { FaultSwitches } from './operations/fault-switches.ts'
import type { OperationsMeter } from './operations/operations-meter.ts'
import type { OutboxSender, SettlementChain } from './ports/chain.ts'
import type { BookViews } from './ports/book-views.ts'
import type { Clock, ManualClock } from './ports/clock.ts'
import type {
  ClockView, ExchangeService, Page, ParticipantsAsked, Reader, Reveal, SignedAcceptance,
  SignedCancellation, SignedInstruction, SignedOrder, SignedProposal, SignedReadingBatch,
  SignedSealedOrder, SignedWithdrawal, StatementQuery, Submission,
} from './ports/exchange-service.ts'
import type {
  AccountIntervalView, AccountView, AuditIntervalView, AuditOpeningsView,
  HealthView, InclusionProofView, IntervalView, MarketView, ParticipantView,
  OrderNeighboursView, SealedOrderProofView, StatementPageView,
} from './ports/exchange-views.ts'
import type { HandedInProof, ProofTaken, ProvingClaim, ProvingQueueItem } from './ports/proving.ts'
import type { AuditReplayView } from './ports/replay-view.ts'
import type { SignInService } from './ports/sign-in.ts'
import type { AccessService } from './ports/access-service.ts'
import type { DeviceService } from './ports/device-service.ts'
import type { Disk } from './ports/disk.ts'
import type { JoinCodeView } from './ports/key-views.ts'
import type { OutboxItem } from './ports/outbox.ts'
import type { ReceiptSigner } from './ports/receipts.ts'
import type { Store } from './ports/store.ts'
import type { StreamEvent } from './ports/stream-event.ts'
import type { TradingViews } from './ports/trading-views.ts'
import type { Demands } from './proving/demands.ts'
import type { Disputes } from './proving/disputes.ts'
import type { ProofWatch } from './proving/proof-watch.ts'
import type { ProvingQueue } from './proving/proving-queue.ts'
import type { Scheduler } from './scheduler.ts'
import { finalEventOf, PublicEvents } from './stream-events.ts'
import type { SealedClearings } from './sealed-clearings.ts'
import type { Snapshots } from './snapshots.ts'
import type { Openings } from './opening/openings.ts'
import type { WhatIfDesk } from './what-if/what-if-desk.ts'
import { healthChecks } from './views/health.ts'
import { accountIntervalView, accountView, registryView } from './views/accounts.ts'
import { auditIntervalView } from './views/audit.ts'
import { intervalNumbers, intervalView } from './views/intervals.ts'
import { joinCodeView } from './views/keys.ts'
import { marketView } from './views/market.ts'
import { operatorViews } from './views/operator/index.ts'
import { statementPage } from './views/statement.ts'
import { orderProof, postingProof, readingProof } from './views/proofs.ts'
import { isSignedBy, orderNeighbours } from './views/order-neighbours.ts'
import { auditReplayView } from './views/replay.ts'
import { meterViews } from './views/meters.ts'
import { signatureViews } from './views/signatures.ts'
import { auditOpenings, sealedOrderProof } from './views/sealed-orders.ts'
import { tradingViews } from './views/trading/index.ts'

export type ServiceParts = {
  readonly whatIf: WhatIfDesk
  readonly faults: FaultSwitches | undefined
  readonly meter: OperationsMeter
  readonly disk: Disk
  readonly snapshots: Snapshots
  readonly bookWatch: BookWatch
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
  readonly openings: Openings
  readonly proofs: ProofWatch
  readonly proving: ProvingQueue
  readonly demands: Demands
  readonly rails: RailParts
  readonly noticeParts: NoticeParts
  readonly devices: DeviceService
  readonly grants: AccessService
  readonly signIn: SignInService
  readonly disputes: Disputes
  readonly clearings: SealedClearings
  /** Signs answers about traded energy, as it does receipts. */
  readonly receipts: ReceiptSigner
  /** The address that receipts are signed with. */
  readonly operatorAddress: string
}

/** The exchange as the HTTP routes see it: intake, queries and the stream of one market. */
export class Service implements ExchangeService {
  readonly trading: TradingViews
  readonly notices: ExchangeService['notices']
  readonly devices: DeviceService
  readonly operator: ExchangeService['operator']
  readonly measures: Measures
  readonly meters: ExchangeService['meters']
  readonly signatures: ExchangeService['signatures']
  readonly books: BookViews
  readonly access: AccessService
  readonly signIn: SignInService
  readonly #parts: ServiceParts
  readonly #listeners = new Set<(event: StreamEvent) => void>()
  readonly #startedAt = performance.now()
  readonly #told: PublicEvents
  #stopping = false
  #failed: readonly OutboxItem[] = []

  constructor(parts: ServiceParts) {
    this.#parts = parts
    this.#told = new PublicEvents(this.#state)
    this.trading = tradingViews(() => parts.lane.state, parts.domain, parts.receipts, parts.store)
    this.notices = parts.noticeParts.desk
    this.devices = parts.devices
    this.operator = operatorViews({ ...parts, checks: () => this.health().checks })
    this.measures = new Measures(() => this.#state, () => parts.clock.now())
    this.meters = meterViews(() => this.#state, () => parts.clock.now())
    this.signatures = signatureViews(parts.lane, parts.store, parts.clearings)
    this.books = bookViews(parts)
    this.access = parts.grants
    this.signIn = parts.signIn
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

  submitSealedOrders(orders: readonly SignedSealedOrder[]): Promise<readonly Submission[]> {
    return this.#taking(orders, () => this.#parts.intake.sealedOrders(orders))
  }

  submitReveals(reveals: readonly Reveal[]): Promise<readonly Submission[]> {
    return this.#taking(reveals, () => this.#parts.intake.reveals(reveals))
  }

  submitCancellations(items: readonly SignedCancellation[]): Promise<readonly Submission[]> {
    return this.#taking(items, () => this.#parts.intake.cancellations(items))
  }

  submitContracts(items: readonly SignedProposal[]): Promise<readonly Submission[]> {
    return this.#taking(items, () => this.#parts.intake.contracts(items))
  }

  submitAcceptances(items: readonly SignedAcceptance[]): Promise<readonly Submission[]> {
    return this.#taking(items, () => this.#parts.intake.acceptances(items))
  }

  submitWithdrawals(items: readonly SignedWithdrawal[]): Promise<readonly Submission[]> {
    return this.#taking(items, () => this.#parts.intake.withdrawals(items))
  }

  submitInstructions(items: readonly SignedInstruction[]): Promise<readonly Submission[]> {
    return this.#taking(items, () => this.#parts.intake.instructions(items))
  }

  async submitReadings(batches: readonly SignedReadingBatch[]): Promise<readonly Submission[]> {
    const answers = await this.#taking(batches, () => this.#parts.intake.readings(batches))
    this.measures.hearReadings(batches, answers)
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
    const { clock, domain, chain, operatorAddress } = this.#parts
    return marketView(this.#state, clock.now(), domain, chain.deployment, operatorAddress)
  }

  clock(): ClockView {
    const { clock, clockMode, speed } = this.#parts
    return { mode: clockMode, nowMs: clock.now(), speed }
  }

  async setClock(nowMs: number): Promise<number> {
    const { clock, scheduler, rails, bookWatch } = this.#parts
    if ('advance' in clock) clock.advance(nowMs)
    try {
      await scheduler.recordMovements()
    } catch (error) {
      // Gates do not wait for the chain: what it would have shown is booked the next time.
      if (!(error instanceof Fault) || !error.code.startsWith('CHAIN_')) throw error
    }
    await scheduler.run()
    await rails.payments.run()
    await rails.netting.run()
    await this.lookForFailures()
    // Not waited for. A store that fails breaks the lane, which is told by itself.
    bookWatch.look().catch(() => undefined)
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
    // Trades of all zones have intervals of their own, whose roots anybody may ask for.
    if (this.#state.zones[zone] === undefined && zone !== bilateralZone) return undefined
    const wanted = intervalNumbers(this.#state, zone, page)
    const views = await Promise.all(wanted.map((number) => this.interval(zone, number)))
    return views.flatMap((view) => view ?? [])
  }

  async interval(zone: number, interval: number): Promise<IntervalView | undefined> {
    const record = recordOf(this.#state, zone, interval)
    if (record === undefined) return undefined
    const { store, clearings } = this.#parts
    return intervalView(this.#state, record, store, clearings)
  }

  async account(account: number): Promise<AccountView | undefined> {
    return accountView(this.#state, account)
  }

  accountInterval(account: number, interval: number): Promise<AccountIntervalView | undefined> {
    return accountIntervalView(this.#state, account, interval, this.#parts.store)
  }

  statement(account: number, query: StatementQuery): Promise<StatementPageView | undefined> {
    return statementPage(this.#state, account, query, this.#parts.store)
  }

  async joinCode(account: number, publicKey: string): Promise<JoinCodeView | undefined> {
    return joinCodeView(this.#state, this.#parts.clock.now(), account, publicKey)
  }

  async participants(page: Page, asked: ParticipantsAsked): Promise<readonly ParticipantView[]> {
    return registryView(this.#state, page, asked)
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

  sealedOrderProof(
    zone: number,
    interval: number,
    commitment: string,
  ): Promise<SealedOrderProofView | undefined> {
    const { chain, clearings } = this.#parts
    const where = { zone, interval, commitment }
    return sealedOrderProof(this.#state, placeOf(chain.deployment), where, clearings)
  }

  async orderNeighbours(
    receipt: Parameters<ExchangeService['orderNeighbours']>[0],
  ): Promise<OrderNeighboursView | 'receipt_invalid' | undefined> {
    const { domain, operatorAddress, clearings } = this.#parts
    if (!isSignedBy(operatorAddress, domain, receipt)) return 'receipt_invalid'
    return orderNeighbours(this.#state, receipt, clearings)
  }

  auditOpenings(zone: number, interval: number): Promise<AuditOpeningsView | undefined> {
    const { chain, clearings } = this.#parts
    return auditOpenings(this.#state, placeOf(chain.deployment), zone, interval, clearings)
  }

  claimProving(
    prover: number,
    limits: { readonly sizeMax: number | undefined; readonly zones: readonly number[] | undefined },
  ): Promise<ProvingClaim | undefined> {
    const { proving, faults } = this.#parts
    if (faults?.has('prover_off') === true) return Promise.resolve(undefined)
    return proving.claim(prover, limits)
  }

  handInProof(proof: HandedInProof): Promise<ProofTaken> {
    return this.#parts.proving.take(proof)
  }

  provingQueue(): Promise<readonly ProvingQueueItem[]> {
    return this.#parts.proving.view()
  }

  async auditInterval(zone: number, interval: number): Promise<AuditIntervalView | undefined> {
    const record = recordOf(this.#state, zone, interval)
    if (record === undefined) return undefined
    return auditIntervalView(record, this.#parts.disputes.openIn(zone, interval))
  }

  async auditReplay(zone: number, interval: number): Promise<AuditReplayView | undefined> {
    const record = recordOf(this.#state, zone, interval)
    return record && auditReplayView(this.#state, record, this.#parts.store)
  }

  health(): HealthView {
    const { broken, end } = this.#parts.lane
    const ready = broken === undefined && !this.#stopping
    return {
      status: this.#stopping ? 'stopping' : ready ? 'ready' : 'degraded',
      ready,
      checks: healthChecks(this.#parts, this.#failed),
      journalSequence: end.sequence,
      uptimeMs: Math.round(performance.now() - this.#startedAt),
    }
  }

  /** Looks what the chain has refused for good; health shows it. */
  async lookForFailures(): Promise<void> {
    this.#failed = await this.#parts.store.failed(failedShownMax)
  }

  subscribe(listener: (event: StreamEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Passes on what became durable, to those who watch. */
  hear(told: readonly Told[]): void {
    for (const event of this.#told.of(this.#state, told)) this.emit(event)
  }

  emit(event: StreamEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  /** An outbox item became final: the two that people wait for are told. */
  hearFinal(id: string, txHash: string, cost: { gasUsed: number; feeWei: bigint }): void {
    this.measures.hearFinal(id, cost)
    this.#parts.bookWatch.hearFinal()
    const event = finalEventOf(id, txHash)
    if (event !== undefined) this.emit(event)
  }
}

/** Requests that may wait for the disk before others are told to come again. */
const waitingRequestsMax = 10_000
const failedShownMax = 100
