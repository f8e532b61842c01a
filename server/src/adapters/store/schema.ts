/**
 * The tables of one market, the same text for both engines.
 *
 * Every market has an SQL schema of its own, so that markets share a database without sharing a
 * row. A change of the tables is a new script at the end of `migrations`; the ones before it stay
 * as they are, since databases exist that have run them.
 */
import { Fault } from '@busbar/core/errors'
import type { Engine } from './engine.ts'

/** The quoted name of the market's SQL schema. Faults: MARKET_ID_INVALID. */
export function schemaOf(market: string): string {
  if (!/^[a-z0-9-]{1,40}$/.test(market)) throw new Fault('MARKET_ID_INVALID', { market })
  return `"busbar ${market}"`
}

/**
 * The gateway of a batch, from the beginning of its canonical JSON: the readings, which may be ten
 * thousand, stand behind it.
 */
export const gatewayOfBody = `substring(substr(body, 1, 300) from '"gateway":([0-9]+),"id"')`

const migrations: readonly ((schema: string) => string)[] = [
  (schema) => `
    create table ${schema}.journal (
      sequence bigint primary key check (sequence > 0),
      at bigint not null,
      kind text not null,
      body text not null,
      hash text not null
    );

    -- Against our own mistakes. Against an owner of the database there is only the hash chain.
    create function ${schema}.refuse_change() returns trigger language plpgsql as $refuse$
      begin
        raise exception 'the journal is append-only';
      end
    $refuse$;
    create trigger journal_append_only before update or delete or truncate on ${schema}.journal
      for each statement execute function ${schema}.refuse_change();

    -- In parts, each written by itself, so that a state of a hundred megabytes neither is one
    -- value of the engine nor keeps commands waiting. The row of the snapshot comes last: parts
    -- without it are of a snapshot that was never finished.
    create table ${schema}.snapshot (
      sequence bigint primary key,
      state_hash text not null,
      parts integer not null
    );
    create table ${schema}.snapshot_part (
      sequence bigint not null,
      part integer not null,
      body text not null,
      primary key (sequence, part)
    );

    create table ${schema}.outbox (
      id text primary key,
      position bigint not null unique check (position > 0),
      journal_sequence bigint not null check (journal_sequence >= 0),
      description text not null,
      to_address text not null,
      calldata text not null,
      gas bigint,
      nonce bigint,
      raw text,
      tx_hash text,
      status text not null default 'queued'
        check (status in ('queued', 'signed', 'sent', 'mined', 'final', 'failed')),
      block_number bigint,
      block_hash text,
      gas_used bigint,
      queued_at bigint not null,
      final_at bigint,
      error text
    );
    create index outbox_unfinished on ${schema}.outbox (position)
      where status not in ('final', 'failed');
    create index outbox_journal_sequence on ${schema}.outbox (journal_sequence);
  `,
  (schema) => `
    create index outbox_failed on ${schema}.outbox (position) where status = 'failed';
  `,
  (schema) => `
    create table ${schema}.notice (
      account bigint not null,
      sequence bigint not null check (sequence > 0),
      journal_sequence bigint not null check (journal_sequence > 0),
      at bigint not null,
      subject text not null,
      kind text not null,
      body text not null,
      state text not null default 'waiting'
        check (state in ('waiting', 'delivered', 'given_up')),
      attempts integer not null default 0,
      next_at bigint not null default 0,
      primary key (account, sequence)
    );
    create index notice_waiting on ${schema}.notice (account, sequence) where state = 'waiting';
    create index notice_waiting_subject on ${schema}.notice (account, subject, sequence)
      where state = 'waiting';
    create index notice_given_up on ${schema}.notice (account) where state = 'given_up';

    create table ${schema}.webhook (
      account bigint primary key,
      url text not null,
      after bigint not null check (after >= 0),
      issued_at bigint not null,
      digest text not null
    );
  `,
  (schema) => `
    create table ${schema}.access_grant (
      id text primary key,
      account bigint not null,
      kind text not null,
      subject text not null,
      scopes text not null,
      networks text not null,
      label text not null,
      until bigint not null,
      issued_at bigint not null,
      digest text not null,
      signed_by text not null,
      ended_at bigint,
      ended_by text,
      used_at bigint,
      check ((ended_at is null) = (ended_by is null))
    );
  `,
  (schema) => `
    create table ${schema}.access_session (
      hash text primary key,
      grant_id text not null,
      created_at bigint not null,
      until bigint not null
    );
  `,
  (schema) => `
    create table ${schema}.tally (
      journal_sequence bigint primary key check (journal_sequence > 0),
      zone bigint not null,
      interval bigint not null,
      run bigint not null,
      holds boolean not null,
      energy_in numeric not null,
      energy_out numeric not null,
      moved numeric not null,
      balances numeric not null,
      body text not null,
      unique (interval, zone, run)
    );
    create table ${schema}.tally_anchor (
      journal_sequence bigint primary key check (journal_sequence > 0),
      at bigint not null,
      holds boolean not null,
      has_roots boolean not null,
      custody numeric not null,
      ledger numeric not null
    );
    create trigger tally_append_only before update or delete or truncate on ${schema}.tally
      for each statement execute function ${schema}.refuse_change();
    create trigger anchor_append_only before update or delete or truncate
      on ${schema}.tally_anchor for each statement execute function ${schema}.refuse_change();

    -- Through which entry an older version wrote the journal without them.
    create table ${schema}.tally_missing (through bigint not null);
    insert into ${schema}.tally_missing
      select coalesce(max(sequence), 0) from ${schema}.journal;

    create index outbox_of_intervals on ${schema}.outbox (journal_sequence)
      where id like 'fix/%' or id like 'commit/%' or id like 'settle/%';
  `,
  (schema) => `
    alter table ${schema}.access_session add column offered text not null default '';
  `,
  (schema) => `
    -- Of the devices of homes: nothing is computed from it, and what is old is removed.
    create table ${schema}.device_reading (
      account bigint not null,
      device bigint not null,
      boundary bigint not null,
      kind text not null,
      version bigint not null,
      in_wh bigint not null,
      out_wh bigint not null,
      charge_basis_points bigint,
      is_plugged_in boolean,
      primary key (account, device, boundary)
    );
    create index device_reading_boundary on ${schema}.device_reading (boundary);
  `,
  (schema) => `
    create index journal_batches on ${schema}.journal ((${gatewayOfBody}), sequence)
      where kind = 'submit_readings';
  `,
  (schema) => `
    create table ${schema}.access_signed_out (
      account bigint not null,
      until bigint not null,
      primary key (account, until)
    );
  `,
]

/**
 * Brings the tables to this version. Each step is one transaction, so that a kill in the middle
 * leaves the version before it.
 *
 * Faults: DATABASE_SCHEMA_UNKNOWN when a newer version of the program wrote them.
 */
export async function migrate(engine: Engine, schema: string): Promise<void> {
  await engine.script(`
    create schema if not exists ${schema};
    create table if not exists ${schema}.schema_version (version integer primary key);
  `)
  const [row] = await engine.query({
    sql: `select coalesce(max(version), 0) as version from ${schema}.schema_version`,
    parameters: [],
  })
  const found = Number(row?.['version'])
  if (found > migrations.length) {
    throw new Fault('DATABASE_SCHEMA_UNKNOWN', { found, newestKnown: migrations.length })
  }
  for (const [index, script] of migrations.entries()) {
    const version = index + 1
    if (version <= found) continue
    await engine.script(`
      ${script(schema)}
      insert into ${schema}.schema_version (version) values (${version});
    `)
  }
}
