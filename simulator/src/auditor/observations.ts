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
  /** EIP-712 digest: its public name, and its rank at the margin. */
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
  readonly about: 'balance' | 'interval' | 'price' | 'fill' | 'reading'
  /** −1 where no single account is concerned. */
  readonly account: number
  /** −1 where no single interval is concerned. */
  readonly interval: number
  /** Digest of the order or number of the meter, where one is concerned. */
  readonly subject: string
  readonly expected: string
  readonly got: string
}
