/**
 * Goal: every route carries what the port gives, in the form that its schema promises, and the
 * typed client reads it back.
 * Method: the real app on a socket over an exchange in memory; each answer is checked by the
 * route's own schema. A route that nobody asked fails the last test.
 */
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  BusbarClient,
  BusbarError,
  credentialOf,
  GatewaySigner,
  newId,
  revealOf,
  sealingTerms,
  withPrivateKey,
} from '@busbar/client'
import type { Rulebook } from '@busbar/core/rulebook'
import {
  bookRoutes,
  deviceRoutes,
  measureRoutes,
  meterRoutes,
  noticeRoutes,
  operatorRoutes,
  accessRoutes,
  routes,
  sessionRoutes,
  signatureRoutes,
  signInRoutes,
  tradeRoutes,
} from '@busbar/protocols/api'
import { wordFields } from '@busbar/protocols/sealed-orders'
import { clearedEvent, people, testDomain } from './testing/exchange-double.ts'
import { asked, checkedFetch } from './testing/checked-fetch.ts'
import { type Harness, sampleOrder, openServer, signerOf } from './testing/harness.ts'
import * as sealed from './testing/sealed-views.ts'

const revealed = (rulebook: Rulebook): Rulebook => ({
  ...rulebook,
  ...{ orderBook: 'sealed-reveal', revealSeconds: 60, bondMicros: 1 },
})

describe('routes', () => {
  let harness: Harness
  let client: BusbarClient
  let alice: BusbarClient

  before(async () => {
    harness = await openServer()
    client = new BusbarClient({ baseUrl: harness.url, fetch: checkedFetch })
    alice = client.as(credentialOf(signerOf('alice')))
  })

  after(async () => {
    await harness.server.stop()
    deepEqual(harness.reported, [], 'nothing failed on the way')
  })

  test('the market says where signatures count', async () => {
    const market = await client.market()
    equal(market.interval.nextGate.interval, 111)
    equal(market.clock.mode, 'manual')
    deepEqual(await client.domain(), testDomain)
  })

  test('an order is taken once, however often it comes', async () => {
    const order = await signerOf('alice').order(sampleOrder)
    const first = await client.placeOrder(order)
    const again = await client.placeOrder(order)
    equal(first.repeated, false)
    deepEqual(again, { ...first, repeated: true })
    const other = await signerOf('alice').order({ ...sampleOrder, id: order.id, energyWh: 501 })
    await rejects(client.placeOrder(other), { code: 'id_exists', status: 409, field: 'id' })
  })

  test('a batch has each result in its place', async () => {
    const alices = signerOf('alice')
    const orders = await Promise.all(
      [500, 1_001, 501, 1_003].map((energyWh) => alices.order({ ...sampleOrder, energyWh })),
    )
    const forged = { ...(orders[0] as (typeof orders)[0]), id: newId() }
    const results = await client.submitOrders([...orders, forged])
    deepEqual(
      results.map((result) => (result.kind === 'accepted' ? 'accepted' : result.code)),
      ['accepted', 'funds_insufficient', 'accepted', 'meter_foreign', 'signature_invalid'],
    )
    deepEqual(results.map(({ id }) => id), [...orders.map(({ id }) => id), forged.id])
    const poor = results[1]
    ok(poor?.kind === 'rejected')
    equal(poor.transient, true)
    equal(poor.limit, 'needs 9')
  })

  test('a single rejected order is a problem for one caller and a result for another', async () => {
    const order = await signerOf('alice').order({ ...sampleOrder, energyWh: 1_002 })
    await rejects(client.placeOrder(order), (error) => {
      ok(error instanceof BusbarError)
      deepEqual(
        { code: error.code, status: error.status, field: error.field, transient: error.transient },
        { code: 'gate_closed', status: 409, field: 'interval', transient: false },
      )
      return true
    })
    const [result] = await client.submitOrders([order])
    deepEqual(result, {
      kind: 'rejected',
      id: order.id,
      code: 'gate_closed',
      field: 'interval',
      transient: false,
    })
  })

  test('a request that breaks the schema is thrown, however many orders it has', async () => {
    const order = await signerOf('alice').order(sampleOrder)
    const wrong = { ...order, energyWh: 0 }
    for (const some of [[wrong], [order, wrong]]) {
      const field = `orders[${some.length - 1}].energyWh`
      await rejects(client.submitOrders(some), { code: 'field_invalid', status: 422, field })
    }
  })

  test('more orders than a request takes go in several', async () => {
    const alices = signerOf('alice')
    const order = await alices.order({ ...sampleOrder, energyWh: 1_001 })
    const count = harness.exchange.submitted.length
    const results = await client.submitOrders(Array.from({ length: 2_500 }, () => order))
    equal(results.length, 2_500)
    equal(harness.exchange.submitted.length - count, 3)
  })

  test('cancellations, withdrawals and readings', async () => {
    const alices = signerOf('alice')
    const cancellation = await alices.cancellation({ order: newId() })
    equal((await client.cancelOrder(cancellation)).id, cancellation.id)
    const to = `0x${'12'.repeat(20)}`
    const withdrawal = await alices.withdrawal({ amountMicros: 5, to })
    equal((await client.withdraw(withdrawal)).id, withdrawal.id)
    const sign = withPrivateKey(people.bob.key)
    const gateway = new GatewaySigner({ domain: testDomain, gateway: 0, sign })
    const reading = { meter: 0, boundary: 109, version: 0, importWh: 1, exportWh: 2 }
    const batch = await gateway.readings([reading, { ...reading, meter: 1 }])
    deepEqual((await client.sendReadings(batch)).outcomes, ['counted', 'counted'])
    equal((await client.submitReadings([batch, batch])).length, 2)
  })

  test('instructions of every kind', async () => {
    const signer = signerOf('operator')
    const { rulebook } = await client.market()
    const key = `0x02${'ab'.repeat(32)}`
    const address = `0x${'12'.repeat(20)}`
    const made = await Promise.all([
      signer.instruction('admit_participant', {
        name: 'carol',
        roles: ['prosumer'],
        address,
        publicKey: key,
        retailer: 5,
      }),
      signer.instruction('suspend_participant', { participant: 4 }),
      signer.instruction('reinstate_participant', { participant: 4 }),
      signer.instruction('replace_key', { participant: 4, address, publicKey: key }),
      signer.instruction('register_zone', { name: 'north', parent: 0, bridgeWatts: 1_000 }),
      signer.instruction('register_gateway', {
        name: 'box',
        curve: 'p256',
        publicKey: key,
        owner: 4,
      }),
      signer.instruction('register_meter', {
        name: 'roof',
        kind: 'physical',
        account: 4,
        zone: 0,
        gateway: 0,
        importWattsMax: 11_000,
        exportWattsMax: 11_000,
        digits: 9,
      }),
      signer.instruction('replace_meter', {
        meter: 0,
        boundary: 120,
        finalImportWh: 1,
        finalExportWh: 2,
        initialImportWh: 0,
        initialExportWh: 0,
        digits: 9,
      }),
      signer.instruction('set_tariff', {
        fromInterval: 400,
        retailMicrosPerKwh: 300_000,
        feedInMicrosPerKwh: -1,
      }),
      signer.instruction('fund_accounts', { deposits: [{ account: 4, amountMicros: 9 }] }),
      signer.instruction('schedule_rulebook', {
        fromInterval: 900,
        rulebook: { ...rulebook, version: 2 },
      }),
      signer.instruction('appoint_committee', {
        ...{ fromInterval: 120, publicKey: `0x${'a1'.repeat(48)}`, threshold: 2 },
        members: [
          { index: 1, name: 'one', verificationKey: `0x${'a2'.repeat(48)}` },
          { index: 2, name: 'two', verificationKey: `0x${'a3'.repeat(48)}` },
        ],
      }),
    ])
    const results = await client.submitInstructions(made)
    deepEqual(
      results.map((result) => (result.kind === 'accepted' ? result.result.kind : result.code)),
      [
        'participant_admitted', 'participant_changed', 'participant_changed',
        'participant_changed', 'zone_registered', 'gateway_registered', 'meter_registered',
        'meter_replaced', 'tariff_set', 'funding_ordered', 'rulebook_scheduled',
        'committee_appointed',
      ],
    )
    const [first] = made
    ok(first)
    deepEqual((await client.instruct(first)).result, { kind: 'participant_admitted', account: 7 })
  })

  test('intervals page from a start, and show the newest without one', async () => {
    const newest = await client.intervals({ limit: 3 })
    deepEqual(newest.intervals.map(({ interval }) => interval), [107, 108, 109])
    equal(newest.nextFrom, null)
    const page = await client.intervals({ zone: 0, from: 100, limit: 4 })
    deepEqual(page.intervals.map(({ interval }) => interval), [100, 101, 102, 103])
    equal(page.nextFrom, 104)
    const last = await client.intervals({ from: 106, limit: 4 })
    equal(last.nextFrom, null)
    const one = await client.interval(0, 100)
    equal(one.priceMicrosPerKwh, -120_000)
    equal(one.runs[0]?.energy.unexplainedWh, 0)
    equal(one.commitment?.txHash, `0x${'77'.repeat(32)}`)
  })

  test('participants page, without what is private of them', async () => {
    const page = await client.participants({ limit: 2 })
    deepEqual(page.participants.map(({ name }) => name), ['operator', 'alice'])
    equal(page.nextFrom, 5)
    ok(page.participants.every((participant) => !('retailer' in participant)))
    const rest = await client.participants({ from: 5 })
    deepEqual(rest.participants.map(({ account }) => account), [5, 6])
    equal(rest.nextFrom, null)
    const code = await client.keys.joinCode({ account: 4, publicKey: `0x02${'9b'.repeat(32)}` })
    deepEqual([code.untilMs, code.issuedBy, code.delaySeconds], [1_700_000_000_000, 5, 0])
  })

  test('an account sees itself', async () => {
    const account = await alice.account(4)
    equal(account.balanceMicros, 9_000_000)
    equal(account.openOrders[0]?.limitMicrosPerKwh, -10)
    const why = await alice.accountInterval(4, 100)
    const [zone] = why.zones
    deepEqual(zone?.runs[0]?.items.map((line) => [line.meter, line.trade]), [[0, 0], [null, 7]])
    equal(zone?.meters[0]?.closing, null)
    const { lines, nextFrom } = await alice.statement(4, { from: 20, limit: 2 })
    deepEqual([lines.map(({ sequence }) => sequence), nextFrom], [[20, 30], 40])
    const { interval, worthMicros } = await alice.accountSeries(4, { from: 100, intervals: 2 })
    deepEqual([interval, worthMicros], [[100], [-11]])
    const asked = alice.accountSeries(4, { from: 100, intervals: 1_501 })
    await rejects(asked, { code: 'field_invalid', field: 'intervals' })
    equal((await alice.standing(4)).mayFallMicros, 9)
  })

  test('proofs go to their owner, without naming it', async () => {
    const place = { zone: 0, interval: 100 }
    const proof = await alice.orderProof({ ...place, digest: `0x${'aa'.repeat(32)}` })
    equal(proof.count, 3)
    deepEqual(await alice.postingProof({ ...place, account: 4 }, { run: 0 }), proof)
    deepEqual(await alice.readingProof({ ...place, meter: 0 }), proof)
    ok(!('owner' in proof))
  })

  test('sealed orders get receipts, and reveals their answer by commitment', async () => {
    const { domain, contracts, committees, rulebook, rulebookHash } = await client.market()
    const rules = { hash: rulebookHash, rulebook: revealed(rulebook) }
    const scheduledRulebooks = [{ fromInterval: 0, ...rules }]
    const market = { domain, contracts, committees, rulebook, rulebookHash, scheduledRulebooks }
    const terms = sealingTerms(market, { zone: 0, interval: 111 })
    const { order, kept } = await signerOf('alice').sealedOrder(terms, {
      ...{ meter: 0, side: 'sell', energyWh: 500, limitMicrosPerKwh: -10, collateralMicros: 9 },
    })
    const { receipt } = await client.placeSealedOrder(order)
    const { zone, interval, commitment } = order
    const signature = `0x${'4e'.repeat(65)}`
    deepEqual(receipt, { zone, interval, commitment, sequence: 1, signature })
    const wrong = { ...revealOf(kept), opening: { ...kept.opening, energyWh: 1 } }
    deepEqual(await client.submitReveals([revealOf(kept), wrong]), [
      { kind: 'accepted', commitment },
      {
        ...{ kind: 'rejected', commitment, code: 'opening_mismatch', field: 'opening' },
        transient: false,
      },
    ])
  })

  test('an owner sees what became of a sealed order, and the way to its leaf', async () => {
    const [zone] = (await alice.accountInterval(4, 100)).zones
    deepEqual(zone?.sealedOrders, [
      {
        ...{ id: `0x${'0e'.repeat(16)}`, commitment: sealed.commitment, sequence: 18 },
        ...{ outcome: 'filled', filledWh: 400, void: null },
      },
    ])
    const path = await alice.orderPath({ zone: 0, interval: 100, commitment: sealed.commitment })
    equal(path.fill?.siblings.length, 3)
    ok(!('owner' in path))
  })

  test('whoever holds a receipt sees where its order would be, and nobody else', async () => {
    const place = { zone: 0, interval: 100, commitment: sealed.commitment, sequence: 18 }
    const receipt = { ...place, signature: sealed.receiptSignature }
    const { isIncluded, places, orderCount } = await client.orderNeighbours(receipt)
    deepEqual([isIncluded, places.length, orderCount], [false, 2, 4])
    const forged = { ...receipt, signature: `0x${'5f'.repeat(65)}` }
    await rejects(client.orderNeighbours(forged), { code: 'signature_invalid' })
  })

  test('a prover gets what it proves, and hands it in', async () => {
    const prover = client.as(credentialOf(signerOf('prover')))
    const claim = await prover.claimProving({ sizeMax: 256 })
    ok(claim !== null)
    const [order, voided] = claim.orders
    ok(order !== undefined && 'word' in order)
    equal(wordFields(BigInt(order.word)).limitMicrosPerKwh, sealed.secretLimit)
    deepEqual(Object.keys(order).sort(), ['blind', 'commitment', 'word'])
    ok(voided !== undefined && 'void' in voided)
    deepEqual(Object.keys(voided).sort(), ['commitment', 'void'])
    const { zone, interval, statement } = claim
    const proof = { zone, interval, size: 64, proof: '0xab', statement }
    deepEqual(await prover.handInProof(proof), { kind: 'taken', repeated: false })
    const small = { ...proof, size: 8 }
    deepEqual(await prover.handInProof(small), { kind: 'refused', reason: 'size_invalid' })
    equal(await prover.claimProving({ zones: [7] }), null)
    const auditor = client.as(credentialOf(signerOf('auditor')))
    deepEqual((await auditor.provingQueue()).batches.map(({ status }) => status), ['claimed'])
    const openings = await auditor.auditOpenings(0, 100)
    equal(openings.orders[0]?.opening?.limitMicrosPerKwh, sealed.secretLimit)
  })

  test('an auditor sees everybody’s part', async () => {
    const auditor = client.as(credentialOf(signerOf('auditor')))
    equal((await auditor.auditReplay(0, 100)).runs[0]?.postings[0]?.lines.length, 1)
    const { nets, fills } = await auditor.auditInterval(0, 100)
    equal(nets.reduce((sum, { amountMicros }) => sum + amountMicros, 0), 0)
    equal(fills.length, 1)
    const { balances } = await auditor.auditBalances()
    deepEqual(balances.map(({ balanceMicros }) => balanceMicros), [0, 21, 28])
  })

  test('health, metrics and the document', async () => {
    equal((await client.health()).ready, true)
    const metrics = await client.metrics()
    match(metrics, /busbar_http_commands_total\{route="submitOrders",code="repeated"\} [1-9]/)
    equal((await client.openApi()).openapi, '3.1.0')
  })

  test('a manual clock moves forward', async () => {
    const now = harness.exchange.clockView.nowMs
    equal(await client.setClock(now + 1_000), now + 1_000)
    await rejects(client.setClock(now), { code: 'clock_backwards', status: 409 })
  })

  test('the stream tells what happens', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const onOpen = () => harness.exchange.tell(clearedEvent(111))
    for await (const { id, event } of client.events({ signal, onOpen })) {
      equal(id, 'e1-1')
      deepEqual(event, {
        name: 'interval_cleared',
        data: { zone: 0, interval: 111, priceMicrosPerKwh: 111, energyWh: 5 },
      })
      break
    }
    controller.abort()
  })

  test('every answer has the security headers, and HEAD is GET without a body', async () => {
    const response = await fetch(`${harness.url}/v1/market`, { method: 'HEAD' })
    equal(response.status, 200)
    equal(await response.text(), '')
    equal(response.headers.get('x-content-type-options'), 'nosniff')
    equal(response.headers.get('cache-control'), 'no-store')
    match(response.headers.get('content-security-policy') ?? '', /default-src 'none'/)
  })

  test('every route was asked, but those that have their own suites', () => {
    const some = { ...tradeRoutes, ...noticeRoutes, ...measureRoutes, ...meterRoutes }
    const own = {
      ...{ ...some, ...deviceRoutes, ...bookRoutes, ...sessionRoutes },
      ...{ ...operatorRoutes, ...accessRoutes, ...signInRoutes, ...signatureRoutes },
    }
    const elsewhere = new Set(Object.keys(own))
    deepEqual(asked, new Set(Object.keys(routes).filter((name) => !elsewhere.has(name))))
  })
})
