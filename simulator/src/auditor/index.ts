export * from './auditor.ts'
export * from './lying-meters.ts'
export type { Energy } from './metered-energy.ts'
export * from './observations.ts'
