/**
 * Goal: a real server takes sealed orders, has a committee open them, clears, commits to the chain
 * and hands batches to provers; what a losing order wanted is in no table, file, log line, event or
 * answer to anybody but those who may know; and a second opinion agrees with all of it.
 * Method: one server with its embedded store and chain, orders sealed by the client, members as
 * HTTP servers of which one is dead; limits and salts are planted and searched for everywhere.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { BusbarClient, type KeptOrder, openOwnFill, verifyReceipt } from '@busbar/client'
import type { Receipt } from '@busbar/protocols/api'
import { wordFields } from '@busbar/protocols/sealed-orders'
import { openStore } from '../adapters/store/open-store.ts'
import type { Config } from '../settings/config.ts'
import { type RunningServer, startServer } from '../start.ts'
import { startCommittee, type TestCommittee } from '../testing/committee-members.ts'
import {
  accountOf,
  first,
  LiveMarket,
  liveRulebook as rulebook,
  openAtMs,
  participant,
} from '../testing/live-market.ts'
import { verifyMarket } from '../verify.ts'

/** Losing limits: in nothing else that is ever written. */
const plantedLimits = { alice: 913_520, bob: 71_340 }

let committee: TestCommittee
let server: RunningServer
let client: BusbarClient
let market: LiveMarket
let dataDir = ''
const logged: string[] = []
const told: string[] = []
const publicAnswers: string[] = []
const kept: Record<string, KeptOrder> = {}
const receipts: Receipt[] = []
const watching = new AbortController()

/** Keeps every answer that goes to nobody in particular. */
const recordingFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init)
  if (new Headers(init?.headers).has('authorization')) return response
  if (response.headers.get('content-type')?.startsWith('text/event-stream') === true)
    return response
  const text = await response.text()
  publicAnswers.push(text)
  return new Response(text, response)
}

const configOf = (): Config => ({
  ...{ market: 'sealed-test', dataDir, databaseUrl: undefined, chainUrl: undefined },
  ...{ chainId: undefined, chainConfirmations: 0, chainOperatorKey: undefined },
  ...{ chainAuditor: undefined, chainVerifier: undefined, host: '127.0.0.1', port: 0 },
  clock: { mode: 'manual', startMs: openAtMs },
  operator: participant('operator'),
  ...{ salt: `0x${'5a'.repeat(32)}`, rulebook, vaultKeys: undefined, committee: committee.urls },
  rails: {},
  ...{ provingLeaseMs: 60_000, verifier: 'native', requestsPerMinuteMax: 1_000_000 },
  ...{ dashboard: undefined, display: { timeZone: 'UTC', currency: null } },
})

const start = async (): Promise<void> => {
  server = await startServer(configOf(), (message, details) => {
    logged.push(JSON.stringify({ message, ...details }))
  })
  client = new BusbarClient({ baseUrl: server.url, fetch: recordingFetch })
  market = new LiveMarket(client)
}

async function place(
  name: 'alice' | 'bob',
  what: string,
  order: Parameters<LiveMarket['place']>[1],
): Promise<void> {
  const placed = await market.place(name, order)
  kept[what] = placed.kept
  receipts.push(placed.receipt)
}

before(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'busbar-sealed-'))
  committee = await startCommittee(['regulator'])
  await start()
  await market.prepare(committee)
})

after(async () => {
  watching.abort()
  committee.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

const losersFound = (text: string): readonly string[] => {
  const planted = [
    ...Object.values(plantedLimits).map(String),
    ...['alice loses', 'bob loses'].map((what) => kept[what]?.opening.salt.slice(2) ?? 'none'),
  ]
  return planted.filter((value) => text.includes(value))
}

describe('a market of sealed orders', () => {
  test('takes them with receipts that the operator signed', async () => {
    const stream = client.events({ signal: watching.signal })
    void (async () => {
      for await (const { event } of stream) told.push(JSON.stringify(event))
    })().catch(() => undefined)
    await place('alice', 'alice wins', { side: 'sell', energyWh: 800, limitMicrosPerKwh: 100_000 })
    await place('bob', 'bob wins', { side: 'buy', energyWh: 600, limitMicrosPerKwh: 200_000 })
    const dear = { side: 'sell', energyWh: 77, limitMicrosPerKwh: plantedLimits.alice } as const
    await place('alice', 'alice loses', dear)
    const cheap = { side: 'buy', energyWh: 66, limitMicrosPerKwh: plantedLimits.bob } as const
    await place('bob', 'bob loses', cheap)
    const { receiptSigner } = await client.market()
    const domain = await client.domain()
    const sent = Object.values(kept)
    equal(receipts.length, sent.length)
    for (const [k, receipt] of receipts.entries()) {
      ok(verifyReceipt(domain, receiptSigner ?? '', receipt, sent[k] ?? receipt))
    }
    equal(committee.signed.size, 0)
  })

  test('opens and clears them at the gate, with a member dead and named', async () => {
    await market.to(-1, 240)
    const interval = await client.interval(0, first)
    const { status, priceMicrosPerKwh, energyWh, orderCount, voidCount, proof } = interval
    deepEqual(
      { status, priceMicrosPerKwh, energyWh, orderCount, voidCount, state: proof.state },
      {
        ...{ status: 'cleared', priceMicrosPerKwh: 100_000, energyWh: 600 },
        ...{ orderCount: 4, voidCount: 0, state: 'awaited' },
      },
    )
    equal(committee.signed.size, 1)
    const { checks } = await client.health()
    const check = checks.find(({ name }) => name === 'committee')
    match(check?.detail ?? '', /regulator absent 1 times/)
    equal(check?.ok, false)
  })

  test('shows each owner its own fill, by the roots that everybody sees', async () => {
    const { ordersRoot, fillsRoot, orderCount } = await client.interval(0, first)
    const cleared = { ordersRoot: ordersRoot ?? '', fillsRoot: fillsRoot ?? '', orderCount }
    const wanted = { 'alice wins': 600, 'bob wins': 600, 'alice loses': 0, 'bob loses': 0 }
    for (const [what, energyWh] of Object.entries(wanted)) {
      const own = kept[what] as KeptOrder
      const name = what.startsWith('alice') ? 'alice' : 'bob'
      const { commitment } = own
      const path = await (await market.as(name)).orderPath({ zone: 0, interval: first, commitment })
      deepEqual(openOwnFill(cleared, own, path), { kind: 'filled', energyWh })
      const stranger = await market.as(name === 'alice' ? 'bob' : 'alice')
      const refused = await stranger
        .orderPath({ zone: 0, interval: first, commitment })
        .catch((error: { readonly code: string }) => error.code)
      equal(refused, 'access_denied')
    }
    const own = await (await market.as('bob')).accountInterval(accountOf('bob'), first)
    deepEqual(
      own.zones[0]?.sealedOrders.map(({ outcome, filledWh }) => [outcome, filledWh]),
      [
        ['filled', 600],
        ['unfilled', 0],
      ],
    )
  })

  test('hands the batch to a prover, and refuses a proof of something else', async () => {
    const prover = await market.as('prover')
    const claim = await prover.claimProving()
    ok(claim !== null)
    deepEqual([claim.zone, claim.interval, claim.orders.length], [0, first, 4])
    const limits = claim.orders.map((order) =>
      'word' in order ? wordFields(BigInt(order.word)).limitMicrosPerKwh : undefined,
    )
    ok(Object.values(plantedLimits).every((limit) => limits.includes(limit)))
    deepEqual(losersFound(JSON.stringify(claim)), [])
    const statement = { ...claim.statement, header: `0x${'0'.repeat(64)}` }
    const proof = { zone: 0, interval: first, size: 64, proof: '0xab' }
    const wrong = await prover.handInProof({ ...proof, statement })
    deepEqual(wrong, { kind: 'refused', reason: 'statement_differs' })
  })

  test('settles provisionally without a proof', async () => {
    await market.to(0)
    await market.read(0, 0, 0)
    await market.to(1)
    await market.read(1, 600, 600)
    await market.to(4)
    const { status, runs, proof } = await client.interval(0, first)
    deepEqual([status, runs.length, proof.state], ['provisional', 1, 'awaited'])
  })

  test('tells a loser to its owner, auditors and provers alone', async () => {
    for (const path of [
      'market',
      'intervals?limit=100',
      'participants',
      'conservation',
      'health',
    ]) {
      publicAnswers.push(await (await fetch(`${server.url}/v1/${path}`)).text())
    }
    for (const name of ['bank', 'retailer', 'grid', 'bob'] as const) {
      const own = await market.as(name)
      const account = accountOf(name)
      publicAnswers.push(JSON.stringify(await own.account(account)))
      publicAnswers.push(JSON.stringify(await own.statement(account)))
    }
    const interval = await (await market.as('alice')).accountInterval(accountOf('alice'), first)
    publicAnswers.push(JSON.stringify(interval))
    const auditor = await market.as('auditor')
    publicAnswers.push(JSON.stringify(await auditor.auditInterval(0, first)))
    ok(publicAnswers.length > 30 && told.length > 5 && told.join().includes('orders_fixed'))
    for (const text of [...publicAnswers, ...told, ...logged])
      deepEqual(losersFound(text), [], text)
    const openings = JSON.stringify(await auditor.auditOpenings(0, first))
    equal(losersFound(openings).length, 4)
  })

  test('leaves nothing of a loser on disk but sealed, and a second opinion agrees', async () => {
    await server.stop()
    const files = readdirSync(dataDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
    for (const path of files) deepEqual(losersFound(readFileSync(path, 'latin1')), [], path)
    const report = await verifyMarket({ dataDir })
    deepEqual(report.differences, [])
    const results = report.checks.map(({ name, result }) => `${name}: ${result}`)
    ok(results.includes('replay: agrees') && results.includes('chain roots: agrees'), `${results}`)
    const store = await openStore('sealed-test', { dataDir: join(dataDir, 'store') })
    const entries = await store.read(0, 10_000)
    const items = await store.list(0, 10_000)
    const snapshot = await store.latestSnapshot()
    await store.close()
    const rows = [...entries, ...items, snapshot].map((row) => JSON.stringify(row))
    for (const row of rows) deepEqual(losersFound(row), [])
    ok(entries.some(({ kind, body }) => kind === 'open_orders' && body.startsWith('vault1.')))
  })

  test('goes on after a restart, and can still say what is to be proven', async () => {
    await start()
    const claim = await (await market.as('prover')).claimProving({ sizeMax: 64 })
    ok(claim !== null)
    deepEqual([claim.interval, claim.orders.length], [first, 4])
    await server.stop()
    rmSync(join(dataDir, 'vault.key'))
    const { differences } = await verifyMarket({ dataDir })
    match(differences.map(({ what }) => what).join(), /VAULT_KEY_MISSING/)
  })
})
