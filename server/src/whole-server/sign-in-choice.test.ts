/**
 * Goal: who is named by several accounts chooses one of them, and can choose nothing else: not an
 * account that the provider's answer did not match, nor one whose grant has ended or is for another
 * network, nor with what another browser has; and a session reads for one account at a time.
 * Method: a real identity provider as its own process, whose people are in two groups; the real
 * routes with pages on a socket, and grants with real signatures on a small market.
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
import { accountView } from '../app/views/accounts.ts'
import { createHttpServer, type HttpServer } from '../http/http-server.ts'
import type { PageSet } from '../http/page-set.ts'
import { ExchangeDouble } from '../http/testing/exchange-double.ts'
import { networks } from '../settings/networks.ts'
import { IdentityProviderProcess } from '../testing/identity-provider-process.ts'
import { MemoryGrants } from '../testing/memory-grants.ts'
import { accountOf, signedBy, SmallMarket } from '../testing/small-market.ts'

const publicUrl = 'http://127.0.0.1:1'
const hourMs = 3_600_000
const shell = {
  path: '/index.html', type: 'text/html', immutable: false, bytes: Buffer.from('<p>'), encoded: {},
}
const pages: PageSet = { pages: ['/', '/signin'], shell, files: [shell] }

const idp = new IdentityProviderProcess()
let market: SmallMarket
let book: MemoryGrants
let grants: GrantDesk
let server: HttpServer
let url = ''
let passedMs = 0
let grantCount = 0

const now = (): number => Date.now() + passedMs

before(() => idp.start(`${publicUrl}/v1/sign-in/acme/callback`))
after(() => idp.stop())

beforeEach(async () => {
  ;[market, book, passedMs, grantCount] = [await SmallMarket.open(), new MemoryGrants(), 0, 0]
  await serve()
  for (const [owner, group] of [['alice', 'staff'], ['retailer', 'settlement']] as const) {
    await grant(owner, group)
    passedMs += 1_000
  }
})

afterEach(() => server.stop())

async function serve(withPages = true): Promise<void> {
  const provider = new OpenIdProvider(
    {
      ...{ name: 'acme', label: 'Acme', issuer: idp.issuer, auth: 'basic', claim: 'groups' },
      ...{ clientId: 'busbar', clientSecret: 'a secret of the market' },
      scopes: ['openid', 'email', 'groups'],
    },
    publicUrl,
    now,
  )
  grants = new GrantDesk({
    ...{ stateOf: () => market.state, domain: market.domain, verifier: pureVerifier() },
    ...{ book, networks, wallClock: now, report: (error: unknown) => ok(false, String(error)) },
  })
  const parts = { grants, book, wallClock: now, sessionMs: 8 * hourMs }
  const signIn = new SignInDesk({ providers: [provider], ...parts })
  await grants.start()
  await signIn.start()
  const account = async (number: number) => accountView(market.state, number)
  const service = Object.assign(new ExchangeDouble(), { access: grants, signIn, account })
  server = await createHttpServer({
    ...{ service, registry: new Registry(), wallClock: now, epoch: 'e1', report: () => undefined },
    ...(withPages ? { pages } : {}),
  })
  url = (await server.listen({ host: '127.0.0.1', port: 0 })).url
}

const idOf = (number: number): string => `0x${number.toString(16).padStart(32, '0')}`

async function grant(owner: string, group: string, change: object = {}): Promise<number> {
  grantCount += 1
  const terms = {
    ...{ id: idOf(grantCount), account: accountOf(owner), kind: 'sign_in' as const },
    ...{ subject: `${idp.issuer} ${group}`, scopes: ['read'] as GrantScope[] },
    ...{ networks: [] as string[], label: 'clerks', until: now() + 99 * hourMs, issuedAt: now() },
    ...change,
  }
  const signature = signedBy(owner, accessGrantDigest(market.domain, grantMessage(terms)))
  equal((await grants.submit({ ...terms, signature })).kind, 'taken')
  return grantCount
}

async function revoke(number: number, owner: string): Promise<void> {
  const word = { account: accountOf(owner), grant: idOf(number) }
  const signature = signedBy(owner, accessRevocationDigest(market.domain, word))
  equal((await grants.revoke({ ...word, signature })).kind, 'taken')
}

/** A browser that keeps cookies, by name. */
class Browser {
  readonly cookies = new Map<string, string>()
  location = ''

  async ask(path: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...(cookie === '' ? {} : { cookie }), ...(init.headers as object) }
    const response = await fetch(`${url}${path}`, { redirect: 'manual', ...init, headers })
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (value === '' || /Max-Age=0/.test(set)) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    this.location = response.headers.get('location') ?? this.location
    return response
  }

  /** To the provider and back. */
  async signIn(query = ''): Promise<this> {
    await this.ask(`/v1/sign-in/acme${query}`)
    const back = await idp.signIn(this.location, 'bob')
    equal((await this.ask(`${back.pathname}${back.search}`)).status, 303)
    return this
  }

  async offered(): Promise<readonly (readonly [number, boolean])[]> {
    const { accounts } = (await (await this.ask('/v1/sign-in-choice')).json()) as {
      accounts: { account: number; isCurrent: boolean }[]
    }
    return accounts.map(({ account, isCurrent }) => [account, isCurrent])
  }

  /** `ok`, or why not. */
  async choose(account: number, headers: Readonly<Record<string, string>> = {}): Promise<string> {
    const response = await this.ask('/v1/sign-in-choice', {
      method: 'POST',
      body: JSON.stringify({ account }),
      headers: { 'content-type': 'application/json', ...headers },
    })
    const { code = 'ok' } = (await response.json()) as { code?: string }
    return code
  }

  async readsAs(): Promise<number | null> {
    const { session } = (await (await this.ask('/v1/session')).json()) as {
      session: { account: number } | null
    }
    return session?.account ?? null
  }
}

const [alice, retailer, grid] = [accountOf('alice'), accountOf('retailer'), accountOf('grid')]

describe('a person whom two accounts have named', () => {
  test('is nobody until it has chosen, and then the one that it chose', async () => {
    const browser = await new Browser().signIn('?back=%2Fhome')
    equal(browser.location, '/signin?choose&to=%2Fhome')
    deepEqual([...browser.cookies.keys()], ['busbar-choice'])
    equal(await browser.readsAs(), null)
    deepEqual(await browser.offered(), [[alice, false], [retailer, false]])
    equal(await browser.choose(retailer), 'ok')
    equal(await browser.readsAs(), retailer)
    deepEqual([...browser.cookies.keys()], ['busbar'])
    equal(grants.list(alice)?.[0]?.lastUsedMs, null, 'what was only offered was not used')
  })

  test('holds what it chooses with where no script and no other site reads it', async () => {
    const browser = new Browser()
    await browser.ask('/v1/sign-in/acme')
    const back = await idp.signIn(browser.location, 'bob')
    const response = await browser.ask(`${back.pathname}${back.search}`)
    const held = response.headers.getSetCookie().find((one) => one.startsWith('busbar-choice='))
    match(held ?? '', /^busbar-choice=\w{64}; Path=\/; Max-Age=600; HttpOnly; SameSite=Strict$/)
  })

  test('changes to the other later, over a restart, for as long as it had', async () => {
    const browser = await new Browser().signIn()
    equal(await browser.choose(alice), 'ok')
    const before = new Map(browser.cookies)
    await server.stop()
    await serve()
    deepEqual(await browser.offered(), [[alice, true], [retailer, false]])
    passedMs += 7 * hourMs
    equal(await browser.choose(retailer), 'ok')
    equal(await browser.readsAs(), retailer)
    const old = new Browser()
    for (const [name, value] of before) old.cookies.set(name, value)
    equal(await old.readsAs(), null, 'the session before has ended')
    equal(book.open.size, 1)
    passedMs += hourMs
    equal(await browser.readsAs(), null, 'changing makes no sign-in last longer')
  })

  test('is not asked where it says for whom, where one counts, or without pages', async () => {
    equal(await (await new Browser().signIn(`?account=${retailer}`)).readsAs(), retailer)
    await server.stop()
    await serve(false)
    equal(await (await new Browser().signIn()).readsAs(), alice, 'the oldest counts')
    await server.stop()
    await serve()
    await revoke(1, 'alice')
    const browser = await new Browser().signIn()
    equal(await browser.readsAs(), retailer)
    deepEqual(await browser.offered(), [])
  })

  test('is offered each account once, however many of its groups it names', async () => {
    await grant('alice', 'settlement')
    const browser = await new Browser().signIn()
    deepEqual(await browser.offered(), [[alice, false], [retailer, false]])
  })
})

describe('nothing can be chosen that was not offered', () => {
  test('an account that has named nobody, or another group', async () => {
    await grant('grid', 'directors')
    const browser = await new Browser().signIn()
    for (const account of [grid, accountOf('bob'), 9_999]) {
      equal(await browser.choose(account), 'sign_in_unknown')
    }
    equal(await browser.readsAs(), null)
    equal(await browser.choose(alice), 'ok')
    equal(await browser.choose(grid), 'sign_in_unknown', 'nor later')
    equal(await browser.readsAs(), alice)
  })

  test('a grant that has ended meanwhile, and one that came since', async () => {
    const browser = await new Browser().signIn()
    await revoke(2, 'retailer')
    await grant('grid', 'staff')
    deepEqual(await browser.offered(), [[alice, false]])
    equal(await browser.choose(retailer), 'sign_in_unknown')
    equal(await browser.choose(grid), 'sign_in_unknown')
    equal(await browser.choose(alice), 'ok')
    const again = await new Browser().signIn()
    deepEqual((await again.offered()).map(([account]) => account), [alice, grid])
  })

  test('a grant for another network', async () => {
    await grant('grid', 'staff', { networks: ['192.0.2.0/24'] })
    const browser = await new Browser().signIn()
    deepEqual((await browser.offered()).map(([account]) => account), [alice, retailer])
    equal(await browser.choose(grid), 'sign_in_unknown')
  })

  test('without a sign-in, with one that is used, or with one that is too old', async () => {
    equal(await new Browser().choose(alice), 'sign_in_refused')
    const made = new Browser()
    made.cookies.set('busbar-choice', 'ab'.repeat(32))
    equal(await made.choose(alice), 'sign_in_refused')
    const browser = await new Browser().signIn()
    const kept = browser.cookies.get('busbar-choice') ?? ''
    equal(await browser.choose(alice), 'ok')
    const thief = new Browser()
    thief.cookies.set('busbar-choice', kept)
    equal(await thief.choose(retailer), 'sign_in_refused', 'it counts once')
    const late = await new Browser().signIn()
    passedMs += signInLimits.pendingMs
    deepEqual(await late.offered(), [])
    equal(await late.choose(alice), 'sign_in_refused')
  })

  test('by another page', async () => {
    const browser = await new Browser().signIn()
    equal(await browser.choose(alice, { 'sec-fetch-site': 'cross-site' }), 'sign_in_refused')
    equal(await browser.readsAs(), null)
  })

  test('after signing out', async () => {
    const browser = await new Browser().signIn()
    equal(await browser.choose(alice), 'ok')
    await browser.ask('/v1/session', { method: 'DELETE' })
    deepEqual(await browser.offered(), [])
    equal(await browser.choose(retailer), 'sign_in_refused')
  })
})
