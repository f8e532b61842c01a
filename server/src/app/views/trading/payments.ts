import type { Default } from '@busbar/core/credit'
import { participantOf, type State } from '@busbar/core/exchange'
import type { Payment } from '@busbar/core/payments'
import { Micros } from '@busbar/core/units'
import type { Page, Reader } from '../../ports/exchange-service.ts'
import type { AccountPaymentsView, DefaultView } from '../../ports/trading-views.ts'
import { isCustomerOf } from './relation.ts'

/** What an account pays and gets on rails outside of the ledger; undefined without the account. */
export function paymentViews(
  state: State,
  account: number,
  page: Page,
): AccountPaymentsView | undefined {
  if (participantOf(state, account) === undefined) return undefined
  const payments: AccountPaymentsView['payments'][number][] = []
  for (const one of state.trading.payments.values()) {
    if (one.payment < (page.from ?? 0)) continue
    if (one.payer !== account && one.payee !== account) continue
    payments.push(paymentView(one))
    if (payments.length >= page.limit) break
  }
  return {
    account,
    payments,
    duesMicros: state.trading.dues.get(account) ?? Micros.zero,
    prepaidMicros: state.trading.prepaid.get(account) ?? Micros.zero,
  }
}

export const paymentView = (one: Payment): AccountPaymentsView['payments'][number] => ({
  payment: one.payment,
  trade: one.trade,
  rail: one.rail,
  payer: one.payer,
  payee: one.payee,
  reservedMicros: one.reservedMicros,
  amountMicros: one.amount,
  state: one.state,
  reference: one.reference,
  expiresAtMs: one.expiresAt,
  dueAtMs: one.dueAt,
  postponements: one.postponements,
  reason: one.reason,
})

/**
 * Defaults of an account, by which it lost money, or of the customers of a retailer, which it does
 * not see while it is suspended.
 */
export function defaultViews(
  state: State,
  reader: Reader,
  account: number,
  page: Page,
): DefaultView[] | undefined {
  const participant = participantOf(state, account)
  if (participant === undefined) return undefined
  const isServing = reader.account !== account || reader.roles.includes('retailer')
  const views: DefaultView[] = []
  for (const one of state.trading.defaults.values()) {
    if (one.number < (page.from ?? 0)) continue
    const view = defaultViewFor(state, account, one, isServing)
    if (view === undefined) continue
    views.push(view)
    if (views.length >= page.limit) break
  }
  return views
}

/**
 * A default as `account` may read it; undefined where it is not concerned. To a retailer that is
 * serving it shows its own customer, whichever side that is on, and never whom another supplies.
 */
export function defaultViewFor(
  state: State,
  account: number,
  one: Default,
  isServing: boolean,
): DefaultView | undefined {
  const isOwn = one.account === account || one.creditor === account
  const isShown = (side: number): boolean =>
    isOwn || (isServing && isCustomerOf(state, account, side))
  if (!isShown(one.account) && !isShown(one.creditor)) return undefined
  return {
    default: one.number,
    account: isShown(one.account) ? one.account : null,
    creditor: isShown(one.creditor) ? one.creditor : null,
    trade: one.trade,
    payment: one.payment,
    cause: one.cause,
    amountMicros: one.amount,
    recoveredMicros: one.recovered,
    status: one.status,
    steps: one.steps.map(({ step, at, deadline, fine, evidence, consent }) => ({
      ...{ step, atMs: at, deadlineMs: deadline, fineMicros: fine, evidence, consent },
    })),
    grounds: one.appeal?.grounds ?? '',
    atMs: one.at,
  }
}
