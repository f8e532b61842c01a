import type { FastifyRequest } from 'fastify'

/*
 * A browser's session is a credential in a cookie: signed by a key of its account, good for reading
 * until its end, and worth nothing from the moment that key is revoked. The server keeps nothing of
 * it, so that a restart signs nobody out.
 */

const scheme = 'Busbar '
/** Where a connection is secure, no other host and no other path can set a cookie of this name. */
const secureName = '__Host-busbar'
const localName = 'busbar'

/** By its `Host`: a browser that speaks to its own machine has no TLS to speak by. */
const isLocal = ({ headers }: FastifyRequest): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/.test(headers.host ?? '')

const nameFor = (request: FastifyRequest): string => (isLocal(request) ? localName : secureName)

/** Pages of other origins get nothing by a cookie, even where a browser would send it with them. */
const isOwnPage = ({ headers }: FastifyRequest): boolean =>
  ['same-origin', 'none', undefined].includes(headers['sec-fetch-site']?.toString())

/**
 * The credential of a request: of its header, or where it only reads, of its cookie. What changes
 * anything is signed by itself or carries the header, which no other page can make a browser send.
 */
export function credentialIn(request: FastifyRequest): string | undefined {
  const { authorization } = request.headers
  if (authorization !== undefined) return authorization
  const reads = request.method === 'GET' || request.method === 'HEAD'
  return reads && isOwnPage(request) ? cookieIn(request) : undefined
}

function cookieIn(request: FastifyRequest): string | undefined {
  const wanted = `${nameFor(request)}=`
  const parts = (request.headers.cookie ?? '').split(';').map((part) => part.trim())
  const value = parts.find((part) => part.startsWith(wanted))?.slice(wanted.length)
  return value === undefined || value === '' ? undefined : `${scheme}${value}`
}

/** `Set-Cookie` that keeps a credential for so many seconds; zero takes it away. */
export function cookieOf(request: FastifyRequest, credential: string, seconds: number): string {
  const value = credential.slice(scheme.length)
  const held = `${nameFor(request)}=${value}; Path=/; Max-Age=${seconds}`
  return `${held}; HttpOnly; SameSite=Strict${isLocal(request) ? '' : '; Secure'}`
}

export const endedCookie = (request: FastifyRequest): string => cookieOf(request, scheme, 0)
