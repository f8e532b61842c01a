import { routes } from '@busbar/protocols/api'
import type { FastifyRequest } from 'fastify'
import { isLocalHost } from './local-request.ts'

/*
 * A browser's session is a credential in a cookie: signed by a key of its account, good for reading
 * until its end, and worth nothing from the moment that key is revoked or somebody signs out of it.
 * The server keeps nothing of it but that, so that a restart signs nobody out, and nobody in again.
 */

const scheme = 'Busbar '
/** Where a connection is secure, no other host and no other path can set a cookie of this name. */
const secureName = '__Host-busbar'
const localName = 'busbar'

/**
 * By its `Host`: a browser that speaks to its own machine has no TLS to speak by. What came by TLS,
 * also to a proxy that is trusted and names this machine in its place, is not of this kind.
 */
const isLocal = ({ headers, protocol }: FastifyRequest): boolean =>
  protocol !== 'https' && isLocalHost(headers.host)

const nameFor = (request: FastifyRequest): string => (isLocal(request) ? localName : secureName)

/** Pages of other origins get nothing by a cookie, even where a browser would send it with them. */
export const isOwnPage = ({ headers }: FastifyRequest): boolean =>
  ['same-origin', 'none', undefined].includes(headers['sec-fetch-site']?.toString())

/**
 * The credential of a request: of its header, or where it only reads, of its cookie. What changes
 * anything is signed by itself or carries the header, which no other page can make a browser send;
 * but for what is broken on purpose, of a market to be looked at, on the machine of its server.
 */
export function credentialIn(request: FastifyRequest): string | undefined {
  const { authorization } = request.headers
  if (authorization !== undefined) return authorization
  const reads = request.method === 'GET' || request.method === 'HEAD'
  const breaks = request.routeOptions.url === routes.setFault.path
  return (reads || breaks) && isOwnPage(request) ? cookieIn(request) : undefined
}

function valueOf({ headers }: FastifyRequest, name: string): string | undefined {
  const parts = (headers.cookie ?? '').split(';').map((part) => part.trim())
  return parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1)
}

function cookieIn(request: FastifyRequest): string | undefined {
  const value = valueOf(request, nameFor(request))
  if (value === undefined || value === '') return undefined
  return value.startsWith(sessionMark) ? `Session ${value}` : `${scheme}${value}`
}

/** `Set-Cookie` that keeps a credential for so many seconds; zero takes it away. */
export function cookieOf(request: FastifyRequest, credential: string, seconds: number): string {
  const value = credential.slice(scheme.length)
  const held = `${nameFor(request)}=${value}; Path=/; Max-Age=${seconds}`
  return `${held}; HttpOnly; SameSite=Strict${isLocal(request) ? '' : '; Secure'}`
}

export const endedCookie = (request: FastifyRequest): string => cookieOf(request, scheme, 0)

/*
 * A person of a company has no key to sign a credential with. Its cookie holds a token instead, by
 * whose hash the server knows the session.
 */

const sessionMark = 's_'

export const sessionCookie = (request: FastifyRequest, token: string, seconds: number): string =>
  cookieOf(request, `${scheme}${sessionMark}${token}`, seconds)

/** The token that signing out ends: another page cannot have a browser ask for that. */
export function sessionIn(request: FastifyRequest): string | undefined {
  const value = valueOf(request, nameFor(request))
  return isOwnPage(request) && value?.startsWith(sessionMark) ? value.slice(2) : undefined
}

/** The credential that signing out ends, as it is in a header. */
export function heldCredentialIn(request: FastifyRequest): string | undefined {
  const held = isOwnPage(request) ? cookieIn(request) : undefined
  return held?.startsWith(scheme) === true ? held : undefined
}

/** On the way to a provider and back, which is another site: `Strict` would not come back. */
const wayName = (request: FastifyRequest): string => `${nameFor(request)}-sign-in`

function heldOnTheWay(request: FastifyRequest, token: string, seconds: number): string {
  const held = `${wayName(request)}=${token}; Path=/; Max-Age=${seconds}`
  return `${held}; HttpOnly; SameSite=Lax${isLocal(request) ? '' : '; Secure'}`
}

export const wayCookie = (request: FastifyRequest, token: string): string =>
  heldOnTheWay(request, token, 600)

export const endedWayCookie = (request: FastifyRequest): string => heldOnTheWay(request, '', 0)

export const wayIn = (request: FastifyRequest): string => valueOf(request, wayName(request)) ?? ''

/*
 * Who has come back and has a choice of accounts holds a token until it has chosen. It is read by
 * the page alone, which is of this site: `Strict` is kept from the way back, and not from the page.
 */

const choiceName = (request: FastifyRequest): string => `${nameFor(request)}-choice`

function heldForChoice(request: FastifyRequest, token: string, seconds: number): string {
  const held = `${choiceName(request)}=${token}; Path=/; Max-Age=${seconds}`
  return `${held}; HttpOnly; SameSite=Strict${isLocal(request) ? '' : '; Secure'}`
}

export const choiceCookie = (request: FastifyRequest, token: string): string =>
  heldForChoice(request, token, 600)

export const endedChoiceCookie = (request: FastifyRequest): string => heldForChoice(request, '', 0)

/** What a person chooses with: another page cannot have a browser ask for that. */
export const choiceIn = (request: FastifyRequest): string | undefined =>
  isOwnPage(request) ? valueOf(request, choiceName(request)) : undefined
