import { faultCodes, type FaultCode } from '@busbar/core/errors'
import { type Rejection, rejections } from '@busbar/core/exchange'
import { Type, type Static } from 'typebox'
import { closed } from './scalars.ts'

/**
 * Every refusal of the HTTP interface that is not the core's: a closed list.
 *
 * 401 who are you, 403 not you, 404 and 405 not here, 408 too slow, 409 not as the market stands,
 * 422 not with this content, 429 not so often, 503 not now.
 */
export const httpRefusals = {
  request_malformed: { status: 400, transient: false, means: 'The request is not HTTP.' },
  body_malformed: { status: 400, transient: false, means: 'The body is not JSON.' },
  credential_missing: { status: 401, transient: false, means: 'This needs a signed credential.' },
  credential_malformed: {
    status: 401,
    transient: false,
    means: 'The credential has neither of the forms Busbar and Bearer.',
  },
  credential_expired: { status: 401, transient: false, means: 'The credential has expired.' },
  credential_too_long: {
    status: 401,
    transient: false,
    means: 'The credential is made for more than 24 hours.',
  },
  credential_invalid: {
    status: 401,
    transient: false,
    means: 'The credential is not signed by a key of its account, or no key of any grant.',
  },
  credential_revoked: {
    status: 401,
    transient: false,
    means: 'The credential, or the grant behind it, was ended.',
  },
  signature_invalid: {
    status: 403,
    transient: false,
    means: 'The command is not signed by a key of its account or gateway.',
  },
  certificate_untrusted: {
    status: 401,
    transient: false,
    means: 'The client’s certificate is of no authority that the server knows, or over.',
  },
  network_foreign: {
    status: 403,
    transient: false,
    means: 'The grant does not count from this address.',
  },
  sign_in_refused: {
    status: 403,
    transient: false,
    means: 'The provider’s answer does not hold, or came too late or twice.',
  },
  sign_in_unknown: {
    status: 403,
    transient: false,
    means: 'No account lets this person read for it.',
  },
  scope_missing: { status: 403, transient: false, means: 'The grant is not for this.' },
  access_denied: { status: 403, transient: false, means: 'This belongs to another participant.' },
  not_found: { status: 404, transient: false, means: 'There is nothing here.' },
  method_not_allowed: { status: 405, transient: false, means: 'This is not done to this.' },
  request_timeout: { status: 408, transient: true, means: 'The request took too long to arrive.' },
  webhook_superseded: {
    status: 409,
    transient: false,
    means: 'The account has signed another webhook since.',
  },
  grants_exceeded: {
    status: 409,
    transient: false,
    means: 'The account has as many grants as it may have.',
  },
  clock_backwards: { status: 409, transient: false, means: 'Time does not go back.' },
  body_too_large: { status: 413, transient: false, means: 'The body is larger than its limit.' },
  uri_too_long: { status: 414, transient: false, means: 'The path is longer than its limit.' },
  content_type_unsupported: {
    status: 415,
    transient: false,
    means: 'The body is not application/json.',
  },
  rulebook_incomparable: {
    status: 422,
    transient: false,
    means: 'By these rules there would have been other orders, or other intervals.',
  },
  field_unknown: { status: 422, transient: false, means: 'A field is not one of this request.' },
  field_missing: { status: 422, transient: false, means: 'A field is missing.' },
  rate_limited: { status: 429, transient: true, means: 'Too many requests in too short a time.' },
  headers_too_large: {
    status: 431,
    transient: false,
    means: 'The headers are larger than their limit.',
  },
  internal_error: {
    status: 500,
    transient: true,
    means: 'The server failed; whether it happened is unknown. Ask again with the same id.',
  },
  server_busy: { status: 503, transient: true, means: 'The server has as much as it can carry.' },
  server_stopping: { status: 503, transient: true, means: 'The server is stopping.' },
} as const satisfies Record<string, { status: number; transient: boolean; means: string }>

export type HttpRefusal = keyof typeof httpRefusals

const rejectionStatus = {
  market_not_open: 503,
  market_exists: 409,
  id_exists: 409,
  account_unknown: 422,
  account_suspended: 403,
  account_disputed: 409,
  role_missing: 403,
  proposal_unknown: 422,
  proposal_own: 403,
  proposal_differs: 409,
  proposal_not_open: 409,
  proposals_exceeded: 409,
  gateway_unknown: 422,
  zone_unknown: 422,
  meter_unknown: 422,
  meter_foreign: 403,
  name_exists: 409,
  field_invalid: 422,
  balancing_authority_missing: 409,
  tariff_missing: 409,
  effective_in_past: 422,
  interval_beyond_horizon: 422,
  gate_closed: 409,
  gate_open: 409,
  gate_already_closed: 409,
  order_book_mismatch: 409,
  committee_missing: 409,
  commitment_exists: 409,
  interval_not_fixed: 409,
  orders_opened: 409,
  reveal_open: 409,
  reveal_closed: 409,
  opening_mismatch: 422,
  energy_exceeded: 422,
  capacity_exceeded: 409,
  price_out_of_bounds: 422,
  price_off_tick: 422,
  orders_exceeded: 409,
  passkey_unknown: 403,
  join_code_unknown: 403,
  mandate_unknown: 403,
  registered_key_needed: 403,
  passkey_too_new: 403,
  mandate_too_new: 403,
  mandate_exceeded: 403,
  mandate_used_up: 409,
  mandates_exceeded: 409,
  passkeys_exceeded: 409,
  join_codes_exceeded: 409,
  order_unknown: 422,
  trades_not_offered: 409,
  trade_unknown: 422,
  payment_unknown: 422,
  default_unknown: 422,
  netting_unknown: 422,
  contract_exists: 409,
  contract_superseded: 409,
  proposal_open: 409,
  proposal_expired: 409,
  party_foreign: 403,
  parties_equal: 422,
  retailer_mismatch: 422,
  key_too_new: 403,
  consent_missing: 403,
  window_closed: 409,
  terms_out_of_bounds: 422,
  trades_exceeded: 409,
  exit_not_agreed: 409,
  offer_unknown: 422,
  offers_exceeded: 409,
  utility_foreign: 403,
  payment_not_awaited: 409,
  payment_exists: 409,
  postponement_exceeded: 409,
  default_not_open: 409,
  netting_not_awaited: 409,
  nothing_to_tend: 409,
  readings_empty: 422,
  deposit_exists: 409,
  withdrawal_exists: 409,
  address_foreign: 403,
  funds_insufficient: 409,
  interval_not_cleared: 409,
  readings_awaited: 409,
  proof_awaited: 409,
  proof_not_awaited: 409,
  nothing_to_settle: 409,
  guarantee_exhausted: 409,
} as const satisfies Record<Rejection, number>

/** Faults that pass when the store or its neighbour is back. All others need a person. */
const transientFaults: ReadonlySet<FaultCode> = new Set<FaultCode>([
  'STORE_FAILED',
  'STORE_CLOSED',
  'DATABASE_IN_USE',
  'COMMITTEE_BELOW_THRESHOLD',
  'RAIL_UNAVAILABLE',
  'SIGN_IN_UNAVAILABLE',
])

export type ProblemCode = Rejection | HttpRefusal | FaultCode

export type ProblemKind = {
  readonly status: number
  readonly transient: boolean
  /** One sentence, the title of the problem. */
  readonly means: string
}

const kinds: ReadonlyMap<string, ProblemKind> = new Map<string, ProblemKind>([
  ...Object.entries(httpRefusals),
  ...Object.entries(rejections).map(([code, { transient, means }]): [string, ProblemKind] => [
    code,
    { status: rejectionStatus[code as Rejection], transient, means },
  ]),
  ...Object.entries(faultCodes).map(([code, means]): [string, ProblemKind] => {
    const transient = transientFaults.has(code as FaultCode)
    return [code, { status: transient ? 503 : 500, transient, means }]
  }),
])

/** Every code that an answer may carry: rejections, refusals of the interface, and faults. */
export const problemCodes = (): readonly ProblemCode[] => [...kinds.keys()] as ProblemCode[]

export const isProblemCode = (code: string): code is ProblemCode => kinds.has(code)

export const isRejectionCode = (code: string): code is Rejection => Object.hasOwn(rejections, code)

export function problemKind(code: ProblemCode): ProblemKind {
  const kind = kinds.get(code)
  // The key type is the list itself: a code without a kind does not compile.
  if (kind === undefined) throw new TypeError(`unknown problem code ${code}`)
  return kind
}

export const problemType = (code: ProblemCode): string => `urn:busbar:problem:${code}`

/** RFC 9457, with our code, the field to blame and whether to try again. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'urn:busbar:problem:<code>' }),
    title: Type.String({ description: 'What the code means.' }),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    code: Type.String({ description: 'From a closed list; see docs/reference/errors.md.' }),
    detail: Type.String({ description: 'This occurrence, for people.' }),
    field: Type.Optional(Type.String({ description: 'The field to blame, where there is one.' })),
    limit: Type.Optional(Type.String({ description: 'What it would have had to be.' })),
    transient: Type.Boolean({ description: 'The same request may succeed later, unchanged.' }),
  },
  closed,
)

export type Problem = Static<typeof Problem>

export const problemMediaType = 'application/problem+json'

export function problemOf(
  code: ProblemCode,
  about: { readonly detail?: string; readonly field?: string; readonly limit?: string } = {},
): Problem {
  const { status, transient, means } = problemKind(code)
  const shown = [about.field, about.limit].filter((part) => part !== undefined).join(': ')
  return {
    type: problemType(code),
    title: means,
    status,
    code,
    detail: about.detail ?? (shown === '' ? means : shown),
    ...(about.field === undefined ? {} : { field: about.field }),
    ...(about.limit === undefined ? {} : { limit: about.limit }),
    transient,
  }
}
