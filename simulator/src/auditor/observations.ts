import type { ObservedOpening, Path, SealedPlace } from './sealed-set.ts'

/** What the auditor may see: public rules, signed orders, published results, reported registers. */

export type AuditedMeter = {
  readonly meter: number
  readonly account: number
  readonly kind: 'physical' | 'virtual'
  readonly digits: number
  /** The account of its owner's retailer; null for virtual meters. */
  readonly retailer: number | null
  /** The first interval in which its energy counts. */
  readonly fromInterval: number
}

export type AuditTerms = {
  readonly feeMicrosPerKwh: number
  readonly spreadBasisPoints: number
  readonly overDeviationBasisPoints: number
  readonly roundingAccount: number
  readonly feesAccount: number
  readonly balancingAuthority: number
  /** What nobody had a contract for is billed by the retailer, and moves no money here. */
  readonly isRetailBilled?: boolean
  /** What of a meter's energy went to contracts with named parties: the rest is the auction's. */
  readonly tradedOf?: (
    meter: number,
    interval: number,
  ) => { readonly soldWh: bigint; readonly boughtWh: bigint }
  readonly meters: readonly AuditedMeter[]
  /** Ascending by first interval within a retailer. */
  readonly tariffs: readonly {
    readonly retailer: number
    readonly fromInterval: number
    readonly retailMicrosPerKwh: number
    readonly feedInMicrosPerKwh: number
  }[]
}

export type ObservedOrder = {
  /** Its public name and its rank at the margin: EIP-712 digest, or commitment if it was sealed. */
  readonly digest: string
  readonly meter: number
  readonly interval: number
  readonly side: 'buy' | 'sell'
  readonly energyWh: number
  readonly limitMicrosPerKwh: number
}

export type ObservedClearing = {
  readonly interval: number
  readonly priceMicrosPerKwh: number | null
  /** What each order got, by digest; an order that got nothing may be left out. */
  readonly fills: readonly { readonly digest: string; readonly energyWh: number }[]
  /** Of a sealed book: what was fixed at the gate and opened after it. */
  readonly sealedSet?: ObservedSet
}

/** An order that the exchange has given a receipt for. */
export type ObservedReceipt = {
  readonly interval: number
  readonly account: number
  readonly commitment: string
}

export type ObservedSet = {
  readonly place: SealedPlace
  /** As they stand on the chain: `0x` and 64 hex. */
  readonly ordersRoot: string
  readonly fillsRoot: string
  readonly voidCount: number
  /** Opened for the auditor; the opening is null where there is none. */
  readonly orders: readonly {
    readonly commitment: string
    readonly account: number
    readonly opening: ObservedOpening | null
    readonly voidReason: string | null
  }[]
}

/** What a trader is told of an order of its own, with the path to the root that everybody sees. */
export type ObservedFill = {
  readonly place: SealedPlace
  readonly opening: ObservedOpening
  readonly energyWh: number
  readonly voidReason: string | null
  /** From its leaf in the tree of fills. */
  readonly path: Path
  readonly fillsRoot: string
}

export type ObservedReading = {
  readonly meter: number
  readonly boundary: number
  readonly version: number
  readonly importWh: number
  readonly exportWh: number
}

/** Where the exchange and the auditor disagree. */
export type Difference = {
  readonly about:
    | 'balance' | 'interval' | 'price' | 'fill' | 'reading' | 'set' | 'receipt'
    | 'delivery' | 'declaration' | 'position'
  /** −1 where no single account is concerned. */
  readonly account: number
  /** −1 where no single interval is concerned. */
  readonly interval: number
  /** Digest of the order or number of the meter, where one is concerned. */
  readonly subject: string
  readonly expected: string
  readonly got: string
}
