import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { BankBook } from '../bank/bank-book.ts'
import { bankAnswer, bankOperation } from '../bank/bank-routes.ts'
import { type ClockKind, serviceClock } from '../services/clock.ts'
import { type FaultRates, Misbehaviour, type RequestFault } from '../services/misbehaviour.ts'
import { isBearer, textOf } from '../services/requests.ts'
import { SqlStore } from '../services/sql-store.ts'
import { admin, type AdminParts } from './admin.ts'
import { type Answer, no, xml } from './answers.ts'
import { BillBook } from './bill-book.ts'
import { type Credentials, identityOf, keysIn } from './keys.ts'
import { Messages } from './messages.ts'
import { Notices } from './notices.ts'
import { Parties } from './parties.ts'
import { schema } from './schema.ts'

export type NetworkOptions = {
  /** Where everything is kept. */
  readonly directory: string
  /** Of the network as an institution. */
  readonly name: string
  /** On this machine; 0 for any free one. */
  readonly port: number
  readonly clock: ClockKind
  readonly lateMs: number
  readonly rates: FaultRates
  readonly seed: number
}

export type RunningNetwork = { readonly url: string; readonly stop: () => Promise<void> }

/** A file of ten thousand transfers. */
const bodyBytesMax = 32 * 2 ** 20

/** How often time passes by a real clock. */
const tickMs = 50

type Parts = AdminParts & { readonly messages: Messages; readonly credentials: Credentials }

/** Starts bill network and bank in this process, which a misbehaviour may end. */
export async function startBillNetwork(options: NetworkOptions): Promise<RunningNetwork> {
  const store = new SqlStore(join(options.directory, 'bills.sqlite'), schema)
  const credentials = keysIn(options.directory)
  const self = identityOf(options.name, credentials)
  const clock = serviceClock(options.clock, store)
  const misbehaviour = new Misbehaviour(options.rates, options.seed)
  const terms = { lateMs: options.lateMs, retryMs: [100, 5_000], timeoutMs: 5_000, crash } as const
  const notices = new Notices(store, misbehaviour, terms, self, clock.now)
  const parties = new Parties(store)
  const book = new BillBook(store, parties, (...told) => notices.add(...told))
  const messages = new Messages(store, book, self)
  const bank = new BankBook(options.directory)
  const passTime = (now: number): void => {
    store.transaction(() => book.passTime(now))
    bank.passTime(now)
  }
  const parts: Parts = {
    ...{ store, parties, notices, bank, clock, misbehaviour, messages, credentials },
    passTime,
  }
  const server = createServer((request, response) => {
    void serve(parts, request, response)
  })
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  const pass = (): void => passTime(clock.now())
  const ticking = options.clock === 'real' ? setInterval(pass, tickMs) : undefined
  notices.start()
  const stop = async (): Promise<void> => {
    clearInterval(ticking)
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await Promise.all([closed, notices.stop()])
    store.close()
    bank.close()
  }
  return { url: urlOf(server), stop }
}

const urlOf = (server: Server): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`

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
    const url = new URL(request.url ?? '/', 'http://network')
    const method = request.method ?? ''
    if (body === undefined) return send(response, no(400, 'body_too_large'))
    if (url.pathname.startsWith('/admin/')) {
      if (!isBearer(request, parts.credentials.adminKey)) return send(response, no(401, 'key'))
      return send(response, admin(parts, method, url, body) ?? no(404, 'not_found'))
    }
    if (url.pathname.startsWith('/bank/')) {
      if (!isBearer(request, parts.credentials.bankKey)) return send(response, no(401, 'key'))
      return serveBank(parts, method, url, body, response)
    }
    if (method !== 'POST' || url.pathname !== '/messages') {
      return send(response, no(404, 'not_found'))
    }
    serveMessage(parts, body, response)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    process.stderr.write(`${JSON.stringify({ event: 'failed', why })}\n`)
    if (!response.headersSent) send(response, no(500, 'internal'))
  }
}

/** One message, with what goes wrong with it on purpose. */
function serveMessage(parts: Parts, body: string, response: ServerResponse): void {
  const { messages, misbehaviour, store, clock } = parts
  const opened = messages.open(body)
  if ('status' in opened) return send(response, no(opened.status, opened.reason))
  const fault = misbehaviour.ofRequest(opened.body.kind)
  if (failsBefore(fault, response)) return
  const now = clock.now()
  parts.passTime(now)
  const answered = store.transaction(
    () => messages.answer(opened, now),
    () => void (fault === 'crash-during' && crash()),
  )
  const answer =
    answered.status === 200 ? xml(200, answered.text) : no(answered.status, answered.reason)
  sendWith(fault, response, answer)
}

function serveBank(
  parts: Parts,
  method: string,
  url: URL,
  body: string,
  response: ServerResponse,
): void {
  const { bank, misbehaviour, clock } = parts
  const operation = bankOperation(method, url.pathname)
  if (operation === undefined) return send(response, no(404, 'not_found'))
  const fault = misbehaviour.ofRequest(operation)
  if (failsBefore(fault, response)) return
  const now = clock.now()
  const beforeCommit = (): void => void (fault === 'crash-during' && crash())
  sendWith(fault, response, bankAnswer(bank, operation, url, body, now, beforeCommit))
}

function failsBefore(fault: RequestFault | undefined, response: ServerResponse): boolean {
  if (fault === 'crash-before') crash()
  if (fault === 'fail-before') send(response, no(503, 'unavailable'))
  return fault === 'fail-before'
}

function sendWith(fault: RequestFault | undefined, response: ServerResponse, answer: Answer): void {
  // The connection stays open: whoever asked waits until it gives up.
  if (fault === 'timeout') return
  if (fault === 'crash-after') crash()
  if (fault === 'fail-after') return send(response, no(500, 'internal'))
  const { body } = answer
  const isCut = fault === 'garbled'
  send(response, isCut ? { ...answer, body: body.slice(0, Math.floor(body.length / 2)) } : answer)
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
  response.end(body)
}
