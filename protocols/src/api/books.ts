import { Type, type Static } from 'typebox'
import { SentTransaction } from './accounts.ts'
import { historyLimits } from './history-limits.ts'
import { ChainTransaction, EnergyBalance, RunKindName } from './intervals.ts'
import {
  AmountMicros,
  closed,
  Count,
  Hash,
  InstantMs,
  IntervalNumber,
  MoneyMicros,
  nullable,
  RunNumber,
  Sequence,
  SignedEnergyWh,
  ZoneNumber,
} from './scalars.ts'

export const HistoryQuery = Type.Object(
  {
    from: Type.Optional(IntervalNumber),
    points: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: historyLimits.points.max,
        default: historyLimits.points.default,
      }),
    ),
    step: Type.Optional(Type.Integer({ minimum: 1, maximum: historyLimits.step.max, default: 1 })),
  },
  closed,
)

/** What held of many intervals when their runs were posted, a column each. */
export const ConservationHistory = Type.Object(
  {
    step: Type.Integer({ minimum: 1, description: 'Intervals in each point.' }),
    interval: Type.Array(IntervalNumber, {
      description: 'The first interval of each point, ascending. Points without any are left out.',
    }),
    intervalCount: Type.Array(Count, { description: 'Intervals of the point that were settled.' }),
    runCount: Type.Array(Count),
    wrongCount: Type.Array(Count, {
      description: 'Runs of which something does not hold, on the ledger or on the chain: 0.',
    }),
    waitingCount: Type.Array(Count, {
      description: 'Runs that are sound on the ledger and not yet compared with the chain.',
    }),
    energyInWh: Type.Array(SignedEnergyWh, { description: 'By the last run of each zone.' }),
    energyOutWh: Type.Array(SignedEnergyWh),
    movedMicros: Type.Array(Count, { description: 'What runs took from some and gave to others.' }),
    balancesMicros: Type.Array(MoneyMicros, {
      description: 'All accounts after the last run of the point.',
    }),
    custodyMicros: Type.Array(nullable(MoneyMicros), {
      description: 'Tokens in custody on the chain when a run of the point was last seen there.',
    }),
  },
  closed,
)

/** Where the books stood the moment a run was posted, and what the chain had of it. */
export const Tally = Type.Object(
  {
    sequence: Sequence,
    atMs: InstantMs,
    zone: ZoneNumber,
    run: RunNumber,
    kind: RunKindName,
    state: Type.Enum(['holds', 'waiting', 'wrong']),
    money: Type.Object(
      {
        depositedMicros: MoneyMicros,
        withdrawnMicros: MoneyMicros,
        balancesMicros: MoneyMicros,
        outsideMicros: Type.Integer({ description: 'With the balances it makes 0.' }),
        postedMicros: Type.Integer({ description: 'The sum of all lines of the run: 0.' }),
        movedMicros: Count,
        unexplainedMicros: AmountMicros,
      },
      closed,
    ),
    energy: EnergyBalance,
    meters: Type.Object(
      {
        count: Count,
        exportedWh: SignedEnergyWh,
        importedWh: SignedEnergyWh,
        soldWh: Type.Integer({ description: 'By contract, where it is a run of trades.' }),
        boughtWh: Type.Integer({ description: 'As much.' }),
        unexplainedWh: Type.Integer({
          description: 'Of energy, meters and contracts together, without its sign: 0.',
        }),
      },
      closed,
    ),
    readingsRoot: Hash,
    postingsRoot: Hash,
    chain: nullable(
      Type.Object(
        {
          atMs: InstantMs,
          hasRoots: Type.Boolean({ description: 'Whether the chain has these two roots.' }),
          custodyMicros: MoneyMicros,
          ledgerMicros: Type.Integer({ description: 'All accounts then: never more.' }),
        },
        { ...closed, description: 'When all of its transactions were final; null before.' },
      ),
    ),
    isFailed: Type.Boolean({ description: 'A transaction of it was given up.' }),
  },
  closed,
)

export const IntervalTallies = Type.Object(
  {
    interval: IntervalNumber,
    runs: Type.Array(Tally, {
      description: 'Of all zones, in the order of the journal. Trades have a zone of their own.',
    }),
  },
  closed,
)

const JournalHash = Type.String({ pattern: '^[0-9a-f]{64}$' })

/** A transaction that put a part of an interval on the chain. */
export const CheckpointPart = Type.Object(
  {
    part: Type.Enum(['orders', 'clearing', 'proof', 'run']),
    zone: ZoneNumber,
    interval: IntervalNumber,
    run: nullable(RunNumber),
    ...ChainTransaction.properties,
  },
  closed,
)

const head = {
  sequence: Sequence,
  atMs: InstantMs,
  hash: Type.String({
    pattern: '^[0-9a-f]{64}$',
    description: 'SHA-256 over the hash before, the number, the time, the kind and the contents.',
  }),
  transactions: Type.Array(CheckpointPart),
}

export const JournalHeads = Type.Object(
  {
    last: Type.Object({ sequence: Sequence, hash: JournalHash }, closed),
    heads: Type.Array(Type.Object(head, closed), {
      description: 'Entries that put something of an interval on the chain, ascending.',
    }),
    nextFrom: nullable(Sequence),
  },
  closed,
)

export const JournalHead = Type.Object(
  {
    ...head,
    previousHash: JournalHash,
    kind: Type.String(),
    body: nullable(
      Type.String({
        description: 'What the entry says, where it is one of the market’s own clockwork.',
      }),
    ),
    sent: Type.Array(SentTransaction, {
      description: 'The first of the transactions, as far as they are signed.',
    }),
  },
  closed,
)

/** A span of the journal as it is stored: what opens orders stays sealed. */
export const JournalSpan = Type.Object(
  {
    entries: Type.Array(
      Type.Object(
        {
          sequence: Sequence,
          atMs: InstantMs,
          kind: Type.String(),
          body: Type.String({ description: 'Canonical JSON, or its sealed text.' }),
          previousHash: JournalHash,
          hash: JournalHash,
        },
        closed,
      ),
      { description: 'Without gaps, ascending: fewer than asked for where they are large.' },
    ),
    nextFrom: nullable(Sequence),
  },
  closed,
)

export type JournalSpan = Static<typeof JournalSpan>
export type ConservationHistory = Static<typeof ConservationHistory>
export type Tally = Static<typeof Tally>
export type IntervalTallies = Static<typeof IntervalTallies>
export type CheckpointPart = Static<typeof CheckpointPart>
export type JournalHeads = Static<typeof JournalHeads>
export type JournalHead = Static<typeof JournalHead>
