import { apiKeyOf, apiKeySubject } from '@busbar/protocols/access'
import {
  type AccessGrants,
  type AccessGrantTaken,
  routes,
  type SignedAccessGrant,
  type SignedAccessRevocation,
} from '@busbar/protocols/api'
import type { CallOptions, Calls } from './calls.ts'
import { newId, platformRandom, type RandomBytes } from './ids.ts'
import { fill } from './requests.ts'
import type { Credential } from './signer.ts'

/** Who reads for an account without a key of it: `client.access`. */
export class AccessClient {
  readonly #calls: Calls

  constructor(calls: Calls) {
    this.#calls = calls
  }

  grants(account: number, options?: CallOptions): Promise<AccessGrants> {
    const path = fill(routes.accessGrants.path, { account })
    return this.#calls.getPrivate<AccessGrants>(path, options)
  }

  /** Has somebody read for the account; see `Signer.accessGrant`. */
  grant(grant: SignedAccessGrant, options?: CallOptions): Promise<AccessGrantTaken> {
    const { path } = routes.submitAccessGrant
    return this.#calls.post<AccessGrantTaken>(path, grant, options)
  }

  /** Ends it at once and for ever; see `Signer.accessRevocation`. */
  revoke(revocation: SignedAccessRevocation, options?: CallOptions): Promise<AccessGrantTaken> {
    const { path } = routes.submitAccessRevocation
    return this.#calls.post<AccessGrantTaken>(path, revocation, options)
  }
}

/** A new API key: `id` and `subject` go into its grant, `key` to who reads by it alone. */
export function newApiKey(random: RandomBytes = platformRandom): {
  readonly id: string
  readonly subject: string
  readonly key: string
} {
  const id = newId(random)
  const key = apiKeyOf(id, random(new Uint8Array(32)))
  return { id, subject: apiKeySubject(key), key }
}

/** Reads by an API key instead of a signature. */
export const withApiKey = (key: string): Credential => {
  const header = Promise.resolve(`Bearer ${key}`)
  return () => header
}
