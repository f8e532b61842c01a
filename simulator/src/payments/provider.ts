import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { idempotencyHeader } from '@busbar/protocols/payment-provider'
import { type ClockKind, serviceClock } from '../services/clock.ts'
import { isLoopback } from '../services/loopback.ts'
import { type FaultRates, Misbehaviour, type RequestFault } from '../services/misbehaviour.ts'
import { isBearer, textOf } from '../services/requests.ts'
import { admin, type AdminParts } from './admin.ts'
import { type Answer, refusal } from './answers.ts'
import { PaymentBook } from './payment-book.ts'
import { operationOf, read, write } from './requests.ts'
import { type Credentials, credentialsIn, PaymentStore } from './store.ts'
import { Webhooks } from './webhooks.ts'

export type ProviderOptions = {
  /** Where everything is kept. */
  readonly directory: string
  /** On this machine; 0 for any free one. */
  readonly port: number
  readonly clock: ClockKind
  readonly holdMaxMs: number
  readonly decideAfterMs: number
  readonly lateMs: number
  readonly rates: FaultRates
  readonly seed: number
  /** Kept from the last time where it is left out. */
  readonly webhookUrl?: string | undefined
}

export type RunningProvider = {
  readonly url: string
  readonly stop: () => Promise<void>
}

const bodyBytesMax = 65_536

/** How often time passes by a real clock. */
const tickMs = 50

type Parts = AdminParts & { readonly credentials: Credentials }

/** Starts the payment provider in this process, which a misbehaviour may end. */
export async function startPaymentProvider(options: ProviderOptions): Promise<RunningProvider> {
  const { webhookUrl } = options
  if (webhookUrl !== undefined && !isLoopback(webhookUrl)) {
    throw new RangeError('webhooks go to this machine only')
  }
  const store = new PaymentStore(options.directory)
  const credentials = credentialsIn(options.directory)
  const clock = serviceClock(options.clock, store)
  const book = new PaymentBook(store, options)
  const misbehaviour = new Misbehaviour(options.rates, options.seed)
  const webhooks = new Webhooks(
    store,
    misbehaviour,
    {
      secret: credentials.webhookSecret,
      lateMs: options.lateMs,
      retryMs: [100, 5_000],
      timeoutMs: 5_000,
      crash,
    },
    clock.now,
  )
  if (webhookUrl !== undefined) webhooks.setUrl(webhookUrl)
  const parts: Parts = { store, book, clock, misbehaviour, webhooks, credentials }
  const server = createServer((request, response) => {
    void serve(parts, request, response)
  })
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  const pass = (): void => store.transaction(() => book.passTime(clock.now()))
  const ticking = options.clock === 'real' ? setInterval(pass, tickMs) : undefined
  webhooks.start()
  return { url: urlOf(server), stop: () => stop(server, webhooks, store, ticking) }
}

const urlOf = (server: Server): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`

async function stop(
  server: Server,
  webhooks: Webhooks,
  store: PaymentStore,
  ticking: NodeJS.Timeout | undefined,
): Promise<void> {
  clearInterval(ticking)
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await Promise.all([closed, webhooks.stop()])
  store.close()
}

/** As the machine dies: nothing is flushed, nobody is told. */
function crash(): never {
  process.kill(process.pid, 'SIGKILL')
  // The signal ends this process before it comes to this.
  throw new Error('still alive')
}

async function serve(
  parts: Parts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const body = await textOf(request, bodyBytesMax)
    const url = new URL(request.url ?? '/', 'http://provider')
    const isAdmin = url.pathname.startsWith('/admin/')
    const { adminKey, apiKey } = parts.credentials
    if (!isBearer(request, isAdmin ? adminKey : apiKey)) {
      send(response, refusal('unauthorised'))
    } else if (body === undefined) {
      send(response, refusal('request_malformed'))
    } else if (isAdmin) {
      send(response, admin(parts, request.method ?? '', url, body) ?? refusal('not_found'))
    } else {
      provide(parts, request, url, body, response)
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    process.stderr.write(`${JSON.stringify({ event: 'failed', why })}\n`)
    if (!response.headersSent) send(response, refusal('internal'))
  }
}

/** One request of the contract, with what goes wrong with it on purpose. */
function provide(
  parts: Parts,
  request: IncomingMessage,
  url: URL,
  body: string,
  response: ServerResponse,
): void {
  const { store, book, clock, misbehaviour } = parts
  const method = request.method ?? ''
  const found = operationOf(method, url.pathname)
  if (found === undefined) return send(response, refusal('not_found'))
  const fault = misbehaviour.ofRequest(found.operation)
  if (fault === 'crash-before') crash()
  if (fault === 'fail-before') return send(response, refusal('unavailable'))
  const now = clock.now()
  store.transaction(() => book.passTime(now))
  const key = request.headers[idempotencyHeader]
  const full = {
    ...found,
    reference: url.searchParams.get('reference'),
    key: typeof key === 'string' ? key : undefined,
    body,
  }
  const midway = (): void => void (fault === 'crash-during' && crash())
  const answer = method === 'POST' ? write(store, book, full, now, midway) : read(book, full)
  sendWith(fault, response, answer)
}

function sendWith(
  fault: RequestFault | undefined,
  response: ServerResponse,
  answer: Answer,
): void {
  // The connection stays open: whoever asked waits until it gives up.
  if (fault === 'timeout') return
  if (fault === 'crash-after') crash()
  if (fault === 'fail-after') return send(response, refusal('internal'))
  const { body } = answer
  const isCut = fault === 'garbled'
  send(response, isCut ? { ...answer, body: body.slice(0, Math.floor(body.length / 2)) } : answer)
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(body)
}
