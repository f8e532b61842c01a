import { type Rejection, rejections } from '@busbar/core/exchange'
import type { Problem, RejectedItem } from '@busbar/protocols/api'

/** Failures that no server told us about: a closed list beside the server's codes. */
export const clientFailures = {
  network_failed: { transient: true, means: 'The server could not be reached or hung up.' },
  timed_out: { transient: true, means: 'The server did not answer in time.' },
  answer_malformed: { transient: true, means: 'The answer is not one of this interface.' },
  proof_invalid: { transient: false, means: 'What was shown does not lead to the root.' },
  cancelled: { transient: false, means: 'The caller gave up.' },
} as const satisfies Record<string, { transient: boolean; means: string }>

export type ClientFailure = keyof typeof clientFailures

/**
 * A request that did not succeed, by code: the server's (`docs/reference/http-api.md`) or one of
 * `clientFailures`. After a transient one the same request, with the same ids, may be sent again.
 */
export class BusbarError extends Error {
  override readonly name = 'BusbarError'
  readonly code: string
  /** Of the answer; null where there was none. */
  readonly status: number | null
  readonly field: string | undefined
  readonly limit: string | undefined
  readonly transient: boolean

  constructor(
    about: {
      readonly code: string
      readonly status: number | null
      readonly detail: string
      readonly field?: string | undefined
      readonly limit?: string | undefined
      readonly transient: boolean
    },
    options: { readonly cause?: unknown } = {},
  ) {
    super(`${about.code}: ${about.detail}`, options)
    this.code = about.code
    this.status = about.status
    this.field = about.field
    this.limit = about.limit
    this.transient = about.transient
  }
}

export const errorOfProblem = (problem: Problem): BusbarError => new BusbarError(problem)

export const errorOfFailure = (code: ClientFailure, detail: string, cause?: unknown): BusbarError =>
  new BusbarError(
    { code, status: null, detail, transient: clientFailures[code].transient },
    cause === undefined ? {} : { cause },
  )

/** What the exchange would answer, known before it is asked. */
export function errorOfRejection(code: Rejection, field: string): BusbarError {
  const { means, transient } = rejections[code]
  return new BusbarError({ code, status: null, detail: means, field, transient })
}

/** One rejected item of a batch, to be thrown. Its status is 200: the batch itself was taken. */
export function errorOfItem(item: RejectedItem): BusbarError {
  const { code, field, limit, transient } = item
  const detail = [field, limit].filter((part) => part !== undefined).join(': ') || 'rejected'
  return new BusbarError({ code, status: 200, detail, field, limit, transient })
}
