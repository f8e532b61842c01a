import { assert } from '../errors/index.ts'
import { WattHours } from '../units/index.ts'
import { invalid, owedMax, tradesMax } from './allocation.ts'

/**
 * The trades of one interval as columns, by ascending trade number, and the energy of their meters,
 * by ascending meter number. All numbers are integers from 0 to 10^15.
 */
export type TradeColumns = {
  /** The place of the trade's meter in `exported`. */
  readonly seller: Uint32Array
  /** The place of the trade's meter in `imported`. */
  readonly buyer: Uint32Array
  /** What each trade owes, in watt-hours. */
  readonly obligation: Float64Array
  /** What each selling meter has for its trades, in watt-hours. */
  readonly exported: Float64Array
  /** What each buying meter has for its trades, in watt-hours. */
  readonly imported: Float64Array
}

/** What was given to the trades so far, and what is left of the meters. */
export type Placement = {
  readonly columns: TradeColumns
  readonly delivered: Float64Array
  /** Of the sellers, and of the buyers behind them: a meter's place here is called its node. */
  readonly left: Float64Array
}

const energyMax = Number(WattHours.max)

/**
 * Nothing is placed yet.
 *
 * @throws Fault ALLOCATION_INVALID for columns that are no trades.
 */
export function emptyPlacement(columns: TradeColumns): Placement {
  const { exported, imported, obligation } = columns
  checkColumns(columns)
  const left = new Float64Array(exported.length + imported.length)
  left.set(exported)
  left.set(imported, exported.length)
  return { columns, delivered: new Float64Array(obligation.length), left }
}

/** Each trade in turn takes what both of its meters have left. */
export function placeInTurn({ columns, delivered, left }: Placement): void {
  const { seller, buyer, obligation, exported } = columns
  const sellers = exported.length
  for (let row = 0; row < delivered.length; row += 1) {
    const from = seller[row]!
    const to = sellers + buyer[row]!
    const placed = Math.min(obligation[row]! - delivered[row]!, left[from]!, left[to]!)
    delivered[row] = delivered[row]! + placed
    left[from] = left[from]! - placed
    left[to] = left[to]! - placed
  }
}

/** What must hold of every placement, counted again from what the trades were given. */
export function assertPlaced({ columns, delivered }: Placement): void {
  const { seller, buyer, obligation, exported, imported } = columns
  const sold = new Float64Array(exported.length)
  const bought = new Float64Array(imported.length)
  let good = true
  for (let row = 0; row < delivered.length; row += 1) {
    const placed = delivered[row]!
    good &&= placed >= 0 && placed <= obligation[row]! && Math.floor(placed) === placed
    sold[seller[row]!]! += placed
    bought[buyer[row]!]! += placed
  }
  assert(good, 'no trade gets more than it owes')
  assert(sold.every((energy, i) => energy <= exported[i]!), 'no meter delivers more than it has')
  assert(bought.every((energy, i) => energy <= imported[i]!), 'no meter receives more than it has')
}

function checkColumns({ seller, buyer, obligation, exported, imported }: TradeColumns): void {
  const areOfOneLength = seller.length === obligation.length && buyer.length === obligation.length
  assert(areOfOneLength, 'columns are of one length')
  if (obligation.length > tradesMax) throw invalid('trades', `at most ${tradesMax}`, tradesMax)
  checkEnergies('exported', exported)
  checkEnergies('imported', imported)
  checkEnergies('obligation', obligation)
  checkOwed('seller', seller, obligation, exported.length)
  checkOwed('buyer', buyer, obligation, imported.length)
}

function checkEnergies(field: string, energies: Float64Array): void {
  for (let i = 0; i < energies.length; i += 1) {
    const energy = energies[i]!
    // NaN is none of it.
    if (energy >= 0 && energy <= energyMax && Math.floor(energy) === energy) continue
    throw invalid(field, `0 to ${energyMax} Wh`, i)
  }
}

/** Every row names a meter, and no meter owes more than an energy can be. */
function checkOwed(
  field: string,
  meters: Uint32Array,
  obligation: Float64Array,
  count: number,
): void {
  const owed = new Float64Array(count)
  for (let row = 0; row < meters.length; row += 1) {
    const meter = meters[row]!
    if (meter >= count) throw invalid(field, `a place below ${count}`, row)
    // The sum of two numbers up to 10^15 is exact.
    const sum = owed[meter]! + obligation[row]!
    if (sum > energyMax) throw invalid('obligation', owedMax, row)
    owed[meter] = sum
  }
}
