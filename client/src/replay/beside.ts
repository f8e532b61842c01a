import type { Reason } from '@busbar/core/settlement'

/** Lines for money that was lacking or forfeited: they depend on balances, not on the interval. */
const beside: ReadonlySet<Reason> = new Set([
  'arrears_covered', 'arrears_cover', 'arrears_repaid', 'arrears_received', 'bond_lost',
  'bond_received',
])

export const isBeside = (reason: Reason): boolean => beside.has(reason)
