import {
  allocationRules,
  fourEyesBounds,
  ladderBounds,
  orderBooks,
  proofPolicies,
  rails,
  reconciliationPolicies,
  rulebookBounds,
  tradeBounds,
  type TradeRules as Rules,
} from '@busbar/core/rulebook'
import { Type, type Static } from 'typebox'
import { closed, Name } from './scalars.ts'

type Bound = { readonly min: number; readonly max: number; readonly means: string }

const integer = ({ min, max, means }: Bound) =>
  Type.Integer({ minimum: min, maximum: max, description: means })

const bounded = (field: keyof typeof rulebookBounds) => integer(rulebookBounds[field])

const trade = (field: keyof typeof tradeBounds) => integer(tradeBounds[field])

const ladder = (field: keyof typeof ladderBounds) => integer(ladderBounds[field])

const TradeRules = Type.Unsafe<Rules>(Type.Object(
  {
    horizonIntervals: trade('horizonIntervals'),
    allocation: Type.Enum([...allocationRules]),
    toleranceBasisPointsMax: trade('toleranceBasisPointsMax'),
    penaltyBasisPointsMin: trade('penaltyBasisPointsMin'),
    penaltyBasisPointsMax: trade('penaltyBasisPointsMax'),
    feeMicrosPerKwh: trade('feeMicrosPerKwh'),
    modificationMicros: trade('modificationMicros'),
    keyDelaySeconds: trade('keyDelaySeconds'),
    reserveAheadIntervals: trade('reserveAheadIntervals'),
    collectionIntervals: trade('collectionIntervals'),
    verificationIntervals: trade('verificationIntervals'),
    paymentTermSeconds: trade('paymentTermSeconds'),
    postponementsMax: trade('postponementsMax'),
    postponementMicros: trade('postponementMicros'),
    tradesPerAccountMax: trade('tradesPerAccountMax'),
    offersPerAccountMax: trade('offersPerAccountMax'),
    rails: Type.Array(Type.Enum([...rails]), { minItems: 1, maxItems: rails.length }),
    enforcement: Type.Object(
      {
        warningSeconds: ladder('warningSeconds'),
        fineSeconds: ladder('fineSeconds'),
        suspensionSeconds: ladder('suspensionSeconds'),
        fineMicros: ladder('fineMicros'),
      },
      closed,
    ),
  },
  { ...closed, description: 'Contracts between named parties; without it there are none.' },
))

const FourEyes = Type.Object(
  { deadlineSeconds: integer(fourEyesBounds.deadlineSeconds) },
  { ...closed, description: 'What moves money or rules takes two people; without it one.' },
)

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
        policy: Type.Enum([...reconciliationPolicies]),
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
    trades: Type.Optional(TradeRules),
    fourEyes: Type.Optional(FourEyes),
  },
  closed,
)

export type RulebookDocument = Static<typeof RulebookDocument>
