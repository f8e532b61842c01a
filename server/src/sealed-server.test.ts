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
import {
  BusbarClient,
  credentialOf,
  GatewaySigner,
  type KeptOrder,
  openOwnFill,
  sealingTerms,
  Signer,
  verifyReceipt,
  withPrivateKey,
} from '@busbar/client'
import type { InstructionContent, InstructionKind } from '@busbar/core/exchange'
import type { Role } from '@busbar/core/registry'
import { derToCash } from '@busbar/core/rulebook'
import type { Receipt } from '@busbar/protocols/api'
import { addressOf, publicKeyOf, publicKeyOfP256, signDigestP256 } from '@busbar/protocols/eip712'
import { bytesToHex, keccak256, textToBytes } from '@busbar/protocols/hash'
import { wordFields } from '@busbar/protocols/sealed-orders'
import { openStore } from './adapters/store/open-store.ts'
import type { Config } from './config.ts'
import { type RunningServer, startServer } from './start.ts'
import { startCommittee, type TestCommittee } from './testing/committee-members.ts'
import { verifyMarket } from './verify.ts'

const lengthMs = derToCash.intervalSeconds * 1_000
const startMs = Date.UTC(2026, 5, 1, 10)
const first = startMs / lengthMs
const rulebook = { ...derToCash, name: 'sealed-test', finalAfterIntervals: 2 }

const names = [
  'operator',
  'bank',
  'retailer',
  'balance',
  'grid',
  'prover',
  'auditor',
  'alice',
  'bob',
] as const
type Name = (typeof names)[number]
const accountOf = (name: Name): number => 3 + names.indexOf(name)
const secretOf = (name: string): Uint8Array => keccak256(textToBytes(`sealed server: ${name}`))
const rolesOf: Readonly<Record<Name, readonly Role[]>> = {
  operator: ['operator', 'authority'],
  bank: ['bank'],
  retailer: ['retailer'],
  balance: ['balancing-authority'],
  grid: ['distribution-utility'],
  prover: ['prover'],
  auditor: ['auditor'],
  alice: ['prosumer'],
  bob: ['prosumer'],
}

/** Losing limits: in nothing else that is ever written. */
const plantedLimits = { alice: 913_520, bob: 71_340 }

let committee: TestCommittee
let server: RunningServer
let client: BusbarClient
let dataDir = ''
const logged: string[] = []
const told: string[] = []
const publicAnswers: string[] = []
const kept: Record<string, KeptOrder> = {}
const receipts: Receipt[] = []
const watching = new AbortController()

const participant = (name: Name) => {
  const publicKey = publicKeyOf(secretOf(name))
  const retailer = name === 'alice' || name === 'bob' ? accountOf('retailer') : null
  const keys = { publicKey: bytesToHex(publicKey), address: addressOf(publicKey) }
  return { name, roles: rolesOf[name], retailer, ...keys }
}

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
  clock: { mode: 'manual', startMs: startMs - lengthMs },
  operator: participant('operator'),
  ...{ salt: `0x${'5a'.repeat(32)}`, rulebook, vaultKeys: undefined, committee: committee.urls },
  ...{ provingLeaseMs: 60_000, verifier: 'native', requestsPerMinuteMax: 1_000_000 },
})

const start = async (): Promise<void> => {
  server = await startServer(configOf(), (message, details) => {
    logged.push(JSON.stringify({ message, ...details }))
  })
  client = new BusbarClient({ baseUrl: server.url, fetch: recordingFetch })
}

const signerOf = async (name: Name): Promise<Signer> =>
  new Signer({
    domain: await client.domain(),
    account: accountOf(name),
    sign: withPrivateKey(secretOf(name)),
  })

const as = async (name: Name): Promise<BusbarClient> =>
  client.as(credentialOf(await signerOf(name)))

async function instruct<Kind extends InstructionKind>(
  name: Name,
  kind: Kind,
  content: InstructionContent[Kind],
): Promise<void> {
  await client.instruct(await (await signerOf(name)).instruction(kind, content))
}

/** To `seconds` after the start of an interval counted from the first. */
const to = async (interval: number, seconds = 0): Promise<void> =>
  void (await client.setClock(startMs + interval * lengthMs + seconds * 1_000))

async function place(
  as: 'alice' | 'bob',
  what: string,
  fields: { side: 'buy' | 'sell'; energyWh: number; limitMicrosPerKwh: number },
): Promise<void> {
  const terms = sealingTerms(await client.market(), { zone: 0, interval: first })
  const meter = as === 'alice' ? 0 : 1
  const collateral = { meter, collateralMicros: 5_000_000 }
  const sealed = await (await signerOf(as)).sealedOrder(terms, { ...collateral, ...fields })
  kept[what] = sealed.kept
  receipts.push((await client.placeSealedOrder(sealed.order)).receipt)
}

before(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'busbar-sealed-'))
  committee = await startCommittee(['regulator'])
  await start()
  for (const name of names.slice(1)) {
    await instruct('operator', 'admit_participant', participant(name))
  }
  const tariff = { retailMicrosPerKwh: 300_000, feedInMicrosPerKwh: 80_000 }
  await instruct('retailer', 'set_tariff', { fromInterval: first, ...tariff })
  await instruct('operator', 'register_zone', { name: 'street', parent: null, bridgeWatts: 0 })
  const publicKey = bytesToHex(publicKeyOfP256(secretOf('gateway')))
  const gateway = { name: 'gateway', curve: 'p256', owner: accountOf('grid'), publicKey } as const
  await instruct('operator', 'register_gateway', gateway)
  for (const name of ['alice', 'bob'] as const) {
    await instruct('grid', 'register_meter', {
      ...{ name, kind: 'physical', account: accountOf(name), zone: 0, gateway: 0 },
      ...{ importWattsMax: 12_000, exportWattsMax: 12_000, digits: 9 },
    })
  }
  const deposits = (['retailer', 'balance', 'alice', 'bob'] as const).map((name) => ({
    ...{ account: accountOf(name), amountMicros: 50_000_000 },
  }))
  await instruct('bank', 'fund_accounts', { deposits })
  const { publicKey: key, threshold, members } = committee.appointment
  const appointed = { fromInterval: 0, publicKey: key, threshold, members: [...members] }
  await instruct('operator', 'appoint_committee', appointed)
  for (let turn = 0; turn < 200; turn += 1) {
    await client.setClock((await client.market()).clock.nowMs)
    const { balanceMicros } = await (await as('bob')).account(accountOf('bob'))
    if (balanceMicros > 0) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the deposits did not come')
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
    await to(-1, 240)
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
      const path = await (await as(name)).orderPath({ zone: 0, interval: first, commitment })
      deepEqual(openOwnFill(cleared, own, path), { kind: 'filled', energyWh })
      const stranger = await as(name === 'alice' ? 'bob' : 'alice')
      const refused = await stranger
        .orderPath({ zone: 0, interval: first, commitment })
        .catch((error: { readonly code: string }) => error.code)
      equal(refused, 'access_denied')
    }
    const own = await (await as('bob')).accountInterval(accountOf('bob'), first)
    deepEqual(
      own.zones[0]?.sealedOrders.map(({ outcome, filledWh }) => [outcome, filledWh]),
      [
        ['filled', 600],
        ['unfilled', 0],
      ],
    )
  })

  test('hands the batch to a prover, and refuses a proof of something else', async () => {
    const prover = await as('prover')
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
    const sign = withPrivateKey(secretOf('gateway'), signDigestP256)
    const gateway = new GatewaySigner({ domain: await client.domain(), gateway: 0, sign })
    const read = async (boundary: number, alice: number, bob: number) => {
      const at = { boundary: first + boundary, version: 0 }
      const readings = [
        { meter: 0, ...at, importWh: 0, exportWh: alice },
        { meter: 1, ...at, importWh: bob, exportWh: 0 },
      ]
      await client.sendReadings(await gateway.readings(readings))
    }
    await to(0)
    await read(0, 0, 0)
    await to(1)
    await read(1, 600, 600)
    await to(4)
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
      const own = await as(name)
      const account = accountOf(name)
      publicAnswers.push(JSON.stringify(await own.account(account)))
      publicAnswers.push(JSON.stringify(await own.statement(account)))
    }
    const interval = await (await as('alice')).accountInterval(accountOf('alice'), first)
    publicAnswers.push(JSON.stringify(interval))
    const auditor = await as('auditor')
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
    const claim = await (await as('prover')).claimProving({ sizeMax: 64 })
    ok(claim !== null)
    deepEqual([claim.interval, claim.orders.length], [first, 4])
    await server.stop()
    rmSync(join(dataDir, 'vault.key'))
    const { differences } = await verifyMarket({ dataDir })
    match(differences.map(({ what }) => what).join(), /VAULT_KEY_MISSING/)
  })
})
