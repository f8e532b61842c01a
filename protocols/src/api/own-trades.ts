import { Type, type Static } from 'typebox'
import {
  Address,
  closed,
  EnergyWh,
  nullable,
  PriceMicrosPerKwh,
  Side,
  SignedWord,
} from './scalars.ts'
import { DeliveryLimit, PaymentView } from './trade-views.ts'
import { ContractDigest, ContractTerms, TradeNumber } from './trades.ts'

export const TariffOfSide = Type.Object(
  { retailMicrosPerKwh: PriceMicrosPerKwh, feedInMicrosPerKwh: PriceMicrosPerKwh },
  closed,
)

const OwnDelivery = Type.Object(
  {
    result: Type.Enum(['complete', 'partial', 'failed']),
    deliveredWh: EnergyWh,
    sellerShortWh: EnergyWh,
    buyerShortWh: EnergyWh,
    undeliveredBySellerWh: EnergyWh,
    sellerTariff: nullable(TariffOfSide),
    buyerTariff: nullable(TariffOfSide),
    isEstimated: Type.Boolean(),
  },
  {
    ...closed,
    description:
      'By the last run. Of what is missing, `undeliveredBySellerWh` is the seller’s part and the ' +
      'rest the buyer’s; what that costs is reckoned by the tariffs of both sides’ retailers.',
  },
)

/** A contract of the account in one interval: with it and its delivery, its money follows. */
export const OwnTrade = Type.Object(
  {
    trade: TradeNumber,
    side: Side,
    contract: ContractDigest,
    terms: ContractTerms,
    sellerSignature: SignedWord,
    buyerSignature: SignedWord,
    sellerAddress: nullable(Address),
    buyerAddress: nullable(Address),
    contractedWh: EnergyWh,
    limit: nullable(DeliveryLimit),
    obligedWh: EnergyWh,
    delivery: nullable(OwnDelivery),
    payments: Type.Array(PaymentView, {
      description:
        'On the trade’s rail, where that is outside of the ledger: what was set aside for the ' +
        'interval, and what was first asked for once it was booked.',
    }),
  },
  {
    ...closed,
    description:
      'The version in force, as both sides have signed it. The addresses are of the keys that ' +
      'signed: a side may have replaced its own since. Null for a passkey, which names itself.',
  },
)

export type OwnTrade = Static<typeof OwnTrade>
