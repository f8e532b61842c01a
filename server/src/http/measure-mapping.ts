import type { Grid, Series } from '@busbar/protocols/api'
import type { GridView, SeriesPoint } from '../app/ports/measures.ts'
import { jsonInteger } from './json-numbers.ts'
import { nullable } from './mapping.ts'

/* Figures of the whole market to JSON, each field by name. */

/** By columns: the names stand once, not once for every point. */
export const seriesJson = (
  zone: number,
  step: number,
  points: readonly SeriesPoint[],
): Series => ({
  zone,
  step,
  interval: points.map(({ interval }) => interval),
  status: points.map(({ status }) => status),
  proof: points.map(({ proof }) => proof),
  priceMicrosPerKwh: points.map(({ price }) => nullable(price, 'priceMicrosPerKwh')),
  tradedWh: points.map(({ traded }) => jsonInteger(traded, 'tradedWh')),
  injectedWh: points.map(({ injected }) => nullable(injected, 'injectedWh')),
  consumedWh: points.map(({ consumed }) => nullable(consumed, 'consumedWh')),
  selfSuppliedWh: points.map(({ selfSupplied }) => nullable(selfSupplied, 'selfSuppliedWh')),
  orderCount: points.map(({ orderCount }) => orderCount),
  voidCount: points.map(({ voidCount }) => voidCount),
  estimatedMeterCount: points.map(({ estimatedMeterCount }) => estimatedMeterCount),
  correctionCount: points.map(({ correctionCount }) => correctionCount),
})

export const gridJson = ({ interval, zones }: GridView): Grid => ({
  interval,
  zones: zones.map(({ zone, name, parent, bridgeWatts, point, ...bridge }) => ({
    ...{ zone, name, parent, bridgeWatts },
    status: point?.status ?? null,
    priceMicrosPerKwh: nullable(point?.price ?? null, 'priceMicrosPerKwh'),
    tradedWh: nullable(point?.traded ?? null, 'tradedWh'),
    injectedWh: nullable(point?.injected ?? null, 'injectedWh'),
    consumedWh: nullable(point?.consumed ?? null, 'consumedWh'),
    selfSuppliedWh: nullable(point?.selfSupplied ?? null, 'selfSuppliedWh'),
    estimatedMeterCount: point?.estimatedMeterCount ?? 0,
    flowWh: nullable(bridge.flow, 'flowWh'),
    capacityWh: nullable(bridge.capacity, 'capacityWh'),
    loadingBasisPoints: nullable(bridge.loadingBasisPoints, 'loadingBasisPoints'),
  })),
})
