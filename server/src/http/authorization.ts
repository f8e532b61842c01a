import type { GrantScope } from '@busbar/protocols/access'
import { type Route, type RouteName, signedWordPattern } from '@busbar/protocols/api'
import type { Admission } from '../app/ports/access-service.ts'
import type { ExchangeService, Reader } from '../app/ports/exchange-service.ts'
import type { ClientCertificate } from './client-certificate.ts'
import { Refused } from './refused.ts'

/** `Authorization: Busbar <account>.<untilMs>.<signature>`. */
const credentialPattern = new RegExp(
  `^Busbar (0|[1-9][0-9]{0,9})\\.([1-9][0-9]{0,14})\\.(${signedWordPattern})$`,
)

export type Credential = {
  readonly account: number
  readonly untilMs: number
  readonly signature: string
}

/**
 * Reads a credential and checks what needs no key: its form, and that its end is ahead but no more
 * than `credentialMs`. Ends by the time outside, whatever the market's clock does.
 */
export function readCredential(
  header: string | undefined,
  nowMs: number,
  credentialMs: number,
): Credential {
  if (header === undefined) throw new Refused('credential_missing')
  const match = credentialPattern.exec(header)
  if (match === null) throw new Refused('credential_malformed')
  const [, account = '', until = '', signature = ''] = match
  const untilMs = Number(until)
  if (untilMs <= nowMs) throw new Refused('credential_expired', { limit: `after ${nowMs}` })
  if (untilMs > nowMs + credentialMs) {
    throw new Refused('credential_too_long', { limit: `at most ${nowMs + credentialMs}` })
  }
  return { account: Number(account), untilMs, signature }
}

/** Who asks, until when, and how far: without `scopes` as far as the account itself. */
export type Caller = Reader & {
  readonly untilMs: number
  readonly scopes?: readonly GrantScope[]
}

/** `Authorization: Bearer bb_<id>_<secret>`. The scheme is in any letter case, by RFC 9110. */
const bearerPattern = /^Bearer (\S+)$/i

/** As `credentialIn` gives a cookie that holds no credential. */
const sessionPattern = /^Session s_([0-9a-f]{64})$/

function admitted(admission: Admission): Caller {
  if (admission.kind === 'refused') throw new Refused(admission.reason)
  return admission.reader
}

export type Asked = {
  readonly header: string | undefined
  /** Where the request comes from. */
  readonly address: string
  /** Of its connection. */
  readonly certificate: ClientCertificate | undefined
  /** For which account, where a certificate is one of several. */
  readonly account: number | undefined
}

/** By a signed credential, an API key, a session, or without any of them by a certificate. */
export async function authenticated(
  service: ExchangeService,
  asked: Asked,
  nowMs: number,
  credentialMs: number,
): Promise<Caller> {
  const [, key] = bearerPattern.exec(asked.header ?? '') ?? []
  if (key !== undefined) {
    return admitted(service.access.byApiKey(key, asked.address))
  }
  const [, session] = sessionPattern.exec(asked.header ?? '') ?? []
  if (session !== undefined) return admitted(service.signIn.bySession(session, asked.address))
  const { certificate } = asked
  if (asked.header === undefined && certificate !== undefined) {
    if (!certificate.isTrusted) throw new Refused('certificate_untrusted')
    const { fingerprint } = certificate
    return admitted(service.access.byCertificate(fingerprint, asked.address, asked.account))
  }
  const credential = readCredential(asked.header, nowMs, credentialMs)
  const reader = await service.authenticate(credential)
  if (reader === undefined) throw new Refused('credential_invalid')
  if (service.signIn.isSignedOut(credential)) throw new Refused('credential_revoked')
  return { ...reader, untilMs: credential.untilMs }
}

/** What is not named in a grant is for the keys of the account alone. */
export function requireScope(
  { scopes }: Caller,
  { method, access }: Pick<Route, 'method' | 'access'>,
): void {
  if (scopes === undefined) return
  const needed = access === 'prover' ? 'prove' : method === 'GET' ? 'read' : undefined
  if (needed !== undefined && scopes.includes(needed)) return
  throw new Refused('scope_missing', { limit: needed ?? 'a key of the account' })
}

/** Whether a grant, where it is one, is for reading. A lost device reads by the routes below. */
export const mayRead = ({ scopes, objection }: Caller): boolean =>
  objection === undefined && (scopes === undefined || scopes.includes('read'))

/** What a device that the desk was told is lost is for: to see what was asked, and to object. */
const routesOfLost: ReadonlySet<RouteName> = new Set(['notices', 'openSession'])

export function requireHeld({ objection }: Caller, name: RouteName): void {
  if (objection === undefined || routesOfLost.has(name)) return
  throw new Refused('credential_revoked', { limit: 'its account’s notices, and to object' })
}

type Office = 'retailer' | 'distribution-utility'

/** Operators and auditors see what concerns anybody. */
export const seesAll = ({ roles }: Reader): boolean =>
  roles.some((role) => role === 'operator' || role === 'auditor')

/** Owners see what is theirs; operators and auditors see all. */
export function requireAccess(reader: Reader, owner: number): void {
  if (reader.account === owner || seesAll(reader)) return
  throw new Refused('access_denied')
}

/**
 * What somebody sees of those whom it serves is its own while it is not suspended, and has the
 * office where it takes one; and as ever operators' and auditors'.
 */
export function requireService(reader: Reader, owner: number, office?: Office): void {
  const isOwn = reader.account === owner
  if (isOwn && reader.isSuspended === true) throw new Refused('account_suspended')
  if (isOwn && (office === undefined || reader.roles.includes(office))) return
  requireAuditor(reader)
}

/** How somebody lives is for nobody who watches the market: the owner's alone. */
export function requireOwner(reader: Reader, owner: number): void {
  if (reader.account !== owner) throw new Refused('access_denied')
}

/** What concerns everybody at once is for operators and auditors alone. */
export function requireAuditor(reader: Reader): void {
  if (seesAll(reader)) return
  throw new Refused('access_denied')
}

/** What changes how the market runs, and nobody's rights, is for those who run it. */
export function requireOperator({ roles }: Reader): void {
  if (!roles.includes('operator')) throw new Refused('access_denied')
}

/** What authorities decide together is theirs and the auditors' to see. */
export function requireAuthority(reader: Reader): void {
  const may: readonly string[] = ['operator', 'authority', 'auditor']
  if (reader.roles.some((role) => may.includes(role))) return
  throw new Refused('access_denied')
}

/** Opened orders are for who proves them. */
export function requireProver(reader: Reader): void {
  if (reader.roles.some((role) => role === 'operator' || role === 'prover')) return
  throw new Refused('access_denied')
}
