import { WattHours } from '../units/index.ts'
import {
  invalid, isEnergy, isNumber, type MeterEnergy, type MeteredTrades, owedMax, tradesMax,
} from './allocation.ts'
import type { TradeColumns } from './placement.ts'

/** Metered trades as columns, and the way back. */
export type TradeIndex = {
  readonly columns: TradeColumns
  /** Where the trade of each row stands in the input. */
  readonly places: Uint32Array
  /** The numbers of the selling meters, ascending, and of the buying ones. */
  readonly sellers: readonly number[]
  readonly buyers: readonly number[]
}

/**
 * Sorts trades and meters by their numbers, and refuses what `checkMeteredTrades` refuses: at this
 * size sorted numbers are looked through much faster than sets are filled.
 *
 * @throws Fault ALLOCATION_INVALID.
 */
export function indexTrades({ sellers, buyers, trades }: MeteredTrades): TradeIndex {
  const places = inSequence(trades)
  const sold = indexMeters('sellers', sellers)
  const bought = indexMeters('buyers', buyers)
  const seller = new Uint32Array(trades.length)
  const buyer = new Uint32Array(trades.length)
  const obligation = new Float64Array(trades.length)
  for (let row = 0; row < places.length; row += 1) {
    const index = places[row]!
    const trade = trades[index]!
    if (!isEnergy(trade.energy)) throw invalid('energy', `0 to ${WattHours.max} Wh`, index)
    const energyWh = Number(trade.energy)
    seller[row] = owe(sold, 'seller', trade.seller, energyWh, index)
    buyer[row] = owe(bought, 'buyer', trade.buyer, energyWh, index)
    obligation[row] = energyWh
  }
  return {
    columns: { seller, buyer, obligation, exported: sold.energy, imported: bought.energy },
    places,
    sellers: sold.numbers,
    buyers: bought.numbers,
  }
}

/** Where the trades stand, by ascending number. */
function inSequence(trades: MeteredTrades['trades']): Uint32Array {
  if (trades.length > tradesMax) throw invalid('trades', `at most ${tradesMax}`, tradesMax)
  const places = new Uint32Array(trades.length)
  let last = -1
  let ascends = true
  for (let i = 0; i < trades.length; i += 1) {
    const { trade } = trades[i]!
    if (!isNumber(trade)) throw invalid('trade', 'a whole number from 0', i)
    places[i] = i
    ascends &&= last < trade
    last = trade
  }
  if (ascends) return places
  places.sort((a, b) => trades[a]!.trade - trades[b]!.trade)
  for (let row = 1; row < places.length; row += 1) {
    const index = places[row]!
    if (trades[index]!.trade !== trades[places[row - 1]!]!.trade) continue
    throw invalid('trade', 'once in an allocation', index)
  }
  return places
}

const energyMax = Number(WattHours.max)

type MeterIndex = {
  readonly numbers: readonly number[]
  readonly energy: Float64Array
  /** What the trades so far owe. */
  readonly owed: Float64Array
  readonly places: ReadonlyMap<number, number>
}

function indexMeters(field: 'sellers' | 'buyers', meters: readonly MeterEnergy[]): MeterIndex {
  for (const [i, { meter, energy }] of meters.entries()) {
    if (!isNumber(meter)) throw invalid(`${field}.meter`, 'a whole number from 0', i)
    if (!isEnergy(energy)) throw invalid(`${field}.energy`, `0 to ${WattHours.max} Wh`, i)
  }
  const sorted = meters.toSorted((a, b) => a.meter - b.meter)
  const places = new Map<number, number>()
  for (const { meter } of sorted) {
    if (places.has(meter)) throw invalid(`${field}.meter`, 'once on a side', places.size)
    places.set(meter, places.size)
  }
  return {
    numbers: sorted.map(({ meter }) => meter),
    energy: Float64Array.from(sorted, ({ energy }) => Number(energy)),
    owed: new Float64Array(sorted.length),
    places,
  }
}

/** Adds to what a meter owes. Returns its place. */
function owe(
  { places, owed }: MeterIndex,
  side: 'seller' | 'buyer',
  meter: number,
  energyWh: number,
  index: number,
): number {
  const place = places.get(meter)
  if (place === undefined) throw invalid(side, `a meter of the ${side}s`, index)
  // The sum of two numbers up to 10^15 is exact.
  owed[place]! += energyWh
  if (owed[place]! > energyMax) throw invalid('energy', owedMax, index)
  return place
}
