import { openApiDocument } from '@busbar/protocols/api'
import { healthJson } from './mapping.ts'
import { Refused } from './refused.ts'
import { addRoute, type RouteContext } from './route-context.ts'

/** The server about itself, the event stream, and a manual clock. */
export function addSystemRoutes(context: RouteContext): void {
  const { service, streams } = context
  addRoute(context, 'health', async (_input, _request, reply) => {
    const health = healthJson(service.health(), streams.count(), context.isStopping())
    reply.code(health.ready ? 200 : 503)
    return health
  })
  addRoute(context, 'metrics', async (_input, _request, reply) => {
    reply.type('text/plain; version=0.0.4; charset=utf-8')
    return context.metricsText()
  })
  let document: ReturnType<typeof openApiDocument> | undefined
  addRoute(context, 'openapi', async () => (document ??= openApiDocument()))
  addRoute(context, 'stream', async (_input, request, reply) => {
    const lastEventId = request.headers['last-event-id']
    streams.open(reply.raw, typeof lastEventId === 'string' ? lastEventId : undefined)
    reply.hijack()
    return ''
  })
  addRoute(context, 'setClock', async ({ body }) => {
    const clock = service.clock()
    if (clock.mode !== 'manual') throw new Refused('not_found')
    if (body.nowMs < clock.nowMs) {
      throw new Refused('clock_backwards', { field: 'nowMs', limit: `at least ${clock.nowMs}` })
    }
    return { nowMs: await service.setClock(body.nowMs) }
  })
}
