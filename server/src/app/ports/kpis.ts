/*
 * What the exchange is measured by, in sums over intervals. Money in micros, energy in Wh, times in
 * milliseconds of the market's time, shares in basis points.
 */

/** By nearest rank: the smallest that so many per cent of all do not exceed. */
export type Durations = {
  readonly count: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

export type VarianceView = {
  /** Intervals of zones whose final run is posted and was not their first. */
  readonly intervalCount: number
  readonly initialMoney: bigint
  readonly movedMoney: bigint
  readonly moneyBasisPoints: bigint | null
  readonly initialEnergy: bigint
  readonly movedEnergy: bigint
  readonly energyBasisPoints: bigint | null
  /** From the first run to the newest. */
  readonly age: Durations | null
  /** Of those that are provisional now: how many, and how long the oldest has been. */
  readonly openCount: number
  readonly oldestOpenMs: number | null
}

export type CountedCode = { readonly code: string; readonly count: number }

export type ProtocolView = {
  readonly protocol: string
  readonly gatewayCount: number
  readonly meterCount: number
  readonly acceptedBatches: number
  readonly repeatedBatches: number
  readonly refusedBatches: readonly CountedCode[]
  readonly countedReadings: number
  /** Of the counted: after the deadline for the first run. */
  readonly lateReadings: number
  /** Duplicates and those that a newer version had replaced already. */
  readonly repeatedReadings: number
  readonly refusedReadings: readonly CountedCode[]
  /** Meters' intervals in the newest runs. */
  readonly meteredCount: number
  readonly substitutedCount: number
  /** Of the readings that were not repeated: counted, and in time. */
  readonly integrityBasisPoints: bigint | null
}

export type HourView = {
  readonly startMs: number
  readonly traded: bigint
  /** Exchange fees, and what deviations cost beyond the price. */
  readonly fees: bigint
  readonly deviation: bigint
  readonly injected: bigint
  readonly consumed: bigint
  /** The smaller of the two. */
  readonly matched: bigint
}

export type KpisView = {
  readonly from: number
  readonly to: number
  /** When this process began to count what is not in the state: the chain and arrivals. */
  readonly sinceMs: number
  readonly intervalCount: number
  readonly variance: VarianceView
  readonly spread: {
    readonly traded: bigint
    readonly fees: bigint
    readonly deviation: bigint
    readonly perKwh: bigint | null
  }
  readonly meterToCash: {
    readonly durations: Durations | null
    /** Settled before this process began, or not yet on the chain. */
    readonly unknownCount: number
  }
  readonly protocols: readonly ProtocolView[]
  readonly cost: {
    /** Those whose every transaction was followed. */
    readonly intervalCount: number
    readonly transactionCount: number
    readonly gas: bigint
    readonly feeWei: bigint
    /** Accounts whose money the first runs moved. */
    readonly accountCount: number
    readonly gasPerInterval: bigint | null
    readonly gasPerAccount: bigint | null
    readonly feeWeiPerInterval: bigint | null
  }
  readonly carbonFree: {
    readonly consumed: bigint
    readonly matched: bigint
    readonly basisPoints: bigint | null
  }
  /** By the hour of UTC, ascending. */
  readonly hours: readonly HourView[]
}

export type KpiRange = { readonly from: number | undefined; readonly to: number | undefined }
