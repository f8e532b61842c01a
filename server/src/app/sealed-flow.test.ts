/**
 * Goal: sealed orders are taken with a receipt, opened after their gate and not before, cleared as
 * open ones would be, committed to and proven; nobody's failure delays another's; and whatever was
 * done survives a restart at any step.
 * Method: a market on doubles with real commitments, and a committee that fails when it is told to.
 */
import { deepEqual, equal, match, ok, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { voidReasonOf } from '@busbar/client'
import { receiptDigest } from '@busbar/protocols/eip712'
import { openFill, publicInputsOf, setRoot, unpackHeader } from '@busbar/protocols/sealed-orders'
import { PlainOpening, unreadableCiphertext } from '../testing/plain-opening.ts'
import {
  openSealedMarket,
  record,
  revealRulebook,
  seal,
  sealedRulebook,
  withOrders,
} from '../testing/sealed-market.ts'
import { accountOf, first, SmallMarket, testVault } from '../testing/small-market.ts'
import { placeOf } from './engines.ts'
import { recover, takeSnapshot } from './recover.ts'
import { sealedOrderProof } from './views/sealed-orders.ts'

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

  test('why an order is void is on the chain, and its owner can show it', async () => {
    const market = await openSealedMarket()
    const { all } = await withOrders(market)
    const broken = seal(market, 'alice', { ciphertext: unreadableCiphertext })
    const foreign = seal(market, 'alice', { ciphertext: all[1]?.order.ciphertext ?? '' })
    await market.intake.sealedOrders([broken.order, foreign.order])
    await market.to(0)
    const { state, chain, clearings } = market
    const onChain = await chain.interval(0, first)
    ok(onChain?.clearing)
    const shownOf = async (commitment: string) => {
      const where = { zone: 0, interval: first, commitment }
      return await sealedOrderProof(state, placeOf(chain.deployment), where, clearings)
    }
    for (const [{ order }, reason] of [[broken, 'not_opened'], [foreign, 'mismatch']] as const) {
      const view = await shownOf(order.commitment)
      ok(view?.voided)
      const path = { void: { ...view.voided, path: [...view.voided.path] } }
      equal(voidReasonOf(onChain.clearing, order, path), reason)
      // Another reason, or another clearing, is not what the chain has.
      for (const [cleared, changed] of [
        [onChain.clearing, { reason: 'suspended' }],
        [onChain.clearing, { index: 1 - view.voided.index }],
        [{ ...onChain.clearing, voidCount: 3 }, {}],
        [{ ...onChain.clearing, price: 1n }, {}],
        [{ ...onChain.clearing, fillsRoot: `0x${'01'.repeat(32)}` }, {}],
      ] as const) {
        const forged = { void: { ...path.void, ...changed } }
        throws(() => voidReasonOf(cleared, order, forged), /proof_invalid/)
      }
    }
    equal((await shownOf(all[0]?.order.commitment ?? ''))?.voided, null)
  })

  test('the chain is told what each leaf says, and its owner can open it', async () => {
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
