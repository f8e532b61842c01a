import { Type, type Static } from 'typebox'
import {
  AmountMicros,
  closed,
  Count,
  InstantMs,
  IntervalNumber,
  MoneyMicros,
  nullable,
  PriceMicrosPerKwh,
} from './scalars.ts'

const share = (description: string) =>
  nullable(Count, { description: `${description}: basis points, rounded down; null of nothing.` })

/** How long things took, by nearest rank. */
export const Durations = Type.Object(
  { count: Count, p50Ms: Count, p90Ms: Count, p99Ms: Count, maxMs: Count },
  { ...closed, description: 'By nearest rank, in milliseconds of the market’s time.' },
)

const CountedCodes = Type.Array(Type.Object({ code: Type.String(), count: Count }, closed), {
  description: 'Ascending by code.',
})

const Wei = Type.String({ pattern: '^[0-9]+$', description: 'Wei of the chain, decimal.' })

const Variance = Type.Object(
  {
    intervalCount: Type.Integer({
      minimum: 0,
      description: 'Whose final run is posted and was not the first.',
    }),
    initialMicros: MoneyMicros,
    movedMicros: MoneyMicros,
    moneyBasisPoints: share('Of the money of the first runs, what later ones moved'),
    initialWh: Count,
    movedWh: Count,
    energyBasisPoints: share('Of the energy of the first runs, by how much the newest differ'),
    age: nullable(Durations, { description: 'From the first run to the newest.' }),
    openCount: Type.Integer({ minimum: 0, description: 'That are provisional now.' }),
    oldestOpenMs: nullable(Count),
  },
  closed,
)

const Protocol = Type.Object(
  {
    protocol: Type.String({
      description: 'What gateways speak, as far as the registry knows; unknown of no gateway.',
    }),
    gatewayCount: Count,
    meterCount: Count,
    acceptedBatches: Count,
    repeatedBatches: Count,
    refusedBatches: CountedCodes,
    countedReadings: Count,
    lateReadings: Type.Integer({
      minimum: 0,
      description: 'Of the counted: after the deadline for the first run.',
    }),
    repeatedReadings: Count,
    refusedReadings: CountedCodes,
    meteredCount: Type.Integer({ minimum: 0, description: 'Meters’ intervals, newest runs.' }),
    substitutedCount: Type.Integer({ minimum: 0, description: 'Those that are estimated.' }),
    integrityBasisPoints: share('Of readings that were not repeated, those counted in time'),
  },
  closed,
)

const Hour = Type.Object(
  {
    startMs: InstantMs,
    tradedWh: Count,
    feesMicros: AmountMicros,
    deviationMicros: AmountMicros,
    injectedWh: Count,
    consumedWh: Count,
    matchedWh: Type.Integer({ minimum: 0, description: 'The smaller of the two.' }),
  },
  closed,
)

/** What the exchange is measured by, over a range of intervals: sums of everybody together. */
export const Kpis = Type.Object(
  {
    from: IntervalNumber,
    to: IntervalNumber,
    sinceMs: Type.Integer({
      minimum: 0,
      description: 'When the server began to count what is not in its state: market time.',
    }),
    intervalCount: Type.Integer({ minimum: 0, description: 'Intervals of zones with a run.' }),
    variance: Variance,
    spread: Type.Object(
      {
        tradedWh: Count,
        feesMicros: AmountMicros,
        deviationMicros: AmountMicros,
        microsPerKwh: nullable(PriceMicrosPerKwh, { description: 'Rounded down.' }),
      },
      closed,
    ),
    meterToCash: Type.Object(
      {
        durations: nullable(Durations, {
          description: 'From the end of an interval to its first money, final on the chain.',
        }),
        unknownCount: Count,
      },
      closed,
    ),
    protocols: Type.Array(Protocol),
    cost: Type.Object(
      {
        intervalCount: Type.Integer({
          minimum: 0,
          description: 'Whose every transaction the server has followed.',
        }),
        transactionCount: Count,
        gas: Count,
        feeWei: Wei,
        accountCount: Type.Integer({
          minimum: 0,
          description: 'Accounts whose money the first runs moved, interval by interval.',
        }),
        gasPerInterval: nullable(Count),
        gasPerAccount: nullable(Count),
        feeWeiPerInterval: nullable(Wei),
      },
      closed,
    ),
    carbonFree: Type.Object(
      {
        consumedWh: Count,
        matchedWh: Count,
        basisPoints: share('Of what was consumed, what was injected in the same hour'),
      },
      closed,
    ),
    hours: Type.Array(Hour, { description: 'Of UTC, ascending, without those that have no run.' }),
  },
  closed,
)

export type Durations = Static<typeof Durations>
export type Kpis = Static<typeof Kpis>
