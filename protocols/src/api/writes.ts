import { Type, type Static } from 'typebox'
import { batchLimits } from './batch-limits.ts'
import { SignedInstruction } from './instructions.ts'
import {
  Account,
  Address,
  closed,
  CommandId,
  GatewayNumber,
  GatewaySignature,
  IntervalNumber,
  MeterNumber,
  PriceMicrosPerKwh,
  Side,
  SignedWord,
} from './scalars.ts'

/** The most bytes of a request's body. */
export const bodyBytesMax = 4 * 1_024 * 1_024

const energyMaxWh = 10 ** 15

/** `Order(bytes16 id,uint32 account,uint32 meter,uint64 interval,uint8 side,…)`, signed. */
export const SignedOrder = Type.Object(
  {
    id: CommandId,
    account: Account,
    meter: MeterNumber,
    interval: IntervalNumber,
    side: Side,
    energyWh: Type.Integer({ minimum: 1, maximum: energyMaxWh, description: 'Watt-hours.' }),
    limitMicrosPerKwh: PriceMicrosPerKwh,
    signature: SignedWord,
  },
  { ...closed, description: 'A buyer pays at most, a seller takes at least the limit.' },
)

/** `Cancellation(bytes16 id,uint32 account,bytes16 order)`, signed. */
export const SignedCancellation = Type.Object(
  { id: CommandId, account: Account, order: CommandId, signature: SignedWord },
  { ...closed, description: 'Takes back the open order that was placed under the id `order`.' },
)

/** `Withdrawal(bytes16 id,uint32 account,uint64 amountMicros,address to)`, signed. */
export const SignedWithdrawal = Type.Object(
  {
    id: CommandId,
    account: Account,
    amountMicros: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    to: Address,
    signature: SignedWord,
  },
  { ...closed, description: 'Sends available money to the account’s registered address.' },
)

export const RegisterWh = Type.Integer({
  minimum: 0,
  maximum: energyMaxWh,
  description: 'A cumulative register, watt-hours.',
})

export const ReadingItem = Type.Object(
  {
    meter: MeterNumber,
    boundary: IntervalNumber,
    version: Type.Integer({
      minimum: 0,
      maximum: 255,
      description: '0 at first; a correction of the same boundary carries a higher one.',
    }),
    importWh: RegisterWh,
    exportWh: RegisterWh,
  },
  { ...closed, description: 'A meter’s registers at the start of the interval `boundary`.' },
)

const Blind = Type.String({
  pattern: '^0x[0-9a-f]{64}$',
  description:
    '32 random bytes, anew for each batch: they salt its leaves, so that each owner can be shown ' +
    'that its reading was signed, and learns nothing of the others.',
})

/** `ReadingBatch(bytes16 id,uint32 gateway,bytes32 root,uint32 count)`, signed by the gateway. */
export const SignedReadingBatch = Type.Object(
  {
    id: CommandId,
    gateway: GatewayNumber,
    readings: Type.Array(ReadingItem, { minItems: 1, maxItems: batchLimits.readings }),
    blind: Type.Optional(Blind),
    signature: GatewaySignature,
  },
  { ...closed, description: 'The signature covers the Merkle root of the readings, in order.' },
)

export const OrdersBody = Type.Object(
  { orders: Type.Array(SignedOrder, { minItems: 1, maxItems: batchLimits.orders }) },
  closed,
)

export const CancellationsBody = Type.Object(
  {
    cancellations: Type.Array(SignedCancellation, {
      minItems: 1,
      maxItems: batchLimits.cancellations,
    }),
  },
  closed,
)

export const WithdrawalsBody = Type.Object(
  {
    withdrawals: Type.Array(SignedWithdrawal, { minItems: 1, maxItems: batchLimits.withdrawals }),
  },
  closed,
)

export const InstructionsBody = Type.Object(
  {
    instructions: Type.Array(SignedInstruction, {
      minItems: 1,
      maxItems: batchLimits.instructions,
    }),
  },
  closed,
)

export const ReadingsBody = Type.Object(
  { batches: Type.Array(SignedReadingBatch, { minItems: 1, maxItems: batchLimits.batches }) },
  closed,
)

export type SignedOrder = Static<typeof SignedOrder>
export type SignedCancellation = Static<typeof SignedCancellation>
export type SignedWithdrawal = Static<typeof SignedWithdrawal>
export type ReadingItem = Static<typeof ReadingItem>
export type SignedReadingBatch = Static<typeof SignedReadingBatch>
