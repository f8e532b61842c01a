import { sources } from '@busbar/core/trades'
import { Type } from 'typebox'
import { tradedEnergyIntervalsMax } from '../traded-energy/index.ts'
import { ContractProofs } from './contract-proofs.ts'
import { AccountSeriesQuery } from './account-series.ts'
import { CustomerEnergies, Customers } from './customers.ts'
import { ContractResults } from './results.ts'
import { Agreements, Nettings } from './retailer-views.ts'
import { json, limit, order, type Route } from './route.ts'
import { contractProblems, officeProblems, readProblems, writeProblems } from './route-problems.ts'
import { Account, closed, Count, IntervalNumber, MeterNumber, ZoneNumber } from './scalars.ts'
import {
  Declarations,
  Defaults,
  MeterDataRequests,
  MeteredEnergyAnswer,
  OfferBoard,
  Payments,
  Schedule,
  TradedEnergy,
  Trade,
  TradeDeliveries,
  TradeRelation,
  Trades,
} from './trade-views.ts'
import { Wheeling } from './wheeling.ts'
import { AcceptancesBody, ContractsBody, TradeNumber } from './trades.ts'

const account = Type.Object({ account: Account }, closed)

const byInterval = Type.Object({ from: Type.Optional(IntervalNumber), limit }, closed)

const ofSpan = Type.Object(
  {
    from: Type.Optional(IntervalNumber),
    until: Type.Optional({ ...IntervalNumber, description: 'Before this interval it ends.' }),
    limit,
  },
  closed,
)

const byNumber = Type.Object({ from: Type.Optional(Count), limit }, closed)

/** Routes about contracts between named parties; part of `routes`. */
export const tradeRoutes = {
  submitContracts: {
    method: 'POST',
    path: '/v1/contracts',
    summary: 'Proposes contracts that one side has signed: invitations, counter-offers, changes.',
    access: 'public',
    body: ContractsBody,
    response: json(ContractResults),
    problems: [...writeProblems, ...contractProblems],
  },
  submitAcceptances: {
    method: 'POST',
    path: '/v1/acceptances',
    summary: 'Accepts contracts by signing the same bytes as the other side.',
    access: 'public',
    body: AcceptancesBody,
    response: json(ContractResults),
    problems: [...writeProblems, ...contractProblems],
  },
  offers: {
    method: 'GET',
    path: '/v1/offers',
    summary: 'The board: standing offers and requests, with filters.',
    access: 'public',
    query: Type.Object(
      {
        side: Type.Optional(Type.Enum(['buy', 'sell'])),
        zone: Type.Optional(ZoneNumber),
        source: Type.Optional(Type.Enum([...sources])),
        interval: Type.Optional(IntervalNumber),
        from: Type.Optional(Count),
        order,
        limit,
      },
      closed,
    ),
    response: json(OfferBoard),
    problems: ['field_invalid'],
  },
  accountOffers: {
    method: 'GET',
    path: '/v1/accounts/:account/offers',
    summary: 'An account’s own offers that are on the board, with every step of their ladders.',
    access: 'account',
    params: account,
    query: Type.Object({ from: Type.Optional(Count), order, limit }, closed),
    response: json(OfferBoard),
    problems: readProblems,
  },
  trades: {
    method: 'GET',
    path: '/v1/trades',
    summary: 'The trades that concern the reader, each as far as they do.',
    access: 'tenant',
    query: Type.Object(
      { from: Type.Optional(Count), relation: Type.Optional(TradeRelation), order, limit },
      closed,
    ),
    response: json(Trades),
    problems: readProblems,
  },
  trade: {
    method: 'GET',
    path: '/v1/trades/:trade',
    summary: 'One trade, to its parties, their retailers and utilities, operators and auditors.',
    access: 'tenant',
    params: Type.Object({ trade: TradeNumber }, closed),
    response: json(Trade),
    problems: readProblems,
  },
  tradeDeliveries: {
    method: 'GET',
    path: '/v1/trades/:trade/deliveries',
    summary: 'What a trade owed in each interval, and what was delivered.',
    access: 'tenant',
    params: Type.Object({ trade: TradeNumber }, closed),
    query: byInterval,
    response: json(TradeDeliveries),
    problems: readProblems,
  },
  contractProofs: {
    method: 'GET',
    path: '/v1/trades/:trade/proofs',
    summary: 'That the contracts of a trade are on the chain, to all whom it concerns.',
    access: 'tenant',
    params: Type.Object({ trade: TradeNumber }, closed),
    response: json(ContractProofs),
    problems: readProblems,
  },
  payments: {
    method: 'GET',
    path: '/v1/accounts/:account/payments',
    summary: 'Payments of an account on rails outside of the ledger.',
    access: 'account',
    params: account,
    query: byNumber,
    response: json(Payments),
    problems: readProblems,
  },
  defaults: {
    method: 'GET',
    path: '/v1/accounts/:account/defaults',
    summary: 'Defaults of an account, or of the customers of a retailer.',
    access: 'account',
    params: account,
    query: byNumber,
    response: json(Defaults),
    problems: readProblems,
  },
  customers: {
    method: 'GET',
    path: '/v1/retailers/:account/customers',
    summary: 'Whom a retailer supplies: meters, what is prepaid, what is owed, defaults.',
    access: 'account',
    params: account,
    query: Type.Object({ from: Type.Optional(Account), limit }, closed),
    response: json(Customers),
    problems: officeProblems,
  },
  declarations: {
    method: 'GET',
    path: '/v1/retailers/:account/declarations',
    summary: 'What a retailer’s customers have traded, which it must not bill.',
    access: 'account',
    params: account,
    query: ofSpan,
    response: json(Declarations),
    problems: officeProblems,
  },
  meteredEnergy: {
    method: 'GET',
    path: '/v1/retailers/:account/metered-energy',
    summary: 'What the meters of a retailer’s customers showed, as it was settled by.',
    access: 'account',
    params: account,
    query: ofSpan,
    response: json(MeteredEnergyAnswer),
    problems: officeProblems,
  },
  customerEnergy: {
    method: 'GET',
    path: '/v1/retailers/:account/customer-energy',
    summary: 'Where the energy of a retailer’s customers went, and what is left to bill: in sums.',
    access: 'account',
    params: account,
    query: AccountSeriesQuery,
    response: json(CustomerEnergies),
    problems: officeProblems,
  },
  meterDataRequests: {
    method: 'GET',
    path: '/v1/retailers/:account/meter-data-requests',
    summary: 'Readings of trading customers that a retailer still has to send.',
    access: 'account',
    params: account,
    response: json(MeterDataRequests),
    problems: officeProblems,
  },
  tradedEnergy: {
    method: 'GET',
    path: '/v1/meters/:meter/traded-energy',
    summary: 'Whether energy of a meter was traded, interval by interval, with signed proofs.',
    access: 'tenant',
    params: Type.Object({ meter: MeterNumber }, closed),
    query: Type.Object(
      {
        from: IntervalNumber,
        count: Type.Integer({ minimum: 1, maximum: tradedEnergyIntervalsMax }),
      },
      closed,
    ),
    response: json(TradedEnergy),
    problems: readProblems,
  },
  wheeling: {
    method: 'GET',
    path: '/v1/utilities/:account/wheeling',
    summary: 'What a utility charges each side for what trades delivered over its wires.',
    access: 'account',
    params: account,
    query: byInterval,
    response: json(Wheeling),
    problems: officeProblems,
  },
  schedule: {
    method: 'GET',
    path: '/v1/utilities/:account/schedule',
    summary: 'What trades will put in and take out in a utility’s zones.',
    access: 'account',
    params: account,
    query: byInterval,
    response: json(Schedule),
    problems: officeProblems,
  },
  agreements: {
    method: 'GET',
    path: '/v1/agreements',
    summary: 'What binds retailers to act for each other’s customers: the reader’s agreements.',
    access: 'tenant',
    query: byNumber,
    response: json(Agreements),
    problems: readProblems,
  },
  nettings: {
    method: 'GET',
    path: '/v1/nettings',
    summary: 'The reader’s transfers with other retailers for prepaid trades, and what is owed.',
    access: 'tenant',
    query: byNumber,
    response: json(Nettings),
    problems: readProblems,
  },
} as const satisfies Record<string, Route>
