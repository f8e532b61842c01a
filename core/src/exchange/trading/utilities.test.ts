/**
 * Goal: who runs the wires decides what may flow before each gate; the lower of two words counts,
 * each utility lifts only its own, and nobody pays for what was not allowed.
 * Method: a contract over four intervals across two zones, limited in turns; energy and money of
 * what was delivered then, by hand.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Command, limitOn, type Outcome } from '../index.ts'
import { accountOf, firstInterval, type Market, meters, newcomer } from '../testing/market.ts'
import {
  agree,
  deliver,
  openTradeMarket,
  otherRetailer,
  settleTradesOf,
  termsOf,
  toGateOf,
  tradeRecord,
} from '../testing/trade-market.ts'

const otherGrid = otherRetailer + 1

/** alice's street is the grid's, bob's the other utility's; 400 Wh in each of intervals 2 to 5. */
function twoUtilities(): Market {
  const market = openTradeMarket()
  const rival = newcomer(91, { name: 'wires', roles: ['distribution-utility'], retailer: null })
  market.must(market.instruction('admit_participant', 'operator', rival))
  const zone = { name: 'hill', parent: null, bridgeWatts: 0 }
  market.must(market.instruction('register_zone', 'operator', zone))
  const assigned = { zone: 1, utility: otherGrid }
  market.must(market.instruction('assign_utility', 'operator', assigned))
  const bob = market.state.meters[meters.bob]
  if (bob === undefined) throw new Error('bob has a meter')
  market.state.meters[meters.bob] = { ...bob, zone: 1 }
  agree(market, termsOf(market, 'alice', 'bob', { intervals: 4 }))
  return market
}

const limitBy = (market: Market, by: number, from: number, energyWh: number, intervals = 1) => {
  const content = { trade: 1, fromInterval: firstInterval + from, intervals, energyWh, reason: 'x' }
  return { ...market.instruction('limit_delivery', 'grid', content), account: by } as Command
}
const grid = accountOf('grid')

const answer = (outcome: Outcome): string =>
  outcome.kind === 'accepted' ? 'ok' : `${outcome.reason} (${outcome.field})`

const limits = (market: Market): readonly (bigint | undefined)[] =>
  [2, 3, 4, 5].map((one) => limitOn(market.state, 1, firstInterval + one)?.energy)

describe('a limit', () => {
  test('holds for its intervals, and the lower of two counts', () => {
    const market = twoUtilities()
    market.must(limitBy(market, grid, 2, 300, 3))
    market.must(limitBy(market, otherGrid, 3, 100, 3))
    deepEqual(limits(market), [300n, 100n, 100n, 100n])
    market.must(limitBy(market, grid, 4, 50))
    deepEqual(limits(market), [300n, 100n, 50n, 100n])
  })

  test('is lifted by who has set it: the other one then counts again', () => {
    const market = twoUtilities()
    market.must(limitBy(market, grid, 2, 300))
    market.must(limitBy(market, otherGrid, 2, 100))
    market.must(limitBy(market, otherGrid, 2, 1_000))
    deepEqual(limits(market)[0], 300n)
    market.must(limitBy(market, grid, 2, 1_000))
    deepEqual(limits(market)[0], 1_000n)
  })

  test('is set until the gate, also while the window is under way', () => {
    const market = toGateOf(twoUtilities(), 2)
    equal(answer(market.submit(limitBy(market, grid, 2, 0))), 'gate_closed (fromInterval)')
    market.must(limitBy(market, grid, 3, 0))
    market.toGate(3)
    equal(answer(market.submit(limitBy(market, grid, 3, 9))), 'gate_closed (fromInterval)')
    market.closeGate(3)
    equal(tradeRecord(market, 3).obligations.get(1)?.limit?.energy, 0n)
    equal(market.state.trading.limits.get(1)?.has(firstInterval + 3), false)
  })

  test('is forgotten with the trade, also for intervals that it does not come to', () => {
    const market = twoUtilities()
    market.must(limitBy(market, grid, 2, 300, 4))
    const off = termsOf(market, 'alice', 'bob', {
      intervals: 4, profile: { kind: 'per-interval', energyWh: 0 },
      replaces: market.state.trading.trades.get(1)?.versions[0]?.contract ?? '',
    })
    agree(market, off)
    toGateOf(market, 0)
    equal(market.state.trading.limits.size, 0)
  })

  test('settles at what it lets through, and costs neither side anything', () => {
    const market = twoUtilities()
    market.must(limitBy(market, grid, 2, 100))
    toGateOf(market, 2)
    const before = { alice: market.balance('alice'), bob: market.balance('bob') }
    deliver(market, 2, { alice: 100, bob: -400 })
    equal(settleTradesOf(market, 2).kind, 'accepted')
    const delivery = tradeRecord(market, 2).deliveries.get(1)
    deepEqual([delivery?.result, delivery?.obliged, delivery?.delivered], ['complete', 100n, 100n])
    // 100 Wh at 0.20, and 0.0005 a kWh from each side.
    equal(market.balance('alice') - before.alice, 20_000n - 50n)
    equal(market.balance('bob') - before.bob, -20_000n - 50n)
  })

  test('to nothing leaves nothing to pay', () => {
    const market = twoUtilities()
    market.must(limitBy(market, otherGrid, 2, 0))
    toGateOf(market, 2)
    const before = { alice: market.balance('alice'), bob: market.balance('bob') }
    deliver(market, 2, { alice: 0, bob: -400 })
    settleTradesOf(market, 2)
    deepEqual(
      [market.balance('alice') - before.alice, market.balance('bob') - before.bob], [0n, 0n],
    )
  })
})

test('a utility charges for its wires from an interval on that is still open', () => {
  const market = openTradeMarket()
  const set = (from: number, rate: number): Outcome => {
    const content = { fromInterval: firstInterval + from, microsPerKwh: rate }
    return market.submit(market.instruction('set_wheeling', 'grid', content))
  }
  equal(answer(set(3, 10_000)), 'ok')
  equal(answer(set(5, 12_000)), 'ok')
  equal(answer(set(4, 11_000)), 'ok')
  const rates = market.state.trading.wheeling.get(grid)
  deepEqual(rates?.map(({ from, rate }) => [from - firstInterval, rate]), [
    [3, 10_000n], [4, 11_000n],
  ])
  equal(answer(set(-1, 1)), 'effective_in_past (fromInterval)')
})
