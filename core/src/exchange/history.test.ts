/**
 * Goal: nothing that can happen in a market breaks a line of the design's "what must always hold";
 * the same journal gives the same state, by either engine and through a snapshot; and when a
 * correct reading comes does not change what is paid.
 * Method: random histories, audited after every command by books kept beside them. `RUNS` sets how
 * many, `SEED` replays one.
 */
import { equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { clearNaive } from '../clearing/index.ts'
import { allocateNaive, shortagesNaive } from '../metering/index.ts'
import { reconcileNaive, settleActualsNaive } from '../settlement/index.ts'
import { apply, decodeState, emptyState, encodeState, type Engine, type State } from './index.ts'
import {
  fastEngine,
  firstInterval,
  type Market,
  testCommitment,
  testContract,
} from './testing/market.ts'
import { books, flaws, RandomHistory, type Step } from './testing/random-history.ts'
import { openSealedMarket } from './testing/sealed-market.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const numRuns = Number(process.env.RUNS ?? 60)
const naive: Engine = {
  ...{ clear: clearNaive, reconcile: reconcileNaive, allocate: allocateNaive },
  ...{ shortages: shortagesNaive, settleActuals: settleActualsNaive },
  ...{ contract: testContract, commitment: testCommitment },
}

const small = fc.nat(200)
const flaw = fc.oneof({ weight: 3, arbitrary: fc.constant(flaws[0]) }, fc.constantFrom(...flaws))
const order = fc.record({
  do: fc.constant('order' as const), who: fc.nat(3), sells: fc.boolean(),
  energyWh: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 1_100 })),
  limit: fc.nat(30),
  ahead: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: -1, max: 8 })), flaw,
})
/** Two orders that meet. */
const trade = fc.record({
  do: fc.constant('trade' as const), seller: fc.nat(3), buyer: fc.nat(3),
  energyWh: fc.integer({ min: 1, max: 900 }), limit: fc.nat(30),
  ahead: fc.integer({ min: 1, max: 2 }), flaw,
})
const read = fc.record({
  do: fc.constant('read' as const), meter: fc.nat(4),
  back: fc.oneof(fc.nat(3), fc.integer({ min: -1, max: 12 })),
  noiseWh: fc.constantFrom(0, 0, 0, 0, 1, -1, 40, -40, 5_000, -999_999_000),
  version: fc.nat(3),
})
const amount = fc.oneof(fc.nat(50_000), fc.nat(20_000_000))
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: order },
  { weight: 8, arbitrary: trade },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('interval' as const), lost: fc.oneof(fc.constant(0), fc.nat(31)),
      settles: fc.constantFrom(true, true, true, false),
    }),
  },
  { weight: 5, arbitrary: read },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('tick' as const), seconds: fc.nat(400) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: small }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('again' as const), which: small, altered: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('suspend' as const, 'reinstate' as const), who: fc.nat(4),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('deposit' as const, 'withdraw' as const), who: small, amount,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('request' as const, 'advance' as const, 'paid' as const),
      who: small, amount: fc.oneof(amount, fc.constant(0), fc.constant(10 ** 12)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('replace' as const), meter: fc.nat(4), back: fc.nat(3),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'register' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle' as const), back: fc.nat(12) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('tariff' as const),
      retail: fc.integer({ min: -100_000, max: 900_000 }),
      feedIn: fc.integer({ min: -100_000, max: 400_000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('rulebook' as const), spread: fc.constantFrom(0, 1_000, 15_000),
      fee: fc.nat(900), lead: fc.constantFrom(0, 60, 900), book: fc.nat(books.length - 1),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('open' as const), back: fc.integer({ min: -2, max: 4 }),
      withheld: fc.oneof(fc.constant(0), fc.nat(63)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('prove' as const), back: fc.integer({ min: -1, max: 9 }),
      word: fc.constantFrom(0, 0, 1, 2),
    }),
  },
)

/** Micros each begins with: little for some, so that payers fall short. */
const purse = fc.oneof(
  fc.nat(400_000), fc.integer({ min: 1_500_000, max: 30_000_000 }), fc.constant(10 ** 9),
)
const deposits = fc.record({
  alice: purse, bob: purse, carol: purse, retailer: purse, balance: purse, guarantee: purse,
})

function replayed(market: Market, engine: Engine, cut: number): State {
  let state = emptyState()
  for (const [i, envelope] of market.journal.entries()) {
    if (i === cut) state = decodeState(encodeState(state))
    apply(state, envelope, engine)
  }
  return state
}

describe('whatever happens in a market', () => {
  test('what must hold holds, and the journal alone gives the state', () => {
    const steps = fc.array(step, { maxLength: 90, size: 'max' })
    fc.assert(
      fc.property(deposits, steps, fc.nat(400), fc.constantFrom(...books), (
        purses,
        plan,
        cut,
        rulebook,
      ) => {
        const history = new RandomHistory(openSealedMarket({ deposits: purses, rulebook }).market)
        for (const one of plan) history.play(one)
        const text = encodeState(history.market.state)
        equal(encodeState(replayed(history.market, fastEngine, cut)), text, 'replayed')
        equal(encodeState(replayed(history.market, naive, -1)), text, 'by the naive engine')
        endWell(history)
      }),
      { numRuns, ...replay },
    )
  })
})

/**
 * With money in the market again, every interval comes to its final run and holds nothing. Only
 * what was shown to be faulty never does, and holds what it has credited.
 */
function endWell(history: RandomHistory): void {
  const { market } = history
  for (const person of ['guarantee', 'balance'] as const) {
    history.submit(market.deposit(person, 10 ** 12))
  }
  for (let i = 0; i < 8; i += 1) {
    history.proveAll()
    history.interval(0, true)
  }
  for (const { interval, status, proof } of market.state.intervals.get(0)?.values() ?? []) {
    const ended = interval - firstInterval <= history.now - 4
    if (ended && proof === 'faulty') {
      ok(status === 'provisional' || status === 'final', `interval ${interval}`)
      for (const key of market.state.ledger.holds.keys()) {
        ok(!key.endsWith(`:0:${interval}`) || /^(unproven|estimate):/.test(key), key)
      }
      continue
    }
    equal(ended ? status : 'later', ended ? 'final' : 'later', `interval ${interval}`)
    if (!ended) continue
    equal(market.state.dirty.has(`0:${interval}`), false)
    for (const key of market.state.ledger.holds.keys()) ok(!key.endsWith(`:0:${interval}`), key)
  }
}
