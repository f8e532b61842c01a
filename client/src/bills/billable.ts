import { Fault } from '@busbar/core/errors'
import { MicrosPerKwh, type Micros, WattHours } from '@busbar/core/units'
import type { Declaration, MeteredEnergyLine } from '@busbar/protocols/api'
import type { MeterInterval } from './energy.ts'

/** What one utility charges for a meter's contracts in one interval. */
export type WheelingCharge = {
  readonly utility: number
  readonly price: MicrosPerKwh
  readonly sold: Micros
  readonly bought: Micros
}

/** One interval of one meter, of which all is final. */
export type BillableInterval = MeterInterval & {
  readonly account: number
  readonly wheeling: WheelingCharge | null
}

/** What a meter traded by contract in an interval, watt-hours. */
export type TradedInterval = { readonly soldWh: bigint; readonly boughtWh: bigint }

/**
 * An interval that can be billed, from what the exchange says of it.
 *
 * @param shown by contract, as it is proven; as it is declared where nothing is
 * @throws Fault BILLS_ENERGY_MISSING where it is not final; BILLS_PROOF_INVALID for a declaration
 * that contradicts what is proven, or itself
 */
export function billableOf(
  energy: MeteredEnergyLine,
  declared: Declaration | undefined,
  shown: TradedInterval = declaredIn(declared),
): BillableInterval {
  const { account, meter, interval } = energy
  for (const run of [energy.runKind, declared?.runKind]) {
    if (run === 'provisional') throw missing(meter, interval, 'its final run')
  }
  const { soldWh, boughtWh } = shown
  const said = declaredIn(declared)
  if (soldWh !== said.soldWh || boughtWh !== said.boughtWh) {
    const words = `${said.soldWh} Wh sold and ${said.boughtWh} Wh bought`
    const reason = `${words} declared, ${soldWh} and ${boughtWh} proven`
    throw new Fault('BILLS_PROOF_INVALID', { meter, interval, reason })
  }
  const wh = (value: number): WattHours => WattHours.from(BigInt(value))
  return {
    ...{ meter, account, interval, assurance: energy.assurance },
    imported: wh(energy.importedWh),
    exported: wh(energy.exportedWh),
    sold: WattHours.from(soldWh),
    bought: WattHours.from(boughtWh),
    auctionSold: wh(declared?.auctionSoldWh ?? 0),
    auctionBought: wh(declared?.auctionBoughtWh ?? 0),
    imbalanceSold: wh(declared?.imbalanceSoldWh ?? 0),
    imbalanceBought: wh(declared?.imbalanceBoughtWh ?? 0),
    wheeling: wheelingOf(declared),
  }
}

const declaredIn = (declared: Declaration | undefined): TradedInterval => ({
  soldWh: BigInt(declared?.soldWh ?? 0),
  boughtWh: BigInt(declared?.boughtWh ?? 0),
})

/**
 * What the utility charges this side, by what it delivered and by what it took. The exchange's
 * amount is for both together and is checked: it is their ceiling, so the side that took pays what
 * rounding makes more.
 */
function wheelingOf(declared: Declaration | undefined): WheelingCharge | null {
  if (declared === undefined || declared.utility === null) return null
  const { meter, interval, utility, wheelingMicrosPerKwh, wheelingMicros } = declared
  if (wheelingMicrosPerKwh === null || wheelingMicrosPerKwh === 0) return null
  const price = MicrosPerKwh.from(BigInt(wheelingMicrosPerKwh))
  const [sold, bought] = [declared.soldWh, declared.boughtWh].map(BigInt) as [bigint, bigint]
  if (sold + bought === 0n) return null
  const whole = MicrosPerKwh.valueCeil(price, WattHours.from(sold + bought))
  if (whole !== BigInt(wheelingMicros)) {
    const reason = `${wheelingMicros} micros for wheeling declared, ${whole} by its rate`
    throw new Fault('BILLS_PROOF_INVALID', { meter, interval, reason })
  }
  const forSold =
    bought === 0n ? whole : MicrosPerKwh.valueFloor(price, WattHours.from(sold))
  return { utility, price, sold: forSold, bought: (whole - forSold) as Micros }
}

export const missing = (meter: number, interval: number, what: string): Fault =>
  new Fault('BILLS_ENERGY_MISSING', { meter, interval, reason: `${what} is missing` })
