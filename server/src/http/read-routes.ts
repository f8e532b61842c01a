import {
  intervalJson,
  marketJson,
  participantJson,
} from './mapping.ts'
import { orderNeighboursJson } from './proving-mapping.ts'
import { Refused } from './refused.ts'
import { addRoute, type RouteContext } from './route-context.ts'

/** What anybody may see: the market, its intervals and registry. */
export function addReadRoutes(context: RouteContext): void {
  const { service } = context
  addRoute(context, 'market', async () => {
    const market = service.market()
    if (market === undefined) throw new Refused('market_not_open')
    return marketJson(market, service.clock(), context.display)
  })
  addRoute(context, 'intervals', async ({ query }) => {
    const { zone = 0, from, limit = 1 } = query
    const found = await service.intervals(zone, { from, limit: limit + 1 })
    if (found === undefined) throw new Refused('not_found', { field: 'zone' })
    // One more than asked for tells whether there is a next page; the newest page has none.
    if (from === undefined) {
      return { intervals: found.slice(-limit).map(intervalJson), nextFrom: null }
    }
    return {
      intervals: found.slice(0, limit).map(intervalJson),
      nextFrom: found[limit]?.interval ?? null,
    }
  })
  addRoute(context, 'interval', async ({ params }) => {
    const interval = await service.interval(params.zone, params.interval)
    if (interval === undefined) throw new Refused('not_found', { field: 'interval' })
    return intervalJson(interval)
  })
  addRoute(context, 'orderNeighbours', async ({ params, query }) => {
    const view = await service.orderNeighbours({ ...params, ...query })
    if (view === 'receipt_invalid') throw new Refused('signature_invalid', { field: 'signature' })
    if (view === undefined) throw new Refused('not_found', { field: 'interval' })
    return orderNeighboursJson(view)
  })
  addRoute(context, 'participants', async ({ query }) => {
    const { from, limit = 1, ...asked } = query
    const found = await service.participants({ from, limit: limit + 1 }, asked)
    return {
      participants: found.slice(0, limit).map(participantJson),
      nextFrom: found[limit]?.account ?? null,
    }
  })
}
