import type { State } from '@busbar/core/exchange'
import type { Netting } from '@busbar/core/payments'
import { Micros } from '@busbar/core/units'
import type { Page, Reader } from '../../ports/exchange-service.ts'
import type { AgreementView, NettingView, OwedView } from '../../ports/trading-views.ts'
import { seesAll } from './relation.ts'

/** By number, from 1: agreements are only ever added, and an end is all that changes of one. */
export function agreementView(state: State, agreement: number): AgreementView | undefined {
  const one = state.trading.agreements[agreement - 1]
  return one && { agreement, ...one }
}

/** Agreements that bind the reader, ascending. */
export function agreementViews(state: State, reader: Reader, page: Page): AgreementView[] {
  const views: AgreementView[] = []
  const first = Math.max(1, page.from ?? 1)
  for (let number = first; views.length < page.limit; number += 1) {
    const view = agreementView(state, number)
    if (view === undefined) break
    if (concerns(reader, view.retailers)) views.push(view)
  }
  return views
}

export const nettingView = (one: Netting): NettingView => ({
  netting: one.netting,
  batch: one.batch,
  debtor: one.debtor,
  creditor: one.creditor,
  amountMicros: one.amount,
  state: one.state,
  reference: one.reference,
  orderedAtMs: one.at,
})

/** Transfers that the reader pays or gets, ascending. */
export function nettingViews(state: State, reader: Reader, page: Page): NettingView[] {
  const views: NettingView[] = []
  for (const one of state.trading.netting.nettings.values()) {
    if (one.netting < (page.from ?? 0)) continue
    if (!concerns(reader, [one.debtor, one.creditor])) continue
    views.push(nettingView(one))
    if (views.length >= page.limit) break
  }
  return views
}

/** What is between the reader and another house, and waits for the next netting. */
export function owedViews(state: State, reader: Reader): OwedView[] {
  return [...state.trading.netting.between]
    .map(([key, balance]) => {
      const [low = 0, high = 0] = key.split(':').map(Number)
      return balance > 0n
        ? { debtor: low, creditor: high, amountMicros: balance }
        : { debtor: high, creditor: low, amountMicros: Micros.from(-balance) }
    })
    .filter(({ debtor, creditor }) => concerns(reader, [debtor, creditor]))
    .sort((a, b) => a.debtor - b.debtor || a.creditor - b.creditor)
}

const concerns = ({ account, roles }: Reader, houses: readonly number[]): boolean =>
  houses.includes(account) || roles.some((role) => seesAll.includes(role))
