/**
 * Goal: sealed orders are taken with a receipt, opened after their gate and not before, cleared as
 * open ones would be, committed to and proven; nobody's failure delays another's; and whatever was
 * done survives a restart at any step.
 * Method: a market on doubles with real commitments, and a committee that fails when it is told to.
 */
import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { balanceOf } from '@busbar/core/ledger'
import { addressOf, receiptDigest } from '@busbar/protocols/eip712'
import { hexToBytes } from '@busbar/protocols/hash'
import { openFill, publicInputsOf, setRoot, unpackHeader } from '@busbar/protocols/sealed-orders'
import { PlainOpening, unreadableCiphertext } from '../testing/plain-opening.ts'
import {
  openSealedMarket,
  prove,
  revealRulebook,
  seal,
  sealedRulebook,
} from '../testing/sealed-market.ts'
import { accountOf, first, SmallMarket, testVault } from '../testing/small-market.ts'
import { naiveEngine } from './engines.ts'
import { recover, takeSnapshot } from './recover.ts'

const record = (market: SmallMarket, interval = first) => {
  const found = market.state.intervals.get(0)?.get(interval)
  if (found === undefined) throw new Error('the interval is known')
  return found
}

/** Two that trade and one that loses. */
async function withOrders(market: SmallMarket) {
  const sells = seal(market, 'alice', { energyWh: 800 })
  const buys = seal(market, 'bob', { side: 'buy', energyWh: 600, limitMicrosPerKwh: 200_000 })
  const loses = seal(market, 'bob', { side: 'buy', energyWh: 50, limitMicrosPerKwh: 5_000 })
  const all = [sells, buys, loses]
  const answers = await market.intake.sealedOrders(all.map(({ order }) => order))
  deepEqual(answers.map(({ kind }) => kind), ['accepted', 'accepted', 'accepted'])
  return { sells, buys, loses, all, answers }
}

/** Lets the market's ticks go on until something has become true. */
async function until(market: SmallMarket, isTrue: () => boolean): Promise<void> {
  for (let tick = 0; tick < 2_000; tick += 1) {
    if (isTrue()) return
    await market.scheduler.run()
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  throw new Error('it did not come to that')
}

const kindsAfter = (market: SmallMarket, from: number): readonly string[] =>
  market.store.entries.slice(from).map(({ kind }) => kind)

describe('a sealed order', () => {
  test('gets a receipt by the operator, and the same one when it comes again', async () => {
    const market = await openSealedMarket()
    const { order } = seal(market, 'alice')
    const [one] = await market.intake.sealedOrders([order])
    const [two] = await market.intake.sealedOrders([order])
    ok(one?.kind === 'accepted' && two?.kind === 'accepted')
    deepEqual([one.repeated, two.repeated], [false, true])
    equal(one.receipt, two.receipt)
    const { commitment, zone, interval } = order
    const place = { commitment, zone, interval, sequence: one.sequence }
    equal(one.receipt?.length, 2 + 2 * 65)
    ok(market.isReceipt(receiptDigest(market.domain, place), one.receipt ?? ''))
    const other = receiptDigest(market.domain, { ...place, sequence: one.sequence + 1 })
    ok(!market.isReceipt(other, one.receipt ?? ''))
  })

  test('is taken with the signature of its account over all of it', async () => {
    const market = await openSealedMarket()
    const { order } = seal(market, 'alice')
    const { commitment: foreign } = seal(market, 'alice').order
    const changes = [
      { collateralMicros: 1 }, { commitment: foreign }, { ciphertext: unreadableCiphertext },
      { zone: 1 }, { interval: first + 1 }, { account: accountOf('bob') },
    ]
    for (const change of changes) {
      const [answer] = await market.intake.sealedOrders([{ ...order, ...change }])
      deepEqual(
        answer?.kind === 'rejected' && answer.reason,
        'signature_invalid',
        JSON.stringify(change),
      )
    }
  })
})

describe('after the gate', () => {
  test('orders are opened, cleared and committed to, and not before', async () => {
    const market = await openSealedMarket()
    const { sells, loses } = await withOrders(market)
    await market.to(-1, 239)
    equal(market.opening.asked.length, 0)
    const from = market.store.entries.length
    await market.to(-1, 240)
    deepEqual(kindsAfter(market, from), ['close_gate', 'open_orders'])
    const { status, price, fills, voids, sealed, proof } = record(market)
    deepEqual([status, price, proof, voids.size], ['cleared', 100_000n, 'awaited', 0])
    equal(fills.get(sells.order.commitment), 600n)
    equal(sealed.get(loses.order.commitment)?.ciphertext, '')
    const [request] = market.opening.asked
    equal(request?.label, `busbar/1/31337/0x${'3'.repeat(40)}/0/${first}`)
    deepEqual(market.queued.flat().filter((id) => /^(fix|commit)/.test(id)), [
      `fix/0/${first}`,
      `commit/0/${first}`,
    ])
  })

  test('what cannot be read is void, and delays nothing', async () => {
    const market = await openSealedMarket()
    const { all } = await withOrders(market)
    const broken = seal(market, 'alice', { ciphertext: unreadableCiphertext })
    const [lied] = [seal(market, 'alice', { salt: `0x${'77'.repeat(32)}` })]
    const foreign = seal(market, 'alice', { ciphertext: all[1]?.order.ciphertext ?? '' })
    await market.intake.sealedOrders([broken.order, lied.order, foreign.order])
    await market.to(0)
    const { voids, status } = record(market)
    equal(status, 'cleared')
    deepEqual(
      [broken, lied, foreign].map(({ order }) => voids.get(order.commitment)),
      ['not_opened', undefined, 'mismatch'],
    )
  })

  test('the chain is told what everybody’s leaf says, and each owner can open its own', async () => {
    const market = await openSealedMarket()
    const { sells, buys, loses, all } = await withOrders(market)
    await market.to(0)
    const clearing = await market.clearings.of(market.state, record(market))
    const { statement, fillLeaves } = clearing
    const commitments = all.map(({ order }) => order.commitment).sort()
    equal(statement.ordersRoot, setRoot(commitments))
    equal(statement.fillsRoot, setRoot(fillLeaves))
    const onChain = await market.chain.interval(0, first)
    equal(onChain?.ordersRoot, statement.ordersRoot)
    equal(onChain?.clearing?.fillsRoot, statement.fillsRoot)
    const header = unpackHeader(statement.header)
    deepEqual(header, {
      ...{ orderCount: 3, voidCount: 0, priceMicrosPerKwh: 100_000, energyWh: 600 },
    })
    deepEqual(publicInputsOf({ ...statement, header }), Object.values(statement))
    const wanted = [[sells, 600], [buys, 600], [loses, 0]] as const
    for (const [{ order, opening }, energyWh] of wanted) {
      const leaf = fillLeaves[commitments.indexOf(order.commitment)] ?? ''
      deepEqual(openFill(opening, statement.context, leaf), { kind: 'filled', energyWh })
    }
  })

  test('an interval without orders asks nobody, and one whose orders were taken back', async () => {
    const market = await openSealedMarket()
    await market.to(-1, 240)
    deepEqual(record(market).status, 'cleared')
    equal(market.opening.asked.length, 0)
    const clearing = await market.clearings.of(market.state, record(market))
    equal(clearing.statement.ordersRoot, setRoot([]))
  })

  test('it is the same however often it is done', async () => {
    const bodies = await Promise.all(
      [1, 2].map(async () => {
        const market = await openSealedMarket()
        await withOrders(market)
        await market.to(3)
        return market.store.entries.map(({ kind, hash }) => `${kind} ${hash}`)
      }),
    )
    deepEqual(bodies[0], bodies[1])
  })
})

describe('a committee that fails', () => {
  test('holds up its interval only, is named, and is asked again', async () => {
    const opening = new PlainOpening()
    const market = await openSealedMarket(sealedRulebook, { opening, isReal: true })
    await withOrders(market)
    opening.deadZones.add(0)
    opening.absent = ['regulator']
    await market.to(0)
    await market.to(2)
    deepEqual(record(market).status, 'fixed')
    equal(market.state.clearedThrough, first + 2)
    await until(market, () => market.reported.length >= 3)
    match(market.reported[0] ?? '', /COMMITTEE_BELOW_THRESHOLD/)
    const [failure] = market.openings.failures
    deepEqual([failure?.name, failure?.kind, failure?.interval], ['regulator', 'absent', first])
    ok(market.openings.waiting === 1 && market.openings.lateMs > 0)
    opening.deadZones.clear()
    opening.absent = []
    await until(market, () => record(market).status === 'cleared')
    deepEqual(market.openings.failures, [])
    equal(market.openings.waiting, 0)
  })

  test('does not keep a gate from closing while it is asked', async () => {
    const opening = new PlainOpening()
    const market = await openSealedMarket(sealedRulebook, { opening, isReal: true })
    await withOrders(market)
    const { promise, resolve } = Promise.withResolvers<void>()
    opening.hold = promise
    await market.to(0)
    await market.to(1)
    equal(market.state.clearedThrough, first + 1)
    deepEqual(record(market).status, 'fixed')
    resolve()
    await until(market, () => record(market).status === 'cleared')
    await market.openings.close()
    ok(opening.isClosed)
  })

  test('is waited for by a manual clock so often and no more', async () => {
    const market = await openSealedMarket()
    await withOrders(market)
    market.opening.deadZones.add(0)
    await market.to(0)
    deepEqual([record(market).status, market.opening.asked.length], ['fixed', 2])
    market.opening.deadZones.clear()
    await market.to(0, 1)
    deepEqual(record(market).status, 'cleared')
  })
})

describe('where owners reveal', () => {
  test('all is opened when all have, and their entries are sealed too', async () => {
    const market = await openSealedMarket(revealRulebook)
    const { all } = await withOrders(market)
    await market.to(-1, 240)
    const reveals = all.map(({ order, opening }) => ({
      ...{ zone: 0, interval: first, commitment: order.commitment, opening },
    }))
    const answers = await market.intake.reveals(reveals)
    deepEqual(answers.map(({ kind }) => kind), ['accepted', 'accepted', 'accepted'])
    await market.to(-1, 241)
    deepEqual([record(market).status, record(market).voids.size], ['cleared', 0])
    const clearing = await market.clearings.of(market.state, record(market))
    const again = await new SmallMarket({ store: market.store }).clearings.opened(record(market))
    equal(again.openings.size, 3)
    equal(clearing.fillLeaves.length, 3)
    const sealedEntries = market.store.entries.filter(({ kind }) => kind === 'reveal_order')
    ok(sealedEntries.every(({ body }) => body.startsWith('vault1.')))
  })

  test('who does not reveal is void after its time, and nobody waits longer', async () => {
    const market = await openSealedMarket(revealRulebook)
    const { all, loses } = await withOrders(market)
    await market.to(-1, 240)
    const shown = all.filter((one) => one !== loses)
    await market.intake.reveals(
      shown.map(({ order, opening }) => ({
        ...{ zone: 0, interval: first, commitment: order.commitment, opening },
      })),
    )
    await market.to(-1, 299)
    deepEqual(record(market).status, 'fixed')
    await market.to(0)
    deepEqual(record(market).status, 'cleared')
    deepEqual([...record(market).voids.values()], ['not_opened'])
    equal(record(market).fills.size, 2)
  })

  test('a snapshot between reveal and opening is sealed, and opens to the same state', async () => {
    const market = await openSealedMarket(revealRulebook)
    const { loses } = await withOrders(market)
    await market.to(-1, 240)
    const { order, opening } = loses
    const reveal = { zone: 0, interval: first, commitment: order.commitment, opening }
    await market.intake.reveals([reveal])
    const hash = await takeSnapshot(market.store, market.state, testVault)
    match(market.store.snapshot?.body ?? '', /^vault1\./)
    const { replayed, state } = await recover(market.store, market.engine, testVault)
    equal(replayed, 0)
    equal(await takeSnapshot(market.store, state, testVault), hash)
  })
})

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
    deepEqual([item?.status, item?.refused], ['waiting', 6])
    equal((await market.proving.claim(2, limits))?.interval, first)
    deepEqual(await market.proving.take(right), { kind: 'taken', repeated: false })
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

  test('without the key of the vault is refused, and another opinion comes to the same', async () => {
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
