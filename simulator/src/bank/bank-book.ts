import { createHash } from 'node:crypto'
import { Fault } from '@busbar/core/errors'
import {
  type CreditTransfer,
  type CreditTransferFile,
  readPain001,
} from '@busbar/protocols/iso20022'
import { SqlStore } from '../services/sql-store.ts'
import type { BookedEntry } from './account-entry.ts'
import { notificationXml, statementXml } from './camt-writer.ts'
import { schema } from './schema.ts'

export type BankAccount = {
  readonly account: string
  readonly name: string
  readonly currency: string
  readonly balanceCents: number
  /** How far below zero it may go; null for as far as it likes. */
  readonly creditCents: number | null
  readonly isClosed: boolean
}

export type FileName = {
  readonly number: number
  readonly kind: 'notification' | 'statement'
}

/** What the bank says to a file of transfers. */
export type Taken =
  | { readonly kind: 'taken'; readonly messageId: string }
  | { readonly kind: 'exists' }
  | { readonly kind: 'refused'; readonly why: string }

type AccountRow = {
  account: string
  name: string
  currency: string
  balance: number
  credit: number | null
  closed: number
}

type EntryRow = {
  number: number
  account: string
  cents: number
  at: number
  currency: string
  message_id: string
  payment_id: string
  end_to_end_id: string
  counterparty: string
  counterparty_name: string
  remittance: string
  return_reason: string
}

type Transfer = CreditTransfer & {
  readonly messageId: string
  readonly paymentId: string
  readonly currency: string
  readonly debtorAccount: string
  readonly debtorName: string
}

const dayMs = 86_400_000

/**
 * A bank with the accounts of everybody. A file of transfers is booked once, by its id; each
 * transfer leaves the debtor, and comes back with a reason where it cannot arrive.
 */
export class BankBook {
  readonly #store: SqlStore

  constructor(folder: string) {
    this.#store = new SqlStore(`${folder}/bank.sqlite`, schema)
  }

  close(): void {
    this.#store.close()
  }

  putAccount({
    account,
    name,
    currency,
    creditCents,
    isClosed,
  }: Omit<BankAccount, 'balanceCents'>) {
    const sql = `insert into accounts (account, name, currency, credit, closed)
      values (?, ?, ?, ?, ?) on conflict do update set name = excluded.name,
      credit = excluded.credit, closed = excluded.closed`
    this.#store.change(sql, account, name, currency, creditCents, Number(isClosed))
  }

  accounts(): readonly BankAccount[] {
    const rows = this.#store.rows<AccountRow>('select * from accounts order by account')
    return rows.map((row) => ({
      account: row.account,
      name: row.name,
      currency: row.currency,
      balanceCents: row.balance,
      creditCents: row.credit,
      isClosed: row.closed === 1,
    }))
  }

  /** Files for the customer after the one of this number. */
  files(after: number): readonly FileName[] {
    const sql = 'select number, kind from files where number > ? order by number limit 1000'
    return this.#store.rows<FileName>(sql, after)
  }

  file(number: number): string | undefined {
    const sql = 'select text from files where number = ?'
    return this.#store.row<{ text: string }>(sql, number)?.text
  }

  /**
   * Books a pain.001, once.
   *
   * @param atLast what happens between its last line and the disk
   */
  take(xml: string, now: number, atLast: () => void = () => undefined): Taken {
    let file: CreditTransferFile
    try {
      file = readPain001(xml)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      return { kind: 'refused', why: error.message }
    }
    const { messageId } = file
    const digest = createHash('sha256').update(xml).digest('hex')
    return this.#store.transaction((): Taken => {
      const sql = 'select digest from taken where message_id = ?'
      const known = this.#store.row<{ digest: string }>(sql, messageId)
      if (known !== undefined) {
        return known.digest === digest ? { kind: 'taken', messageId } : { kind: 'exists' }
      }
      const transfers = transfersOf(file)
      const stranger = transfers.find(
        ({ debtorAccount, currency }) => this.#account(debtorAccount)?.currency !== currency,
      )
      if (stranger !== undefined) {
        return { kind: 'refused', why: `no account ${stranger.debtorAccount} in that currency` }
      }
      this.#store.change('insert into taken values (?, ?)', messageId, digest)
      const from = this.#lastEntry()
      for (const transfer of transfers) this.#book(transfer, now)
      this.#notify(from, now)
      atLast()
      return { kind: 'taken', messageId }
    })
  }

  /** Takes back a transfer that had arrived. False where there is none. */
  giveBack(endToEndId: string, reason: string, now: number): boolean {
    return this.#store.transaction(() => {
      const sql = 'select * from entries where end_to_end_id = ? order by number'
      const lines = this.#store.rows<EntryRow>(sql, endToEndId)
      const [debit, credit, more] = lines
      if (debit === undefined || credit === undefined || more !== undefined) return false
      const from = this.#lastEntry()
      for (const { number: _number, ...line } of [credit, debit]) {
        this.#enter({ ...line, cents: -line.cents, at: now, return_reason: reason })
      }
      this.#notify(from, now)
      return true
    })
  }

  /** Statements of all days that have ended, of all accounts with lines on them. */
  passTime(now: number): void {
    const today = Math.floor(now / dayMs)
    const sql = `select distinct account, at / ${dayMs} as day from entries
      where at / ${dayMs} < ? and not exists (select 1 from statements s
        where s.account = entries.account and s.day = entries.at / ${dayMs})
      order by day, account`
    const due = this.#store.rows<{ account: string; day: number }>(sql, today)
    if (due.length === 0) return
    this.#store.transaction(() => {
      for (const { account, day } of due) this.#state(account, day, now)
    })
  }

  #state(account: string, day: number, now: number): void {
    this.#store.change('insert into statements values (?, ?)', account, day)
    const text = new Date(day * dayMs).toISOString().slice(0, 10)
    const ofDay = `account = ? and at >= ? and at < ?`
    const rows = this.#store.rows<EntryRow>(
      `select * from entries where ${ofDay} order by number`,
      account,
      day * dayMs,
      (day + 1) * dayMs,
    )
    const sum = 'select coalesce(sum(cents), 0) as sum from entries where account = ? and at < ?'
    const balance = (at: number): number =>
      this.#store.row<{ sum: number }>(sum, account, at)?.sum ?? 0
    const balances = {
      openingCents: balance(day * dayMs),
      closingCents: balance((day + 1) * dayMs),
    }
    const entries = rows.map(entryOf)
    const currency = this.#account(account)?.currency ?? ''
    const number = this.#nextFile()
    const xml = statementXml(`S${number}`, now, text, { account, currency, entries }, balances)
    this.#store.change("insert into files values (?, 'statement', ?)", number, xml)
  }

  #book(transfer: Transfer, now: number): void {
    const { amountMicros, endToEndId, messageId, paymentId, currency, remittance } = transfer
    const cents = Number(amountMicros / 10_000n)
    const debtor = this.#account(transfer.debtorAccount)
    const creditor = this.#account(transfer.creditorAccount)
    const line = {
      at: now,
      currency,
      message_id: messageId,
      payment_id: paymentId,
      end_to_end_id: endToEndId,
      remittance,
      return_reason: '',
    }
    const out = {
      ...line,
      account: transfer.debtorAccount,
      cents: -cents,
      counterparty: transfer.creditorAccount,
      counterparty_name: transfer.creditorName,
    }
    this.#enter(out)
    const reason = returnReason(debtor, creditor, currency, cents)
    if (reason !== '') return this.#enter({ ...out, cents, return_reason: reason })
    this.#enter({
      ...line,
      account: transfer.creditorAccount,
      cents,
      counterparty: transfer.debtorAccount,
      counterparty_name: transfer.debtorName,
    })
  }

  #enter(line: Omit<EntryRow, 'number'>): void {
    const sql = `insert into entries (account, cents, at, currency, message_id, payment_id,
      end_to_end_id, counterparty, counterparty_name, remittance, return_reason)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
    this.#store.change(
      sql,
      line.account,
      line.cents,
      line.at,
      line.currency,
      line.message_id,
      line.payment_id,
      line.end_to_end_id,
      line.counterparty,
      line.counterparty_name,
      line.remittance,
      line.return_reason,
    )
    const update = 'update accounts set balance = balance + ? where account = ?'
    this.#store.change(update, line.cents, line.account)
  }

  /** One file with all lines after this one. */
  #notify(from: number, now: number): void {
    const sql = 'select * from entries where number > ? order by account, number'
    const entries = this.#store.rows<EntryRow>(sql, from).map(entryOf)
    const names = [...new Set(entries.map(({ account }) => account))]
    const accounts = names.map((account) => ({
      account,
      currency: this.#account(account)?.currency ?? '',
      entries: entries.filter((entry) => entry.account === account),
    }))
    const number = this.#nextFile()
    const xml = notificationXml(`N${number}`, now, accounts)
    this.#store.change("insert into files values (?, 'notification', ?)", number, xml)
  }

  #account = (account: string): AccountRow | undefined =>
    this.#store.row<AccountRow>('select * from accounts where account = ?', account)

  #lastEntry = (): number =>
    this.#store.row<{ last: number }>('select coalesce(max(number), 0) as last from entries')
      ?.last ?? 0

  #nextFile = (): number =>
    this.#store.row<{ next: number }>('select coalesce(max(number), 0) + 1 as next from files')
      ?.next ?? 1
}

/** By the codes of ISO 20022: not enough money, no such account, a closed one. */
function returnReason(
  debtor: AccountRow | undefined,
  creditor: AccountRow | undefined,
  currency: string,
  cents: number,
): string {
  const { balance = 0, credit = 0 } = debtor ?? {}
  if (credit !== null && balance + credit < cents) return 'AM04'
  if (creditor === undefined || creditor.currency !== currency) return 'AC01'
  return creditor.closed === 1 ? 'AC04' : ''
}

const transfersOf = (file: CreditTransferFile): readonly Transfer[] =>
  file.payments.flatMap(({ transfers, paymentId, debtorAccount, debtorName }) =>
    transfers.map((transfer) => ({
      ...transfer,
      messageId: file.messageId,
      paymentId,
      currency: file.currency,
      debtorAccount,
      debtorName,
    })),
  )

const entryOf = (row: EntryRow): BookedEntry => ({
  number: row.number,
  account: row.account,
  cents: row.cents,
  atMs: row.at,
  currency: row.currency,
  messageId: row.message_id,
  paymentId: row.payment_id,
  endToEndId: row.end_to_end_id,
  counterparty: row.counterparty,
  counterpartyName: row.counterparty_name,
  remittance: row.remittance,
  returnReason: row.return_reason,
})
