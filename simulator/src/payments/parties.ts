import type { Shares } from '@busbar/protocols/payment-provider'
import type { PaymentStore } from './store.ts'

/** What a payer's side says no to. */
export const declinable = ['hold', 'renewal', 'charge'] as const

export type Declinable = (typeof declinable)[number]

export type Party = {
  readonly token: string
  readonly balanceMicros: number
  readonly heldMicros: number
  readonly declines: readonly Declinable[]
}

type PartyRow = { token: string; balance: number; held: number; declines: string }

const fromRow = ({ token, balance, held, declines }: PartyRow): Party => ({
  token,
  balanceMicros: balance,
  heldMicros: held,
  declines: JSON.parse(declines) as Declinable[],
})

/** All money there is; what comes in stays a safe integer in every sum. */
const totalMax = Number.MAX_SAFE_INTEGER

/** Who pays and who is paid: what is theirs and what of it is held. */
export class Parties {
  readonly #store: PaymentStore

  constructor(store: PaymentStore) {
    this.#store = store
  }

  find(token: string): Party | undefined {
    const row = this.#store.row<PartyRow>('select * from parties where token = ?', token)
    return row === undefined ? undefined : fromRow(row)
  }

  list(): readonly Party[] {
    return this.#store.rows<PartyRow>('select * from parties order by token').map(fromRow)
  }

  /** Admits a party, or changes what it declines. */
  put(token: string, declines: readonly Declinable[]): void {
    const sql =
      'insert into parties values (?, 0, 0, ?) ' +
      'on conflict do update set declines = excluded.declines'
    this.#store.change(sql, token, JSON.stringify(declines))
  }

  /** Money from outside, once for each id. False where there would be too much of it. */
  deposit(id: string, token: string, amountMicros: number, now: number): boolean {
    const known = "select 1 from moves where kind = 'deposit' and what = ?"
    if (this.#store.row(known, id) !== undefined) return true
    const total = "select coalesce(sum(amount), 0) as sum from moves where kind = 'deposit'"
    const { sum = 0 } = this.#store.row<{ sum: number }>(total) ?? {}
    if (sum + amountMicros > totalMax) return false
    this.#record('deposit', id, '', token, amountMicros, now)
    this.#add(token, amountMicros, 0)
    return true
  }

  /** Why the payer cannot have so much held or taken, or '' where it can. */
  objection(payer: string, payee: string, amountMicros: number, what: Declinable): string {
    const party = this.find(payer)
    if (party === undefined) return 'payer_unknown'
    if (this.find(payee) === undefined) return 'payee_unknown'
    if (party.declines.includes(what)) return 'declined_by_payer'
    const available = party.balanceMicros - party.heldMicros
    return available < amountMicros ? 'funds_insufficient' : ''
  }

  hold(payer: string, amountMicros: number): void {
    this.#add(payer, 0, amountMicros)
  }

  unhold(payer: string, amountMicros: number): void {
    this.#add(payer, 0, -amountMicros)
  }

  /**
   * Moves money, once for each kind and id: a second time breaks the store's rule and the request.
   * A payee that gives back more than it has owes it to the provider.
   */
  move(
    kind: 'capture' | 'charge' | 'refund',
    what: string,
    { from, to, amountMicros }: { from: string; to: string; amountMicros: number },
    now: number,
  ): void {
    this.#record(kind, what, from, to, amountMicros, now)
    this.#add(from, -amountMicros, 0)
    this.#add(to, amountMicros, 0)
  }

  /** Moves an amount from payer to payee, but what of it moves between others. */
  divide(
    kind: 'capture' | 'charge' | 'refund',
    what: string,
    whole: { from: string; to: string; amountMicros: number },
    shares: Shares,
    now: number,
  ): void {
    const rest = whole.amountMicros - sumOf(shares)
    if (rest > 0) this.move(kind, what, { ...whole, amountMicros: rest }, now)
    for (const [place, { payer: from, payee: to, amountMicros }] of shares.entries()) {
      this.move(kind, `${what}/${place + 1}`, { from, to, amountMicros }, now)
    }
  }

  /** Whether shares are of parties that are known, and no more than there is. */
  canDivide(amountMicros: number, shares: Shares): boolean {
    const known = shares.every(({ payer, payee }) => [payer, payee].every((one) => this.find(one)))
    return known && sumOf(shares) <= amountMicros
  }

  moves(after: number): readonly object[] {
    const sql = 'select * from moves where number > ? order by number limit 1000'
    return this.#store.rows(sql, after)
  }

  #record(
    kind: string,
    what: string,
    payer: string,
    payee: string,
    amount: number,
    now: number,
  ): void {
    const sql =
      'insert into moves (kind, what, payer, payee, amount, at) values (?, ?, ?, ?, ?, ?)'
    this.#store.change(sql, kind, what, payer, payee, amount, now)
  }

  #add(token: string, balance: number, held: number): void {
    const sql = 'update parties set balance = balance + ?, held = held + ? where token = ?'
    this.#store.change(sql, balance, held, token)
  }
}

const sumOf = (shares: Shares): number =>
  shares.reduce((sum, { amountMicros }) => sum + amountMicros, 0)
