import { reasons } from '@busbar/core/settlement'
import { Type, type Static } from 'typebox'
import { SentTransaction } from './accounts.ts'
import { TariffOfSide } from './own-trades.ts'
import {
  Account,
  AmountMicros,
  closed,
  CommandId,
  Digest,
  EnergyWh,
  Hash,
  IntervalNumber,
  MeterNumber,
  nullable,
  PriceMicrosPerKwh,
  RunNumber,
  Side,
  SignedEnergyWh,
  SignedWord,
  TradeOfLine,
  ZoneNumber,
} from './scalars.ts'
import { ContractDigest, ContractTerms, RailName, TradeNumber } from './trades.ts'

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
    tariff: nullable(TariffOfSide),
  },
  closed,
)

const line = {
  meter: nullable(MeterNumber),
  trade: TradeOfLine,
  reason: Type.Enum([...reasons]),
  energyWh: SignedEnergyWh,
  priceMicrosPerKwh: PriceMicrosPerKwh,
  amountMicros: AmountMicros,
}

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
      { description: 'Of a zone: contracts get the energy that the runs of the zones have read.' },
    ),
    postings: Type.Array(
      Type.Object(
        { account: Account, salt: LeafSalt, lines: Type.Array(Type.Object(line, closed)) },
        closed,
      ),
    ),
    dues: Type.Array(Type.Object({ account: Account, ...line }, closed), {
      description: 'Of contracts whose rail is outside of the ledger: what the run booked there.',
    }),
    traded: Type.Array(
      Type.Object(
        {
          meter: MeterNumber,
          soldWh: EnergyWh,
          boughtWh: EnergyWh,
          key: Hash,
          salt: LeafSalt,
        },
        closed,
      ),
      {
        description:
          'Of contracts: what they got of each meter, ascending, and under which key it stands ' +
          'in the tree of the run.',
      },
    ),
  },
  closed,
)

const ReplayContracts = Type.Object(
  {
    recorded: Type.Array(ContractDigest, {
      description: 'What was signed by both since the gate before, ascending.',
    }),
    owed: Type.Array(
      Type.Object(
        {
          trade: TradeNumber,
          contract: ContractDigest,
          terms: ContractTerms,
          sellerSignature: SignedWord,
          buyerSignature: SignedWord,
          contractedWh: EnergyWh,
          allowedWh: nullable(EnergyWh),
          sellerTariff: nullable(TariffOfSide),
          buyerTariff: nullable(TariffOfSide),
        },
        closed,
      ),
      {
        description:
          'By trade, ascending; `allowedWh` where the utility lets less than that be delivered.',
      },
    ),
    charges: Type.Array(
      Type.Object(
        {
          trade: TradeNumber,
          kind: Type.Enum(['modification', 'exit', 'collateral', 'remainder']),
          payer: Account,
          payee: Account,
          amountMicros: AmountMicros,
          rail: RailName,
        },
        closed,
      ),
      { description: 'What changes of trades cost, and what was drawn from collateral.' },
    ),
  },
  { ...closed, description: 'In the zone of contracts; null in any other.' },
)

/** All that an interval of a zone, or of contracts, was worked out from, to be worked out again. */
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
    contracts: nullable(ReplayContracts),
    balancingAuthority: nullable(Account),
    runs: Type.Array(ReplayRun),
    sent: Type.Array(SentTransaction, {
      description: 'The commitment and the transactions of the runs, as far as they are signed.',
    }),
  },
  closed,
)

export type AuditReplay = Static<typeof AuditReplay>
