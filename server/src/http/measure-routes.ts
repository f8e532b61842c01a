import { kpisJson } from './kpi-mapping.ts'
import { gridJson, seriesJson } from './measure-mapping.ts'
import { Refused } from './refused.ts'
import { addRoute, type RouteContext } from './route-context.ts'

/** Sums and figures of the whole market, for everybody. */
export function addMeasureRoutes(context: RouteContext): void {
  const { measures } = context.service
  addRoute(context, 'series', async ({ query }) => {
    const { zone = 0, from, points = 1, step = 1 } = query
    const found = measures.series(zone, { from, points, step })
    if (found === undefined) throw new Refused('not_found', { field: 'zone' })
    return seriesJson(zone, step, found)
  })
  addRoute(context, 'grid', async ({ query }) => gridJson(measures.grid(query.interval)))
  addRoute(context, 'kpis', async ({ query: { from, to } }) => {
    const found = await measures.kpis({ from, to })
    if (found === undefined) throw new Refused('market_not_open')
    if (found === 'range_invalid') {
      throw new Refused('field_invalid', { field: 'to', limit: 'from … from + 2,015' })
    }
    return kpisJson(found)
  })
}
