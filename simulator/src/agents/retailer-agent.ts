import { intent, type Knowledge, type OrderIntent, type OrderRules } from './order-intent.ts'

/**
 * The retailer: the price maker of last resort. It sells at its retail tariff and buys at its
 * feed-in tariff whatever is asked, through a virtual meter.
 *
 * Energy that is scheduled costs it less than energy that surprises it, so below the tariff it
 * offers what it has bought ahead: a base load, as large as its customers' mean demand so far. The
 * first of it is offered at the last wholesale price and each further tenth dearer, at first slowly
 * and then steeply, as power plants are called. That gives the night a price, and the day a shape.
 */
export type RetailerAgent = {
  readonly decide: (n: number, knowledge: Knowledge) => readonly OrderIntent[]
  /** What its customers took from and gave to the grid in the interval that ended. */
  readonly observe: (total: { readonly importWh: number; readonly exportWh: number }) => void
}

/** Steps of a tenth of the base load, up to a fifth more than it. */
const stepCount = 12
const stepShare = 0.1

export function createRetailerAgent(options: {
  readonly rules: OrderRules
  /** The customers' connections together, per interval: no more can ever be needed. */
  readonly importMaxWh: number
  readonly exportMaxWh: number
}): RetailerAgent {
  const { rules, importMaxWh, exportMaxWh } = options
  let demandWh = 0
  let observed = 0
  return {
    observe(total) {
      demandWh += total.importWh
      observed += 1
    },
    decide(n, knowledge) {
      const { retailMicrosPerKwh, feedInMicrosPerKwh } = knowledge.tariff(n)
      const wholesale = knowledge.wholesaleMicrosPerKwh ?? feedInMicrosPerKwh
      const floor = Math.min(Math.max(wholesale, feedInMicrosPerKwh), retailMicrosPerKwh)
      const stepWh = observed === 0 ? 0 : (demandWh / observed) * stepShare
      const ladder = Array.from({ length: stepCount }, (_, step) => {
        const dearness = ((step + 1) / stepCount) ** 3
        return intent('sell', stepWh, floor + (retailMicrosPerKwh - floor) * dearness, rules)
      })
      return [
        ...ladder.flat(),
        ...intent('sell', importMaxWh, retailMicrosPerKwh, rules),
        ...intent('buy', exportMaxWh, feedInMicrosPerKwh, rules),
      ]
    },
  }
}
