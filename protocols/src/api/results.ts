import type { ReadingOutcome } from '@busbar/core/metering'
import { paymentStates } from '@busbar/core/payments'
import { tradeStatuses } from '@busbar/core/trades'
import { Type, type Static } from 'typebox'
import {
  Account,
  closed,
  CommandId,
  Count,
  Digest,
  GatewayNumber,
  InstantMs,
  IntervalNumber,
  MeterNumber,
  ProposalNumber,
  PublicKey,
  Sequence,
  ZoneNumber,
} from './scalars.ts'
import { TradeNumber } from './trades.ts'

const accepted = {
  kind: Type.Literal('accepted'),
  id: CommandId,
  sequence: Sequence,
  repeated: Type.Boolean({
    description: 'The same command had been accepted before: nothing happened again.',
  }),
  digest: Digest,
}

/** Accepted means durable: the command is in the journal. */
export const AcceptedItem = Type.Object(accepted, closed)

/** What a signature under a contract brought: the number of the trade that it belongs to. */
export const AcceptedContract = Type.Object(
  { ...accepted, trade: TradeNumber },
  { ...closed, description: '`digest` is the contract’s own.' },
)

export const RejectedItem = Type.Object(
  {
    kind: Type.Literal('rejected'),
    id: CommandId,
    code: Type.String({ description: 'One of the codes of the reference.' }),
    field: Type.Optional(Type.String({ description: 'The field to blame, where there is one.' })),
    limit: Type.Optional(Type.String({ description: 'What it would have had to be.' })),
    transient: Type.Boolean({
      description: 'The same command may be accepted later without being changed.',
    }),
  },
  closed,
)

const made = <K extends string, F extends Record<string, typeof Count>>(kind: K, fields: F) =>
  Type.Object({ kind: Type.Literal(kind), ...fields }, closed)

/** What an instruction brought, with the number that was assigned. */
export const InstructionResult = Type.Union([
  made('participant_admitted', { account: Account }),
  made('participant_changed', { account: Account }),
  Type.Object(
    {
      kind: Type.Literal('passkey_registered'),
      account: Account,
      publicKey: PublicKey,
      signsFromMs: InstantMs,
    },
    closed,
  ),
  Type.Object(
    { kind: Type.Literal('passkey_revoked'), account: Account, publicKey: PublicKey },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal('join_code_issued'),
      account: Account,
      publicKey: PublicKey,
      untilMs: InstantMs,
    },
    closed,
  ),
  Type.Object(
    { kind: Type.Literal('join_code_revoked'), account: Account, publicKey: PublicKey },
    closed,
  ),
  Type.Object(
    { kind: Type.Literal('mandate_granted'), account: Account, publicKey: PublicKey },
    closed,
  ),
  Type.Object(
    { kind: Type.Literal('mandate_revoked'), account: Account, publicKey: PublicKey },
    closed,
  ),
  made('zone_registered', { zone: ZoneNumber }),
  made('gateway_registered', { gateway: GatewayNumber }),
  made('meter_registered', { meter: MeterNumber }),
  made('meter_replaced', { meter: MeterNumber }),
  made('tariff_set', { fromInterval: IntervalNumber }),
  made('rulebook_scheduled', { fromInterval: IntervalNumber }),
  made('committee_appointed', { fromInterval: IntervalNumber }),
  made('funding_ordered', { accounts: Count }),
  made('proposal_made', { proposal: ProposalNumber, expiresAtMs: InstantMs }),
  Type.Object(
    {
      kind: Type.Literal('proposal_decided'),
      proposal: ProposalNumber,
      status: Type.Enum(['approved', 'refused']),
    },
    closed,
  ),
  Type.Object(
    { kind: Type.Literal('trade_changed'), trade: Count, status: Type.Enum([...tradeStatuses]) },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal('offer_changed'),
      offer: Count,
      status: Type.Enum(['open', 'matched', 'filled', 'withdrawn', 'expired']),
    },
    closed,
  ),
  made('delivery_limited', { trade: Count, intervals: Count }),
  made('wheeling_set', { fromInterval: IntervalNumber }),
  made('utility_assigned', { zone: ZoneNumber }),
  made('agreement_recorded', { fromInterval: IntervalNumber }),
  made('consent_given', { account: Account }),
  Type.Object(
    {
      kind: Type.Literal('default_changed'),
      default: Count,
      status: Type.Enum(['open', 'appealed', 'cured', 'overturned', 'exhausted']),
    },
    closed,
  ),
  made('prepaid_topped_up', { account: Account, balanceMicros: Count }),
  Type.Object(
    {
      kind: Type.Literal('payment_recorded'),
      payment: Count,
      state: Type.Enum([...paymentStates]),
    },
    closed,
  ),
])

export const AcceptedInstruction = Type.Object(
  { ...accepted, result: InstructionResult },
  closed,
)

export const readingOutcomes = [
  'counted',
  'duplicate',
  'conflicting',
  'superseded',
  'implausible',
  'out_of_range',
  'meter_unknown',
  'gateway_foreign',
  'too_early',
  'too_late',
] as const satisfies readonly ReadingOutcome[]

export const AcceptedReadings = Type.Object(
  {
    ...accepted,
    outcomes: Type.Array(Type.Enum([...readingOutcomes]), {
      description: 'What became of each reading, in the order of the batch.',
    }),
  },
  closed,
)

export const ItemResult = Type.Union([AcceptedItem, RejectedItem])
export const ContractItemResult = Type.Union([AcceptedContract, RejectedItem])
export const InstructionItemResult = Type.Union([AcceptedInstruction, RejectedItem])
export const ReadingsItemResult = Type.Union([AcceptedReadings, RejectedItem])

export const ItemResults = Type.Object({ results: Type.Array(ItemResult) }, closed)
export const ContractResults = Type.Object({ results: Type.Array(ContractItemResult) }, closed)
export const InstructionResults = Type.Object(
  { results: Type.Array(InstructionItemResult) },
  closed,
)
export const ReadingsResults = Type.Object({ results: Type.Array(ReadingsItemResult) }, closed)

export type AcceptedItem = Static<typeof AcceptedItem>
export type RejectedItem = Static<typeof RejectedItem>
export type ItemResult = Static<typeof ItemResult>
export type ContractItemResult = Static<typeof ContractItemResult>
export type InstructionItemResult = Static<typeof InstructionItemResult>
export type ReadingsItemResult = Static<typeof ReadingsItemResult>
