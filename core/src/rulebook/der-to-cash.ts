import type { Rulebook } from './rulebook.ts'

/**
 * A batch auction of sealed orders every five minutes, its clearing proven; deviations settled with
 * the balancing authority at the interval's price plus or minus ten per cent, money on chain at
 * once. Corrections are taken for three days: all that they may touch is kept in memory.
 */
export const derToCash: Rulebook = {
  name: 'der-to-cash',
  version: 1,
  intervalSeconds: 300,
  gateLeadSeconds: 60,
  horizonIntervals: 288,
  priceMinMicrosPerKwh: -500_000,
  priceMaxMicrosPerKwh: 1_000_000,
  priceTickMicrosPerKwh: 10,
  orderEnergyMaxWh: 100_000_000,
  ordersPerAccountMax: 16,
  reconciliation: {
    policy: 'balancing-authority',
    spreadBasisPoints: 1_000,
    overDeviationBasisPoints: 2_000,
  },
  feeMicrosPerKwh: 500,
  readingDeadlineSeconds: 120,
  finalAfterIntervals: 12,
  correctionIntervals: 864,
  orderBook: 'sealed-committee',
  revealSeconds: 0,
  bondMicros: 0,
  proof: 'required',
  proofDeadlineSeconds: 3_600,
}

/** As `derToCash`, but the exchange reads orders as they come, and clearings have no proof. */
export const openDerToCash: Rulebook = {
  ...derToCash,
  orderBook: 'open',
  proof: 'none',
  proofDeadlineSeconds: 0,
}
