import {
  type AccountDetail,
  type AccountInterval,
  type AccountSeries,
  type AuditBalances,
  type AuditInterval,
  type AuditReplay,
  type ClaimAnswer,
  type ClaimBody,
  type Conservation,
  type Grid,
  type Health,
  type InclusionProof,
  type InstructionItemResult,
  type Intervals,
  type ItemResult,
  type Kpis,
  type Market,
  type MeterList, type MeterQuery,
  type Openings,
  type OrderNeighbours, type OrderPath, type Receipt,
  type ParticipantQuery,
  type Participants,
  type ProofAnswer, type ProofBody, type ProvingQueue,
  type PublicInterval,
  type ReadingsItemResult,
  type Reveal,
  type RevealResult,
  routes,
  type SealedItemResult,
  type Series,
  type SignedCancellation,
  type SignedInstruction,
  type SignedOrder,
  type SignedReadingBatch,
  type SignedSealedOrder,
  type SignedWithdrawal,
  type Standing,
  type Statement,
} from '@busbar/protocols/api'
import { createDomain, type Domain } from '@busbar/protocols/eip712'
import { errorOfFailure } from './busbar-error.ts'
import { type Accepted, type CallOptions, Calls, type ClientOptions } from './calls.ts'
import { type EventOptions, eventStream, type ReceivedEvent } from './event-stream.ts'
import type { StatementQuery } from './queries.ts'
import { fill, withQuery } from './requests.ts'
import type { Credential } from './signer.ts'
import { KeyClient } from './key-client.ts'
import { AccessClient } from './access.ts'
import { DeviceClient } from './device-client.ts'
import { NoticeClient } from './notice-client.ts'
import { SessionClient } from './sessions.ts'
import { BookClient } from './book-client.ts'
import { SignatureClient } from './signature-client.ts'
import { OperatorClient } from './operator-client.ts'
import { TradeClient } from './trade-client.ts'

type OrderPlace = { readonly zone: number; readonly interval: number; readonly commitment: string }

/**
 * The exchange over HTTP. Works where there is a `fetch`: Node and browsers.
 *
 * `submit…` take any number of commands, send them in as few requests as the limits allow and give
 * each one's result in its place; the singular methods throw what was rejected. Everything throws
 * BusbarError, and tries again by itself what failed in passing.
 */
export class BusbarClient {
  readonly #options: ClientOptions
  readonly #calls: Calls
  /** Contracts between named parties. */
  readonly trades: TradeClient
  readonly notices: NoticeClient
  readonly devices: DeviceClient
  /** For those who run the market. */
  readonly operator: OperatorClient
  readonly books: BookClient
  readonly signatures: SignatureClient
  readonly access: AccessClient
  readonly sessions: SessionClient
  readonly keys: KeyClient

  constructor(options: ClientOptions) {
    this.#options = options
    this.#calls = new Calls(options)
    this.trades = new TradeClient(this.#calls)
    this.notices = new NoticeClient(this.#calls)
    this.devices = new DeviceClient(this.#calls)
    this.operator = new OperatorClient(this.#calls)
    this.books = new BookClient(this.#calls)
    this.signatures = new SignatureClient(this.#calls)
    this.access = new AccessClient(this.#calls)
    this.sessions = new SessionClient(this.#calls)
    this.keys = new KeyClient(this.#calls)
  }

  /** The same server, reading as somebody else. */
  as(credential: Credential): BusbarClient {
    return new BusbarClient({ ...this.#options, credential })
  }

  market(options?: CallOptions): Promise<Market> {
    return this.#calls.get<Market>(routes.market.path, options)
  }

  /** The signing domain, as the market says it is. Compare it with what you were told. */
  async domain(options?: CallOptions): Promise<Domain> {
    const { market, domain } = await this.market(options)
    const { chainId, verifyingContract } = domain
    const made = createDomain({ market, chainId, verifyingContract })
    if (made.name !== domain.name || made.version !== domain.version) {
      throw errorOfFailure('answer_malformed', `the domain ${domain.name} is not that of ${market}`)
    }
    return made
  }

  submitOrders(orders: readonly SignedOrder[], options?: CallOptions): Promise<ItemResult[]> {
    return this.#calls.submit<ItemResult>(routes.submitOrders.path, 'orders', orders, options)
  }

  placeOrder(order: SignedOrder, options?: CallOptions): Promise<Accepted<ItemResult>> {
    return this.#calls.one<ItemResult>(routes.submitOrders.path, 'orders', order, options)
  }

  /** Each that is taken gets a receipt; see `verifyReceipt`. */
  submitSealedOrders(
    orders: readonly SignedSealedOrder[],
    options?: CallOptions,
  ): Promise<SealedItemResult[]> {
    const { path } = routes.submitSealedOrders
    return this.#calls.submit<SealedItemResult>(path, 'orders', orders, options)
  }

  placeSealedOrder(
    order: SignedSealedOrder,
    options?: CallOptions,
  ): Promise<Accepted<SealedItemResult>> {
    const { path } = routes.submitSealedOrders
    return this.#calls.one<SealedItemResult>(path, 'orders', order, options)
  }

  /** After the gate, where the rulebook has owners open their orders; see `revealOf`. */
  submitReveals(reveals: readonly Reveal[], options?: CallOptions): Promise<RevealResult[]> {
    return this.#calls.submit<RevealResult>(routes.submitReveals.path, 'reveals', reveals, options)
  }

  revealOrder(reveal: Reveal, options?: CallOptions): Promise<Accepted<RevealResult>> {
    return this.#calls.one<RevealResult>(routes.submitReveals.path, 'reveals', reveal, options)
  }

  submitCancellations(
    cancellations: readonly SignedCancellation[],
    options?: CallOptions,
  ): Promise<ItemResult[]> {
    const { path } = routes.submitCancellations
    return this.#calls.submit<ItemResult>(path, 'cancellations', cancellations, options)
  }

  cancelOrder(
    cancellation: SignedCancellation,
    options?: CallOptions,
  ): Promise<Accepted<ItemResult>> {
    const { path } = routes.submitCancellations
    return this.#calls.one<ItemResult>(path, 'cancellations', cancellation, options)
  }

  submitWithdrawals(
    withdrawals: readonly SignedWithdrawal[],
    options?: CallOptions,
  ): Promise<ItemResult[]> {
    const { path } = routes.submitWithdrawals
    return this.#calls.submit<ItemResult>(path, 'withdrawals', withdrawals, options)
  }

  withdraw(withdrawal: SignedWithdrawal, options?: CallOptions): Promise<Accepted<ItemResult>> {
    const { path } = routes.submitWithdrawals
    return this.#calls.one<ItemResult>(path, 'withdrawals', withdrawal, options)
  }

  submitInstructions(
    instructions: readonly SignedInstruction[],
    options?: CallOptions,
  ): Promise<InstructionItemResult[]> {
    const { path } = routes.submitInstructions
    return this.#calls.submit<InstructionItemResult>(path, 'instructions', instructions, options)
  }

  instruct(
    instruction: SignedInstruction,
    options?: CallOptions,
  ): Promise<Accepted<InstructionItemResult>> {
    const { path } = routes.submitInstructions
    return this.#calls.one<InstructionItemResult>(path, 'instructions', instruction, options)
  }

  submitReadings(
    batches: readonly SignedReadingBatch[],
    options?: CallOptions,
  ): Promise<ReadingsItemResult[]> {
    const { path } = routes.submitReadings
    return this.#calls.submit<ReadingsItemResult>(path, 'batches', batches, options)
  }

  sendReadings(
    batch: SignedReadingBatch,
    options?: CallOptions,
  ): Promise<Accepted<ReadingsItemResult>> {
    const { path } = routes.submitReadings
    return this.#calls.one<ReadingsItemResult>(path, 'batches', batch, options)
  }

  /** Ascending; without `from` the newest. `nextFrom` is where the next page begins. */
  intervals(
    query: { readonly zone?: number; readonly from?: number; readonly limit?: number } = {},
    options?: CallOptions,
  ): Promise<Intervals> {
    return this.#calls.get<Intervals>(withQuery(routes.intervals.path, query), options)
  }

  interval(zone: number, interval: number, options?: CallOptions): Promise<PublicInterval> {
    return this.#calls.get<PublicInterval>(fill(routes.interval.path, { zone, interval }), options)
  }

  /** Figures of many intervals in columns; without `from` the newest. */
  series(
    query: {
      readonly zone?: number
      readonly from?: number
      readonly points?: number
      readonly step?: number
    } = {},
    options?: CallOptions,
  ): Promise<Series> {
    return this.#calls.get<Series>(withQuery(routes.series.path, query), options)
  }

  /** The zones with what flowed over their bridges; without an interval the newest settled. */
  grid(query: { readonly interval?: number } = {}, options?: CallOptions): Promise<Grid> {
    return this.#calls.get<Grid>(withQuery(routes.grid.path, query), options)
  }

  /** What the exchange is measured by; without a range over the newest day of five minutes. */
  kpis(
    query: { readonly from?: number; readonly to?: number } = {},
    options?: CallOptions,
  ): Promise<Kpis> {
    return this.#calls.get<Kpis>(withQuery(routes.kpis.path, query), options)
  }

  participants(query: ParticipantQuery = {}, options?: CallOptions): Promise<Participants> {
    return this.#calls.get<Participants>(withQuery(routes.participants.path, query), options)
  }

  /** All meters for operators and auditors; else one's own, one's customers', on one's wires. */
  meters(query: MeterQuery = {}, options?: CallOptions): Promise<MeterList> {
    return this.#calls.getPrivate<MeterList>(withQuery(routes.meters.path, query), options)
  }

  account(account: number, options?: CallOptions): Promise<AccountDetail> {
    return this.#calls.getPrivate<AccountDetail>(fill(routes.account.path, { account }), options)
  }

  /** Why this cent. */
  accountInterval(
    account: number,
    interval: number,
    options?: CallOptions,
  ): Promise<AccountInterval> {
    const path = fill(routes.accountInterval.path, { account, interval })
    return this.#calls.getPrivate<AccountInterval>(path, options)
  }

  /** What its meters and trades did, a column for each figure: a day in one answer. */
  accountSeries(
    account: number,
    query: { readonly from: number; readonly intervals: number },
    options?: CallOptions,
  ): Promise<AccountSeries> {
    const path = withQuery(fill(routes.accountSeries.path, { account }), query)
    return this.#calls.getPrivate<AccountSeries>(path, options)
  }

  /** How far its money is, and how far it may still move. */
  standing(account: number, options?: CallOptions): Promise<Standing> {
    return this.#calls.getPrivate<Standing>(fill(routes.standing.path, { account }), options)
  }

  /** Lines of one sequence come on one page. */
  statement(account: number, query?: StatementQuery, options?: CallOptions): Promise<Statement> {
    const path = withQuery(fill(routes.statement.path, { account }), query ?? {})
    return this.#calls.getPrivate<Statement>(path, options)
  }

  /** Where a sealed order stands in its set, and its fill; see `openOwnFill`. */
  orderPath(at: OrderPlace, options?: CallOptions): Promise<OrderPath> {
    return this.#calls.getPrivate<OrderPath>(fill(routes.orderPath.path, at), options)
  }

  /** For whoever holds a receipt: with what an omission is shown on the chain. */
  orderNeighbours({ sequence, signature, ...at }: Receipt): Promise<OrderNeighbours> {
    const path = withQuery(fill(routes.orderNeighbours.path, at), { sequence, signature })
    return this.#calls.get<OrderNeighbours>(path)
  }

  orderProof(
    at: { readonly zone: number; readonly interval: number; readonly digest: string },
    options?: CallOptions,
  ): Promise<InclusionProof> {
    return this.#calls.getPrivate<InclusionProof>(fill(routes.orderProof.path, at), options)
  }

  postingProof(
    at: { readonly zone: number; readonly interval: number; readonly account: number },
    query: { readonly run?: number } = {},
    options?: CallOptions,
  ): Promise<InclusionProof> {
    const path = withQuery(fill(routes.postingProof.path, at), query)
    return this.#calls.getPrivate<InclusionProof>(path, options)
  }

  readingProof(
    at: { readonly zone: number; readonly interval: number; readonly meter: number },
    query: { readonly run?: number } = {},
    options?: CallOptions,
  ): Promise<InclusionProof> {
    const path = withQuery(fill(routes.readingProof.path, at), query)
    return this.#calls.getPrivate<InclusionProof>(path, options)
  }

  auditInterval(zone: number, interval: number, options?: CallOptions): Promise<AuditInterval> {
    const path = fill(routes.auditInterval.path, { zone, interval })
    return this.#calls.getPrivate<AuditInterval>(path, options)
  }

  /** All that an interval was worked out from; see what the audit page makes of it. */
  auditReplay(zone: number, interval: number, options?: CallOptions): Promise<AuditReplay> {
    const path = fill(routes.auditReplay.path, { zone, interval })
    return this.#calls.getPrivate<AuditReplay>(path, options)
  }

  auditBalances(options?: CallOptions): Promise<AuditBalances> {
    return this.#calls.getPrivate<AuditBalances>(routes.auditBalances.path, options)
  }

  /** Every order of an interval, opened: for operators and auditors. */
  auditOpenings(zone: number, interval: number, options?: CallOptions): Promise<Openings> {
    const path = fill(routes.auditOpenings.path, { zone, interval })
    return this.#calls.getPrivate<Openings>(path, options)
  }

  /** For provers: a batch to prove, or null where none is due. */
  async claimProving(
    wanted: ClaimBody = {},
    options?: CallOptions,
  ): Promise<ClaimAnswer['claim']> {
    const { path } = routes.claimProving
    return (await this.#calls.postPrivate<ClaimAnswer>(path, wanted, options)).claim
  }

  handInProof(proof: ProofBody, options?: CallOptions): Promise<ProofAnswer> {
    return this.#calls.postPrivate<ProofAnswer>(routes.handInProof.path, proof, options)
  }

  /** What is cleared and not proven. */
  provingQueue(options?: CallOptions): Promise<ProvingQueue> {
    return this.#calls.getPrivate<ProvingQueue>(routes.provingQueue.path, options)
  }

  conservation(options?: CallOptions): Promise<Conservation> {
    return this.#calls.get<Conservation>(routes.conservation.path, options)
  }

  /** Answers while the server is not ready too, instead of trying again. */
  async health(options?: CallOptions): Promise<Health> {
    const ask = { method: 'GET', path: routes.health.path, alsoStatus: 503, ...options } as const
    return (await this.#calls.transport.json(ask)) as Health
  }

  metrics(options?: CallOptions): Promise<string> {
    return this.#calls.transport.text({ method: 'GET', path: routes.metrics.path, ...options })
  }

  openApi(options?: CallOptions): Promise<Readonly<Record<string, unknown>>> {
    return this.#calls.get<Readonly<Record<string, unknown>>>(routes.openapi.path, options)
  }

  /** Moves a manual clock; answers when all that fell due by then is durable. */
  async setClock(nowMs: number, options?: CallOptions): Promise<number> {
    const body = JSON.stringify({ nowMs })
    const ask = { method: 'POST', path: routes.setClock.path, body, ...options } as const
    return ((await this.#calls.transport.json(ask)) as { readonly nowMs: number }).nowMs
  }

  /** What everybody is told, and with a credential what its account alone is. */
  events(options?: EventOptions): AsyncGenerator<ReceivedEvent, void, undefined> {
    return eventStream(this.#calls.transport, options, async () => this.#options.credential?.())
  }
}
