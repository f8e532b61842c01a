import type { AccessGrantMessage } from '../eip712/index.ts'

/** By what somebody reads for an account without one of its keys. */
export const grantKinds = ['api_key', 'certificate', 'sign_in'] as const

/** `read`: what the account may read. `prove`: claims and hand-ins, where it is a prover. */
export const grantScopes = ['read', 'prove'] as const

export type GrantKind = (typeof grantKinds)[number]
export type GrantScope = (typeof grantScopes)[number]

export type GrantTerms = {
  readonly id: string
  readonly account: number
  readonly kind: GrantKind
  readonly subject: string
  readonly scopes: readonly GrantScope[]
  readonly networks: readonly string[]
  readonly label: string
  readonly until: number
  readonly issuedAt: number
}

/** A grant as it is signed: lists joined by commas, which none of their items holds. */
export const grantMessage = (grant: GrantTerms): AccessGrantMessage => ({
  ...grant,
  scopes: grant.scopes.join(','),
  networks: grant.networks.join(','),
})
