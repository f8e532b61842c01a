import { worstCase } from '@busbar/core/credit'
import { connectionWattHours } from '@busbar/core/metering'
import type { RulebookDocument } from '@busbar/protocols/api'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'

/** A meter's connection, and what its retailer charges (null without one). */
export type CollateralTerms = {
  readonly rulebook: RulebookDocument
  readonly meter: {
    readonly kind: 'physical' | 'virtual'
    readonly importWattsMax: number
    readonly exportWattsMax: number
  }
  readonly tariff: {
    readonly retailMicrosPerKwh: number
    readonly feedInMicrosPerKwh: number
  } | null
}

/**
 * What to declare that a sealed order costs at most, so that the declaration says nothing of it:
 * the worst case of the largest order that the connection could carry, at the price that costs
 * most. No order with this much declared is void for lack of collateral.
 *
 * What costs too much to set aside can be declared closer to the order's own worst case; then its
 * size tells an upper bound of the order.
 *
 * @param earlier how many orders the same meter has in the interval already
 * @returns micros
 */
export function declaredCollateral(terms: CollateralTerms, earlier = 0): number {
  return worstCaseOf(terms, earlier + 1) - worstCaseOf(terms, earlier)
}

function worstCaseOf(terms: CollateralTerms, count: number): number {
  const { meter, rulebook, tariff } = terms
  const { priceMinMicrosPerKwh: min, priceMaxMicrosPerKwh: max } = rulebook
  const exposure = {
    meter: { ...unnamed, ...meter },
    tariff: tariff === null
      ? null
      : { retail: price(tariff.retailMicrosPerKwh), feedIn: price(tariff.feedInMicrosPerKwh) },
    orders: Array.from({ length: count }, () => largestOrder(terms)),
  }
  return Number(worstCase(exposure, rulebook, price(min), price(max)))
}

/** To buy at the highest price, or what is dearer to sell at the lowest, if that is more. */
function largestOrder({ meter, rulebook }: CollateralTerms) {
  const { intervalSeconds, orderEnergyMaxWh } = rulebook
  const { priceMinMicrosPerKwh: min, priceMaxMicrosPerKwh: max } = rulebook
  const watts = Math.max(meter.importWattsMax, meter.exportWattsMax)
  const connection = connectionWattHours(watts, intervalSeconds)
  const most = BigInt(orderEnergyMaxWh)
  const energy = WattHours.from(connection < most ? connection : most)
  return { side: 'buy', energy, limit: price(Math.max(max, -min)) } as const
}

/** What the worst case does not depend on. */
const unnamed = { meter: 0, name: '', account: 0, zone: 0, gateway: null, digits: 5 }

const price = (microsPerKwh: number): MicrosPerKwh => MicrosPerKwh.from(BigInt(microsPerKwh))
