import { Type, type Static } from 'typebox'
import { IntervalStatus, proofStates } from './intervals.ts'
import { ClockState } from './market.ts'
import { RulebookDocument } from './rulebook.ts'
import {
  closed,
  Count,
  Hash,
  InstantMs,
  IntervalNumber,
  nullable,
  ZoneNumber,
} from './scalars.ts'

/** Where an interval is, from the gate that closes next to its final run. */
export const intervalPhases = [
  'orders', 'opening', 'scheduled', 'delivery', 'metering', 'provisional', 'final',
] as const
export type IntervalPhase = (typeof intervalPhases)[number]

/** What somebody should look at in an interval, worst first. */
export const intervalExceptions = [
  'proof_faulty', 'gate_overdue', 'opening_overdue', 'run_overdue', 'final_overdue',
  'proof_overdue', 'readings_missing', 'meters_estimated', 'resettled', 'correction_waits',
  'orders_void',
] as const
export type IntervalException = (typeof intervalExceptions)[number]

const Phase = Type.Enum([...intervalPhases])

const Milliseconds = Type.Integer({ minimum: 0, description: 'Milliseconds.' })

/** What may be broken on purpose in a market that is brought up to be looked at. */
export const faultSwitches = [
  'gateway_silent', 'readings_late', 'chain_slow', 'prover_off',
] as const
export type FaultSwitch = (typeof faultSwitches)[number]

const Fault = Type.Enum([...faultSwitches])
const Faults = Type.Array(Fault, { maxItems: faultSwitches.length })

/** One, and not all of them: of two people who look neither undoes what the other has done. */
export const FaultOrder = Type.Object(
  { fault: Fault, isOn: Type.Boolean() },
  { ...closed, description: 'What is to be broken on purpose from now on, or no longer.' },
)
export type FaultOrder = Static<typeof FaultOrder>

export const FaultState = Type.Object(
  { on: Faults, offered: Faults },
  {
    ...closed,
    description: 'What is broken on purpose now, of what this market has that can be broken.',
  },
)
export type FaultState = Static<typeof FaultState>

export const PipelineInterval = Type.Object(
  {
    zone: ZoneNumber,
    interval: IntervalNumber,
    startMs: InstantMs,
    phase: Phase,
    sinceMs: Type.Integer({ description: 'Since when it is in its phase, by the market’s clock.' }),
    status: IntervalStatus,
    proof: Type.Enum([...proofStates]),
    orderCount: Count,
    voidCount: Count,
    meterCount: Type.Integer({ minimum: 0, description: 'Physical meters of its zone now.' }),
    readCount: Type.Integer({ minimum: 0, description: 'Of these, read at its end.' }),
    estimatedCount: Count,
    runCount: Count,
    workMs: nullable(
      Type.Integer({
        minimum: 0,
        description: 'Work from its gate to the receipt of its money; null before, and if unknown.',
      }),
    ),
    exceptions: Type.Array(Type.Enum([...intervalExceptions])),
  },
  closed,
)

const Times = Type.Object(
  { count: Count, medianMs: nullable(Milliseconds), mostMs: nullable(Milliseconds) },
  { ...closed, description: 'Of the newest ones, measured since the server started.' },
)

const PerSecond = Type.Array(Count, { description: 'One count a second, ascending.' })

/** How a market runs: what the server measures itself, at a bounded cost. */
export const Operations = Type.Object(
  {
    clock: ClockState,
    stages: Type.Array(
      Type.Object(
        { phase: Phase, count: Count, oldestMs: nullable(Type.Integer()) },
        { ...closed, description: '`oldestMs`: since when the oldest is in it.' },
      ),
      { description: 'Every phase, in the order in which an interval passes them.' },
    ),
    exceptionCount: Type.Integer({
      minimum: 0,
      description: 'Of all intervals that are kept: those that somebody should look at.',
    }),
    intervals: Type.Array(PipelineInterval, {
      description: 'Of those the worst, however old, the worst first; then the newest of all.',
    }),
    ordersPerSecond: PerSecond,
    readingsPerSecond: PerSecond,
    gateToReceipt: Times,
    parts: Type.Object(
      {
        outbox: Type.Object(
          { pending: Count, sinceFinalMs: nullable(Milliseconds) },
          { ...closed, description: 'Transactions on their way; how long ago one became final.' },
        ),
        chain: Type.Object(
          {
            chainId: Count,
            block: nullable(Count),
            answerMs: nullable(Milliseconds),
          },
          { ...closed, description: 'The newest block, and how long the node took to say so.' },
        ),
        database: Type.Object(
          { sequence: Count, waiting: Count, commits: Times },
          { ...closed, description: 'The journal’s end, and requests that wait for the disk.' },
        ),
        committee: Type.Object({ waiting: Count, lateMs: Milliseconds }, closed),
        prover: Type.Object(
          { unproven: Count, waiting: Count, oldestMs: nullable(Milliseconds) },
          { ...closed, description: '`oldestMs`: how long the oldest waits for a prover.' },
        ),
        disk: nullable(
          Type.Object(
            { freeBytes: Count, sizeBytes: Count },
            { ...closed, description: 'Where the data directory is; null if it cannot be told.' },
          ),
        ),
      },
      closed,
    ),
    checks: Type.Array(
      Type.Object({ name: Type.String(), ok: Type.Boolean(), detail: Type.String() }, closed),
    ),
  },
  closed,
)

export const Rulebooks = Type.Object(
  {
    rulebooks: Type.Array(
      Type.Object(
        { fromInterval: IntervalNumber, hash: Hash, rulebook: RulebookDocument },
        closed,
      ),
      { description: 'Ascending: each holds until the next begins.' },
    ),
  },
  closed,
)

export type Rulebooks = Static<typeof Rulebooks>
export type PipelineInterval = Static<typeof PipelineInterval>
export type Operations = Static<typeof Operations>
