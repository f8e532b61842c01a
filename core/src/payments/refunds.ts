import { assert } from '../errors/index.ts'
import { Micros } from '../units/index.ts'
import { isOver, type Payment } from './payment.ts'

/** A part of what goes back, and the payment that it came by; null: owed, and no refund. */
export type RefundPart = { readonly refundOf: number | null; readonly amount: Micros }

/** What a captured payment has brought and not given back, or been asked to. */
type Refundable = { readonly payment: number; readonly left: Micros }

/**
 * The captured payments by `payer` of which something is left, oldest first. What a refund that is
 * under way asks for is not left any more. What was given back and is owed again is no refund.
 *
 * @param payments all those of one trade, in the order of their numbers
 */
export const refundable = (payments: readonly Payment[], payer: number): Refundable[] =>
  leftOf(
    payments,
    payer,
    ({ amount }) => amount,
  )

/** As `refundable`, of what bills have brought one account: no more is asked of it. */
export function refundableBy(
  payments: readonly Payment[],
  payer: number,
  account: number,
): Refundable[] {
  return leftOf(
    payments,
    payer,
    ({ legs, refundOf }) => {
      const own = legs.find((leg) => leg.account === account)?.amount ?? 0n
      return refundOf === null ? own : -own
    },
  )
}

function leftOf(
  payments: readonly Payment[],
  payer: number,
  amountOf: (payment: Payment) => bigint,
): Refundable[] {
  const back = new Map<number, bigint>()
  for (const one of payments) {
    if (one.refundOf === null || (isOver(one) && one.state !== 'captured')) continue
    back.set(one.refundOf, (back.get(one.refundOf) ?? 0n) + amountOf(one))
  }
  return payments
    .filter((one) => one.state === 'captured' && one.refundOf === null && one.payer === payer)
    .map((one) => ({
      payment: one.payment,
      left: Micros.from(amountOf(one) - (back.get(one.payment) ?? 0n)),
    }))
    .filter(({ left }) => left > 0n)
}

/**
 * Through which payments `amount` goes back, in as few parts as can be: through the newest that
 * has brought as much, else all of the newest and the rest by the same rule. A provider gives back
 * no more than a payment has brought, so what is beyond all of them is asked for like any debt.
 */
export function splitRefund(from: readonly Refundable[], amount: Micros): RefundPart[] {
  const parts: RefundPart[] = []
  const open = [...from]
  let rest = amount
  while (rest > 0n) {
    const enough = open.findLastIndex(({ left }) => left >= rest)
    const [next] = open.splice(enough, 1)
    if (next === undefined) {
      parts.push({ refundOf: null, amount: rest })
      break
    }
    const part = Micros.min(next.left, rest)
    parts.push({ refundOf: next.payment, amount: part })
    rest = Micros.subtract(rest, part)
  }
  assert(parts.reduce((sum, one) => sum + one.amount, 0n) === amount, 'all of it goes back')
  return parts
}
