import { rails } from '@busbar/core/rulebook'
import { type BuyerShortRule, buyerShortRules, sources } from '@busbar/core/trades'
import { Type, type Static } from 'typebox'
import { batchLimits } from './batch-limits.ts'
import {
  Account,
  closed,
  CommandId,
  Hash,
  InstantMs,
  IntervalNumber,
  MeterNumber,
  nullable,
  PriceMicrosPerKwh,
  SignedWord,
} from './scalars.ts'

const safe = Number.MAX_SAFE_INTEGER

const energy = (description: string, minimum = 1) =>
  Type.Integer({ minimum, maximum: 10 ** 15, description })

export const BasisPoints = Type.Integer({ minimum: 0, maximum: 1_000_000 })

export const WindowIntervals = Type.Integer({
  minimum: 1,
  maximum: 86_400,
  description: 'How many whole intervals the window has.',
})

export const RailName = Type.Enum([...rails], { description: 'How the money reaches the seller.' })

const BuyerShort = Type.Enum([...buyerShortRules] as BuyerShortRule[], {
  description: 'What a buyer pays that takes less: what it took, or what it contracted.',
})

export const ContractDigest = Type.String({
  pattern: '^0x[0-9a-f]{64}$',
  description: 'EIP-712 digest of a contract, which is its identity.',
})

export const Profile = Type.Union([
  Type.Object(
    { kind: Type.Literal('per-interval'), energyWh: energy('Watt-hours of each interval.', 0) },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal('total'),
      energyWh: energy('Watt-hours of the window.', 0),
      weights: Type.Array(Type.Integer({ minimum: 0, maximum: 1_000_000 }), {
        maxItems: 5_760,
        description: 'One for each interval, or none: then evenly.',
      }),
    },
    closed,
  ),
])

/** What both parties sign: see `ContractTerms` of the core. */
export const ContractTerms = Type.Object(
  {
    id: CommandId,
    seller: Account,
    buyer: Account,
    sellerMeter: MeterNumber,
    buyerMeter: MeterNumber,
    sellerRetailer: Account,
    buyerRetailer: Account,
    fromInterval: IntervalNumber,
    intervals: WindowIntervals,
    profile: Profile,
    priceMicrosPerKwh: PriceMicrosPerKwh,
    toleranceBasisPoints: BasisPoints,
    penaltyBasisPoints: BasisPoints,
    buyerShort: BuyerShort,
    exitFeeMicros: nullable(Type.Integer({ minimum: 0, maximum: 10 ** 15 })),
    rail: RailName,
    platform: nullable(Account),
    platformFeeMicrosPerKwh: Type.Integer({ minimum: 0, maximum: 10 ** 12 }),
    expiresAt: InstantMs,
    replaces: ContractDigest,
  },
  { ...closed, description: 'A contract between two named parties, as both sign it.' },
)

/** `Contract(bytes16 id,uint32 seller,uint32 buyer,…)`, signed by one side. */
export const SignedProposal = Type.Object(
  { id: CommandId, account: Account, terms: ContractTerms, signature: SignedWord },
  { ...closed, description: 'One side’s signature under a contract: an invitation or a change.' },
)

/** The other side’s signature under the same bytes. */
export const SignedAcceptance = Type.Object(
  { id: CommandId, account: Account, contract: ContractDigest, signature: SignedWord },
  { ...closed, description: 'The other side’s signature: over the contract’s own digest.' },
)

export const ContractsBody = Type.Object(
  { contracts: Type.Array(SignedProposal, { minItems: 1, maxItems: batchLimits.contracts }) },
  closed,
)

export const AcceptancesBody = Type.Object(
  {
    acceptances: Type.Array(SignedAcceptance, { minItems: 1, maxItems: batchLimits.acceptances }),
  },
  closed,
)

const LadderStep = Type.Object(
  {
    with: Type.Enum(['participant', 'zone', 'anyone']),
    number: nullable(Account),
    source: Type.Enum([...sources]),
    priceMicrosPerKwh: PriceMicrosPerKwh,
  },
  { ...closed, description: 'With whom, and at which price: a seller’s least, a buyer’s most.' },
)

/** What its owner signs of an offer. */
export const OfferContent = Type.Object(
  {
    meter: MeterNumber,
    side: Type.Enum(['buy', 'sell']),
    source: Type.Enum([...sources]),
    fromInterval: IntervalNumber,
    intervals: WindowIntervals,
    energyWhPerInterval: energy('Watt-hours of each interval.'),
    ladder: Type.Array(LadderStep, { minItems: 1, maxItems: 16 }),
    rails: Type.Array(RailName, { minItems: 1, maxItems: 5 }),
    toleranceBasisPoints: BasisPoints,
    penaltyBasisPoints: BasisPoints,
    expiresAt: InstantMs,
  },
  closed,
)

export const TradeNumber = Type.Integer({
  minimum: 1,
  maximum: safe,
  description: 'A trade, by number.',
})

const Reference = Type.String({ minLength: 1, maxLength: 64, description: 'Once for each.' })

const PositiveMicros = Type.Integer({ minimum: 1, maximum: safe })

const contract = Type.Object({ contract: ContractDigest }, closed)

const numbered = Type.Integer({ minimum: 1, maximum: safe })

/** The fields of each instruction about trades, by kind. */
export const tradeInstructionContents = {
  decline_trade: contract,
  withdraw_trade: contract,
  exit_trade: contract,
  place_offer: OfferContent,
  withdraw_offer: Type.Object({ offer: numbered }, closed),
  limit_delivery: Type.Object(
    {
      trade: TradeNumber,
      fromInterval: IntervalNumber,
      intervals: WindowIntervals,
      energyWh: Type.Integer({ minimum: 0, maximum: 10 ** 15 }),
      reason: Type.String({ minLength: 1, maxLength: 200 }),
    },
    closed,
  ),
  set_wheeling: Type.Object(
    { fromInterval: IntervalNumber, microsPerKwh: Type.Integer({ minimum: 0, maximum: 10 ** 12 }) },
    closed,
  ),
  assign_utility: Type.Object({ zone: Account, utility: Account }, closed),
  record_agreement: Type.Object(
    {
      // A tuple, in the words that both JSON Schema of today and that of validators have.
      retailers: Type.Unsafe<[number, number]>(
        Type.Array(Account, { minItems: 2, maxItems: 2 }),
      ),
      basis: Type.Enum(['bilateral', 'regulatory']),
      documentHash: Hash,
      fromInterval: IntervalNumber,
      untilInterval: nullable(IntervalNumber),
    },
    closed,
  ),
  consent_to_enforcement: Type.Object({ textHash: Hash }, closed),
  appeal_default: Type.Object({ default: numbered, grounds: Hash }, closed),
  decide_appeal: Type.Object({ default: numbered, upheld: Type.Boolean() }, closed),
  record_enforcement: Type.Object(
    {
      default: numbered,
      step: Type.Enum(['warning', 'fine', 'suspension', 'disconnection_notice']),
      evidence: Hash,
    },
    closed,
  ),
  record_recovery: Type.Object(
    { default: numbered, amountMicros: PositiveMicros, reference: Reference },
    closed,
  ),
  top_up_prepaid: Type.Object(
    { account: Account, amountMicros: PositiveMicros, reference: Reference },
    closed,
  ),
  postpone_payment: Type.Object({ payment: numbered }, closed),
} as const

export type ContractTerms = Static<typeof ContractTerms>
export type SignedProposal = Static<typeof SignedProposal>
export type SignedAcceptance = Static<typeof SignedAcceptance>
