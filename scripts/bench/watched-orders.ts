/** Orders that wait far ahead, so that no gate that is measured clears them. */
import { openDerToCash } from '@busbar/core/rulebook'
import { orderDigest } from '@busbar/protocols/eip712'
import { seededId } from '@busbar/simulator'
import { type RunningMarket, seed } from './server-market.ts'

export const intervalMs = openDerToCash.intervalSeconds * 1_000
export const gateLead = openDerToCash.gateLeadSeconds * 1_000
/** More gates than are closed. */
const ahead = 130

export function manyOrders({ plan, numbers }: RunningMarket, count: number) {
  const sites = plan.participants.filter(({ roles }) => roles.includes('prosumer'))
  const perAccount = openDerToCash.ordersPerAccountMax
  const first = Math.floor(plan.openAt / intervalMs) + ahead
  return Array.from({ length: count }, (_, i) => {
    const site = sites[i % sites.length]
    const name = site?.name ?? ''
    const order = {
      id: seededId(seed, `watched/${i}`),
      account: numbers.accounts.get(name) ?? -1,
      meter: numbers.meters.get(name) ?? -1,
      interval: first + Math.floor(i / sites.length / perAccount),
      ...{ side: 'buy' as const, energyWh: 1 + (i % 20), limitMicrosPerKwh: 100_000 },
    }
    return { ...order, signature: site?.key.sign(orderDigest(numbers.domain, order)) ?? '' }
  })
}
