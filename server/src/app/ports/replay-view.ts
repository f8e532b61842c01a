import type { Assurance } from '@busbar/core/metering'
import type { Reason } from '@busbar/core/settlement'

/** All that an interval of a zone was worked out from: for operators and auditors alone. */
export type AuditReplayView = {
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
    readonly tariff: {
      readonly retailMicrosPerKwh: bigint
      readonly feedInMicrosPerKwh: bigint
    } | null
  }[]
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
      readonly lines: readonly {
        readonly meter: number | null
        readonly trade: number
        readonly reason: Reason
        readonly energyWh: bigint
        readonly priceMicrosPerKwh: bigint
        readonly amountMicros: bigint
      }[]
    }[]
  }[]
}
