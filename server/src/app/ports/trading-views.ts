import type { Default, EnforcementStep, RetailerAgreement } from '@busbar/core/credit'
import type { MeteredEnergy } from '@busbar/core/metering'
import type { Netting, Payment, PaymentState } from '@busbar/core/payments'
import type { RunKind } from '@busbar/core/settlement'
import type {
  ContractTerms,
  ContractVersion,
  Delivery,
  OfferContent,
  Proposal,
  Source,
  TradeStatus,
} from '@busbar/core/trades'
import type { Micros } from '@busbar/core/units'
import type { Rail } from '@busbar/core/rulebook'
import type { TradedEnergyAnswer } from '@busbar/protocols/traded-energy'
import type {
  CustomerEnergyView,
  CustomerView,
  IntervalSpan,
  RetailerTariffView,
  SpanPage,
} from './customer-views.ts'
import type { OrderedPage, Page, Reader } from './exchange-service.ts'
import type { InclusionProofView } from './exchange-views.ts'

/*
 * What is shown of trades. Quantities are bigint and named as on the wire, with their units.
 */

type TradeOfAnybody = {
  readonly trade: number
  readonly status: TradeStatus
  readonly reason: string
}

type Window = {
  readonly fromInterval: number
  readonly intervals: number
  readonly endsAt: number
  readonly contractedWh: bigint
}

export type PartyTradeView = TradeOfAnybody & {
  readonly relation: 'party'
  readonly proposal: Omit<Proposal, 'at'> | null
  readonly versions: readonly (Omit<ContractVersion, 'at'> & { readonly atMs: number })[]
  readonly endsAt: number
  readonly totals: {
    readonly contractedWh: bigint
    readonly obligedWh: bigint
    readonly deliveredWh: bigint
    readonly complete: number
    readonly partial: number
    readonly failed: number
    readonly settled: number
    readonly final: number
    readonly sellerMicros: bigint
    readonly buyerMicros: bigint
  }
}

export type RetailerTradeView = TradeOfAnybody &
  Window & {
    readonly relation: 'retailer'
    readonly side: 'buy' | 'sell'
    readonly account: number
    readonly meter: number
    readonly rail: Rail
    readonly deliveredWh: bigint
  }

export type UtilityTradeView = TradeOfAnybody &
  Window & {
    readonly relation: 'utility'
    readonly sellerZone: number | null
    readonly buyerZone: number | null
    readonly sellerMeter: number | null
    readonly buyerMeter: number | null
  }

export type TradeView = PartyTradeView | RetailerTradeView | UtilityTradeView

export type TradeDeliveryView = {
  readonly interval: number
  readonly contractedWh: bigint
  readonly limit: {
    readonly utility: number
    readonly energyWh: bigint
    readonly reason: string
    readonly sequence: number
  } | null
  readonly obligedWh: bigint
  readonly result: Delivery['result'] | null
  readonly deliveredWh: bigint | null
  readonly sellerShortWh: bigint | null
  readonly buyerShortWh: bigint | null
  readonly sellerMicros: bigint | null
  readonly buyerMicros: bigint | null
  readonly isFinal: boolean
}

export type BoardFilter = {
  readonly side: 'buy' | 'sell' | undefined
  readonly zone: number | undefined
  readonly source: Source | undefined
  /** Only offers whose window holds it. */
  readonly interval: number | undefined
}

export type BoardOfferView = {
  readonly offer: number
  readonly account: number
  /** As it stands now: an answer to the offer is a contract, which names it. */
  readonly retailer: number | null
  readonly zone: number
  readonly status: 'open' | 'matched'
  readonly content: OfferContent
}

export type DeclarationView = {
  readonly interval: number
  readonly account: number
  readonly meter: number
  readonly soldWh: bigint
  readonly boughtWh: bigint
  readonly exportedWh: bigint
  readonly importedWh: bigint
  readonly auctionSoldWh: bigint
  readonly auctionBoughtWh: bigint
  /** Of what the auction gave it, what the balancing authority made up and took over. */
  readonly imbalanceBoughtWh: bigint
  readonly imbalanceSoldWh: bigint
  /** Who runs the wires that the meter hangs on. */
  readonly utility: number | null
  readonly wheelingMicrosPerKwh: bigint | null
  /** For what contracts delivered; the ceiling of rate times energy. */
  readonly wheelingMicros: Micros
  readonly runKind: RunKind
  readonly isEstimated: boolean
}

export type MeteredEnergyView = {
  readonly interval: number
  readonly account: number
  readonly meter: number
  readonly zone: number
  readonly importedWh: bigint
  readonly exportedWh: bigint
  readonly assurance: MeteredEnergy['assurance']
  readonly runKind: RunKind
}

export type MeterDataRequestView = {
  readonly meter: number
  readonly gateway: number
  readonly fromBoundary: number
  readonly throughBoundary: number
  readonly missing: readonly number[]
  readonly dueAtMs: number
}

export type ScheduledFlowView = {
  readonly interval: number
  readonly zone: number
  readonly injectedWh: bigint
  readonly withdrawnWh: bigint
  readonly trades: number
  readonly limited: number
}

export type WheelingView = {
  readonly rates: readonly { readonly fromInterval: number; readonly microsPerKwh: bigint }[]
  readonly lines: readonly {
    readonly interval: number
    readonly zone: number
    readonly meter: number
    readonly retailer: number | null
    readonly soldWh: bigint
    readonly boughtWh: bigint
    readonly microsPerKwh: bigint
    readonly amountMicros: bigint
    readonly runKind: RunKind
  }[]
}

export type AccountPaymentsView = {
  readonly account: number
  readonly payments: readonly {
    readonly payment: number
    readonly trade: number
    readonly rail: Payment['rail']
    readonly payer: number
    readonly payee: number
    readonly reservedMicros: Micros
    readonly amountMicros: Micros
    readonly state: PaymentState
    readonly reference: string
    readonly expiresAtMs: number | null
    readonly dueAtMs: number | null
    readonly postponements: number
    readonly reason: string
  }[]
  readonly duesMicros: Micros
  readonly prepaidMicros: Micros
}

export type DefaultView = {
  readonly default: number
  /** Null to the retailer of the other side. */
  readonly account: number | null
  readonly creditor: number | null
  readonly trade: number
  readonly payment: number | null
  readonly cause: Default['cause']
  readonly amountMicros: Micros
  readonly recoveredMicros: Micros
  readonly status: Default['status']
  readonly steps: readonly {
    readonly step: EnforcementStep
    readonly atMs: number
    readonly deadlineMs: number
    readonly fineMicros: Micros
    readonly evidence: string
    readonly consent: string
  }[]
  /** The hash of what the debtor has appealed with; else empty. */
  readonly grounds: string
  readonly atMs: number
}

/** Where a contract is on the chain: null until the gate after it was recorded. */
export type ContractProofView = {
  readonly contract: string
  readonly proof: {
    readonly interval: number
    readonly inclusion: InclusionProofView
  } | null
}

/** What binds two retailers, by number from 1. */
export type AgreementView = Readonly<RetailerAgreement> & { readonly agreement: number }

export type NettingView = {
  readonly netting: number
  readonly batch: number
  readonly debtor: number
  readonly creditor: number
  readonly amountMicros: Micros
  readonly state: Netting['state']
  readonly reference: string
  readonly orderedAtMs: number
}

export type OwedView = {
  readonly debtor: number
  readonly creditor: number
  readonly amountMicros: Micros
}

/**
 * A signed answer about one meter's traded energy, and the secret that its proofs are read with.
 */
export type TradedEnergyView = TradedEnergyAnswer & { readonly secret: string }

/**
 * Queries about trades. What concerns a reader is decided here, as it decides what is shown; what
 * belongs to an account is shown whole, and the routes decide to whom. `undefined`: no such thing,
 * or not the reader's.
 */
export type TradingViews = {
  offers(filter: BoardFilter, page: OrderedPage): readonly BoardOfferView[]
  /** Those of one account, whole. */
  ownOffers(account: number, page: OrderedPage): readonly BoardOfferView[] | undefined
  /** Those that concern the reader in one way, where it is said in which. */
  trades(
    reader: Reader,
    page: OrderedPage,
    relation?: TradeView['relation'],
  ): readonly TradeView[]
  trade(reader: Reader, trade: number): TradeView | undefined
  deliveries(reader: Reader, trade: number, page: Page): readonly TradeDeliveryView[] | undefined
  /** Of every version that was in force, as it replaced the one before. */
  contractProofs(reader: Reader, trade: number): Promise<readonly ContractProofView[] | undefined>
  payments(account: number, page: Page): AccountPaymentsView | undefined
  defaults(reader: Reader, account: number, page: Page): readonly DefaultView[] | undefined
  customers(retailer: number, page: Page): readonly CustomerView[] | undefined
  /** What a retailer has set, ascending. */
  tariffs(retailer: number): readonly RetailerTariffView[]
  declarations(retailer: number, page: SpanPage): readonly DeclarationView[] | undefined
  meteredEnergy(retailer: number, page: SpanPage): readonly MeteredEnergyView[] | undefined
  customerEnergy(retailer: number, span: IntervalSpan): readonly CustomerEnergyView[] | undefined
  meterDataRequests(retailer: number): readonly MeterDataRequestView[] | undefined
  tradedEnergy(
    reader: Reader,
    asked: { readonly meter: number; readonly fromInterval: number; readonly count: number },
  ): TradedEnergyView | undefined
  wheeling(utility: number, page: Page): WheelingView | undefined
  /** Of whose wires a utility is the operator, ascending. */
  zonesOf(utility: number): readonly number[]
  schedule(utility: number, page: Page): readonly ScheduledFlowView[] | undefined
  agreements(reader: Reader, page: Page): readonly AgreementView[]
  nettings(reader: Reader, page: Page): readonly NettingView[]
  /** What no netting has asked for yet. */
  owed(reader: Reader): readonly OwedView[]
  /** What an account's meters and trades did in each interval of a period. */
  accountSeries(
    account: number,
    period: { readonly from: number; readonly intervals: number },
  ): AccountSeriesView | undefined
  /** How far the account's money is on its way. */
  standing(account: number): StandingView | undefined
}

/** What a trade of an account came to in an interval. */
export type OwnDeliveryView = {
  readonly trade: number
  readonly interval: number
  readonly side: 'buy' | 'sell'
  readonly partner: number
  readonly energyWh: bigint
  readonly priceMicrosPerKwh: number
  readonly amountMicros: bigint
}

type TariffView = {
  readonly retailMicrosPerKwh: bigint
  readonly feedInMicrosPerKwh: bigint
}

/** A contract of an account in one interval, with all that its money follows from. */
export type OwnTradeView = {
  readonly trade: number
  readonly side: 'buy' | 'sell'
  /** The version of the contract that was in force, as both have signed it. */
  readonly contract: string
  readonly terms: ContractTerms
  readonly sellerSignature: string
  readonly buyerSignature: string
  /** Of the key that signed; null for a passkey, which its signature names. */
  readonly sellerAddress: string | null
  readonly buyerAddress: string | null
  readonly contractedWh: bigint
  readonly limit: TradeDeliveryView['limit']
  readonly obligedWh: bigint
  /** Null before the first run. */
  readonly delivery: {
    readonly result: Delivery['result']
    readonly deliveredWh: bigint
    readonly sellerShortWh: bigint
    readonly buyerShortWh: bigint
    /** How much of what is missing is the seller's part; the rest is the buyer's. */
    readonly undeliveredBySellerWh: bigint
    /** Of the sides' retailers: what missing energy costs is reckoned by them. */
    readonly sellerTariff: TariffView | null
    readonly buyerTariff: TariffView | null
    readonly isEstimated: boolean
  } | null
  /** On the rail of the trade, where that is outside of the ledger. */
  readonly payments: AccountPaymentsView['payments']
}

/** A column for each figure; see `AccountSeries` of the interface. */
export type AccountSeriesView = {
  readonly account: number
  readonly interval: readonly number[]
  readonly status: readonly ('open' | 'fixed' | 'cleared' | 'provisional' | 'final')[]
  readonly isEstimated: readonly boolean[]
  readonly correctionCount: readonly number[]
  readonly priceMicrosPerKwh: readonly (bigint | null)[]
  readonly importedWh: readonly (bigint | null)[]
  readonly exportedWh: readonly (bigint | null)[]
  readonly boughtWh: readonly bigint[]
  readonly soldWh: readonly bigint[]
  readonly tradeBoughtWh: readonly bigint[]
  readonly tradeSoldWh: readonly bigint[]
  readonly bookedMicros: readonly bigint[]
  readonly worthMicros: readonly (bigint | null)[]
  readonly tariffMicros: readonly (bigint | null)[]
  readonly deliveries: readonly OwnDeliveryView[]
}

type Stage = { readonly intervals: number; readonly worthMicros: bigint }

/** See `Standing` of the interface. */
export type StandingView = {
  readonly account: number
  readonly awaited: { readonly intervals: number }
  readonly provisional: Stage
  readonly final: Stage
  readonly correctionCount: number
  readonly correctedMicros: bigint
  readonly mayRiseMicros: bigint
  readonly mayFallMicros: bigint
  readonly untilMs: number | null
  readonly estimatedIntervals: number
}
