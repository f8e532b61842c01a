import type { WrittenStep } from '@busbar/client'

/** What a step is worth beside the retailer's tariff, if it is what the offer is filled by. */
export type StepWorth = {
  readonly step: WrittenStep
  /** At least so much better than the tariff, for the whole window; below zero is worse. */
  readonly worthMicros: number | null
}

/**
 * A buyer's step says what it pays at most, a seller's what it takes at least: so a filled step is
 * worth that or more.
 *
 * @param energyWh of the whole window
 */
export function worthOf(
  steps: readonly WrittenStep[],
  side: 'buy' | 'sell',
  energyWh: number,
  tariff: { readonly retailMicrosPerKwh: number; readonly feedInMicrosPerKwh: number } | null,
): readonly StepWorth[] {
  return steps.map((step) => {
    if (tariff === null) return { step, worthMicros: null }
    const perKwh = side === 'buy'
      ? tariff.retailMicrosPerKwh - step.priceMicrosPerKwh
      : step.priceMicrosPerKwh - tariff.feedInMicrosPerKwh
    return { step, worthMicros: Math.floor((perKwh * energyWh) / 1_000) }
  })
}
