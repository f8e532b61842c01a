import type { Assurance } from '@busbar/core/metering'
import type { Rail } from '@busbar/core/rulebook'
import type { Reason } from '@busbar/core/settlement'
import type { ContractTerms } from '@busbar/core/trades'
import type { SentTransactionView } from './exchange-views.ts'

/** All that an interval was worked out from: for operators and auditors alone. */
export type AuditReplayView = ReplayedView & {
  /** The commitment and the transactions of the runs, as far as they are signed. */
  readonly sent: readonly SentTransactionView[]
}

/** What of it stands in the books. */
export type ReplayedView = {
  readonly zone: number
  readonly interval: number
  /** Of an open book, ascending by digest. */
  readonly orders: readonly {
    readonly digest: string
    readonly id: string
    readonly account: number
    readonly meter: number
    readonly side: 'buy' | 'sell'
    readonly energyWh: bigint
    readonly limitMicrosPerKwh: bigint
  }[]
  readonly meters: readonly {
    readonly meter: number
    readonly account: number
    readonly kind: 'physical' | 'virtual'
    readonly tradeBoughtWh: bigint
    readonly tradeSoldWh: bigint
    readonly retailer: number | null
    readonly tariff: ReplayTariff | null
  }[]
  /** In the record of all zones' contracts alone. */
  readonly contracts: ReplayContracts | null
  readonly balancingAuthority: number | null
  readonly runs: readonly {
    readonly run: number
    readonly readings: readonly {
      readonly meter: number
      readonly importedWh: bigint
      readonly exportedWh: bigint
      readonly assurance: Assurance
      readonly salt: string
    }[]
    readonly postings: readonly {
      readonly account: number
      readonly salt: string
      readonly lines: readonly ReplayLine[]
    }[]
    /** Outside of the ledger. */
    readonly dues: readonly (ReplayLine & { readonly account: number })[]
    /** What contracts got of each meter, ascending, with what blinds its leaf. */
    readonly traded: readonly {
      readonly meter: number
      readonly soldWh: bigint
      readonly boughtWh: bigint
      readonly key: string
      readonly salt: string
    }[]
  }[]
}

export type ReplayTariff = {
  readonly retailMicrosPerKwh: bigint
  readonly feedInMicrosPerKwh: bigint
}

export type ReplayLine = {
  readonly meter: number | null
  readonly trade: number
  readonly reason: Reason
  readonly energyWh: bigint
  readonly priceMicrosPerKwh: bigint
  readonly amountMicros: bigint
}

export type ReplayContracts = {
  /** Digests that the gate fixed, ascending. */
  readonly recorded: readonly string[]
  /** Ascending by trade. */
  readonly owed: readonly {
    readonly trade: number
    readonly contract: string
    readonly terms: ContractTerms
    readonly sellerSignature: string
    readonly buyerSignature: string
    readonly contractedWh: bigint
    /** By the utility, where it has said something. */
    readonly allowedWh: bigint | null
    readonly sellerTariff: ReplayTariff | null
    readonly buyerTariff: ReplayTariff | null
  }[]
  readonly charges: readonly {
    readonly trade: number
    readonly kind: 'modification' | 'exit' | 'collateral' | 'remainder'
    readonly payer: number
    readonly payee: number
    readonly amountMicros: bigint
    readonly rail: Rail
  }[]
}
