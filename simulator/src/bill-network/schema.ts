/** Money in hundredths, moments in milliseconds, everything a safe integer. */
export const schema = `
create table if not exists institutions (
  name text primary key,
  key text not null,
  url text
) strict;
create table if not exists billers (
  name text primary key,
  institution text not null,
  title text not null
) strict;
create table if not exists parties (
  name text primary key,
  institution text not null,
  pays text not null,
  delay_ms integer not null,
  balance integer not null default 0,
  credit integer
) strict;
create table if not exists bills (
  number integer primary key autoincrement,
  biller text not null,
  bill text not null,
  institution text not null,
  payer text not null,
  presented text not null,
  terms text not null,
  state text not null default 'presented',
  is_overdue integer not null default 0,
  sequence integer not null default 1,
  payment text not null default '',
  paid_at integer,
  refunded integer not null default 0,
  presented_at integer not null,
  due_at integer not null,
  expires_at integer not null,
  unique (biller, bill)
) strict;
create index if not exists bills_open on bills (number) where state = 'presented';
create table if not exists moves (
  number integer primary key autoincrement,
  kind text not null,
  payment text not null,
  party text not null,
  cents integer not null check (cents <> 0),
  at integer not null,
  unique (kind, payment, party)
) strict;
create table if not exists messages (
  sender text not null,
  id text not null,
  body text not null,
  code text not null,
  primary key (sender, id)
) strict;
create table if not exists notices (
  number integer primary key autoincrement,
  institution text not null,
  subject text not null,
  kind text not null,
  text text not null,
  state text not null default 'waiting',
  is_behind integer not null default 0,
  attempts integer not null default 0,
  due_at integer not null default 0
) strict;
create index if not exists notices_waiting on notices (number) where state = 'waiting';
`
