import { Type, type Static } from 'typebox'
import { IntervalStatus, proofStates } from './intervals.ts'
import {
  closed,
  Count,
  EnergyWh,
  IntervalNumber,
  nullable,
  PriceMicrosPerKwh,
  ZoneNumber,
} from './scalars.ts'

/** How much of a series one request may ask for. */
export const seriesLimits = { points: { default: 288, max: 500 }, step: { max: 288 } } as const

export const SeriesQuery = Type.Object(
  {
    zone: Type.Optional(ZoneNumber),
    from: Type.Optional(IntervalNumber),
    points: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: seriesLimits.points.max,
        default: seriesLimits.points.default,
      }),
    ),
    step: Type.Optional(Type.Integer({ minimum: 1, maximum: seriesLimits.step.max, default: 1 })),
  },
  closed,
)

/**
 * The figures of many intervals, a column each, so that a day is a few kilobytes: what a chart
 * shows and nothing that names an order, an account or a meter.
 */
export const Series = Type.Object(
  {
    zone: ZoneNumber,
    step: Type.Integer({ minimum: 1, description: 'Intervals in each point.' }),
    interval: Type.Array(IntervalNumber, {
      description: 'The first interval of each point, ascending. Points without any are left out.',
    }),
    status: Type.Array(IntervalStatus, { description: 'The least advanced of the point.' }),
    proof: Type.Array(Type.Enum([...proofStates]), { description: 'The worst of the point.' }),
    priceMicrosPerKwh: Type.Array(nullable(PriceMicrosPerKwh), {
      description: 'Of several intervals weighted by energy, rounded down. Null without a trade.',
    }),
    tradedWh: Type.Array(EnergyWh),
    injectedWh: Type.Array(nullable(Count), {
      description: 'Metered into the zone by its meters; null before the first run.',
    }),
    consumedWh: Type.Array(nullable(Count), { description: 'Metered out of it.' }),
    selfSuppliedWh: Type.Array(nullable(Count), {
      description: 'Of what was consumed, what the zone injected in the same intervals.',
    }),
    orderCount: Type.Array(Count),
    voidCount: Type.Array(Count),
    estimatedMeterCount: Type.Array(Count, { description: 'In the newest runs.' }),
    correctionCount: Type.Array(Count, { description: 'Runs of the kind resettled.' }),
  },
  closed,
)

export type Series = Static<typeof Series>
