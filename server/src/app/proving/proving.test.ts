/**
 * Goal: what is cleared is claimed, proven and booked, by whichever prover; a wrong proof is told
 * why; demands are answered; and whatever was done survives a restart at any step.
 * Method: a market on doubles with real commitments; a prover that hands in bytes, which the double
 * of the chain takes for a proof.
 */
import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { balanceOf } from '@busbar/core/ledger'
import { setRoot } from '@busbar/protocols/sealed-orders'
import {
  openSealedMarket,
  prove,
  record,
  sealedRulebook,
  withOrders,
} from '../../testing/sealed-market.ts'
import { accountOf, first, SmallMarket, testVault } from '../../testing/small-market.ts'
import { naiveEngine } from '../engines.ts'
import type { OutboxSender } from '../ports/chain.ts'
import { recover } from '../recover.ts'
import { auditIntervalView } from '../views/audit.ts'
import { healthChecks } from '../views/health.ts'
import { intervalView } from '../views/intervals.ts'

describe('a proof', () => {
  test('is claimed, handed in, sent and booked, and the final run waits for it', async () => {
    const market = await openSealedMarket()
    await withOrders(market)
    await market.to(0)
    await market.read(0, { alice: [0, 0], bob: [0, 0] })
    await market.to(1)
    await market.read(1, { alice: [0, 600], bob: [600, 0] })
    await market.to(sealedRulebook.finalAfterIntervals + 1)
    deepEqual(record(market).status, 'provisional')
    await prove(market)
    deepEqual(record(market).proof, 'proven')
    await market.scheduler.run()
    deepEqual(record(market).status, 'final')
    ok(balanceOf(market.state.ledger, accountOf('alice')) > 50_000_000n)
  })

  test('goes to the oldest first, to one prover at a time, and again after its time', async () => {
    const market = await openSealedMarket()
    await withOrders(market)
    await market.to(1)
    const limits = { sizeMax: undefined, zones: undefined }
    const claims = await Promise.all([1, 2, 3, 4].map((n) => market.proving.claim(n, limits)))
    deepEqual(claims.map((claim) => claim?.interval), [first, first + 1, undefined, undefined])
    deepEqual(claims[0]?.orders.length, 3)
    ok(claims[0]?.orders.every(({ opening }) => opening !== null))
    market.wallNow += 60_000
    const again = await market.proving.claim(2, limits)
    deepEqual([again?.interval, again?.attempt], [first, 2])
    const small = { ...limits, sizeMax: 2, zones: [0] }
    equal((await market.proving.claim(2, small))?.interval, first + 1)
    equal(await market.proving.claim(2, { ...limits, zones: [7] }), undefined)
  })

  test('of something else is refused with its reason, counted, and claimed again', async () => {
    const market = await openSealedMarket()
    await withOrders(market)
    await market.to(0)
    const limits = { sizeMax: undefined, zones: undefined }
    const claim = await market.proving.claim(1, limits)
    ok(claim !== undefined)
    const right = {
      ...{ zone: 0, interval: first, size: 64, proof: '0xab', statement: claim.statement },
    }
    const header = `0x${'0'.repeat(63)}1`
    const wrong = [
      [{ ...right, interval: first + 9 }, 'interval_unknown'],
      [{ ...right, size: 65 }, 'size_invalid'],
      [{ ...right, size: 4_160 }, 'size_invalid'],
      [{ ...right, size: 17 * 4_096 }, 'size_invalid'],
      [{ ...right, proof: `0x${'ab'.repeat(2 ** 18 + 1)}` }, 'proof_malformed'],
      [{ ...right, proof: '0x' }, 'proof_malformed'],
      ...(['context', 'ordersRoot', 'fillsRoot', 'header'] as const).map(
        (name) =>
          [{ ...right, statement: { ...right.statement, [name]: header } }, 'statement_differs'],
      ),
    ] as const
    for (const [proof, reason] of wrong) {
      deepEqual(await market.proving.take(proof as typeof right), { kind: 'refused', reason })
    }
    const [item] = await market.proving.view()
    deepEqual([item?.status, item?.refused], ['waiting', 9])
    equal((await market.proving.claim(2, limits))?.interval, first)
    const inParts = { ...right, size: 16 * 4_096, proof: `0x${'ab'.repeat(16 * 10_304)}` }
    deepEqual(await market.proving.take(inParts), { kind: 'taken', repeated: false })
    deepEqual(await market.proving.take(right), { kind: 'taken', repeated: true })
    deepEqual((await market.proving.view())[0]?.status, 'sent')
  })

  test('that the chain refuses for good is asked for again, under another id', async () => {
    const market = await openSealedMarket()
    await withOrders(market)
    await market.to(0)
    const claim = await market.proving.claim(1, { sizeMax: undefined, zones: undefined })
    ok(claim !== undefined)
    const { zone, interval, statement } = claim
    const proof = { zone, interval, size: 64, proof: '0xab', statement }
    await market.proving.take(proof)
    const sent = market.store.items.findIndex(({ id }) => id.startsWith('prove/'))
    const item = market.store.items[sent]
    ok(item !== undefined)
    market.store.items[sent] = { ...item, status: 'failed' }
    deepEqual((await market.proving.view()).map(({ status }) => status), ['failed'])
    deepEqual(await market.proving.take(proof), { kind: 'taken', repeated: false })
    const ids = market.store.items.map(({ id }) => id).filter((id) => id.startsWith('prove/'))
    deepEqual(ids, [`prove/0/${first}/0`, `prove/0/${first}/1`])
  })

  test('that does not come in time is overdue, and may still come', async () => {
    const market = await openSealedMarket()
    await withOrders(market)
    await market.to(0)
    await market.to(11)
    await market.scheduler.recordMovements()
    deepEqual(record(market).proof, 'awaited')
    await market.to(12)
    await market.scheduler.recordMovements()
    deepEqual(record(market).proof, 'overdue')
    await prove(market)
    deepEqual(record(market).proof, 'proven')
  })

  test('that the chain finds faulty is booked as that', async () => {
    const market = await openSealedMarket()
    await withOrders(market)
    await market.to(0)
    market.chain.forge(0, first, { status: 'faulty', judgedIn: `0x${'1'.repeat(64)}` })
    await market.scheduler.recordMovements()
    deepEqual(record(market).proof, 'faulty')
    equal(record(market).proofReference, 'faulty')
  })

  test('that the chain finds faulty after all is booked, among many, in turn', async () => {
    const market = await openSealedMarket()
    await withOrders(market)
    await market.to(4)
    const left = async () => (await market.proving.view()).filter(({ status }) => status !== 'sent')
    while ((await left()).length > 0) await prove(market)
    await market.scheduler.recordMovements()
    equal(market.proofs.unproven, 0)
    const last = first + 3
    deepEqual(record(market, last).proof, 'proven')
    market.chain.forge(0, last, { status: 'faulty' })
    for (let round = 0; round < 4; round += 1) await market.scheduler.recordMovements()
    deepEqual([first, last].map((each) => record(market, each).proof), ['proven', 'faulty'])
    equal(market.proofs.unproven, 1)
    const { state, store, clearings } = market
    const view = await intervalView(state, record(market, last), store, clearings)
    deepEqual([view.proof.state, view.proof.reference], ['faulty', 'faulty'])
    // Nothing follows a fault.
    market.chain.forge(0, last, { status: 'proven' })
    for (let round = 0; round < 4; round += 1) await market.scheduler.recordMovements()
    deepEqual(record(market, last).proof, 'faulty')
  })

  test('of a circuit that cannot hold its orders is refused', async () => {
    for (const [orderCount, size, isRight] of [
      [64, 64, true], [65, 64, false], [65, 256, true], [4_096, 4_096, true],
      [4_097, 4_096, false], [4_097, 8_192, true], [8_193, 8_192, false],
    ] as const) {
      const market = await openSealedMarket()
      await withOrders(market)
      await market.to(0)
      const claim = await market.proving.claim(1, { sizeMax: undefined, zones: undefined })
      ok(claim !== undefined)
      record(market).orderCount = orderCount
      const { zone, interval, statement } = claim
      const proof = { zone, interval, size, proof: '0xab', statement }
      const reason = 'size_invalid'
      const answer = isRight ? { kind: 'taken', repeated: false } : { kind: 'refused', reason }
      deepEqual(await market.proving.take(proof), answer, `${orderCount} in ${size}`)
    }
  })
})

describe('health', () => {
  const checksOf = async (market: SmallMarket, sender = { pending: 0 }) => {
    const { lane, scheduler, openings, proofs, proving, demands, disputes } = market
    const { payments, netting } = market
    const rails = { payments, netting, offered: new Set<never>() }
    const noticeParts = { delivery: { lines: [] } }
    const watched = { lane, scheduler, openings, proofs, proving, demands, disputes }
    const parts = { ...watched, rails, noticeParts }
    const clock = { now: () => market.now }
    const failed = await market.store.failed(100)
    const checks = healthChecks({ ...parts, clock, sender: sender as OutboxSender }, failed)
    return new Map(checks.map((check) => [check.name, check]))
  }

  test('is good where nothing is wrong', async () => {
    const market = await openSealedMarket()
    await withOrders(market)
    await market.to(0)
    const checks = await checksOf(market)
    deepEqual([...checks.values()].filter(({ ok: isGood }) => !isGood), [])
    equal(checks.get('proving')?.detail, '1 not proven, 1 wait for a prover, the oldest for 60 s')
  })

  test('names refused transactions, batches without a prover, a full outbox', async () => {
    const market = await openSealedMarket()
    await withOrders(market)
    await market.to(4)
    const [item] = market.store.items
    ok(item !== undefined)
    market.store.items[0] = { ...item, status: 'failed', error: 'reverted' }
    const checks = await checksOf(market, { pending: 128 })
    const bad = [...checks.values()].filter(({ ok: isGood }) => !isGood).map(({ name }) => name)
    deepEqual(bad, ['outbox', 'refused transactions', 'proving'])
    equal(checks.get('refused transactions')?.detail, `1: ${item.id} (reverted)`)
  })

  test('counts what is not settled in time, but not what only waits for its proof', async () => {
    const market = await openSealedMarket()
    await withOrders(market)
    await market.to(4)
    // Nothing runs while the clock goes on: two intervals have no run, three wait for a proof.
    market.now += 20 * 60_000
    const statuses = [...market.state.intervals.get(0)?.values() ?? []].map(({ status }) => status)
    deepEqual(statuses.filter((status) => status === 'provisional').length, 3)
    deepEqual((await checksOf(market)).get('settlement'), {
      ...{ name: 'settlement', ok: false },
      detail: '5 intervals before their final run, 2 of them overdue',
    })
    await market.scheduler.run()
    const { ok: isGood, detail } = (await checksOf(market)).get('settlement') ?? {}
    deepEqual([isGood, detail?.endsWith(', 0 of them overdue')], [true, true])
  })
})

describe('a demand for the place of an order', () => {
  test('is answered with its path, and one for a stranger is told', async () => {
    const market = await openSealedMarket()
    const { all } = await withOrders(market)
    await market.to(0)
    const [{ order }] = all as [(typeof all)[0]]
    const place = { zone: 0, interval: first, answerByMs: 1 }
    const strange = `0x00${'9'.repeat(62)}`
    market.chain.demands = [
      { ...place, commitment: order.commitment },
      { ...place, commitment: strange },
    ]
    await market.demands.answer()
    deepEqual(market.chain.demands.map(({ commitment }) => commitment), [strange])
    equal(market.demands.unanswerable, 1)
    const shown = market.chain.effects.find(({ kind }) => kind === 'show_order')
    ok(shown?.kind === 'show_order')
    const leaves = all.map(({ order: each }) => each.commitment).sort()
    equal(shown.position, leaves.indexOf(order.commitment))
    equal(shown.groups[0]?.[shown.position], order.commitment)
    equal(shown.ordersRoot, setRoot(leaves))
  })
})

describe('a dispute', () => {
  const said = { by: `0x${'7'.repeat(40)}`, reasonHash: `0x${'1'.repeat(64)}` }
  const place = { zone: 0, interval: first, ...said }

  test('that waits for the auditor is named, and shown with its interval alone', async () => {
    const market = await openSealedMarket()
    await withOrders(market)
    await market.to(0)
    const commitment = `0x${'ab'.repeat(32)}`
    market.chain.disputes = [{ ...place, commitment: null }, { ...place, commitment }]
    await market.disputes.look()
    deepEqual(market.disputes.openIn(0, first), market.chain.disputes)
    deepEqual(market.disputes.openIn(0, first + 1), [])
    const { lane, scheduler, openings, proofs, proving, demands, disputes } = market
    const { payments, netting } = market
    const rails = { payments, netting, offered: new Set<never>() }
    const noticeParts = { delivery: { lines: [] } }
    const watched = { lane, scheduler, openings, proofs, proving, demands, disputes }
    const parts = { ...watched, rails, noticeParts }
    const sender = { pending: 0 } as OutboxSender
    const checks = healthChecks({ ...parts, clock: { now: () => market.now }, sender }, [])
    const check = checks.find(({ name }) => name === 'disputes')
    const detail = `2 before the auditor: 0/${first}, 0/${first} void 0xabababab…`
    deepEqual(check, { name: 'disputes', ok: false, detail })
    deepEqual(auditIntervalView(record(market), disputes.openIn(0, first)).disputes.length, 2)
  })

  test('can begin: the exchange itself says what is overdue on the chain, once', async () => {
    const market = await openSealedMarket()
    await withOrders(market)
    await market.to(12)
    await market.scheduler.recordMovements()
    deepEqual(record(market).proof, 'overdue')
    const flags = () => market.store.items.filter(({ id }) => id.startsWith('flag/'))
    // By the market's clock alone it is not.
    await market.disputes.look()
    deepEqual(flags(), [])
    market.chain.forge(0, first, { status: 'overdue' })
    await market.disputes.look()
    await market.disputes.look()
    deepEqual(flags().map(({ id }) => id), [`flag/0/${first}`])
  })

  test('is not called for while a proof is on its way', async () => {
    const market = await openSealedMarket()
    await withOrders(market)
    await market.to(12)
    await market.scheduler.recordMovements()
    const claim = await market.proving.claim(1, { sizeMax: undefined, zones: undefined })
    ok(claim !== undefined)
    const { zone, interval, statement } = claim
    await market.proving.take({ zone, interval, size: 64, proof: '0xab', statement })
    const { items } = market.store
    const place = items.findIndex(({ id }) => id === `prove/0/${interval}/0`)
    ok(place >= 0)
    const flags = () => items.filter(({ id }) => id === `flag/0/${interval}`).length
    market.chain.forge(0, interval, { status: 'overdue' })
    for (const [status, count] of [['sent', 0], ['failed', 1]] as const) {
      items[place] = { ...(items[place] as (typeof items)[0]), status }
      await market.disputes.look()
      equal(flags(), count, status)
    }
  })
})

describe('a restart', () => {
  const restarted = async (market: SmallMarket): Promise<SmallMarket> => {
    const { state, end } = await recover(market.store, market.engine, testVault)
    const { store, chain, now } = market
    return new SmallMarket({ store, chain, state, end, now })
  }

  test('between the gate and the opening goes on with the opening', async () => {
    const market = await openSealedMarket()
    await withOrders(market)
    market.opening.deadZones.add(0)
    await market.to(0)
    const again = await restarted(market)
    equal(again.openings.waiting, 1)
    await again.scheduler.run()
    deepEqual(record(again).status, 'cleared')
  })

  test('after the opening knows what to prove, from the journal alone', async () => {
    const market = await openSealedMarket()
    await withOrders(market)
    await market.to(0)
    const before = await market.clearings.of(market.state, record(market))
    const again = await restarted(market)
    const after = await again.clearings.of(again.state, record(again))
    notEqual(after, before)
    deepEqual(after, before)
    await prove(again)
    deepEqual(record(again).proof, 'proven')
  })

  test('after a proof was handed in does not ask for it again', async () => {
    const market = await openSealedMarket()
    await withOrders(market)
    await market.to(0)
    const claim = await market.proving.claim(1, { sizeMax: undefined, zones: undefined })
    ok(claim !== undefined)
    const { zone, interval, statement } = claim
    await market.proving.take({ zone, interval, size: 64, proof: '0xab', statement })
    const again = await restarted(market)
    deepEqual((await again.proving.view()).map(({ status }) => status), ['sent'])
    await again.scheduler.recordMovements()
    deepEqual(record(again).proof, 'proven')
    deepEqual(await again.proving.view(), [])
  })

  test('needs the key of the vault, and another opinion comes to the same', async () => {
    const market = await openSealedMarket()
    await withOrders(market)
    await market.to(0)
    const error = await recover(market.store, market.engine).catch((reason: unknown) => reason)
    match(String(error), /VAULT_KEY_MISSING/)
    const naive = { ...naiveEngine, commitment: market.engine.commitment }
    const { state } = await recover(market.store, naive, testVault)
    equal(state.sequence, market.state.sequence)
  })
})
