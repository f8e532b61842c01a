import { Type, type Static } from 'typebox'
import { ReadingItem } from './writes.ts'
import { batchForms } from './meters.ts'
import {
  Account,
  closed,
  CommandId,
  Count,
  Digest,
  FieldElement,
  GatewayNumber,
  GatewaySignature,
  Hash,
  InstantMs,
  IntervalNumber,
  MoneyMicros,
  nullable,
  PublicKey,
  Sequence,
  SignedWord,
  ZoneNumber,
} from './scalars.ts'
import { OrderOpening } from './sealed.ts'

const Mandate = Type.Object(
  {
    id: CommandId,
    account: Account,
    content: Type.String({ description: 'Canonical JSON, as it was signed.' }),
    sequence: Sequence,
    atMs: InstantMs,
    signature: SignedWord,
  },
  { ...closed, description: 'The instruction `grant_mandate` by which an agent ordered.' },
)

const SealedFields = Type.Object(
  { commitment: FieldElement, collateralMicros: MoneyMicros, ciphertextHash: Hash },
  { ...closed, description: 'What the digest of a sealed order is over, beside its place.' },
)

/** An order as it was signed, and what it says where it was sealed. */
export const OrderWord = Type.Object(
  {
    id: CommandId,
    account: Account,
    zone: ZoneNumber,
    interval: IntervalNumber,
    sequence: Sequence,
    digest: Digest,
    signature: SignedWord,
    isKeyReplaced: Type.Boolean({
      description: 'Whether it is by a registered key that another one has replaced since.',
    }),
    sealed: nullable(SealedFields),
    mandate: nullable(Mandate, {
      description: 'Null where no agent ordered, or its mandate has been revoked.',
    }),
    opening: nullable(OrderOpening, {
      description:
        'Of a sealed order after its clearing, to its owner alone; auditors ask for openings.',
    }),
  },
  closed,
)

/** The reading that counts at a boundary, as its gateway signed it. */
export const SignedReading = Type.Object(
  {
    reading: ReadingItem,
    sequence: Sequence,
    gateway: Type.Object(
      {
        gateway: GatewayNumber,
        form: Type.Enum([...batchForms], { description: 'Of its signed batches.' }),
        publicKey: PublicKey,
      },
      { ...closed, description: 'By which the registry has this meter read.' },
    ),
    batch: nullable(
      Type.Object(
        {
          id: CommandId,
          root: Hash,
          count: Type.Integer({ minimum: 1, description: 'Readings of the batch.' }),
          signature: GatewaySignature,
          index: Count,
          leafSalt: nullable(
            Type.String({
              pattern: '^0x[0-9a-f]{32}$',
              description: 'Behind the 29 bytes of the reading in its leaf; null without a blind.',
            }),
          ),
          path: Type.Array(Hash, { description: 'Siblings from the leaf to the root.' }),
        },
        closed,
      ),
      {
        description:
          'Null where the batch has no blind and holds readings of others: of hashes without one ' +
          'their registers could be guessed.',
      },
    ),
  },
  closed,
)

export type OrderWord = Static<typeof OrderWord>
export type SignedReading = Static<typeof SignedReading>
