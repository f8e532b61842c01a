/** Who reads for whom, over an engine. */
import { grantKinds, grantScopes } from '@busbar/protocols/access'
import type { GrantBook, GrantUse, StoredGrant } from '../../app/ports/grants.ts'
import type { SessionBook, SignedOutCredential, StoredSession } from '../../app/ports/sign-in.ts'
import { checkGrant, checkSession, checkSignedOut } from './checks.ts'
import type { Row } from './engine.ts'
import { integer, integerOrNull, oneOf, text, textOrNull } from './rows.ts'
import type { StoreAccess } from './sql-notices.ts'
import type { Statements } from './statements.ts'

export class SqlGrants implements GrantBook, SessionBook {
  readonly #access: StoreAccess
  readonly #statements: Statements

  constructor(access: StoreAccess, statements: Statements) {
    this.#access = access
    this.#statements = statements
  }

  async grants(): Promise<readonly StoredGrant[]> {
    return (await this.#access.query(this.#statements.grants())).map(storedGrant)
  }

  async addGrant(grant: StoredGrant): Promise<void> {
    checkGrant(grant)
    await this.#access.write([this.#statements.insertGrant(grant)])
  }

  async endGrants(
    ids: readonly string[],
    endedAt: number,
    endedBy: 'revoked' | 'suspended',
  ): Promise<void> {
    await this.#access.write([this.#statements.endGrants(ids, endedAt, endedBy)])
  }

  async useGrants(uses: readonly GrantUse[]): Promise<void> {
    await this.#access.write([this.#statements.useGrants(uses)])
  }

  async removeGrants(ids: readonly string[]): Promise<void> {
    await this.#access.write([this.#statements.deleteGrants(ids)])
  }

  async sessions(): Promise<readonly StoredSession[]> {
    const rows = await this.#access.query(this.#statements.sessions())
    return rows.map((row) => ({
      hash: text(row, 'hash'),
      grant: text(row, 'grant_id'),
      offered: items(text(row, 'offered')),
      createdAt: integer(row, 'created_at'),
      until: integer(row, 'until'),
    }))
  }

  async addSession(session: StoredSession): Promise<void> {
    checkSession(session)
    await this.#access.write([this.#statements.insertSession(session)])
  }

  async removeSessions(hashes: readonly string[]): Promise<void> {
    await this.#access.write([this.#statements.deleteSessions(hashes)])
  }

  async signedOut(): Promise<readonly SignedOutCredential[]> {
    const rows = await this.#access.query(this.#statements.signedOut())
    return rows.map((row) => ({ account: integer(row, 'account'), untilMs: integer(row, 'until') }))
  }

  async addSignedOut(credential: SignedOutCredential): Promise<void> {
    checkSignedOut(credential)
    await this.#access.write([this.#statements.insertSignedOut(credential)])
  }

  async removeSignedOut(credentials: readonly SignedOutCredential[]): Promise<void> {
    await this.#access.write([this.#statements.deleteSignedOut(credentials)])
  }
}

const items = (joined: string): string[] => (joined === '' ? [] : joined.split(','))

const endings = ['revoked', 'suspended'] as const

function storedGrant(row: Row): StoredGrant {
  const endedBy = textOrNull(row, 'ended_by')
  return {
    id: text(row, 'id'),
    account: integer(row, 'account'),
    kind: oneOf(text(row, 'kind'), grantKinds, 'kind'),
    subject: text(row, 'subject'),
    scopes: items(text(row, 'scopes')).map((scope) => oneOf(scope, grantScopes, 'scopes')),
    networks: items(text(row, 'networks')),
    label: text(row, 'label'),
    until: integer(row, 'until'),
    issuedAt: integer(row, 'issued_at'),
    digest: text(row, 'digest'),
    signedBy: text(row, 'signed_by'),
    endedAt: integerOrNull(row, 'ended_at'),
    endedBy: endedBy === null ? null : oneOf(endedBy, endings, 'ended_by'),
    usedAt: integerOrNull(row, 'used_at'),
  }
}
