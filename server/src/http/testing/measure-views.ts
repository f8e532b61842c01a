/** What the double shows of the whole market. */
import { MicrosPerKwh } from '@busbar/core/units'
import type { GridView, MeasureViews, SeriesPage, SeriesPoint } from '../../app/ports/measures.ts'

const seriesPoint = (number: number): SeriesPoint => ({
  interval: number,
  status: 'final',
  proof: 'proven',
  price: MicrosPerKwh.from(-120_000n),
  traded: 42_000n,
  injected: 50_000n,
  consumed: 61_000n,
  selfSupplied: 50_000n,
  orderCount: 12,
  voidCount: 1,
  estimatedMeterCount: 1,
  correctionCount: 0,
})

const gridView = (interval: number): GridView => ({
  interval,
  zones: [
    {
      ...{ zone: 0, name: 'town', parent: null, bridgeWatts: 0, point: seriesPoint(interval) },
      ...{ flow: -21_000n, capacity: null, loadingBasisPoints: null },
    },
    {
      ...{ zone: 1, name: 'street', parent: 0, bridgeWatts: 60_000, point: null },
      ...{ flow: -10_000n, capacity: 5_000n, loadingBasisPoints: 20_000n },
    },
  ],
})

export const measures: MeasureViews = {
  series(zone: number, { from = 100, points }: SeriesPage) {
    if (zone !== 0) return undefined
    return Array.from({ length: Math.min(points, 10) }, (_, i) => seriesPoint(from + i))
  },
  grid: (interval = 109) => gridView(interval),
}
