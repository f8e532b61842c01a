/** Who reads for whom, in memory: the promise of the port in the plainest way. */
import type { GrantBook, GrantUse, StoredGrant } from '../app/ports/grants.ts'
import type { SessionBook, SignedOutCredential, StoredSession } from '../app/ports/sign-in.ts'

export class MemoryGrants implements GrantBook, SessionBook {
  readonly kept = new Map<string, StoredGrant>()
  readonly open = new Map<string, StoredSession>()
  readonly left = new Map<string, SignedOutCredential>()

  async grants(): Promise<readonly StoredGrant[]> {
    const order = (one: StoredGrant): string => `${String(one.issuedAt).padStart(16, '0')}${one.id}`
    return [...this.kept.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1))
  }

  async addGrant(grant: StoredGrant): Promise<void> {
    if (this.kept.has(grant.id)) throw new Error('it is there')
    this.kept.set(grant.id, grant)
  }

  async endGrants(
    ids: readonly string[],
    endedAt: number,
    endedBy: 'revoked' | 'suspended',
  ): Promise<void> {
    for (const id of ids) {
      const grant = this.kept.get(id)
      if (grant?.endedAt === null) this.kept.set(id, { ...grant, endedAt, endedBy })
    }
  }

  async useGrants(uses: readonly GrantUse[]): Promise<void> {
    for (const { id, usedAt } of uses) {
      const grant = this.kept.get(id)
      if (grant === undefined) continue
      this.kept.set(id, { ...grant, usedAt: Math.max(usedAt, grant.usedAt ?? 0) })
    }
  }

  async removeGrants(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.kept.delete(id)
  }

  async sessions(): Promise<readonly StoredSession[]> {
    return [...this.open.values()].sort((a, b) => a.createdAt - b.createdAt)
  }

  async addSession(session: StoredSession): Promise<void> {
    if (this.open.has(session.hash)) throw new Error('it is there')
    this.open.set(session.hash, session)
  }

  async removeSessions(hashes: readonly string[]): Promise<void> {
    for (const hash of hashes) this.open.delete(hash)
  }

  async signedOut(): Promise<readonly SignedOutCredential[]> {
    return [...this.left.values()].sort((a, b) => a.untilMs - b.untilMs || a.account - b.account)
  }

  async addSignedOut(credential: SignedOutCredential): Promise<void> {
    this.left.set(nameOf(credential), credential)
  }

  async removeSignedOut(credentials: readonly SignedOutCredential[]): Promise<void> {
    for (const one of credentials) this.left.delete(nameOf(one))
  }
}

const nameOf = ({ account, untilMs }: SignedOutCredential): string => `${account}.${untilMs}`
