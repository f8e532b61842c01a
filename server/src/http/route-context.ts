import {
  type Market,
  type Route,
  type RouteInput,
  type RouteName,
  type RouteOutput,
  routes,
} from '@busbar/protocols/api'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ExchangeService } from '../app/ports/exchange-service.ts'
import {
  type Caller,
  requireAuditor,
  requireHeld,
  requireOperator,
  requireProver,
  requireScope,
} from './authorization.ts'
import { compressed } from './compression.ts'
import type { HttpMetrics } from './http-metrics.ts'
import type { HttpLimits } from './limits.ts'
import type { NoticeStreams } from './notice-streams.ts'
import { Refused } from './refused.ts'
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
  readonly isLocal: (request: FastifyRequest) => boolean
  readonly streams: Streams
  readonly noticeStreams: NoticeStreams
  readonly isStopping: () => boolean
  /** Where people are told why they are not signed in; undefined where there are no pages. */
  readonly signInPage: string | undefined
  /** Time outside, UTC milliseconds: credentials end by it. */
  readonly wallClock: () => number
  /** The reader of a private route, within its rate; asked again, the same. Throws Refused. */
  readonly reader: (request: FastifyRequest) => Promise<Caller>
  /** Whether who has asked would be taken for the same now: keys are revoked, sessions end. */
  readonly isStill: (request: FastifyRequest, reader: Caller) => Promise<boolean>
}

type Handler<Name extends RouteName> = (
  input: RouteInput<Name>,
  request: FastifyRequest,
  reply: FastifyReply,
) => Promise<RouteOutput<Name>>

/**
 * Adds a route of the table: its schemas check what comes in, its types what goes out. Who asks is
 * judged before anything else of the request is read, so that strangers learn nothing of a private
 * route by what they send to it.
 */
export function addRoute<Name extends RouteName>(
  context: RouteContext,
  name: Name,
  handler: Handler<Name>,
): void {
  const route = routes[name]
  context.app.route({
    preParsing: async (request) => judgeCaller(context, name, request),
    method: route.method,
    url: route.path,
    schema: schemaOf(name),
    exposeHeadRoute: route.method === 'GET' && name !== 'stream',
    ...(route.method === 'GET' && isForAll(route) ? { onSend: compressed } : {}),
    handler: (request, reply) => {
      const { params, query, body } = request
      // The schemas of this route have checked the three.
      return handler({ params, query, body } as RouteInput<Name>, request, reply)
    },
  })
}

/** Whose answer is the same for all; that of a session is about its reader. */
const isForAll = ({ access, path }: (typeof routes)[RouteName]): boolean =>
  access === 'public' && path !== routes.session.path

/** As far as the access of a route says it; what is somebody's is the handler's to know. */
async function judgeCaller(
  context: RouteContext,
  name: RouteName,
  request: FastifyRequest,
): Promise<void> {
  const { access, isLocal }: Route = routes[name]
  if (access === 'public' || (name === 'metrics' && context.metricsPublic)) return
  const isHere = access === 'loopback' || isLocal === true
  if (isHere && !context.isLocal(request)) throw new Refused('access_denied')
  if (access === 'loopback') return
  const reader = await context.reader(request)
  requireHeld(reader, name)
  requireScope(reader, routes[name])
  if (access === 'auditor') requireAuditor(reader)
  if (access === 'operator') requireOperator(reader)
  if (access === 'prover') requireProver(reader)
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
