/**
 * Rail C: the buyer has prepaid its retailer. A payment reserves and takes of that balance and is
 * the payee's at its retailer at once; what retailers owe each other for it is netted, pair by
 * pair, and paid by bank transfer with ISO 20022, as `docs/reference/iso20022.md` says.
 *
 * So a payment is `captured` when the buyer has paid. A transfer between retailers that comes back
 * is no default of a customer: the retailer still owes, and it goes into the next netting.
 */
import { Fault } from '@busbar/core/errors'
import { readAccountMessage } from '@busbar/protocols/iso20022'
import type { PaymentRail, RailAnswer, RailRequest } from '../../app/ports/rails.ts'
import type { BankLink } from './bank-link.ts'
import { NettingBook, type NettingNames, type Transfer } from './netting-book.ts'
import { schema } from './netting-schema.ts'
import { type MoneyStep, PrepaidBook } from './prepaid-book.ts'
import { RailStore } from './rail-store.ts'

export type RetailerNettingOptions = NettingNames & {
  /** The file in which balances, debts and transfers are kept. */
  readonly path: string
  readonly retailerOf: (account: number) => number
  readonly bank: BankLink
  readonly now: () => number
}

/** What a file from a bank has led to. */
export type BankFileRead = { readonly name: string; readonly isTaken: boolean }

export class RetailerNetting implements PaymentRail {
  readonly #store: RailStore
  readonly #prepaid: PrepaidBook
  readonly #netting: NettingBook
  readonly #options: RetailerNettingOptions

  constructor(options: RetailerNettingOptions) {
    const { retailerOf } = options
    this.#options = options
    this.#store = new RailStore(options.path, schema)
    this.#netting = new NettingBook(this.#store, options)
    this.#prepaid = new PrepaidBook(this.#store, (payer, payee, micros, dueAt) =>
      this.#netting.owe(retailerOf(payer), retailerOf(payee), micros, dueAt),
    )
  }

  reserve = async (request: RailRequest): Promise<RailAnswer> => this.#step('reserve', request)
  renew = async (request: RailRequest): Promise<RailAnswer> => this.#step('renew', request)
  capture = async (request: RailRequest): Promise<RailAnswer> => this.#step('capture', request)
  release = async (request: RailRequest): Promise<RailAnswer> => this.#step('release', request)
  collect = async (request: RailRequest): Promise<RailAnswer> => this.#step('collect', request)
  refund = async (request: RailRequest): Promise<RailAnswer> => this.#step('refund', request)

  async look(request: RailRequest): Promise<RailAnswer> {
    return this.#prepaid.look(request, this.#options.now())
  }

  /** What a customer has paid its retailer for its prepaid meter, by the retailer's id for it. */
  topUp(id: string, account: number, micros: bigint): void {
    this.#store.transaction(() => this.#prepaid.topUp(id, account, micros))
  }

  balance = (account: number): bigint => this.#prepaid.balance(account)

  available = (account: number): bigint => this.#prepaid.available(account, this.#options.now())

  /** What is between two retailers, above zero if the first owes the second. */
  between(one: number, other: number): bigint {
    return one < other ? this.#netting.balance(one, other) : -this.#netting.balance(other, one)
  }

  transfers = (): readonly Transfer[] => this.#netting.transfers()
  findings = (): readonly string[] => this.#netting.findings()

  /** Nets what is due by then. The file, if there is one, waits to be handed in. */
  net(cutAtMs: number): number | undefined {
    return this.#netting.net(cutAtMs, this.#options.now())
  }

  /**
   * Hands in what waits, and again what a bank may have taken already: it takes each file once.
   *
   * @throws Fault RAIL_UNAVAILABLE and RAIL_REFUSED; what was not handed in waits
   */
  async handIn(): Promise<number> {
    const waiting = this.#netting.waiting()
    for (const { number, messageId, xml } of waiting) {
      await this.#options.bank.hand(messageId, xml)
      this.#netting.handed(number)
    }
    return waiting.length
  }

  /** Reads what banks have written since. */
  async readBank(): Promise<readonly BankFileRead[]> {
    const { bank } = this.#options
    const read: BankFileRead[] = []
    for (const name of await bank.files(this.#netting.isRead)) {
      const bytes = await bank.read(name)
      read.push({ name, isTaken: this.#take(name, bytes) })
    }
    return read
  }

  close(): void {
    this.#store.close()
  }

  #step = (step: MoneyStep, request: RailRequest): RailAnswer =>
    this.#store.transaction(() => this.#prepaid.step(step, request, this.#options.now()))

  #take(name: string, bytes: Uint8Array): boolean {
    try {
      this.#netting.take(name, bytes, readAccountMessage(bytes))
      return true
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      this.#netting.refuse(name, bytes, error.message)
      return false
    }
  }
}
