/**
 * Goal: what is for this machine is for nobody who only comes by way of it.
 * Method: a table of connections, as the system and a trusted proxy tell of them.
 */
import { equal } from 'node:assert/strict'
import { test } from 'node:test'
import { isLocalRequest } from './local-request.ts'

type Case = readonly [
  wanted: boolean,
  what: string,
  remote: string | undefined,
  own: string,
  host: string | undefined,
  ip?: string,
]

const cases: readonly Case[] = [
  [true, 'by its first address', '127.0.0.1', '127.0.0.1', '127.0.0.1:8420'],
  [true, 'by another of its own', '127.8.9.1', '127.8.9.1', 'localhost'],
  [true, 'by the new kind', '::1', '::1', '[::1]:8420'],
  [true, 'by the old kind in the new', '::ffff:127.0.0.1', '::ffff:127.0.0.1', 'localhost:1'],
  [true, 'bound to an address of the network', '10.0.0.5', '10.0.0.5', '10.0.0.5:8420'],
  [true, 'so in the other form', '::ffff:10.0.0.5', '::ffff:10.0.0.5', '10.0.0.5'],
  [true, 'so by the new kind', 'fd00::5', 'fd00::5', '[fd00::5]:8420'],
  [false, 'of another machine', '10.0.0.6', '10.0.0.5', '10.0.0.5:8420'],
  [false, 'of another that says localhost', '10.0.0.6', '10.0.0.5', 'localhost'],
  [false, 'of the network’s other kind', 'fe80::1', 'fd00::5', 'localhost'],
  [false, 'of a connection that is over', undefined, '127.0.0.1', 'localhost'],
  [false, 'by a name', '10.0.0.5', '10.0.0.5', 'exchange.example'],
  [false, 'without a name', '127.0.0.1', '127.0.0.1', undefined],
  [false, 'by an address that is not this one’s', '127.0.0.1', '127.0.0.1', '10.0.0.5'],
  [false, 'for another, as a proxy says', '127.0.0.1', '127.0.0.1', 'localhost', '203.0.113.7'],
]

for (const [wanted, what, remoteAddress, localAddress, host, ip] of cases) {
  test(`${what}: ${wanted ? 'local' : 'not'}`, () => {
    const socket = { remoteAddress, localAddress } as never
    const request = { headers: { host }, socket, ip: ip ?? remoteAddress ?? '' }
    equal(isLocalRequest(request), wanted)
    for (const name of ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip']) {
      equal(isLocalRequest({ ...request, headers: { host, [name]: '127.0.0.1' } }), false, name)
    }
  })
}
