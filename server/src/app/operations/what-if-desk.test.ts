/**
 * Goal: what other rules would have made of the intervals that the state has is worked out for each
 * of them, with progress, and by the rules themselves nothing differs; also for sealed orders.
 * Method: a small market after an auction, an open and a sealed one.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import type { Rulebook } from '@busbar/core/rulebook'
import { openSealedMarket, seal, sealedRulebook } from '../../testing/sealed-market.ts'
import { first, SmallMarket, smallRulebook } from '../../testing/small-market.ts'
import { WhatIfDesk } from './what-if-desk.ts'

const deskOf = (market: SmallMarket): WhatIfDesk =>
  new WhatIfDesk({
    state: () => market.state,
    engine: market.engine,
    opened: (record) => market.clearings.opened(record),
  })

async function done(desk: WhatIfDesk, rulebook: Rulebook) {
  for (let turn = 0; turn < 200; turn += 1) {
    const answer = desk.ask(0, rulebook)
    if (answer.state !== 'running') return answer
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error('it is never done')
}

test('by the rules themselves nothing differs, by others it is said what does', async () => {
  const market = await SmallMarket.traded()
  const desk = deskOf(market)
  equal(desk.ask(0, smallRulebook).state, 'running')
  const same = await done(desk, smallRulebook)
  ok(same.total > 0)
  equal(same.done, same.total)
  deepEqual(same.accounts, [])
  const own = same.intervals.find(({ interval }) => interval === first)
  deepEqual([own?.own, own?.movedMicros, own?.refusedOrders], [own?.other, 0, 0])
  const dearer = await done(desk, { ...smallRulebook, version: 2, feeMicrosPerKwh: 10_500 })
  const row = dearer.intervals.find(({ interval }) => interval === first)
  deepEqual(row?.other, own?.own)
  // Ten thousand micros more for each of the kilowatt-hours that two sides trade.
  const fees = dearer.accounts.find(({ account }) => account === 1)?.differenceMicros
  equal(fees, row?.movedMicros)
  equal(fees, 2 * 10 * (own?.own.energyWh ?? 0))
  const narrow = { ...smallRulebook, version: 3, priceMaxMicrosPerKwh: 150_000 }
  const none = await done(desk, narrow)
  const refused = none.intervals.find(({ interval }) => interval === first)
  deepEqual([refused?.refusedOrders, refused?.other.energyWh], [1, 0])
})

test('what nobody can ask for any more is not worked out', async () => {
  const market = await SmallMarket.traded()
  let looked = 0
  const state = () => {
    looked += 1
    return market.state
  }
  const desk = new WhatIfDesk({
    state,
    engine: market.engine,
    opened: (record) => market.clearings.opened(record),
  })
  const rules = (version: number): Rulebook => ({ ...smallRulebook, version })
  const { total } = desk.ask(0, rules(100))
  for (let version = 101; version < 140; version += 1) desk.ask(0, rules(version))
  await done(desk, rules(139))
  // Each question looks once as it is asked, and once for every interval that it works out.
  ok(looked <= 40 + 5 * total, `${looked} of ${total}`)
})

test('sealed orders are those that were opened', async () => {
  const market = await openSealedMarket()
  const buy = { side: 'buy', energyWh: 60, limitMicrosPerKwh: 200_000 } as const
  await market.intake.sealedOrders([
    seal(market, 'alice').order, seal(market, 'bob', buy).order,
  ])
  await market.to(0)
  await market.read(0, { alice: [0, 0], bob: [0, 0] })
  await market.to(1)
  await market.read(1, { alice: [0, 60], bob: [60, 0] })
  await market.to(1)
  const same = await done(deskOf(market), sealedRulebook)
  const own = same.intervals.find(({ interval }) => interval === first)
  deepEqual([own?.own, own?.movedMicros], [{ priceMicrosPerKwh: 100_000, energyWh: 60 }, 0])
  deepEqual(own?.other, own?.own)
})
