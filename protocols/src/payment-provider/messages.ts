/**
 * What market and payment provider say to each other: JSON with whole numbers, money in micros of
 * the market's currency, moments in UTC milliseconds. `docs/reference/payment-provider.md` tells it
 * to people.
 *
 * Requests are closed: a provider refuses a field that it does not know. Answers are open: a market
 * reads past what a newer provider adds.
 */
import { Type, type Static, type TSchema } from 'typebox'
import { Check } from 'typebox/value'

const safe = Number.MAX_SAFE_INTEGER
const closed = { additionalProperties: false } as const

/** What a request is repeated under: the same key and body have their effect once. */
export const idempotencyHeader = 'idempotency-key'

export const idempotencyKeyForm = /^[A-Za-z0-9._:/-]{1,128}$/

export const Amount = Type.Integer({ minimum: 1, maximum: safe, description: 'Micros.' })
const MaybeAmount = Type.Integer({ minimum: 0, maximum: safe, description: 'Micros.' })
const Moment = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 })

/** What stands for a payer or a payee at the provider. The market knows no card and no name. */
export const PartyToken = Type.String({ pattern: '^[A-Za-z0-9._:-]{1,64}$' })

/** The market's own name of what is paid; it finds again what was made under it. */
export const Reference = Type.String({ pattern: '^[A-Za-z0-9._:-]{1,64}$' })

const Identity = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' })

/** A word of the provider: why something was declined. Empty where there is nothing to say. */
const Reason = Type.String({ pattern: '^[a-z0-9_]{0,64}$' })

/** What of an amount moves between others than its payer and its payee, such as fees. */
export const Shares = Type.Array(
  Type.Object({ payer: PartyToken, payee: PartyToken, amountMicros: Amount }, closed),
  { minItems: 1, maxItems: 8 },
)

export const HoldRequest = Type.Object(
  {
    amountMicros: Amount,
    payer: PartyToken,
    payee: PartyToken,
    reference: Reference,
    expiresAt: Moment,
  },
  closed,
)
export const RenewRequest = Type.Object({ expiresAt: Moment }, closed)
export const CaptureRequest = Type.Object(
  { amountMicros: Amount, shares: Type.Optional(Shares) },
  closed,
)
export const ReleaseRequest = Type.Object({}, closed)
export const ChargeRequest = Type.Object(
  {
    amountMicros: Amount,
    payer: PartyToken,
    payee: PartyToken,
    reference: Reference,
    shares: Type.Optional(Shares),
  },
  closed,
)
/** Of a captured hold or of a charge that succeeded. */
export const RefundRequest = Type.Object(
  { of: Identity, amountMicros: Amount, shares: Type.Optional(Shares) },
  closed,
)

/** A hold ends once: `declined`, `expired`, `captured` and `released` are for ever. */
export const holdStates = [
  ...(['pending', 'authorised', 'declined', 'expired', 'captured', 'released'] as const),
] as const
export const chargeStates = ['pending', 'succeeded', 'failed'] as const

export const Hold = Type.Object({
  id: Identity,
  state: Type.Enum([...holdStates]),
  amountMicros: Amount,
  /** At most `amountMicros`; the rest went back to the payer. */
  capturedMicros: MaybeAmount,
  refundedMicros: MaybeAmount,
  payer: PartyToken,
  payee: PartyToken,
  reference: Reference,
  /** May be sooner than was asked for: providers keep holds for so long only. */
  expiresAt: Moment,
  createdAt: Moment,
  /** Of the last event about it. */
  sequence: Type.Integer({ minimum: 0, maximum: safe }),
  reason: Reason,
})

export const Charge = Type.Object({
  id: Identity,
  state: Type.Enum([...chargeStates]),
  amountMicros: Amount,
  refundedMicros: MaybeAmount,
  payer: PartyToken,
  payee: PartyToken,
  reference: Reference,
  createdAt: Moment,
  sequence: Type.Integer({ minimum: 0, maximum: safe }),
  reason: Reason,
})

export const Refund = Type.Object({
  id: Identity,
  state: Type.Enum(['succeeded']),
  of: Identity,
  /** What `of` is. */
  kind: Type.Enum(['hold', 'charge']),
  amountMicros: Amount,
  /** Of the hold or charge. */
  reference: Reference,
  createdAt: Moment,
})

/** In the order in which they were made. */
export const Holds = Type.Object({ holds: Type.Array(Hold, { maxItems: 100 }) })
export const Charges = Type.Object({ charges: Type.Array(Charge, { maxItems: 100 }) })

/** Every refusal, by the code in its body. `known`: the answer belongs to the key for ever. */
export const providerRefusals = {
  request_malformed: { status: 400, known: false, means: 'The body is not the JSON of this.' },
  key_missing: { status: 400, known: false, means: 'A write carries no usable idempotency key.' },
  unauthorised: { status: 401, known: false, means: 'The bearer key is not one of this provider.' },
  renewal_declined: {
    status: 402,
    known: true,
    means: 'The payer’s side does not renew the hold, which stands until it expires.',
  },
  not_found: { status: 404, known: true, means: 'There is nothing under this id.' },
  key_reused: { status: 409, known: false, means: 'The key was used with another request.' },
  state_conflict: {
    status: 409,
    known: true,
    means: 'The hold or charge is not in a state for this; the body holds it as it is.',
  },
  amount_exceeded: { status: 422, known: true, means: 'More than was held, or is left of it.' },
  shares_invalid: {
    status: 422,
    known: false,
    means: 'The shares are more than the amount, or of a party that is not known.',
  },
  field_invalid: { status: 422, known: false, means: 'A field breaks its form.' },
  rate_limited: { status: 429, known: false, means: 'Too many requests in too short a time.' },
  internal: { status: 500, known: false, means: 'It failed; whether it happened is unknown.' },
  unavailable: { status: 503, known: false, means: 'Not now.' },
} as const satisfies Record<string, { status: number; known: boolean; means: string }>

export type ProviderRefusal = keyof typeof providerRefusals

export const ProviderProblem = Type.Object({
  code: Type.String({ pattern: '^[a-z_]{1,40}$' }),
  detail: Type.Optional(Type.String({ maxLength: 1_000 })),
  hold: Type.Optional(Hold),
  charge: Type.Optional(Charge),
})

export type Shares = Static<typeof Shares>
export type HoldRequest = Static<typeof HoldRequest>
export type RenewRequest = Static<typeof RenewRequest>
export type CaptureRequest = Static<typeof CaptureRequest>
export type ChargeRequest = Static<typeof ChargeRequest>
export type RefundRequest = Static<typeof RefundRequest>
export type Hold = Static<typeof Hold>
export type Charge = Static<typeof Charge>
export type Refund = Static<typeof Refund>
export type Holds = Static<typeof Holds>
export type Charges = Static<typeof Charges>
export type ProviderProblem = Static<typeof ProviderProblem>
export type HoldState = Hold['state']
export type ChargeState = Charge['state']

/** What `text` says in the form of `schema`, or undefined where it is not of that form. */
export function readMessage<Schema extends TSchema>(
  schema: Schema,
  text: string,
): Static<Schema> | undefined {
  const value = parsed(text)
  return value !== undefined && isOf(schema, value) ? value : undefined
}

export const isOf = <Schema extends TSchema>(
  schema: Schema,
  value: unknown,
): value is Static<Schema> => Check(schema, value)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    // Undefined is what no JSON says: the caller tells it apart from every message.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
