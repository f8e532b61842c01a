/**
 * Goal: an interval goes from its first order to its final run as the design tells it, and every
 * figure on the way can be worked out by hand.
 * Method: one story, told in the market's words, with the arithmetic beside it; then what happens
 * around the gate, to collateral, and to those who are suspended.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { conservation, orderDigests } from './index.ts'
import { suspend } from './testing/rejection-case.ts'
import { accountOf, firstInterval, type Market, openMarket, type Person } from './testing/market.ts'

const started = 100_000_000n

/** What each has more or less than it began with. */
const changes = (market: Market, ...people: Person[]): bigint[] => {
  const empty: readonly Person[] = ['fees', 'rounding']
  return people.map((one) => market.balance(one) - (empty.includes(one) ? 0n : started))
}

type House = 'alice' | 'bob' | 'carol'

function readAll(market: Market, boundary: number, shown: Record<House, string>): void {
  const of = (owner: House) => {
    const [importWh = 0, exportWh = 0] = shown[owner].split('/').map(Number)
    return [owner, boundary, importWh, exportWh] as const
  }
  market.must(market.readings([of('alice'), of('bob'), of('carol')]))
}

test('the life of an interval, from sealed wishes to settled money', () => {
  const market = openMarket()

  // Orders: each sets aside the most it can cost.
  market.order('bob', 'buy', 600, 250_000, 0)
  market.order('alice', 'sell', 500, 150_000, 0)
  market.order('retailer', 'sell', 1_000, 290_000, 0)
  ok(market.held('bob') > 0n && market.held('alice') > 0n && market.held('retailer') > 0n)
  equal(market.balance('bob'), started)

  // Gate: 500 Wh meet, demand is left over, so the buyer's limit is the price.
  market.toGate(0)
  const before = market.held('bob')
  equal(market.closeGate(0).kind, 'accepted')
  const record = market.record(0)
  equal(record.status, 'cleared')
  equal(record.price, 250_000n)
  equal(record.energy, 500n)
  deepEqual([...record.fills.values()], [500n, 500n])
  equal(orderDigests(record).length, 3)
  ok(market.held('bob') < before)
  // The retailer sold nothing: its collateral is free again.
  equal(market.held('retailer'), 0n)

  // Delivery and readings: the registers of both ends make the energy.
  market.toStart(0)
  readAll(market, 0, { alice: '100/9000', bob: '777/0', carol: '999999990/0' })
  equal(market.settled(0), 'readings_awaited')
  market.toStart(1)
  readAll(market, 1, { alice: '100/9520', bob: '1477/0', carol: '90/0' })

  // Settlement, the moment the last meter has spoken:
  //   alice   500 Wh sold at 0.25, 20 Wh over at 0.225, fee 0.00025
  //   bob     500 Wh bought at 0.25, 200 Wh over at 0.275, fee 0.00025
  //   carol   100 Wh at the retail tariff of 0.30, over the roll-over of her register
  equal(market.settled(0), 'provisional')
  deepEqual(changes(market, 'alice', 'bob', 'carol', 'retailer', 'balance', 'fees', 'rounding'), [
    125_000n + 4_500n - 250n, -125_000n - 55_000n - 250n, -30_000n, 30_000n, 55_000n - 4_500n,
    500n, 0n,
  ])
  for (const one of ['alice', 'bob', 'carol', 'retailer'] as const) equal(market.held(one), 0n)
  const [run] = record.runs
  deepEqual(run?.energy, {
    injected: 520n, consumed: 800n, imported: 100n, exported: 0n, imbalanceBought: 200n,
    imbalanceSold: 20n, tradeBought: 0n, tradeSold: 0n, unexplained: 0n,
  })
  deepEqual(run?.estimated, [])
  equal(market.settled(0), 'nothing_to_settle')

  // The final run comes three intervals after the end, and has nothing to add.
  market.toStart(4, -1)
  equal(market.settled(0), 'nothing_to_settle')
  market.toStart(4)
  equal(market.settled(0), 'final')
  deepEqual(record.runs.map(({ kind, items }) => [kind, items.length > 0]), [
    ['provisional', true], ['final', false],
  ])
  deepEqual(conservation(market.state), {
    moneyMicros: 0n, energyWh: 0n, tokensMicros: 0n, intervals: 1,
  })
  deepEqual(
    market.effects.map(({ kind }) => kind).filter((kind) => !kind.endsWith('admitted')).slice(-9),
    [
      'order_placed', 'order_placed', 'order_placed', 'orders_fixed', 'interval_cleared',
      'readings_counted', 'readings_counted', 'run_posted', 'run_posted',
    ],
  )
})

describe('before the gate', () => {
  test('an order taken back gives its collateral and its room free', () => {
    const market = openMarket()
    const first = market.order('alice', 'buy', 1_000, 200_000, 0)
    equal(market.submit(market.orderOf('alice', 'buy', 1, 200_000, 0)).kind, 'rejected')
    market.must(market.cancellation('alice', first))
    equal(market.held('alice'), 0n)
    market.order('alice', 'buy', 1_000, 200_000, 0)
    equal(market.record(0).orders.get(accountOf('alice'))?.length, 1)
  })

  test('money that is set aside cannot be promised twice', () => {
    const market = openMarket({ deposits: { alice: 2_000_000 } })
    market.order('alice', 'buy', 100, 200_000, 0)
    const outcome = market.submit(market.orderOf('alice', 'buy', 100, 200_000, 1))
    equal(outcome.kind === 'rejected' && outcome.reason, 'funds_insufficient')
    market.must(market.withdrawal('alice', Number(market.available('alice'))))
    equal(market.balance('alice'), market.held('alice'))
  })

  test('orders are taken to the last moment, and for the horizon after the next gate', () => {
    const market = openMarket()
    market.toGate(0)
    market.order('alice', 'buy', 10, 200_000, 7)
    const closed = market.submit(market.orderOf('alice', 'buy', 10, 200_000, 0))
    equal(closed.kind === 'rejected' && closed.reason, 'gate_closed')
    const early = openMarket()
    early.toGate(0, -0.001)
    early.order('alice', 'buy', 10, 200_000, 0)
    early.order('alice', 'buy', 10, 200_000, 6)
    const beyond = early.submit(early.orderOf('alice', 'buy', 10, 200_000, 7))
    equal(beyond.kind === 'rejected' && beyond.reason, 'interval_beyond_horizon')
  })

  test('a market that closes its gates a day ahead takes orders for after that', () => {
    const market = openMarket()
    const rulebook = { ...market.rulebook, version: 2, gateLeadSeconds: 86_400 }
    const fromInterval = firstInterval + 7
    market.must(market.instruction('schedule_rulebook', 'operator', { fromInterval, rulebook }))
    market.order('alice', 'buy', 10, 200_000, 6)
    const closed = market.submit(market.orderOf('alice', 'buy', 10, 200_000, 7))
    equal(closed.kind === 'rejected' && closed.reason, 'gate_closed')
    market.order('alice', 'buy', 10, 200_000, 288)
    market.order('alice', 'buy', 10, 200_000, 294)
    const beyond = market.submit(market.orderOf('alice', 'buy', 10, 200_000, 295))
    equal(beyond.kind === 'rejected' && beyond.reason, 'interval_beyond_horizon')
  })
})

describe('the gate', () => {
  test('clears an interval without orders to no price', () => {
    const market = openMarket()
    market.toGate(0).closeGate(0)
    equal(market.record(0).price, null)
    equal(market.record(0).status, 'cleared')
  })

  test('leaves none out, however late it closes', () => {
    const market = openMarket()
    market.toStart(2)
    const outcomes = [0, 1, 2, 3].map((interval) => market.closeGate(interval).kind)
    deepEqual(outcomes, ['accepted', 'accepted', 'accepted', 'rejected'])
  })

  test('is the beginning for a meter that is registered after it', () => {
    const market = openMarket()
    market.toGate(0).closeGate(0)
    const content = { ...market.state.meters[1], name: 'late', digits: 9 }
    const { meter: _meter, ...wanted } = content as Required<typeof content>
    market.must(market.instruction('register_meter', 'grid', wanted))
    equal(market.state.meterFrom.at(-1), firstInterval + 1)
  })
})

describe('a suspended participant', () => {
  test('loses its open orders and keeps what was decided', () => {
    const market = openMarket()
    market.order('alice', 'sell', 500, 150_000, 0)
    market.order('bob', 'buy', 500, 250_000, 0)
    market.order('alice', 'sell', 500, 150_000, 1)
    market.toGate(0).closeGate(0)
    suspend(market, accountOf('alice'))
    equal(market.record(1).orders.size, 0)
    equal(market.record(0).contracts.get(1)?.sold, 500n)
    market.toStart(1)
    readAll(market, 0, { alice: '0/0', bob: '0/0', carol: '0/0' })
    readAll(market, 1, { alice: '0/500', bob: '500/0', carol: '0/0' })
    equal(market.settled(0), 'provisional')
    ok(market.balance('alice') > started)
    equal(market.held('alice'), 0n)
  })

  test('keeps orders whose gate has passed, also before they are cleared', () => {
    const market = openMarket()
    market.order('alice', 'sell', 500, 150_000, 0)
    market.order('bob', 'buy', 500, 250_000, 0)
    market.toGate(0)
    suspend(market, accountOf('alice'))
    market.closeGate(0)
    equal(market.record(0).energy, 500n)
  })

  test('trades again when reinstated', () => {
    const market = openMarket()
    suspend(market, accountOf('alice'))
    const again = { participant: accountOf('alice') }
    market.must(market.instruction('reinstate_participant', 'operator', again))
    market.order('alice', 'sell', 500, 150_000, 0)
  })
})

describe('rules', () => {
  test('change from the interval they were set for, not before', () => {
    const market = openMarket()
    const fromInterval = firstInterval + 7
    const tariff = { fromInterval, retailMicrosPerKwh: 1_000, feedInMicrosPerKwh: 0 }
    market.must(market.instruction('set_tariff', 'retailer', tariff))
    const rulebook = { ...market.rulebook, version: 2, feeMicrosPerKwh: 1_000 }
    market.must(market.instruction('schedule_rulebook', 'operator', { fromInterval, rulebook }))
    for (let interval = 0; interval <= 8; interval += 1) {
      market.toGate(interval, -1)
      market.order('alice', 'sell', 100, 100_000, interval)
      market.order('retailer', 'buy', 100, 100_000, interval)
      market.toGate(interval).closeGate(interval)
      market.toStart(interval)
      const [alice, bob] = [`0/${interval * 100}`, `${interval * 10}/0`]
      readAll(market, interval, { alice, bob, carol: '0/0' })
    }
    const paidIn = (interval: number): string[] => {
      equal(market.settled(interval), interval < 4 ? 'final' : 'provisional')
      const items = market.record(interval).runs[0]?.items ?? []
      const shown = ['exchange_fee', 'retail_import']
      return items
        .filter(({ reason }) => shown.includes(reason))
        .map(({ reason, price }) => `${reason} ${price}`)
    }
    deepEqual(paidIn(6), ['exchange_fee 500', 'exchange_fee 500', 'retail_import 300000'])
    deepEqual(paidIn(7), ['exchange_fee 1000', 'exchange_fee 1000', 'retail_import 1000'])
  })

  test('stay for every interval that a longer horizon opens', () => {
    const market = openMarket()
    const rulebook = { ...market.rulebook, version: 2, horizonIntervals: 100 }
    const longer = { fromInterval: firstInterval + 7, rulebook }
    market.must(market.instruction('schedule_rulebook', 'operator', longer))
    market.order('alice', 'buy', 10, 200_000, 50)
    const tariff = { retailMicrosPerKwh: 900_000, feedInMicrosPerKwh: 0 }
    const set = (fromInterval: number) =>
      market.submit(market.instruction('set_tariff', 'retailer', { fromInterval, ...tariff }))
    const refused = set(firstInterval + 50)
    equal(refused.kind === 'rejected' && refused.reason, 'effective_in_past')
    equal(set(firstInterval + 101).kind, 'accepted')
  })
})
