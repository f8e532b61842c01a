/** Money in micros; moments in milliseconds. */
export const schema = `
create table if not exists prepaid (
  account integer primary key,
  balance integer not null default 0
) strict;
create table if not exists top_ups (
  id text primary key,
  account integer not null,
  amount integer not null
) strict;
create table if not exists steps (
  key text primary key,
  step text not null,
  request text not null,
  payment integer not null,
  state text not null,
  amount integer not null,
  reason text not null
) strict;
create table if not exists payments (
  payment integer primary key,
  payer integer not null,
  payee integer not null,
  state text not null,
  amount integer not null,
  refunded integer not null default 0,
  expires_at integer not null
) strict;
create index if not exists payments_held on payments (payer) where state = 'reserved';
create table if not exists debts (
  number integer primary key autoincrement,
  debtor integer not null,
  creditor integer not null,
  amount integer not null check (amount > 0),
  due_at integer not null,
  netting integer
) strict;
create index if not exists debts_open on debts (due_at) where netting is null;
create table if not exists pairs (
  low integer not null,
  high integer not null,
  balance integer not null,
  primary key (low, high)
) strict;
create table if not exists nettings (
  number integer primary key autoincrement,
  cut_at integer not null,
  message_id text not null,
  xml text not null,
  state text not null
) strict;
create table if not exists transfers (
  end_to_end_id text primary key,
  netting integer not null,
  debtor integer not null,
  creditor integer not null,
  amount integer not null check (amount > 0),
  state text not null default 'sent',
  reason text not null default ''
) strict;
create table if not exists bank_files (
  name text primary key,
  digest text not null
) strict;
create table if not exists refused_files (
  name text not null,
  digest text not null,
  primary key (name, digest)
) strict;
create table if not exists findings (
  number integer primary key autoincrement,
  file text not null,
  what text not null
) strict;
`
