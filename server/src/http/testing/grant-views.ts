import type { AccessGrantView } from '@busbar/protocols/api'
import type { AccessService } from '../../app/ports/access-service.ts'

/* Fixed grants, one of each status: what the routes must carry over. */

const about = (number: number): Omit<AccessGrantView, 'status'> => ({
  ...{ id: `0x${String(number).padStart(32, '0')}`, account: 4, kind: 'api_key' },
  ...{ subject: `0x${'5b'.repeat(32)}`, scopes: ['read'], networks: ['192.0.2.0/24'] },
  ...{ label: 'the building’s controller', until: 1_900_000_000_000 },
  ...{ issuedAt: 1_700_000_000_000, endedAtMs: null, lastUsedMs: null },
})

export const granted: readonly AccessGrantView[] = [
  { ...about(5), status: 'active', lastUsedMs: 1_700_000_000_000 },
  { ...about(4), status: 'revoked', endedAtMs: 1_700_000_000_001 },
  { ...about(3), status: 'suspended', endedAtMs: 1_700_000_000_002 },
  { ...about(2), status: 'key_replaced' },
  { ...about(1), status: 'expired' },
]

/** Keys of the double: their grants, and why others do not count. */
export const keys = {
  alice: `bb_${'a1'.repeat(16)}_${'00'.repeat(32)}`,
  prover: `bb_${'a2'.repeat(16)}_${'00'.repeat(32)}`,
  operator: `bb_${'a3'.repeat(16)}_${'00'.repeat(32)}`,
  expired: `bb_${'a4'.repeat(16)}_${'00'.repeat(32)}`,
  revoked: `bb_${'a5'.repeat(16)}_${'00'.repeat(32)}`,
  elsewhere: `bb_${'a6'.repeat(16)}_${'00'.repeat(32)}`,
} as const

const untilMs = 1_900_000_000_000

export const access: AccessService = {
  list: (account) => (account > 20 ? undefined : granted),
  async submit({ id, account, label }) {
    if (label === 'one too many') {
      return { kind: 'refused', reason: 'grants_exceeded', field: 'account', limit: 'at most 32' }
    }
    return { kind: 'taken', account, grant: id, repeated: label === 'again' }
  },
  async revoke({ account, grant }) {
    const isThere = granted.some(({ id }) => id === grant)
    if (!isThere) return { kind: 'refused', reason: 'not_found', field: 'grant' }
    return { kind: 'taken', account, grant, repeated: false }
  },
  byCertificate: () => ({ kind: 'refused', reason: 'credential_invalid' }),
  byApiKey(key, address) {
    const of = (account: number, roles: readonly string[], scopes: readonly string[]) =>
      ({ kind: 'reader', reader: { account, roles, scopes, untilMs } }) as ReturnType<
        AccessService['byApiKey']
      >
    switch (key) {
      case keys.alice: return of(4, ['prosumer'], ['read'])
      case keys.prover: return of(7, ['prover'], ['prove'])
      case keys.operator: return of(3, ['operator', 'authority'], ['read'])
      case keys.expired: return { kind: 'refused', reason: 'credential_expired' }
      case keys.revoked: return { kind: 'refused', reason: 'credential_revoked' }
      case keys.elsewhere:
        return address === '192.0.2.7'
          ? of(4, ['prosumer'], ['read'])
          : { kind: 'refused', reason: 'network_foreign' }
      default: return { kind: 'refused', reason: 'credential_invalid' }
    }
  },
}
