import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { timingSafeEqual } from 'node:crypto'
import { Fault } from '@busbar/core/errors'
import {
  type CeremonyMessage,
  ceremonyRounds,
  type CeremonyRound,
  identityKeys,
} from '@busbar/protocols/timelock'
import type { Ceremonies } from './ceremonies.ts'
import type { MarketClock, MemberClock } from './clock.ts'
import { type KeyFile, verificationKeyIn } from './key-file.ts'
import { type LabelSigner, refusals } from './signing.ts'

export type MemberParts = {
  readonly name: string
  readonly keys: KeyFile
  readonly signer: LabelSigner
  readonly ceremonies: Ceremonies
  readonly clock: MemberClock | MarketClock
  /** Who may set a market clock knows this; null where there is none to set. */
  readonly clockToken: string | null
}

type Answer = { readonly status: number; readonly body: object }

/** A committee of 255 dealing to 255 fits; nobody sends more. */
const bodyBytesMax = 16 * 2 ** 20

const ok = (body: object): Answer => ({ status: 200, body })
const no = (status: number, code: string, more: object = {}): Answer => ({
  status,
  body: { code, ...more },
})

/** The member's HTTP interface: few routes, all of JSON, each refusal with a code. */
export function memberServer(parts: MemberParts): Server {
  return createServer((request, response) => {
    void answered(parts, request).then(({ status, body }) => send(response, status, body))
  })
}

async function answered(parts: MemberParts, request: IncomingMessage): Promise<Answer> {
  try {
    const { pathname } = new URL(request.url ?? '/', 'http://member')
    if (request.method === 'GET' && pathname === '/v1/health') return ok(health(parts))
    if (request.method !== 'POST') return no(404, 'not_found')
    const body = JSON.parse(await textOf(request)) as unknown
    if (!isRecord(body)) return no(400, 'body_malformed')
    if (pathname === '/v1/partials') return await partial(parts, body)
    if (pathname === '/v1/clock') return setClock(parts, request, body)
    const match = /^\/v1\/ceremonies\/(0x[0-9a-f]{64})\/(begin|[a-z]+)$/.exec(pathname)
    if (match === null) return no(404, 'not_found')
    return ceremony(parts, match[1] ?? '', match[2] ?? '', body)
  } catch (error) {
    if (error instanceof Fault) return no(409, error.code, { ...error.details })
    if (error instanceof SyntaxError) return no(400, 'body_malformed')
    if (error instanceof BodyTooLarge) return no(413, 'body_too_large')
    const why = error instanceof Error ? error.message : String(error)
    process.stderr.write(`${JSON.stringify({ event: 'failed', why })}\n`)
    return no(500, 'internal')
  }
}

function health({ name, keys, clock, signer }: MemberParts): object {
  const { identity, shares } = keys.secrets
  const { signingKey, sealingKey } = identityKeys(identity)
  return {
    name,
    clock: clock.kind,
    ...(clock.kind === 'market' && { warning: 'market clock: development, not secure' }),
    now_ms: clock.now(),
    signing_key: signingKey,
    sealing_key: sealingKey,
    signed: signer.signedCount,
    shares: shares.map((held) => ({
      public_key: held.committee.publicKey,
      verification_key: verificationKeyIn(held),
      index: held.index,
      threshold: held.committee.threshold,
      members: held.committee.members.length,
      confirmed: held.isConfirmed,
    })),
  }
}

async function partial(
  { signer, name }: MemberParts,
  { label, verification_key: key }: Readonly<Record<string, unknown>>,
): Promise<Answer> {
  if (typeof label !== 'string' || typeof key !== 'string') return no(400, 'body_malformed')
  const answer = await signer.sign(label, key)
  if (answer.kind === 'signed') {
    return ok({ name, index: answer.index, label, partial: answer.partial })
  }
  const { reason, opensAtMs } = answer
  return no(refusals[reason], reason, opensAtMs === undefined ? {} : { opens_at_ms: opensAtMs })
}

function ceremony(
  { ceremonies }: MemberParts,
  digest: string,
  round: string,
  body: Readonly<Record<string, unknown>>,
): Answer {
  if (round === 'begin') {
    const begun = ceremonies.begin(digest)
    if (begun.kind === 'begun') return ok({ message: begun.message })
    return begun.kind === 'over' ? no(409, 'ceremony_over') : no(403, 'plan_not_approved')
  }
  const known = ceremonyRounds.find((one): one is CeremonyRound => one === round)
  if (known === undefined) return no(404, 'not_found')
  const { messages } = body
  if (!Array.isArray(messages)) return no(400, 'body_malformed')
  if (!messages.every(isRecord)) return no(400, 'body_malformed')
  const step = ceremonies.receive(digest, known, messages as unknown as CeremonyMessage[])
  if (step === undefined) return no(404, 'ceremony_unknown')
  const { message, outcome } = step
  // The share stays here: only what everybody may know leaves.
  if (outcome === null) return ok({ message })
  const { committee, disqualified } = outcome
  return ok({ message, committee, disqualified })
}

function setClock(
  { clock, clockToken }: MemberParts,
  request: IncomingMessage,
  { now_ms: nowMs }: Readonly<Record<string, unknown>>,
): Answer {
  if (!('advance' in clock) || clockToken === null) return no(404, 'not_found')
  const given = Buffer.from(request.headers.authorization ?? '')
  const wanted = Buffer.from(`Bearer ${clockToken}`)
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    return no(401, 'token_wrong')
  }
  if (!Number.isSafeInteger(nowMs)) return no(400, 'body_malformed')
  clock.advance(Number(nowMs))
  return ok({ clock: clock.kind, now_ms: clock.now() })
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

class BodyTooLarge extends Error {}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > bodyBytesMax) throw new BodyTooLarge('the body is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(`${JSON.stringify(body)}\n`)
}
