/**
 * Goal: what can no longer be corrected is forgotten, so that a market that runs for years does not
 * grow; and nothing is forgotten that may still be corrected, settled or replayed.
 * Method: markets that run far beyond their window, with one thing late in each.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { emptyReadings, meteredEnergy, takeReading } from '../metering/index.ts'
import { bilateralZone, decodeState, encodeState, tradesDue } from './index.ts'
import {
  firstInterval,
  hex,
  type Market,
  meters,
  openMarket,
  testContract,
  testRulebook,
} from './testing/market.ts'
import { committeeRulebook, openSealedMarket } from './testing/sealed-market.ts'
import { limiting, placing } from './testing/trade-case.ts'
import { agree, openTradeMarket, proposal, termsOf } from './testing/trade-market.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

/** Closes gates, reads all meters and settles, from one interval to another. */
function run(market: Market, from: number, to: number, eachInterval: (n: number) => void): void {
  for (let interval = from; interval < to; interval += 1) {
    market.toStart(interval, -61)
    eachInterval(interval)
    market.toStart(interval, -60).closeGate(interval)
    market.toStart(interval)
    market.must(market.readings([
      ['alice', interval, 0, 0], ['bob', interval, 0, 0], ['carol', interval, 0, 0],
    ]))
    for (const settled of [interval - 1, interval - 4]) market.settle(settled)
  }
}

for (const gateLeadSeconds of [60, 6_000]) {
  test(`a market whose gates close ${gateLeadSeconds} s ahead does not grow`, () => {
    checkSize(openMarket({ rulebook: { ...testRulebook, gateLeadSeconds } }))
  })
}

test('a market of sealed orders does not grow', () => {
  const rulebook = { ...committeeRulebook, finalAfterIntervals: 3 }
  const sealer = openSealedMarket({ rulebook })
  const { market } = sealer
  const orders = (interval: number): void => {
    sealer.seal('alice', 'buy', 100, 200_000, interval)
    sealer.seal('retailer', 'sell', 100, 200_000, interval)
    const lost = sealer.sealed('bob', 'sell', 100, 200_000, interval)
    market.must(lost)
    market.must(market.cancellation('bob', lost.id))
  }
  const prove = (interval: number): void => {
    if (interval < 0) return
    equal(sealer.open(interval).kind, 'accepted')
    market.must(sealer.proofWord(interval, 'proven'))
  }
  const both = (interval: number): void => {
    orders(interval)
    prove(interval - 1)
  }
  run(market, 0, 60, both)
  const before = encodeState(market.state)
  run(market, 60, 120, both)
  equal(market.state.intervals.get(0)?.size, sizeOf(before))
  ok(encodeState(market.state).length < before.length * 1.1)
})

test('a proven set is kept as long as the chain takes demands for its orders', () => {
  const deadline = 30
  const rulebook = { ...committeeRulebook, proofDeadlineSeconds: deadline * 300 }
  const sealer = openSealedMarket({ rulebook })
  const { market } = sealer
  const order = (interval: number): void => {
    sealer.seal('alice', 'buy', 100, 200_000, interval)
    if (interval < 1) return
    equal(sealer.open(interval - 1).kind, 'accepted')
    market.must(sealer.proofWord(interval - 1, 'proven'))
  }
  run(market, 0, deadline, order)
  equal(market.record(0).status, 'final')
  equal(market.record(0).proof, 'proven')
  equal(market.record(0).sealed.size, 1)
  run(market, deadline, 2 * deadline, order)
  equal(market.state.intervals.get(0)?.has(firstInterval), false)
})

const sizeOf = (text: string): number => decodeState(text).intervals.get(0)?.size ?? 0

function checkSize(market: Market): void {
  const nextGate = (): number => market.state.clearedThrough - firstInterval + 1
  const trade = (): void => {
    let gate = nextGate()
    while (market.closeGate(gate).kind === 'accepted') gate = nextGate()
    market.order('alice', 'buy', 100, 200_000, gate)
    market.order('retailer', 'sell', 100, 200_000, gate)
  }
  const sizes = (): (readonly [string, number])[] => {
    const { state } = market
    const ofZone = state.intervals.get(0)
    return [
      ['intervals', ofZone?.size ?? 0],
      ['readings', state.readings.get(1)?.boundaries.size ?? 0],
      ['readCounts', state.readCounts.size],
      ['remembered', state.remembered.size],
      ['expiring', state.expiring.size],
      ['dirty', state.dirty.size],
      ['holds', state.ledger.holds.size],
      ['arrears', state.ledger.arrears.size],
    ]
  }
  run(market, 0, 60, trade)
  const before = sizes()
  const text = encodeState(market.state).length
  run(market, 60, 120, trade)
  deepEqual(sizes(), before)
  ok(encodeState(market.state).length < text * 1.02)
}

test('a market of contracts and offers does not grow', () => {
  const market = openTradeMarket()
  const deal = (interval: number): void => {
    const from = { fromInterval: firstInterval + interval + 1 }
    const terms = termsOf(market, 'alice', 'bob', { ...from, id: hex(interval + 1, 32) })
    agree(market, terms)
    market.must(limiting(market, { trade: market.state.trading.lastTrade, ...from }))
    const declined = { ...terms, id: hex(interval + 1_000, 32) }
    market.must(proposal(market, 'alice', declined))
    const contract = testContract(declined)
    market.must(market.instruction('decline_trade', 'bob', { contract }))
    const expiresAt = from.fromInterval * 300_000 - 60_000
    market.must(placing({ ...from, expiresAt })(market))
    if (tradesDue(market.state, market.at)) market.must({ kind: 'tend_trades' })
    const settled = { zone: bilateralZone, kind: 'settle_interval' } as const
    for (const back of [2, 5]) {
      market.submit({ ...settled, interval: firstInterval + interval - back })
    }
  }
  const sizes = () => {
    const { trading, intervals, ledger } = market.state
    const { trades, contracts, spent, tradesOf, inForce, offers, limits } = trading
    const { contractSets: sets, contractGates: gates } = trading
    return [trades, contracts, spent, tradesOf, inForce, offers, limits, sets, gates, ledger.holds]
      .map(({ size }) => size)
      .concat(intervals.get(bilateralZone)?.size ?? 0)
  }
  run(market, 0, 60, deal)
  const before = sizes()
  run(market, 60, 120, deal)
  deepEqual(sizes(), before)
  deepEqual(market.state.trading.trades.has(1), false)
})

test('a trade is kept as long as one of its intervals may be corrected', () => {
  const market = openTradeMarket()
  agree(market, termsOf(market))
  const settle = (interval: number): void => {
    const known = { zone: bilateralZone, kind: 'settle_interval' } as const
    for (const back of [2, 5]) {
      market.submit({ ...known, interval: firstInterval + interval - back })
    }
  }
  // Final after 3, corrected for 8 more, and a gate ahead.
  run(market, 0, 16, settle)
  equal(market.state.trading.trades.get(1)?.status, 'completed')
  run(market, 16, 19, settle)
  equal(market.state.trading.trades.size, 0)
  equal(market.state.trading.contracts.size, 0)
  equal(market.state.trading.contractSets.size, 0)
  equal(market.state.trading.contractGates.size, 0)
})

test('an id that was forgotten cannot be replayed: its gate has closed', () => {
  const market = openMarket()
  const command = market.orderOf('alice', 'buy', 100, 200_000, 0, hex(0xabc, 32))
  market.must(command)
  run(market, 0, 40, () => {})
  const outcome = market.submit(command)
  equal(outcome.kind === 'rejected' && outcome.reason, 'gate_closed')
})

test('readings that were forgotten cannot be replayed: they come too late', () => {
  const market = openMarket()
  run(market, 0, 1, () => {})
  const replay = market.readings([['alice', 0, 0, 0]], hex(0xabc, 32))
  market.must(replay)
  run(market, 1, 40, () => {})
  const outcome = market.submit(replay)
  ok(outcome.kind === 'accepted' && outcome.result.kind === 'readings_taken')
  deepEqual(outcome.result.outcomes, ['too_late'])
})

test('what gates that close ahead have passed is still corrected', () => {
  // Gates close 5 intervals ahead: more than there is between a final run and its forgetting.
  const market = openMarket({ rulebook: { ...testRulebook, gateLeadSeconds: 1_500 } })
  let next = 0
  for (let now = 0; now <= 13; now += 1) {
    market.toStart(now)
    while (market.closeGate(next).kind === 'accepted') next += 1
    market.settle(4)
    if (now !== 5) continue
    for (const [boundary, alice] of [[4, 0], [5, 100]] as const) {
      market.must(market.readings([
        ['alice', boundary, 0, alice], ['bob', boundary, 0, 0], ['carol', boundary, 0, 0],
      ]))
    }
  }
  equal(market.record(4).status, 'final')
  equal(market.read('alice', 5, 0, 200, 1), 'counted')
  equal(market.settled(4), 'resettled')
})

test('the window of an old rulebook holds for its intervals under a new one', () => {
  const market = openMarket({ rulebook: { ...testRulebook, correctionIntervals: 40 } })
  const shorter = { ...testRulebook, version: 2, correctionIntervals: 3 }
  market.must(market.instruction('schedule_rulebook', 'operator', {
    fromInterval: firstInterval + 7, rulebook: shorter,
  }))
  run(market, 0, 30, () => {})
  equal(market.read('alice', 5, 0, 0, 1), 'counted')
  equal(market.read('alice', 20, 0, 0, 1), 'too_late')
  equal(market.record(4).status, 'final')
})

test('an interval that could not be settled keeps its readings until it can', () => {
  const market = openMarket({ deposits: { balance: 0, guarantee: 0 } })
  market.order('alice', 'sell', 10, 200_000, 0)
  market.order('retailer', 'buy', 10, 200_000, 0)
  market.toGate(0).closeGate(0)
  market.toStart(0)
  market.must(market.readings([['alice', 0, 0, 0], ['bob', 0, 0, 0], ['carol', 0, 0, 0]]))
  for (let interval = 1; interval < 40; interval += 1) {
    market.toGate(interval).closeGate(interval)
    market.toStart(interval)
    market.must(market.readings([
      ['alice', interval, 0, 910], ['bob', interval, 0, 0], ['carol', interval, 0, 0],
    ]))
    market.settle(interval - 1)
  }
  equal(market.settled(0), 'guarantee_exhausted')
  market.must(market.deposit('guarantee', 1_000_000))
  const alice = market.balance('alice')
  equal(market.settled(0), 'final')
  // 10 Wh at 0.20 and 900 Wh over at 0.18, less the fee.
  equal(market.balance('alice') - alice, 2_000n + 162_000n - 5n)
})

test('what may still be corrected is as if nothing had been forgotten', () => {
  const step = fc.record({
    silent: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 30 })),
    back: fc.array(fc.integer({ min: 1, max: 16 }), { maxLength: 2 }),
  })
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 30 }), (steps) => {
      const market = openMarket()
      const all = emptyReadings(9)
      const read = (boundary: number): void => {
        // More in each interval than in the one before: no two gaps come to the same.
        const registers = { importWh: boundary * (boundary + 1), exportWh: 0 }
        const { importWh, exportWh } = registers
        if (market.read('alice', boundary, importWh, exportWh) !== 'counted') return
        const reading = { ...registers, boundary: firstInterval + boundary, version: 0 }
        takeReading(all, { ...reading, importWh: BigInt(importWh), exportWh: 0n })
      }
      let interval = 0
      const pass = (): void => {
        market.toStart(interval, -60).closeGate(interval)
        market.toStart(interval)
        market.must(market.readings([['bob', interval, 0, 0], ['carol', interval, 0, 0]]))
        for (const settled of [interval - 1, interval - 4]) market.settle(settled)
        interval += 1
      }
      for (const { silent, back } of steps) {
        for (let passed = 0; passed <= silent; passed += 1) pass()
        read(interval - 1)
        for (const ago of back) if (interval - 1 > ago) read(interval - 1 - ago)
        const kept = market.state.readings.get(meters.alice) ?? emptyReadings(9)
        for (const number of market.state.intervals.get(0)?.keys() ?? []) {
          deepEqual(meteredEnergy(kept, number), meteredEnergy(all, number), `of ${number}`)
        }
        ok(kept.boundaries.size < 40)
      }
    }),
    { ...replay, numRuns: Number(process.env.RUNS ?? 100) },
  )
})

test('a meter that falls silent goes on being estimated, however long', () => {
  const market = openMarket()
  const energies: (readonly [bigint, string])[] = []
  for (let interval = 0; interval < 80; interval += 1) {
    market.toStart(interval, -60).closeGate(interval)
    market.toStart(interval)
    const read: ['alice' | 'bob' | 'carol', number, number, number][] = [
      ['bob', interval, 0, 0], ['carol', interval, 0, 0],
    ]
    if (interval < 2) read.push(['alice', interval, 100 * interval, 0])
    market.must(market.readings(read))
    market.toStart(interval, 150)
    for (const settled of [interval - 1, interval - 4]) market.settle(settled)
    const run = market.state.intervals.get(0)?.get(firstInterval + interval - 1)?.runs.at(-1)
    const alice = run?.metered.find(({ meter }) => meter === meters.alice)
    if (interval > 2 && alice !== undefined) energies.push([alice.imported, alice.assurance])
  }
  equal(energies.length, 77)
  for (const energy of energies) deepEqual(energy, [100n, 'repeated'])
})
