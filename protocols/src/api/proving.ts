import { Type, type Static } from 'typebox'
import { VoidReasonName } from './sealed.ts'
import {
  closed,
  Count,
  EnergyWh,
  FieldElement,
  Hash,
  InstantMs,
  IntervalNumber,
  nullable,
  PriceMicrosPerKwh,
  ZoneNumber,
} from './scalars.ts'

/** Some ten kilobytes for each of sixteen parts, and as much for what joins them. */
export const proofBytesMax = 262_144

/** The public inputs of a proof of clearing, in their order. */
export const ProofStatement = Type.Object(
  {
    context: FieldElement,
    ordersRoot: FieldElement,
    fillsRoot: FieldElement,
    header: FieldElement,
  },
  closed,
)

export const ClaimBody = Type.Object(
  {
    sizeMax: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Of the largest circuit that the prover runs.' }),
    ),
    zones: Type.Optional(Type.Array(ZoneNumber, { minItems: 1, maxItems: 1_000 })),
  },
  closed,
)

/**
 * What a proof is made of, and no more: the word tells what an order asks, the blind hides whose it
 * is also from the prover.
 */
export const ProvingOrder = Type.Union([
  Type.Object({ commitment: FieldElement, word: FieldElement, blind: FieldElement }, closed),
  Type.Object({ commitment: FieldElement, void: VoidReasonName }, closed),
])

/** A batch to prove, with all that its proof is about. */
export const ProvingClaim = Type.Object(
  {
    zone: ZoneNumber,
    interval: IntervalNumber,
    attempt: Count,
    leaseUntilMs: InstantMs,
    rulebookHash: Hash,
    statement: ProofStatement,
    priceMicrosPerKwh: nullable(PriceMicrosPerKwh),
    energyWh: EnergyWh,
    orders: Type.Array(ProvingOrder, { description: 'The whole set, by ascending commitment.' }),
  },
  closed,
)

export const ClaimAnswer = Type.Object({ claim: nullable(ProvingClaim) }, closed)

export const ProofBody = Type.Object(
  {
    zone: ZoneNumber,
    interval: IntervalNumber,
    size: Type.Integer({
      minimum: 1,
      description: 'Orders that the circuit is made for; in k parts, 4,096 k.',
    }),
    proof: Type.String({ pattern: '^0x([0-9a-f]{2})+$', maxLength: 2 + 2 * proofBytesMax }),
    statement: ProofStatement,
  },
  closed,
)

export const ProofAnswer = Type.Union([
  Type.Object({ kind: Type.Literal('taken'), repeated: Type.Boolean() }, closed),
  Type.Object(
    {
      kind: Type.Literal('refused'),
      reason: Type.Enum([
        'interval_unknown', 'statement_differs', 'size_invalid', 'proof_malformed',
      ]),
    },
    closed,
  ),
])

export const ProvingQueue = Type.Object(
  {
    batches: Type.Array(
      Type.Object(
        {
          zone: ZoneNumber,
          interval: IntervalNumber,
          orderCount: Count,
          status: Type.Enum(['waiting', 'claimed', 'sent', 'failed']),
          sinceMs: InstantMs,
          attempts: Count,
          refused: Count,
          overdue: Type.Boolean(),
        },
        closed,
      ),
      { description: 'Cleared and not proven, the oldest first.' },
    ),
  },
  closed,
)

export type ProofStatement = Static<typeof ProofStatement>
export type ClaimBody = Static<typeof ClaimBody>
export type ProvingOrder = Static<typeof ProvingOrder>
export type ProvingClaim = Static<typeof ProvingClaim>
export type ClaimAnswer = Static<typeof ClaimAnswer>
export type ProofBody = Static<typeof ProofBody>
export type ProofAnswer = Static<typeof ProofAnswer>
export type ProvingQueue = Static<typeof ProvingQueue>
