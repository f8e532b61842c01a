import { worstCase } from '@busbar/core/credit'
import type { Rulebook } from '@busbar/core/rulebook'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import type { MarketPlan, MeterPlan } from './exchange-port.ts'

/**
 * What a trader declares that its order can cost at most, so that the declaration says nothing of
 * the order: the worst case of the largest order its connection could carry, at the price that costs
 * most. The first order of a meter in an interval carries the connection itself; each further one
 * what it adds to that. No order with this much set aside can be void for lack of collateral.
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
  return worstCaseOf(plan, meter, interval, k + 1) - worstCaseOf(plan, meter, interval, k)
}

function worstCaseOf(plan: MarketPlan, meter: MeterPlan, interval: number, count: number): number {
  const { rulebook } = plan
  const orders = Array.from({ length: count }, () => largestOrder(meter, rulebook))
  const exposure = {
    meter: { ...meter, meter: 0, account: 0, zone: 0, gateway: null },
    tariff: tariffOf(plan, meter, interval),
    orders,
  }
  const { priceMinMicrosPerKwh: min, priceMaxMicrosPerKwh: max } = rulebook
  const prices = [price(min), price(max)] as const
  return Number(worstCase(exposure, rulebook, ...prices))
}

/** To buy at the highest price, or what is dearer to sell at the lowest, if that is more. */
function largestOrder(meter: MeterPlan, rulebook: Rulebook) {
  const { intervalSeconds, orderEnergyMaxWh } = rulebook
  const watts = Math.max(meter.importWattsMax, meter.exportWattsMax)
  const connectionWh = Math.ceil((watts * intervalSeconds) / 3_600)
  const energy = WattHours.from(BigInt(Math.min(connectionWh, orderEnergyMaxWh)))
  const { priceMinMicrosPerKwh: min, priceMaxMicrosPerKwh: max } = rulebook
  return { side: 'buy', energy, limit: price(Math.max(max, -min)) } as const
}

/** What the owner's retailer charges in an interval; companies have none. */
function tariffOf(plan: MarketPlan, { owner }: MeterPlan, interval: number) {
  const retailer = plan.participants.find(({ name }) => name === owner)?.retailer ?? null
  const tariff = plan.tariffs.findLast(
    (one) => one.retailer === retailer && one.fromInterval <= interval,
  )
  if (tariff === undefined) return null
  const { retailMicrosPerKwh: retail, feedInMicrosPerKwh: feedIn } = tariff
  return { retail: price(retail), feedIn: price(feedIn) }
}

const price = (microsPerKwh: number): MicrosPerKwh => MicrosPerKwh.from(BigInt(microsPerKwh))
