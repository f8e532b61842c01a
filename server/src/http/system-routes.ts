import { openApiDocument } from '@busbar/protocols/api'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Caller, mayRead } from './authorization.ts'
import { certificateIn } from './client-certificate.ts'
import { healthJson } from './mapping.ts'
import { Refused } from './refused.ts'
import { addRoute, type RouteContext } from './route-context.ts'
import { credentialIn } from './session-cookie.ts'

const follow = (
  { noticeStreams, isStill }: RouteContext,
  request: FastifyRequest,
  { raw: response }: FastifyReply,
  reader: Caller,
): void =>
  noticeStreams.follow({
    response,
    account: reader.account,
    mayRead: () => isStill(request, reader),
  })

/**
 * Whose own events a stream tells as well; of a credential that is none any more, nobody's. What is
 * sent as a header was meant: a wrong one is refused.
 */
async function readerOf(
  context: RouteContext,
  request: FastifyRequest,
): Promise<Caller | undefined> {
  const certificate = certificateIn(request, context.wallClock())
  if (credentialIn(request) === undefined && certificate === undefined) return undefined
  try {
    const reader = await context.reader(request)
    return mayRead(reader) ? reader : undefined
  } catch (error) {
    const isMeant = request.headers.authorization !== undefined
    if (isMeant || !(error instanceof Refused) || error.problem.status !== 401) throw error
    return undefined
  }
}

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
    const reader = await readerOf(context, request)
    // It may have gone while it was asked who it is.
    if (!reply.raw.destroyed) {
      streams.open(reply.raw, typeof lastEventId === 'string' ? lastEventId : undefined)
      if (reader !== undefined) follow(context, request, reply, reader)
    }
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
