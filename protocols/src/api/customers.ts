import { Type, type Static } from 'typebox'
import { Device } from './key-views.ts'
import {
  Account,
  AmountMicros,
  closed,
  Count,
  EnergyWh,
  GatewayNumber,
  IntervalNumber,
  MeterNumber,
  MoneyMicros,
  Name,
  nullable,
  PriceMicrosPerKwh,
  SignedEnergyWh,
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
    devices: Type.Array(Device, { description: 'Its passkeys, the oldest first.' }),
    isDisputed: Type.Boolean({
      description: 'A device that the retailer revoked objected: an authority decides.',
    }),
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

const CustomerEnergy = Type.Object(
  {
    account: Account,
    importedWh: EnergyWh,
    exportedWh: EnergyWh,
    soldWh: EnergyWh,
    boughtWh: EnergyWh,
    auctionWh: SignedEnergyWh,
    leftImportWh: EnergyWh,
    leftExportWh: EnergyWh,
    wheelingMicros: MoneyMicros,
    intervals: Count,
    estimated: Count,
    open: Count,
  },
  {
    ...closed,
    description:
      'Sums over a customer’s meters, interval by interval. `auctionWh` is given out less taken ' +
      'in, with what the balancing authority made up of it. What is left to bill counts one way ' +
      'in each interval of a meter. `estimated` and `open` of the intervals are not all metered, ' +
      'or not final.',
  },
)

export const CustomerEnergies = Type.Object(
  {
    retailer: Account,
    from: IntervalNumber,
    intervals: Count,
    customers: Type.Array(CustomerEnergy),
  },
  { ...closed, description: 'By customer, ascending: of the retailer’s own alone.' },
)

export type CustomerEnergy = Static<typeof CustomerEnergy>

export type CustomerEnergies = Static<typeof CustomerEnergies>

export type RetailerTariff = Static<typeof RetailerTariff>

export type Customer = Static<typeof Customer>
