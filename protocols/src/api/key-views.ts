import { askedForDays } from '@busbar/core/registry'
import { Type, type Static } from 'typebox'
import {
  Account,
  closed,
  Count,
  Host,
  InstantMs,
  MeterNumber,
  Name,
  nullable,
  PasskeyCredential,
  PriceMicrosPerKwh,
  PublicKey,
} from './scalars.ts'

/** What an account lists of a join code. */
export const joinCodeFields = {
  publicKey: PublicKey,
  host: Host,
  untilMs: InstantMs,
  issuedBy: Account,
} as const

/** The passkey by which the account asked for another one. */
export const AskedBy = nullable(PublicKey, {
  description:
    'The passkey by which the account asked for it; null for any other key. If that is revoked ' +
    `within ${askedForDays} days, this one ends as well.`,
})

/** What is told of a device to whoever knows it by its name. */
export const Device = Type.Object(
  {
    publicKey: PublicKey,
    host: Host,
    label: Name,
    signsFromMs: InstantMs,
    registeredBy: Account,
    registeredAtMs: InstantMs,
    askedBy: AskedBy,
  },
  { ...closed, description: 'A passkey, and who asked for it.' },
)

export const Objection = Type.Object(
  {
    publicKey: PublicKey,
    credentialId: PasskeyCredential,
    label: Name,
    revokedBy: Account,
    revokedAtMs: InstantMs,
    objectedAtMs: nullable(InstantMs),
    untilMs: nullable(InstantMs),
    passkeys: Type.Array(Device),
    joinCodes: Type.Array(Type.Object({ ...joinCodeFields, issuedAtMs: InstantMs }, closed)),
  },
  {
    ...closed,
    description:
      'Of a passkey that its retailer revoked as lost: it reads what its account was told of ' +
      'keys, and may revoke what its retailer asked for and what waits. `untilMs` is null once ' +
      'it did: an authority decides.',
  },
)
export type Objection = Static<typeof Objection>

const energyWh = (description: string) =>
  Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description })

/** What an account's own agent may do. */
export const mandateFields = {
  publicKey: PublicKey,
  meters: Type.Array(MeterNumber, { minItems: 1, maxItems: 64 }),
  buyMaxMicrosPerKwh: nullable(PriceMicrosPerKwh),
  sellMinMicrosPerKwh: nullable(PriceMicrosPerKwh),
  orderEnergyMaxWh: energyWh('The most that one order may name.'),
  dayEnergyMaxWh: energyWh('The most that all orders of a day of delivery (UTC) may come to.'),
  fromMs: InstantMs,
  untilMs: InstantMs,
  label: Name,
} as const

export const Mandate = Type.Object(
  {
    ...mandateFields,
    grantedAtMs: InstantMs,
    usedTodayWh: Count,
    leftTodayWh: Count,
  },
  { ...closed, description: 'Lets an agent trade for the account; see `grant_mandate`.' },
)
export type Mandate = Static<typeof Mandate>

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
