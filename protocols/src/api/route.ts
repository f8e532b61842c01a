import { Type, type TObject, type TSchema } from 'typebox'
import type { ProblemCode } from './problem.ts'

export const pageLimits = { default: 100, max: 500 } as const

/**
 * `public`: anybody. `account`: the owner, operators and auditors. `owner`: the owner alone.
 * `tenant`: whom it concerns, each as far as it does. `auditor`: operators and auditors alone.
 * `authority`: those and authorities. `operator`: operators alone. `prover`: provers and operators.
 * `loopback`: this machine.
 */
export type Access =
  | 'public' | 'account' | 'owner' | 'tenant' | 'auditor' | 'authority' | 'operator' | 'prover'
  | 'loopback'

export type Route = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Parameters begin with a colon. */
  readonly path: `/v1/${string}`
  readonly summary: string
  readonly access: Access
  /** Whoever it is: from the machine of the server alone. */
  readonly isLocal?: true
  readonly params?: TObject
  readonly query?: TObject
  readonly headers?: TObject
  readonly body?: TObject
  readonly response: { readonly mediaType: string; readonly schema: TSchema }
  /** The refusals particular to this route; the general ones hold everywhere. */
  readonly problems: readonly ProblemCode[]
}

export const json = <T extends TSchema>(schema: T) =>
  ({ mediaType: 'application/json', schema }) as const

/** From which end a list is read; `from` is where it begins, and `nextFrom` goes the same way. */
export const order = Type.Optional(Type.Enum(['asc', 'desc'], { default: 'asc' }))

/** How many items of a page are asked for. */
export const limit = Type.Optional(
  Type.Integer({ minimum: 1, maximum: pageLimits.max, default: pageLimits.default }),
)
