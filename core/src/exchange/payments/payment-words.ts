import { nextPaymentState, type Payment } from '../../payments/index.ts'
import { floorDivide } from '../../units/index.ts'
import { plan } from './agenda.ts'
import { moveCaptured } from './dues.ts'
import { cure, isBeforeDelivery } from './enforcement.ts'
import { isStanding } from '../../credit/index.ts'
import { inRange } from '../lookups.ts'
import { accepted, type Applied, type Effect, type Result } from '../outcome.ts'
import { cureOf, holdLost, paymentMissed, withdrawn } from './payment-failures.ts'
import { movePayment, paymentChanged } from './payment-moves.ts'
import { movePrepaid } from './prepaid.ts'
import { reject, type Rejected } from '../rejection.ts'
import type { State } from '../state.ts'
import { freeCollateral } from '../trading/trade-collateral.ts'
import type { TradeSystemCommand } from '../trading/trade-command.ts'

type Word = Extract<TradeSystemCommand, { kind: 'record_payment' }>

const textMax = 200

/**
 * Takes what a rail says of a payment. The same again, as rails say things twice, has no effect;
 * what does not follow from where the payment stands is refused.
 */
export function recordPayment(
  state: State,
  at: number,
  sequence: number,
  word: Word,
): Applied | Rejected {
  const malformed = wordRejection(word)
  if (malformed !== undefined) return malformed
  const payment = state.trading.payments.get(word.payment)
  if (payment === undefined) return reject('payment_unknown', 'payment')
  if (isRepeat(payment, word)) {
    const outcome = { kind: 'accepted', sequence: payment.sequence, repeated: true } as const
    return { outcome: { ...outcome, result: recorded(payment) }, effects: [] }
  }
  const unfit = unfitRejection(payment, at, word)
  if (unfit !== undefined) return unfit
  const effects = take(state, at, sequence, payment, word)
  return accepted(sequence, recorded(payment), [paymentChanged(payment), ...effects])
}

const recorded = ({ payment, state }: Payment): Result => ({
  kind: 'payment_recorded',
  payment,
  state,
})

function wordRejection(word: Word): Rejected | undefined {
  if (!inRange(word.amountMicros, 0, Number.MAX_SAFE_INTEGER)) {
    return reject('field_invalid', 'amountMicros', `0 to ${Number.MAX_SAFE_INTEGER}`)
  }
  for (const field of ['reference', 'reason'] as const) {
    if (word[field].length > textMax || word[field].startsWith('#')) {
      return reject('field_invalid', field, `at most ${textMax} characters, none of them # first`)
    }
  }
  if (word.expiresAt !== null && !inRange(word.expiresAt, 0, Number.MAX_SAFE_INTEGER)) {
    return reject('field_invalid', 'expiresAt', 'UTC milliseconds, or null')
  }
  return undefined
}

/** Whether a payment has had just this word before, and nothing since that it could be about. */
function isRepeat(payment: Payment, word: Word): boolean {
  const { state, reference, amount, reservedMicros, expiresAt } = payment
  switch (word.state) {
    case 'reserved':
      return (
        (state === 'reserved' || state === 'renewing') &&
        word.reference === reference &&
        word.expiresAt === expiresAt &&
        BigInt(word.amountMicros) === reservedMicros
      )
    case 'asked':
      return (
        (state === 'capturing' || state === 'postponed') &&
        word.reference !== '' &&
        word.reference === reference &&
        BigInt(word.amountMicros) === amount
      )
    case 'captured':
      return (
        state === 'captured' &&
        word.reference === reference &&
        BigInt(word.amountMicros) === amount
      )
    default:
      return state === word.state
  }
}

function unfitRejection(payment: Payment, at: number, word: Word): Rejected | undefined {
  const { state, rail, amount, reservedMicros, expiresAt } = payment
  const isCaptured = word.state === 'captured' && state === 'captured'
  if (isCaptured) return reject('payment_exists', 'reference')
  const refused = reject('payment_not_awaited', 'state', state)
  // Of prepaid balances the exchange keeps the books itself.
  if (rail === 'prepaid' || nextPaymentState(state, word.state) === undefined) return refused
  const micros = BigInt(word.amountMicros)
  if (word.state === 'captured') {
    if (amount === 0n) return refused
    if (micros !== amount) return reject('payment_exists', 'amountMicros', `${amount}`)
  }
  if (word.state === 'asked') return askedRejection(payment, word)
  if (word.state !== 'reserved') return undefined
  if (micros !== reservedMicros) {
    return reject('payment_exists', 'amountMicros', `${reservedMicros}`)
  }
  const isLater = word.expiresAt === null || word.expiresAt > Math.max(at, expiresAt ?? 0)
  return isLater ? undefined : reject('payment_not_awaited', 'expiresAt', 'later than before')
}

/** What the payer was asked for has one name, and is what is due. */
function askedRejection({ reference, amount }: Payment, word: Word): Rejected | undefined {
  if (word.reference === '') return reject('field_invalid', 'reference', '1 to 200 characters')
  if (reference !== '') return reject('payment_exists', 'reference')
  if (BigInt(word.amountMicros) === amount) return undefined
  return reject('payment_exists', 'amountMicros', `${amount}`)
}

function take(
  state: State,
  at: number,
  sequence: number,
  payment: Payment,
  word: Word,
): Effect[] {
  const before = payment.state
  movePayment(state, sequence, payment, word.state)
  if (word.reference !== '') payment.reference = word.reference
  payment.reason = word.reason
  switch (word.state) {
    case 'reserved':
      return keepHold(state, at, payment, word.expiresAt)
    case 'asked':
      return []
    case 'captured':
      return settlePayment(state, at, payment)
    case 'released':
      withdrawn(state, at, payment)
      return []
    case 'expired':
    case 'failed':
      return lost(state, at, sequence, payment, before)
  }
}

function lost(
  state: State,
  at: number,
  sequence: number,
  payment: Payment,
  before: Payment['state'],
): Effect[] {
  switch (before) {
    case 'reserving':
      return holdLost(state, at, sequence, payment, 'reservation_failed')
    case 'reserved':
    case 'renewing':
      return holdLost(state, at, sequence, payment, 'renewal_failed')
    case 'releasing':
      withdrawn(state, at, payment)
      return []
    default:
      return paymentMissed(state, at, sequence, payment, 'payment_failed')
  }
}

/**
 * A hold stands until `expiresAt`: for the last quarter of that time the rail is asked to renew it.
 * Who had lacked money for a hold of this rail before, and has one now, is good again.
 */
function keepHold(
  state: State,
  at: number,
  payment: Payment,
  expiresAt: number | null,
): Effect[] {
  payment.expiresAt = expiresAt
  payment.renewAt = expiresAt === null ? null : expiresAt - quarterFloor(expiresAt - at)
  if (expiresAt !== null && payment.renewAt !== null) {
    plan(state, 'renew', payment.payment, payment.renewAt)
    plan(state, 'lapse', payment.payment, expiresAt)
  }
  return [...state.trading.defaults.values()]
    .filter((one) => {
      const before = one.payment === null ? undefined : state.trading.payments.get(one.payment)
      return (
        one.account === payment.payer &&
        isStanding(one) &&
        isBeforeDelivery(one.cause) &&
        before?.rail === payment.rail &&
        payment.reservedMicros >= one.amount
      )
    })
    .flatMap((one) => cure(state, at, one))
}

const quarterFloor = (ms: number): number => Number(floorDivide(BigInt(ms), 4n))

/** The money has moved: so do the dues, and with prepaid balances what their retailers owe. */
export function settlePayment(state: State, at: number, payment: Payment): Effect[] {
  const legs = moveCaptured(state, payment)
  if (payment.rail === 'prepaid') movePrepaid(state, legs)
  freeCollateral(state, payment.trade)
  return cureOf(state, at, payment)
}
