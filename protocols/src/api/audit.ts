import { reasons } from '@busbar/core/settlement'
import { Type, type Static } from 'typebox'
import { IntervalStatus, RunKindName } from './intervals.ts'
import {
  Account,
  AmountMicros,
  closed,
  CommandId,
  Digest,
  EnergyWh,
  FieldElement,
  Hash,
  IntervalNumber,
  MeterNumber,
  MoneyMicros,
  nullable,
  PriceMicrosPerKwh,
  RunNumber,
  Side,
  SignedEnergyWh,
  TradeOfLine,
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

const LeafSalt = Type.String({
  pattern: '^0x[0-9a-f]{32}$',
  description: 'Blinds one leaf: with it the leaf is made again, byte for byte.',
})

const ReplayMeter = Type.Object(
  {
    meter: MeterNumber,
    account: Account,
    kind: Type.Enum(['physical', 'virtual']),
    tradeBoughtWh: EnergyWh,
    tradeSoldWh: EnergyWh,
    retailer: nullable(Account),
    tariff: nullable(
      Type.Object(
        { retailMicrosPerKwh: PriceMicrosPerKwh, feedInMicrosPerKwh: PriceMicrosPerKwh },
        closed,
      ),
    ),
  },
  closed,
)

const ReplayRun = Type.Object(
  {
    run: RunNumber,
    readings: Type.Array(
      Type.Object(
        {
          meter: MeterNumber,
          importedWh: EnergyWh,
          exportedWh: EnergyWh,
          assurance: Type.Enum(['metered', 'interpolated', 'repeated', 'absent']),
          salt: LeafSalt,
        },
        closed,
      ),
    ),
    postings: Type.Array(
      Type.Object(
        {
          account: Account,
          salt: LeafSalt,
          lines: Type.Array(
            Type.Object(
              {
                meter: nullable(MeterNumber),
                trade: TradeOfLine,
                reason: Type.Enum([...reasons]),
                energyWh: SignedEnergyWh,
                priceMicrosPerKwh: PriceMicrosPerKwh,
                amountMicros: AmountMicros,
              },
              closed,
            ),
          ),
        },
        closed,
      ),
    ),
  },
  closed,
)

/** All that an interval of a zone was worked out from, to be worked out again. */
export const AuditReplay = Type.Object(
  {
    zone: ZoneNumber,
    interval: IntervalNumber,
    orders: Type.Array(
      Type.Object(
        {
          digest: Digest,
          id: CommandId,
          account: Account,
          meter: MeterNumber,
          side: Side,
          energyWh: EnergyWh,
          limitMicrosPerKwh: PriceMicrosPerKwh,
        },
        closed,
      ),
      { description: 'Of an open book, ascending by digest; those of a sealed one are openings.' },
    ),
    meters: Type.Array(ReplayMeter, { description: 'Ascending.' }),
    balancingAuthority: nullable(Account),
    runs: Type.Array(ReplayRun),
  },
  closed,
)

export type AuditReplay = Static<typeof AuditReplay>
export type AuditInterval = Static<typeof AuditInterval>
export type AuditBalances = Static<typeof AuditBalances>
