/**
 * Goal: readings that are late, lost, doubled or wrong are estimated, marked, held back and put
 * right, and a payer that lacks money is stood in for by those who must, who are repaid first.
 * Method: one short story for each, in the market's words, with figures worked out by hand. Retail
 * energy costs 0.30, energy fed in brings 0.06 a kWh.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { arrearsOf } from '../ledger/index.ts'
import { conservation } from './index.ts'
import {
  accountOf,
  firstInterval,
  type Market,
  type MarketOptions,
  openMarket,
  type Person,
} from './testing/market.ts'

const started = 100_000_000n
const deadline = 120

/** Intervals 0 to `intervals` − 1 are cleared, nothing was traded; only Alice is read below. */
function quietMarket(intervals: number, options: MarketOptions = {}): Market {
  const market = openMarket(options)
  for (let interval = 0; interval < intervals; interval += 1) {
    market.toGate(interval).closeGate(interval)
  }
  return market
}

/** Bob and Carol showed nothing at these boundaries. */
function othersRead(market: Market, ...boundaries: number[]): void {
  for (const boundary of boundaries) {
    market.must(market.readings([['bob', boundary, 0, 0], ['carol', boundary, 0, 0]]))
  }
}

const change = (market: Market, person: Person): bigint => market.balance(person) - started
const owes = (market: Market, debtor: Person, creditor: Person): bigint =>
  arrearsOf(market.state.ledger, accountOf(debtor), accountOf(creditor))
const kinds = (market: Market, interval: number): string[] =>
  market.record(interval).runs.map((run) => run.kind)
const estimatedIn = (market: Market, interval: number): readonly number[] | undefined =>
  market.record(interval).runs.at(-1)?.estimated

/** Alice fed in 400 Wh in interval 0, and then her meter fell silent. */
function silentAlice(): Market {
  const market = quietMarket(4)
  market.toStart(3)
  othersRead(market, 0, 1, 2, 3)
  market.read('alice', 0, 0, 0)
  market.read('alice', 1, 0, 400)
  equal(market.settled(0), 'provisional')
  return market
}

describe('a meter that falls silent', () => {
  test('holds nobody up before the deadline, and is estimated after it', () => {
    const market = silentAlice()
    equal(change(market, 'alice'), 24_000n)
    equal(market.settled(2), 'readings_awaited')
    market.toStart(3, deadline)
    equal(market.settled(2), 'provisional')
    deepEqual(estimatedIn(market, 2), [1])
    // The 400 Wh of the last interval it metered, repeated.
    equal(change(market, 'alice'), 48_000n)
  })

  test('has what was estimated held back, and nothing else', () => {
    const market = silentAlice()
    market.toStart(3, deadline).settle(2)
    equal(market.held('alice'), 24_000n)
    const tooMuch = market.submit(market.withdrawal('alice', Number(started) + 24_001))
    equal(tooMuch.kind, 'rejected')
    market.must(market.withdrawal('alice', Number(started) + 24_000))
  })

  test('is put right by the reading, and has the money free', () => {
    const market = silentAlice()
    market.toStart(3, deadline).settle(1)
    market.settle(2)
    market.read('alice', 2, 0, 450)
    market.read('alice', 3, 0, 1_000)
    equal(market.settled(1), 'provisional')
    equal(market.settled(2), 'provisional')
    deepEqual([estimatedIn(market, 1), estimatedIn(market, 2)], [[], []])
    equal(change(market, 'alice'), 60_000n)
    equal(market.held('alice'), 0n)
    deepEqual(kinds(market, 2), ['provisional', 'provisional'])
  })

  test('has its estimate stand as final if nothing comes, marked, and the money free', () => {
    const market = silentAlice()
    market.toStart(3, deadline).settle(2)
    market.toStart(6)
    equal(market.settled(2), 'final')
    deepEqual(estimatedIn(market, 2), [1])
    equal(change(market, 'alice'), 48_000n)
    equal(market.held('alice'), 0n)
  })

  test('has a gap filled evenly when it speaks again', () => {
    const market = silentAlice()
    market.toStart(3, deadline).settle(1)
    market.settle(2)
    market.read('alice', 3, 0, 1_001)
    equal(market.settled(1), 'provisional')
    equal(market.settled(2), 'provisional')
    deepEqual([estimatedIn(market, 1), estimatedIn(market, 2)], [[1], [1]])
    // 601 Wh over both intervals: 300 and 301, 18,000 and 18,060.
    equal(change(market, 'alice'), 24_000n + 18_000n + 18_060n)
  })

  test('that was never read at all shows nothing', () => {
    const market = quietMarket(1)
    market.toStart(1, deadline)
    equal(market.settled(0), 'provisional')
    deepEqual(estimatedIn(market, 0), [1, 2, 3])
    equal(change(market, 'alice'), 0n)
  })
})

describe('what a silent meter has traded', () => {
  /** Alice buys 100 Wh at 0.20 of the retailer, and is not read. */
  function bought(): Market {
    const market = openMarket({ deposits: { alice: 3_000_000 } })
    market.order('alice', 'buy', 100, 200_000, 0)
    market.order('retailer', 'sell', 100, 200_000, 0)
    market.toGate(0).closeGate(0)
    market.toStart(0)
    othersRead(market, 0)
    market.read('alice', 0, 0, 0)
    market.toStart(1)
    othersRead(market, 1)
    return market
  }

  test('keeps the collateral until the meter speaks: silence frees nobody', () => {
    const market = bought()
    const collateral = market.held('alice')
    const before = market.balance('alice')
    market.toStart(1, deadline)
    equal(market.settled(0), 'provisional')
    const paid = before - market.balance('alice')
    equal(market.held('alice'), collateral - paid)
    const free = market.available('alice')
    market.must(market.withdrawal('alice', Number(free)))
    // It took the 1,200 Wh that its fuses let through: 1,100 Wh at 0.22 beside its 100 at 0.20.
    market.read('alice', 1, 1_200, 0)
    equal(market.settled(0), 'provisional')
    equal(before - free - market.balance('alice'), 20_000n + 242_000n + 50n)
    equal(owes(market, 'alice', 'retailer'), 0n)
    equal(market.held('alice'), 0n)
  })

  test('is free with the final run', () => {
    const market = bought()
    market.toStart(1, deadline).settle(0)
    ok(market.held('alice') > 0n)
    market.toStart(4)
    equal(market.settled(0), 'final')
    equal(market.held('alice'), 0n)
  })
})

describe('a reading', () => {
  const readOfAlice = (version: number, exportWh: number) => (market: Market) =>
    market.read('alice', 1, 0, exportWh, version)

  test('that comes twice counts once', () => {
    const market = silentAlice()
    equal(readOfAlice(0, 400)(market), 'duplicate')
    equal(market.settled(0), 'nothing_to_settle')
  })

  test('that contradicts another does not count, until it corrects it', () => {
    const market = silentAlice()
    equal(readOfAlice(0, 300)(market), 'conflicting')
    equal(market.settled(0), 'nothing_to_settle')
    equal(readOfAlice(1, 300)(market), 'counted')
    equal(market.settled(0), 'provisional')
    equal(change(market, 'alice'), 18_000n)
    equal(readOfAlice(0, 400)(market), 'superseded')
    equal(market.settled(0), 'nothing_to_settle')
  })

  test('that cannot be is told, and the rest of its batch counts', () => {
    const market = silentAlice()
    const result = market.must(market.readings([
      ['alice', 2, 0, 0], ['alice', 2, 0, 500_000], ['alice', 2, 0, 800], ['alice', 9, 0, 900],
      ['retailer', 2, 0, 0], ['bob', 2, -1, 0], ['bob', 2, 0.5, 0],
      ['bob', -firstInterval - 1, 0, 0], ['bob', 2, 0, 0, 256],
    ]))
    deepEqual(result.kind === 'readings_taken' && result.outcomes, [
      'implausible', 'implausible', 'counted', 'too_early', 'meter_unknown', 'out_of_range',
      'out_of_range', 'out_of_range', 'out_of_range',
    ])
  })

  test('of a meter on another gateway does not count', () => {
    const market = silentAlice()
    const key = { curve: 'p256', publicKey: `0x03${'7'.repeat(64)}` } as const
    const other = { name: 'other', owner: accountOf('grid'), ...key }
    market.must(market.instruction('register_gateway', 'grid', other))
    const result = market.must({ ...market.readings([['alice', 2, 0, 800]]), gateway: 1 })
    deepEqual(result.kind === 'readings_taken' && result.outcomes, ['gateway_foreign'])
  })

  test('between the last and the one before changes all that repeat the last interval', () => {
    const market = quietMarket(3)
    market.toStart(3, deadline)
    othersRead(market, 0, 1, 2, 3)
    market.read('alice', 0, 0, 0)
    market.read('alice', 2, 0, 800)
    for (const interval of [0, 1, 2]) equal(market.settled(interval), 'provisional')
    equal(change(market, 'alice'), 48_000n)
    market.read('alice', 1, 0, 500)
    // 500, 300, and 300 again for the interval behind the last reading.
    for (const interval of [0, 1, 2]) equal(market.settled(interval), 'provisional')
    equal(change(market, 'alice'), 66_000n)
  })
})

describe('after the final run', () => {
  /** Interval 1 is final, by an estimate of 400 Wh; its readings are taken up to boundary 2 + 8. */
  function finalByEstimate(): Market {
    const market = silentAlice()
    market.toStart(5)
    equal(market.settled(1), 'final')
    equal(change(market, 'alice'), 48_000n)
    return market
  }

  test('a late reading resettles by the difference', () => {
    const market = finalByEstimate()
    market.toStart(10, 299)
    equal(market.read('alice', 2, 0, 500), 'counted')
    equal(market.settled(1), 'resettled')
    equal(change(market, 'alice'), 30_000n)
    deepEqual(kinds(market, 1), ['final', 'resettled'])
    deepEqual(market.record(1).runs.at(-1)?.net, [
      { account: accountOf('retailer'), amount: 18_000n },
      { account: accountOf('alice'), amount: -18_000n },
    ])
    equal(market.settled(1), 'nothing_to_settle')
  })

  test('a reading after the time for corrections changes nothing', () => {
    const market = finalByEstimate()
    market.toStart(11)
    equal(market.read('alice', 2, 0, 500), 'too_late')
    equal(market.settled(1), 'nothing_to_settle')
    equal(change(market, 'alice'), 48_000n)
  })
})

describe('a replaced device', () => {
  test('ends with its last registers, and the new one begins with its own', () => {
    const market = silentAlice()
    market.must(market.instruction('replace_meter', 'grid', {
      meter: 1, boundary: firstInterval + 2, finalImportWh: 0, finalExportWh: 900,
      initialImportWh: 70, initialExportWh: 99_990, digits: 5,
    }))
    market.read('alice', 3, 70, 190)
    equal(market.settled(1), 'provisional')
    equal(market.settled(2), 'provisional')
    // 400, 500 and, over the new device's last digit, 200 Wh.
    equal(change(market, 'alice'), 66_000n)
    deepEqual(estimatedIn(market, 2), [])
  })
})

describe('a payer that lacks money', () => {
  /** Carol takes 1,000 Wh of her retailer's at 0.30 and has `micros` for it. */
  function takes(deposits: MarketOptions['deposits']): Market {
    const market = quietMarket(3, { deposits: { ...deposits } })
    market.toStart(3)
    for (const boundary of [0, 1, 2, 3]) {
      market.must(market.readings([['alice', boundary, 0, 0], ['bob', boundary, 0, 0]]))
    }
    market.read('carol', 0, 0, 0)
    market.read('carol', 1, 1_000, 0)
    return market
  }

  test('is stood in for by its retailer, and owes it', () => {
    const market = takes({ carol: 50_000 })
    equal(market.settled(0), 'provisional')
    equal(market.balance('carol'), 0n)
    equal(owes(market, 'carol', 'retailer'), 250_000n)
    equal(change(market, 'retailer'), 50_000n)
    equal(conservation(market.state).moneyMicros, 0n)
  })

  test('repays it first, out of what it earns', () => {
    const market = takes({ carol: 50_000 })
    market.settle(0)
    market.read('carol', 2, 1_000, 1_000)
    equal(market.settled(1), 'provisional')
    equal(market.balance('carol'), 0n)
    equal(owes(market, 'carol', 'retailer'), 190_000n)
    deepEqual(
      market.record(1).runs[0]?.items
        .filter(({ reason }) => reason.startsWith('arrears'))
        .map(({ account, reason, amount }) => [account, reason, amount]),
      [
        [accountOf('carol'), 'arrears_repaid', -60_000n],
        [accountOf('retailer'), 'arrears_received', 60_000n],
      ],
    )
  })

  test('owes nothing after a correction that takes the debt back', () => {
    const market = takes({ carol: 50_000 })
    market.settle(0)
    market.read('carol', 1, 100, 0, 1)
    equal(market.settled(0), 'provisional')
    equal(owes(market, 'carol', 'retailer'), 0n)
    equal(market.balance('carol'), 20_000n)
    equal(change(market, 'retailer'), 30_000n)
  })

  /** The retailer buys 10 Wh at 0.20 of Alice, who feeds in 910: 900 Wh over, at 0.18. */
  function overProduced(deposits: MarketOptions['deposits']): Market {
    const market = openMarket({ deposits: { ...deposits } })
    market.order('alice', 'sell', 10, 200_000, 0)
    market.order('retailer', 'buy', 10, 200_000, 0)
    market.toGate(0).closeGate(0)
    market.toStart(1)
    othersRead(market, 0, 1)
    market.read('alice', 0, 0, 0)
    market.read('alice', 1, 0, 910)
    return market
  }

  test('without a retailer is stood in for by the guarantee', () => {
    const market = overProduced({ balance: 100_000 })
    equal(market.settled(0), 'provisional')
    equal(market.balance('balance'), 0n)
    equal(owes(market, 'balance', 'guarantee'), 62_000n)
    equal(change(market, 'guarantee'), -62_000n)
  })

  test('stops its interval where the guarantee is exhausted, until it is paid in', () => {
    const market = overProduced({ balance: 100_000, guarantee: 61_999 })
    const alice = market.balance('alice')
    equal(market.settled(0), 'guarantee_exhausted')
    equal(market.balance('alice'), alice)
    market.must(market.deposit('guarantee', 1))
    equal(market.settled(0), 'provisional')
    equal(market.balance('guarantee'), 0n)
    equal(owes(market, 'balance', 'guarantee'), 62_000n)
  })

  test('with a retailer that lacks it too is stood in for by both', () => {
    const market = quietMarket(1, { deposits: { carol: 0, alice: 0, retailer: 10_000 } })
    market.toStart(1)
    // Alice feeds in 1,000 Wh for 60,000; Carol takes 100 Wh for 30,000 and has nothing.
    market.must(market.readings([
      ['alice', 0, 0, 0], ['bob', 0, 0, 0], ['carol', 0, 0, 0], ['alice', 1, 0, 1_000],
      ['bob', 1, 0, 0], ['carol', 1, 100, 0],
    ]))
    equal(market.settled(0), 'provisional')
    // The retailer lacks 60,000 − 30,000 − 10,000; the guarantee stands in for it, and for Carol.
    equal(owes(market, 'retailer', 'guarantee'), 20_000n)
    equal(owes(market, 'carol', 'guarantee'), 30_000n)
    equal(owes(market, 'carol', 'retailer'), 0n)
    equal(market.balance('alice'), 60_000n)
    equal(conservation(market.state).tokensMicros, 0n)
  })
})
