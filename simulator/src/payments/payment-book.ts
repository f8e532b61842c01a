import type {
  CaptureRequest,
  Charge,
  ChargeRequest,
  ChargeState,
  Hold,
  HoldRequest,
  HoldState,
  ProviderEventType,
  ProviderProblem,
  ProviderRefusal,
  Refund,
  RefundRequest,
  RenewRequest,
  Shares,
} from '@busbar/protocols/payment-provider'
import { Parties } from './parties.ts'
import type { PaymentStore } from './store.ts'

export type BookTerms = {
  /** How long a hold is kept at most. */
  readonly holdMaxMs: number
  /** How long a payer's side takes to decide. 0: at once. */
  readonly decideAfterMs: number
}

export type Refused = { readonly refused: ProviderRefusal } & Omit<ProviderProblem, 'code'>

type HoldRow = {
  number: number
  state: HoldState
  amount: number
  captured: number
  refunded: number
  payer: string
  payee: string
  reference: string
  expires_at: number
  decide_at: number
  created_at: number
  sequence: number
  reason: string
}

type ChargeRow = Omit<HoldRow, 'state' | 'captured' | 'expires_at'> & {
  state: ChargeState
  shares: string
}

type DueRow = {
  what: 'expire' | 'decide-hold' | 'decide-charge'
  id: string
  at: number
}

/** At one moment what expires goes first: it may be what pays for the next. */
const nextDue = `
select 'expire' as what, 0 as rank, 'hold_' || number as id, number, expires_at as at from holds
  where state in ('pending', 'authorised') and expires_at <= ?1
union all
select 'decide-hold', 1, 'hold_' || number, number, decide_at from holds
  where state = 'pending' and decide_at < expires_at and decide_at <= ?1
union all
select 'decide-charge', 2, 'charge_' || number, number, decide_at from charges
  where state = 'pending' and decide_at <= ?1
order by at, rank, number limit 1`

const holdOf = (row: HoldRow): Hold => ({
  id: `hold_${row.number}`,
  state: row.state,
  amountMicros: row.amount,
  capturedMicros: row.captured,
  refundedMicros: row.refunded,
  payer: row.payer,
  payee: row.payee,
  reference: row.reference,
  expiresAt: row.expires_at,
  createdAt: row.created_at,
  sequence: row.sequence,
  reason: row.reason,
})

const chargeOf = (row: ChargeRow): Charge => ({
  id: `charge_${row.number}`,
  state: row.state,
  amountMicros: row.amount,
  refundedMicros: row.refunded,
  payer: row.payer,
  payee: row.payee,
  reference: row.reference,
  createdAt: row.created_at,
  sequence: row.sequence,
  reason: row.reason,
})

const numberIn = (id: string, kind: 'hold' | 'charge'): number =>
  Number(new RegExp(`^${kind}_([1-9][0-9]{0,14})$`).exec(id)?.[1] ?? 0)

/** What the provider does with money. Each method is part of one transaction of the caller. */
export class PaymentBook {
  readonly parties: Parties
  readonly #store: PaymentStore
  readonly #terms: BookTerms

  constructor(store: PaymentStore, terms: BookTerms) {
    this.#store = store
    this.#terms = terms
    this.parties = new Parties(store)
  }

  hold(id: string): Hold | undefined {
    const sql = 'select * from holds where number = ?'
    const row = this.#store.row<HoldRow>(sql, numberIn(id, 'hold'))
    return row === undefined ? undefined : holdOf(row)
  }

  charge(id: string): Charge | undefined {
    const sql = 'select * from charges where number = ?'
    const row = this.#store.row<ChargeRow>(sql, numberIn(id, 'charge'))
    return row === undefined ? undefined : chargeOf(row)
  }

  holdsUnder(reference: string): readonly Hold[] {
    const sql = 'select * from holds where reference = ? order by number desc limit 100'
    return this.#store.rows<HoldRow>(sql, reference).map(holdOf).toReversed()
  }

  chargesUnder(reference: string): readonly Charge[] {
    const sql = 'select * from charges where reference = ? order by number desc limit 100'
    return this.#store.rows<ChargeRow>(sql, reference).map(chargeOf).toReversed()
  }

  createHold(request: HoldRequest, now: number): Hold {
    const sql =
      'insert into holds (state, amount, payer, payee, reference, expires_at, decide_at, ' +
      "created_at) values ('pending', ?, ?, ?, ?, ?, ?, ?)"
    const { amountMicros, payer, payee, reference } = request
    const expiresAt = this.#granted(request.expiresAt, now)
    const decideAt = now + this.#terms.decideAfterMs
    const values = [amountMicros, payer, payee, reference, expiresAt, decideAt, now] as const
    const id = `hold_${this.#store.change(sql, ...values)}`
    this.passTime(now)
    return this.#holdAt(id)
  }

  renewHold(id: string, { expiresAt }: RenewRequest, now: number): Hold | Refused {
    const hold = this.hold(id)
    if (hold === undefined) return { refused: 'not_found' }
    if (hold.state !== 'authorised') return { refused: 'state_conflict', hold }
    if (this.parties.find(hold.payer)?.declines.includes('renewal') === true) {
      return { refused: 'renewal_declined', hold }
    }
    const until = Math.max(hold.expiresAt, this.#granted(expiresAt, now))
    const sql = 'update holds set expires_at = ? where number = ?'
    this.#store.change(sql, until, numberIn(id, 'hold'))
    return this.#tellHold(id, 'hold.renewed', now)
  }

  captureHold(
    id: string,
    { amountMicros, shares = [] }: CaptureRequest,
    now: number,
  ): Hold | Refused {
    const hold = this.hold(id)
    if (hold === undefined) return { refused: 'not_found' }
    if (hold.state !== 'authorised') return { refused: 'state_conflict', hold }
    if (amountMicros > hold.amountMicros) return { refused: 'amount_exceeded', hold }
    if (!this.parties.canDivide(amountMicros, shares)) return { refused: 'shares_invalid', hold }
    this.parties.unhold(hold.payer, hold.amountMicros)
    const { payer: from, payee: to } = hold
    this.parties.divide('capture', id, { from, to, amountMicros }, shares, now)
    const sql = "update holds set state = 'captured', captured = ? where number = ?"
    this.#store.change(sql, amountMicros, numberIn(id, 'hold'))
    return this.#tellHold(id, 'hold.captured', now)
  }

  releaseHold(id: string, now: number): Hold | Refused {
    const hold = this.hold(id)
    if (hold === undefined) return { refused: 'not_found' }
    if (hold.state !== 'authorised' && hold.state !== 'pending') {
      return { refused: 'state_conflict', hold }
    }
    return this.#end(hold, 'released', now)
  }

  createCharge(request: ChargeRequest, now: number): Charge | Refused {
    const { amountMicros, payer, payee, reference, shares = [] } = request
    if (!this.parties.canDivide(amountMicros, shares)) return { refused: 'shares_invalid' }
    const sql =
      'insert into charges (state, amount, payer, payee, shares, reference, decide_at, ' +
      "created_at) values ('pending', ?, ?, ?, ?, ?, ?, ?)"
    const decideAt = now + this.#terms.decideAfterMs
    const parts = JSON.stringify(shares)
    const values = [amountMicros, payer, payee, parts, reference, decideAt, now] as const
    const id = `charge_${this.#store.change(sql, ...values)}`
    this.passTime(now)
    return this.#chargeAt(id)
  }

  createRefund(request: RefundRequest, now: number): Refund | Refused {
    const { of, amountMicros, shares = [] } = request
    const hold = this.hold(of)
    const charge = this.charge(of)
    const paid = hold ?? charge
    if (paid === undefined) return { refused: 'not_found' }
    const taken = hold?.capturedMicros ?? charge?.amountMicros ?? 0
    const paidAs = { ...(hold && { hold }), ...(charge && { charge }) }
    if (paid.state !== 'captured' && paid.state !== 'succeeded') {
      return { refused: 'state_conflict', ...paidAs }
    }
    if (amountMicros > taken - paid.refundedMicros) return { refused: 'amount_exceeded', ...paidAs }
    if (!this.parties.canDivide(amountMicros, shares)) {
      return { refused: 'shares_invalid', ...paidAs }
    }
    const { reference, payer, payee } = paid
    const table = hold === undefined ? 'charges' : 'holds'
    const kind = hold === undefined ? 'charge' : 'hold'
    const insert =
      'insert into refunds (subject, amount, reference, created_at) values (?, ?, ?, ?)'
    const id = `refund_${this.#store.change(insert, of, amountMicros, reference, now)}`
    this.parties.divide('refund', id, { from: payee, to: payer, amountMicros }, shares, now)
    const update = `update ${table} set refunded = refunded + ? where number = ?`
    this.#store.change(update, amountMicros, numberIn(of, kind))
    const about = { of, kind, reference } as const
    const refund: Refund = { id, state: 'succeeded', ...about, amountMicros, createdAt: now }
    const sequence = this.#nextSequence(of)
    this.#tell('refund.succeeded', of, sequence, refund, now)
    return refund
  }

  /** Decides what is due and lets holds expire, one after the other as time passed. */
  passTime(now: number): void {
    for (;;) {
      const due = this.#store.row<DueRow>(nextDue, now)
      if (due === undefined) return
      if (due.what === 'decide-charge') this.#decideCharge(this.#chargeAt(due.id), due.at)
      else if (due.what === 'decide-hold') this.#decideHold(this.#holdAt(due.id), due.at)
      else this.#end(this.#holdAt(due.id), 'expired', due.at)
    }
  }

  #granted(expiresAt: number, now: number): number {
    return Math.min(expiresAt, now + this.#terms.holdMaxMs)
  }

  #decideHold({ id, payer, payee, amountMicros }: Hold, now: number): void {
    const reason = this.parties.objection(payer, payee, amountMicros, 'hold')
    if (reason === '') this.parties.hold(payer, amountMicros)
    const state = reason === '' ? 'authorised' : 'declined'
    const sql = 'update holds set state = ?, reason = ? where number = ?'
    this.#store.change(sql, state, reason, numberIn(id, 'hold'))
    this.#tellHold(id, `hold.${state}`, now)
  }

  #decideCharge({ id, payer, payee, amountMicros }: Charge, now: number): void {
    const reason = this.parties.objection(payer, payee, amountMicros, 'charge')
    if (reason === '') {
      const whole = { from: payer, to: payee, amountMicros }
      this.parties.divide('charge', id, whole, this.#sharesOf(id), now)
    }
    const state = reason === '' ? 'succeeded' : 'failed'
    const sql = 'update charges set state = ?, reason = ? where number = ?'
    this.#store.change(sql, state, reason, numberIn(id, 'charge'))
    const sequence = this.#nextSequence(id)
    this.#tell(`charge.${state}`, id, sequence, this.#chargeAt(id), now)
  }

  #sharesOf(charge: string): Shares {
    const sql = 'select shares from charges where number = ?'
    const row = this.#store.row<{ shares: string }>(sql, numberIn(charge, 'charge'))
    return JSON.parse(row?.shares ?? '[]') as Shares
  }

  #end({ id, state, payer, amountMicros }: Hold, end: 'expired' | 'released', now: number): Hold {
    if (state === 'authorised') this.parties.unhold(payer, amountMicros)
    const sql = 'update holds set state = ? where number = ?'
    this.#store.change(sql, end, numberIn(id, 'hold'))
    return this.#tellHold(id, `hold.${end}`, now)
  }

  #tellHold(id: string, type: ProviderEventType, now: number): Hold {
    const sequence = this.#nextSequence(id)
    const hold = this.#holdAt(id)
    this.#tell(type, id, sequence, hold, now)
    return hold
  }

  #nextSequence(subject: string): number {
    const table = subject.startsWith('hold_') ? 'holds' : 'charges'
    const number = Number(subject.slice(subject.indexOf('_') + 1))
    const sql = `update ${table} set sequence = sequence + 1 where number = ?`
    this.#store.change(sql, number)
    const read = `select sequence from ${table} where number = ?`
    return this.#store.row<{ sequence: number }>(read, number)?.sequence ?? 0
  }

  #tell(
    type: ProviderEventType,
    subject: string,
    sequence: number,
    data: Hold | Charge | Refund,
    now: number,
  ): void {
    const number = this.#store.change("insert into events (subject, body) values (?, '')", subject)
    const id = `event_${number}`
    const body = JSON.stringify({ id, type, subject, sequence, createdAt: now, data })
    this.#store.change('update events set body = ? where number = ?', body, number)
  }

  #holdAt(id: string): Hold {
    const hold = this.hold(id)
    if (hold === undefined) throw new Error(`${id} is not there any more`)
    return hold
  }

  #chargeAt(id: string): Charge {
    const charge = this.charge(id)
    if (charge === undefined) throw new Error(`${id} is not there any more`)
    return charge
  }
}
