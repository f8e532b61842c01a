export { allocate } from './allocate.ts'
export { allocateColumns, type ColumnsAllocation } from './allocate-columns.ts'
export { allocateNaive, shortagesNaive } from './allocate-naive.ts'
export {
  type Allocation,
  type AllocationInput,
  type AllocationRule,
  allocationRules,
  assertDelivered,
  checkMeteredTrades,
  type Cut,
  type MeterEnergy,
  type MeteredTrades,
  type Obligation,
  tradesMax,
} from './allocation.ts'
export * from './energy.ts'
export * from './intake.ts'
export { checkCut, type CutColumns, type CutFlaw } from './minimum-cut.ts'
export type { TradeColumns } from './placement.ts'
export * from './registers.ts'
export * from './shortages.ts'
