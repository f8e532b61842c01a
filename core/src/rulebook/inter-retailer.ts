import { openDerToCash } from './der-to-cash.ts'
import type { Rulebook } from './rulebook.ts'

/**
 * Contracts between customers of different retailers, in quarter-hours and up to sixty days ahead;
 * deviations cost who deviated, within ten per cent no penalty, and the rest is the retailer's, on
 * its bill. The auction stands beside them, with an open book.
 */
export const interRetailer: Rulebook = {
  ...openDerToCash,
  name: 'inter-retailer',
  intervalSeconds: 900,
  gateLeadSeconds: 300,
  horizonIntervals: 96,
  priceMaxMicrosPerKwh: 10_000_000,
  reconciliation: {
    policy: 'retailer-bill',
    spreadBasisPoints: 1_000,
    overDeviationBasisPoints: 2_000,
  },
  readingDeadlineSeconds: 3_600,
  finalAfterIntervals: 96,
  correctionIntervals: 480,
  trades: {
    horizonIntervals: 5_760,
    allocation: 'maximal-proportional',
    toleranceBasisPointsMax: 1_000,
    penaltyBasisPointsMin: 0,
    penaltyBasisPointsMax: 5_000,
    feeMicrosPerKwh: 500,
    modificationMicros: 50_000,
    keyDelaySeconds: 86_400,
    reserveAheadIntervals: 96,
    collectionIntervals: 96,
    verificationIntervals: 16,
    paymentTermSeconds: 604_800,
    postponementsMax: 1,
    postponementMicros: 100_000,
    tradesPerAccountMax: 256,
    offersPerAccountMax: 32,
    rails: ['clearing-house', 'money-block', 'prepaid', 'bill-seller', 'bill-platform'],
    enforcement: {
      warningSeconds: 259_200,
      fineSeconds: 604_800,
      suspensionSeconds: 1_209_600,
      fineMicros: 5_000_000,
    },
  },
}
