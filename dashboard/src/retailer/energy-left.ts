import type { Declaration, MeteredEnergyLine } from '@busbar/protocols/api'

/** Where each watt-hour of a customer's meter went in one interval, and what is left to bill. */
export type MeterEnergy = {
  readonly account: number
  readonly meter: number
  readonly interval: number
  readonly importedWh: number
  readonly exportedWh: number
  /** By contract. */
  readonly soldWh: number
  readonly boughtWh: number
  /** In the auction, given out less taken in, with what the balancing authority made up of it. */
  readonly auctionWh: number
  /** The retailer's: one of the two is zero. */
  readonly leftImportWh: number
  readonly leftExportWh: number
  readonly wheelingMicros: number
  readonly isEstimated: boolean
  readonly isFinal: boolean
}

export const meterKey = (one: { readonly meter: number; readonly interval: number }): string =>
  `${one.meter}/${one.interval}`

/**
 * What a meter showed, without what it traded by contract and in the auction and what the balancing
 * authority made up. An interval counts one way: 30 Wh in and 200 Wh out are 170 Wh out.
 */
export function energyLeft(
  metered: readonly MeteredEnergyLine[],
  declared: readonly Declaration[],
): readonly MeterEnergy[] {
  const declarations = new Map(declared.map((one) => [meterKey(one), one]))
  return metered.map((line) => {
    const { account, meter, interval, importedWh, exportedWh } = line
    const declaration = declarations.get(meterKey(line))
    const { soldWh = 0, boughtWh = 0, wheelingMicros = 0 } = declaration ?? {}
    const auctionWh = declaration === undefined ? 0 : auctionOf(declaration)
    const left = exportedWh - importedWh - (soldWh - boughtWh) - auctionWh
    return {
      ...{ account, meter, interval, importedWh, exportedWh, soldWh, boughtWh, auctionWh },
      ...{ leftImportWh: Math.max(0, -left), leftExportWh: Math.max(0, left), wheelingMicros },
      isEstimated: line.assurance !== 'metered',
      isFinal: line.runKind !== 'provisional',
    }
  })
}

const auctionOf = (one: Declaration): number =>
  one.auctionSoldWh - one.auctionBoughtWh + one.imbalanceSoldWh - one.imbalanceBoughtWh
