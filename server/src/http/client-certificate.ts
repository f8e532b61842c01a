import { TLSSocket } from 'node:tls'
import type { FastifyRequest } from 'fastify'
import { isOwnPage } from './session-cookie.ts'

/** What a connection was opened with, besides the server's own certificate. */
export type ClientCertificate = {
  /** SHA-256 of the certificate, `0x` hex. */
  readonly fingerprint: string
  /** It is of an authority that the server knows, and its time is not over. */
  readonly isTrusted: boolean
}

/**
 * The client's certificate of a request's connection, whose key the handshake has proven; undefined
 * where there is none. A connection may outlive the certificate: its time is looked at each time.
 */
export function certificateIn(
  request: FastifyRequest,
  nowMs: number,
): ClientCertificate | undefined {
  // A browser shows its certificate to whatever page asks: like a cookie, to our own alone.
  if (!isOwnPage(request)) return undefined
  const { socket } = request
  if (!(socket instanceof TLSSocket)) return undefined
  const certificate = socket.getPeerX509Certificate()
  if (certificate === undefined) return undefined
  const { fingerprint256, validFromDate, validToDate } = certificate
  const isNow = validFromDate.getTime() <= nowMs && nowMs <= validToDate.getTime()
  return {
    fingerprint: `0x${fingerprint256.replaceAll(':', '').toLowerCase()}`,
    isTrusted: socket.authorized && isNow,
  }
}
