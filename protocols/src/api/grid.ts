import { Type, type Static } from 'typebox'
import { IntervalStatus } from './intervals.ts'
import {
  closed,
  Count,
  EnergyWh,
  IntervalNumber,
  Name,
  nullable,
  PriceMicrosPerKwh,
  SignedEnergyWh,
  ZoneNumber,
} from './scalars.ts'

/** One zone in one interval, and what went over the bridge above it. Sums of all its meters. */
export const GridZone = Type.Object(
  {
    zone: ZoneNumber,
    name: Name,
    parent: nullable(ZoneNumber),
    bridgeWatts: Type.Integer({ minimum: 0, description: 'Of the bridge to the parent.' }),
    status: nullable(IntervalStatus, { description: 'Null where nobody could order.' }),
    priceMicrosPerKwh: nullable(PriceMicrosPerKwh),
    tradedWh: nullable(EnergyWh),
    injectedWh: nullable(Count, { description: 'Null before the first run.' }),
    consumedWh: nullable(Count),
    selfSuppliedWh: nullable(Count),
    estimatedMeterCount: Count,
    flowWh: nullable(SignedEnergyWh, {
      description:
        'Up, out of the zone and all below it: what their meters put in less what they took out. ' +
        'Negative is down. Null as long as one of them is not settled.',
    }),
    capacityWh: nullable(Count, {
      description: 'What the bridge carries in the interval, rounded down; null without a bridge.',
    }),
    loadingBasisPoints: nullable(Count, {
      description: 'Of the capacity, in either direction, rounded up.',
    }),
  },
  closed,
)

/** The tree of zones with what flowed in one interval: nothing here names a meter or an order. */
export const Grid = Type.Object(
  {
    interval: nullable(IntervalNumber, { description: 'Null before any interval was settled.' }),
    zones: Type.Array(GridZone, { description: 'Ascending: a parent stands before its zones.' }),
  },
  closed,
)

export type GridZone = Static<typeof GridZone>
export type Grid = Static<typeof Grid>
