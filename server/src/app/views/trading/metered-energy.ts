import type { IntervalRecord, State } from '@busbar/core/exchange'
import type { Page } from '../../ports/exchange-service.ts'
import type { MeteredEnergyView } from '../../ports/trading-views.ts'
import { isCustomerOf } from './relation.ts'

/**
 * What the meters of a retailer's customers showed, by interval and meter, as the latest run of
 * each zone took it. The page is of whole intervals, so that none is told in part.
 */
export function meteredEnergyViews(
  state: State,
  retailer: number,
  page: Page,
): MeteredEnergyView[] {
  const customers = new Set(
    state.meters
      .filter(({ account, kind }) => kind === 'physical' && isCustomerOf(state, retailer, account))
      .map(({ meter }) => meter),
  )
  const settled = new Map<number, IntervalRecord[]>()
  for (const { zone } of state.zones) {
    for (const record of state.intervals.get(zone)?.values() ?? []) {
      if (record.interval < (page.from ?? 0) || record.runs.length === 0) continue
      const own = settled.get(record.interval)
      if (own === undefined) settled.set(record.interval, [record])
      else own.push(record)
    }
  }
  const views: MeteredEnergyView[] = []
  for (const [, records] of [...settled].sort(([a], [b]) => a - b)) {
    if (views.length >= page.limit) break
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
  return run.metered
    .filter(({ meter }) => customers.has(meter))
    .map(({ meter, imported, exported, assurance }) => ({
      ...{ interval, account: state.meters[meter]?.account ?? -1, meter, zone },
      ...{ importedWh: imported, exportedWh: exported, assurance, runKind: run.kind },
    }))
}
