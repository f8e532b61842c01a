/**
 * Goal: whatever belongs to somebody is shown and done for them and for nobody else, on every
 * route, for every role, within one's own business and in another's.
 * Method: a real server with two tenants that have nothing to do with each other; every route with
 * everybody of both and of the market's offices, by its signature and by an API key, against a
 * table. The list of routes is that of the running interface: one that has no row in the table
 * fails. At the end everybody but the operator is suspended, and asks once more.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { BusbarClient, credentialOf, newApiKey } from '@busbar/client'
import { type Route, type RouteName, routes } from '@busbar/protocols/api'
import { Registry } from 'prom-client'
import { createHttpServer } from '../http/http-server.ts'
import { ExchangeDouble } from '../http/testing/exchange-double.ts'
import { type RunningServer, startServer } from '../start.ts'
import {
  apiKeyGrant,
  type Ask,
  type Item,
  type Office,
  type Row,
  rows,
  type World,
} from '../testing/access-rows.ts'
import { bankIn, configOf, RailMarket, windowIntervals } from '../testing/rail-market.ts'
import {
  far,
  near,
  offices,
  order,
  pair,
  type Part,
  readFar,
  settle,
  type Tenant,
} from '../testing/two-tenants.ts'

const tenants = [near, far]
const nobody = 'nobody'

type Answer = { readonly status: number; readonly code: string }

const market = new RailMarket(new BusbarClient({ baseUrl: 'http://127.0.0.1:1' }), [pair])
const orders = new Map<string, string>()
const world: World = { market, orders }
const credentials = new Map<string, string>()
/** Everything that an API key may be for. */
const apiKeys = new Map<string, string>()
let server: RunningServer
let dataDir = ''

/** Everybody there is, those without a credential too. */
const everybody = (): readonly string[] => [
  ...new Set([...tenants.flatMap(({ who }) => Object.values(who)), ...offices]), nobody,
]

before(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'busbar-access-'))
  const secret = 'what a provider and nobody else knows'
  const provider = { url: 'http://127.0.0.1:1', apiKey: 'none', webhookSecrets: [secret] }
  const bank = bankIn(join(dataDir, 'bank'))
  const rails = { moneyBlock: { ...provider, deadlineMs: 1_000 }, bank }
  const config = configOf(dataDir, rails, ['clearing-house', 'prepaid'])
  server = await startServer(config, () => undefined)
  market.client = new BusbarClient({ baseUrl: server.url, timeoutMs: 60_000 })
  market.url = server.url
  await market.prepare()
  await settle(market)
  await market.to(-2)
  for (const tenant of tenants) orders.set(tenant.name, await order(market, tenant))
  for (const boundary of [0, 1]) {
    await market.to(boundary, 5)
    await readAll(boundary)
  }
  // What is prepaid is netted a cycle after the first of it was moved.
  for (const interval of [windowIntervals + 6, 2 * windowIntervals + 7]) {
    await market.to(interval)
    await market.to(interval, 1)
  }
  for (const name of everybody()) {
    if (name === nobody) continue
    const signer = await market.signerOf(name)
    credentials.set(name, await credentialOf(signer)())
    const made = newApiKey()
    const grant = await signer.accessGrant(apiKeyGrant(made, ['read', 'prove']), Date.now())
    await market.client.access.grant(grant)
    apiKeys.set(name, `Bearer ${made.key}`)
  }
})

after(async () => {
  await server.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

async function readAll(boundary: number): Promise<void> {
  await market.read(boundary, () => [boundary * 600, boundary * 600])
  await readFar(market, boundary)
}

/** By a key of the account, and just so by an API key. */
async function answerTo(name: string, ask: Ask, method: string): Promise<Answer> {
  const answer = await answerBy(credentials.get(name), ask, method)
  const key = apiKeys.get(name)
  if (key === undefined) return answer
  const isForKeys = method === 'POST' && ['/v1/session', '/v1/demo/faults'].includes(ask.path)
  const wanted = isForKeys ? { status: 403, code: 'scope_missing' } : answer
  deepEqual(await answerBy(key, ask, method), wanted, `${method} ${ask.path} by API key of ${name}`)
  return answer
}

async function answerBy(
  authorization: string | undefined,
  { path, body }: Ask,
  method: string,
): Promise<Answer> {
  const headers = {
    ...(authorization === undefined ? {} : { authorization }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  const end = new AbortController()
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const response = await fetch(`${market.url}${path}`, {
    ...{ method, headers, signal: end.signal },
    ...sent,
  })
  const { status } = response
  if (status === 200 || method === 'HEAD') {
    end.abort()
    return { status, code: '' }
  }
  const { code } = (await response.json()) as { readonly code: string }
  return { status, code }
}

/** What somebody is to a tenant, or to the market. */
function partsOf(name: string, { who }: Tenant): readonly (Part | Office)[] {
  const own = (Object.keys(who) as Part[]).filter((part) => who[part] === name)
  return [...own, ...offices.filter((office) => office === name)]
}

const methodOf = (route: RouteName | 'railNotices'): string =>
  route === 'railNotices' ? 'POST' : routes[route].method

const railNotices = 'POST /v1/rails/:rail/notices'

describe('the matrix', () => {
  test('has every route of the running interface, and no other', async () => {
    const { routes: listed, stop } = await createHttpServer({
      ...{ service: new ExchangeDouble(), registry: new Registry(), wallClock: Date.now },
      ...{ epoch: 'e1', report: () => undefined },
      receiveNotice: async () => ({ status: 204, reason: '' }),
    })
    await stop()
    const known = Object.keys(rows).map((name) => {
      if (name === 'railNotices') return railNotices
      const { method, path } = routes[name as RouteName] as Route
      return `${method} ${path}`
    })
    deepEqual([...listed].sort(), known.sort())
  })

  test('agrees with what the interface says of itself', () => {
    for (const [name, { access, method }] of Object.entries<Route>(routes)) {
      const row = rows[name as RouteName]
      const { to } = row
      const isPrivate =
        to === 'each' || Array.isArray(to) || ('nobody' in row && row.nobody !== undefined)
      equal(isPrivate, access !== 'public' && access !== 'loopback', name)
      if (to === 'signer') equal(method, 'POST', name)
    }
  })
})

for (const [name, row] of Object.entries(rows)) {
  const route = name as keyof typeof rows
  test(route, async () => {
    for (const tenant of tenants) {
      for (const person of everybody()) await judge(route, row, tenant, person)
    }
  })
}

async function judge(
  route: keyof typeof rows,
  row: Row,
  tenant: Tenant,
  person: string,
): Promise<void> {
  const about = `${route} of the ${tenant.name} tenant, asked by ${person}`
  const method = methodOf(route)
  if (row.to === 'signer') {
    if (person === nobody) return
    const { seller } = tenant.who
    // Nobody's key is a gateway's; all else the seller may sign for itself.
    const isGateways = route === 'submitReadings' || route === 'submitDeviceReadings'
    if (person === seller && !isGateways) return
    const forger = await market.forgerOf(person, market.accountOf(seller))
    const answer = await answerTo(nobody, await row.ask(forger, tenant, world), method)
    return deepEqual(answer, { status: 403, code: 'signature_invalid' }, about)
  }
  if (row.to === 'all') {
    const { status, code } = await answerTo(person, row.ask(world), method)
    equal(code, row.code ?? '', about)
    return equal(status === 200, row.code === undefined, about)
  }
  if (row.to === 'self') return judgeSelf(row, method, person, about)
  if (row.to === 'each') return judgeList(row, tenant, person, about)
  const ask = row.ask(tenant, world)
  const mine = partsOf(person, tenant)
  const isShown = row.to.some((part) => mine.includes(part))
  const wanted = person === nobody
    ? { status: 401, code: 'credential_missing' }
    : isShown ? answerOf(row.yes) : answerOf(row.no)
  deepEqual(await answerTo(person, ask, method), wanted, about)
  if (method !== 'GET') return
  const head = await answerTo(person, ask, 'HEAD')
  equal(head.status, wanted.status, `${about} without a body`)
}

const answerOf = (code: string | undefined): Answer => {
  if (code === undefined) return { status: 200, code: '' }
  return { status: code === 'not_found' ? 404 : 403, code }
}

async function judgeSelf(
  { path, nobody: code = '' }: Extract<Row, { readonly to: 'self' }>,
  method: string,
  person: string,
  about: string,
): Promise<void> {
  if (person === nobody) {
    const wanted = { status: code === '' ? 200 : 401, code }
    return deepEqual(await answerTo(person, { path }, method), wanted, about)
  }
  await answerTo(person, { path }, method)
  const headers = { authorization: credentials.get(person) ?? '' }
  const response = await fetch(`${market.url}${path}`, { method, headers })
  const { session } = (await response.json()) as { readonly session: { readonly name: string } }
  deepEqual([response.status, session.name], [200, person], about)
}

async function judgeList(
  row: Extract<Row, { readonly to: 'each' }>,
  tenant: Tenant,
  person: string,
  about: string,
): Promise<void> {
  const ask = row.ask()
  if (person === nobody) {
    const wanted = { status: 401, code: 'credential_missing' }
    return deepEqual(await answerTo(person, ask, 'GET'), wanted, about)
  }
  const mine = partsOf(person, tenant)
  await judgeItems(row, tenant, { person, mine }, about)
}

/** What is listed to somebody with these parts. */
async function judgeItems(
  row: Extract<Row, { readonly to: 'each' }>,
  tenant: Tenant,
  { person, mine }: { readonly person: string; readonly mine: readonly (Part | Office)[] },
  about: string,
): Promise<void> {
  const headers = { authorization: credentials.get(person) ?? '' }
  const response = await fetch(`${market.url}${row.ask().path}`, { headers })
  equal(response.status, 200, about)
  const items = ((await response.json()) as Readonly<Record<string, Item[]>>)[row.list]
  const most = tenants.length * (row.most ?? 1)
  ok(items !== undefined && items.length <= most, about)
  const isShown = row.sees.some((part) => mine.includes(part))
  equal(items.some((item) => row.holds(item, tenant, world)), isShown, about)
}

describe('suspended', () => {
  const suspended = everybody().filter((name) => name !== nobody && name !== 'operator')

  test('nobody reads by a key that another was given', async () => {
    const participants = suspended.map((name) => ({ participant: market.accountOf(name) }))
    await market.instruct('operator', 'suspend_participant', ...participants)
    for (const name of suspended) {
      const answer = await answerBy(apiKeys.get(name), { path: '/v1/session' }, 'POST')
      deepEqual(answer, { status: 401, code: 'credential_revoked' }, name)
    }
  })

  for (const [name, row] of Object.entries(rows)) {
    if (row.to !== 'each' && !Array.isArray(row.to)) continue
    test(`somebody still reads what is its own by ${name}, and nothing else`, async () => {
      for (const tenant of tenants) {
        for (const person of suspended) {
          await judgeSuspended(methodOf(name as keyof typeof rows), row, tenant, person)
        }
      }
    })
  }
})

/** By which somebody sees what is its own, whatever the market thinks of it. */
const ownParts: readonly (Part | Office)[] = ['seller', 'buyer', 'platform']
const serving: readonly (Part | Office)[] = ['sellerRetailer', 'buyerRetailer', 'utility']

async function judgeSuspended(
  method: string,
  row: Row,
  tenant: Tenant,
  person: string,
): Promise<void> {
  if (row.to === 'all' || row.to === 'self' || row.to === 'signer') return
  const left = row.byOffice === true ? ownParts : [...ownParts, ...serving]
  const parts = partsOf(person, tenant)
  const mine = parts.filter((part) => left.includes(part))
  const about = `of the ${tenant.name} tenant, asked by ${person}`
  if (row.to === 'each') return judgeItems(row, tenant, { person, mine }, about)
  const isShown = row.to.some((part) => mine.includes(part))
  // What somebody has by its office it is told that it has no longer; all else as anybody is.
  const had = serving.some((part) => row.to.includes(part) && parts.includes(part))
  const no = had && row.no === 'access_denied' ? 'account_suspended' : row.no
  const answer = await answerBy(credentials.get(person), row.ask(tenant, world), method)
  deepEqual(answer, isShown ? answerOf(row.yes) : answerOf(no), about)
}
