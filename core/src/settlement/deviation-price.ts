import { ceilDivide, MicrosPerKwh } from '../units/index.ts'

const basisPoints = 10_000n

const spread = (price: MicrosPerKwh, spreadBasisPoints: number): bigint =>
  ceilDivide((price < 0n ? -price : price) * BigInt(spreadBasisPoints), basisPoints)

/**
 * What a meter pays the balancing authority for energy it is short of: the interval's price plus
 * n %. The n % are of the price's size, so a negative price too moves against who deviated.
 *
 * @example shortagePrice(-100n, 1000) // -90 micros/kWh: receives less than the market pays
 */
export const shortagePrice = (price: MicrosPerKwh, spreadBasisPoints: number): MicrosPerKwh =>
  MicrosPerKwh.from(price + spread(price, spreadBasisPoints))

/** What a meter receives from the balancing authority for energy it has over: price minus n %. */
export const surplusPrice = (price: MicrosPerKwh, spreadBasisPoints: number): MicrosPerKwh =>
  MicrosPerKwh.from(price - spread(price, spreadBasisPoints))
