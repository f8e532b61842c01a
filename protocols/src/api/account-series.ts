import { Type, type Static } from 'typebox'
import { IntervalStatus } from './intervals.ts'
import {
  Account,
  AmountMicros,
  closed,
  Count,
  EnergyWh,
  InstantMs,
  IntervalNumber,
  nullable,
  PriceMicrosPerKwh,
} from './scalars.ts'
import { TradeNumber } from './trades.ts'

/** The most intervals of one request: a day of minutes, and the hour that a day may be longer. */
export const accountSeriesMax = 1_500

export const AccountSeriesQuery = Type.Object(
  {
    from: IntervalNumber,
    intervals: Type.Integer({ minimum: 1, maximum: accountSeriesMax }),
  },
  closed,
)

const perInterval = (description: string) =>
  Type.Array(nullable(AmountMicros), { description })

const energies = (description: string) => Type.Array(EnergyWh, { description })

/** What an account's meters and trades did in many intervals, a column each. */
export const AccountSeries = Type.Object(
  {
    account: Account,
    interval: Type.Array(IntervalNumber, {
      description: 'Ascending. Intervals of which nothing is known, or no longer, are left out.',
    }),
    status: Type.Array(IntervalStatus, { description: 'The least advanced of its zones.' }),
    isEstimated: Type.Array(Type.Boolean(), {
      description: 'Whether a meter’s energy is an estimate: an own one, or a trade’s other one.',
    }),
    correctionCount: Type.Array(Count, {
      description: 'Runs after the first that changed what the account has or is due, by any rail.',
    }),
    priceMicrosPerKwh: Type.Array(nullable(PriceMicrosPerKwh), {
      description: 'Of the auction in the zone of its first meter. Null without a trade.',
    }),
    importedWh: Type.Array(nullable(EnergyWh), { description: 'Null before the first run.' }),
    exportedWh: Type.Array(nullable(EnergyWh), { description: 'Null before the first run.' }),
    boughtWh: energies('In the auction.'),
    soldWh: energies('In the auction.'),
    tradeBoughtWh: energies('By contract, as it was delivered.'),
    tradeSoldWh: energies('By contract, as it was delivered.'),
    bookedMicros: Type.Array(AmountMicros, {
      description: 'What all runs have booked on the ledger.',
    }),
    worthMicros: perInterval(
      'What the interval comes to with what trades owe outside of the ledger and what a retailer ' +
        'bills. Null before the first run.',
    ),
    tariffMicros: perInterval(
      'What the same energy would have come to at the retailer’s tariff alone. Null before the ' +
        'first run, and without a tariff.',
    ),
    deliveries: Type.Array(
      Type.Object(
        {
          trade: TradeNumber,
          interval: IntervalNumber,
          side: Type.Enum(['buy', 'sell']),
          partner: Account,
          energyWh: EnergyWh,
          priceMicrosPerKwh: PriceMicrosPerKwh,
          amountMicros: AmountMicros,
        },
        { ...closed, description: 'What a trade of the account came to in an interval.' },
      ),
      { description: 'By interval and trade.' },
    ),
  },
  closed,
)

const Stage = Type.Object(
  { intervals: Count, worthMicros: AmountMicros },
  closed,
)

/** How far an account’s money is on its way, and how far it may still move. */
export const Standing = Type.Object(
  {
    account: Account,
    awaited: Type.Object({ intervals: Count }, {
      ...closed,
      description: 'Cleared, and not settled yet.',
    }),
    provisional: Stage,
    final: Stage,
    correctionCount: Count,
    correctedMicros: Type.Integer({
      minimum: -Number.MAX_SAFE_INTEGER,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'By how much runs after an interval’s first have changed that, by any rail.',
    }),
    mayRiseMicros: Count,
    mayFallMicros: Count,
    untilMs: nullable(InstantMs),
    estimatedIntervals: Type.Integer({
      minimum: 0,
      description: 'Of these it is not known until when: their meters have still to be read.',
    }),
  },
  {
    ...closed,
    description:
      'Of all intervals that can still be corrected. No reading moves more than `mayRiseMicros` ' +
      'or `mayFallMicros` in all, and those that are not estimated move after `untilMs` no more.',
  },
)

export type AccountSeries = Static<typeof AccountSeries>
export type Standing = Static<typeof Standing>
