import { participantOf, type State } from '@busbar/core/exchange'
import { Micros } from '@busbar/core/units'
import type { Page } from '../../ports/exchange-service.ts'
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
    payments.push({
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
    if (payments.length >= page.limit) break
  }
  return {
    account,
    payments,
    duesMicros: state.trading.dues.get(account) ?? Micros.zero,
    prepaidMicros: state.trading.prepaid.get(account) ?? Micros.zero,
  }
}

/**
 * Defaults of an account or, of a retailer, of its customers: without the creditor, who is another
 * retailer's customer. Defaults by which the account lost money are among its own.
 */
export function defaultViews(
  state: State,
  account: number,
  page: Page,
): DefaultView[] | undefined {
  const participant = participantOf(state, account)
  if (participant === undefined) return undefined
  const views: DefaultView[] = []
  for (const one of state.trading.defaults.values()) {
    if (one.number < (page.from ?? 0)) continue
    const isOwn = one.account === account || one.creditor === account
    if (!isOwn && !isCustomerOf(state, account, one.account)) continue
    views.push({
      default: one.number,
      account: one.account,
      creditor: isOwn ? one.creditor : null,
      trade: one.trade,
      payment: one.payment,
      cause: one.cause,
      amountMicros: one.amount,
      recoveredMicros: one.recovered,
      status: one.status,
      steps: one.steps.map(({ step, at, deadline, fine, evidence, consent }) => ({
        ...{ step, atMs: at, deadlineMs: deadline, fineMicros: fine, evidence, consent },
      })),
      atMs: one.at,
    })
    if (views.length >= page.limit) break
  }
  return views
}
