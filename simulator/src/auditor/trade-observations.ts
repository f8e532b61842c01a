import type { AuditTerms } from './observations.ts'

/** What the auditor may see of contracts between named parties. */

export type TradeAuditTerms = {
  readonly intervalMs: number
  readonly gateLeadMs: number
  /** The rulebook's. */
  readonly allocation: 'maximal-proportional' | 'max-flow' | 'pro-rata' | 'fifo'
  /** Of energy delivered, from each side. */
  readonly feeMicrosPerKwh: number
  readonly roundingAccount: number
  readonly feesAccount: number
  readonly meters: readonly {
    readonly meter: number
    readonly account: number
    /** The account of its owner's retailer. */
    readonly retailer: number
  }[]
  readonly tariffs: AuditTerms['tariffs']
}

/** What both parties have signed, as far as money follows from it. */
export type ObservedTerms = {
  readonly seller: number
  readonly buyer: number
  readonly sellerMeter: number
  readonly buyerMeter: number
  readonly sellerRetailer: number
  readonly buyerRetailer: number
  readonly fromInterval: number
  readonly intervals: number
  readonly profile:
    | { readonly kind: 'per-interval'; readonly energyWh: number }
    | { readonly kind: 'total'; readonly energyWh: number; readonly weights: readonly number[] }
  readonly priceMicrosPerKwh: number
  readonly toleranceBasisPoints: number
  readonly penaltyBasisPoints: number
  readonly buyerShort: 'actual' | 'contracted'
  readonly platform: number | null
  readonly platformFeeMicrosPerKwh: number
}

/** A word of a utility: the last one of each counts, of several the lowest. */
export type ObservedLimit = {
  readonly utility: number
  readonly trade: number
  readonly atMs: number
  readonly fromInterval: number
  readonly intervals: number
  readonly energyWh: number
}

/** What a change or an exit costs, as the contract or the rulebook says. */
export type ObservedCharge = {
  readonly trade: number
  readonly payer: number
  readonly payee: number
  readonly amountMicros: number
}

/** What the exchange says of one trade in one interval. */
export type PublishedDelivery = {
  readonly trade: number
  readonly interval: number
  readonly contractedWh: number
  readonly obligedWh: number
  readonly result: 'complete' | 'partial' | 'failed' | null
  readonly deliveredWh: number | null
  readonly sellerShortWh: number | null
  readonly buyerShortWh: number | null
  readonly sellerMicros: number | null
  readonly buyerMicros: number | null
}

/** What the exchange tells a retailer of one of its customers' meters. */
export type PublishedDeclaration = {
  readonly retailer: number
  readonly interval: number
  readonly account: number
  readonly meter: number
  readonly soldWh: number
  readonly boughtWh: number
  readonly exportedWh: number
  readonly importedWh: number
  readonly auctionSoldWh: number
  readonly auctionBoughtWh: number
}

/** What meters bought and sold, in watt-hours. */
export type MeterTrades = ReadonlyMap<
  number,
  { readonly soldWh: bigint; readonly boughtWh: bigint }
>

/** All that was published of the intervals from one to another. */
export type PublishedTrading = {
  /** Of trades that owed something. */
  readonly deliveries: readonly PublishedDelivery[]
  readonly declarations: readonly PublishedDeclaration[]
}

/** What an account has, or several accounts together, wherever it is kept. */
export type Position = {
  readonly accounts: readonly number[]
  /** What it brought: deposits, prepaid, the provider's and the network's opening balances. */
  readonly broughtMicros: bigint
  /** All of it now: ledger without arrears, dues, prepaid, provider, network, recovered in cash. */
  readonly hasMicros: bigint
}
