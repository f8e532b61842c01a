/** Money in hundredths, moments in milliseconds, everything a safe integer. */
export const schema = `
create table if not exists accounts (
  account text primary key,
  name text not null,
  currency text not null,
  balance integer not null default 0,
  credit integer,
  closed integer not null default 0
) strict;
create table if not exists taken (
  message_id text primary key,
  digest text not null
) strict;
create table if not exists entries (
  number integer primary key autoincrement,
  account text not null,
  cents integer not null check (cents <> 0),
  at integer not null,
  currency text not null,
  message_id text not null,
  payment_id text not null,
  end_to_end_id text not null,
  counterparty text not null,
  counterparty_name text not null,
  remittance text not null,
  return_reason text not null
) strict;
create index if not exists entries_by_account on entries (account, at);
create index if not exists entries_by_transfer on entries (end_to_end_id);
create table if not exists files (
  number integer primary key,
  kind text not null,
  text text not null
) strict;
create table if not exists statements (
  account text not null,
  day integer not null,
  primary key (account, day)
) strict;
`
