import type { Static, TSchema } from 'typebox'
import {
  CaptureRequest,
  Charge,
  ChargeRequest,
  Charges,
  Hold,
  HoldRequest,
  Holds,
  type ProviderRefusal,
  Refund,
  RefundRequest,
  ReleaseRequest,
  RenewRequest,
} from './messages.ts'

export type ProviderOperation = {
  readonly method: 'GET' | 'POST'
  /** A parameter begins with a colon. */
  readonly path: `/v1/${string}`
  readonly summary: string
  /** Of what is sent; a question sends nothing. */
  readonly request?: TSchema
  readonly answer: TSchema
  /** 201 for what was made, 200 for all else. */
  readonly status: 200 | 201
  /** Besides those that any request may meet. */
  readonly refusals: readonly ProviderRefusal[]
}

/** All that a market asks of its provider. Those with POST carry an idempotency key. */
export const providerOperations = {
  createHold: {
    method: 'POST',
    path: '/v1/holds',
    summary: 'Holds money of a payer. A payer that refuses is a hold that is `declined`.',
    request: HoldRequest,
    answer: Hold,
    status: 201,
    refusals: [],
  },
  renewHold: {
    method: 'POST',
    path: '/v1/holds/:id/renew',
    summary: 'Has the hold expire later, as late as the provider allows.',
    request: RenewRequest,
    answer: Hold,
    status: 200,
    refusals: ['not_found', 'renewal_declined', 'state_conflict'],
  },
  captureHold: {
    method: 'POST',
    path: '/v1/holds/:id/capture',
    summary: 'Pays so much of it to the payee, once, and gives the rest back.',
    request: CaptureRequest,
    answer: Hold,
    status: 200,
    refusals: ['not_found', 'state_conflict', 'amount_exceeded', 'shares_invalid'],
  },
  releaseHold: {
    method: 'POST',
    path: '/v1/holds/:id/release',
    summary: 'Gives all of it back.',
    request: ReleaseRequest,
    answer: Hold,
    status: 200,
    refusals: ['not_found', 'state_conflict'],
  },
  createCharge: {
    method: 'POST',
    path: '/v1/charges',
    summary: 'Takes money without a hold. A payer that does not pay is a charge that `failed`.',
    request: ChargeRequest,
    answer: Charge,
    status: 201,
    refusals: ['shares_invalid'],
  },
  createRefund: {
    method: 'POST',
    path: '/v1/refunds',
    summary: 'Gives back so much of a captured hold or of a charge.',
    request: RefundRequest,
    answer: Refund,
    status: 201,
    refusals: ['not_found', 'state_conflict', 'amount_exceeded', 'shares_invalid'],
  },
  readHold: {
    method: 'GET',
    path: '/v1/holds/:id',
    summary: 'A hold as it is.',
    answer: Hold,
    status: 200,
    refusals: ['not_found'],
  },
  findHolds: {
    method: 'GET',
    path: '/v1/holds',
    summary: 'The last 100 holds under `?reference=`, the oldest first.',
    answer: Holds,
    status: 200,
    refusals: ['field_invalid'],
  },
  readCharge: {
    method: 'GET',
    path: '/v1/charges/:id',
    summary: 'A charge as it is.',
    answer: Charge,
    status: 200,
    refusals: ['not_found'],
  },
  findCharges: {
    method: 'GET',
    path: '/v1/charges',
    summary: 'The last 100 charges under `?reference=`, the oldest first.',
    answer: Charges,
    status: 200,
    refusals: ['field_invalid'],
  },
} as const satisfies Record<string, ProviderOperation>

export type ProviderOperationName = keyof typeof providerOperations

export type ProviderAnswer<Name extends ProviderOperationName> = Static<
  (typeof providerOperations)[Name]['answer']
>

/** What any request may meet. */
export const generalRefusals: readonly ProviderRefusal[] = [
  ...(['request_malformed', 'unauthorised', 'rate_limited', 'internal', 'unavailable'] as const),
]

/** And besides any that writes. */
export const writeRefusals: readonly ProviderRefusal[] = [
  ...(['key_missing', 'key_reused', 'field_invalid'] as const),
]
