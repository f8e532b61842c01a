import type { SqlStore } from '../services/sql-store.ts'

/** What a payer does by itself: at once or late, after a delay, or never. */
export const payerHabits = ['at-once', 'late', 'never'] as const

export type PayerHabit = (typeof payerHabits)[number]

export type Party = {
  readonly name: string
  readonly institution: string
  readonly pays: PayerHabit
  /** After the bill was presented, or for the late after it was due. */
  readonly delayMs: number
  readonly balanceCents: number
  /** How far below zero it may go; null for as far as it likes. */
  readonly creditCents: number | null
}

export type Move = {
  readonly number: number
  readonly kind: 'payment' | 'refund'
  readonly payment: string
  readonly party: string
  readonly cents: number
}

type PartyRow = {
  name: string
  institution: string
  pays: PayerHabit
  delay_ms: number
  balance: number
  credit: number | null
}

/** Those whom bills are presented to and those whom their money goes to, with what they have. */
export class Parties {
  readonly #store: SqlStore

  constructor(store: SqlStore) {
    this.#store = store
  }

  put(party: Omit<Party, 'balanceCents'>): void {
    const sql = `insert into parties (name, institution, pays, delay_ms, credit)
      values (?, ?, ?, ?, ?) on conflict do update set institution = excluded.institution,
      pays = excluded.pays, delay_ms = excluded.delay_ms, credit = excluded.credit`
    const { name, institution, pays, delayMs, creditCents } = party
    this.#store.change(sql, name, institution, pays, delayMs, creditCents)
  }

  find(name: string): Party | undefined {
    const row = this.#store.row<PartyRow>('select * from parties where name = ?', name)
    return row === undefined ? undefined : partyOf(row)
  }

  list(): readonly Party[] {
    return this.#store.rows<PartyRow>('select * from parties order by name').map(partyOf)
  }

  moves(after: number): readonly Move[] {
    const sql =
      'select number, kind, payment, party, cents from moves where number > ?' +
      ' order by number limit 1000'
    return this.#store.rows<Move>(sql, after)
  }

  canPay(name: string, cents: bigint): boolean {
    const party = this.find(name)
    if (party === undefined) return false
    const { balanceCents, creditCents } = party
    return creditCents === null || BigInt(balanceCents) + BigInt(creditCents) >= cents
  }

  /** Moves of one payment or refund: they add up to nothing. */
  move(
    kind: Move['kind'],
    payment: string,
    changes: readonly (readonly [party: string, cents: bigint])[],
    at: number,
  ): void {
    const byParty = new Map<string, bigint>()
    for (const [party, cents] of changes) byParty.set(party, (byParty.get(party) ?? 0n) + cents)
    let sum = 0n
    for (const [party, cents] of byParty) {
      sum += cents
      if (cents === 0n) continue
      const insert = 'insert into moves (kind, payment, party, cents, at) values (?, ?, ?, ?, ?)'
      this.#store.change(insert, kind, payment, party, cents, at)
      this.#store.change('update parties set balance = balance + ? where name = ?', cents, party)
    }
    if (sum !== 0n) throw new Error(`the moves of ${payment} add up to ${sum}`)
  }
}

const partyOf = (row: PartyRow): Party => ({
  name: row.name,
  institution: row.institution,
  pays: row.pays,
  delayMs: row.delay_ms,
  balanceCents: row.balance,
  creditCents: row.credit,
})
