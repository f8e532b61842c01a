import { Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Market } from '@busbar/protocols/api'
import rateLimit from '@fastify/rate-limit'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import type { Registry } from 'prom-client'
import type { ExchangeService } from '../app/ports/exchange-service.ts'
import { addAccessRoutes } from './access-routes.ts'
import { addAccountRoutes } from './account-routes.ts'
import { addAuditRoutes } from './audit-routes.ts'
import { addBookRoutes } from './book-routes.ts'
import { type Asked, authenticated, type Caller, mayRead } from './authorization.ts'
import { certificateIn } from './client-certificate.ts'
import { eventJson } from './event-mapping.ts'
import { type Connections, trackConnections } from './connections.ts'
import { createHttpMetrics, type HttpMetrics } from './http-metrics.ts'
import { defaultLimits, type HttpLimits } from './limits.ts'
import { isLocalRequest } from './local-request.ts'
import { answerBrokenRequests, answerProblems, answerUnroutable } from './problem-answers.ts'
import { addPageRoutes, unknownPage } from './page-routes.ts'
import type { PageSet } from './page-set.ts'
import { addMeasureRoutes } from './measure-routes.ts'
import { addMeterRoutes } from './meter-routes.ts'
import { addSignatureRoutes } from './signature-routes.ts'
import { addKeyRoutes } from './key-routes.ts'
import { addDeviceRoutes } from './device-routes.ts'
import { addNoticeRoutes } from './notice-routes.ts'
import { createNoticeStreams } from './notice-streams.ts'
import { addOperatorRoutes } from './operator-routes.ts'
import { addProvingRoutes } from './proving-routes.ts'
import { addRailRoutes, type ReceiveNotice } from './rail-routes.ts'
import { addReadRoutes } from './read-routes.ts'
import { Refused } from './refused.ts'
import type { RouteContext } from './route-context.ts'
import { credentialIn } from './session-cookie.ts'
import { addSessionRoutes } from './session-routes.ts'
import { addSignInRoutes } from './sign-in-routes.ts'
import { createStreams, type Streams } from './stream.ts'
import { addSystemRoutes } from './system-routes.ts'
import { validatorCompiler } from './validation.ts'
import { addTradeRoutes } from './trade-routes.ts'
import { addWriteRoutes } from './write-routes.ts'

export type HttpServerOptions = {
  readonly service: ExchangeService
  readonly registry: Registry
  /** Time outside, UTC milliseconds: credentials end by it, whatever the market's clock does. */
  readonly wallClock: () => number
  /** Another for every start of the server: 1 to 16 of a-z and 0-9. Part of every event's id. */
  readonly epoch: string
  /** Gets every error that is the server's own, with the route where it came up. */
  readonly report: (error: unknown, route: string) => void
  readonly limits?: HttpLimits
  /** How times and money are shown; in UTC and without a currency by default. */
  readonly display?: Market['display']
  /** What browsers get; without it there is the interface alone. */
  readonly pages?: PageSet
  /** Takes what payment rails say by themselves. */
  readonly receiveNotice?: ReceiveNotice
  /** Which requests are made on this machine: for metrics and a manual clock. */
  readonly isLocal?: (request: FastifyRequest) => boolean
  /** Speaks TLS by these; without it HTTP alone. */
  readonly tls?: TlsOptions | undefined
  /** Addresses and networks whose `X-Forwarded-For` says where a request comes from. */
  readonly trustedProxies?: readonly string[]
  /** Metrics are for this machine only unless this is true. */
  readonly metricsPublic?: boolean
}

/** PEM, all of them. */
export type TlsOptions = {
  readonly certificate: string
  readonly key: string
  /** Authorities whose certificates clients may show. Without it none is asked for. */
  readonly clientAuthority?: string | undefined
}

export type HttpServer = {
  /** Every route there is, `HEAD` besides `GET` left out: method, a space, and the path. */
  readonly routes: readonly string[]
  /** Port 0 takes a free one. */
  readonly listen: (at: {
    readonly host: string
    readonly port: number
  }) => Promise<{ readonly url: string; readonly port: number }>
  /** Takes nothing new, ends the streams, answers what is under way, cuts what takes too long. */
  readonly stop: () => Promise<void>
}

/** The HTTP interface over an exchange. Opens no socket until `listen`. */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { service, registry, limits = defaultLimits } = options
  const app = createApp(limits, options)
  const connections = trackConnections(app.server)
  const streams = createStreams(options.epoch, limits.stream)
  const flow = { open: 0, stopping: false }
  const answering = (): number => flow.open - streams.count()
  const metrics = createHttpMetrics(registry, { streams: streams.count, requests: answering })
  const { pages } = options
  const listed = listRoutes(app)
  answerProblems(app, options.report, pages && unknownPage(pages))
  limitFlow(app, flow, answering, limits)
  if (options.tls !== undefined) keepToTls(app)
  measure(app, metrics)
  await app.register(rateLimit, {
    max: limits.rate.requestsMax,
    timeWindow: limits.rate.windowMs,
    cache: 10_000,
    errorResponseBuilder: () => new Refused('rate_limited'),
  })
  const context: RouteContext = {
    app,
    service,
    limits,
    display: options.display ?? { timeZone: 'UTC', currency: null },
    metrics,
    metricsText: () => registry.metrics(),
    metricsPublic: options.metricsPublic ?? false,
    isLocal: options.isLocal ?? isLocalRequest,
    streams,
    isStopping: () => flow.stopping,
    signInPage: pages === undefined ? undefined : '/signin',
    wallClock: options.wallClock,
    noticeStreams: createNoticeStreams(service.notices, streams.write, options.report),
    reader: createReader(app, options, limits),
    isStill: (request, reader) => isStill(request, reader, options, limits),
  }
  addSessionRoutes(context)
  addWriteRoutes(context)
  addReadRoutes(context)
  addBookRoutes(context)
  addMeasureRoutes(context)
  addMeterRoutes(context)
  addSignatureRoutes(context)
  addAccountRoutes(context)
  addTradeRoutes(context)
  addKeyRoutes(context)
  addNoticeRoutes(context)
  addDeviceRoutes(context)
  addAccessRoutes(context)
  addSignInRoutes(context)
  addAuditRoutes(context)
  addOperatorRoutes(context)
  addProvingRoutes(context)
  addSystemRoutes(context)
  if (options.receiveNotice !== undefined) addRailRoutes(app, options.receiveNotice)
  if (pages !== undefined) addPageRoutes(app, pages)
  const unsubscribe = service.subscribe((event) => streams.publish(eventJson(event)))
  await app.ready()
  return {
    routes: listed,
    listen: ({ host, port }) => listen(app, limits, host, port),
    stop: () => {
      flow.stopping = true
      unsubscribe()
      context.noticeStreams.close()
      return stop(app, connections, streams, limits.stopMs)
    },
  }
}

function createApp(
  limits: HttpLimits,
  { trustedProxies = [], tls }: HttpServerOptions,
): FastifyInstance {
  const http = {
    headersTimeout: limits.headersTimeoutMs,
    connectionsCheckingInterval: Math.min(1_000, limits.headersTimeoutMs),
    maxHeaderSize: limits.headerBytesMax,
  }
  const options = {
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    logger: false,
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    // Nothing sent or received for so long is a dead or hostile peer; streams have a heartbeat.
    connectionTimeout: limits.requestTimeoutMs * 4,
    routerOptions: { maxParamLength: limits.parameterLengthMax },
    return503OnClosing: false,
    frameworkErrors: answerUnroutable,
    clientErrorHandler: answerBrokenRequests,
  }
  const https = tls && { ...http, ...secureOptions(tls, limits) }
  // The framework's types tell its two servers apart; what is used of either is the same.
  const app = https === undefined
    ? fastify({ ...options, http })
    : (fastify({ ...options, https }) as unknown as FastifyInstance)
  const parser = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, parser)
  app.setValidatorCompiler(validatorCompiler)
  // Answers are made by hand from views; a second schema pass would cost more than it could find.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  return app
}

/** Who shows no certificate is served as anybody; one that is not trusted reads nothing. */
const secureOptions = (
  { certificate, key, clientAuthority }: TlsOptions,
  { headersTimeoutMs }: HttpLimits,
) => ({
  ...{ cert: certificate, key, minVersion: 'TLSv1.2' as const, handshakeTimeout: headersTimeoutMs },
  ...(clientAuthority === undefined
    ? {}
    : { ca: clientAuthority, requestCert: true, rejectUnauthorized: false }),
})

const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
} as const

/** Before anything is read of a request: is there room for it, and are we still here? */
function limitFlow(
  app: FastifyInstance,
  flow: { open: number; stopping: boolean },
  answering: () => number,
  limits: HttpLimits,
): void {
  app.addHook('onRequest', async (_request, reply) => {
    flow.open += 1
    reply.raw.once('close', () => {
      flow.open -= 1
    })
    reply.headers(securityHeaders)
    if (flow.stopping) throw new Refused('server_stopping')
    if (answering() > limits.requestsMax) throw new Refused('server_busy')
  })
  app.addHook('onSend', async (_request, reply) => {
    if (flow.stopping) reply.header('connection', 'close')
  })
}

/** Browsers that came by TLS do not come without it again. */
function keepToTls(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('strict-transport-security', 'max-age=63072000')
  })
}

function measure(app: FastifyInstance, metrics: HttpMetrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    metrics.answered(request.method, route, reply.statusCode, reply.elapsedTime / 1_000)
  })
}

function createReader(
  app: FastifyInstance,
  { service, wallClock }: HttpServerOptions,
  { rate, credentialMs }: HttpLimits,
): (request: FastifyRequest) => Promise<Caller> {
  const readers = new WeakMap<FastifyRequest, Caller>()
  const check = app.createRateLimit({
    max: rate.accountReadsMax,
    timeWindow: rate.windowMs,
    keyGenerator: (request) => `account:${readers.get(request)?.account ?? 'none'}`,
  })
  return async (request) => {
    const known = readers.get(request)
    if (known !== undefined) return known
    const now = wallClock()
    const reader = await authenticated(service, askedBy(request, now), now, credentialMs)
    readers.set(request, reader)
    const checked = await check(request)
    if (!checked.isAllowed && checked.isExceeded) throw new Refused('rate_limited')
    return reader
  }
}

async function isStill(
  request: FastifyRequest,
  { account }: Caller,
  { service, wallClock }: HttpServerOptions,
  { credentialMs }: HttpLimits,
): Promise<boolean> {
  const now = wallClock()
  try {
    const reader = await authenticated(service, askedBy(request, now), now, credentialMs)
    return reader.account === account && mayRead(reader)
  } catch (error) {
    if (error instanceof Refused) return false
    throw error
  }
}

function askedBy(request: FastifyRequest, nowMs: number): Asked {
  const certificate = certificateIn(request, nowMs)
  const named = request.headers['busbar-account']
  const account = typeof named === 'string' && /^\d{1,10}$/.test(named) ? Number(named) : undefined
  return { header: credentialIn(request), address: request.ip, certificate, account }
}

/** Fills while routes are added: from the framework, so that none is served that is not in it. */
function listRoutes(app: FastifyInstance): readonly string[] {
  const listed: string[] = []
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (one !== 'HEAD') listed.push(`${one} ${url}`)
  })
  return listed
}

async function listen(
  app: FastifyInstance,
  limits: HttpLimits,
  host: string,
  port: number,
): Promise<{ url: string; port: number }> {
  app.server.maxConnections = limits.connectionsMax
  await app.listen({ host, port })
  const address = app.server.address() as AddressInfo
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address
  const scheme = app.server instanceof Server ? 'https' : 'http'
  return { url: `${scheme}://${name}:${address.port}`, port: address.port }
}

async function stop(
  app: FastifyInstance,
  connections: Connections,
  streams: Streams,
  stopMs: number,
): Promise<void> {
  streams.close()
  const cut = setTimeout(connections.cut, stopMs)
  const closed = app.close()
  connections.drain()
  await closed
  clearTimeout(cut)
}
