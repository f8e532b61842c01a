/**
 * Goal: a `kill -9` between any two steps of any rail, from setting money aside to the transfers of
 * retailers, pays each obligation once.
 * Method: a server as a process of its own that kills itself at named points, one after the other,
 * with one trade by each rail; provider, network and bank keep their own books, which are compared
 * with the table and, at the end, with the exchange's by a second opinion.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { rails } from '@busbar/core/rulebook'
import { KillableMarket } from '../testing/killable-market.ts'
import {
  buyerOf,
  marketId,
  type Pair,
  sellerOf,
  startMs,
  windowIntervals,
} from '../testing/rail-market.ts'
import { own, platform, RailWorld } from '../testing/rail-world.ts'
import { verifyMarket } from '../verify.ts'

const pairs: readonly Pair[] = rails.map((rail) => ({ rail, name: 'only' }))

/** 60 % is delivered: see the table of `rails.test.ts`. */
const [exportedWh, importedWh] = [375, 625]
const worth = { seller: 12_670_000, buyer: -13_270_000, fees: 300_000 }

const around = (point: string): string[] => [`${point}/before`, `${point}/after`]
const recorded = around('store.commit(record_payment)')

const deaths = {
  reserve: [...around('money-block.reserve'), ...recorded],
  collect: [
    ...around('store.commit(tend_payments)'),
    ...around('money-block.capture'),
    ...recorded,
    // A process that does not know of a bill asks for it again, and hears that it is paid.
    ...around('bill-seller.collect'),
    ...recorded,
    ...around('bill-platform.collect'),
    ...recorded,
  ],
  net: [
    ...around('store.commit(tend_payments)'),
    ...around('transfers.order'),
    ...around('transfers.news'),
    ...around('store.commit(record_netting)'),
  ],
}

const world = new RailWorld()
const killable = new KillableMarket({
  ...{ name: 'rails', pairs, rails },
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
    const isAnswered = await killable.dieAt(point, doing)
    equal(isAnswered, false, `${point}: nobody was told that it was done`)
    died += 1
  }
  await killable.start()
  await doing()
}

before(async () => {
  await world.start()
  await killable.start()
  await market.prepare()
  await world.admit(market)
  for (const pair of pairs) await market.agree(pair)
})

after(async () => {
  killable.remove()
  await world.remove()
})

test('killed while money is set aside, it is set aside once', async () => {
  await dyingAt(deaths.reserve, () => market.to(-4))
  const pair = pairs.find(({ rail }) => rail === 'money-block') as Pair
  const { payments } = await market.payments(buyerOf(pair))
  deepEqual(payments.map(({ state }) => state), ['reserved'])
  const token = `${marketId}.${market.accountOf(buyerOf(pair))}`
  const { heldMicros } = await world.provider.party(token)
  equal(heldMicros, payments[0]?.reservedMicros)
})

const collectMs = startMs + (windowIntervals + 6) * 900_000

test('killed while it is collected, it is paid once by every rail', async () => {
  for (let boundary = 0; boundary <= windowIntervals; boundary += 1) {
    await market.to(boundary, 5)
    await market.read(boundary, () => [boundary * exportedWh, boundary * importedWh])
  }
  await market.client.setClock(collectMs - 900_000 - 1)
  await world.to(collectMs)
  await dyingAt(deaths.collect, () => market.client.setClock(collectMs))
  await world.to(collectMs + 1_000)
  await market.client.setClock(collectMs + 1_000)
  for (const pair of pairs) {
    const of = (side: string): Promise<number> => world.worthOf(market, side, pair.rail)
    const sides = [await of(sellerOf(pair)), await of(buyerOf(pair))]
    deepEqual(sides, [own + worth.seller, own + worth.buyer], pair.rail)
  }
  const fees = [await world.providedTo(1), await world.providedTo(platform)]
  deepEqual(fees, [worth.fees, worth.fees])
  deepEqual([await world.billedTo(1), await world.billedTo(platform)], fees.map((fee) => 2 * fee))
})

test('killed while retailers settle, each transfer is booked once', async () => {
  const nettingMs = startMs + (2 * windowIntervals + 7) * 900_000
  await world.to(nettingMs)
  await dyingAt(deaths.net, () => market.client.setClock(nettingMs))
  const { seller, buyer, fees } = worth
  const booked = [['B-1', fees], ['B-5', seller], ['B-6', buyer], ['B-9', fees]]
  deepEqual(await world.banked(), booked)
})

test('after all of it a second opinion finds each thing done once', async () => {
  equal(died, Object.values(deaths).flat().length)
  await server.stop()
  const { differences } = await verifyMarket({ dataDir: killable.dataDir })
  deepEqual(differences, [])
})
