import { Type, type Static } from 'typebox'
import { RunKindName } from './intervals.ts'
import {
  Account,
  closed,
  EnergyWh,
  IntervalNumber,
  MeterNumber,
  MoneyMicros,
  nullable,
  ZoneNumber,
} from './scalars.ts'

const WheelingRate = Type.Object(
  { fromInterval: IntervalNumber, microsPerKwh: MoneyMicros },
  closed,
)

const WheelingLine = Type.Object(
  {
    interval: IntervalNumber,
    zone: ZoneNumber,
    meter: MeterNumber,
    retailer: nullable(Account),
    soldWh: EnergyWh,
    boughtWh: EnergyWh,
    microsPerKwh: MoneyMicros,
    amountMicros: MoneyMicros,
    runKind: RunKindName,
  },
  { ...closed, description: 'What a meter is charged for the wires that its trades used.' },
)

export const Wheeling = Type.Object(
  {
    utility: Account,
    rates: Type.Array(WheelingRate, { description: 'Ascending; each holds until the next.' }),
    lines: Type.Array(WheelingLine),
    nextFrom: nullable(IntervalNumber),
  },
  { ...closed, description: 'By interval and meter; retailers put the lines on their bills.' },
)

export type WheelingLine = Static<typeof WheelingLine>
export type WheelingRate = Static<typeof WheelingRate>
