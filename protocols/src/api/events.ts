import { proposalStatuses } from '@busbar/core/exchange'
import { Type, type Static } from 'typebox'
import { RunKindName } from './intervals.ts'
import {
  Account,
  closed,
  EnergyWh,
  InstantMs,
  IntervalNumber,
  MoneyMicros,
  nullable,
  PriceMicrosPerKwh,
  ProposalNumber,
  RunNumber,
  TransactionHash,
  ZoneNumber,
} from './scalars.ts'

const FixedCount = Type.Integer({ minimum: 0, description: 'Void orders included.' })

/**
 * What the stream tells, by event name. All of it is public but `notices_written`, which only its
 * account is told: nothing here names an order, a reading or a meter; deposits and withdrawals
 * stand on the chain for everybody to see.
 */
export const streamEvents = {
  clock: Type.Object({ nowMs: InstantMs, interval: IntervalNumber }, closed),
  orders_fixed: Type.Object(
    { zone: ZoneNumber, interval: IntervalNumber, orderCount: FixedCount },
    {
      ...closed,
      description: 'The gate has closed: the order set can no longer change.',
    },
  ),
  interval_proven: Type.Object(
    {
      zone: ZoneNumber,
      interval: IntervalNumber,
      state: Type.Enum(['proven', 'overdue', 'faulty'], {
        description: 'overdue: a proof may still come. faulty: a challenge was upheld.',
      }),
    },
    { ...closed, description: 'What the chain has said of the proof of a clearing.' },
  ),
  committee_appointed: Type.Object(
    { fromInterval: IntervalNumber },
    {
      ...closed,
      description: 'Orders from this interval on are sealed to another key: ask for the market.',
    },
  ),
  interval_cleared: Type.Object(
    {
      zone: ZoneNumber,
      interval: IntervalNumber,
      priceMicrosPerKwh: nullable(PriceMicrosPerKwh),
      energyWh: EnergyWh,
    },
    closed,
  ),
  run_posted: Type.Object(
    { zone: ZoneNumber, interval: IntervalNumber, run: RunNumber, runKind: RunKindName },
    closed,
  ),
  interval_committed: Type.Object(
    { zone: ZoneNumber, interval: IntervalNumber, txHash: TransactionHash },
    closed,
  ),
  run_final: Type.Object(
    {
      zone: ZoneNumber,
      interval: IntervalNumber,
      run: RunNumber,
      txHash: TransactionHash,
    },
    closed,
  ),
  deposit: Type.Object({ account: Account, amountMicros: MoneyMicros }, closed),
  withdrawal: Type.Object({ account: Account, amountMicros: MoneyMicros }, closed),
  withdrawal_final: Type.Object(
    { account: Account, txHash: TransactionHash },
    { ...closed, description: 'The chain has paid a withdrawal, for good.' },
  ),
  participant_admitted: Type.Object({ account: Account }, closed),
  participant_suspended: Type.Object({ account: Account }, closed),
  participant_reinstated: Type.Object({ account: Account }, closed),
  rulebook_scheduled: Type.Object({ fromInterval: IntervalNumber }, closed),
  proposal_changed: Type.Object(
    { proposal: ProposalNumber, status: Type.Enum([...proposalStatuses]) },
    {
      ...closed,
      description: 'An authority has proposed something, or it was decided; authorities see what.',
    },
  ),
  board_changed: Type.Object(
    { offer: Type.Integer({ minimum: 1 }) },
    {
      ...closed,
      description: 'An offer came to the board, is matched, or is gone: ask for the board.',
    },
  ),
  notices_written: Type.Object(
    {
      account: Account,
      lastSequence: Type.Integer({ minimum: 0, description: 'Of the account’s newest notice.' }),
    },
    {
      ...closed,
      description:
        'To the account that reads alone, with a credential: at the beginning of every ' +
        'connection, and whenever there is a new notice. It has no id of its own.',
    },
  ),
  stream_reset: Type.Object(
    { reason: Type.Enum(['history_unavailable']) },
    {
      ...closed,
      description: 'The events after Last-Event-ID are gone: ask for what matters again.',
    },
  ),
} as const

export type StreamEventName = keyof typeof streamEvents

/** One event as a client gets it. */
export type StreamEvent = {
  [Name in StreamEventName]: {
    readonly name: Name
    readonly data: Static<(typeof streamEvents)[Name]>
  }
}[StreamEventName]
