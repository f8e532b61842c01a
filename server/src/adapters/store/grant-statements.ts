/** The statements about who reads for whom, once, for both engines. */
import type { GrantUse, StoredGrant } from '../../app/ports/grants.ts'
import type { SignedOutCredential, StoredSession } from '../../app/ports/sign-in.ts'
import type { Statement } from './engine.ts'

const columns =
  'id, account, kind, subject, scopes, networks, label, until, issued_at, digest, signed_by, ' +
  'ended_at, ended_by, used_at'

export const grantStatements = (schema: string) => ({
  grants: (): Statement => ({
    sql: `select ${columns} from ${schema}.access_grant order by issued_at, id`,
    parameters: [],
  }),

  insertGrant: (grant: StoredGrant): Statement => ({
    sql: `insert into ${schema}.access_grant (${columns}) values ($1::text, $2::bigint, $3::text,
      $4::text, $5::text, $6::text, $7::text, $8::bigint, $9::bigint, $10::text, $11::text,
      $12::bigint, $13::text, $14::bigint)`,
    parameters: [
      grant.id,
      grant.account,
      grant.kind,
      grant.subject,
      grant.scopes.join(','),
      grant.networks.join(','),
      grant.label,
      grant.until,
      grant.issuedAt,
      grant.digest,
      grant.signedBy,
      grant.endedAt,
      grant.endedBy,
      grant.usedAt,
    ],
  }),

  endGrants: (ids: readonly string[], endedAt: number, endedBy: string): Statement => ({
    sql: `update ${schema}.access_grant set ended_at = $2::bigint, ended_by = $3::text
      where id = any($1::text[]) and ended_at is null`,
    parameters: [ids, endedAt, endedBy],
  }),

  useGrants: (uses: readonly GrantUse[]): Statement => ({
    sql: `update ${schema}.access_grant g set used_at = greatest(g.used_at, u.used_at)
      from unnest($1::text[], $2::bigint[]) as u (id, used_at) where g.id = u.id`,
    parameters: [uses.map(({ id }) => id), uses.map(({ usedAt }) => usedAt)],
  }),

  deleteGrants: (ids: readonly string[]): Statement => ({
    sql: `delete from ${schema}.access_grant where id = any($1::text[])`,
    parameters: [ids],
  }),
})

/** Who is signed in, and what was signed out of. */
export const sessionStatements = (schema: string) => ({
  sessions: (): Statement => ({
    sql: `select hash, grant_id, offered, created_at, until from ${schema}.access_session
      order by created_at, hash`,
    parameters: [],
  }),

  insertSession: ({ hash, grant, offered, createdAt, until }: StoredSession): Statement => ({
    sql: `insert into ${schema}.access_session (hash, grant_id, offered, created_at, until)
      values ($1::text, $2::text, $3::text, $4::bigint, $5::bigint)`,
    parameters: [hash, grant, offered.join(','), createdAt, until],
  }),

  deleteSessions: (hashes: readonly string[]): Statement => ({
    sql: `delete from ${schema}.access_session where hash = any($1::text[])`,
    parameters: [hashes],
  }),

  signedOut: (): Statement => ({
    sql: `select account, until from ${schema}.access_signed_out order by until, account`,
    parameters: [],
  }),

  insertSignedOut: ({ account, untilMs }: SignedOutCredential): Statement => ({
    sql: `insert into ${schema}.access_signed_out (account, until)
      values ($1::bigint, $2::bigint) on conflict do nothing`,
    parameters: [account, untilMs],
  }),

  deleteSignedOut: (credentials: readonly SignedOutCredential[]): Statement => ({
    sql: `delete from ${schema}.access_signed_out o
      using unnest($1::bigint[], $2::bigint[]) as u (account, until)
      where o.account = u.account and o.until = u.until`,
    parameters: [
      credentials.map(({ account }) => account), credentials.map(({ untilMs }) => untilMs),
    ],
  }),
})
