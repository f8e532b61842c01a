import { Type, type Static, type TSchema } from 'typebox'
import { accountSeriesRoutes } from './account-series-routes.ts'
import { AccountDetail, AccountInterval, Statement, StatementKind } from './accounts.ts'
import { AuditReplay } from './audit-replay.ts'
import { AuditBalances, AuditInterval } from './audit.ts'
import { streamEvents } from './events.ts'
import { InclusionProof, Intervals, PublicInterval } from './intervals.ts'
import { Market, Participants } from './market.ts'
import { ParticipantQuery } from './participant-query.ts'
import { ClockBody, ClockMoved, Health } from './operations.ts'
import { ClaimAnswer, ClaimBody, ProofAnswer, ProofBody, ProvingQueue } from './proving.ts'
import { InstructionResults, ItemResults, ReadingsResults } from './results.ts'
import { proverProblems, readProblems, revealProblems, writeProblems } from './route-problems.ts'
import {
  Account,
  closed,
  Digest,
  FieldElement,
  IntervalNumber,
  MeterNumber,
  RunNumber,
  Sequence, Signature,
  ZoneNumber,
} from './scalars.ts'
import {
  Openings,
  OrderNeighbours, OrderPath,
  RevealResults,
  RevealsBody,
  SealedOrdersBody,
  SealedResults,
} from './sealed.ts'
import { bookRoutes } from './book-routes.ts'
import { measureRoutes } from './measure-routes.ts'
import { meterRoutes } from './meter-routes.ts'
import { keyRoutes } from './key-routes.ts'
import { signInRoutes } from './sign-in-routes.ts'
import { accessRoutes } from './access-routes.ts'
import { deviceRoutes } from './device-routes.ts'
import { noticeRoutes } from './notice-routes.ts'
import { operatorRoutes } from './operator-routes.ts'
import { json, limit, order, type Route } from './route.ts'
import { signatureRoutes } from './signature-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { tradeRoutes } from './trade-routes.ts'
import {
  CancellationsBody,
  InstructionsBody,
  OrdersBody,
  ReadingsBody,
  WithdrawalsBody,
} from './writes.ts'

const zoneInterval = { zone: ZoneNumber, interval: IntervalNumber }

/**
 * Every route of the interface: the one source of the server’s validation, the client’s types, the
 * OpenAPI document and the reference page.
 */
export const routes = {
  market: {
    method: 'GET',
    path: '/v1/market',
    summary: 'The market: its rules, clock, gates, signing domain, contracts and zones.',
    access: 'public',
    response: json(Market),
    problems: ['market_not_open'],
  },
  submitOrders: {
    method: 'POST',
    path: '/v1/orders',
    summary: 'Places 1 to 1,000 signed orders. Each is taken or rejected for itself.',
    access: 'public',
    body: OrdersBody,
    response: json(ItemResults),
    problems: [
      ...writeProblems, 'role_missing', 'meter_unknown', 'meter_foreign', 'gate_closed',
      'interval_beyond_horizon', 'energy_exceeded', 'capacity_exceeded', 'price_out_of_bounds',
      'price_off_tick', 'order_book_mismatch', 'orders_exceeded', 'funds_insufficient',
      'mandate_exceeded', 'mandate_used_up',
    ],
  },
  submitSealedOrders: {
    method: 'POST',
    path: '/v1/sealed-orders',
    summary: 'Places 1 to 1,000 sealed orders; each that is taken gets a signed receipt.',
    access: 'public',
    body: SealedOrdersBody,
    response: json(SealedResults),
    problems: [
      ...writeProblems, 'role_missing', 'zone_unknown', 'meter_unknown', 'gate_closed',
      'interval_beyond_horizon', 'order_book_mismatch', 'committee_missing', 'commitment_exists',
      'orders_exceeded', 'funds_insufficient', 'mandate_exceeded', 'mandate_used_up',
    ],
  },
  submitReveals: {
    method: 'POST',
    path: '/v1/reveals',
    summary: 'Opens orders after their gate, where the rulebook has owners reveal them.',
    access: 'public',
    body: RevealsBody,
    response: json(RevealResults),
    problems: revealProblems,
  },
  submitCancellations: {
    method: 'POST',
    path: '/v1/cancellations',
    summary: 'Takes back open orders before their gate.',
    access: 'public',
    body: CancellationsBody,
    response: json(ItemResults),
    problems: [
      ...writeProblems, 'role_missing', 'order_unknown', 'gate_closed', 'mandate_exceeded',
    ],
  },
  ...accountSeriesRoutes,
  ...deviceRoutes,
  ...tradeRoutes,
  ...noticeRoutes,
  ...operatorRoutes,
  ...keyRoutes,
  ...accessRoutes,
  ...signInRoutes,
  ...sessionRoutes,
  ...measureRoutes,
  ...meterRoutes,
  submitWithdrawals: {
    method: 'POST',
    path: '/v1/withdrawals',
    summary: 'Sends available money to the registered address, by the chain.',
    access: 'public',
    body: WithdrawalsBody,
    response: json(ItemResults),
    problems: [...writeProblems, 'registered_key_needed', 'address_foreign', 'funds_insufficient'],
  },
  submitInstructions: {
    method: 'POST',
    path: '/v1/instructions',
    summary: 'Signed commands of authorities, retailers and utilities, each with its own content.',
    access: 'public',
    body: InstructionsBody,
    response: json(InstructionResults),
    problems: [
      ...writeProblems, 'role_missing', 'gateway_unknown', 'zone_unknown', 'meter_unknown',
      'name_exists', 'effective_in_past', 'tariff_missing', 'registered_key_needed',
      'passkeys_exceeded', 'join_code_unknown', 'join_codes_exceeded', 'mandates_exceeded',
      'meter_foreign', 'proposal_unknown', 'proposal_own', 'proposal_differs', 'proposal_not_open',
      'proposals_exceeded', 'account_disputed',
    ],
  },
  submitReadings: {
    method: 'POST',
    path: '/v1/readings',
    summary: 'Takes 1 to 100 batches of readings, each signed by its gateway.',
    access: 'public',
    body: ReadingsBody,
    response: json(ReadingsResults),
    problems: [...writeProblems, 'gateway_unknown', 'readings_empty'],
  },
  intervals: {
    method: 'GET',
    path: '/v1/intervals',
    summary: 'Intervals of a zone, ascending; without `from` the newest ones. Never shows orders.',
    access: 'public',
    query: Type.Object(
      { zone: Type.Optional(ZoneNumber), from: Type.Optional(IntervalNumber), limit },
      closed,
    ),
    response: json(Intervals),
    problems: ['field_invalid', 'field_unknown', 'not_found'],
  },
  interval: {
    method: 'GET',
    path: '/v1/intervals/:zone/:interval',
    summary: 'One interval: price, energy, roots, runs and transactions.',
    access: 'public',
    params: Type.Object(zoneInterval, closed),
    response: json(PublicInterval),
    problems: ['field_invalid', 'not_found'],
  },
  orderPath: {
    method: 'GET',
    path: '/v1/intervals/:zone/:interval/orders/:commitment/path',
    summary: 'That a sealed order is in the fixed set, and its fill leaf. For its owner.',
    access: 'account',
    params: Type.Object({ ...zoneInterval, commitment: FieldElement }, closed),
    response: json(OrderPath),
    problems: readProblems,
  },
  orderNeighbours: {
    method: 'GET',
    path: '/v1/intervals/:zone/:interval/orders/:commitment/neighbours',
    summary: 'Where an order stands in its fixed set, or between which: for its receipt.',
    access: 'public',
    params: Type.Object({ ...zoneInterval, commitment: FieldElement }, closed),
    query: Type.Object({ sequence: Sequence, signature: Signature }, closed),
    response: json(OrderNeighbours),
    problems: ['field_invalid', 'signature_invalid', 'not_found'],
  },
  orderProof: {
    method: 'GET',
    path: '/v1/intervals/:zone/:interval/proofs/orders/:digest',
    summary: 'That an order is in the committed order set. For the owner of the order.',
    access: 'account',
    params: Type.Object({ ...zoneInterval, digest: Digest }, closed),
    response: json(InclusionProof),
    problems: readProblems,
  },
  postingProof: {
    method: 'GET',
    path: '/v1/intervals/:zone/:interval/proofs/postings/:account',
    summary: 'That an account’s amount is in the committed postings of a run, or of the last.',
    access: 'account',
    params: Type.Object({ ...zoneInterval, account: Account }, closed),
    query: Type.Object({ run: Type.Optional(RunNumber) }, closed),
    response: json(InclusionProof),
    problems: readProblems,
  },
  readingProof: {
    method: 'GET',
    path: '/v1/intervals/:zone/:interval/proofs/readings/:meter',
    summary: 'That a meter’s energy is in the committed readings of a run, or of the last.',
    access: 'account',
    params: Type.Object({ ...zoneInterval, meter: MeterNumber }, closed),
    query: Type.Object({ run: Type.Optional(RunNumber) }, closed),
    response: json(InclusionProof),
    problems: readProblems,
  },
  ...signatureRoutes,
  account: {
    method: 'GET',
    path: '/v1/accounts/:account',
    summary: 'Balance, held, available, arrears, meters and open orders.',
    access: 'account',
    params: Type.Object({ account: Account }, closed),
    response: json(AccountDetail),
    problems: readProblems,
  },
  accountInterval: {
    method: 'GET',
    path: '/v1/accounts/:account/intervals/:interval',
    summary: 'Why this cent: orders, fills, readings, prices, fees, items and transactions.',
    access: 'account',
    params: Type.Object({ account: Account, interval: IntervalNumber }, closed),
    response: json(AccountInterval),
    problems: readProblems,
  },
  statement: {
    method: 'GET',
    path: '/v1/accounts/:account/statement',
    summary: 'What moved the balance, by journal sequence from `from`; one sequence on one page.',
    access: 'account',
    params: Type.Object({ account: Account }, closed),
    query: Type.Object(
      { from: Type.Optional(Sequence), kind: Type.Optional(StatementKind), order, limit },
      closed,
    ),
    response: json(Statement),
    problems: readProblems,
  },
  participants: {
    method: 'GET',
    path: '/v1/participants',
    summary: 'The public registry, ascending from the account `from`, or who is found in it.',
    access: 'public',
    query: ParticipantQuery,
    response: json(Participants),
    problems: ['field_invalid', 'field_unknown'],
  },
  ...bookRoutes,
  health: {
    method: 'GET',
    path: '/v1/health',
    summary: 'Live and ready, with the reasons. Status 503 while not ready.',
    access: 'public',
    response: json(Health),
    problems: [],
  },
  metrics: {
    method: 'GET',
    path: '/v1/metrics',
    summary: 'Metrics as Prometheus text. From this machine only, unless configured otherwise.',
    access: 'loopback',
    response: { mediaType: 'text/plain', schema: Type.String() },
    problems: ['access_denied'],
  },
  openapi: {
    method: 'GET',
    path: '/v1/openapi.json',
    summary: 'This interface as an OpenAPI 3.1 document.',
    access: 'public',
    response: json(Type.Object({}, { description: 'An OpenAPI 3.1 document.' })),
    problems: [],
  },
  stream: {
    method: 'GET',
    path: '/v1/stream',
    summary: 'Server-sent events as they become durable. Last-Event-ID continues after an event.',
    access: 'public',
    headers: Type.Object({ 'last-event-id': Type.Optional(Type.String({ maxLength: 64 })) }),
    response: {
      mediaType: 'text/event-stream',
      schema: Type.Unsafe<string>({
        type: 'string',
        description: `Events: ${Object.keys(streamEvents).join(', ')}.`,
      }),
    },
    problems: ['server_busy'],
  },
  setClock: {
    method: 'POST',
    path: '/v1/clock',
    summary: 'Moves a manual clock forward and answers when all that fell due is done.',
    access: 'loopback',
    body: ClockBody,
    response: json(ClockMoved),
    problems: ['not_found', 'access_denied', 'clock_backwards', 'field_invalid'],
  },
  auditInterval: {
    method: 'GET',
    path: '/v1/audit/intervals/:zone/:interval',
    summary: 'An interval with everybody’s fills and sums, for operators and auditors.',
    access: 'auditor',
    params: Type.Object(zoneInterval, closed),
    response: json(AuditInterval),
    problems: readProblems,
  },
  auditReplay: {
    method: 'GET',
    path: '/v1/audit/intervals/:zone/:interval/replay',
    summary: 'What an interval was worked out from, to be worked out again. For auditors.',
    access: 'auditor',
    params: Type.Object(zoneInterval, closed),
    response: json(AuditReplay),
    problems: readProblems,
  },
  auditOpenings: {
    method: 'GET',
    path: '/v1/audit/openings/:zone/:interval',
    summary: 'Every opened order of an interval, and what the reasons of its voids rest on.',
    access: 'auditor',
    params: Type.Object(zoneInterval, closed),
    response: json(Openings),
    problems: readProblems,
  },
  claimProving: {
    method: 'POST',
    path: '/v1/proving/claims',
    summary: 'The oldest batch without a proof that nobody works on, for provers.',
    access: 'prover',
    body: ClaimBody,
    response: json(ClaimAnswer),
    problems: proverProblems,
  },
  handInProof: {
    method: 'POST',
    path: '/v1/proving/proofs',
    summary: 'Takes a proof and sends it to the chain.',
    access: 'prover',
    body: ProofBody,
    response: json(ProofAnswer),
    problems: proverProblems,
  },
  provingQueue: {
    method: 'GET',
    path: '/v1/proving/queue',
    summary: 'What is cleared and not proven, for operators and auditors.',
    access: 'auditor',
    response: json(ProvingQueue),
    problems: readProblems,
  },
  auditBalances: {
    method: 'GET',
    path: '/v1/audit/balances',
    summary: 'Every account’s balance, for operators and auditors.',
    access: 'auditor',
    response: json(AuditBalances),
    problems: readProblems,
  },
} as const satisfies Record<string, Route>

export type RouteName = keyof typeof routes

type Part<Name extends RouteName, Key extends 'params' | 'query' | 'body'> =
  (typeof routes)[Name] extends Record<Key, infer Schema extends TSchema>
    ? Static<Schema>
    : undefined

/** What a route is asked with, after validation. */
export type RouteInput<Name extends RouteName> = {
  readonly params: Part<Name, 'params'>
  readonly query: Part<Name, 'query'>
  readonly body: Part<Name, 'body'>
}

/** What a route answers when it does not refuse. */
export type RouteOutput<Name extends RouteName> = Static<
  (typeof routes)[Name]['response']['schema']
>
