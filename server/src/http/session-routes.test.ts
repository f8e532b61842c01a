/**
 * Goal: a browser reads for whoever signed in and for nobody else, until it ends; its cookie is
 * out of reach of scripts and of other pages, and does nothing but read.
 * Method: the real app on a socket over an exchange in memory; cookies as a browser would send
 * them, and as it must not; tables of what a cookie may not do.
 */
import { deepEqual, equal, match } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { BusbarClient, credentialOf } from '@busbar/client'
import { sessionRoutes } from '@busbar/protocols/api'
import { asked, checkedFetch } from './testing/checked-fetch.ts'
import { people } from './testing/exchange-double.ts'
import { type Harness, openServer, signerOf } from './testing/harness.ts'

const hour = 3_600_000
let harness: Harness

before(async () => {
  harness = await openServer()
})

after(async () => {
  await harness.server.stop()
  deepEqual(harness.reported, [], 'nothing failed on the way')
})

type Body = {
  readonly code?: string
  readonly session?: { readonly account: number; readonly untilMs: number } | null
}
type Answer = { readonly status: number; readonly cookie: string; readonly body: Body }

async function ask(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await checkedFetch(`${harness.url}${path}`, { method, headers })
  const cookie = response.headers.get('set-cookie') ?? ''
  return { status: response.status, cookie, body: (await response.json()) as Body }
}

const credential = (name: keyof typeof people, untilMs = Date.now() + hour): Promise<string> =>
  signerOf(name).credential(untilMs)

/** As a browser sends it back. */
const kept = ({ cookie }: Answer): string => cookie.split(';')[0] ?? ''

const signedIn = async (name: keyof typeof people, hours = 1): Promise<string> => {
  const authorization = await credential(name, Date.now() + hours * hour)
  return kept(await ask('POST', '/v1/session', { authorization }))
}

describe('signing in', () => {
  test('keeps the credential where no script can read it', async () => {
    const untilMs = Date.now() + hour
    const authorization = await credential('alice', untilMs)
    const { status, cookie, body } = await ask('POST', '/v1/session', { authorization })
    equal(status, 200)
    const { account } = people.alice
    deepEqual([body.session?.account, body.session?.untilMs], [account, untilMs])
    const attributes = /; Path=\/; Max-Age=3\d{3}; HttpOnly; SameSite=Strict$/
    match(cookie, attributes)
    match(cookie, /^busbar=4\.\d+\.0x[0-9a-f]+;/)
  })

  test('over TLS is bound to this host', async () => {
    const headers = { authorization: await credential('alice'), host: 'market.example' }
    // `fetch` would not let the name be changed.
    const { request } = await import('node:http')
    const cookie = await new Promise<string>((resolve, reject) => {
      const at = { host: '127.0.0.1', port: harness.port, path: '/v1/session', method: 'POST' }
      request({ ...at, headers }, (answer) => {
        answer.resume()
        resolve(String(answer.headers['set-cookie']))
      }).on('error', reject).end()
    })
    match(cookie, /^__Host-busbar=.*; Path=\/;.*HttpOnly; SameSite=Strict; Secure$/)
  })

  test('over TLS is so behind a trusted proxy too, which names this machine', async () => {
    const behind = await openServer({ trustedProxies: ['127.0.0.1'] })
    const authorization = await credential('alice')
    const cookieBy = async (headers: Record<string, string>): Promise<string> => {
      const at = `${behind.url}/v1/session`
      const answer = await fetch(at, { method: 'POST', headers: { authorization, ...headers } })
      return answer.headers.get('set-cookie') ?? ''
    }
    match(await cookieBy({ 'x-forwarded-proto': 'https' }), /^__Host-busbar=.*; Secure$/)
    match(await cookieBy({}), /^busbar=.*; SameSite=Strict$/)
    await behind.server.stop()
    const { url } = harness
    const headers = { authorization, 'x-forwarded-proto': 'https' }
    const stranger = await fetch(`${url}/v1/session`, { method: 'POST', headers })
    match(stranger.headers.get('set-cookie') ?? '', /^busbar=/, 'a header that anybody can send')
  })

  test('by what is no credential is refused, and keeps nothing', async () => {
    const ended = await credential('alice', 1)
    const cases: readonly (readonly [headers: Record<string, string>, code: string])[] = [
      [{}, 'credential_missing'],
      [{ authorization: 'Basic YTpi' }, 'credential_malformed'],
      [{ authorization: ended }, 'credential_expired'],
      [{ authorization: `${(await credential('alice')).slice(0, -2)}00` }, 'credential_invalid'],
      [{ cookie: await signedIn('alice') }, 'credential_missing'],
    ]
    for (const [headers, code] of cases) {
      const { status, cookie, body } = await ask('POST', '/v1/session', headers)
      deepEqual([status, body.code, cookie], [401, code, ''])
    }
  })
})

describe('a session', () => {
  test('reads what is its account’s, and nobody else’s', async () => {
    const cookie = await signedIn('alice')
    equal((await ask('GET', '/v1/accounts/4', { cookie })).status, 200)
    equal((await ask('GET', '/v1/accounts/5', { cookie })).body.code, 'access_denied')
    equal((await ask('GET', '/v1/session', { cookie })).body.session?.account, 4)
    const two = { cookie: `other=1; ${cookie}; more=2`, 'sec-fetch-site': 'same-origin' }
    equal((await ask('GET', '/v1/accounts/4', two)).status, 200)
  })

  test('is told nothing where another page asks', async () => {
    const cookie = await signedIn('alice')
    for (const site of ['cross-site', 'same-site']) {
      const { body } = await ask('GET', '/v1/accounts/4', { cookie, 'sec-fetch-site': site })
      equal(body.code, 'credential_missing', site)
    }
  })

  test('does nothing but read', async () => {
    const cookie = await signedIn('operator')
    const headers = { cookie, 'content-type': 'application/json' }
    const response = await fetch(`${harness.url}/v1/proving/claims`, {
      ...{ method: 'POST', headers, body: '{}' },
    })
    equal(response.status, 401)
  })

  test('gives way to the credential of a request', async () => {
    const headers = { cookie: await signedIn('alice'), authorization: await credential('bob') }
    equal((await ask('GET', '/v1/session', headers)).body.session?.account, people.bob.account)
  })

  const over: readonly (readonly [what: string, cookie: string])[] = [
    ['none', ''],
    ['another’s', 'other=1'],
    ['an empty one', 'busbar='],
    ['no credential', 'busbar=hello'],
    ['one that ended', 'busbar=4.1.0x00'],
    ['one of nobody’s key', `busbar=4.${Date.now() + hour}.0x${'11'.repeat(65)}`],
    ['one for another host', `__Host-busbar=4.${Date.now() + hour}.0x${'11'.repeat(65)}`],
  ]
  for (const [what, cookie] of over) {
    test(`is none by a cookie that is ${what}`, async () => {
      const { status, body } = await ask('GET', '/v1/session', cookie === '' ? {} : { cookie })
      deepEqual([status, body], [200, { session: null }])
    })
  }

  test('ends when it is closed', async () => {
    const { cookie, body } = await ask('DELETE', '/v1/session', { cookie: await signedIn('alice') })
    match(cookie, /^busbar=; Path=\/; Max-Age=0; HttpOnly; SameSite=Strict$/)
    deepEqual(body, { session: null })
    const broken = await ask('GET', '/v1/session', { cookie: 'busbar=hello' })
    match(broken.cookie, /^busbar=; .*Max-Age=0/)
  })

  test('that was closed reads no longer, by whichever copy of it', async () => {
    const [cookie, other] = [await signedIn('alice', 2), await signedIn('alice', 3)]
    const copied = { cookie }
    const header = { authorization: cookie.replace('busbar=', 'Busbar ') }
    equal((await ask('GET', '/v1/accounts/4', copied)).status, 200)
    // Another page does not sign anybody out.
    await ask('DELETE', '/v1/session', { cookie, 'sec-fetch-site': 'cross-site' })
    equal((await ask('GET', '/v1/accounts/4', header)).status, 200)
    await ask('DELETE', '/v1/session', { cookie, 'sec-fetch-site': 'same-origin' })
    for (const each of [copied, header]) {
      equal((await ask('GET', '/v1/accounts/4', each)).body.code, 'credential_revoked')
    }
    deepEqual((await ask('GET', '/v1/session', copied)).body, { session: null })
    equal((await ask('POST', '/v1/session', header)).body.code, 'credential_revoked')
    equal((await ask('GET', '/v1/accounts/4', { cookie: other })).status, 200)
  })

  test('is not ended by who makes one up', async () => {
    const cookie = await signedIn('alice', 2.5)
    const made = `${cookie.split('.').slice(0, 2).join('.')}.0x${'11'.repeat(65)}`
    await ask('DELETE', '/v1/session', { cookie: made })
    equal((await ask('GET', '/v1/accounts/4', { cookie })).status, 200)
  })

  test('is opened, read and closed by the client', async () => {
    const client = new BusbarClient({ baseUrl: harness.url, fetch: checkedFetch })
    equal(await client.sessions.current(), null)
    const alice = client.as(credentialOf(signerOf('alice')))
    equal((await alice.sessions.open())?.account, 4)
    equal((await alice.sessions.current())?.account, 4)
    await alice.sessions.close()
  })
})

test('every route was asked', () => {
  deepEqual(Object.keys(sessionRoutes).filter((name) => !asked.has(name)), [])
})
