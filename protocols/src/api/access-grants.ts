import { Type, type Static } from 'typebox'
import { grantKinds, grantScopes } from '../access/index.ts'
import { Account, closed, CommandId, InstantMs, nullable, SignedWord } from './scalars.ts'

const Label = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[^\\u0000-\\u001f\\u007f]+$',
  description: 'What the account calls it: 1 to 64 characters, for itself.',
})

/** The longest subject of a grant, in characters. */
export const grantSubjectLengthMax = 500

const terms = {
  id: CommandId,
  account: Account,
  kind: Type.Enum([...grantKinds], { description: 'By what somebody reads.' }),
  subject: Type.String({
    maxLength: grantSubjectLengthMax,
    description:
      'SHA-256 of the whole API key, or of the certificate. Of a sign-in: the issuer, a space, ' +
      'and the value of its claim.',
  }),
  scopes: Type.Array(Type.Enum([...grantScopes]), {
    minItems: 1,
    maxItems: grantScopes.length,
    uniqueItems: true,
    description:
      '`read`: what the account may read. `prove`: claims and hand-ins, where it is a prover.',
  }),
  networks: Type.Array(
    Type.String({ pattern: '^[0-9a-f.:]{2,39}(?:/[0-9]{1,3})?$', maxLength: 43 }),
    { maxItems: 16, description: 'Addresses and networks (CIDR) it counts from; none: from all.' },
  ),
  label: Label,
  until: Type.Integer({
    minimum: 0,
    maximum: 253_402_300_799_999,
    description: 'When it ends, UTC milliseconds of the time outside; at most 400 days ahead.',
  }),
  issuedAt: InstantMs,
}

export const SignedAccessGrant = Type.Object(
  { ...terms, signature: SignedWord },
  { ...closed, description: 'That somebody reads for an account without a key of it.' },
)

export const SignedAccessRevocation = Type.Object(
  { account: Account, grant: CommandId, signature: SignedWord },
  { ...closed, description: 'That a grant has ended, for ever.' },
)

/** Why a grant does not count any more, or that it does. */
export const grantStatuses = ['active', 'revoked', 'suspended', 'key_replaced', 'expired'] as const

export const AccessGrantView = Type.Object(
  {
    ...terms,
    status: Type.Enum([...grantStatuses], {
      description:
        '`suspended`: with its account, for ever. `key_replaced`: who signed it is no key of the ' +
        'account any more.',
    }),
    endedAtMs: nullable(InstantMs),
    lastUsedMs: nullable(
      Type.Integer({
        minimum: 0,
        maximum: 253_402_300_799_999,
        description: 'To the minute; null where it was never used.',
      }),
    ),
  },
  closed,
)

export const AccessGrants = Type.Object(
  { account: Account, grants: Type.Array(AccessGrantView) },
  { ...closed, description: 'The newest first. What ended is shown for 30 days.' },
)

export const AccessGrantTaken = Type.Object(
  {
    account: Account,
    grant: CommandId,
    repeated: Type.Boolean({ description: 'It was taken before.' }),
  },
  closed,
)

export type SignedAccessGrant = Static<typeof SignedAccessGrant>
export type SignedAccessRevocation = Static<typeof SignedAccessRevocation>
export type AccessGrantView = Static<typeof AccessGrantView>
export type AccessGrants = Static<typeof AccessGrants>
export type AccessGrantTaken = Static<typeof AccessGrantTaken>
