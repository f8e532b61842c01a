import type { GrantTerms } from '@busbar/protocols/access'

/** An account's word that somebody reads for it, and what became of it. Times are of outside. */
export type StoredGrant = GrantTerms & {
  /** EIP-712 digest of what was signed. */
  readonly digest: string
  /** The key that signed it, registered or passkey: it counts while this is one of the account. */
  readonly signedBy: string
  readonly endedAt: number | null
  readonly endedBy: 'revoked' | 'suspended' | null
  readonly usedAt: number | null
}

export type GrantUse = { readonly id: string; readonly usedAt: number }

/** Who reads for which account. Each promise resolves when it is on disk. */
export interface GrantBook {
  /** All of them, ascending by the time of issue. */
  grants(): Promise<readonly StoredGrant[]>

  /** Faults: GRANT_INVALID; STORE_FAILED where its id is there already. */
  addGrant(grant: StoredGrant): Promise<void>

  /** What has ended stays as it ended. */
  endGrants(
    ids: readonly string[],
    endedAt: number,
    endedBy: 'revoked' | 'suspended',
  ): Promise<void>

  /** Never goes back. */
  useGrants(uses: readonly GrantUse[]): Promise<void>

  removeGrants(ids: readonly string[]): Promise<void>
}
