import { type Default, isStanding } from '../../credit/index.ts'
import { Micros } from '../../units/index.ts'
import { debit } from './collection.ts'
import { moveDues } from './dues.ts'
import { cureIfGood, isBeforeDelivery } from './enforcement.ts'
import { actorWith, inRange, isRejected, participantOf } from '../lookups.ts'
import { accepted, type Applied, type Effect, type Result } from '../outcome.ts'
import { recovered } from './payment-failures.ts'
import { paymentChanged } from './payment-moves.ts'
import { addPrepaid, moveCollected } from './prepaid.ts'
import { reject, type Rejected } from '../rejection.ts'
import type { State } from '../state.ts'
import type { TradeInstructionContent } from '../trading/trade-command.ts'

type Content = TradeInstructionContent

const referencePattern = /^[^#].{0,63}$/

function fieldRejection(content: {
  readonly amountMicros: number
  readonly reference: string
}): Rejected | undefined {
  if (!inRange(content.amountMicros, 1, Number.MAX_SAFE_INTEGER)) {
    return reject('field_invalid', 'amountMicros', `1 to ${Number.MAX_SAFE_INTEGER}`)
  }
  if (!referencePattern.test(content.reference)) {
    return reject('field_invalid', 'reference', '1 to 64 characters, none of them # first')
  }
  return undefined
}

/**
 * A retailer's reference was used: for the same, which has its effect once, or for something else.
 */
function usedBefore(
  state: State,
  key: string,
  content: string,
  result: () => Result,
): Applied | Rejected | undefined {
  const before = state.trading.references.get(key)
  if (before === undefined) return undefined
  if (before.content !== content) return reject('payment_exists', 'reference')
  const { sequence } = before
  const outcome = { kind: 'accepted', sequence, repeated: true, result: result() } as const
  return { outcome, effects: [] }
}

/**
 * Books money that a retailer got from its customer in default, for the creditor: it is credited at
 * the creditor's own retailer, and owed between the two. A bill that is still out is withdrawn.
 */
export function recordRecovery(
  state: State,
  at: number,
  sequence: number,
  by: number,
  content: Content['record_recovery'],
): Applied | Rejected {
  const actor = actorWith(state, by, ['retailer'])
  if (isRejected(actor)) return actor
  const malformed = fieldRejection(content)
  if (malformed !== undefined) return malformed
  const one = state.trading.defaults.get(content.default)
  if (one === undefined) return reject('default_unknown', 'default')
  if (participantOf(state, one.account)?.retailer !== by) return reject('party_foreign', 'default')
  const { default: number, amountMicros, reference } = content
  const key = `recovery:${by}:${reference}`
  const used = usedBefore(state, key, `${number}:${amountMicros}`, () => changed(one))
  if (used !== undefined) return used
  const payment = one.payment === null ? undefined : state.trading.payments.get(one.payment)
  if (!isStanding(one) || isBeforeDelivery(one.cause) || payment === undefined) {
    return reject('default_not_open', 'default', 'one by which money is owed')
  }
  const amount = Micros.from(BigInt(amountMicros))
  const owed = Micros.subtract(one.amount, one.recovered)
  if (amount > owed) return reject('terms_out_of_bounds', 'amountMicros', `at most ${owed}`)
  state.trading.references.set(key, { content: `${number}:${amountMicros}`, sequence })
  moveCollected(state, moveDues(state, payment, amount))
  const effects = recovered(state, at, sequence, one, payment, amount)
  return accepted(sequence, changed(one), effects)
}

const changed = ({ number, status }: Default): Result => ({
  kind: 'default_changed',
  default: number,
  status,
})

/**
 * Books money that a retailer holds for a customer to pay trades with. What waits for it is paid at
 * once, the oldest first.
 */
export function topUpPrepaid(
  state: State,
  at: number,
  sequence: number,
  by: number,
  content: Content['top_up_prepaid'],
): Applied | Rejected {
  const actor = actorWith(state, by, ['retailer'])
  if (isRejected(actor)) return actor
  const { account, amountMicros, reference } = content
  const customer = participantOf(state, account)
  if (customer === undefined) return reject('account_unknown', 'account')
  const malformed = fieldRejection(content)
  if (malformed !== undefined) return malformed
  if (customer.retailer !== by) return reject('retailer_mismatch', 'account')
  const key = `top-up:${by}:${reference}`
  const result = (): Result => {
    const balance = state.trading.prepaid.get(account) ?? 0n
    return { kind: 'prepaid_topped_up', account, balanceMicros: Number(balance) }
  }
  const used = usedBefore(state, key, `${account}:${amountMicros}`, result)
  if (used !== undefined) return used
  state.trading.references.set(key, { content: `${account}:${amountMicros}`, sequence })
  addPrepaid(state, account, BigInt(amountMicros))
  const toppedUp = result()
  const effects: Effect[] = []
  for (const payment of state.trading.payments.values()) {
    if (payment.payer !== account || payment.rail !== 'prepaid') continue
    effects.push(...debit(state, at, sequence, payment))
    if (payment.sequence === sequence) effects.push(paymentChanged(payment))
  }
  effects.push(...cureIfGood(state, at, account))
  return accepted(sequence, toppedUp, effects)
}
