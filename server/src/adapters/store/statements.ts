/** Every statement of the store, once, for both engines. */
import type { BatchesAsked, JournalEntry } from '../../app/ports/journal.ts'
import type { OutboxChanges, OutboxDraft } from '../../app/ports/outbox.ts'
import type { Statement } from './engine.ts'
import { deviceStatements } from './device-statements.ts'
import { gatewayOfBody } from './schema.ts'
import { grantStatements, sessionStatements } from './grant-statements.ts'
import { noticeStatements } from './notice-statements.ts'
import { tallyStatements } from './tally-statements.ts'

/** The columns of `update`, so that no name from outside ever reaches the SQL. */
const outboxColumns: Readonly<Record<keyof OutboxChanges, string>> = {
  gas: 'gas',
  nonce: 'nonce',
  raw: 'raw',
  txHash: 'tx_hash',
  status: 'status',
  blockNumber: 'block_number',
  blockHash: 'block_hash',
  gasUsed: 'gas_used',
  finalAt: 'final_at',
  error: 'error',
}

/**
 * Many texts as one parameter: a third faster than an array, whose every element has to be quoted
 * and parsed. `checks.ts` keeps the separator, and empty texts, out of them.
 */
const separator = '\u0001'
const joined = (texts: readonly string[]): string => texts.join(separator)
const list = (parameter: string): string => `string_to_array(${parameter}::text, E'\\x01')`

export type Statements = ReturnType<typeof statementsFor>

/** `schema` is quoted already. */
export const statementsFor = (schema: string) => ({
  ...journalStatements(schema),
  ...snapshotStatements(schema),
  ...outboxStatements(schema),
  ...noticeStatements(schema),
  ...grantStatements(schema),
  ...sessionStatements(schema),
  ...deviceStatements(schema),
  ...tallyStatements(schema),
})

const journalStatements = (schema: string) => ({
  /** The hash before is that of the row before, and is not stored again. */
  insertEntries: (entries: readonly JournalEntry[]): Statement => ({
    sql: `insert into ${schema}.journal (sequence, at, kind, body, hash) select *
      from unnest($1::bigint[], $2::bigint[], ${list('$3')}, ${list('$4')}, ${list('$5')})`,
    parameters: [
      entries.map((entry) => entry.sequence),
      entries.map((entry) => entry.at),
      joined(entries.map((entry) => entry.kind)),
      joined(entries.map((entry) => entry.body)),
      joined(entries.map((entry) => entry.hash)),
    ],
  }),

  lastEntry: (): Statement => ({
    sql: `select sequence, hash from ${schema}.journal order by sequence desc limit 1`,
    parameters: [],
  }),

  /** Stops before the first entry that has `bytesMax` bytes of bodies in front of it. */
  readEntries: (afterSequence: number, limit: number, bytesMax: number): Statement => ({
    sql: `select sequence, at, kind, body, hash, previous_hash from (
        select *,
          coalesce(
            lag(hash) over (order by sequence),
            (select hash from ${schema}.journal where sequence = $1::bigint)
          ) as previous_hash,
          sum(octet_length(body)) over (order by sequence) - octet_length(body) as before
        from (select * from ${schema}.journal where sequence > $1::bigint
          order by sequence limit $2::bigint) entries
      ) page where before < $3::bigint order by sequence`,
    parameters: [afterSequence, limit, bytesMax],
  }),

  /** As the index has them; a reading's first field is its boundary. */
  readBatches: ({ gateway, boundary, afterSequence, limit }: BatchesAsked): Statement => ({
    sql: `select sequence, body from ${schema}.journal
      where kind = 'submit_readings' and ${gatewayOfBody} = $1::text and sequence > $2::bigint
        and position($3::text in body) > 0
      order by sequence limit $4::bigint`,
    parameters: [String(gateway), afterSequence, `{"boundary":${boundary},`, limit],
  }),
})

const snapshotStatements = (schema: string) => ({
  snapshotTable: `${schema}.snapshot_part`,

  deleteSnapshot: (sequence: number): Statement => ({
    sql: `delete from ${schema}.snapshot where sequence = $1::bigint`,
    parameters: [sequence],
  }),

  insertSnapshot: (sequence: number, stateHash: string, parts: number): Statement => ({
    sql: `insert into ${schema}.snapshot (sequence, state_hash, parts)
      values ($1::bigint, $2::text, $3::integer)`,
    parameters: [sequence, stateHash, parts],
  }),

  insertSnapshotPart: (sequence: number, part: number, body: string): Statement => ({
    sql: `insert into ${schema}.snapshot_part (sequence, part, body)
      values ($1::bigint, $2::integer, $3::text)`,
    parameters: [sequence, part, body],
  }),

  deleteOtherSnapshots: (kept: readonly number[]): Statement => ({
    sql: `delete from ${schema}.snapshot where sequence != all ($1::bigint[])`,
    parameters: [kept],
  }),

  snapshotSequences: (): Statement => ({
    sql: `select sequence from ${schema}.snapshot order by sequence`,
    parameters: [],
  }),

  deleteUnfinishedParts: (): Statement => ({
    sql: `delete from ${schema}.snapshot_part
      where sequence not in (select sequence from ${schema}.snapshot)`,
    parameters: [],
  }),

  snapshotHash: (sequence: number): Statement => ({
    sql: `select state_hash from ${schema}.snapshot where sequence = $1::bigint`,
    parameters: [sequence],
  }),

  latestSnapshot: (): Statement => ({
    sql: `select sequence, state_hash, parts from ${schema}.snapshot
      order by sequence desc limit 1`,
    parameters: [],
  }),

  /** By the time of its last entry. */
  snapshotBefore: (atMs: number): Statement => ({
    sql: `select sequence, state_hash, parts
      from ${schema}.snapshot join ${schema}.journal using (sequence)
      where at < $1::bigint order by sequence desc limit 1`,
    parameters: [atMs],
  }),

  snapshotPart: (sequence: number, part: number): Statement => ({
    sql: `select body from ${schema}.snapshot_part
      where sequence = $1::bigint and part = $2::integer`,
    parameters: [sequence, part],
  }),
})

const outboxStatements = (schema: string) => ({
  insertItems: (items: readonly OutboxDraft[], firstPosition: number): Statement => ({
    sql: `insert into ${schema}.outbox
        (id, position, journal_sequence, description, to_address, calldata, queued_at)
      select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[],
        $6::text[], $7::bigint[])`,
    parameters: [
      items.map((item) => item.id),
      items.map((_, index) => firstPosition + index),
      items.map((item) => item.journalSequence),
      items.map((item) => item.description),
      items.map((item) => item.toAddress),
      items.map((item) => item.calldata),
      items.map((item) => item.queuedAt),
    ],
  }),

  contentOf: (ids: readonly string[]): Statement => ({
    sql: `select id, journal_sequence, to_address, calldata from ${schema}.outbox
      where id = any($1::text[])`,
    parameters: [ids],
  }),

  lastPosition: (): Statement => ({
    sql: `select coalesce(max(position), 0) as number from ${schema}.outbox`,
    parameters: [],
  }),

  lastJournalSequence: (): Statement => ({
    sql: `select coalesce(max(journal_sequence), 0) as number from ${schema}.outbox`,
    parameters: [],
  }),

  /** Each of these has an index of its own. */
  itemsThat: (are: 'unfinished' | 'failed', limit: number): Statement => ({
    sql: `select * from ${schema}.outbox
      where status ${are === 'failed' ? "= 'failed'" : "not in ('final', 'failed')"}
      order by position limit $1::bigint`,
    parameters: [limit],
  }),

  listItems: (afterPosition: number, limit: number): Statement => ({
    sql: `select * from ${schema}.outbox where position > $1::bigint
      order by position limit $2::bigint`,
    parameters: [afterPosition, limit],
  }),

  itemsOfJournalSequence: (sequence: number): Statement => ({
    sql: `select * from ${schema}.outbox where journal_sequence = $1::bigint order by position`,
    parameters: [sequence],
  }),

  findItem: (id: string): Statement => ({
    sql: `select * from ${schema}.outbox where id = $1::text`,
    parameters: [id],
  }),

  updateItem: (id: string, changes: OutboxChanges): Statement => {
    const fields = (Object.keys(outboxColumns) as (keyof OutboxChanges)[]).filter(
      (field) => changes[field] !== undefined,
    )
    const set = fields.map((field, index) => `${outboxColumns[field]} = $${index + 2}`)
    return {
      sql: `update ${schema}.outbox set ${['id = id', ...set].join(', ')}
        where id = $1::text returning id`,
      parameters: [id, ...fields.map((field) => changes[field] ?? null)],
    }
  },
})
