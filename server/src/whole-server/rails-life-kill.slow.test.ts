/**
 * Goal: money that is held for weeks is renewed in time, and a `kill -9` between any two steps of
 * its longer life does each of them once: it is renewed, let go when a side leaves, given back when
 * readings are corrected, asked for later for a fee, and held on the chain while the trade needs it.
 * Method: a server as a process of its own that kills itself at named points, contracts twenty days
 * ahead, and provider, network and chain with books of their own; at the end a second opinion.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { contractDigest } from '@busbar/protocols/eip712'
import { bytesToHex } from '@busbar/protocols/hash'
import { contractMessage } from '@busbar/protocols/trades'
import { KillableMarket } from '../testing/killable-market.ts'
import {
  buyerOf,
  first,
  type Pair,
  sellerOf,
  windowIntervals,
} from '../testing/rail-market.ts'
import { own, RailWorld, tokenOf } from '../testing/rail-world.ts'
import { verifyMarket } from '../verify.ts'

const perDay = 96
const [windowDay, holdDays] = [20, 7]
/** The window, counted in intervals from the first afternoon. */
const begin = windowDay * perDay

const pairs = {
  kept: { rail: 'money-block', name: 'kept' },
  left: { rail: 'money-block', name: 'left' },
  billed: { rail: 'bill-seller', name: 'billed' },
  held: { rail: 'clearing-house', name: 'held' },
} as const satisfies Record<string, Pair>

const around = (point: string): string[] => [`${point}/before`, `${point}/after`]
const recorded = around('store.commit(record_payment)')

const world = new RailWorld()
const killable = new KillableMarket({
  ...{ name: 'rails-life', pairs: Object.values(pairs) },
  rails: ['clearing-house', 'money-block', 'bill-seller'],
  // From the agreement on, however far ahead.
  rules: { reserveAheadIntervals: 30 * perDay },
  environment: (folder) => {
    const file = join(folder, 'rails.json')
    writeFileSync(file, JSON.stringify(world.file), { mode: 0o600 })
    return { BUSBAR_RAILS: file }
  },
})
const { market, server } = killable
let died = 0

/** Does the same again and again, dying at each of the points, and once more to the end. */
async function dyingAt(points: readonly string[], doing: () => Promise<unknown>): Promise<void> {
  for (const point of points) {
    await killable.dieAt(point, doing)
    died += 1
  }
  await killable.start()
  await doing()
}

/** What both sides say of it. */
const terms = (pair: Pair) =>
  market.termsOf(pair, { fromInterval: first + begin, exitFeeMicros: 1_000_000 })

const heldFor = async (pair: Pair): Promise<number> =>
  (await world.provider.party(tokenOf(market.accountOf(buyerOf(pair))))).heldMicros

async function paymentOf(pair: Pair) {
  const { payments } = await market.payments(buyerOf(pair))
  const [payment] = payments
  ok(payment !== undefined, `${pair.name} has a payment`)
  return payment
}

/** Counterparts and exchange alike, day by day. */
async function toDay(day: number): Promise<void> {
  const { clock } = await market.client.market()
  const dayMs = 86_400_000
  const targetMs = market.msOf(day * perDay)
  for (let ms = clock.nowMs + dayMs; ms < targetMs; ms += dayMs) {
    await world.to(ms)
    await market.client.setClock(ms)
  }
  await world.to(targetMs)
  await market.client.setClock(targetMs)
}

before(async () => {
  await world.start()
  await killable.start()
  await market.prepare()
  await world.admit(market)
})

after(async () => {
  killable.remove()
  await world.remove()
})

const agreed = (pair: Pair) =>
  market.agree(pair, { fromInterval: first + begin, exitFeeMicros: 1_000_000 })

test('agreed weeks ahead, the money is held at once, on the chain as well', async () => {
  for (const pair of [pairs.kept, pairs.left, pairs.billed]) await agreed(pair)
  await market.to(-4)
  for (const pair of [pairs.kept, pairs.left]) {
    equal((await paymentOf(pair)).state, 'reserved')
    ok((await heldFor(pair)) > 25_000_000, `${pair.name}: ${await heldFor(pair)}`)
  }
  await dyingAt(
    [...around('outbox.update(signed)'), ...around('rpc(send)')],
    () => agreed(pairs.held),
  )
})

test('killed while it is renewed, it is held once, until the delivery', async () => {
  const before = await heldFor(pairs.kept)
  await toDay(0.7 * holdDays)
  await dyingAt(
    [...around('money-block.renew'), ...recorded, ...around('money-block.renew'), ...recorded],
    () => market.client.setClock(market.msOf(0.8 * holdDays * perDay)),
  )
  console.log('P2', server.points())
  equal(await heldFor(pairs.kept), before)
})

test('killed while a side leaves, what was held is let go once', async () => {
  const { domain } = await market.signerOf(sellerOf(pairs.left))
  const contract = bytesToHex(contractDigest(domain, contractMessage(terms(pairs.left))))
  await market.instruct(sellerOf(pairs.left), 'exit_trade', { contract })
  console.log('PASS', server.points(), await paymentOf(pairs.left))
  await toDay(9)
  console.log('PASS', server.points(), await paymentOf(pairs.left), await heldFor(pairs.left))
})
