/**
 * Goal: what a month would have come to by other rules is told for every interval of the journal
 * that was ever settled, also for those that the state has long forgotten; by the rules themselves
 * it is what was posted; and a journal whose replay is not what happened gives no figure.
 * Method: a naive judge looks at a twin of the market that forgets nothing, interval by interval,
 * with the naive engine; random histories with gaps and corrections, open and sealed books.
 * `SEED` replays one.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type Engine, gateOf, rulebookFor, type State, whatIf,
} from '@busbar/core/exchange'
import type { Rulebook } from '@busbar/core/rulebook'
import { MicrosPerKwh } from '@busbar/core/units'
import fc from 'fast-check'
import { forgetful, live, liveInBoth, openCourt } from '../../testing/market-history.ts'
import { openSealedMarket, seal, sealedRulebook } from '../../testing/sealed-market.ts'
import { domainFor, first, SmallMarket, testVault } from '../../testing/small-market.ts'
import { enginesFor } from '../engines.ts'
import type { WhatIfProgress, WhatIfQuestion } from '../ports/what-if.ts'
import { takeSnapshot } from '../recover.ts'
import { whatIfReplay } from './what-if-replay.ts'

const seeded = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const runs = Number(process.env.RUNS ?? 6)

const asked = (market: SmallMarket, change: Partial<WhatIfQuestion> = {}): WhatIfQuestion => ({
  ...{ rulebook: forgetful, from: first, to: first + 10_000, zone: undefined, gateMs: 0 },
  ...{ intervalMs: 300_000, timeZone: 'UTC', until: market.state.sequence },
  balances: new Map(market.state.ledger.balances),
  ...change,
})

function found(
  market: SmallMarket,
  question: WhatIfQuestion,
  more: { engine?: Engine; progress?: (progress: WhatIfProgress) => void } = {},
) {
  const { store: journal, engine } = market
  const parts = { question, journal, engine, vault: testVault, progress: () => undefined, ...more }
  return whatIfReplay(parts)
}

const naiveOf = (market: SmallMarket): Engine =>
  enginesFor(market.chain.deployment, domainFor(market.chain)).naive

/** Interval by interval, from a state that has them all. */
function naiveJudge(
  { state, ...market }: { state: State; engine: Engine },
  { from, to, rulebook }: WhatIfQuestion,
  zone = 0,
) {
  const sums = { intervals: 0, refused: 0, moved: 0n, own: 0n, other: 0n, fees: [0n, 0n] }
  const differences = new Map<number, bigint>()
  for (const record of state.intervals.get(zone)?.values() ?? []) {
    const { interval, status } = record
    if (interval < from || interval > to) continue
    const isDirty = state.dirty.has(`${zone}:${interval}`)
    const isKnown = status === 'final' || (status === 'provisional' && !isDirty)
    if (!isKnown) continue
    const orders = [...record.orders.values()].flat()
    const by = (rules: Rulebook) => whatIf(state, record, orders, rules, market.engine)
    const [own, other] = [by(rulebookFor(state, interval)), by(rulebook)]
    sums.intervals += 1
    sums.refused += other.refused
    sums.own += own.energy
    sums.other += other.energy
    sums.fees = [own, other].map(({ net }, i) => (sums.fees[i] ?? 0n) + (net.get(1) ?? 0n))
    for (let account = 0; account < 20; account += 1) {
      const more = (other.net.get(account) ?? 0n) - (own.net.get(account) ?? 0n)
      if (more > 0n) sums.moved += more
      differences.set(account, (differences.get(account) ?? 0n) + more)
    }
  }
  return { ...sums, differences: [...differences].filter(([, amount]) => amount !== 0n) }
}

type Found = Awaited<ReturnType<typeof found>>

const shown = ({ zones, accounts }: Pick<Found, 'zones' | 'accounts'>) => {
  const [zone] = zones
  return {
    ...{ intervals: zone?.intervals ?? 0, refused: zone?.refusedOrders ?? 0 },
    ...{ moved: zone?.movedMicros ?? 0n, own: zone?.own.energyWh ?? 0n },
    other: zone?.other.energyWh ?? 0n,
    fees: [zone?.own.feesMicros ?? 0n, zone?.other.feesMicros ?? 0n],
    differences: accounts
      .map(({ account, differenceMicros }) => [account, differenceMicros] as [number, bigint])
      .sort(([a], [b]) => a - b),
  }
}

const without = <Judged extends { readonly differences: unknown }>(judged: Judged) => {
  const { differences: _, ...sums } = judged
  return sums
}

/** A market in two zones, one below the other, that has lived for so long. */
async function inBoth(rulebook: Rulebook, intervals: number, seed: number): Promise<SmallMarket> {
  const market = await SmallMarket.open(rulebook)
  await openCourt(market)
  await liveInBoth(market, intervals, seed)
  return market
}

/** Rules that orders and money depend on. */
const rules = fc.record({
  feeMicrosPerKwh: fc.nat(9_000),
  priceMaxMicrosPerKwh: fc.constantFrom(1_000_000, 200_000),
  orderEnergyMaxWh: fc.constantFrom(5_000, 400),
  reconciliation: fc.record({
    policy: fc.constantFrom('balancing-authority' as const, 'retailer-bill' as const),
    spreadBasisPoints: fc.constantFrom(0, 1_000, 5_000),
    overDeviationBasisPoints: fc.constantFrom(0, 2_000, 1_000_000),
  }),
}).map((change): Rulebook => ({ ...forgetful, version: 2, ...change }))

describe('the past by other rules', () => {
  test('is what a naive judge finds who forgets nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), rules, fc.nat(20), fc.nat(40), async (seed, other, ...of) => {
        const market = await SmallMarket.open(forgetful)
        await live(market, 40, seed)
        const twin = await SmallMarket.open({ ...forgetful, correctionIntervals: 6 + 10_000 })
        // The twin takes what the other one took: later corrections are refused by the one alone.
        await live(twin, 40, seed)
        const [from, length] = of
        const question = asked(market, {
          rulebook: other, from: first + from, to: first + from + length,
        })
        const naive = { state: twin.state, engine: naiveOf(twin) }
        deepEqual(shown(await found(market, question)), naiveJudge(naive, question))
      }),
      { ...seeded, numRuns: runs },
    )
  })

  test('is what a naive judge finds in each of two zones, and together', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), rules, async (seed, other) => {
        const market = await inBoth(forgetful, 30, seed)
        const twin = await inBoth({ ...forgetful, correctionIntervals: 6 + 10_000 }, 30, seed)
        const question = asked(market, { rulebook: other, to: first + 29 })
        const naive = { state: twin.state, engine: naiveOf(twin) }
        const [above, below] = [0, 1].map((zone) => naiveJudge(naive, question, zone))
        ok(above !== undefined && below !== undefined && below.intervals > 20)
        for (const [zone, judged] of [above, below].entries()) {
          deepEqual(shown(await found(market, { ...question, zone })), judged)
        }
        const told = await found(market, question)
        const { differences, ...sums } = shown(told)
        deepEqual(sums, without(above))
        deepEqual(without(shown({ ...told, zones: told.zones.slice(1) })), without(below))
        const all = new Map<number, bigint>()
        for (const [account, amount] of [...above.differences, ...below.differences]) {
          all.set(account, (all.get(account) ?? 0n) + amount)
        }
        const sorted = [...all].filter(([, amount]) => amount !== 0n).sort(([a], [b]) => a - b)
        deepEqual(differences, sorted)
        deepEqual(told.days.map(({ zone }) => zone), [0, 1])
      }),
      { ...seeded, numRuns: runs / 2 },
    )
  })

  test('is what stands in every zone, by the rules that held there', async () => {
    const market = await inBoth(forgetful, 40, 11)
    // A third zone has no home, and no auction.
    const yard = { name: 'yard', parent: 1, bridgeWatts: 1_000 }
    await market.instruct('operator', 'register_zone', yard)
    const told = await found(market, asked(market, { to: first + 39 }))
    deepEqual([told.accounts, told.accountCount], [[], 0])
    deepEqual(told.zones.map(({ zone }) => zone), [0, 1])
    for (const { zone, own, other, intervals, movedMicros } of told.zones) {
      deepEqual(own, other)
      equal(movedMicros, 0n)
      ok(own.energyWh > 1_000n, `zone ${zone}: ${own.energyWh} Wh`)
      const missing = told.notReached.filter((one) => one.zone === zone)
      equal(intervals + missing.reduce((sum, one) => sum + one.intervals, 0), 40)
    }
    deepEqual(told.notReached.filter(({ zone }) => zone === 2), [
      { zone: 2, reason: 'no_auction', intervals: 40 },
    ])
  })

  test('is what stands, by the rules that held', async () => {
    const market = await SmallMarket.open(forgetful)
    await live(market, 60, 7)
    ok((market.state.intervals.get(0)?.size ?? 0) < 20, 'the state has forgotten most')
    const told = await found(market, asked(market, { to: first + 59 }))
    deepEqual([told.accounts, told.accountCount], [[], 0])
    const [zone] = told.zones
    deepEqual(zone?.own, zone?.other)
    equal(zone?.movedMicros, 0n)
    // Everything is in it, or is said not to be.
    const missing = told.notReached.reduce((sum, { intervals }) => sum + intervals, 0)
    equal((zone?.intervals ?? 0) + missing, 60)
    ok((zone?.intervals ?? 0) >= 57, `${zone?.intervals}`)
  })

  test('leaves out what a correction waits for, and says so', async () => {
    const market = await SmallMarket.open(forgetful)
    const { alice: [imported, exported], bob } = await live(market, 20, 13)
    await market.to(20)
    await market.read(20, { alice: [imported + 9, exported], bob })
    await market.to(20, 200)
    const question = asked(market, { to: first + 19 })
    const before = await found(market, question)
    // Nobody has settled by it yet.
    await market.read(20, { alice: [imported + 99, exported] }, 1)
    const told = await found(market, asked(market, { to: first + 19 }))
    const records = [...(market.state.intervals.get(0)?.values() ?? [])]
    // What is final is still known by its last run.
    const waiting = records.filter(({ interval, status }) =>
      status === 'provisional' && market.state.dirty.has(`0:${interval}`)).length
    ok(waiting > 0)
    equal(told.zones[0]?.intervals, (before.zones[0]?.intervals ?? 0) - waiting)
    deepEqual(told.notReached.filter(({ reason }) => reason === 'correction_waits'), [
      { zone: 0, reason: 'correction_waits', intervals: waiting },
    ])
  })

  test('has a code and no figure where the replay is not what happened', async () => {
    const market = await SmallMarket.open(forgetful)
    await live(market, 30, 3)
    // A version of the program that takes another fee: the same again, but not what was posted.
    const { reconcile } = market.engine
    const feeOf = (more: () => bigint): Engine => ({
      ...market.engine,
      reconcile: (input) => {
        const feeMicrosPerKwh = MicrosPerKwh.from(input.feeMicrosPerKwh + more())
        return reconcile({ ...input, feeMicrosPerKwh })
      },
    })
    const differs = { code: 'WHAT_IF_DIFFERS' }
    await rejects(found(market, asked(market), { engine: feeOf(() => 900n) }), differs)
    // One that does not even come to the same twice.
    let calls = 0n
    const engine = feeOf(() => (calls += 1n) * 100n)
    await rejects(found(market, asked(market), { engine }), differs)
    // And a journal that ends too early.
    const cut = { ...asked(market), until: market.state.sequence + 1 }
    await rejects(found(market, cut), { code: 'WHAT_IF_STOPPED' })
  })

  test('says how far it is, by day', async () => {
    const market = await SmallMarket.open(forgetful)
    await live(market, 170, 5)
    const seen: WhatIfProgress[] = []
    const question = asked(market, { to: first + 169 })
    const told = await found(market, question, { progress: (one) => void seen.push(one) })
    const last = seen.at(-1)
    // From ten in the morning on, fourteen hours are 168 intervals of five minutes.
    deepEqual([last?.day, last?.days], [2, 2])
    const { sequence } = market.state
    deepEqual([seen[0]?.replayed, seen[0]?.entries], [0, sequence])
    deepEqual([last?.replayed, last?.entries], [sequence, sequence])
    deepEqual(told.days.map(({ day }) => day), ['2026-06-01', '2026-06-02'])
    const auckland = await found(market, { ...question, timeZone: 'Pacific/Auckland' })
    equal(auckland.days[0]?.intervals, 24)
  })

  test('is the same from a snapshot that is from before the span', async () => {
    const market = await SmallMarket.open(forgetful)
    await live(market, 30, 9)
    await takeSnapshot(market.store, market.state, testVault)
    const from = market.state.clearedThrough + 1
    const more = await SmallMarket.open(forgetful)
    await live(more, 44, 9)
    more.store.snapshot = market.store.snapshot
    const question = asked(more, { from, rulebook: { ...forgetful, feeMicrosPerKwh: 9_000 } })
    let read = 0
    const journal = {
      snapshotBefore: (atMs: number) => more.store.snapshotBefore(atMs),
      read: async (after: number, limit: number) => {
        const page = await more.store.read(after, limit)
        read += page.length
        return page
      },
    }
    const seen: WhatIfProgress[] = []
    const progress = (one: WhatIfProgress): void => void seen.push(one)
    const parts = { engine: more.engine, vault: testVault, progress }
    const quick = await whatIfReplay({
      ...parts, journal, question: { ...question, gateMs: gateOf(more.state, from) },
    })
    ok(read < more.store.entries.length / 2, `${read} of ${more.store.entries.length}`)
    deepEqual(quick, await found(more, question))
    // How far it is, is told of what is replayed, and not of what lies before it.
    const left = more.state.sequence - (more.store.snapshot?.sequence ?? 0)
    deepEqual([seen[0]?.replayed, seen[0]?.entries], [0, left])
    deepEqual([seen.at(-1)?.replayed, seen.at(-1)?.entries], [left, left])
    // One that is from within it is of no use.
    const early = { ...question, from: from - 1 }
    const began = { ...early, gateMs: gateOf(more.state, from - 1) }
    deepEqual(await found(more, began), await found(more, early))
  })

  test('is told of sealed orders as they were opened', async () => {
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
    const question = asked(market, { rulebook: sealedRulebook, to: first })
    const { zones: [zone] } = await found(market, question)
    deepEqual([zone?.own.energyWh, zone?.own.meanPriceMicrosPerKwh], [60n, 100_000n])
    deepEqual(zone?.other, zone?.own)
    const fees = { ...sealedRulebook, priceMaxMicrosPerKwh: 150_000 }
    const { zones: [none] } = await found(market, { ...question, rulebook: fees })
    deepEqual([none?.refusedOrders, none?.other.energyWh], [1, 0n])
  })
})
