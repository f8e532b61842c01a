import { bilateralZone, type IntervalRecord, type State, zoneKey } from '@busbar/core/exchange'
import { meteredEnergy } from '@busbar/core/metering'
import type { SpanPage } from '../../ports/customer-views.ts'
import type { MeteredEnergyView } from '../../ports/trading-views.ts'
import { isCustomerOf } from './relation.ts'

/**
 * What the meters of a retailer's customers showed, by interval and meter, by the readings that
 * count now: a correction that moves no money in the market makes no run of it, and is on the bill
 * all the same. While a run waits for it, it is not final. The page is of whole intervals, so that
 * none is told in part.
 */
export function meteredEnergyViews(
  state: State,
  retailer: number,
  { from = 0, until = Number.MAX_SAFE_INTEGER, limit }: SpanPage,
): MeteredEnergyView[] {
  const customers = new Set(
    state.meters
      .filter(({ account, kind }) => kind === 'physical' && isCustomerOf(state, retailer, account))
      .map(({ meter }) => meter),
  )
  const settled = new Map<number, IntervalRecord[]>()
  for (const { zone } of state.zones) {
    for (const record of state.intervals.get(zone)?.values() ?? []) {
      const { interval, runs } = record
      if (interval < from || interval >= until || runs.length === 0) continue
      const own = settled.get(interval)
      if (own === undefined) settled.set(interval, [record])
      else own.push(record)
    }
  }
  const views: MeteredEnergyView[] = []
  for (const [, records] of [...settled].sort(([a], [b]) => a - b)) {
    if (views.length >= limit) break
    const own = records.flatMap((record) => energiesOf(state, record, customers))
    views.push(...own.sort((a, b) => a.meter - b.meter))
  }
  return views
}

function energiesOf(
  state: State,
  { zone, interval, runs }: IntervalRecord,
  customers: ReadonlySet<number>,
): MeteredEnergyView[] {
  const run = runs.at(-1)
  if (run === undefined) return []
  const isWaiting = [zone, bilateralZone].some((one) => state.dirty.has(zoneKey(one, interval)))
  const runKind = isWaiting ? 'provisional' : run.kind
  return run.metered.flatMap(({ meter }) => {
    const readings = state.readings.get(meter)
    if (!customers.has(meter) || readings === undefined) return []
    const { imported, exported, assurance } = meteredEnergy(readings, interval)
    const account = state.meters[meter]?.account ?? -1
    const energy = { importedWh: imported, exportedWh: exported, assurance }
    return [{ interval, account, meter, zone, ...energy, runKind }]
  })
}
