import { voidReasons } from '@busbar/core/exchange'
import { Type, type Static } from 'typebox'
import { batchLimits } from './batch-limits.ts'
import { RejectedItem } from './results.ts'
import {
  Account,
  closed,
  CommandId,
  Count,
  Digest,
  EnergyWh,
  FieldElement,
  Hash,
  IntervalNumber,
  MeterNumber,
  MoneyMicros,
  nullable,
  PriceMicrosPerKwh,
  Sequence,
  Side,
  Signature,
  SignedWord,
  ZoneNumber,
} from './scalars.ts'

const Ciphertext = Type.String({
  pattern: '^0x([0-9a-f]{242})?$',
  description: 'The opening, encrypted to the interval; 0x where the rulebook has orders revealed.',
})

/** `SealedOrder(bytes16 id,uint32 account,uint32 zone,uint64 interval,bytes32 commitment,…)`. */
export const SignedSealedOrder = Type.Object(
  {
    id: CommandId,
    account: Account,
    zone: ZoneNumber,
    interval: IntervalNumber,
    commitment: FieldElement,
    collateralMicros: MoneyMicros,
    ciphertext: Ciphertext,
    signature: SignedWord,
  },
  { ...closed, description: 'An order that nobody can read before the gate.' },
)

export const SealedOrdersBody = Type.Object(
  { orders: Type.Array(SignedSealedOrder, { minItems: 1, maxItems: batchLimits.orders }) },
  closed,
)

/** What the operator signs for an order that it took: whoever holds it can prove an omission. */
export const Receipt = Type.Object(
  {
    commitment: FieldElement,
    zone: ZoneNumber,
    interval: IntervalNumber,
    sequence: Sequence,
    signature: Signature,
  },
  { ...closed, description: '`Receipt(bytes32 commitment,uint32 zone,…)`, signed.' },
)

export const AcceptedSealedOrder = Type.Object(
  {
    kind: Type.Literal('accepted'),
    id: CommandId,
    sequence: Sequence,
    repeated: Type.Boolean(),
    digest: Digest,
    receipt: Receipt,
  },
  closed,
)

export const SealedItemResult = Type.Union([AcceptedSealedOrder, RejectedItem])
export const SealedResults = Type.Object({ results: Type.Array(SealedItemResult) }, closed)

/** What a trader has committed to. */
export const OrderOpening = Type.Object(
  {
    account: Account,
    meter: MeterNumber,
    side: Side,
    energyWh: Type.Integer({ minimum: 1, maximum: 2 ** 28 - 1, description: 'Watt-hours.' }),
    limitMicrosPerKwh: PriceMicrosPerKwh,
    salt: Type.String({ pattern: '^0x[0-9a-f]{64}$', description: '32 random bytes.' }),
  },
  closed,
)

export const Reveal = Type.Object(
  {
    zone: ZoneNumber,
    interval: IntervalNumber,
    commitment: FieldElement,
    opening: OrderOpening,
  },
  { ...closed, description: 'Opens one’s own order. Unsigned: only its owner knows its salt.' },
)

export const RevealsBody = Type.Object(
  { reveals: Type.Array(Reveal, { minItems: 1, maxItems: batchLimits.reveals }) },
  closed,
)

export const RevealResult = Type.Union([
  Type.Object({ kind: Type.Literal('accepted'), commitment: FieldElement }, closed),
  Type.Object(
    {
      kind: Type.Literal('rejected'),
      commitment: FieldElement,
      code: Type.String(),
      field: Type.Optional(Type.String()),
      limit: Type.Optional(Type.String()),
      transient: Type.Boolean(),
    },
    closed,
  ),
])

export const RevealResults = Type.Object({ results: Type.Array(RevealResult) }, closed)

export const VoidReasonName = Type.Enum([...voidReasons], {
  description: 'Why an order of the set takes no part in the auction.',
})

/** Its owner’s view of a sealed order. What it is, only the owner’s opening tells. */
export const OwnSealedOrder = Type.Object(
  {
    id: CommandId,
    commitment: FieldElement,
    sequence: Sequence,
    outcome: Type.Enum(['sealed', 'filled', 'unfilled', 'void']),
    filledWh: EnergyWh,
    void: nullable(VoidReasonName),
  },
  closed,
)

const SetPath = {
  position: Count,
  siblings: Type.Array(Type.Array(FieldElement, { minItems: 15, maxItems: 15 }), {
    description: 'By level from the leaf: the other fifteen children of its parent.',
  }),
  partRoots: Type.Array(FieldElement, { description: 'Their hash is the root.' }),
}

/** That a commitment is in the fixed set, and what leaf its fill has. */
export const OrderPath = Type.Object(
  {
    commitment: FieldElement,
    context: FieldElement,
    ordersRoot: FieldElement,
    order: Type.Object(SetPath, closed),
    fillsRoot: nullable(FieldElement),
    fill: nullable(Type.Object({ leaf: FieldElement, ...SetPath }, closed)),
    void: nullable(
      Type.Object(
        {
          reason: VoidReasonName,
          voidsRoot: Hash,
          index: Count,
          count: Type.Integer({ minimum: 1, description: 'Void orders of the interval.' }),
          path: Type.Array(Hash, { description: 'Siblings from the leaf to `voidsRoot`.' }),
        },
        { ...closed, description: 'The reason that the chain has under the clearing root.' },
      ),
    ),
  },
  closed,
)

/** With what an omission is shown on the chain, or that there is none. */
export const OrderNeighbours = Type.Object(
  {
    ordersRoot: FieldElement,
    orderCount: Count,
    rulebookHash: Hash,
    isIncluded: Type.Boolean(),
    places: Type.Array(Type.Object({ commitment: FieldElement, ...SetPath }, closed), {
      description: 'The order’s own place, or those between which it would be.',
    }),
  },
  closed,
)

/** By what the reasons of voids are judged, as it was signed: see the guide of challenging. */
const VoidGrounds = Type.Object(
  {
    committeeKey: nullable(
      Type.String({ pattern: '^0x[0-9a-f]{96}$', description: 'To whom the orders are sealed.' }),
    ),
    received: Type.Array(
      Type.Object(
        {
          commitment: FieldElement,
          id: CommandId,
          account: Account,
          sequence: Sequence,
          collateralMicros: MoneyMicros,
          ciphertext: nullable(Ciphertext),
          ciphertextHash: Hash,
          signature: SignedWord,
        },
        closed,
      ),
      {
        description:
          'All sealed orders of accounts that have a void one. `ciphertext` is null for what was ' +
          'taken back before the gate: that stays closed.',
      },
    ),
    cancellations: Type.Array(
      Type.Object(
        { id: CommandId, account: Account, order: CommandId, signature: SignedWord },
        closed,
      ),
    ),
    requests: Type.Array(
      Type.Object({ account: Account, reference: Type.String() }, closed),
      { description: 'For money behind orders, on the chain: transaction and log.' },
    ),
    instructions: Type.Array(
      Type.Object(
        {
          sequence: Sequence,
          number: nullable(Count),
          id: CommandId,
          account: Account,
          kind: Type.Enum([
            'register_meter', 'admit_participant', 'set_tariff', 'register_passkey',
            'issue_join_code', 'grant_mandate',
          ]),
          content: Type.String({ description: 'Canonical JSON, as it was signed.' }),
          signature: SignedWord,
        },
        closed,
      ),
      { description: '`number` is the meter or the account that came of it.' },
    ),
  },
  { ...closed, description: 'By what the reasons of void orders can be judged.' },
)

/** Everything that was opened in an interval: for those who check the whole. */
export const Openings = Type.Object(
  {
    zone: ZoneNumber,
    interval: IntervalNumber,
    context: FieldElement,
    orders: Type.Array(
      Type.Object(
        {
          commitment: FieldElement,
          account: Account,
          opening: nullable(OrderOpening),
          void: nullable(VoidReasonName),
          filledWh: EnergyWh,
        },
        closed,
      ),
      { description: 'The whole set, by ascending commitment.' },
    ),
    evidence: Type.String({ description: 'The committee’s joint signature on the label.' }),
    grounds: VoidGrounds,
  },
  closed,
)

export type SignedSealedOrder = Static<typeof SignedSealedOrder>
export type Receipt = Static<typeof Receipt>
export type SealedItemResult = Static<typeof SealedItemResult>
export type OrderOpening = Static<typeof OrderOpening>
export type Reveal = Static<typeof Reveal>
export type RevealResult = Static<typeof RevealResult>
export type OwnSealedOrder = Static<typeof OwnSealedOrder>
export type OrderNeighbours = Static<typeof OrderNeighbours>
export type OrderPath = Static<typeof OrderPath>
export type Openings = Static<typeof Openings>
