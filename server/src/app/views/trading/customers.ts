import { isDisputed, passkeysOf, type State } from '@busbar/core/exchange'
import type { Participant } from '@busbar/core/registry'
import type { Page } from '../../ports/exchange-service.ts'
import { deviceView } from '../keys.ts'
import type { CustomerView, RetailerTariffView } from '../../ports/customer-views.ts'

/** Defaults that somebody still has to do something about. */
const openStatuses: readonly string[] = ['open', 'appealed', 'exhausted']

/** Whom `retailer` supplies now, ascending, each with what the retailer answers for. */
export function customerViews(state: State, retailer: number, page: Page): CustomerView[] {
  const customers = state.participants
    .filter((one) => one.retailer === retailer && one.account >= (page.from ?? 0))
    .sort((a, b) => a.account - b.account)
    .slice(0, page.limit)
  const open = new Map<number, number>()
  for (const { account, status } of state.trading.defaults.values()) {
    if (openStatuses.includes(status)) open.set(account, (open.get(account) ?? 0) + 1)
  }
  return customers.map((one) => customerView(state, one, open.get(one.account) ?? 0))
}

export const tariffViews = (state: State, retailer: number): RetailerTariffView[] =>
  (state.tariffs.get(retailer) ?? []).map(({ from: fromInterval, tariff }) => ({
    fromInterval,
    retailMicrosPerKwh: tariff.retail,
    feedInMicrosPerKwh: tariff.feedIn,
  }))

function customerView(state: State, one: Participant, openDefaults: number): CustomerView {
  const { account, name, status } = one
  return {
    ...{ account, name, status },
    hasConsented: state.trading.consents.has(account),
    meters: state.meters
      .filter((meter) => meter.account === account && meter.kind === 'physical')
      .map(({ meter, name: label, zone, gateway }) => ({ meter, name: label, zone, gateway })),
    devices: passkeysOf(state, account).map(deviceView),
    isDisputed: isDisputed(state, account),
    prepaidMicros: state.trading.prepaid.get(account) ?? 0n,
    duesMicros: state.trading.dues.get(account) ?? 0n,
    openDefaults,
  }
}
