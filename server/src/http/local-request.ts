import type { FastifyRequest } from 'fastify'

type Request = Pick<FastifyRequest, 'headers' | 'socket' | 'ip'>

/** By which whoever passes a request on says so: then it is another's, wherever that one is. */
const passedOn = [
  'forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip',
] as const

/**
 * Whether a request was made on this machine, by a program that means this machine: its connection
 * begins where it ends, nothing says that it was passed on, and its `Host` is this machine too. A
 * page of another site, whose name was made to lead here, brings that name along.
 */
export function isLocalRequest({ headers, socket, ip }: Request): boolean {
  const own = plainAddress(socket.localAddress)
  const isHere = (address: string | undefined): boolean => {
    const plain = plainAddress(address)
    return plain !== undefined && (isLoopback(plain) || plain === own)
  }
  if (!isHere(socket.remoteAddress) || !isHere(ip)) return false
  if (passedOn.some((name) => headers[name] !== undefined)) return false
  return isLocalHost(headers.host) || isHere(addressIn(headers.host))
}

const localHost = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i

/** Whether a `Host` names the machine of whoever asks. */
export const isLocalHost = (host: string | undefined): boolean => localHost.test(host ?? '')

/** The address that a `Host` is; a name is the address of nobody. */
const addressIn = (host: string | undefined): string | undefined =>
  host?.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')

/** An address of the old kind as it is written, also where it came in one of the new. */
const plainAddress = (address: string | undefined): string | undefined =>
  address?.toLowerCase().replace(/^::ffff:/, '')

const isLoopback = (plain: string): boolean =>
  plain === '::1' || /^127(?:\.\d{1,3}){3}$/.test(plain)
