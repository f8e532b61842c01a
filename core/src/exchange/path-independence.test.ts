/**
 * Goal: when a correct reading comes, and what was believed before it, does not change what is
 * paid: settling at once, late, or by correcting a wrong reading ends in the same money. Nor does
 * it matter when sealed orders open and when their clearing is proven.
 * Method: the same plan of trades and meters played twice, once with every reading in time, once
 * with each late by anything within the time for corrections, some wrong at first, settlements
 * left out, and openings and proofs late as well. What stands posted, and balances with arrears,
 * must agree. Replay with `SEED=…`.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { balanceOf } from '../ledger/index.ts'
import {
  hex,
  type Market,
  type MeterOwner,
  openMarket,
  people,
  testRulebook,
} from './testing/market.ts'
import { committeeRulebook, openSealedMarket, SealedMarket } from './testing/sealed-market.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const houses = ['alice', 'bob', 'carol'] as const
const intervals = 5
const lastBoundary = intervals
/** Behind the last reading: estimated for good, and from the same readings in the end. */
const estimatedIntervals = 2
const allIntervals = intervals + estimatedIntervals

type Trade = {
  readonly interval: number
  readonly seller: MeterOwner
  readonly buyer: MeterOwner
  readonly energyWh: number
  readonly limit: number
}

type Energy = { readonly importWh: number; readonly exportWh: number }

type Plan = {
  /** An open book, or a sealed one whose proof is required or optional. */
  readonly book: 'open' | 'required' | 'optional'
  readonly trades: readonly Trade[]
  /** By house and interval. */
  readonly energy: readonly (readonly Energy[])[]
  readonly purses: { readonly carol: number; readonly balance: number }
}

type Arrival = {
  /** In intervals, by house and boundary. */
  readonly delays: readonly (readonly number[])[]
  /** By house: the boundary at which its first word is wrong, by so much, and corrected later. */
  readonly wrong: readonly ({ readonly boundary: number; readonly noiseWh: number } | null)[]
  /** Times at which nothing is settled, as bits. */
  readonly idle: number
  /** In intervals after each gate: when sealed orders open, and when their clearing is proven. */
  readonly openedAfter: readonly number[]
  readonly provenAfter: readonly number[]
}

const inTime: Arrival = {
  delays: houses.map(() => Array.from({ length: lastBoundary + 1 }, () => 0)),
  wrong: houses.map(() => null),
  idle: 0,
  openedAfter: [],
  provenAfter: [],
}

function play(plan: Plan, arrival: Arrival): Market {
  const rich = 10 ** 12
  const deposits = { alice: rich, bob: rich, retailer: rich, guarantee: rich, ...plan.purses }
  const sealer = plan.book === 'open'
    ? new SealedMarket(openMarket({ deposits }))
    : openSealedMarket({ deposits, rulebook: { ...committeeRulebook, proof: plan.book } })
  const { market } = sealer
  const isSealed = plan.book !== 'open'
  const end = lastBoundary + testRulebook.correctionIntervals + 1
  for (let now = 0; now <= end; now += 1) {
    market.toGate(now, -1)
    for (const [i, { interval, seller, buyer, energyWh, limit }] of plan.trades.entries()) {
      if (interval !== now) continue
      // Ids of their own: an order's rank at the margin must not depend on how much was sent.
      const [sell, buy] = [hex(1_000_000 + 2 * i, 32), hex(1_000_001 + 2 * i, 32)]
      for (const [who, side, id] of [[seller, 'sell', sell], [buyer, 'buy', buy]] as const) {
        market.submit(isSealed
          ? sealer.sealed(who, side, energyWh, limit, interval, { id })
          : market.orderOf(who, side, energyWh, limit, interval, id))
      }
    }
    // The gates end with the plan, so that nothing is forgotten before it is compared.
    market.toGate(now)
    if (now <= allIntervals) market.closeGate(now)
    market.toStart(now)
    if (isSealed) openAndProve(sealer, arrival, now)
    const batch = arriving(plan, arrival, now)
    if (batch.length > 0) market.must(market.readings(batch))
    if ((arrival.idle >> now) % 2 === 1 && now < end) continue
    for (let interval = 0; interval < allIntervals; interval += 1) market.settle(interval)
  }
  return market
}

/** At the start of interval `now`: opens and proves what is to be opened and proven by now. */
function openAndProve(sealer: SealedMarket, arrival: Arrival, now: number): void {
  for (let interval = 0; interval <= Math.min(now, allIntervals); interval += 1) {
    const opens = interval + (arrival.openedAfter[interval] ?? 0)
    const proves = interval + (arrival.provenAfter[interval] ?? 0)
    const isFixed = sealer.market.record(interval).status === 'fixed'
    if (isFixed && now >= opens) equal(sealer.open(interval).kind, 'accepted')
    if (now >= proves) sealer.market.submit(sealer.proofWord(interval, 'proven'))
  }
}

/** What comes at the start of interval `now`; what came before comes again, to no effect. */
function arriving(plan: Plan, arrival: Arrival, now: number) {
  const batch: (readonly [MeterOwner, number, number, number, number])[] = []
  for (const [i, house] of houses.entries()) {
    for (let boundary = 0; boundary <= Math.min(now, lastBoundary); boundary += 1) {
      const counted = (plan.energy[i] ?? []).slice(0, boundary)
      const importWh = 1_000 + counted.reduce((sum, one) => sum + one.importWh, 0)
      const exportWh = 1_000 + counted.reduce((sum, one) => sum + one.exportWh, 0)
      const wrong = arrival.wrong[i]
      const isWrong = wrong?.boundary === boundary
      if (isWrong) batch.push([house, boundary, importWh + wrong.noiseWh, exportWh, 0])
      const due = boundary + (arrival.delays[i]?.[boundary] ?? 0) <= now
      if (due) batch.push([house, boundary, importWh, exportWh, isWrong ? 1 : 0])
    }
  }
  return batch
}

const energy = fc.record({
  // So much that a wrong register, by less, still goes forwards and within the connection. Often
  // the same, so that an estimate may turn out to be right.
  importWh: fc.oneof(fc.constant(150), fc.integer({ min: 150, max: 1_000 })),
  exportWh: fc.oneof(fc.constant(0), fc.nat(1_000)),
})
const fixed = { minLength: intervals, maxLength: intervals }
const ofIntervals = fc.oneof(
  fc.array(energy, fixed),
  energy.map((one) => Array.from({ length: intervals }, () => one)),
)
const plan: fc.Arbitrary<Plan> = fc.record({
  book: fc.constantFrom('open' as const, 'required' as const, 'optional' as const),
  trades: fc.array(
    fc.record({
      interval: fc.nat(intervals - 1),
      seller: fc.constantFrom<MeterOwner[]>('alice', 'bob', 'retailer'),
      buyer: fc.constantFrom<MeterOwner[]>('alice', 'bob', 'retailer'),
      energyWh: fc.integer({ min: 1, max: 500 }),
      limit: fc.integer({ min: -5, max: 9 }).map((tens) => tens * 50_000),
    }),
    { maxLength: 12, size: 'max' },
  ),
  energy: fc.array(ofIntervals, { minLength: 3, maxLength: 3 }),
  purses: fc.record({ carol: fc.nat(300_000), balance: fc.nat(300_000) }),
})

const late = fc.integer({ min: 0, max: testRulebook.correctionIntervals })
const arrival: fc.Arbitrary<Arrival> = fc.record({
  delays: fc.array(
    fc.array(late, { minLength: lastBoundary + 1, maxLength: lastBoundary + 1 }),
    { minLength: 3, maxLength: 3 },
  ),
  wrong: fc.array(
    fc.option(
      fc.record({ boundary: fc.nat(lastBoundary), noiseWh: fc.integer({ min: -100, max: 100 }) }),
    ),
    { minLength: 3, maxLength: 3 },
  ),
  idle: fc.nat(2 ** 14 - 1),
  openedAfter: fc.array(fc.nat(6), { maxLength: allIntervals + 1 }),
  provenAfter: fc.array(fc.nat(6), { maxLength: allIntervals + 1 }),
})

/** Every account's money with what it is owed, and without what it owes. */
function worth(market: Market): bigint[] {
  const { ledger } = market.state
  const accounts = Array.from({ length: 3 + people.length }, (_, account) => account)
  const sums = accounts.map((account): bigint => balanceOf(ledger, account))
  for (const [key, amount] of ledger.arrears) {
    const [debtor = 0, creditor = 0] = key.split(':').map(Number)
    sums[debtor] = (sums[debtor] ?? 0n) - amount
    sums[creditor] = (sums[creditor] ?? 0n) + amount
  }
  return sums
}

const standing = (market: Market, interval: number): unknown[] =>
  [...market.record(interval).posted].sort(([a], [b]) => (a < b ? -1 : 1))

test('when readings come does not change what is paid', () => {
  fc.assert(
    fc.property(plan, arrival, (one, differently) => {
      const expected = play(one, inTime)
      const found = play(one, differently)
      for (let interval = 0; interval < allIntervals; interval += 1) {
        deepEqual(standing(found, interval), standing(expected, interval), `interval ${interval}`)
        for (const market of [expected, found]) {
          equal(market.record(interval).status, 'final')
          const estimated = market.record(interval).runs.at(-1)?.estimated
          deepEqual(estimated, interval < intervals ? [] : [1, 2, 3])
        }
      }
      deepEqual(worth(found), worth(expected))
      equal(found.state.ledger.holds.size, expected.state.ledger.holds.size)
    }),
    { numRuns: Number(process.env.RUNS ?? 60), ...replay },
  )
})
