import { type GuardedKind, guardedKinds, proposalStatuses } from '@busbar/core/exchange'
import { Type, type Static } from 'typebox'
import { instructionContents } from './instructions.ts'
import {
  Account,
  closed,
  CommandId,
  Digest,
  InstantMs,
  nullable,
  ProposalNumber,
  Sequence,
  SignedWord,
} from './scalars.ts'

type ProposedInstructionOf<Kind extends GuardedKind> = {
  readonly id: string
  readonly account: number
  readonly kind: Kind
  readonly content: Static<(typeof instructionContents)[Kind]>
  readonly digest: string
  readonly signature: string
}

export type ProposedInstruction = {
  readonly [Kind in GuardedKind]: ProposedInstructionOf<Kind>
}[GuardedKind]

const proposed = (kind: GuardedKind) =>
  Type.Object(
    {
      id: CommandId,
      account: Account,
      kind: Type.Literal(kind),
      content: instructionContents[kind],
      digest: Digest,
      signature: SignedWord,
    },
    closed,
  )

/** As its proposer signed it: whoever approves it works out the digest again. */
export const ProposedInstruction = Type.Unsafe<ProposedInstruction>({
  type: 'object',
  required: ['kind'],
  description: 'What is proposed, as it was signed, with its digest.',
  oneOf: guardedKinds.map(proposed),
  discriminator: { propertyName: 'kind' },
})

export const ProposalStatusName = Type.Enum([...proposalStatuses])

export const ProposalView = Type.Object(
  {
    proposal: ProposalNumber,
    instruction: ProposedInstruction,
    status: ProposalStatusName,
    sequence: Sequence,
    atMs: InstantMs,
    expiresAtMs: InstantMs,
    decided: nullable(
      Type.Object(
        { account: Account, sequence: Sequence, atMs: InstantMs },
        { ...closed, description: 'Who approved or refused it; null where nobody did.' },
      ),
    ),
    reason: Type.String({ description: 'Why it was refused; else empty.' }),
  },
  closed,
)

/** Newest first: all that wait, and of the others the last hundred. */
export const Proposals = Type.Object(
  {
    proposals: Type.Array(ProposalView),
    deadlineSeconds: nullable(
      Type.Integer({
        minimum: 1,
        description: 'How long a proposal made now waits; null where one person decides.',
      }),
    ),
  },
  closed,
)

export type ProposalView = Static<typeof ProposalView>
export type Proposals = Static<typeof Proposals>
