import { Fault } from '@busbar/core/errors'
import { type Problem, type ProblemCode, problemOf } from '@busbar/protocols/api'

/** A route's no, on its way to the error handler that writes it. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly problem: Problem

  constructor(
    code: ProblemCode,
    about: { readonly detail?: string; readonly field?: string; readonly limit?: string } = {},
  ) {
    super(code)
    this.problem = problemOf(code, about)
  }
}

/** What the framework says of a request that never reached a route, by its own codes. */
const frameworkCodes: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'content_type_unsupported',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'body_malformed',
  FST_ERR_CTP_INVALID_JSON_BODY: 'body_malformed',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'body_malformed',
  FST_ERR_BAD_URL: 'not_found',
  FST_ERR_MAX_PARAM_LENGTH: 'uri_too_long',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
}

/**
 * The problem that an error becomes. A fault shows its code but not its details: those are for the
 * log of whoever runs the server. Everything unforeseen is `internal_error`.
 */
export function problemOfError(error: unknown): Problem {
  if (error instanceof Refused) return error.problem
  if (error instanceof Fault) return problemOf(error.code)
  if (!(error instanceof Error)) return problemOf('internal_error')
  const { code, statusCode } = error as Error & {
    readonly code?: unknown
    readonly statusCode?: unknown
  }
  const known = typeof code === 'string' ? frameworkCodes[code] : undefined
  if (known !== undefined) return problemOf(known)
  // JSON that names __proto__ is refused by the parser with a bare SyntaxError.
  if (error instanceof SyntaxError && statusCode === 400) return problemOf('body_malformed')
  return problemOf('internal_error')
}

/** Whether somebody has to look: the error is ours and not the asker's. */
export const isOurs = (problem: Problem): boolean => problem.code === 'internal_error' ||
  (problem.status >= 500 && problem.code === problem.code.toUpperCase())
