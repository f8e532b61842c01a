import type {
  AdjustBill,
  BillCode,
  BillStatus,
  BillTerms,
  CancelBill,
  NamedBill,
  NoticeKind,
  PayBill,
  PresentBill,
  RefundBill,
  RefuseBill,
  RegisterBiller,
} from '@busbar/protocols/bill-presentment'
import type { SqlStore } from '../services/sql-store.ts'
import type { Parties } from './parties.ts'
import { termsIn, textOfTerms } from './terms.ts'

export type BillRow = {
  number: number
  biller: string
  bill: string
  institution: string
  payer: string
  presented: string
  terms: string
  state: BillStatus['state']
  is_overdue: number
  sequence: number
  payment: string
  paid_at: number | null
  refunded: number
  presented_at: number
  due_at: number
  expires_at: number
}

/** Told to the institution of the bill. */
export type Tell = (kind: NoticeKind, institution: string, status: BillStatus) => void

type Writes = RegisterBiller | PresentBill | CancelBill | AdjustBill | RefundBill
type Write = Writes | PayBill | RefuseBill

/** The bills and what becomes of them. Everything is called inside of a transaction. */
export class BillBook {
  readonly #store: SqlStore
  readonly #parties: Parties
  readonly #tell: Tell

  constructor(store: SqlStore, parties: Parties, tell: Tell) {
    this.#store = store
    this.#parties = parties
    this.#tell = tell
  }

  find({ biller, bill }: NamedBill): BillStatus | null {
    const row = this.#row({ biller, bill })
    return row === undefined ? null : statusOf(row)
  }

  /** Whether the institution may ask about the bills of this biller. */
  objection(institution: string, biller: string): BillCode | undefined {
    const sql = 'select institution from billers where name = ?'
    const found = this.#store.row<{ institution: string }>(sql, biller)
    if (found === undefined) return 'biller_unknown'
    return found.institution === institution ? undefined : 'biller_foreign'
  }

  /** @param id names the message, as long as the sender has no other of it */
  write(institution: string, id: string, body: Write, now: number): BillCode {
    if (body.kind === 'register-biller') return this.#register(institution, body)
    if (body.kind === 'pay-bill' || body.kind === 'refuse-bill') {
      return this.#byPayer(institution, body, now)
    }
    const biller = body.kind === 'present-bill' ? body.terms.biller : body.biller
    const objection = this.objection(institution, biller)
    if (objection !== undefined) return objection
    if (body.kind === 'present-bill') return this.#present(institution, body.terms, now)
    const row = this.#row(body)
    if (row === undefined) return 'bill_unknown'
    if (body.kind === 'refund-bill') return this.#refund(row, `${institution}/${id}`, body, now)
    const ended = endOf(row)
    if (ended !== undefined) {
      return body.kind === 'cancel-bill' && row.state === 'cancelled' ? 'ok' : ended
    }
    if (body.kind === 'cancel-bill') this.#close(row, 'cancelled')
    else return this.#adjust(row, body)
    return 'ok'
  }

  /** Everything that has come due by `now`, in the order in which it did. */
  passTime(now: number): void {
    const open = "select * from bills where state = 'presented' order by number"
    for (const row of this.#store.rows<BillRow>(open)) {
      const paysAt = this.#canPay(row) ? this.#paysAt(row) : Number.POSITIVE_INFINITY
      const isDue = row.due_at <= now && row.due_at < paysAt
      if (isDue && row.is_overdue === 0) this.#fallDue(row)
      if (paysAt <= now && paysAt < row.expires_at) this.#pay(row, paysAt)
      else if (row.expires_at <= now) this.#close(row, 'expired')
    }
  }

  #register(institution: string, { biller, name }: RegisterBiller): BillCode {
    if (this.objection(institution, biller) === 'biller_foreign') return 'biller_foreign'
    const sql = `insert into billers values (?, ?, ?)
      on conflict do update set title = excluded.title`
    this.#store.change(sql, biller, institution, name)
    return 'ok'
  }

  #present(institution: string, terms: BillTerms, now: number): BillCode {
    const text = textOfTerms(terms)
    const known = this.#row(terms)
    if (known !== undefined) return known.presented === text ? 'ok' : 'bill_exists'
    if (this.#parties.find(terms.payer) === undefined) return 'payer_unknown'
    const isKnown = terms.shares.every(({ party }) => this.#parties.find(party) !== undefined)
    if (!isKnown) return 'party_unknown'
    const sql = `insert into bills (biller, bill, institution, payer, presented, terms,
      presented_at, due_at, expires_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`
    const { biller, bill, payer, dueAtMs, expiresAtMs } = terms
    this.#store.change(sql, biller, bill, institution, payer, text, text, now, dueAtMs, expiresAtMs)
    return 'ok'
  }

  #adjust(row: BillRow, { amountCents, shares, note }: AdjustBill): BillCode {
    const isKnown = shares.every(({ party }) => this.#parties.find(party) !== undefined)
    if (!isKnown) return 'party_unknown'
    row.terms = textOfTerms({ ...termsIn(row.terms), amountCents, shares, note })
    this.#save(row)
    return 'ok'
  }

  #byPayer(institution: string, body: PayBill | RefuseBill, now: number): BillCode {
    const payer = this.#parties.find(body.payer)
    if (payer === undefined) return 'payer_unknown'
    if (payer.institution !== institution) return 'payer_foreign'
    const row = this.#row(body)
    if (row === undefined || row.payer !== body.payer) return 'bill_unknown'
    const ended = endOf(row)
    if (ended !== undefined) return ended
    if (body.kind === 'refuse-bill') {
      this.#close(row, 'refused')
      return 'ok'
    }
    if (termsIn(row.terms).amountCents !== body.amountCents) return 'amount_differs'
    if (!this.#canPay(row)) return 'funds_insufficient'
    this.#pay(row, now)
    return 'ok'
  }

  #refund(row: BillRow, payment: string, { amountCents, shares }: RefundBill, now: number) {
    if (row.state !== 'paid') return 'bill_unpaid'
    const paid = new Map(
      termsIn(row.terms).shares.map(({ party, amountCents: cents }) => [party, cents]),
    )
    for (const { party, amountCents: cents } of shares) {
      const left = (paid.get(party) ?? 0n) - this.#refundedBy(row, party)
      if (cents > left) return 'refund_exceeded'
      if (!this.#parties.canPay(party, cents)) return 'funds_insufficient'
    }
    const back = shares.map(({ party, amountCents: cents }) => [party, -cents] as const)
    // The bill stands in the name, so that what was given back of it is found again.
    const name = `${row.payment}:${payment}`
    this.#parties.move('refund', name, [...back, [row.payer, amountCents]], now)
    row.refunded += Number(amountCents)
    this.#save(row)
    this.#tell('bill-refunded', row.institution, statusOf(row))
    return 'ok'
  }

  #refundedBy({ payment }: BillRow, party: string): bigint {
    const sql = `select -coalesce(sum(cents), 0) as sum from moves
      where kind = 'refund' and party = ? and substr(payment, 1, ?) = ?`
    const start = `${payment}:`
    const found = this.#store.row<{ sum: number }>(sql, party, start.length, start)
    return BigInt(found?.sum ?? 0)
  }

  #paysAt(row: BillRow): number {
    const payer = this.#parties.find(row.payer)
    if (payer === undefined || payer.pays === 'never') return Number.POSITIVE_INFINITY
    return (payer.pays === 'late' ? row.due_at : row.presented_at) + payer.delayMs
  }

  #canPay = (row: BillRow): boolean =>
    this.#parties.canPay(row.payer, termsIn(row.terms).amountCents)

  #pay(row: BillRow, at: number): void {
    const { amountCents, shares } = termsIn(row.terms)
    row.payment = `pay-${row.number}`
    row.state = 'paid'
    row.paid_at = at
    const given = shares.map((share) => [share.party, share.amountCents] as const)
    this.#parties.move('payment', row.payment, [[row.payer, -amountCents], ...given], at)
    this.#save(row)
    this.#tell('bill-paid', row.institution, statusOf(row))
  }

  #fallDue(row: BillRow): void {
    row.is_overdue = 1
    this.#save(row)
    this.#tell('bill-overdue', row.institution, statusOf(row))
  }

  #close(row: BillRow, state: 'cancelled' | 'expired' | 'refused'): void {
    row.state = state
    this.#save(row)
    this.#tell('bill-closed', row.institution, statusOf(row))
  }

  #row({ biller, bill }: NamedBill): BillRow | undefined {
    const row = this.#store.row<BillRow>(
      'select * from bills where biller = ? and bill = ?',
      biller,
      bill,
    )
    return row === undefined ? undefined : { ...row }
  }

  #save(row: BillRow): void {
    row.sequence += 1
    const sql = `update bills set terms = ?, state = ?, is_overdue = ?, sequence = ?, payment = ?,
      paid_at = ?, refunded = ? where number = ?`
    const { terms, state, is_overdue: isOverdue, sequence, payment, paid_at: paidAt } = row
    const values = [terms, state, isOverdue, sequence, payment, paidAt, row.refunded, row.number]
    this.#store.change(sql, ...values)
  }
}

function endOf({ state }: BillRow): BillCode | undefined {
  if (state === 'presented') return undefined
  return state === 'paid' ? 'bill_paid' : 'bill_closed'
}

const statusOf = (row: BillRow): BillStatus => ({
  ...termsIn(row.terms),
  state: row.state,
  isOverdue: row.is_overdue === 1,
  sequence: row.sequence,
  payment: row.payment,
  paidAtMs: row.paid_at,
  refundedCents: BigInt(row.refunded),
})
