import { flowsOf, isOver, type Payment, type RailWord } from '@busbar/core/payments'
import type { PaymentRail, RailAnswer, RailRequest, RailShare } from '../ports/rails.ts'

/** What a payment's state asks of its rail. */
export type RailAction = keyof PaymentRail

export type RailCall = { readonly action: RailAction; readonly request: RailRequest }

/** What a process has learned from a rail and the state does not say. Nothing after a restart. */
export type Knowledge = {
  /** The rail has what it was asked for, and waits for the payer. */
  readonly isPending: boolean
  /** The rail has no such thing: it was never asked for. */
  readonly isAbsent: boolean
  /** The rail said by itself that something changed. */
  readonly isNews: boolean
  /** What the rail calls what was set aside, where it was let go before that was journalled. */
  readonly reference: string
}

export const nothingKnown: Knowledge = {
  isPending: false,
  isAbsent: false,
  isNews: false,
  reference: '',
}

const dayMs = 86_400_000

/** How long a payment provider is asked to keep money set aside; it is renewed before that. */
const holdMs = 7 * dayMs

/** A bill may be paid late: that cures a default. */
const billMs = 90 * dayMs

/**
 * What is to be asked of a payment's rail now; undefined where nothing is. It follows from the
 * state: after a restart the same is asked again, with the same key, and has its effect once.
 *
 * Of what waits for its payer the rail tells by itself; it is looked at all the same, so that
 * nothing depends on being told.
 */
export function railCallFor(
  payment: Payment,
  from: Payment | undefined,
  known: Knowledge = nothingKnown,
): RailCall | undefined {
  if (payment.rail === 'prepaid' || isOver(payment)) return undefined
  const { createdAt, amount, reservedMicros, expiresAt } = payment
  switch (payment.state) {
    case 'reserving':
      return call(known.isPending ? 'look' : 'reserve', payment, reservedMicros, createdAt + holdMs)
    case 'reserved':
      return known.isNews ? call('look', payment, reservedMicros) : undefined
    case 'renewing':
      return call('renew', payment, reservedMicros, (expiresAt ?? 0) + holdMs)
    case 'capturing':
    case 'postponed':
      if (reservedMicros > 0n) return call('capture', payment, amount)
      if (from !== undefined && from.reference !== '') return giveBack(payment, from)
      return ask(payment, known)
    case 'releasing':
      return letGo(payment, known)
    default:
      return undefined
  }
}

/** A bill whose term was made longer since must not be asked for again with another term. */
function ask(payment: Payment, { isPending, isAbsent }: Knowledge): RailCall {
  const { amount, createdAt, postponements } = payment
  const isAsked = isPending || (postponements > 0 && !isAbsent)
  return call(isAsked ? 'look' : 'collect', payment, amount, createdAt + billMs)
}

/** What was let go before it was known whether it is set aside is asked for again, to be named. */
function letGo(payment: Payment, { reference }: Knowledge): RailCall {
  const { rail, reservedMicros, amount, createdAt } = payment
  const isHold = reservedMicros > 0n
  const named = payment.reference === '' ? { ...payment, reference } : payment
  if (isHold && named.reference === '') {
    return call('reserve', payment, reservedMicros, createdAt + holdMs)
  }
  // A charge is not taken back: it is paid, or it is not.
  if (!isHold && rail === 'money-block') return call('look', named, amount)
  return call('release', named, isHold ? reservedMicros : amount)
}

/** What goes back is asked of the rail in the words of what was paid. */
function giveBack(payment: Payment, from: Payment): RailCall {
  const { action, request } = call('refund', payment, payment.amount)
  const { payment: number, payer, payee, reference } = from
  const asPaid = { payment: number, payer, payee, reference }
  const shares = sharesOf({ legs: payment.legs, payer: payee, payee: payer })
  return { action, request: { ...request, ...asPaid, shares } }
}

function call(
  action: RailAction,
  payment: Payment,
  amountMicros: bigint,
  expiresAt = payment.expiresAt ?? 0,
): RailCall {
  const { payment: number, payer, payee, reference, dueAt } = payment
  // What is asked for is part of the key: another amount or another end is another request.
  const key = `payment/${number}/${action}/${amountMicros}/${action === 'renew' ? expiresAt : 0}`
  const who = { payment: number, payer, payee, reference }
  const shares = action === 'capture' || action === 'collect' ? sharesOf(payment) : []
  const what = { amountMicros, dueAt: dueAt ?? 0, expiresAt, shares }
  return { action, request: { key, ...who, ...what } }
}

/** Fees and what rounding leaves travel with the payment to whose they are. */
const sharesOf = ({
  legs,
  payer,
  payee,
}: Pick<Payment, 'legs' | 'payer' | 'payee'>): RailShare[] =>
  flowsOf(legs)
    .filter(({ from, to }) => from !== payer || to !== payee)
    .map(({ from, to, amount }) => ({ from, to, amountMicros: amount }))

/** Lets go, at the rail, what its payer does not want to be held for longer. */
export const releaseAfter = (payment: Payment): RailRequest =>
  call('release', payment, payment.reservedMicros).request

export type RecordPayment = {
  readonly kind: 'record_payment'
  readonly payment: number
  readonly state: RailWord
  readonly reference: string
  readonly amountMicros: number
  readonly expiresAt: number | null
  readonly reason: string
}

/** The end of what was set aside by the words that fit the place where the payment stands. */
const endings: Readonly<Record<string, RecordPayment['state']>> = {
  'reserving/expired': 'failed',
  'reserving/released': 'failed',
  'reserved/released': 'expired',
  'renewing/released': 'expired',
  'capturing/released': 'failed',
  'postponed/released': 'failed',
}

/** What is journalled of an answer; undefined where it says nothing new. */
export function wordOf(payment: Payment, answer: RailAnswer): RecordPayment | undefined {
  const { reference, expiresAt } = answer
  const word = (state: RecordPayment['state'], amount: bigint): RecordPayment => ({
    kind: 'record_payment',
    payment: payment.payment,
    state,
    reference: fitting(reference),
    amountMicros: Number(amount),
    expiresAt: state === 'reserved' ? expiresAt : null,
    reason: fitting(answer.reason),
  })
  switch (answer.state) {
    case 'pending': {
      const isAsked = payment.state === 'capturing' || payment.state === 'postponed'
      const isNew = payment.reference === '' && reference !== ''
      return isAsked && isNew ? word('asked', payment.amount) : undefined
    }
    case 'reserved':
      return isNewHold(payment, expiresAt) ? word('reserved', payment.reservedMicros) : undefined
    case 'captured': {
      const isAsked = ['capturing', 'postponed', 'releasing'].includes(payment.state)
      return isAsked && payment.amount > 0n ? word('captured', payment.amount) : undefined
    }
    case 'released':
    case 'expired':
    case 'failed':
      return word(endings[`${payment.state}/${answer.state}`] ?? answer.state, answer.amountMicros)
  }
}

/** A block that stands while something else is asked for is not the answer to that. */
function isNewHold({ state, expiresAt: before }: Payment, expiresAt: number | null): boolean {
  if (state === 'reserving') return true
  if (state !== 'reserved' && state !== 'renewing') return false
  return expiresAt === null ? before !== null : expiresAt > (before ?? expiresAt)
}

/** In the form that the journal takes. */
const fitting = (text: string): string => text.replace(/^#+/, '').slice(0, 200)
