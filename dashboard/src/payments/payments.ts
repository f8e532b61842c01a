import type { DefaultView, PaymentView } from '@busbar/protocols/api'
import { stillOwed } from '../retailer/rungs.ts'

type State = PaymentView['state']

const held: readonly State[] = ['reserving', 'reserved', 'renewing', 'releasing']
const asked: readonly State[] = ['capturing', 'postponed']

/** Where the payments of an account stand. */
export type PaymentSums = {
  /** What it is asked for and has not paid, micros; and when the first of it is due. */
  readonly dueMicros: number
  readonly dueAtMs: number | null
  /** Of its own money, what is set aside for trades. */
  readonly heldMicros: number
  /** What others are asked for that goes to it, with the fees that travel along. */
  readonly awaitedMicros: number
  readonly paidMicros: number
  readonly receivedMicros: number
}

export function sumsOf(payments: readonly PaymentView[], account: number): PaymentSums {
  const sum = (
    side: 'payer' | 'payee',
    states: readonly State[],
    of: 'amountMicros' | 'reservedMicros' = 'amountMicros',
  ): number =>
    payments
      .filter((one) => one[side] === account && states.includes(one.state))
      .reduce((all, one) => all + one[of], 0)
  const due = payments
    .filter(({ payer, state }) => payer === account && asked.includes(state))
    .flatMap(({ dueAtMs }) => dueAtMs ?? [])
  return {
    dueMicros: sum('payer', asked),
    dueAtMs: due.length === 0 ? null : Math.min(...due),
    heldMicros: sum('payer', held, 'reservedMicros'),
    awaitedMicros: sum('payee', asked),
    paidMicros: sum('payer', ['captured']),
    receivedMicros: sum('payee', ['captured']),
  }
}

export const isOpen = ({ state }: Pick<PaymentView, 'state'>): boolean =>
  asked.includes(state) || held.includes(state)

/** What is due first, what is set aside, then what is over, the newest first. */
export function inOrder(payments: readonly PaymentView[]): readonly PaymentView[] {
  const rank = (one: PaymentView): number =>
    asked.includes(one.state) ? 0 : isOpen(one) ? 1 : 2
  const due = ({ dueAtMs }: PaymentView): number => dueAtMs ?? Number.MAX_SAFE_INTEGER
  return payments.toSorted((a, b) => {
    const ranks = rank(a) - rank(b)
    if (ranks !== 0) return ranks
    return rank(a) === 0 && due(a) !== due(b) ? due(a) - due(b) : b.payment - a.payment
  })
}

/** Rails on which the payer is sent a bill, and pays it outside of the exchange. */
export const isBilled = ({ rail }: Pick<PaymentView, 'rail'>): boolean =>
  rail === 'bill-seller' || rail === 'bill-platform'

/**
 * The number of a bill as somebody says it. A network's name of it has its biller and its market as
 * well, which is for machines; what has another form is shown as it is.
 */
export const billNumber = (reference: string): string =>
  /^bill:[^|]+\|.+\.payment\.([0-9]+)$/.exec(reference)?.[1] ?? reference

/** Asked for, and late. */
export const isLate = ({ state, dueAtMs }: PaymentView, nowMs: number): boolean =>
  asked.includes(state) && dueAtMs !== null && nowMs >= dueAtMs

/**
 * Whether the payer may buy another term: of what is due and not late, as often as the rulebook
 * allows.
 */
export function mayPostpone(
  payment: PaymentView,
  account: number,
  nowMs: number,
  { postponementsMax }: { readonly postponementsMax: number },
): boolean {
  const { payer, state, dueAtMs, postponements } = payment
  if (payer !== account || state !== 'capturing' || dueAtMs === null) return false
  return nowMs < dueAtMs && postponements < postponementsMax
}

/**
 * What ends a default: paying the bill, the debtor's retailer that gets the money, or having what
 * was lacking before a delivery.
 */
export type Cure = 'bill' | 'retailer' | 'funds'

export function cureOf(
  { cause }: Pick<DefaultView, 'cause'>,
  payment: PaymentView | undefined,
): Cure {
  if (cause === 'reservation_failed' || cause === 'renewal_failed') return 'funds'
  const isThere = payment !== undefined && asked.includes(payment.state) && isBilled(payment)
  return isThere ? 'bill' : 'retailer'
}

/** Whether a debtor may still say that a default is none: once for each, while it stands. */
export const mayAppeal = ({ status, grounds }: Pick<DefaultView, 'status' | 'grounds'>): boolean =>
  grounds === '' && (status === 'open' || status === 'exhausted')

/** What is still to be paid of a default, micros; never below zero. */
export const openMicros = (one: Pick<DefaultView, 'amountMicros' | 'recoveredMicros'>): number =>
  Math.max(0, stillOwed(one))
