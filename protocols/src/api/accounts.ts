import { reasons } from '@busbar/core/settlement'
import { Type, type Static } from 'typebox'
import { AskedBy, joinCodeFields, Mandate } from './key-views.ts'
import { ChainTransaction, IntervalStatus, RunKindName } from './intervals.ts'
import { OwnTrade } from './own-trades.ts'
import {
  Account as AccountNumber,
  Address,
  AmountMicros,
  closed,
  CommandId,
  Digest,
  EnergyWh,
  GatewayNumber,
  Hash,
  Host,
  InstantMs,
  IntervalNumber,
  MeterNumber,
  MoneyMicros,
  Name,
  nullable,
  PasskeyCredential,
  PriceMicrosPerKwh,
  PublicKey,
  RoleName,
  RunNumber,
  Sequence,
  Side,
  SignedEnergyWh,
  TransactionHash,
  TradeOfLine,
  ZoneNumber,
} from './scalars.ts'
import { OwnSealedOrder } from './sealed.ts'

export const Meter = Type.Object(
  {
    meter: MeterNumber,
    name: Name,
    kind: Type.Enum(['physical', 'virtual']),
    zone: ZoneNumber,
    gateway: nullable(GatewayNumber),
    importWattsMax: Type.Integer({ minimum: 0 }),
    exportWattsMax: Type.Integer({ minimum: 0 }),
    digits: Type.Integer({ minimum: 1 }),
  },
  closed,
)

export const OpenOrder = Type.Object(
  {
    id: CommandId,
    digest: Digest,
    zone: ZoneNumber,
    interval: IntervalNumber,
    meter: MeterNumber,
    side: Side,
    energyWh: EnergyWh,
    limitMicrosPerKwh: PriceMicrosPerKwh,
    sequence: Sequence,
  },
  closed,
)

export const AccountDetail = Type.Object(
  {
    account: AccountNumber,
    name: Name,
    roles: Type.Array(RoleName),
    status: Type.Enum(['active', 'suspended']),
    address: Address,
    publicKey: PublicKey,
    passkeys: Type.Array(
      Type.Object(
        {
          publicKey: PublicKey,
          credentialId: PasskeyCredential,
          host: Host,
          label: Name,
          signsFromMs: InstantMs,
          withdraws: Type.Boolean({
            description: 'Whether withdrawals by it are taken: those of the account’s own asking.',
          }),
          registeredBy: AccountNumber,
          registeredAtMs: InstantMs,
          askedBy: AskedBy,
        },
        closed,
      ),
      { description: 'Revoke one that you do not know: it speaks for the account.' },
    ),
    joinCodes: Type.Array(Type.Object({ ...joinCodeFields, issuedAtMs: InstantMs }, closed), {
      description: 'Keys that count once: whoever has one can register a passkey.',
    }),
    mandates: Type.Array(Mandate, {
      description: 'Revoke one that you do not know: it trades for the account.',
    }),
    retailer: nullable(AccountNumber),
    tariff: nullable(
      Type.Object(
        { retailMicrosPerKwh: PriceMicrosPerKwh, feedInMicrosPerKwh: PriceMicrosPerKwh },
        { ...closed, description: 'What the retailer charges and pays now.' },
      ),
    ),
    balanceMicros: MoneyMicros,
    heldMicros: MoneyMicros,
    availableMicros: AmountMicros,
    withdrawableMicros: Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description:
        'The most that a withdrawal takes now. Less than what is available where money waits for ' +
        'its proof longer than it is held, and none while suspended.',
    }),
    arrears: Type.Array(
      Type.Object({ creditor: AccountNumber, amountMicros: MoneyMicros }, closed),
      { description: 'What others paid in this account’s place and it still owes them.' },
    ),
    meters: Type.Array(Meter),
    openOrders: Type.Array(OpenOrder),
  },
  closed,
)

export const FilledOrder = Type.Object(
  {
    id: CommandId,
    digest: Digest,
    meter: MeterNumber,
    side: Side,
    energyWh: EnergyWh,
    limitMicrosPerKwh: PriceMicrosPerKwh,
    filledWh: EnergyWh,
    sequence: Sequence,
  },
  closed,
)

const Registers = Type.Object(
  {
    version: Type.Integer({ minimum: 0 }),
    importWh: EnergyWh,
    exportWh: EnergyWh,
  },
  closed,
)

/** A meter’s interval, as its readings stand now. Registers are null where none was read. */
export const MeteredInterval = Type.Object(
  {
    meter: MeterNumber,
    boughtWh: EnergyWh,
    soldWh: EnergyWh,
    tradeBoughtWh: EnergyWh,
    tradeSoldWh: EnergyWh,
    opening: nullable(Registers),
    closing: nullable(Registers),
    importedWh: EnergyWh,
    exportedWh: EnergyWh,
    assurance: Type.Enum(['metered', 'interpolated', 'repeated', 'absent', 'contracted'], {
      description: 'How the energy is known. contracted: a virtual meter delivers its contract.',
    }),
  },
  closed,
)

export const SettlementLine = Type.Object(
  {
    meter: nullable(MeterNumber),
    trade: TradeOfLine,
    reason: Type.Enum([...reasons]),
    energyWh: SignedEnergyWh,
    priceMicrosPerKwh: PriceMicrosPerKwh,
    amountMicros: AmountMicros,
  },
  closed,
)

export const AccountRun = Type.Object(
  {
    run: RunNumber,
    kind: RunKindName,
    atMs: InstantMs,
    items: Type.Array(SettlementLine),
    dues: Type.Array(SettlementLine, {
      description: 'Of trades whose rail is outside of the ledger, and so not in `netMicros`.',
    }),
    netMicros: AmountMicros,
    transactions: Type.Array(ChainTransaction),
  },
  closed,
)

/** A transaction as the operator signed and sent it: who has it needs nobody's word for it. */
export const SentTransaction = Type.Object(
  {
    txHash: TransactionHash,
    raw: nullable(
      Type.String({
        pattern: '^0x([0-9a-f]{2})+$',
        description: 'The signed bytes. Null where they are longer than 65,536: ask the chain.',
      }),
    ),
  },
  closed,
)

/** Why this cent, in one zone: what was asked, what was got, what was metered, what was paid. */
export const AccountIntervalZone = Type.Object(
  {
    zone: ZoneNumber,
    status: IntervalStatus,
    priceMicrosPerKwh: nullable(PriceMicrosPerKwh),
    rulebookHash: Hash,
    spreadBasisPoints: Type.Integer({ minimum: 0 }),
    feeMicrosPerKwh: PriceMicrosPerKwh,
    tariff: nullable(
      Type.Object(
        {
          retailer: AccountNumber,
          retailMicrosPerKwh: PriceMicrosPerKwh,
          feedInMicrosPerKwh: PriceMicrosPerKwh,
        },
        closed,
      ),
    ),
    orders: Type.Array(FilledOrder),
    sealedOrders: Type.Array(OwnSealedOrder),
    meters: Type.Array(MeteredInterval),
    trades: Type.Array(OwnTrade, {
      description: 'In the zone of contracts: those of which the account is a side.',
    }),
    runs: Type.Array(AccountRun),
    billed: Type.Array(SettlementLine, {
      description: 'What of the last run the retailer bills, where the ledger only counts it.',
    }),
    netMicros: AmountMicros,
    commitment: nullable(ChainTransaction),
    sent: Type.Array(SentTransaction, {
      description: 'The commitment and the transactions of the runs, as far as they are signed.',
    }),
  },
  closed,
)

const wholeMicros = { minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }

export const AccountInterval = Type.Object(
  {
    account: AccountNumber,
    interval: IntervalNumber,
    startMs: InstantMs,
    endMs: InstantMs,
    zones: Type.Array(AccountIntervalZone),
    netMicros: Type.Integer({
      ...wholeMicros,
      description: 'What all runs have booked on the ledger.',
    }),
    worthMicros: nullable(
      Type.Integer({
        ...wholeMicros,
        description:
          'What the interval comes to, wherever it is paid: the three that follow. Null before ' +
          'the first run.',
      }),
    ),
    ledgerMicros: Type.Integer({
      ...wholeMicros,
      description: 'Of it, on the ledger: `netMicros` without `debtMicros`.',
    }),
    outsideMicros: Type.Integer({
      ...wholeMicros,
      description: 'Of it, by the rails that trades have outside of the ledger.',
    }),
    billedMicros: Type.Integer({
      ...wholeMicros,
      description: 'Of it, on the retailer’s bill.',
    }),
    debtMicros: Type.Integer({
      ...wholeMicros,
      description:
        'On the ledger besides: who stood in for whom, what of that was repaid, and what was due ' +
        'before and taken out of collateral.',
    }),
  },
  closed,
)

/** One entry of the journal that moved this account’s money. */
/** What a line of a statement tells of: money that came, that left, or that a run has moved. */
export const StatementKind = Type.Enum(['deposit', 'withdrawal', 'run'])

export const StatementLine = Type.Object(
  {
    sequence: Sequence,
    atMs: InstantMs,
    kind: StatementKind,
    zone: nullable(ZoneNumber),
    interval: nullable(IntervalNumber),
    run: nullable(RunNumber),
    runKind: nullable(RunKindName),
    amountMicros: AmountMicros,
    balanceMicros: MoneyMicros,
    transaction: Type.Union([ChainTransaction, Type.Null()], {
      description:
        'By which the chain pays a withdrawal that the account asked the exchange for: `failed` ' +
        'is one that the chain refused. Null for all else.',
    }),
  },
  closed,
)

export const Statement = Type.Object(
  {
    account: AccountNumber,
    lines: Type.Array(StatementLine),
    nextFrom: nullable(Sequence),
  },
  closed,
)

export type AccountDetail = Static<typeof AccountDetail>
export type SentTransaction = Static<typeof SentTransaction>
export type AccountInterval = Static<typeof AccountInterval>
export type AccountIntervalZone = Static<typeof AccountIntervalZone>
export type AccountRun = Static<typeof AccountRun>
export type FilledOrder = Static<typeof FilledOrder>
export type Meter = Static<typeof Meter>
export type MeteredInterval = Static<typeof MeteredInterval>
export type OpenOrder = Static<typeof OpenOrder>
export type SettlementLine = Static<typeof SettlementLine>
export type Statement = Static<typeof Statement>
export type StatementLine = Static<typeof StatementLine>
