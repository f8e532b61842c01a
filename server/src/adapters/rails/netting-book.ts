import { createHash } from 'node:crypto'
import {
  type AccountMessage,
  type CreditPayment,
  type EntryDetail,
  netPairs,
  type NetTransfer,
  writePain001,
} from '@busbar/protocols/iso20022'
import type { RailStore } from './rail-store.ts'

/** A retailer as banks know it. */
export type BankParty = { readonly name: string; readonly account: string }

export type NettingNames = {
  /** Begins the ids of files and transfers, which have 35 characters in all: at most 12. */
  readonly prefix: string
  readonly currency: string
  /** Who hands the files in, by name. */
  readonly initiator: string
  readonly bankOf: (retailer: number) => BankParty
}

export type Transfer = NetTransfer & {
  readonly endToEndId: string
  readonly netting: number
  readonly state: 'sent' | 'booked' | 'returned'
  readonly reason: string
}

type TransferRow = {
  end_to_end_id: string
  netting: bigint
  debtor: bigint
  creditor: bigint
  amount: bigint
  state: Transfer['state']
  reason: string
}

type DebtRow = { number: bigint; debtor: bigint; creditor: bigint; amount: bigint }
type PairRow = { low: bigint; high: bigint; balance: bigint }

/**
 * What retailers owe each other for their customers, and the transfers that pay for it. A netting
 * takes all that is due by a moment; what cannot be transferred in cents, and what a bank sends
 * back, stays between the two retailers and goes into their next netting.
 */
export class NettingBook {
  readonly #store: RailStore
  readonly #names: NettingNames

  constructor(store: RailStore, names: NettingNames) {
    this.#store = store
    this.#names = names
  }

  /** Inside of a transaction. What a retailer owes itself is settled. */
  owe(debtor: number, creditor: number, micros: bigint, dueAt: number): void {
    if (debtor === creditor) return
    const sql = 'insert into debts (debtor, creditor, amount, due_at) values (?, ?, ?, ?)'
    this.#store.change(sql, debtor, creditor, micros, dueAt)
  }

  /** What one pair of retailers has between it, above zero if `low` owes: netted and not. */
  balance(low: number, high: number): bigint {
    const open = `select coalesce(sum(case when debtor = ? then amount else -amount end), 0) as sum
      from debts where netting is null and ((debtor = ? and creditor = ?)
      or (debtor = ? and creditor = ?))`
    const debts = this.#store.row<{ sum: bigint }>(open, low, low, high, high, low)?.sum ?? 0n
    const carried = 'select balance from pairs where low = ? and high = ?'
    return debts + (this.#store.row<{ balance: bigint }>(carried, low, high)?.balance ?? 0n)
  }

  transfers(): readonly Transfer[] {
    const sql = 'select * from transfers order by netting, end_to_end_id'
    return this.#store.rows<TransferRow>(sql).map((row) => ({
      endToEndId: row.end_to_end_id,
      netting: Number(row.netting),
      debtor: Number(row.debtor),
      creditor: Number(row.creditor),
      amountMicros: row.amount,
      state: row.state,
      reason: row.reason,
    }))
  }

  /** What a bank said that belongs to no transfer of ours. */
  findings(): readonly string[] {
    const sql = 'select file, what from findings order by number'
    const rows = this.#store.rows<{ file: string; what: string }>(sql)
    return rows.map(({ file, what }) => `${file}: ${what}`)
  }

  /**
   * Nets what is due by `cutAtMs`, to a file that waits to be handed in. Undefined where nothing is
   * to be paid: then all of it is carried.
   */
  net(cutAtMs: number, nowMs: number): number | undefined {
    return this.#store.transaction(() => {
      const due = 'select * from debts where netting is null and due_at <= ? order by number'
      const debts = this.#store.rows<DebtRow>(due, cutAtMs)
      const pairs = this.#store.rows<PairRow>('select * from pairs order by low, high')
      if (debts.length === 0 && pairs.length === 0) return undefined
      const { transfers, carried } = netPairs(
        debts.map(({ debtor, creditor, amount }) => ({
          payer: Number(debtor),
          payee: Number(creditor),
          amountMicros: amount,
        })),
        pairs.map(({ low, high, balance }) => ({
          low: Number(low),
          high: Number(high),
          balanceMicros: balance,
        })),
      )
      if (debts.length === 0 && transfers.length === 0) return undefined
      const insert = `insert into nettings (cut_at, message_id, xml, state) values (?, '', '', ?)`
      const isPaid = transfers.length > 0
      const number = Number(this.#store.change(insert, cutAtMs, isPaid ? 'written' : 'empty'))
      const mark = 'update debts set netting = ? where netting is null and due_at <= ?'
      this.#store.change(mark, number, cutAtMs)
      this.#store.change('delete from pairs')
      for (const { low, high, balanceMicros } of carried) {
        this.#store.change('insert into pairs values (?, ?, ?)', low, high, balanceMicros)
      }
      if (isPaid) this.#write(number, transfers, cutAtMs, nowMs)
      return isPaid ? number : undefined
    })
  }

  /** Files that no bank has taken yet. */
  waiting(): readonly {
    readonly number: number
    readonly messageId: string
    readonly xml: string
  }[] {
    const sql = "select * from nettings where state = 'written' order by number"
    const rows = this.#store.rows<{ number: bigint; message_id: string; xml: string }>(sql)
    return rows.map(({ number, message_id: messageId, xml }) => ({
      number: Number(number),
      messageId,
      xml,
    }))
  }

  handed(number: number): void {
    this.#store.change("update nettings set state = 'handed' where number = ?", number)
  }

  isRead = (name: string): boolean =>
    this.#store.row('select name from bank_files where name = ?', name) !== undefined

  /** Takes what a bank says, once by the name of its file. */
  take(name: string, bytes: Uint8Array, message: AccountMessage): void {
    this.#store.transaction(() => {
      if (this.isRead(name)) return
      const digest = createHash('sha256').update(bytes).digest('hex')
      this.#store.change('insert into bank_files values (?, ?)', name, digest)
      for (const { account, entries } of message.reports) {
        for (const { status, details } of entries) {
          if (status !== 'booked') continue
          for (const detail of details) this.#takeDetail(name, account, detail)
        }
      }
    })
  }

  /** A file that is no message, or does not add up: said once, and read again next time. */
  refuse(name: string, bytes: Uint8Array, why: string): void {
    this.#store.transaction(() => {
      const digest = createHash('sha256').update(bytes).digest('hex')
      const sql = 'select name from refused_files where name = ? and digest = ?'
      if (this.#store.row(sql, name, digest) !== undefined) return
      this.#store.change('insert into refused_files values (?, ?)', name, digest)
      this.#find(name, why)
    })
  }

  #takeDetail(file: string, account: string, detail: EntryDetail): void {
    const { endToEndId, amountMicros, isCredit, returnReason } = detail
    const sql = 'select * from transfers where end_to_end_id = ?'
    const row = this.#store.row<TransferRow>(sql, endToEndId)
    if (row === undefined) return this.#find(file, `${endToEndId || 'a line'} is none of ours`)
    // What the creditor gets, and gives back, is told to the creditor.
    if (account !== this.#names.bankOf(Number(row.debtor)).account) return
    if (amountMicros !== row.amount) return this.#find(file, `${endToEndId} has another amount`)
    if (!isCredit) this.#book(row)
    else if (returnReason !== '') this.#return(row, returnReason)
    else this.#find(file, `${endToEndId} came back without a reason`)
  }

  #book(row: TransferRow): void {
    if (row.state !== 'sent') return
    this.#set(row, 'booked', '')
  }

  /** Who was to be paid is still owed. */
  #return(row: TransferRow, reason: string): void {
    if (row.state === 'returned') return
    this.#set(row, 'returned', reason)
    const isDown = row.debtor < row.creditor
    const [low, high] = isDown ? [row.debtor, row.creditor] : [row.creditor, row.debtor]
    const sql = `insert into pairs values (?, ?, ?)
      on conflict do update set balance = balance + excluded.balance`
    this.#store.change(sql, low, high, isDown ? row.amount : -row.amount)
  }

  #set({ end_to_end_id: id }: TransferRow, state: Transfer['state'], reason: string): void {
    const sql = 'update transfers set state = ?, reason = ? where end_to_end_id = ?'
    this.#store.change(sql, state, reason, id)
  }

  #find(file: string, what: string): void {
    this.#store.change('insert into findings (file, what) values (?, ?)', file, what)
  }

  #write(number: number, transfers: readonly NetTransfer[], cutAtMs: number, nowMs: number): void {
    const { prefix, currency, initiator } = this.#names
    const messageId = `${prefix}-${number}`
    const day = new Date(nowMs).toISOString().slice(0, 10)
    const until = new Date(cutAtMs).toISOString().slice(0, 10)
    const debtors = [...new Set(transfers.map(({ debtor }) => debtor))]
    const payments = debtors.map((debtor): CreditPayment => {
      const { name, account } = this.#names.bankOf(debtor)
      return {
        paymentId: `${messageId}-${debtor}`,
        executionDate: day,
        debtorName: name,
        debtorAccount: account,
        transfers: transfers
          .filter((transfer) => transfer.debtor === debtor)
          .map(({ creditor, amountMicros }) => ({
            endToEndId: `${messageId}-${debtor}-${creditor}`,
            amountMicros,
            creditorName: this.#names.bankOf(creditor).name,
            creditorAccount: this.#names.bankOf(creditor).account,
            remittance: `Net of energy trades until ${until}`,
          })),
      }
    })
    const xml = writePain001({ messageId, createdAtMs: nowMs, initiator, currency, payments })
    const update = 'update nettings set message_id = ?, xml = ? where number = ?'
    this.#store.change(update, messageId, xml, number)
    const insert = `insert into transfers (end_to_end_id, netting, debtor, creditor, amount)
      values (?, ?, ?, ?, ?)`
    for (const { debtor, creditor, amountMicros } of transfers) {
      const id = `${messageId}-${debtor}-${creditor}`
      this.#store.change(insert, id, number, debtor, creditor, amountMicros)
    }
  }
}
