import { declaredCollateral } from '@busbar/client'
import type { MarketPlan, MeterPlan } from './exchange-port.ts'

/**
 * What a trader declares that the k-th order of one of its meters costs at most: the same for every
 * trader's k-th, so that the figure says nothing of the order.
 *
 * @param k how many orders of the same meter and interval came before
 * @returns micros
 */
export function paddedCollateral(
  plan: MarketPlan,
  meter: MeterPlan,
  interval: number,
  k: number,
): number {
  const { rulebook } = plan
  return declaredCollateral({ rulebook, meter, tariff: tariffOf(plan, meter, interval) }, k)
}

/** What the owner's retailer charges in an interval; companies have none. */
function tariffOf(plan: MarketPlan, { owner }: MeterPlan, interval: number) {
  const retailer = plan.participants.find(({ name }) => name === owner)?.retailer ?? null
  return (
    plan.tariffs.findLast((one) => one.retailer === retailer && one.fromInterval <= interval) ??
    null
  )
}
