import { WattHours } from '../units/index.ts'
import type { Allocation, AllocationInput, Cut } from './allocation.ts'
import { allocateColumns } from './allocate-columns.ts'
import type { CutColumns } from './minimum-cut.ts'
import { indexTrades, type TradeIndex } from './trade-index.ts'

/**
 * Gives the energy that meters exported and imported in one interval to their trades. What a trade
 * gets counts once for its seller and once for its buyer, and is no more than it owes. The rules
 * are at `allocationRules`, and step by step in `allocateNaive`, which gives the same slowly.
 *
 * Depends on nothing but the numbers and energies of trades and meters; their sequence does not
 * matter, and neither do trades of meters that no trade connects with these.
 *
 * @throws Fault ALLOCATION_INVALID, see `checkMeteredTrades`.
 */
export function allocate(input: AllocationInput): Allocation {
  const index = indexTrades(input)
  const { delivered, cut } = allocateColumns(index.columns, input.rule)
  const energies = new Array<WattHours>(delivered.length).fill(WattHours.zero)
  for (let row = 0; row < delivered.length; row += 1) {
    energies[index.places[row]!] = WattHours.from(BigInt(delivered[row]!))
  }
  return { delivered: energies, cut: cut === null ? null : named(cut, index, input) }
}

function named({ nodes, trades }: CutColumns, index: TradeIndex, input: AllocationInput): Cut {
  const { sellers, buyers, places } = index
  const numbers: number[] = []
  for (let row = 0; row < trades.length; row += 1) {
    if (trades[row] === 1) numbers.push(input.trades[places[row]!]!.trade)
  }
  return {
    sellers: sellers.filter((_, place) => nodes[place] === 1),
    buyers: buyers.filter((_, place) => nodes[sellers.length + place] === 1),
    trades: numbers,
  }
}
