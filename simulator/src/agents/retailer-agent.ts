import { intent, type Knowledge, type OrderIntent, type OrderRules } from './order-intent.ts'

/**
 * The retailer: the price maker of last resort. It sells at its retail tariff and buys at its
 * feed-in tariff whatever is asked, through a virtual meter.
 *
 * Energy that is scheduled costs it less than energy that surprises it, so it offers a part of what
 * its customers took lately below the tariff, in steps from the last wholesale price plus what the
 * grid costs. That is what gives the night a price.
 */
export type RetailerAgent = {
  readonly decide: (n: number, knowledge: Knowledge) => readonly OrderIntent[]
  /** What its customers took from and gave to the grid in the interval that ended. */
  readonly observe: (total: { readonly importWh: number; readonly exportWh: number }) => void
}

/** Parts of the customers' recent demand, and how far from the wholesale price to the tariff. */
const steps = [
  { demandShare: 0.2, towardsRetail: 0.25 },
  { demandShare: 0.2, towardsRetail: 0.5 },
  { demandShare: 0.2, towardsRetail: 0.7 },
  { demandShare: 0.2, towardsRetail: 0.85 },
]

export function createRetailerAgent(options: {
  readonly rules: OrderRules
  /** The customers' connections together, per interval: no more can ever be needed. */
  readonly importMaxWh: number
  readonly exportMaxWh: number
}): RetailerAgent {
  const { rules, importMaxWh, exportMaxWh } = options
  let demandWh = 0
  return {
    observe(total) {
      demandWh = total.importWh
    },
    decide(n, knowledge) {
      const { retailMicrosPerKwh, feedInMicrosPerKwh } = knowledge.tariff(n)
      const wholesale = knowledge.wholesaleMicrosPerKwh ?? feedInMicrosPerKwh
      const floor = Math.min(Math.max(wholesale, feedInMicrosPerKwh), retailMicrosPerKwh)
      const scheduled = steps.flatMap(({ demandShare, towardsRetail }) =>
        intent(
          'sell',
          demandWh * demandShare,
          floor + (retailMicrosPerKwh - floor) * towardsRetail,
          rules,
        ),
      )
      return [
        ...scheduled,
        ...intent('sell', importMaxWh, retailMicrosPerKwh, rules),
        ...intent('buy', exportMaxWh, feedInMicrosPerKwh, rules),
      ]
    },
  }
}
