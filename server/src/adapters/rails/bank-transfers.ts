/**
 * What retailers owe each other is paid by their banks: `pain.001` out, `camt.053` and `camt.054`
 * in, as `docs/reference/iso20022.md` says. Keeps nothing: the same order is the same file.
 */
import { Fault } from '@busbar/core/errors'
import {
  type AccountMessage,
  type CreditPayment,
  type EntryDetail,
  readAccountMessage,
  writePain001,
} from '@busbar/protocols/iso20022'
import type {
  BankNews,
  RetailerTransfers,
  SentTransfers,
  TransferOrder,
  TransferWord,
} from '../../app/ports/transfers.ts'
import type { BankLink, BankParty } from './bank-link.ts'
import { refused } from './rail-http.ts'

export type BankTransfersOptions = {
  /** Begins the ids of files and transfers, which have 35 characters in all: at most 12. */
  readonly prefix: string
  readonly currency: string
  /** Who hands the files in, by name. */
  readonly initiator: string
  /** Retailers, and others that are paid, by their account at the exchange. */
  readonly bankOf: (account: number) => BankParty | undefined
  readonly bank: BankLink
}

export class BankTransfers implements RetailerTransfers {
  readonly #options: BankTransfersOptions

  constructor(options: BankTransfersOptions) {
    this.#options = options
  }

  async order(order: TransferOrder): Promise<void> {
    await this.#options.bank.hand(this.#messageId(order), this.#xmlOf(order))
  }

  async news(isKnown: (name: string) => boolean, sent: SentTransfers): Promise<BankNews[]> {
    const { bank } = this.#options
    const news: BankNews[] = []
    for (const name of await bank.files(isKnown)) {
      const bytes = await bank.read(name)
      try {
        news.push({ name, ...this.#saidIn(readAccountMessage(bytes), sent) })
      } catch (error) {
        // A file that is no message is told, and holds back none of the others.
        if (!(error instanceof Fault)) throw error
        news.push({ name, words: [], findings: [error.message] })
      }
    }
    return news
  }

  #messageId = ({ batch }: TransferOrder): string => `${this.#options.prefix}-F${batch}`
  #transferId = (netting: number): string => `${this.#options.prefix}-${netting}`

  #xmlOf(order: TransferOrder): string {
    const { currency, initiator } = this.#options
    const messageId = this.#messageId(order)
    const day = new Date(order.atMs).toISOString().slice(0, 10)
    const debtors = [...new Set(order.transfers.map(({ debtor }) => debtor))]
    const payments = debtors.map((debtor): CreditPayment => {
      const { name, account } = this.#partyOf(debtor)
      return {
        paymentId: `${messageId}-${debtor}`,
        executionDate: day,
        debtorName: name,
        debtorAccount: account,
        transfers: order.transfers
          .filter((transfer) => transfer.debtor === debtor)
          .map(({ netting, creditor, amountMicros }) => ({
            endToEndId: this.#transferId(netting),
            amountMicros,
            creditorName: this.#partyOf(creditor).name,
            creditorAccount: this.#partyOf(creditor).account,
            remittance: `Net of energy trades until ${day}`,
          })),
      }
    })
    return writePain001({ messageId, createdAtMs: order.atMs, initiator, currency, payments })
  }

  #partyOf(account: number): BankParty {
    const party = this.#options.bankOf(account)
    if (party === undefined) throw refused('bank', 'payments', `no bank account of ${account}`)
    return party
  }

  #saidIn({ reports }: AccountMessage, sent: SentTransfers): Omit<BankNews, 'name'> {
    const words: TransferWord[] = []
    const findings: string[] = []
    for (const { account, entries } of reports) {
      const booked = entries.filter(({ status }) => status === 'booked')
      const details = booked.flatMap((entry) => entry.details)
      for (const detail of details) {
        const said = this.#wordIn(account, detail, sent)
        if (typeof said === 'string') findings.push(said)
        else if (said !== undefined) words.push(said)
      }
    }
    return { words, findings }
  }

  #wordIn(
    account: string,
    { endToEndId, amountMicros, isCredit, returnReason }: EntryDetail,
    sent: SentTransfers,
  ): TransferWord | string | undefined {
    const start = `${this.#options.prefix}-`
    const number = endToEndId.startsWith(start) ? endToEndId.slice(start.length) : ''
    const netting = /^[1-9][0-9]{0,14}$/.test(number) ? Number(number) : 0
    const transfer = sent(netting)
    if (transfer === undefined) return `${endToEndId || 'a line'} is none of ours`
    // What the creditor gets, and gives back, is told to the creditor.
    if (account !== this.#options.bankOf(transfer.debtor)?.account) return undefined
    if (amountMicros !== transfer.amountMicros) return `${endToEndId} has another amount`
    if (!isCredit) return { netting, state: 'paid', reference: endToEndId }
    if (returnReason === '') return `${endToEndId} came back without a reason`
    return { netting, state: 'returned', reference: `${endToEndId}/${returnReason}` }
  }
}
