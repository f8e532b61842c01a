import { namedKeyMarks, passkeyMark, roles } from '@busbar/core/registry'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import { Type, type TSchema } from 'typebox'

/**
 * The quantities and identities of the HTTP interface.
 *
 * Every integer is a JSON number that a double holds exactly: beyond 2^53 − 1 a value is refused,
 * never rounded.
 */
const safe = Number.MAX_SAFE_INTEGER

/** Year 9999 in milliseconds, as `Instant` in the core. */
const instantMax = 253_402_300_799_999

const uint32 = (description: string) =>
  Type.Integer({ minimum: 0, maximum: 4_294_967_295, description })

const hex = (bytes: number, description: string) =>
  Type.String({ pattern: `^0x[0-9a-f]{${bytes * 2}}$`, description })

export const nullable = <T extends TSchema>(schema: T, about: { description?: string } = {}) =>
  Type.Union([schema, Type.Null()], about)

export const CommandId = hex(16, 'An id made by the client: 16 bytes, 0x and 32 lower-case hex.')
export const Digest = hex(32, 'EIP-712 digest of what was signed: an order is known by it.')
export const Hash = hex(32, 'keccak-256: 0x and 64 lower-case hex.')
export const FieldElement = hex(32, 'An element of the field of the circuits: 0x and 64 hex.')
export const TransactionHash = hex(32, 'Hash of a transaction of the chain.')
export const Address = hex(20, 'An address of the chain: 0x and 40 lower-case hex.')
export const PublicKey = Type.String({
  pattern: '^0x0[23][0-9a-f]{64}$',
  description: 'A compressed public key: 0x02 or 0x03 and 64 lower-case hex.',
})
/** A point of BLS12-381 G1, compressed. */
export const CommitteeKey = hex(48, 'A key of the committee: 48 bytes of BLS12-381 G1.')
export const Signature = hex(65, 'secp256k1 over the digest, r, s and v, with the low s.')

export const PasskeyCredential = Type.String({
  pattern: '^0x(?:[0-9a-f]{2}){16,256}$',
  description: 'What a device calls its passkey: 0x and 32 to 512 lower-case hex.',
})
export const Host = Type.String({
  pattern: '^[a-z0-9-]{1,63}(?:\\.[a-z0-9-]{1,63})*$',
  maxLength: 253,
  description: 'The host of the pages that a passkey signs for, in lower case.',
})
const namedMarks = Object.values(namedKeyMarks).join('|')

/**
 * By a registered key, a key that is named (see `namedKeyMarks`), or a passkey: for its length see
 * `passkeySignatureMin` and `passkeySignatureMax`.
 */
export const signedWordPattern =
  `0x(?:[0-9a-f]{130}|(?:${namedMarks})[0-9a-f]{196}|${passkeyMark}(?:[0-9a-f]{2}){139,1637})`

export const SignedWord = Type.String({
  pattern: `^${signedWordPattern}$`,
  description:
    'By the registered key: secp256k1 over the digest, r, s and v, 65 bytes, with the low s. Or ' +
    'by a passkey: 50, its key, what device and browser said, r and s. Or by an agent: 51, ' +
    'its key, r, s and v; or by a join code: 52, and the same.',
})

export const GatewaySignature = Type.String({
  pattern: '^0x[0-9a-f]{128}([0-9a-f]{2})?$',
  description: 'secp256k1 (65 bytes r, s, v) or P-256 (64 bytes r, s), by the key registered.',
})

export const Account = uint32('A participant’s account. 0 to 2 are the exchange’s own.')
export const MeterNumber = uint32('A meter, by number.')
export const GatewayNumber = uint32('A gateway, by number.')
export const ZoneNumber = uint32('A zone, by number. 0 is the root.')
export const TradeOfLine = uint32('The bilateral trade that a line belongs to; 0 for none.')
export const RunNumber = uint32('A settlement run of an interval: 0, 1, 2 …')

export const ProposalNumber = Type.Integer({
  minimum: 1,
  maximum: 4_294_967_295,
  description: 'A proposal of an authority, by number.',
})

export const IntervalNumber = Type.Integer({
  minimum: 0,
  maximum: instantMax,
  description: 'An interval: its start in UTC milliseconds divided by the length of an interval.',
})

export const InstantMs = Type.Integer({
  minimum: 0,
  maximum: instantMax,
  description: 'A moment: milliseconds since 1970-01-01T00:00Z.',
})

export const Sequence = Type.Integer({
  minimum: 1,
  maximum: safe,
  description: 'A place in the journal.',
})

export const Count = Type.Integer({ minimum: 0, maximum: safe })

export const PriceMicrosPerKwh = Type.Integer({
  minimum: -Number(MicrosPerKwh.max),
  maximum: Number(MicrosPerKwh.max),
  description: 'Micros (millionths of the currency) for one kilowatt-hour. May be negative.',
})

export const EnergyWh = Type.Integer({
  minimum: 0,
  maximum: Number(WattHours.max),
  description: 'Watt-hours.',
})

export const SignedEnergyWh = Type.Integer({
  minimum: -safe,
  maximum: safe,
  description: 'Watt-hours; negative where a later run takes back what an earlier one posted.',
})

export const AmountMicros = Type.Integer({
  minimum: -safe,
  maximum: safe,
  description: 'Micros, millionths of the currency. Negative is paid, positive is received.',
})

export const MoneyMicros = Type.Integer({
  minimum: 0,
  maximum: safe,
  description: 'Micros, millionths of the currency.',
})

export const Name = Type.String({
  pattern: '^[a-z0-9-]{1,32}$',
  description: '1 to 32 of a-z, 0-9 and -. A pseudonym: never personal data.',
})

export const RoleName = Type.Enum([...roles], { description: 'What a participant may do.' })

export const Side = Type.Enum(['buy', 'sell'])

/** Objects of the interface name every field they have: anything else is refused. */
export const closed = { additionalProperties: false } as const
