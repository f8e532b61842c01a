import { Type, type Static } from 'typebox'
import {
  Account,
  AmountMicros,
  closed,
  Count,
  IntervalNumber,
  Name,
  nullable,
  PriceMicrosPerKwh,
  ZoneNumber,
} from './scalars.ts'

const WattHoursSum = Type.Integer({ minimum: 0, description: 'Watt-hours, of many intervals.' })

const Side = Type.Object(
  {
    energyWh: WattHoursSum,
    meanPriceMicrosPerKwh: nullable(PriceMicrosPerKwh, {
      description: 'Weighted by energy, rounded down; null where nothing is traded.',
    }),
    feesMicros: AmountMicros,
  },
  closed,
)

const sum = {
  intervals: Type.Integer({ minimum: 0, description: 'That are judged.' }),
  own: Side,
  other: Side,
  refusedOrders: Type.Integer({
    minimum: 0, description: 'Orders that the other rulebook would not have taken.',
  }),
  movedMicros: Type.Integer({
    minimum: 0,
    description:
      'What some would have more, interval by interval; as much is what others would have less.',
  }),
}

const Day = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'By the calendar of the market’s time zone.',
})

/** Why an interval is not in the sums. */
export const whatIfNotReached = ['no_auction', 'not_settled', 'correction_waits'] as const

const Progress = Type.Object(
  {
    day: Type.Integer({ minimum: 0, description: 'Which day of the span; 0 before it.' }),
    days: Type.Integer({ minimum: 0, description: 'How many it has; 0 before that is known.' }),
    intervals: Type.Integer({ minimum: 0, description: 'Judged, of all zones.' }),
    of: Count,
    replayed: Type.Integer({ minimum: 0, description: 'Of those entries of the journal.' }),
    entries: Type.Integer({
      minimum: 0,
      description: 'Of the journal: all, or where one is old enough those after a snapshot.',
    }),
  },
  closed,
)

/** What intervals of the past would have come to by another rulebook. */
export const WhatIfAnswer = Type.Object(
  {
    from: IntervalNumber,
    to: IntervalNumber,
    zone: nullable(ZoneNumber, { description: 'Null: all of them.' }),
    state: Type.Enum(['waiting', 'running', 'done', 'failed'], {
      description: 'Sums are there once it is done.',
    }),
    failure: nullable(
      Type.Object(
        { code: Type.String(), detail: Type.String() },
        { ...closed, description: 'A code of the reference of errors: `WHAT_IF_DIFFERS` …' },
      ),
    ),
    progress: Progress,
    reproducedIntervals: Type.Integer({
      minimum: 0,
      description: 'Replayed by their own rulebook they came to what stands posted, all of them.',
    }),
    unheardFields: Type.Array(Type.String(), {
      description: 'Fields in which the rulebook differs and which change none of the sums.',
    }),
    zones: Type.Array(Type.Object({ zone: ZoneNumber, ...sum }, closed), {
      description: 'Ascending.',
    }),
    days: Type.Array(Type.Object({ day: Day, zone: ZoneNumber, ...sum }, closed), {
      description: 'By day and zone, ascending.',
    }),
    accounts: Type.Array(
      Type.Object(
        {
          account: Account,
          name: nullable(Name, { description: 'Null of the exchange’s own.' }),
          differenceMicros: AmountMicros,
        },
        closed,
      ),
      {
        description:
          'Whose money would differ most, at most 20. Authorities see only the exchange’s own.',
      },
    ),
    accountCount: Type.Integer({ minimum: 0, description: 'Whose money would differ at all.' }),
    notReached: Type.Array(
      Type.Object(
        {
          zone: ZoneNumber,
          reason: Type.Enum([...whatIfNotReached]),
          intervals: Type.Integer({ minimum: 1 }),
        },
        closed,
      ),
      { description: 'Intervals of the span that are not in the sums, and why.' },
    ),
  },
  closed,
)

export type WhatIfAnswer = Static<typeof WhatIfAnswer>
export type WhatIfSums = Omit<WhatIfAnswer['zones'][number], 'zone'>
