import type { RailAnswer, RailRequest } from '../../app/ports/rails.ts'
import { refused } from './rail-http.ts'
import type { RailStore } from './rail-store.ts'

export const rail = 'prepaid'

export type MoneyStep = 'reserve' | 'renew' | 'capture' | 'release' | 'collect' | 'refund'

type PaymentRow = {
  payment: bigint
  payer: bigint
  payee: bigint
  state: RailAnswer['state']
  amount: bigint
  refunded: bigint
  expires_at: bigint
}

type StepRow = {
  request: string
  state: RailAnswer['state']
  amount: bigint
  reason: string
}

/** Money that went from one account to another, in micros. */
export type Paid = (payer: number, payee: number, micros: bigint, dueAt: number) => void

/**
 * Prepaid balances at the retailers, and what is reserved of them. One payment of each number; each
 * key has its effect once. Everything is called inside of a transaction of the store.
 */
export class PrepaidBook {
  readonly #store: RailStore
  /** Told in the same transaction. */
  readonly #paid: Paid

  constructor(store: RailStore, paid: Paid) {
    this.#store = store
    this.#paid = paid
  }

  /** Money that a customer has paid its retailer. The same id again has no effect. */
  topUp(id: string, account: number, micros: bigint): void {
    const known = this.#store.row<{ account: bigint; amount: bigint }>(
      'select account, amount from top_ups where id = ?',
      id,
    )
    if (known !== undefined) {
      if (Number(known.account) === account && known.amount === micros) return
      throw refused(rail, 'top-up', 'key_reused')
    }
    if (micros <= 0n) throw refused(rail, 'top-up', 'amount_invalid')
    this.#store.change('insert into top_ups values (?, ?, ?)', id, account, micros)
    this.#add(account, micros)
  }

  balance(account: number): bigint {
    const sql = 'select balance from prepaid where account = ?'
    return this.#store.row<{ balance: bigint }>(sql, account)?.balance ?? 0n
  }

  /** What is neither spent nor reserved. */
  available(account: number, now: number): bigint {
    const sql = `select coalesce(sum(amount), 0) as held from payments
      where payer = ? and state = 'reserved' and expires_at > ?`
    const held = this.#store.row<{ held: bigint }>(sql, account, now)?.held ?? 0n
    return this.balance(account) - held
  }

  /** Does a step, or says again what came of it. */
  step(step: MoneyStep, request: RailRequest, now: number): RailAnswer {
    const text = textOf(step, request)
    const known = this.#store.row<StepRow>('select * from steps where key = ?', request.key)
    if (known !== undefined) {
      if (known.request !== text) throw refused(rail, step, 'key_reused')
      return this.#again(step, known, request, now)
    }
    if (request.amountMicros <= 0n) throw refused(rail, step, 'amount_invalid')
    const answer = this.#do(step, request, now)
    const sql = 'insert into steps values (?, ?, ?, ?, ?, ?, ?)'
    const { state, amountMicros, reason } = answer
    this.#store.change(sql, request.key, step, text, request.payment, state, amountMicros, reason)
    return answer
  }

  look(request: RailRequest, now: number): RailAnswer {
    const row = this.#row(request.payment)
    if (row === undefined) throw refused(rail, 'look', 'not_found')
    this.#check('look', row, request)
    return answerOf(this.#current(row, now))
  }

  /** A refusal and a refund stay what they were; of a payment it is said how it stands now. */
  #again(step: MoneyStep, known: StepRow, request: RailRequest, now: number): RailAnswer {
    if (step === 'refund' || known.state === 'failed') {
      const { state, amount: amountMicros, reason } = known
      const { payment } = request
      return { state, reference: referenceOf(payment), amountMicros, expiresAt: null, reason }
    }
    return this.look({ ...request, reference: '' }, now)
  }

  #do(step: MoneyStep, request: RailRequest, now: number): RailAnswer {
    if (step === 'reserve' || step === 'collect') return this.#begin(step, request, now)
    const row = this.#row(request.payment)
    if (row === undefined) throw refused(rail, step, 'not_found')
    this.#check(step, row, request)
    const current = this.#current(row, now)
    if (step === 'refund') return this.#refund(current, request)
    if (current.state !== 'reserved') return answerOf(current)
    if (step === 'renew') {
      return this.#save({ ...current, expires_at: BigInt(request.expiresAt) })
    }
    if (step === 'release') return this.#save({ ...current, state: 'released' })
    if (request.amountMicros > current.amount) throw refused(rail, step, 'amount_exceeded')
    return this.#take({ ...current, amount: request.amountMicros }, request)
  }

  #begin(step: 'reserve' | 'collect', request: RailRequest, now: number): RailAnswer {
    const { payment, payer, payee, amountMicros } = request
    const known = this.#row(payment)
    const state = known === undefined ? 'released' : this.#current(known, now).state
    // Where nothing moved and nothing is held, it may be tried anew.
    if (state === 'reserved' || state === 'captured') throw refused(rail, step, 'payment_exists')
    const row: PaymentRow = {
      payment: BigInt(payment),
      payer: BigInt(payer),
      payee: BigInt(payee),
      state: 'reserved',
      amount: amountMicros,
      refunded: 0n,
      expires_at: BigInt(request.expiresAt),
    }
    if (this.available(payer, now) < amountMicros) {
      return { ...this.#save({ ...row, state: 'failed' }), reason: 'prepaid_insufficient' }
    }
    return step === 'collect' ? this.#take(row, request) : this.#save(row)
  }

  #take(row: PaymentRow, { dueAt }: RailRequest): RailAnswer {
    this.#move(Number(row.payer), Number(row.payee), row.amount, dueAt)
    return this.#save({ ...row, state: 'captured' })
  }

  /** From whoever was paid, who may have to top up for it. */
  #refund(row: PaymentRow, { amountMicros, dueAt }: RailRequest): RailAnswer {
    const isPaid = row.state === 'captured' && row.refunded + amountMicros <= row.amount
    if (!isPaid) throw refused(rail, 'refund', 'refund_exceeded')
    this.#move(Number(row.payee), Number(row.payer), amountMicros, dueAt)
    const answer = this.#save({ ...row, refunded: row.refunded + amountMicros })
    return { ...answer, amountMicros }
  }

  #move(payer: number, payee: number, micros: bigint, dueAt: number): void {
    this.#add(payer, -micros)
    this.#add(payee, micros)
    this.#paid(payer, payee, micros, dueAt)
  }

  #add(account: number, micros: bigint): void {
    const sql = `insert into prepaid values (?, ?)
      on conflict do update set balance = balance + excluded.balance`
    this.#store.change(sql, account, micros)
  }

  #row = (payment: number): PaymentRow | undefined =>
    this.#store.row<PaymentRow>('select * from payments where payment = ?', payment)

  #current(row: PaymentRow, now: number): PaymentRow {
    const isOver = row.state === 'reserved' && row.expires_at <= BigInt(now)
    return isOver ? { ...row, state: 'expired' } : row
  }

  #check(step: string, { payer, payee }: PaymentRow, request: RailRequest): void {
    const { reference, payment } = request
    const isSame = Number(payer) === request.payer && Number(payee) === request.payee
    if (!isSame || (reference !== '' && reference !== referenceOf(payment))) {
      throw refused(rail, step, 'the payment is another one')
    }
  }

  #save(row: PaymentRow): RailAnswer {
    const sql = `insert into payments values (?, ?, ?, ?, ?, ?, ?)
      on conflict do update set payer = excluded.payer, payee = excluded.payee,
      state = excluded.state, amount = excluded.amount, refunded = excluded.refunded,
      expires_at = excluded.expires_at`
    const { payment, payer, payee, state, amount, refunded } = row
    this.#store.change(sql, payment, payer, payee, state, amount, refunded, row.expires_at)
    return answerOf(row)
  }
}

const referenceOf = (payment: number | bigint): string => `prepaid:${payment}`

const answerOf = ({ payment, state, amount, expires_at: expiresAt }: PaymentRow): RailAnswer => ({
  state,
  reference: referenceOf(payment),
  amountMicros: state === 'failed' ? 0n : amount,
  expiresAt: state === 'reserved' ? Number(expiresAt) : null,
  reason: '',
})

/** What a key stands for. */
const textOf = (step: MoneyStep, request: RailRequest): string => {
  const { payment, payer, payee, amountMicros, dueAt, expiresAt } = request
  return JSON.stringify([step, payment, payer, payee, String(amountMicros), dueAt, expiresAt])
}
