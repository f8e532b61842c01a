import type { ProofState } from '@busbar/core/exchange'
import type { MicrosPerKwh } from '@busbar/core/units'
import type { IntervalView } from './exchange-views.ts'
import type { KpiRange, KpisView } from './kpis.ts'

/** The figures of one interval, or of several that follow each other. */
export type SeriesPoint = {
  /** The first. */
  readonly interval: number
  readonly status: IntervalView['status']
  readonly proof: ProofState
  readonly price: MicrosPerKwh | null
  readonly traded: bigint
  /** The three are null before the first run. */
  readonly injected: bigint | null
  readonly consumed: bigint | null
  readonly selfSupplied: bigint | null
  readonly orderCount: number
  readonly voidCount: number
  readonly estimatedMeterCount: number
  readonly correctionCount: number
}

/** Which points: `points` of `step` intervals from `from` on, or the newest. */
export type SeriesPage = {
  readonly from: number | undefined
  readonly points: number
  readonly step: number
}

/** One zone of the tree in one interval. Energies in Wh, null before they are known. */
export type GridZoneView = {
  readonly zone: number
  readonly name: string
  readonly parent: number | null
  readonly bridgeWatts: number
  /** Null where the zone has no record of the interval. */
  readonly point: SeriesPoint | null
  /** Out of the zone and all below it, up; negative is down. */
  readonly flow: bigint | null
  /** What the bridge above carries in the interval, rounded down; null without a bridge. */
  readonly capacity: bigint | null
  /** Of the capacity, in either direction, rounded up. */
  readonly loadingBasisPoints: bigint | null
}

export type GridView = {
  /** Null before anything was settled. */
  readonly interval: number | null
  /** Ascending. */
  readonly zones: readonly GridZoneView[]
}

/** Sums and figures of the whole market: no order, no account, no meter. */
export interface MeasureViews {
  /** Ascending; without `from` the newest that were cleared. Undefined: no such zone. */
  series(zone: number, page: SeriesPage): readonly SeriesPoint[] | undefined
  /** Of the newest interval that is settled in every zone, if `interval` is undefined. */
  grid(interval: number | undefined): GridView
  /**
   * The newest day where nothing is said. `range_invalid` where it ends before it begins or is
   * longer than allowed; undefined before the market is open.
   */
  kpis(range: KpiRange): Promise<KpisView | 'range_invalid' | undefined>
}
