import { orderBooks } from '@busbar/core/rulebook'
import { Type, type Static } from 'typebox'
import {
  closed,
  Count,
  EnergyWh,
  FieldElement,
  Hash,
  InstantMs,
  IntervalNumber,
  nullable,
  PriceMicrosPerKwh,
  RunNumber,
  SignedEnergyWh,
  TransactionHash,
  ZoneNumber,
} from './scalars.ts'

/** One transaction of the outbox and how far it has come. `txHash` is null until it is signed. */
export const ChainTransaction = Type.Object(
  {
    description: Type.String(),
    status: Type.Enum(['queued', 'signed', 'sent', 'mined', 'final', 'failed']),
    txHash: nullable(TransactionHash),
    blockNumber: nullable(Count),
    gasUsed: nullable(Count),
  },
  closed,
)

export const RunKindName = Type.Enum(['provisional', 'final', 'resettled'])

/** Every watt-hour stands once on each side: `unexplainedWh` is 0. */
export const EnergyBalance = Type.Object(
  {
    injectedWh: SignedEnergyWh,
    importedWh: SignedEnergyWh,
    imbalanceBoughtWh: SignedEnergyWh,
    tradeBoughtWh: SignedEnergyWh,
    tradeSoldWh: SignedEnergyWh,
    consumedWh: SignedEnergyWh,
    exportedWh: SignedEnergyWh,
    imbalanceSoldWh: SignedEnergyWh,
    unexplainedWh: SignedEnergyWh,
  },
  closed,
)

/** One settlement run, as the public sees it: no accounts, no meters. */
export const PublicRun = Type.Object(
  {
    run: RunNumber,
    kind: RunKindName,
    atMs: InstantMs,
    energy: EnergyBalance,
    accountCount: Type.Integer({ minimum: 0, description: 'Accounts whose money moved.' }),
    estimatedMeterCount: Type.Integer({ minimum: 0 }),
    readingsRoot: nullable(Hash),
    postingsRoot: nullable(Hash),
    transactions: Type.Array(ChainTransaction),
  },
  closed,
)

export const IntervalStatus = Type.Enum(['open', 'fixed', 'cleared', 'provisional', 'final'])

/** From the best to the worst that may be said of the proof of a clearing. */
export const proofStates = ['proven', 'none', 'awaited', 'overdue', 'faulty'] as const

const CurveStep = Type.Object(
  {
    energyWh: Type.Integer({ minimum: 1 }),
    meanMicrosPerKwh: PriceMicrosPerKwh,
  },
  closed,
)

const curveHint =
  'By falling keenness: energy that changed hands, and the mean limit of its orders. A step ' +
  'tells of three accounts or more, none of them with more than half of it; null where a side ' +
  'is too small for that. What is missing to the energy traded lies between the last step and ' +
  'the price. What was not filled is in neither.'

export const AuctionCurves = Type.Object(
  {
    buy: nullable(Type.Array(CurveStep, { description: curveHint })),
    sell: nullable(Type.Array(CurveStep, { description: curveHint })),
  },
  closed,
)

export const PublicInterval = Type.Object(
  {
    zone: ZoneNumber,
    interval: IntervalNumber,
    gateMs: InstantMs,
    startMs: InstantMs,
    endMs: InstantMs,
    status: IntervalStatus,
    priceMicrosPerKwh: nullable(PriceMicrosPerKwh),
    energyWh: EnergyWh,
    curves: nullable(AuctionCurves),
    orderBook: Type.Enum([...orderBooks]),
    orderCount: Type.Integer({ minimum: 0, description: 'Void orders included.' }),
    voidCount: Count,
    rulebookHash: Hash,
    ordersRoot: nullable(Hash),
    fillsRoot: nullable(FieldElement),
    clearingRoot: nullable(Hash),
    proof: Type.Object(
      {
        state: Type.Enum([...proofStates]),
        reference: nullable(
          Type.String({ description: 'The transaction by which the chain says so, or why.' }),
        ),
        transaction: nullable(ChainTransaction),
      },
      closed,
    ),
    commitment: nullable(ChainTransaction),
    runs: Type.Array(PublicRun),
  },
  closed,
)

export const Intervals = Type.Object(
  {
    intervals: Type.Array(PublicInterval),
    nextFrom: nullable(IntervalNumber),
  },
  closed,
)

/** That a leaf is in a tree of RFC 6962 shape over keccak-256, and where its root stands. */
export const InclusionProof = Type.Object(
  {
    root: Hash,
    leaf: Type.String({ description: 'keccak256(0x00 ‖ data).', pattern: '^0x[0-9a-f]{64}$' }),
    data: Type.String({ description: 'What the leaf commits to.', pattern: '^0x([0-9a-f]{2})*$' }),
    index: Count,
    count: Type.Integer({ minimum: 1, description: 'Leaves of the tree.' }),
    path: Type.Array(Hash, { description: 'Siblings from the leaf to the root.' }),
    committedIn: nullable(TransactionHash),
  },
  closed,
)

export type ChainTransaction = Static<typeof ChainTransaction>
export type EnergyBalance = Static<typeof EnergyBalance>
export type PublicRun = Static<typeof PublicRun>
export type PublicInterval = Static<typeof PublicInterval>
export type Intervals = Static<typeof Intervals>
export type InclusionProof = Static<typeof InclusionProof>
