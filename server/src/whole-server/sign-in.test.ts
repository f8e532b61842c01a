/**
 * Goal: a person of a company reads as the account whose grant names it, for as long as that holds,
 * and nobody reads by an answer that is another's, old, used, bent or of another provider.
 * Method: a real identity provider as its own process, which can be told to lie in tokens that it
 * signs; the real routes on a socket, and grants with real signatures on a small market.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { grantMessage, type GrantScope } from '@busbar/protocols/access'
import { accessGrantDigest, accessRevocationDigest } from '@busbar/protocols/eip712'
import { Registry } from 'prom-client'
import { OpenIdProvider } from '../adapters/sign-in/openid-provider.ts'
import { pureVerifier } from '../adapters/signatures/index.ts'
import { GrantDesk } from '../app/access/grant-desk.ts'
import { SignInDesk, signInLimits } from '../app/access/sign-in-desk.ts'
import { createHttpServer, type HttpServer } from '../http/http-server.ts'
import { ExchangeDouble } from '../http/testing/exchange-double.ts'
import { networks } from '../settings/networks.ts'
import { IdentityProviderProcess } from '../testing/identity-provider-process.ts'
import { MemoryGrants } from '../testing/memory-grants.ts'
import { accountOf, signedBy, SmallMarket } from '../testing/small-market.ts'

const publicUrl = 'http://127.0.0.1:1'
const dayMs = 86_400_000
const names = ['acme', 'other'] as const
const idps = new Map<string, IdentityProviderProcess>()
const acme = (): IdentityProviderProcess => idps.get('acme') as IdentityProviderProcess

let market: SmallMarket
let book: MemoryGrants
let grants: GrantDesk
let server: HttpServer
let url = ''
let passedMs = 0
let claim = 'sub'

const now = (): number => Date.now() + passedMs

before(async () => {
  for (const name of names) {
    const idp = new IdentityProviderProcess()
    await idp.start(`${publicUrl}/v1/sign-in/${name}/callback`)
    idps.set(name, idp)
  }
})

after(() => {
  for (const idp of idps.values()) idp.stop()
})

beforeEach(async () => {
  ;[market, book, passedMs, claim] = [await SmallMarket.open(), new MemoryGrants(), 0, 'sub']
  await serve()
  await grant(1, 'alice', 'bob@acme')
})

afterEach(async () => {
  await server.stop()
  await acme().lie({})
})

async function serve(change: { readonly issuer?: string } = {}): Promise<void> {
  const secret = { clientId: 'busbar', clientSecret: 'a secret of the market' }
  const providers = names.map((name) => {
    const issuer = change.issuer ?? idps.get(name)?.issuer ?? ''
    const about = { name, label: name, issuer, auth: 'basic' as const, claim }
    return new OpenIdProvider(
      { ...about, ...secret, scopes: ['openid', 'email', 'groups'] }, publicUrl, now,
    )
  })
  grants = new GrantDesk({
    ...{ stateOf: () => market.state, domain: market.domain, verifier: pureVerifier() },
    ...{ book, networks, wallClock: now, report: (error: unknown) => ok(false, String(error)) },
  })
  const parts = { providers, grants, book, wallClock: now, sessionMs: 8 * 3_600_000 }
  const signIn = new SignInDesk(parts)
  await grants.start()
  await signIn.start()
  const service = Object.assign(new ExchangeDouble(), { access: grants, signIn })
  server = await createHttpServer({
    ...{ service, registry: new Registry(), wallClock: now, epoch: 'e1', report: () => undefined },
  })
  url = (await server.listen({ host: '127.0.0.1', port: 0 })).url
}

const idOf = (number: number): string => `0x${number.toString(16).padStart(32, '0')}`

async function grant(number: number, owner: string, person: string, change: object = {}) {
  const [who = '', at = ''] = person.split('@')
  const terms = {
    ...{ id: idOf(number), account: accountOf(owner), kind: 'sign_in' as const },
    ...{ subject: `${idps.get(at)?.issuer} ${who}`, scopes: ['read'] as GrantScope[] },
    ...{ networks: [] as string[], label: 'a clerk', until: now() + 300 * dayMs, issuedAt: now() },
    ...change,
  }
  const signature = signedBy(owner, accessGrantDigest(market.domain, grantMessage(terms)))
  const answer = await grants.submit({ ...terms, signature })
  equal(answer.kind, 'taken', JSON.stringify(answer))
}

async function revoke(number: number, owner: string): Promise<void> {
  const word = { account: accountOf(owner), grant: idOf(number) }
  const signature = signedBy(owner, accessRevocationDigest(market.domain, word))
  equal((await grants.revoke({ ...word, signature })).kind, 'taken')
}

type Answer = {
  readonly status: number
  readonly location: string
  readonly cookies: readonly string[]
  readonly code: string
}

async function ask(path: string, cookie = '', method = 'GET'): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    ...{ redirect: 'manual', method, headers: cookie === '' ? {} : { cookie } },
  })
  const text = await response.text()
  const isProblem = response.headers.get('content-type')?.includes('json') === true
  const code = isProblem ? ((JSON.parse(text) as { code?: string }).code ?? '') : ''
  const location = response.headers.get('location') ?? ''
  return { status: response.status, location, cookies: response.headers.getSetCookie(), code }
}

const pairOf = (cookies: readonly string[], name: string): string =>
  cookies.find((cookie) => cookie.startsWith(`${name}=`))?.split(';')[0] ?? ''

type Way = { readonly cookie: string; readonly back: URL }

/** To the provider and back, but for the last step. */
async function wayOf(name = 'bob', at = 'acme', query = ''): Promise<Way> {
  const begun = await ask(`/v1/sign-in/${at}${query}`)
  equal(begun.status, 303, begun.code)
  const idp = idps.get(at) as IdentityProviderProcess
  const back = await idp.signIn(begun.location, name)
  return { cookie: pairOf(begun.cookies, 'busbar-sign-in'), back }
}

const come = ({ cookie, back }: Way, change: Readonly<Record<string, string>> = {}) => {
  const changed = new URL(back)
  for (const [key, value] of Object.entries(change)) changed.searchParams.set(key, value)
  return ask(`${changed.pathname}${changed.search}`, cookie)
}

/** The cookie of who is signed in. */
async function signedIn(name = 'bob', at = 'acme', query = ''): Promise<string> {
  const done = await come(await wayOf(name, at, query))
  equal(done.status, 303, done.code)
  return pairOf(done.cookies, 'busbar')
}

/** The account that a cookie reads as, or null. */
async function readsAs(cookie: string): Promise<number | null> {
  const response = await fetch(`${url}/v1/session`, { headers: { cookie } })
  const { session } = (await response.json()) as { session: { account: number } | null }
  return session?.account ?? null
}

describe('a person of a company', () => {
  test('reads as the account that has named it, and does nothing else', async () => {
    const cookie = await signedIn()
    const account = accountOf('alice')
    equal(await readsAs(cookie), account)
    equal((await ask(`/v1/accounts/${account}`, cookie)).status, 200)
    equal((await ask(`/v1/accounts/${accountOf('bob')}`, cookie)).code, 'access_denied')
    equal((await ask('/v1/proving/queue', cookie)).code, 'access_denied')
    const { status } = await ask('/v1/session', cookie, 'POST')
    equal(status, 401, 'a cookie opens no other session')
    equal(grants.list(account)?.[0]?.lastUsedMs !== null, true)
  })

  test('comes back to where it wanted, with a cookie that no script reads', async () => {
    const way = await wayOf('bob', 'acme', '?back=%2Fhome%3Fday%3D1')
    const done = await come(way)
    deepEqual([done.status, done.location], [303, '/home?day=1'])
    const [over = '', session = ''] = done.cookies
    match(over, /^busbar-sign-in=; Path=\/; Max-Age=0; HttpOnly; SameSite=Lax$/)
    const kept = /^busbar=s_[0-9a-f]{64}; Path=\/; Max-Age=28[78]\d\d; HttpOnly; SameSite=Strict$/
    match(session, kept)
    const begun = await ask('/v1/sign-in/acme')
    const held = /^busbar-sign-in=\w{64}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/
    match(begun.cookies[0] ?? '', held)
  })

  test('whom nobody has named reads as nobody', async () => {
    const done = await come(await wayOf('mallory'))
    deepEqual([done.status, done.code], [403, 'sign_in_unknown'])
    equal(pairOf(done.cookies, 'busbar'), '')
  })

  test('is who it is at its own provider alone', async () => {
    equal((await come(await wayOf('bob', 'other'))).code, 'sign_in_unknown')
  })

  test('reads as the oldest of those who named it, or as the one it asks for', async () => {
    passedMs += 1_000
    await grant(2, 'retailer', 'bob@acme')
    equal(await readsAs(await signedIn()), accountOf('alice'))
    const query = `?account=${accountOf('retailer')}`
    equal(await readsAs(await signedIn('bob', 'acme', query)), accountOf('retailer'))
    const other = await come(await wayOf('bob', 'acme', `?account=${accountOf('grid')}`))
    equal(other.code, 'sign_in_unknown')
  })

  for (const back of ['//evil.example', '/\\evil.example', 'https://evil.example', '/a\tb', '']) {
    test(`is not sent on to ${JSON.stringify(back)}`, async () => {
      const query = `?back=${encodeURIComponent(back)}`
      equal((await ask(`/v1/sign-in/acme${query}`)).code, 'field_invalid')
    })
  }

  test('may be named by its group', async () => {
    await server.stop()
    claim = 'groups'
    await serve()
    await grant(2, 'retailer', 'settlement@acme')
    equal(await readsAs(await signedIn('anybody')), accountOf('retailer'))
  })

  test('is its address only where the provider has seen that', async () => {
    await server.stop()
    claim = 'email'
    await serve()
    const { issuer } = acme()
    for (const [number, name] of [[2, 'carol'], [3, 'unverified']] as const) {
      const subject = `${issuer} ${name}@acme.example`
      await grant(number, 'retailer', `${name}@acme`, { subject })
    }
    equal(await readsAs(await signedIn('carol')), accountOf('retailer'))
    equal((await come(await wayOf('unverified'))).code, 'sign_in_refused')
  })
})

describe('an answer is refused', () => {
  test('of a browser that did not ask, or asked for another', async () => {
    const [mine, other] = [await wayOf(), await wayOf('mallory')]
    equal((await come({ ...mine, cookie: '' })).code, 'sign_in_refused')
    equal((await come({ ...mine, cookie: other.cookie })).code, 'sign_in_refused')
    equal((await come(other)).code, 'sign_in_refused', 'once, whatever came of it')
    equal((await come(mine)).status, 303)
  })

  test('that comes twice', async () => {
    const way = await wayOf()
    equal((await come(way)).status, 303)
    equal((await come(way)).code, 'sign_in_refused')
  })

  test('whose code is another’s, used or not', async () => {
    const [used, unused] = [await wayOf(), await wayOf()]
    equal((await come(used)).status, 303)
    for (const from of [used, unused]) {
      const code = from.back.searchParams.get('code') ?? ''
      equal((await come(await wayOf('mallory'), { code })).code, 'sign_in_refused')
    }
  })

  const bent: readonly (readonly [what: string, change: Readonly<Record<string, string>>])[] = [
    ['with another state', { state: 'x' }],
    ['of another issuer', { iss: 'https://other.example' }],
    ['with a code that is none', { code: 'none' }],
    ['that is an error', { error: 'access_denied' }],
  ]
  for (const [what, change] of bent) {
    test(what, async () => equal((await come(await wayOf(), change)).code, 'sign_in_refused'))
  }

  test('with two states', async () => {
    const way = await wayOf()
    way.back.searchParams.append('state', 'x')
    const answer = await come(way)
    ok(['sign_in_refused', 'field_invalid'].includes(answer.code), answer.code)
  })

  test('that another provider would hand in, and mixed up', async () => {
    const way = await wayOf()
    const path = `/v1/sign-in/other/callback${way.back.search}`
    equal((await ask(path, way.cookie)).code, 'sign_in_refused')
    equal((await ask(`/v1/sign-in/none/callback${way.back.search}`)).code, 'not_found')
  })

  test('that comes too late', async () => {
    const way = await wayOf()
    passedMs += signInLimits.pendingMs
    equal((await come(way)).code, 'sign_in_refused')
  })

  const past = Math.floor(Date.now() / 1_000) - 3_600
  const lies: readonly (readonly [what: string, lie: object])[] = [
    ['for another audience', { claims: { aud: 'another market' } }],
    ['for two audiences, of which another asked', { claims: { aud: ['busbar', 'b'], azp: 'b' } }],
    ['of another issuer', { claims: { iss: 'https://other.example' } }],
    ['that expired', { claims: { exp: past } }],
    ['with another nonce', { claims: { nonce: 'of another sign-in' } }],
    ['without a nonce', { claims: { nonce: null } }],
    ['without a subject', { claims: { sub: null } }],
    ['signed by another key', { key: 'foreign' }],
    ['signed by nobody', { key: 'none' }],
  ]
  for (const [what, lie] of lies) {
    test(`with a token ${what}`, async () => {
      const way = await wayOf()
      await acme().lie(lie)
      equal((await come(way)).code, 'sign_in_refused')
    })
  }

  test('by its token alone: what is told elsewhere the same is taken', async () => {
    const way = await wayOf()
    await acme().lie({ claims: { anything: 'else' } })
    equal((await come(way)).status, 303)
  })
})

describe('a session ends', () => {
  const endings: readonly (readonly [how: string, end: (cookie: string) => Promise<unknown>])[] = [
    ['when its person signs out', (cookie) => ask('/v1/session', cookie, 'DELETE')],
    ['with its grant', () => revoke(1, 'alice')],
    ['after a working day', async () => (passedMs += 8 * 3_600_000)],
    ['with its account', suspend],
  ]
  for (const [how, end] of endings) {
    test(`${how}, over a restart as well`, async () => {
      const cookie = await signedIn()
      await server.stop()
      await serve()
      equal(await readsAs(cookie), accountOf('alice'), 'a restart signs nobody out')
      await end(cookie)
      equal(await readsAs(cookie), null)
      await server.stop()
      await serve()
      equal(await readsAs(cookie), null)
    })
  }

  async function suspend(): Promise<void> {
    const participant = accountOf('alice')
    await market.instruct('operator', 'suspend_participant', { participant })
    grants.hear(market.told)
  }

  test('when its grant does, if that is sooner', async () => {
    await grant(2, 'retailer', 'carol@acme', { until: now() + 60_000 })
    const cookie = await signedIn('carol')
    passedMs += 60_000
    equal(await readsAs(cookie), null)
  })

  test('for the oldest, where one person has too many', async () => {
    const first = await signedIn()
    for (let more = 0; more < signInLimits.sessionsMax; more += 1) {
      passedMs += 1
      await signedIn()
    }
    equal(await readsAs(first), null)
    equal(book.open.size, signInLimits.sessionsMax)
  })

  test('and is not ended, nor read by, from another page', async () => {
    const cookie = await signedIn()
    const headers = { cookie, 'sec-fetch-site': 'cross-site' }
    await fetch(`${url}/v1/session`, { method: 'DELETE', headers })
    equal(await readsAs(cookie), accountOf('alice'))
    const read = await fetch(`${url}/v1/accounts/${accountOf('alice')}`, { headers })
    equal(read.status, 401)
  })

  test('and its token is not kept', async () => {
    const cookie = await signedIn()
    const kept = JSON.stringify([...book.open.values(), ...book.kept.values()])
    ok(!kept.includes(cookie.slice('busbar=s_'.length)))
  })
})

test('the providers are shown, without their secrets', async () => {
  const providers = (await (await fetch(`${url}/v1/sign-in`)).json()) as object
  const shown = names.map((name) => ({ name, label: name, path: `/v1/sign-in/${name}` }))
  deepEqual(providers, { providers: shown })
})

test('a provider that is away is said to be, and asked again', async () => {
  await server.stop()
  await serve({ issuer: 'http://127.0.0.1:9' })
  const away = await ask('/v1/sign-in/acme')
  deepEqual([away.status, away.code], [503, 'SIGN_IN_UNAVAILABLE'])
})
