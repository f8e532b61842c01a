import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { keptJson } from '../services/kept-json.ts'
import { SqlStore } from '../services/sql-store.ts'

/** Money in micros, moments in milliseconds, everything a safe integer. */
const schema = `
create table if not exists parties (
  token text primary key,
  balance integer not null,
  held integer not null check (held >= 0),
  declines text not null
) strict;
create table if not exists holds (
  number integer primary key autoincrement,
  state text not null,
  amount integer not null check (amount > 0),
  captured integer not null default 0 check (captured between 0 and amount),
  refunded integer not null default 0 check (refunded between 0 and captured),
  payer text not null,
  payee text not null,
  reference text not null,
  expires_at integer not null,
  decide_at integer not null,
  created_at integer not null,
  sequence integer not null default 0,
  reason text not null default ''
) strict;
create index if not exists holds_by_reference on holds (reference);
create index if not exists holds_alive on holds (state, expires_at)
  where state in ('pending', 'authorised');
create table if not exists charges (
  number integer primary key autoincrement,
  state text not null,
  amount integer not null check (amount > 0),
  refunded integer not null default 0 check (refunded between 0 and amount),
  payer text not null,
  payee text not null,
  reference text not null,
  decide_at integer not null,
  created_at integer not null,
  sequence integer not null default 0,
  reason text not null default ''
) strict;
create index if not exists charges_by_reference on charges (reference);
create index if not exists charges_pending on charges (state) where state = 'pending';
create table if not exists refunds (
  number integer primary key autoincrement,
  subject text not null,
  amount integer not null check (amount > 0),
  reference text not null,
  created_at integer not null
) strict;
create table if not exists moves (
  number integer primary key autoincrement,
  kind text not null,
  what text not null,
  payer text not null,
  payee text not null,
  amount integer not null check (amount > 0),
  at integer not null,
  unique (kind, what)
) strict;
create table if not exists answers (
  key text primary key,
  request text not null,
  status integer not null,
  body text not null
) strict;
create table if not exists events (
  number integer primary key autoincrement,
  subject text not null,
  body text not null,
  state text not null default 'waiting',
  is_behind integer not null default 0,
  attempts integer not null default 0,
  due_at integer not null default 0
) strict;
create index if not exists events_waiting on events (number) where state = 'waiting';
create index if not exists events_by_subject on events (subject, number);
`

/** The provider's own store. */
export class PaymentStore extends SqlStore {
  /** @throws where another process has it open */
  constructor(folder: string) {
    super(join(folder, 'payments.sqlite'), schema)
  }
}

export type Credentials = {
  /** Who may ask for holds and charges. */
  readonly apiKey: string
  /** Who may set payers, clock and misbehaviour. */
  readonly adminKey: string
  /** What webhooks are signed by. */
  readonly webhookSecret: string
}

export const credentialsFile = 'credentials.json'

/** Those of the folder, made at random when it is used first. */
export function credentialsIn(folder: string): Credentials {
  const drawn = (): string => randomBytes(32).toString('hex')
  return keptJson(folder, credentialsFile, (): Credentials => ({
    apiKey: drawn(),
    adminKey: drawn(),
    webhookSecret: drawn(),
  }))
}
