import { Type, type Static } from 'typebox'
import { Account, closed, Count, Host, InstantMs, PublicKey } from './scalars.ts'

/** What an account lists of a join code. */
export const joinCodeFields = {
  publicKey: PublicKey,
  host: Host,
  untilMs: InstantMs,
  issuedBy: Account,
} as const

export const JoinCode = Type.Object(
  {
    account: Account,
    ...joinCodeFields,
    delaySeconds: Type.Intersect([Count], {
      description: 'How long a passkey waits, that it registers now, until it speaks.',
    }),
  },
  { ...closed, description: 'A key that counts once: it registers one passkey.' },
)
export type JoinCode = Static<typeof JoinCode>
