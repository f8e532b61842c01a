import { floorDivide, WattHours } from '../units/index.ts'

/** How a meter's energy differs from its contract. Quantities in watt-hours, never negative. */
export type Deviations = {
  readonly overProduction: WattHours
  readonly underProduction: WattHours
  readonly overConsumption: WattHours
  readonly underConsumption: WattHours
  /** Never scheduled: the retailer's, at its tariff. */
  readonly retailImport: WattHours
  readonly retailExport: WattHours
}

const none: Deviations = {
  overProduction: WattHours.zero,
  underProduction: WattHours.zero,
  overConsumption: WattHours.zero,
  underConsumption: WattHours.zero,
  retailImport: WattHours.zero,
  retailExport: WattHours.zero,
}

/**
 * Splits what a meter did into its contract and the four cases of deviating from it.
 *
 * `scheduled` is sold minus bought, `metered` exported minus imported. Only what was scheduled can
 * be missed, and it can be exceeded by `overDeviationBasisPoints` of it: energy beyond that, energy
 * of the other direction, and all energy of a meter without contract, was never scheduled and
 * belongs to the retailer.
 *
 * ```text
 *   scheduled +5, metered +8   over-production 3  (with 20 % of 5: 1, and 2 exported at the tariff)
 *   scheduled +5, metered −2   under-production 5, and 2 imported at the retailer's tariff
 *   scheduled −5, metered −8   over-consumption 3
 *   scheduled −5, metered −1   under-consumption 4
 *   scheduled  0, metered +4   4 exported at the retailer's tariff
 * ```
 */
export function deviationsOf(
  scheduled: bigint,
  metered: bigint,
  overDeviationBasisPoints: number,
): Deviations {
  const deliveredOut = metered > 0n ? metered : 0n
  const takenIn = metered < 0n ? -metered : 0n
  if (scheduled > 0n) {
    if (deliveredOut >= scheduled) {
      const [balanced, beyond] = exceeding(scheduled, deliveredOut, overDeviationBasisPoints)
      return { ...none, overProduction: balanced, retailExport: beyond }
    }
    const underProduction = WattHours.from(scheduled - deliveredOut)
    return { ...none, underProduction, retailImport: WattHours.from(takenIn) }
  }
  if (scheduled < 0n) {
    const bought = -scheduled
    if (takenIn >= bought) {
      const [balanced, beyond] = exceeding(bought, takenIn, overDeviationBasisPoints)
      return { ...none, overConsumption: balanced, retailImport: beyond }
    }
    const underConsumption = WattHours.from(bought - takenIn)
    return { ...none, underConsumption, retailExport: WattHours.from(deliveredOut) }
  }
  return {
    ...none,
    retailImport: WattHours.from(takenIn),
    retailExport: WattHours.from(deliveredOut),
  }
}

/** What a contract was exceeded by: the part that the balancing authority prices, and the rest. */
function exceeding(
  contract: bigint,
  metered: bigint,
  basisPoints: number,
): readonly [balanced: WattHours, beyond: WattHours] {
  const over = WattHours.from(metered - contract)
  const most = floorDivide(contract * BigInt(basisPoints), 10_000n)
  const balanced = WattHours.from(over < most ? over : most)
  return [balanced, WattHours.subtract(over, balanced)]
}
