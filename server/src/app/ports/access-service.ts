import type { GrantScope } from '@busbar/protocols/access'
import type {
  AccessGrantView,
  SignedAccessGrant,
  SignedAccessRevocation,
} from '@busbar/protocols/api'
import type { Reader } from './exchange-service.ts'

export type GrantAnswer =
  | {
      readonly kind: 'taken'
      readonly account: number
      readonly grant: string
      /** It was taken before. */
      readonly repeated: boolean
    }
  | {
      readonly kind: 'refused'
      readonly reason:
        | 'account_unknown' | 'account_suspended' | 'signature_invalid' | 'passkey_too_new'
        | 'id_exists' | 'grants_exceeded' | 'field_invalid' | 'not_found'
      readonly field: string
      readonly limit?: string
    }

/** Who reads by a grant, how far and until when. */
export type GrantReader = Reader & {
  readonly scopes: readonly GrantScope[]
  readonly untilMs: number
}

export type Admission =
  | { readonly kind: 'reader'; readonly reader: GrantReader }
  | {
      readonly kind: 'refused'
      readonly reason:
        | 'credential_invalid' | 'credential_expired' | 'credential_revoked' | 'network_foreign'
    }

/** Who reads for an account without a key of it. */
export type AccessService = {
  /** The newest first; undefined where there is no such account. */
  list(account: number): readonly AccessGrantView[] | undefined
  /** Durable when it resolves with `taken`. */
  submit(grant: SignedAccessGrant): Promise<GrantAnswer>
  /** Counts from the moment of the call, and is durable when it resolves with `taken`. */
  revoke(revocation: SignedAccessRevocation): Promise<GrantAnswer>
  /** Why a key does not count is told only to who has it. */
  byApiKey(key: string, address: string): Admission
  /**
   * By SHA-256 of a certificate whose key was proven and whose issuer is trusted: as the account of
   * the oldest grant, or as the one that is named.
   */
  byCertificate(fingerprint: string, address: string, account: number | undefined): Admission
}
