/**
 * Goal: sealing changes who knows what, and nothing else: a sealed market decides and pays as an
 * open one with the same orders, and what it voids is what the open one would have refused.
 * Method: random orders, flawed ones among them, some taken back, played twice: sealed, opened and
 * proven at random times, and openly, with each order's commitment for its digest. Collateral that
 * was declared is the purse of the open market, so that both judge the same shortage. Replay with
 * `SEED=…`; `RUNS` sets how many.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { balanceOf } from '../ledger/index.ts'
import type { Opening, Rejection, VoidReason } from './index.ts'
import {
  accountOf,
  firstInterval,
  type Market,
  type MeterOwner,
  meters,
  openMarket,
  people,
  testRulebook,
} from './testing/market.ts'
import {
  committeeRulebook,
  openSealedMarket,
  revealRulebook,
  type SealedCommand,
  type SealedMarket,
} from './testing/sealed-market.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const numRuns = Number(process.env.RUNS ?? 150)

type Wish = {
  readonly owner: MeterOwner
  readonly meter: MeterOwner
  readonly side: 'buy' | 'sell'
  readonly energyWh: number
  readonly limit: number
  readonly isCancelled: boolean
  /** In per cent of what the order alone needs. */
  readonly declared: number
}

const owner = fc.constantFrom<MeterOwner[]>('alice', 'bob', 'carol', 'retailer')
const own = (wish: Omit<Wish, 'meter'>, foreign: MeterOwner | undefined): Wish => ({
  ...wish, meter: foreign ?? wish.owner,
})
const wish = fc.tuple(
  fc.record({
    owner,
    side: fc.constantFrom<('buy' | 'sell')[]>('buy', 'sell'),
    energyWh: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 1, max: 600 }) },
      fc.integer({ min: 1, max: 9 }), fc.integer({ min: 990, max: 1_010 }),
      fc.integer({ min: 4_990, max: 5_010 }),
    ),
    limit: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: -5, max: 9 }).map((tens) => tens * 50_000) },
      fc.constantFrom(1_000_000, 1_000_010, -500_010, 100_001),
    ),
    isCancelled: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
    declared: fc.constantFrom(100, 100, 100, 100, 60, 0, 250),
  }),
  fc.option(owner, { freq: 12, nil: undefined }),
).map(([one, foreign]) => own(one, foreign))

const wishes = fc.array(wish, { maxLength: 24, size: 'max' })
const rich = 10 ** 12
const purses = (micros: number) =>
  Object.fromEntries(
    [...people, 'guarantee'].map((person) => [person, person === 'operator' ? 0 : micros]),
  )
/** So that only the gate counts orders: void ones count under seal, and nothing counts refused. */
const ordersPerAccountMax = 100
const sealedBooks = [committeeRulebook, revealRulebook].map((book) => ({
  ...book, ordersPerAccountMax,
}))
const openBook = { ...testRulebook, ordersPerAccountMax }

/** Seals every wish for `interval` and takes some back; gives what stays, in sequence. */
function sealAll(
  sealer: SealedMarket,
  interval: number,
  all: readonly Wish[],
): readonly SealedCommand[] {
  const stays: SealedCommand[] = []
  for (const { owner, meter, side, energyWh, limit, isCancelled, declared } of all) {
    const whole = sealer.sealed(owner, side, energyWh, limit, interval, {
      opening: { meter: meters[meter] },
    })
    const collateralMicros = Math.floor((whole.collateralMicros * declared) / 100)
    const command = { ...whole, collateralMicros }
    sealer.market.must(command)
    if (isCancelled) sealer.market.must(sealer.market.cancellation(owner, command.id))
    else stays.push(command)
  }
  return stays
}

/** Closes the gate; owners reveal at once, which is refused and changes nothing to a committee. */
function fix(sealer: SealedMarket, interval: number): void {
  equal(sealer.market.closeGate(interval).kind, 'accepted')
  for (const commitment of sealer.market.record(interval).sealed.keys()) {
    sealer.market.submit(sealer.revealing(commitment, interval))
  }
}

/** The same order in an open book. */
function openly(market: Market, { id, interval, commitment }: SealedCommand, opening: Opening) {
  const { account, meter, side, energyWh, limitMicrosPerKwh } = opening
  return market.submit({
    kind: 'place_order', id, account, meter, side, energyWh, limitMicrosPerKwh, interval,
    digest: commitment, signature: '0x',
  })
}

const voidFor: Partial<Record<Rejection, VoidReason>> = {
  meter_foreign: 'meter_foreign',
  energy_exceeded: 'energy_exceeded',
  capacity_exceeded: 'capacity_exceeded',
  price_out_of_bounds: 'price_out_of_bounds',
  price_off_tick: 'price_off_tick',
  funds_insufficient: 'collateral_short',
}

/** Places what stays openly; each that is refused must be void under seal, for the same reason. */
function placeAll(market: Market, sealer: SealedMarket, stays: readonly SealedCommand[]): void {
  for (const command of stays) {
    const opening = sealer.openings.get(command.commitment)
    ok(opening !== undefined)
    const outcome = openly(market, command, opening)
    const { voids } = sealer.market.record(command.interval - firstInterval)
    const expected = outcome.kind === 'rejected' ? voidFor[outcome.reason] : undefined
    equal(voids.get(command.commitment), expected, JSON.stringify(outcome))
  }
}

const decided = (market: Market, interval: number): unknown => {
  const { price, energy, fills, contracts } = market.record(interval)
  return { price, energy, fills: [...fills], contracts: [...contracts].sort(([a], [b]) => a - b) }
}

test('what is void under seal would have been refused openly, and the same is filled', () => {
  fc.assert(
    fc.property(wishes, fc.nat(1), (all, which) => {
      const rulebook = sealedBooks[which] ?? committeeRulebook
      const sealer = openSealedMarket({ rulebook, deposits: purses(rich) })
      const stays = sealAll(sealer, 0, all)
      sealer.market.toGate(0)
      fix(sealer, 0)
      if (sealer.market.record(0).status === 'fixed') equal(sealer.open(0).kind, 'accepted')

      const deposits = Object.fromEntries(people.map((person) => {
        const orders = stays.filter(({ account }) => account === accountOf(person))
        return [person, orders.reduce((sum, { collateralMicros }) => sum + collateralMicros, 0)]
      }))
      const market = openMarket({ rulebook: openBook, deposits })
      placeAll(market, sealer, stays)
      market.toGate(0).closeGate(0)
      deepEqual(decided(sealer.market, 0), decided(market, 0))
    }),
    { numRuns, ...replay },
  )
})

const intervals = 3
const timesOf = fc.record({
  /** All can pay: what is short of collateral has its own test. */
  wishes: wishes.map((all) => all.map((one) => ({ ...one, declared: 100 }))),
  /** Seconds after its gate, and intervals after its start. */
  openedAfter: fc.nat(900),
  provenAfter: fc.nat(6),
})
const energy = fc.record({ importWh: fc.nat(1_000), exportWh: fc.nat(1_000) })
const metered = fc.array(
  fc.array(energy, { minLength: intervals, maxLength: intervals }),
  { minLength: 3, maxLength: 3 },
)
type Metered = readonly (readonly { readonly importWh: number; readonly exportWh: number }[])[]

/** Reads all meters at the start of interval `now`, as long as something is metered. */
function readAll(market: Market, of: Metered, now: number): void {
  if (now > intervals) return
  const items = (['alice', 'bob', 'carol'] as const).map((house, i) => {
    const before = (of[i] ?? []).slice(0, now)
    const importWh = before.reduce((sum, one) => sum + one.importWh, 0)
    const exportWh = before.reduce((sum, one) => sum + one.exportWh, 0)
    return [house, now, importWh, exportWh] as const
  })
  market.must(market.readings(items))
}

const settleAll = (market: Market): void => {
  for (let interval = 0; interval < intervals; interval += 1) market.settle(interval)
}

test('sealed, opened and proven at any time, a market pays what an open one pays', () => {
  const days = fc.array(timesOf, { minLength: intervals, maxLength: intervals })
  fc.assert(
    fc.property(days, metered, fc.nat(1), (plan, of, which) => {
      const rulebook = sealedBooks[which] ?? committeeRulebook
      const sealer = openSealedMarket({ rulebook, deposits: purses(rich) })
      const { market } = sealer
      const stays: (readonly SealedCommand[])[] = []
      const due = plan.map((one, i) => {
        const gate = i * 300 - 60
        return { ...one, opens: gate + one.openedAfter, proves: (i + one.provenAfter) * 300 }
      })
      // Every half minute: what is due is opened, proven and settled.
      for (let seconds = -300; seconds <= 14 * 300; seconds += 30) {
        market.toStart(0, seconds)
        const now = seconds / 300
        for (const [i, { wishes: all, opens, proves }] of due.entries()) {
          if (seconds === i * 300 - 90) stays[i] = sealAll(sealer, i, all)
          if (seconds === i * 300 - 60) fix(sealer, i)
          if (seconds < i * 300 - 60) continue
          const { status } = market.record(i)
          if (status === 'fixed' && seconds >= opens) equal(sealer.open(i).kind, 'accepted')
          const isCleared = status !== 'open' && status !== 'fixed'
          if (isCleared && seconds >= proves) market.submit(sealer.proofWord(i, 'proven'))
        }
        if (Number.isInteger(now) && now >= 0) readAll(market, of, now)
        if (seconds > 0) settleAll(market)
      }

      const other = openMarket({ rulebook: openBook, deposits: purses(rich) })
      for (let now = 0; now <= 14; now += 1) {
        other.toGate(now, -30)
        if (now < intervals) placeAll(other, sealer, stays[now] ?? [])
        other.toGate(now)
        if (now < intervals) other.closeGate(now)
        other.toStart(now)
        readAll(other, of, now)
        settleAll(other)
      }

      for (let interval = 0; interval < intervals; interval += 1) {
        deepEqual(decided(market, interval), decided(other, interval))
        const sealed = market.record(interval)
        deepEqual([sealed.status, sealed.proof], ['final', 'proven'])
        const posted = (one: Market) => [...one.record(interval).posted].sort()
        deepEqual(posted(market), posted(other))
      }
      for (let account = 0; account < 3 + people.length; account += 1) {
        const [mine, theirs] = [market, other].map((one) => balanceOf(one.state.ledger, account))
        equal(mine, theirs, `balance of ${account}`)
      }
      deepEqual([...market.state.ledger.holds.keys()], [])
      equal(market.state.totals.traded, other.state.totals.traded)
    }),
    { numRuns: Math.ceil(numRuns / 3), ...replay },
  )
})
