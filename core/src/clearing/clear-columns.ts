import { assert, Fault } from '../errors/index.ts'
import { MicrosPerKwh, WattHours } from '../units/index.ts'
import { checkSideEnergy, ordersMax } from './order.ts'
import { priceOfColumns } from './price-of-columns.ts'
import { ration } from './ration.ts'

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

/** Sorts `orders`, which holds indices of orders, by ascending id in place. */
export type RankOrders = (orders: Uint32Array) => void

/** As `Clearing`, with the fill of order `i` (0 for none) in `fills[i]`. */
export type ColumnsClearing = {
  readonly priceMicrosPerKwh: number | null
  readonly energyWh: number
  readonly fills: Float64Array
}

export const sideNumbers = { buy: 0, sell: 1 } as const

/**
 * Clears one interval by the rule of `clearNaive`, in time proportional to the number of orders.
 *
 * Nothing is sorted but the orders exactly at the price, by `rank`: the price comes from
 * histograms, and who fills whole from one comparison per order.
 *
 * @throws Fault CLEARING_ORDERS_TOO_MANY, CLEARING_ORDER_INVALID or CLEARING_ENERGY_TOO_LARGE.
 */
export function clearColumns(columns: OrderColumns, rank: RankOrders): ColumnsClearing {
  const bounds = checkColumns(columns)
  const fills = new Float64Array(columns.side.length)
  const priceMicrosPerKwh = priceOfColumns(columns, bounds)
  if (priceMicrosPerKwh === null) return { priceMicrosPerKwh, energyWh: 0, fills }

  const whole = fillBetterLimits(columns, priceMicrosPerKwh, fills)
  const demandWh = whole.buyWh + whole.marginalBuyWh
  const supplyWh = whole.sellWh + whole.marginalSellWh
  const energyWh = Math.min(demandWh, supplyWh)
  if (energyWh === 0) return { priceMicrosPerKwh: null, energyWh, fills }

  const { marginalBuys, marginalSells } = whole
  if (demandWh > supplyWh) rank(marginalBuys)
  if (supplyWh > demandWh) rank(marginalSells)
  ration(columns.energy, marginalBuys, energyWh - whole.buyWh, whole.marginalBuyWh, fills)
  ration(columns.energy, marginalSells, energyWh - whole.sellWh, whole.marginalSellWh, fills)

  assertFills(columns, priceMicrosPerKwh, energyWh, fills)
  return { priceMicrosPerKwh, energyWh, fills }
}

/** What one pass over the columns tells: the range of limits, and each side's energy. */
export type ColumnBounds = {
  readonly limitMin: number
  readonly limitMax: number
  readonly buyWh: number
  readonly sellWh: number
}

const energyMax = Number(WattHours.max)
const limitMaxEver = Number(MicrosPerKwh.max)

function checkColumns({ side, energy, limit }: OrderColumns): ColumnBounds {
  const count = side.length
  assert(energy.length === count && limit.length === count, 'columns are of one length')
  if (count > ordersMax) {
    throw new Fault('CLEARING_ORDERS_TOO_MANY', { field: 'orders', limit: `at most ${ordersMax}` })
  }
  let limitMin = Infinity
  let limitMax = -Infinity
  let allWh = 0
  let sellWh = 0
  for (let i = 0; i < count; i += 1) {
    const sideNumber = side[i]!
    const energyWh = energy[i]!
    const price = limit[i]!
    if (sideNumber > 1) throw invalid('side', '0 or 1', i)
    if (!(energyWh >= 1 && energyWh <= energyMax && Math.floor(energyWh) === energyWh)) {
      throw invalid('energy', `1 to ${energyMax} Wh`, i)
    }
    if (!(price >= -limitMaxEver && price <= limitMaxEver && Math.floor(price) === price)) {
      throw invalid('limit', `${-limitMaxEver} to ${limitMaxEver} micros/kWh`, i)
    }
    if (price < limitMin) limitMin = price
    if (price > limitMax) limitMax = price
    allWh += energyWh
    sellWh += energyWh * sideNumber
  }
  // Sums of more than 2^53 are inexact here, and are still more than the limit.
  checkSideEnergy('sell', sellWh)
  checkSideEnergy('buy', allWh - sellWh)
  return { limitMin, limitMax, buyWh: allWh - sellWh, sellWh }
}

const invalid = (field: string, limit: string, order: number): Fault =>
  new Fault('CLEARING_ORDER_INVALID', { field, limit, order })

/** Fills every order whose limit is better than the price, and gathers those at the price. */
function fillBetterLimits(columns: OrderColumns, price: number, fills: Float64Array) {
  const { side, energy, limit } = columns
  const marginalBuys: number[] = []
  const marginalSells: number[] = []
  const sums = { buyWh: 0, sellWh: 0, marginalBuyWh: 0, marginalSellWh: 0 }
  for (let i = 0; i < side.length; i += 1) {
    const energyWh = energy[i]!
    if (side[i] === 0) {
      if (limit[i]! > price) {
        fills[i] = energyWh
        sums.buyWh += energyWh
      } else if (limit[i] === price) {
        marginalBuys.push(i)
        sums.marginalBuyWh += energyWh
      }
    } else if (limit[i]! < price) {
      fills[i] = energyWh
      sums.sellWh += energyWh
    } else if (limit[i] === price) {
      marginalSells.push(i)
      sums.marginalSellWh += energyWh
    }
  }
  return {
    ...sums,
    marginalBuys: Uint32Array.from(marginalBuys),
    marginalSells: Uint32Array.from(marginalSells),
  }
}

/** What must hold of every clearing (design, section 10, line 6), counted again from the result. */
function assertFills(
  { side, energy, limit }: OrderColumns,
  price: number,
  energyWh: number,
  fills: Float64Array,
): void {
  let filledWh = 0
  let soldWh = 0
  for (let i = 0; i < fills.length; i += 1) {
    const fillWh = fills[i]!
    if (fillWh === 0) continue
    assert(fillWh > 0 && fillWh <= energy[i]!, 'no fill beyond its order')
    const isSell = side[i] === 1
    const isWithin = isSell ? limit[i]! <= price : limit[i]! >= price
    assert(isWithin, 'no fill outside its limit')
    filledWh += fillWh
    if (isSell) soldWh += fillWh
  }
  assert(soldWh === energyWh, 'the energy sold is the energy cleared')
  assert(filledWh - soldWh === energyWh, 'the energy bought is the energy cleared')
}
