import type { AllocationRule } from './allocation.ts'
import { moveToMaximum } from './max-flow.ts'
import { type CutColumns, minimumCut } from './minimum-cut.ts'
import {
  assertPlaced, emptyPlacement, type Placement, placeInTurn, type TradeColumns,
} from './placement.ts'
import { placeProportionally, placeProRata } from './pro-rata.ts'

/** As `Allocation`: what trade `i` gets is in `delivered[i]`. */
export type ColumnsAllocation = {
  readonly delivered: Float64Array
  readonly cut: CutColumns | null
}

const placedBy: Readonly<Record<AllocationRule, (placement: Placement) => void>> = {
  'pro-rata': placeProRata,
  'maximal-proportional': placeProportionally,
  'max-flow': (placement) => {
    placeProportionally(placement)
    moveToMaximum(placement)
  },
  fifo: placeInTurn,
}

/**
 * Gives the energy of meters to their trades by the rule of `allocateNaive`.
 *
 * @throws Fault ALLOCATION_INVALID.
 */
export function allocateColumns(columns: TradeColumns, rule: AllocationRule): ColumnsAllocation {
  const placement = emptyPlacement(columns)
  placedBy[rule](placement)
  assertPlaced(placement)
  const { delivered } = placement
  return { delivered, cut: rule === 'max-flow' ? minimumCut(placement) : null }
}
