import { Type, type Static } from 'typebox'
import { IntervalStatus } from './intervals.ts'
import {
  Account,
  AmountMicros,
  closed,
  Digest,
  EnergyWh,
  FieldElement,
  Hash,
  IntervalNumber,
  MoneyMicros,
  nullable,
  PriceMicrosPerKwh,
  ZoneNumber,
} from './scalars.ts'

/** One interval with everybody's part in it: for those who have to check the whole. */
export const AuditInterval = Type.Object(
  {
    zone: ZoneNumber,
    interval: IntervalNumber,
    status: IntervalStatus,
    priceMicrosPerKwh: nullable(PriceMicrosPerKwh),
    energyWh: EnergyWh,
    fills: Type.Array(Type.Object({ digest: Digest, energyWh: EnergyWh }, closed), {
      description: 'Orders that got something, ascending by digest.',
    }),
    nets: Type.Array(Type.Object({ account: Account, amountMicros: AmountMicros }, closed), {
      description: 'What all runs so far moved on each account, ascending.',
    }),
    disputes: Type.Array(
      Type.Object(
        { commitment: nullable(FieldElement), by: Type.String(), reasonHash: Hash },
        closed,
      ),
      { description: 'Before the auditor on the chain: of a void, or (null) of the clearing.' },
    ),
  },
  closed,
)

export const AuditBalances = Type.Object(
  {
    balances: Type.Array(Type.Object({ account: Account, balanceMicros: MoneyMicros }, closed), {
      description: 'Every account that ever held money, ascending.',
    }),
  },
  closed,
)

export type AuditInterval = Static<typeof AuditInterval>
export type AuditBalances = Static<typeof AuditBalances>
