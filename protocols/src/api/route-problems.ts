import type { ProblemCode } from './problem.ts'

/*
 * The refusals that routes of one kind share; a route names those particular to it besides.
 */

const bodyProblems = [
  'body_malformed', 'body_too_large', 'content_type_unsupported', 'field_invalid', 'field_unknown',
  'field_missing',
] as const satisfies readonly ProblemCode[]

const credentialProblems = [
  'credential_missing', 'credential_malformed', 'credential_expired', 'credential_too_long',
  'credential_invalid', 'credential_revoked', 'certificate_untrusted',
  'network_foreign', 'scope_missing', 'access_denied',
] as const satisfies readonly ProblemCode[]

/** Signed commands. */
export const writeProblems = [
  ...bodyProblems, 'signature_invalid', 'id_exists', 'passkey_unknown', 'passkey_too_new',
  'mandate_unknown', 'mandate_too_new', 'account_unknown', 'account_suspended', 'market_not_open',
] as const

/** What owners, operators and auditors read. */
export const readProblems = [...credentialProblems, 'not_found', 'field_invalid'] as const

/** What retailers and utilities read of those whom they serve. */
export const officeProblems = [...readProblems, 'account_suspended'] as const

/** What provers send. */
export const proverProblems = [...credentialProblems, ...bodyProblems] as const

/** Contracts between named parties: whatever either side’s signature may be refused for. */
export const contractProblems = [
  'role_missing', 'meter_unknown', 'meter_foreign', 'trades_not_offered', 'trade_unknown',
  'contract_exists', 'contract_superseded', 'proposal_open', 'proposal_expired', 'party_foreign',
  'parties_equal', 'retailer_mismatch', 'key_too_new', 'consent_missing', 'window_closed',
  'terms_out_of_bounds', 'trades_exceeded', 'funds_insufficient', 'price_out_of_bounds',
  'price_off_tick',
] as const satisfies readonly ProblemCode[]

/** Orders that their owners open: not signed, so nobody is asked who sends them. */
export const revealProblems = [
  ...bodyProblems, 'market_not_open', 'gate_open', 'order_book_mismatch', 'order_unknown',
  'reveal_closed', 'opening_mismatch',
] as const satisfies readonly ProblemCode[]

/** A signed word that is no command of the market. */
export const webhookProblems = [
  ...bodyProblems, 'signature_invalid', 'account_unknown', 'webhook_superseded',
] as const satisfies readonly ProblemCode[]

/** What devices of a home did: signed by gateways, and no command of the market. */
export const deviceProblems = [
  ...bodyProblems, 'signature_invalid', 'gateway_unknown', 'account_suspended', 'market_not_open',
] as const satisfies readonly ProblemCode[]

/** Who reads for an account: signed, and no command of the market either. */
export const grantProblems = [
  ...bodyProblems, 'signature_invalid', 'id_exists', 'passkey_too_new', 'account_unknown',
  'account_suspended', 'grants_exceeded',
] as const satisfies readonly ProblemCode[]

export const revocationProblems = [
  ...bodyProblems, 'signature_invalid', 'passkey_too_new', 'account_unknown', 'not_found',
] as const satisfies readonly ProblemCode[]

/** Refusals that any route may give. */
export const generalProblems = [
  'request_malformed', 'method_not_allowed', 'request_timeout', 'uri_too_long', 'headers_too_large',
  'rate_limited', 'internal_error', 'server_busy', 'server_stopping',
] as const satisfies readonly ProblemCode[]
