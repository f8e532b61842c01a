/**
 * Goal: by a certificate somebody reads as the account that has signed for it, while certificate,
 * authority and grant hold, and nobody reads by one that does not; whoever shows none is served as
 * anybody, and a stop ends connections by TLS as well.
 * Method: real connections with certificates made on the spot, under the right authority and under
 * others; grants with real signatures on a small market; time is moved.
 */
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import { Agent, request } from 'node:https'
import { text } from 'node:stream/consumers'
import { connect } from 'node:tls'
import { after, before, describe, test } from 'node:test'
import { grantMessage, type GrantScope } from '@busbar/protocols/access'
import { accessGrantDigest, accessRevocationDigest } from '@busbar/protocols/eip712'
import { Registry } from 'prom-client'
import { pureVerifier } from '../adapters/signatures/index.ts'
import { GrantDesk } from '../app/access/grant-desk.ts'
import { createHttpServer, type HttpServer } from '../http/http-server.ts'
import { ExchangeDouble } from '../http/testing/exchange-double.ts'
import { networks } from '../settings/networks.ts'
import { certificateOf, type TestCertificate } from '../testing/certificates.ts'
import { MemoryGrants } from '../testing/memory-grants.ts'
import { accountOf, signedBy, SmallMarket } from '../testing/small-market.ts'

const hourMs = 3_600_000
const authority = certificateOf('Market Clients')
const elsewhere = certificateOf('Market Clients')
const servers = certificateOf('Servers')
const own = certificateOf('127.0.0.1', servers)
const controller = certificateOf('controller', authority)
const alice = accountOf('alice')

let market: SmallMarket
let grants: GrantDesk
let server: HttpServer
let url = ''
let port = 0
let passedMs = 0
let grantCount = 0

const now = (): number => Date.now() + passedMs

let service: ExchangeDouble

async function serve(): Promise<void> {
  service = Object.assign(new ExchangeDouble(), { access: grants })
  server = await createHttpServer({
    ...{ service, registry: new Registry(), wallClock: now, epoch: 'e1', report: () => undefined },
    tls: { ...own, clientAuthority: authority.certificate },
  })
  ;({ url, port } = await server.listen({ host: '127.0.0.1', port: 0 }))
}

before(async () => {
  market = await SmallMarket.open()
  grants = new GrantDesk({
    ...{ stateOf: () => market.state, domain: market.domain, verifier: pureVerifier() },
    ...{ book: new MemoryGrants(), networks, wallClock: now },
    report: (error) => ok(false, String(error)),
  })
  await grants.start()
  await serve()
})

after(() => server.stop())

/** Signs for a certificate; gives the id of the grant. */
async function grant(of: TestCertificate, owner = 'alice', change: object = {}): Promise<string> {
  grantCount += 1
  const terms = {
    ...{ id: `0x${grantCount.toString(16).padStart(32, '0')}`, account: accountOf(owner) },
    ...{ kind: 'certificate' as const, subject: of.fingerprint, scopes: ['read'] as GrantScope[] },
    ...{ networks: [] as string[], label: of.name, until: now() + hourMs, issuedAt: now() },
    ...change,
  }
  const signature = signedBy(owner, accessGrantDigest(market.domain, grantMessage(terms)))
  const answer = await grants.submit({ ...terms, signature })
  equal(answer.kind, 'taken', JSON.stringify(answer))
  return terms.id
}

async function revoke(id: string, owner = 'alice'): Promise<void> {
  const word = { account: accountOf(owner), grant: id }
  const signature = signedBy(owner, accessRevocationDigest(market.domain, word))
  equal((await grants.revoke({ ...word, signature })).kind, 'taken')
}

type Asked = {
  readonly path?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly agent?: Agent
}

/** The status, or the code of what was refused. */
async function ask(
  by: TestCertificate | undefined,
  { path = `/v1/accounts/${alice}`, method = 'GET', headers = {}, agent }: Asked = {},
): Promise<number | string> {
  const shown = by === undefined ? {} : { cert: by.certificate, key: by.key }
  const trust = { ca: servers.certificate }
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    const at = { ...shown, ...trust, method, headers, ...(agent === undefined ? {} : { agent }) }
    request(`${url}${path}`, at, resolve).on('error', reject).end()
  })
  body = await text(response)
  hsts = String(response.headers['strict-transport-security'])
  if (response.statusCode === 200) return 200
  return (JSON.parse(body) as { readonly code: string }).code
}

let [hsts, body] = ['', '']

describe('a certificate', () => {
  test('that an account has signed for reads as this account', async () => {
    const id = await grant(controller)
    equal(await ask(controller), 200)
    equal(await ask(controller, { path: `/v1/accounts/${accountOf('bob')}` }), 'access_denied')
    equal(await ask(controller, { path: '/v1/session', method: 'POST' }), 'scope_missing')
    await revoke(id)
    equal(await ask(controller), 'credential_revoked')
  })

  test('is told whom it reads as, like a session', async () => {
    const said = { path: '/v1/session' }
    const stranger = certificateOf('stranger', authority)
    deepEqual([await ask(stranger, said), body], [200, '{"session":null}'])
    const id = await grant(controller)
    equal(await ask(controller, said), 200)
    deepEqual(JSON.parse(body).session?.account, alice)
    const headers = { 'sec-fetch-site': 'cross-site' }
    deepEqual([await ask(controller, { ...said, headers }), body], [200, '{"session":null}'])
    await revoke(id)
  })

  test('that nobody has signed for reads nothing, and what is public all the same', async () => {
    const stranger = certificateOf('stranger', authority)
    equal(await ask(stranger), 'credential_invalid')
    equal(await ask(stranger, { path: '/v1/market' }), 200)
  })

  test('ends at once, on a connection that stays open too', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const id = await grant(controller)
    equal(await ask(controller, { agent }), 200)
    await revoke(id)
    equal(await ask(controller, { agent }), 'credential_revoked')
    agent.destroy()
  })

  const untrusted: readonly (readonly [what: string, certificate: TestCertificate])[] = [
    ['of another authority with the same name', certificateOf('controller', elsewhere)],
    ['of its own', certificateOf('controller')],
    ['that is over', certificateOf('old', authority, { fromMs: -2 * hourMs, untilMs: -hourMs })],
    ['that has not begun', certificateOf('new', authority, { fromMs: hourMs })],
  ]
  for (const [what, certificate] of untrusted) {
    test(`${what} reads nothing, though an account has signed for it`, async () => {
      await grant(certificate)
      equal(await ask(certificate), 'certificate_untrusted')
      equal(await ask(certificate, { path: '/v1/market' }), 200)
    })
  }

  test('that ends on an open connection reads no more on it', async () => {
    const short = certificateOf('short', authority, { untilMs: hourMs })
    await grant(short, 'alice', { until: now() + 10 * hourMs })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    equal(await ask(short, { agent }), 200)
    passedMs = hourMs + 1_000
    equal(await ask(short, { agent }), 'certificate_untrusted')
    passedMs = 0
    agent.destroy()
  })

  test('of several accounts reads as the oldest that signed, or the one it names', async () => {
    const shared = certificateOf('bookkeeper', authority)
    await grant(shared)
    const second = await grant(shared, 'retailer', { issuedAt: now() + 1_000 })
    const path = `/v1/accounts/${accountOf('retailer')}`
    equal(await ask(shared), 200)
    equal(await ask(shared, { path }), 'access_denied')
    const headers = { 'busbar-account': String(accountOf('retailer')) }
    equal(await ask(shared, { path, headers }), 200)
    await revoke(second, 'retailer')
    equal(await ask(shared, { path, headers }), 'credential_revoked')
    equal(await ask(shared), 200)
    const other = { 'busbar-account': String(accountOf('grid')) }
    equal(await ask(shared, { path, headers: other }), 'credential_invalid')
  })

  test('gives way to a credential of the request, whatever that is worth', async () => {
    await grant(controller)
    const headers = { authorization: 'Bearer bb_of_nobody' }
    equal(await ask(controller, { headers }), 'credential_invalid')
  })

  test('is shown by a browser to our own pages alone', async () => {
    await grant(controller)
    for (const site of ['cross-site', 'same-site']) {
      equal(await ask(controller, { headers: { 'sec-fetch-site': site } }), 'credential_missing')
    }
    equal(await ask(controller, { headers: { 'sec-fetch-site': 'same-origin' } }), 200)
  })

  test('is no more than its fingerprint: a header with it says nothing', async () => {
    const shown = Buffer.from(controller.certificate).toString('base64')
    const headers = { 'x-client-cert': shown, 'x-ssl-client-verify': 'SUCCESS' }
    equal(await ask(undefined, { headers }), 'credential_missing')
  })
})

test('whoever shows none is served as anybody, and comes back by TLS', async () => {
  equal(await ask(undefined, { path: '/v1/market' }), 200)
  equal(await ask(undefined), 'credential_missing')
  match(url, /^https:/)
  equal(hsts, 'max-age=63072000')
  await rejects(fetch(url.replace('https', 'http')), 'nothing is said without TLS')
})

test('a stop gives what was asked its answer, by TLS too', async () => {
  await grant(controller)
  const asked = Promise.withResolvers<undefined>()
  const double = service
  const { account } = double
  double.account = async (number) => {
    asked.resolve(undefined)
    await new Promise((resolve) => setTimeout(resolve, 300))
    return account.call(double, number)
  }
  const answer = ask(controller)
  await asked.promise
  await server.stop()
  equal(await answer, 200)
  await serve()
})

test('a stop ends idle connections, with and without a handshake', async () => {
  const idle = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
  await new Promise((resolve) => idle.once('secureConnect', resolve))
  const { connect: plainConnect } = await import('node:net')
  const silent = plainConnect(port, '127.0.0.1')
  await new Promise((resolve) => silent.once('connect', resolve))
  const closed = [idle, silent].map((socket) => {
    socket.on('error', () => undefined)
    return new Promise((resolve) => socket.resume().once('close', resolve))
  })
  const began = performance.now()
  await server.stop()
  await Promise.all(closed)
  ok(performance.now() - began < 5_000)
  await serve()
  deepEqual(await ask(undefined, { path: '/v1/market' }), 200)
})
