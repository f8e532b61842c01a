import { Fault } from '../errors/index.ts'
import { ceilDivide, floorDivide } from './division.ts'
import type { WattHours } from './watt-hours.ts'

declare const micros: unique symbol
declare const microsPerKwh: unique symbol

/** Signed money, millionths of the market's one currency: 1 micro is 1 base unit of the ERC-20. */
export type Micros = bigint & { readonly [micros]: true }

/** A price: micros for one kilowatt-hour. `250_000` is 0.25 per kWh, which is 250 per MWh. */
export type MicrosPerKwh = bigint & { readonly [microsPerKwh]: true }

const wattHoursPerKwh = 1_000n

/** An on-chain balance is an int64 lane of a packed word. */
const microsMax = 2n ** 63n - 1n

/** One million of the currency for one kilowatt-hour, either sign. */
const priceMax = 10n ** 12n

export const Micros = {
  zero: 0n as Micros,
  max: microsMax as Micros,

  from(value: bigint): Micros {
    if (value < -microsMax || value > microsMax) {
      throw new Fault('UNIT_OUT_OF_RANGE', { unit: 'micros', value })
    }
    return value as Micros
  },

  add: (a: Micros, b: Micros): Micros => Micros.from(a + b),
  subtract: (a: Micros, b: Micros): Micros => Micros.from(a - b),
  negate: (a: Micros): Micros => -a as Micros,
  max2: (a: Micros, b: Micros): Micros => (a > b ? a : b),
  min: (a: Micros, b: Micros): Micros => (a < b ? a : b),
}

export const MicrosPerKwh = {
  zero: 0n as MicrosPerKwh,
  max: priceMax as MicrosPerKwh,

  from(value: bigint): MicrosPerKwh {
    if (value < -priceMax || value > priceMax) {
      throw new Fault('UNIT_OUT_OF_RANGE', { unit: 'micros/kWh', value })
    }
    return value as MicrosPerKwh
  },

  /** What `energy` is worth at this price, rounded down (towards minus infinity). */
  valueFloor: (price: MicrosPerKwh, energy: WattHours): Micros =>
    Micros.from(floorDivide(price * energy, wattHoursPerKwh)),

  /** As `valueFloor`, rounded up. Payers pay the ceiling, payees receive the floor. */
  valueCeil: (price: MicrosPerKwh, energy: WattHours): Micros =>
    Micros.from(ceilDivide(price * energy, wattHoursPerKwh)),
}
