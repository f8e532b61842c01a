import { Type, type Static } from 'typebox'
import {
  Account,
  AmountMicros,
  closed,
  Count,
  GatewayNumber,
  IntervalNumber,
  MeterNumber,
  MoneyMicros,
  Name,
  nullable,
  PriceMicrosPerKwh,
  ZoneNumber,
} from './scalars.ts'

const Customer = Type.Object(
  {
    account: Account,
    name: Name,
    status: Type.Enum(['active', 'suspended']),
    hasConsented: Type.Boolean({ description: 'To the ladder of enforcement: else no trade.' }),
    meters: Type.Array(
      Type.Object(
        { meter: MeterNumber, name: Name, zone: ZoneNumber, gateway: nullable(GatewayNumber) },
        closed,
      ),
      { description: 'Physical ones, ascending.' },
    ),
    prepaidMicros: MoneyMicros,
    duesMicros: AmountMicros,
    openDefaults: Count,
  },
  { ...closed, description: '`duesMicros`: below zero it owes outside of the ledger.' },
)

const RetailerTariff = Type.Object(
  {
    fromInterval: IntervalNumber,
    retailMicrosPerKwh: PriceMicrosPerKwh,
    feedInMicrosPerKwh: PriceMicrosPerKwh,
  },
  closed,
)

export const Customers = Type.Object(
  {
    retailer: Account,
    customers: Type.Array(Customer),
    tariffs: Type.Array(RetailerTariff, {
      description: 'What the retailer has set, ascending: each holds until the next.',
    }),
    nextFrom: nullable(Account),
  },
  { ...closed, description: 'Whom the retailer supplies now, ascending.' },
)

export type RetailerTariff = Static<typeof RetailerTariff>

export type Customer = Static<typeof Customer>
