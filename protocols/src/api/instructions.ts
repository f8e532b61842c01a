import type { InstructionKind } from '@busbar/core/exchange'
import { Type, type Static, type TSchema } from 'typebox'
import { RulebookDocument } from './rulebook.ts'
import { mandateFields } from './key-views.ts'
import {
  Account,
  Address,
  closed,
  CommandId,
  CommitteeKey,
  Digest,
  GatewayNumber,
  Host,
  InstantMs,
  IntervalNumber,
  MeterNumber,
  Name,
  nullable,
  PasskeyCredential,
  PriceMicrosPerKwh,
  ProposalNumber,
  PublicKey,
  RoleName,
  Signature,
  SignedWord,
  ZoneNumber,
} from './scalars.ts'
import { tradeInstructionContents } from './trades.ts'

const Watts = Type.Integer({ minimum: 0, maximum: 10_000_000_000, description: 'Watts.' })

const RegisterWh = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

const Digits = Type.Integer({
  minimum: 5,
  maximum: 15,
  description: 'Digits of a register: it counts to 10^digits − 1 watt-hours and begins again.',
})

const Reason = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'Why, for other authorities to read. No personal data.',
})

const proposalNamed = { proposal: ProposalNumber, digest: Digest }

export const CommitteeMember = Type.Object(
  {
    index: Type.Integer({ minimum: 1, maximum: 255, description: 'Where its share lies.' }),
    name: Name,
    verificationKey: CommitteeKey,
  },
  closed,
)

/** The fields of each instruction, by kind. What is signed is their canonical JSON text. */
export const instructionContents = {
  ...tradeInstructionContents,
  admit_participant: Type.Object(
    {
      name: Name,
      roles: Type.Array(RoleName, { minItems: 1, maxItems: 16 }),
      address: Address,
      publicKey: PublicKey,
      retailer: nullable(Account),
    },
    closed,
  ),
  suspend_participant: Type.Object({ participant: Account, reason: Type.Optional(Reason) }, closed),
  reinstate_participant: Type.Object(
    { participant: Account, reason: Type.Optional(Reason) },
    closed,
  ),
  replace_key: Type.Object(
    {
      participant: Account,
      address: Address,
      publicKey: PublicKey,
      approval: Type.Optional(Signature),
    },
    closed,
  ),
  register_passkey: Type.Object(
    {
      participant: Account,
      publicKey: PublicKey,
      credentialId: PasskeyCredential,
      host: Host,
      label: Name,
    },
    closed,
  ),
  revoke_passkey: Type.Object({ publicKey: PublicKey }, closed),
  issue_join_code: Type.Object(
    { participant: Account, publicKey: PublicKey, host: Host, untilMs: InstantMs },
    closed,
  ),
  revoke_join_code: Type.Object({ participant: Account, publicKey: PublicKey }, closed),
  grant_mandate: Type.Object(mandateFields, closed),
  revoke_mandate: Type.Object({ publicKey: PublicKey }, closed),
  register_zone: Type.Object(
    { name: Name, parent: nullable(ZoneNumber), bridgeWatts: Watts },
    closed,
  ),
  register_gateway: Type.Object(
    { name: Name, curve: Type.Enum(['secp256k1', 'p256']), publicKey: PublicKey, owner: Account },
    closed,
  ),
  register_meter: Type.Object(
    {
      name: Name,
      kind: Type.Enum(['physical', 'virtual']),
      account: Account,
      zone: ZoneNumber,
      gateway: nullable(GatewayNumber),
      importWattsMax: Watts,
      exportWattsMax: Watts,
      digits: Digits,
    },
    closed,
  ),
  replace_meter: Type.Object(
    {
      meter: MeterNumber,
      boundary: IntervalNumber,
      finalImportWh: RegisterWh,
      finalExportWh: RegisterWh,
      initialImportWh: RegisterWh,
      initialExportWh: RegisterWh,
      digits: Digits,
    },
    closed,
  ),
  set_tariff: Type.Object(
    {
      fromInterval: IntervalNumber,
      retailMicrosPerKwh: PriceMicrosPerKwh,
      feedInMicrosPerKwh: PriceMicrosPerKwh,
    },
    closed,
  ),
  fund_accounts: Type.Object(
    {
      deposits: Type.Array(
        Type.Object(
          {
            account: Account,
            amountMicros: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
          },
          closed,
        ),
        { minItems: 1, maxItems: 10_000 },
      ),
    },
    closed,
  ),
  appoint_committee: Type.Object(
    {
      fromInterval: IntervalNumber,
      publicKey: CommitteeKey,
      threshold: Type.Integer({ minimum: 1, maximum: 255 }),
      members: Type.Array(CommitteeMember, { minItems: 1, maxItems: 255 }),
    },
    closed,
  ),
  schedule_rulebook: Type.Object(
    { fromInterval: IntervalNumber, rulebook: RulebookDocument },
    closed,
  ),
  approve_proposal: Type.Object(proposalNamed, closed),
  refuse_proposal: Type.Object({ ...proposalNamed, reason: Reason }, closed),
} as const satisfies Record<InstructionKind, TSchema>

/** What an instruction of one kind looks like on the wire. */
type SignedInstructionOf<Kind extends InstructionKind> = {
  readonly id: string
  readonly account: number
  readonly kind: Kind
  readonly content: Static<(typeof instructionContents)[Kind]>
  readonly signature: string
}

const signed = (kind: InstructionKind) =>
  Type.Object(
    {
      id: CommandId,
      account: Account,
      kind: Type.Literal(kind),
      content: instructionContents[kind],
      signature: SignedWord,
    },
    closed,
  )

export const instructionKinds = Object.keys(instructionContents) as readonly InstructionKind[]

export type SignedInstruction = {
  readonly [Kind in InstructionKind]: SignedInstructionOf<Kind>
}[InstructionKind]

/**
 * `Instruction(bytes16 id,uint32 account,string kind,string content)`, signed. The kind decides
 * which fields the content has, so an error names the field of that kind and no other.
 */
export const SignedInstruction = Type.Unsafe<SignedInstruction>({
  type: 'object',
  required: ['kind'],
  description: 'A command of an authority, a retailer or a utility.',
  oneOf: instructionKinds.map(signed),
  discriminator: { propertyName: 'kind' },
})
