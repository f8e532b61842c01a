import { kpisJson } from './kpi-mapping.ts'
import { gridJson, seriesJson } from './measure-mapping.ts'
import { Refused } from './refused.ts'
import { addRoute, type RouteContext } from './route-context.ts'
import { createSharedWork } from './shared-work.ts'

/** Sums and figures of the whole market, for everybody. */
export function addMeasureRoutes(context: RouteContext): void {
  const { measures } = context.service
  // Anybody asks, and a week of many zones takes a while to be added up.
  const shared = createSharedWork()
  addRoute(context, 'series', async ({ query }) => {
    const { zone = 0, from, points = 1, step = 1 } = query
    const question = `series ${zone} ${from ?? ''} ${points} ${step}`
    const found = await shared(question, () => measures.series(zone, { from, points, step }))
    if (found === undefined) throw new Refused('not_found', { field: 'zone' })
    return seriesJson(zone, step, found)
  })
  addRoute(context, 'grid', async ({ query: { interval } }) =>
    gridJson(await shared(`grid ${interval ?? ''}`, () => measures.grid(interval))))
  addRoute(context, 'kpis', async ({ query: { from, to } }) => {
    const question = `kpis ${from ?? ''} ${to ?? ''}`
    const found = await shared(question, () => measures.kpis({ from, to }))
    if (found === undefined) throw new Refused('market_not_open')
    if (found === 'range_invalid') {
      throw new Refused('field_invalid', { field: 'to', limit: 'from … from + 2,015' })
    }
    return kpisJson(found)
  })
}
