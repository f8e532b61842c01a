import { Fault } from '@busbar/core/errors'
import { deviationsOf } from '@busbar/core/settlement'
import type { WattHours } from '@busbar/core/units'

/** All that is known of a meter's energy in one interval, watt-hours. */
export type MeterInterval = {
  readonly meter: number
  readonly interval: number
  readonly imported: WattHours
  readonly exported: WattHours
  readonly assurance: 'metered' | 'interpolated' | 'repeated' | 'absent'
  /** By contract, as proven. */
  readonly sold: WattHours
  readonly bought: WattHours
  /** In the auction, and what the balancing authority made up and took over of that. */
  readonly auctionSold: WattHours
  readonly auctionBought: WattHours
  readonly imbalanceSold: WattHours
  readonly imbalanceBought: WattHours
}

/** What is the retailer's: one of the two is zero. */
export type BilledEnergy = { readonly imported: WattHours; readonly exported: WattHours }

/**
 * What of a meter's interval is on the retailer's bill: what it exported less what it imported,
 * without its contracts, its auction and what it deviated from that, by the market's rule.
 *
 * Asserts that billed, traded and made up come to what the meter showed: no watt-hour is billed
 * that somebody else has paid for, and none is left over.
 *
 * @param overDeviationBasisPoints of the rulebook of the interval
 * @throws Fault BILLS_ENERGY_UNEXPLAINED naming meter and interval
 */
export function billedEnergy(one: MeterInterval, overDeviationBasisPoints: number): BilledEnergy {
  const { imported, exported, sold, bought, auctionSold, auctionBought } = one
  if (sold > exported) throw unexplained(one, `${sold} Wh sold, and ${exported} Wh exported`)
  if (bought > imported) throw unexplained(one, `${bought} Wh bought, and ${imported} Wh imported`)
  const scheduled = auctionSold - auctionBought
  const left = exported - sold - (imported - bought)
  const rule = deviationsOf(scheduled, left, overDeviationBasisPoints)
  const billed = { imported: rule.retailImport, exported: rule.retailExport }
  const traded = sold - bought + scheduled
  const madeUp = one.imbalanceSold - one.imbalanceBought
  const explained = billed.exported - billed.imported + traded + madeUp
  if (explained !== exported - imported) {
    const words = `${exported - imported} Wh at the meter, ${explained} Wh explained`
    throw unexplained(one, words)
  }
  return billed
}

const unexplained = ({ meter, interval }: MeterInterval, reason: string): Fault =>
  new Fault('BILLS_ENERGY_UNEXPLAINED', { meter, interval, reason })
