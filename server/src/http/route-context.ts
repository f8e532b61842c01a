import {
  type Market,
  type RouteInput,
  type RouteName,
  type RouteOutput,
  routes,
} from '@busbar/protocols/api'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ExchangeService, Reader } from '../app/ports/exchange-service.ts'
import type { HttpMetrics } from './http-metrics.ts'
import type { HttpLimits } from './limits.ts'
import type { Streams } from './stream.ts'

/** What the routes share. */
export type RouteContext = {
  readonly app: FastifyInstance
  readonly service: ExchangeService
  readonly limits: HttpLimits
  readonly display: Market['display']
  readonly metrics: HttpMetrics
  readonly metricsText: () => Promise<string>
  readonly metricsPublic: boolean
  readonly isLocal: (address: string | undefined) => boolean
  readonly streams: Streams
  readonly isStopping: () => boolean
  /** The reader of a private route, within its rate. Throws Refused. */
  readonly reader: (request: FastifyRequest) => Promise<Reader>
}

type Handler<Name extends RouteName> = (
  input: RouteInput<Name>,
  request: FastifyRequest,
  reply: FastifyReply,
) => Promise<RouteOutput<Name>>

/** Adds a route of the table: its schemas check what comes in, its types what goes out. */
export function addRoute<Name extends RouteName>(
  { app }: RouteContext,
  name: Name,
  handler: Handler<Name>,
): void {
  const route = routes[name]
  app.route({
    method: route.method,
    url: route.path,
    schema: schemaOf(name),
    exposeHeadRoute: route.method === 'GET' && name !== 'stream',
    handler: (request, reply) => {
      const { params, query, body } = request
      // The schemas of this route have checked the three.
      return handler({ params, query, body } as RouteInput<Name>, request, reply)
    },
  })
}

function schemaOf(name: RouteName): Record<string, unknown> {
  const { params, query, body } = routes[name] as {
    readonly params?: unknown
    readonly query?: unknown
    readonly body?: unknown
  }
  return {
    ...(params === undefined ? {} : { params }),
    querystring: query ?? noQuery,
    ...(body === undefined ? {} : { body }),
  }
}

/** Routes without a query refuse one: a misspelt parameter must not go unnoticed. */
const noQuery = { type: 'object', properties: {}, additionalProperties: false } as const
