/** What the double shows of the whole market. */
import { MicrosPerKwh } from '@busbar/core/units'
import type { KpisView } from '../../app/ports/kpis.ts'
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

const durations = { count: 3, p50: 1_000, p90: 2_000, p99: 3_000, max: 3_000 }

const kpisView = (from: number, to: number): KpisView => ({
  ...{ from, to, sinceMs: 1_700_000_000_000, intervalCount: 4 },
  variance: {
    ...{ intervalCount: 3, initialMoney: 1_000n, movedMoney: 30n, moneyBasisPoints: 300n },
    ...{ initialEnergy: 900n, movedEnergy: 9n, energyBasisPoints: 100n, age: durations },
    ...{ openCount: 1, oldestOpenMs: 5_000 },
  },
  spread: { traded: 500n, fees: 20n, deviation: -3n, perKwh: 34n },
  meterToCash: { durations, unknownCount: 1 },
  protocols: [
    {
      ...{ protocol: 'signed-batch/p256', gatewayCount: 1, meterCount: 2, acceptedBatches: 5 },
      ...{ repeatedBatches: 1, refusedBatches: [{ code: 'signature_invalid', count: 1 }] },
      ...{ countedReadings: 9, lateReadings: 1, repeatedReadings: 2 },
      refusedReadings: [{ code: 'implausible', count: 1 }],
      ...{ meteredCount: 7, substitutedCount: 1, integrityBasisPoints: 8_000n },
    },
  ],
  cost: {
    ...{ intervalCount: 3, transactionCount: 9, gas: 900_000n, feeWei: 10n ** 18n },
    ...{ accountCount: 12, gasPerInterval: 300_000n, gasPerAccount: 75_000n },
    feeWeiPerInterval: null,
  },
  carbonFree: { consumed: 60n, matched: 45n, basisPoints: 7_500n },
  hours: [
    {
      ...{ startMs: 1_700_000_400_000 - (1_700_000_400_000 % 3_600_000), traded: 500n },
      ...{ fees: 20n, deviation: -3n, injected: 45n, consumed: 60n, matched: 45n },
    },
  ],
})

export const measures: MeasureViews = {
  series(zone: number, { from = 100, points }: SeriesPage) {
    if (zone !== 0) return undefined
    return Array.from({ length: Math.min(points, 10) }, (_, i) => seriesPoint(from + i))
  },
  grid: (interval = 109) => gridView(interval),
  async kpis({ from = 100, to = 109 }) {
    return to < from ? 'range_invalid' : kpisView(from, to)
  },
}
