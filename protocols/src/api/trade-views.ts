import { paymentStates } from '@busbar/core/payments'
import { tradeStatuses } from '@busbar/core/trades'
import { Type, type Static } from 'typebox'
import { RunKindName } from './intervals.ts'
import {
  Account,
  AmountMicros,
  closed,
  Count,
  EnergyWh,
  Hash,
  InstantMs,
  IntervalNumber,
  MeterNumber,
  MoneyMicros,
  nullable,
  Sequence,
  Signature,
  SignedWord,
  ZoneNumber,
} from './scalars.ts'
import {
  ContractDigest,
  ContractTerms,
  OfferContent,
  RailName,
  TradeNumber,
  WindowIntervals,
} from './trades.ts'

/* What is shown of trades: to each reader the part that concerns it, see `relation`. */

export const TradeStatusName = Type.Enum([...tradeStatuses])

const Proposal = Type.Object(
  {
    contract: ContractDigest,
    terms: ContractTerms,
    proposer: nullable(Account),
    requester: nullable(Account),
    sellerSignature: nullable(SignedWord),
    buyerSignature: nullable(SignedWord),
    sequence: Sequence,
  },
  {
    ...closed,
    description:
      'What waits for an answer; proposed by nobody where two offers met. ' +
      'A requester of a change ' +
      'pays for it, once it is agreed.',
  },
)

const Version = Type.Object(
  {
    contract: ContractDigest,
    terms: ContractTerms,
    sellerSignature: SignedWord,
    buyerSignature: SignedWord,
    sequence: Sequence,
    atMs: InstantMs,
  },
  { ...closed, description: 'A contract that both sides have signed; the last one is in force.' },
)

const Totals = Type.Object(
  {
    contractedWh: EnergyWh,
    obligedWh: EnergyWh,
    deliveredWh: EnergyWh,
    complete: Count,
    partial: Count,
    failed: Count,
    settled: Count,
    final: Count,
    sellerMicros: AmountMicros,
    buyerMicros: AmountMicros,
  },
  { ...closed, description: 'What the trade has come to so far, over all settled intervals.' },
)

const trade = { trade: TradeNumber, status: TradeStatusName, reason: Type.String() }

/** In which way a trade concerns its reader. */
export const TradeRelation = Type.Enum(['party', 'retailer', 'utility'])

/** To its parties, the platform they named, operators and auditors. */
export const PartyTrade = Type.Object(
  {
    relation: Type.Literal('party'),
    ...trade,
    proposal: nullable(Proposal),
    versions: Type.Array(Version),
    endsAt: IntervalNumber,
    totals: Totals,
  },
  closed,
)

/** To a retailer: its own customer's side, without the other side and the price. */
export const RetailerTrade = Type.Object(
  {
    relation: Type.Literal('retailer'),
    ...trade,
    side: Type.Enum(['buy', 'sell']),
    account: Account,
    meter: MeterNumber,
    rail: RailName,
    fromInterval: IntervalNumber,
    intervals: WindowIntervals,
    endsAt: IntervalNumber,
    contractedWh: EnergyWh,
    deliveredWh: EnergyWh,
  },
  closed,
)

/** To a utility: what flows over its wires and when, without the parties and the price. */
export const UtilityTrade = Type.Object(
  {
    relation: Type.Literal('utility'),
    ...trade,
    fromInterval: IntervalNumber,
    intervals: WindowIntervals,
    endsAt: IntervalNumber,
    contractedWh: EnergyWh,
    sellerZone: nullable(ZoneNumber),
    buyerZone: nullable(ZoneNumber),
    sellerMeter: nullable(MeterNumber),
    buyerMeter: nullable(MeterNumber),
  },
  { ...closed, description: 'Zones and meters of other utilities are null.' },
)

export const Trade = Type.Union([PartyTrade, RetailerTrade, UtilityTrade])

export const Trades = Type.Object(
  { trades: Type.Array(Trade), nextFrom: nullable(TradeNumber) },
  { ...closed, description: 'The trades that concern the reader, ascending.' },
)

export const DeliveryLimit = Type.Object(
  { utility: Account, energyWh: EnergyWh, reason: Type.String(), sequence: Sequence },
  closed,
)

/** One interval of a trade. Money is shown to its parties alone. */
export const TradeDelivery = Type.Object(
  {
    interval: IntervalNumber,
    contractedWh: EnergyWh,
    limit: nullable(DeliveryLimit),
    obligedWh: EnergyWh,
    result: nullable(Type.Enum(['complete', 'partial', 'failed'])),
    deliveredWh: nullable(EnergyWh),
    sellerShortWh: nullable(EnergyWh),
    buyerShortWh: nullable(EnergyWh),
    sellerMicros: nullable(AmountMicros),
    buyerMicros: nullable(AmountMicros),
    isFinal: Type.Boolean(),
  },
  { ...closed, description: 'What was owed in an interval and, once it is settled, what came.' },
)

export const TradeDeliveries = Type.Object(
  {
    trade: TradeNumber,
    deliveries: Type.Array(TradeDelivery),
    nextFrom: nullable(IntervalNumber),
  },
  closed,
)

export const BoardOffer = Type.Object(
  {
    offer: Type.Integer({ minimum: 1 }),
    account: Account,
    retailer: nullable(Account),
    zone: ZoneNumber,
    status: Type.Enum(['open', 'matched']),
    content: OfferContent,
  },
  { ...closed, description: 'On the board without the steps that name a participant.' },
)

export const OfferBoard = Type.Object(
  { offers: Type.Array(BoardOffer), nextFrom: nullable(Count) },
  closed,
)

export const Declaration = Type.Object(
  {
    interval: IntervalNumber,
    account: Account,
    meter: MeterNumber,
    soldWh: EnergyWh,
    boughtWh: EnergyWh,
    exportedWh: EnergyWh,
    importedWh: EnergyWh,
    auctionSoldWh: EnergyWh,
    auctionBoughtWh: EnergyWh,
    imbalanceBoughtWh: EnergyWh,
    imbalanceSoldWh: EnergyWh,
    utility: nullable(Account),
    wheelingMicrosPerKwh: nullable(MoneyMicros),
    wheelingMicros: MoneyMicros,
    runKind: RunKindName,
    isEstimated: Type.Boolean(),
  },
  {
    ...closed,
    description:
      'What a customer’s meter traded in an interval, by contract and in the auction, and what ' +
      'the balancing authority took of that: its retailer must not bill it. ' +
      '`wheelingMicros` is what the utility charges this side for its contracts, on the bill.',
  },
)

export const Declarations = Type.Object(
  {
    retailer: Account,
    declarations: Type.Array(Declaration),
    nextFrom: nullable(IntervalNumber),
  },
  { ...closed, description: 'By interval and meter: of the retailer’s own customers alone.' },
)

const MeteredEnergyLine = Type.Object(
  {
    interval: IntervalNumber,
    account: Account,
    meter: MeterNumber,
    zone: ZoneNumber,
    importedWh: EnergyWh,
    exportedWh: EnergyWh,
    assurance: Type.Enum(['metered', 'interpolated', 'repeated', 'absent']),
    runKind: RunKindName,
  },
  {
    ...closed,
    description: 'By the readings that count now; provisional while a run waits for one of them.',
  },
)

export const MeteredEnergyAnswer = Type.Object(
  {
    retailer: Account,
    energies: Type.Array(MeteredEnergyLine),
    nextFrom: nullable(IntervalNumber),
  },
  { ...closed, description: 'By interval and meter: of the retailer’s own customers alone.' },
)

export const MeterDataRequest = Type.Object(
  {
    meter: MeterNumber,
    gateway: Count,
    fromBoundary: IntervalNumber,
    throughBoundary: IntervalNumber,
    missing: Type.Array(IntervalNumber, { description: 'Boundaries without a reading.' }),
    dueAtMs: InstantMs,
  },
  { ...closed, description: 'Readings of a trading meter that the exchange waits for.' },
)

export const MeterDataRequests = Type.Object(
  { retailer: Account, requests: Type.Array(MeterDataRequest) },
  closed,
)

export const PaymentView = Type.Object(
  {
    payment: Count,
    trade: TradeNumber,
    rail: RailName,
    payer: Account,
    payee: Account,
    reservedMicros: MoneyMicros,
    amountMicros: MoneyMicros,
    state: Type.Enum([...paymentStates]),
    reference: Type.String(),
    expiresAtMs: nullable(InstantMs),
    dueAtMs: nullable(InstantMs),
    postponements: Count,
    reason: Type.String(),
  },
  closed,
)

export const Payments = Type.Object(
  {
    account: Account,
    payments: Type.Array(PaymentView),
    duesMicros: AmountMicros,
    prepaidMicros: MoneyMicros,
    nextFrom: nullable(Count),
  },
  { ...closed, description: '`duesMicros`: owed outside of the ledger and not paid yet.' },
)

const EnforcementStep = Type.Object(
  {
    step: Type.Enum(['warning', 'fine', 'suspension', 'disconnection_notice']),
    atMs: InstantMs,
    deadlineMs: InstantMs,
    fineMicros: MoneyMicros,
    evidence: Type.String(),
    consent: Type.String(),
  },
  closed,
)

export const DefaultView = Type.Object(
  {
    default: Count,
    account: nullable(Account),
    creditor: nullable(Account),
    trade: TradeNumber,
    payment: nullable(Count),
    cause: Type.Enum([
      'payment_failed',
      'payment_overdue',
      'reservation_failed',
      'renewal_failed',
    ]),
    amountMicros: MoneyMicros,
    recoveredMicros: MoneyMicros,
    status: Type.Enum(['open', 'appealed', 'cured', 'overturned', 'exhausted']),
    steps: Type.Array(EnforcementStep),
    grounds: Type.String({
      description:
        'The hash of what the debtor has appealed with; else empty. One appeal is heard for each.',
    }),
    atMs: InstantMs,
  },
  { ...closed, description: 'Neither side is named to the retailer of the other.' },
)

export const Defaults = Type.Object(
  { account: Account, defaults: Type.Array(DefaultView), nextFrom: nullable(Count) },
  { ...closed, description: 'Of an account, or of a retailer’s customers on either side.' },
)

export const ScheduledFlow = Type.Object(
  {
    interval: IntervalNumber,
    zone: ZoneNumber,
    injectedWh: EnergyWh,
    withdrawnWh: EnergyWh,
    trades: Count,
    limited: Count,
  },
  { ...closed, description: 'What trades will put in and take out in a zone, before its gate.' },
)

export const Schedule = Type.Object(
  {
    utility: Account,
    zones: Type.Array(ZoneNumber, { description: 'Whose wires are the utility’s, ascending.' }),
    flows: Type.Array(ScheduledFlow),
    nextFrom: nullable(IntervalNumber),
  },
  closed,
)

export const TradedEnergy = Type.Object(
  {
    meter: MeterNumber,
    fromInterval: IntervalNumber,
    sequence: Sequence,
    proofs: Type.Array(Type.String({ pattern: '^0x[0-9a-f]*$' }), {
      description: 'One for each interval: a proof of what was traded, or that nothing was.',
    }),
    signature: Signature,
    secret: Hash,
  },
  { ...closed, description: 'Read it with `verifyTradedEnergy` of the client.' },
)

export type PartyTrade = Static<typeof PartyTrade>
export type Trade = Static<typeof Trade>
export type TradeDelivery = Static<typeof TradeDelivery>
export type BoardOffer = Static<typeof BoardOffer>
export type Declaration = Static<typeof Declaration>
export type MeteredEnergyLine = Static<typeof MeteredEnergyLine>
export type MeterDataRequest = Static<typeof MeterDataRequest>
export type PaymentView = Static<typeof PaymentView>
export type DefaultView = Static<typeof DefaultView>
export type ScheduledFlow = Static<typeof ScheduledFlow>
export type TradedEnergy = Static<typeof TradedEnergy>
