import { orderBooks, proofPolicies, rulebookBounds } from '@busbar/core/rulebook'
import { Type, type Static } from 'typebox'
import { closed, Name } from './scalars.ts'

const bounded = (field: keyof typeof rulebookBounds) => {
  const { min, max, means } = rulebookBounds[field]
  return Type.Integer({ minimum: min, maximum: max, description: means })
}

/** The rules of one market, with the limits of the core's own schema. */
export const RulebookDocument = Type.Object(
  {
    name: Name,
    version: bounded('version'),
    intervalSeconds: bounded('intervalSeconds'),
    gateLeadSeconds: bounded('gateLeadSeconds'),
    horizonIntervals: bounded('horizonIntervals'),
    priceMinMicrosPerKwh: bounded('priceMinMicrosPerKwh'),
    priceMaxMicrosPerKwh: bounded('priceMaxMicrosPerKwh'),
    priceTickMicrosPerKwh: bounded('priceTickMicrosPerKwh'),
    orderEnergyMaxWh: bounded('orderEnergyMaxWh'),
    ordersPerAccountMax: bounded('ordersPerAccountMax'),
    reconciliation: Type.Object(
      {
        policy: Type.Literal('balancing-authority'),
        spreadBasisPoints: bounded('spreadBasisPoints'),
        overDeviationBasisPoints: bounded('overDeviationBasisPoints'),
      },
      closed,
    ),
    feeMicrosPerKwh: bounded('feeMicrosPerKwh'),
    readingDeadlineSeconds: bounded('readingDeadlineSeconds'),
    finalAfterIntervals: bounded('finalAfterIntervals'),
    correctionIntervals: bounded('correctionIntervals'),
    orderBook: Type.Enum([...orderBooks]),
    revealSeconds: bounded('revealSeconds'),
    bondMicros: bounded('bondMicros'),
    proof: Type.Enum([...proofPolicies]),
    proofDeadlineSeconds: bounded('proofDeadlineSeconds'),
  },
  closed,
)

export type RulebookDocument = Static<typeof RulebookDocument>
