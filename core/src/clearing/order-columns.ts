import { assert, Fault } from '../errors/index.ts'
import { MicrosPerKwh, WattHours } from '../units/index.ts'
import { ordersMax } from './order.ts'

/**
 * The orders of one auction as columns; order `i` is entry `i` of each. All numbers are integers.
 *
 * Every sum is exact: a side adds up to 10^15 Wh at most, both to less than 2^53.
 */
export type OrderColumns = {
  /** 0 buy, 1 sell. */
  readonly side: Uint8Array
  /** Watt-hours, 1 to 10^15. */
  readonly energy: Float64Array
  /** Micros per kWh, −10^12 to 10^12. */
  readonly limit: Float64Array
}

export const sideNumbers = { buy: 0, sell: 1 } as const

/** Some 70 kB of columns: what one loop has read, the next finds in the processor's cache. */
export const chunkLength = 4_096

const energyMax = Number(WattHours.max)
const limitMaxEver = Number(MicrosPerKwh.max)

/** @throws Fault CLEARING_ORDERS_TOO_MANY. */
export function checkLengths({ side, energy, limit }: OrderColumns): void {
  const areOfOneLength = energy.length === side.length && limit.length === side.length
  assert(areOfOneLength, 'columns are of one length')
  if (side.length <= ordersMax) return
  throw new Fault('CLEARING_ORDERS_TOO_MANY', { field: 'orders', limit: `at most ${ordersMax}` })
}

// The loops below only notice that an entry is bad, as cheaply as they can, and `refuse` looks for
// it: a call or a throw inside a loop, even one that never runs, makes it four times slower.

/**
 * The lowest and the highest limit of the orders `from` up to `to`.
 *
 * @throws Fault CLEARING_ORDER_INVALID for a limit that is none.
 */
export function rangeOfLimits(limit: Float64Array, from: number, to: number) {
  let lowest = Infinity
  let highest = -Infinity
  let i = from
  for (; i < to; i += 1) {
    const price = limit[i]!
    // NaN is not its own floor.
    if (Math.floor(price) !== price) break
    if (price < lowest) lowest = price
    if (price > highest) highest = price
  }
  if (i < to || lowest < -limitMaxEver || highest > limitMaxEver) {
    refuse('limit', `${-limitMaxEver} to ${limitMaxEver} micros/kWh`, limit, isLimit, from, to)
  }
  return { lowest, highest }
}

/**
 * What the orders `from` up to `to` want and offer.
 *
 * @throws Fault CLEARING_ORDER_INVALID for an energy or a side that is none.
 */
export function energyOfSides({ side, energy }: OrderColumns, from: number, to: number) {
  let allWh = 0
  let sellWh = 0
  let sides = 0
  let i = from
  for (; i < to; i += 1) {
    const energyWh = energy[i]!
    const isSell = side[i]!
    if (energyWh < 1 || Math.floor(energyWh) !== energyWh) break
    sides |= isSell
    allWh += energyWh
    sellWh += energyWh * isSell
  }
  if (sides > 1) refuse('side', '0 or 1', side, (value) => value <= 1, from, to)
  // Only if all of them together are more than one may be, one of them can be.
  if (i < to || allWh > energyMax) {
    refuse('energy', `1 to ${energyMax} Wh`, energy, isEnergy, from, to)
  }
  return { buyWh: allWh - sellWh, sellWh }
}

const isLimit = (value: number): boolean =>
  Number.isInteger(value) && Math.abs(value) <= limitMaxEver

const isEnergy = (value: number): boolean =>
  Number.isInteger(value) && value >= 1 && value <= energyMax

/**
 * @throws Fault CLEARING_ORDER_INVALID for the first order `from` up to `to` that is bad, if any.
 */
function refuse(
  field: string,
  limit: string,
  column: Uint8Array | Float64Array,
  isGood: (value: number) => boolean,
  from: number,
  to: number,
): void {
  for (let order = from; order < to; order += 1) {
    if (isGood(column[order]!)) continue
    throw new Fault('CLEARING_ORDER_INVALID', { field, limit, order })
  }
}
