/** The statements about what accounts are told, once, for both engines. */
import type { Attempt, JournalledNotice, StoredWebhook } from '../../app/ports/notices.ts'
import type { Statement } from './engine.ts'

const columns = 'account, sequence, journal_sequence, at, subject, kind, body, attempts'

export const noticeStatements = (schema: string) => ({
  ...noticeReads(schema),
  ...noticeWrites(schema),
})

const noticeReads = (schema: string) => ({
  listNotices: (account: number, after: number, limit: number): Statement => ({
    sql: `select ${columns} from ${schema}.notice
      where account = $1::bigint and sequence > $2::bigint order by sequence limit $3::bigint`,
    parameters: [account, after, limit],
  }),

  /** Of those behind the webhook's `after`; none without a webhook. */
  noticeCounts: (account: number): Statement => ({
    sql: `select
        (select coalesce(max(sequence), 0) from ${schema}.notice where account = $1::bigint)
          as last,
        (select count(*) from ${schema}.notice n join ${schema}.webhook w using (account)
          where account = $1::bigint and n.sequence > w.after and w.url <> ''
            and n.state = 'waiting') as waiting,
        (select count(*) from ${schema}.notice n join ${schema}.webhook w using (account)
          where account = $1::bigint and n.sequence > w.after and w.url <> ''
            and n.state = 'given_up') as given_up`,
    parameters: [account],
  }),

  /** Each by the end of the index, however many notices there are. */
  lastNotices: (accounts: readonly number[]): Statement => ({
    sql: `select account,
        coalesce(
          (select max(sequence) from ${schema}.notice known where known.account = given.account), 0
        ) as last
      from unnest($1::bigint[]) as given (account)`,
    parameters: [accounts],
  }),

  /** The oldest that waits of each subject, where its time has come. */
  dueNotices: (account: number, now: number, limit: number): Statement => ({
    sql: `select ${columns} from ${schema}.notice n
      where account = $1::bigint and state = 'waiting' and next_at <= $2::bigint
        and sequence > (select after from ${schema}.webhook where account = $1::bigint)
        and not exists (
          select 1 from ${schema}.notice b
          where b.account = n.account and b.subject = n.subject and b.state = 'waiting'
            and b.sequence < n.sequence
            and b.sequence > (select after from ${schema}.webhook where account = $1::bigint)
        )
      order by sequence limit $3::bigint`,
    parameters: [account, now, limit],
  }),

  /** Of the oldest of each subject: what follows them waits for them, whatever its own time. */
  nextDueNotice: (account: number): Statement => ({
    sql: `select min(next_at) as next_at from (
        select distinct on (subject) subject, next_at from ${schema}.notice
        where account = $1::bigint and state = 'waiting'
          and sequence > (select after from ${schema}.webhook where account = $1::bigint)
        order by subject, sequence
      ) heads`,
    parameters: [account],
  }),

  webhooks: (): Statement => ({
    sql: `select account, url, after, issued_at, digest from ${schema}.webhook order by account`,
    parameters: [],
  }),
})

const noticeWrites = (schema: string) => ({
  /** Each account's go on from its last, in the order in which they are given. */
  insertNotices: (notices: readonly JournalledNotice[]): Statement => ({
    sql: `insert into ${schema}.notice
        (account, sequence, journal_sequence, at, subject, kind, body)
      select account,
        coalesce(
          (select max(sequence) from ${schema}.notice known where known.account = given.account), 0
        ) + row_number() over (partition by account order by place),
        journal_sequence, at, subject, kind, body
      from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[])
        with ordinality as given (account, journal_sequence, at, subject, kind, body, place)`,
    parameters: [
      notices.map((notice) => notice.account),
      notices.map((notice) => notice.journalSequence),
      notices.map((notice) => notice.at),
      notices.map((notice) => notice.subject),
      notices.map((notice) => notice.kind),
      notices.map((notice) => notice.body),
    ],
  }),

  upsertWebhook: ({ account, url, after, issuedAt, digest }: StoredWebhook): Statement => ({
    sql: `insert into ${schema}.webhook (account, url, after, issued_at, digest)
      values ($1::bigint, $2::text, $3::bigint, $4::bigint, $5::text)
      on conflict (account) do update set url = excluded.url, after = excluded.after,
        issued_at = excluded.issued_at, digest = excluded.digest`,
    parameters: [account, url, after, issuedAt, digest],
  }),

  /** Everything behind its `after` is to be brought, as if for the first time. */
  resetNotices: ({ account, after }: StoredWebhook): Statement => ({
    sql: `update ${schema}.notice set state = 'waiting', attempts = 0, next_at = 0
      where account = $1::bigint and sequence > $2::bigint
        and (state <> 'waiting' or attempts > 0)`,
    parameters: [account, after],
  }),

  /** Of a webhook that is the account's no more nothing is recorded: all of it waits again. */
  recordAttempts: (
    { account, issuedAt }: StoredWebhook,
    attempts: readonly Attempt[],
  ): Statement => ({
    sql: `update ${schema}.notice n
      set state = a.state, attempts = a.attempts, next_at = a.next_at
      from unnest($3::bigint[], $4::text[], $5::bigint[], $6::bigint[])
        as a (sequence, state, attempts, next_at)
      where n.account = $1::bigint and n.sequence = a.sequence
        and exists (select 1 from ${schema}.webhook
          where account = $1::bigint and issued_at = $2::bigint)`,
    parameters: [
      account,
      issuedAt,
      attempts.map(({ sequence }) => sequence),
      attempts.map(({ state }) => state),
      attempts.map((attempt) => attempt.attempts),
      attempts.map((attempt) => (attempt.state === 'waiting' ? attempt.nextAt : 0)),
    ],
  }),
})
