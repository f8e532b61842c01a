/**
 * Goal: a sealed order goes from its commitment to its fill as the design tells it; what is void is
 * void for its reason and harms nobody else; and the market forgets what an order was.
 * Method: one story with its figures, then a table of what can be wrong with an order, then the
 * gate, committees, revealing and bonds one by one. Commitments are hashes that the test computes.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { encodeState, type Opening, orderDigests, type VoidReason } from './index.ts'
import {
  accountOf,
  firstInterval,
  hex,
  type Market,
  meterContent,
  meters,
  testRulebook,
} from './testing/market.ts'
import { suspend } from './testing/rejection-case.ts'
import {
  committeeContent,
  openSealedMarket,
  point,
  revealRulebook,
  type SealedMarket,
} from './testing/sealed-market.ts'

const read = (market: Market, boundary: number, alice: number, bob: number): void => {
  const items = [
    ['alice', boundary, 0, alice], ['bob', boundary, bob, 0], ['carol', boundary, 0, 0],
  ] as const
  market.must(market.readings(items))
}

test('the life of a sealed interval, from commitments to settled money', () => {
  const sealer = openSealedMarket()
  const { market } = sealer

  // What is declared is set aside; nothing else is known of an order.
  const buy = sealer.sealed('bob', 'buy', 600, 250_000, 0, { collateralMicros: 2_000_000 })
  const outcome = market.submit(buy)
  ok(outcome.kind === 'accepted' && outcome.result.kind === 'sealed_order_placed')
  deepEqual(outcome.result, {
    kind: 'sealed_order_placed', zone: 0, interval: firstInterval, commitment: buy.commitment,
  })
  equal(market.record(0).sealed.get(buy.commitment)?.sequence, outcome.sequence)
  equal(market.held('bob'), 2_000_000n)
  const sell = sealer.seal('alice', 'sell', 500, 150_000, 0)
  const losing = sealer.seal('retailer', 'sell', 1_000, 290_000, 0)

  // The gate fixes the set and opens nothing; the next gates do not wait.
  market.toGate(0)
  const closed = market.apply({ kind: 'close_gate', interval: firstInterval })
  deepEqual(closed.effects, [{ kind: 'orders_fixed', zone: 0, interval: firstInterval }])
  const record = market.record(0)
  equal(record.status, 'fixed')
  deepEqual(orderDigests(record), [buy.commitment, sell, losing].sort())
  equal(market.settled(0), 'interval_not_cleared')
  market.toGate(1)
  equal(market.closeGate(1).kind, 'accepted')
  equal(market.record(0).status, 'fixed')

  // Opened, 500 Wh meet at the buyer's limit, and the rest of the collateral is free.
  const opened = market.apply(sealer.opening(0))
  deepEqual(opened.effects, [
    { kind: 'interval_cleared', zone: 0, interval: firstInterval, price: 250_000n, energy: 500n },
  ])
  deepEqual(opened.outcome.kind === 'accepted' && opened.outcome.result, {
    kind: 'orders_opened', opened: 3, voided: 0,
  })
  equal(record.status, 'cleared')
  equal(record.openedSequence, market.state.sequence)
  ok(record.fixedSequence < record.openedSequence)
  equal(record.proof, 'awaited')
  const filled = [[buy.commitment, 500n], [sell, 500n]] as const
  deepEqual(new Map(record.fills), new Map(filled))
  ok(market.held('bob') > 0n && market.held('bob') < 2_000_000n)
  equal(market.held('retailer'), 0n)

  // Settled at once; what was credited waits for the proof.
  read(market, 0, 0, 0)
  market.toStart(1)
  read(market, 1, 500, 500)
  const before = market.balance('alice')
  equal(market.settled(0), 'provisional')
  const credit = market.balance('alice') - before
  // 500 Wh at 0.25 less the fee of 0.0005 a kWh.
  equal(credit, 125_000n - 250n)
  equal(market.held('alice'), credit)
  equal(market.held('bob'), 0n)
  const all = Number(market.balance('alice'))
  equal(market.submit(market.withdrawal('alice', all)).kind, 'rejected')

  // Past its time, the final run waits for the proof as well.
  market.toStart(4)
  equal(market.settled(0), 'proof_awaited')
  const proven = market.apply(sealer.proofWord(0, 'proven'))
  deepEqual(proven.effects, [
    { kind: 'interval_proven', zone: 0, interval: firstInterval, state: 'proven' },
  ])
  equal(market.record(0).proofReference, '0xab:1')
  equal(market.held('alice'), 0n)
  equal(market.settled(0), 'final')
  market.must(market.withdrawal('alice', all))
})

test('once cleared, a state says of an order that it was there, and nothing of what it was', () => {
  for (const rulebook of [undefined, revealRulebook]) {
    const sealer = openSealedMarket(rulebook === undefined ? {} : { rulebook })
    const { market } = sealer
    const limits = { buy: 234_560, sell: 345_670 }
    const commitments = [
      sealer.seal('bob', 'buy', 600, limits.buy, 0, { collateralMicros: 7_654_321 }),
      sealer.seal('alice', 'sell', 500, limits.sell, 0, { collateralMicros: 6_543_219 }),
    ]
    market.toGate(0).closeGate(0)
    for (const one of commitments) market.submit(sealer.revealing(one, 0))
    const kept = encodeState(market.state)
    equal(sealer.open(0).kind, 'accepted')
    const text = encodeState(market.state)
    for (const commitment of commitments) {
      const { salt = '' } = sealer.openings.get(commitment) ?? {}
      const { ciphertext } = sealer.sealed('bob', 'buy', 600, limits.buy, 0)
      for (const planted of [salt, ciphertext, '234560', '345670', '7654321', '6543219']) {
        ok(planted === '' || !text.includes(planted), `${planted} is gone`)
      }
      ok(kept.includes(rulebook === undefined ? '7654321' : salt), 'it was there before')
      ok(text.includes(commitment))
    }
  }
})

describe('what can be wrong with an order', () => {
  type Wrong = {
    readonly reason: VoidReason
    readonly seal: (sealer: SealedMarket) => string
    /** What is opened in the place of what was sealed. */
    readonly open?: (opening: Opening) => Opening | null
  }
  const same = (opening: Opening): Opening => opening
  const fine = (sealer: SealedMarket): string => sealer.seal('alice', 'sell', 100, 150_000, 0)
  const withOpening = (change: Partial<Opening>) => (sealer: SealedMarket) =>
    sealer.seal('alice', 'sell', 100, 150_000, 0, { opening: change, collateralMicros: 9_000_000 })
  const cases: Readonly<Record<string, Wrong>> = {
    'nobody can open it': { reason: 'not_opened', seal: fine, open: () => null },
    'it opens to more energy': {
      reason: 'mismatch', seal: fine, open: (one) => ({ ...one, energyWh: 101 }),
    },
    'it opens to another salt': {
      reason: 'mismatch', seal: fine, open: (one) => ({ ...one, salt: hex(1, 64) }),
    },
    'it opens to no side': {
      reason: 'mismatch', seal: fine, open: (one) => ({ ...one, side: 'swap' as 'buy' }),
    },
    'it was sealed without energy': { reason: 'mismatch', seal: withOpening({ energyWh: 0 }) },
    'it was sealed with more energy than a commitment holds': {
      reason: 'mismatch', seal: withOpening({ energyWh: 2 ** 28 }),
    },
    'it was sealed with a limit that is no price': {
      reason: 'mismatch', seal: withOpening({ limitMicrosPerKwh: -(10 ** 12) - 1 }),
    },
    'it was sealed for another account': {
      reason: 'mismatch', seal: withOpening({ account: accountOf('bob'), meter: meters.bob }),
    },
    'it names the meter of another': {
      reason: 'meter_foreign', seal: withOpening({ meter: meters.bob }),
    },
    'it names no meter': { reason: 'meter_foreign', seal: withOpening({ meter: 77 }) },
    'it is larger than one may be': {
      reason: 'energy_exceeded', seal: withOpening({ energyWh: 5_001 }),
    },
    'it is more than the connection carries': {
      reason: 'capacity_exceeded', seal: withOpening({ energyWh: 1_001 }),
    },
    'it has a price above all': {
      reason: 'price_out_of_bounds', seal: withOpening({ limitMicrosPerKwh: 1_000_010 }),
    },
    'it has a price between ticks': {
      reason: 'price_off_tick', seal: withOpening({ limitMicrosPerKwh: 150_001 }),
    },
    'less was declared than it can cost': {
      reason: 'collateral_short',
      seal: (sealer) => {
        const { collateralMicros } = sealer.sealed('alice', 'sell', 100, 150_000, 0)
        const short = { collateralMicros: collateralMicros - 1 }
        return sealer.seal('alice', 'sell', 100, 150_000, 0, short)
      },
    },
    'its owner took it back': {
      reason: 'cancelled',
      seal: (sealer) => {
        const command = sealer.sealed('alice', 'sell', 100, 150_000, 0)
        sealer.market.must(command)
        sealer.market.must(sealer.market.cancellation('alice', command.id))
        return command.commitment
      },
    },
    'its owner takes the money from the chain': {
      reason: 'cancelled',
      seal: (sealer) => {
        const commitment = fine(sealer)
        const asked = { account: accountOf('alice'), reference: '0x1:0' }
        sealer.market.must({ kind: 'record_withdrawal_request', ...asked, amountMicros: 5 })
        sealer.market.must({ kind: 'advance_withdrawal_request', ...asked, stage: 'near' })
        return commitment
      },
    },
    'its owner is suspended': {
      reason: 'suspended',
      seal: (sealer) => {
        const commitment = fine(sealer)
        suspend(sealer.market, accountOf('alice'))
        return commitment
      },
    },
  }
  for (const [name, { reason, seal, open = same }] of Object.entries(cases)) {
    test(`${name}: ${reason}, and the others trade`, () => {
      const sealer = openSealedMarket()
      const { market } = sealer
      const wrong = seal(sealer)
      sealer.seal('bob', 'buy', 200, 250_000, 0)
      const right = sealer.seal('retailer', 'sell', 200, 250_000, 0)
      market.toGate(0).closeGate(0)
      const outcome = sealer.open(0, (opening, one) => (one === wrong ? open(opening) : opening))
      equal(outcome.kind, 'accepted')
      const { voids, energy, fills, sealed } = market.record(0)
      deepEqual([...voids], [[wrong, reason]])
      equal(energy, 200n)
      equal(fills.get(right), 200n)
      equal(sealed.size, 3)
      equal(market.held('alice'), 0n)
      ok(orderDigests(market.record(0)).includes(wrong), 'what is void stays in the set')
    })
  }

  test('an order for a meter that came after the gate is void', () => {
    const sealer = openSealedMarket()
    const { market } = sealer
    const meter = market.state.meters.length
    const opening = { meter }
    sealer.seal('alice', 'sell', 10, 150_000, 0, { opening, collateralMicros: 9_000_000 })
    market.toGate(0).closeGate(0)
    market.must(market.instruction('register_meter', 'grid', meterContent('later')))
    equal(sealer.open(0).kind, 'accepted')
    deepEqual(sealer.voids(0), ['meter_foreign'])
  })

  test('an order for a meter of its owner in another zone is void', () => {
    const sealer = openSealedMarket()
    const { market } = sealer
    const zone = { name: 'road', parent: null, bridgeWatts: 0 }
    market.must(market.instruction('register_zone', 'operator', zone))
    const meter = market.state.meters.length
    market.must(market.instruction('register_meter', 'grid', meterContent('there', { zone: 1 })))
    market.toStart(1)
    while (market.state.clearedThrough < firstInterval + 1) {
      market.closeGate(market.state.clearedThrough + 1 - firstInterval)
    }
    const opening = { meter }
    sealer.seal('alice', 'sell', 10, 150_000, 2, { opening, collateralMicros: 9_000_000 })
    market.toGate(2).closeGate(2)
    equal(sealer.open(2).kind, 'accepted')
    deepEqual(sealer.voids(2), ['meter_foreign'])
  })

  test('what is void counts neither towards the connection nor the collateral', () => {
    const sealer = openSealedMarket()
    const declared = { collateralMicros: 0 }
    // The first takes all that was declared; the second is none, so the third still fits.
    sealer.seal('alice', 'sell', 600, 150_000, 0)
    sealer.seal('alice', 'sell', 600, 150_000, 0, declared)
    sealer.seal('alice', 'sell', 400, 150_000, 0)
    sealer.seal('alice', 'sell', 1, 150_000, 0, declared)
    sealer.market.toGate(0).closeGate(0)
    equal(sealer.open(0).kind, 'accepted')
    deepEqual(sealer.voids(0), [null, 'capacity_exceeded', null, 'capacity_exceeded'])
  })
})

describe('at the gate of a sealed book', () => {
  test('a set without an order that could be opened is cleared at once, and still proven', () => {
    const sealer = openSealedMarket()
    const { market } = sealer
    const { id } = sealer.sealed('alice', 'sell', 10, 0, 1)
    sealer.seal('alice', 'sell', 10, 0, 1, { id })
    market.must(market.cancellation('alice', id))
    for (const interval of [0, 1]) {
      market.toGate(interval)
      const number = firstInterval + interval
      const { effects } = market.apply({ kind: 'close_gate', interval: number })
      deepEqual(effects, [
        { kind: 'orders_fixed', zone: 0, interval: number },
        { kind: 'interval_cleared', zone: 0, interval: number, price: null, energy: 0n },
      ])
      const { status, proof, fixedSequence, openedSequence } = market.record(interval)
      deepEqual([status, proof], ['cleared', 'awaited'])
      equal(fixedSequence, openedSequence)
      market.must(sealer.proofWord(interval, 'proven'))
    }
    deepEqual(sealer.voids(1), ['cancelled'])
  })

  test('one who is suspended between the gate and the opening trades, as in an open book', () => {
    const sealer = openSealedMarket()
    const { market } = sealer
    sealer.seal('alice', 'sell', 100, 150_000, 0)
    sealer.seal('bob', 'buy', 100, 150_000, 0)
    market.toGate(0)
    suspend(market, accountOf('alice'))
    market.closeGate(0)
    suspend(market, accountOf('bob'))
    equal(sealer.open(0).kind, 'accepted')
    equal(market.record(0).energy, 100n)
  })

  test('a set that a lost committee can never open is void, and all money is free', () => {
    const sealer = openSealedMarket()
    const { market } = sealer
    sealer.seal('alice', 'sell', 100, 150_000, 0)
    sealer.seal('bob', 'buy', 100, 150_000, 0)
    market.toGate(0).closeGate(0)
    market.toStart(1)
    equal(sealer.open(0, () => null).kind, 'accepted')
    deepEqual(sealer.voids(0), ['not_opened', 'not_opened'])
    deepEqual([market.held('alice'), market.held('bob')], [0n, 0n])
    read(market, 1, 0, 0)
    market.toStart(1, testRulebook.readingDeadlineSeconds)
    equal(market.settled(0), 'provisional')
  })

  test('intervals open in any order, also after their delivery', () => {
    const sealer = openSealedMarket()
    const { market } = sealer
    for (const interval of [0, 1, 2]) {
      sealer.seal('alice', 'sell', 100, 150_000, interval)
      sealer.seal('bob', 'buy', 100, 150_000, interval)
    }
    for (const interval of [0, 1, 2]) market.toGate(interval).closeGate(interval)
    equal(sealer.open(2).kind, 'accepted')
    market.toStart(4)
    equal(sealer.open(0).kind, 'accepted')
    equal(sealer.open(1).kind, 'accepted')
    for (const interval of [0, 1, 2]) equal(market.record(interval).energy, 100n)
    equal(market.settled(0), 'provisional')
  })
})

test('one committee follows another, each for its intervals', () => {
  const sealer = openSealedMarket()
  const { market } = sealer
  const later = committeeContent({ fromInterval: firstInterval + 8, publicKey: point(9) })
  const { effects } = market.apply(market.instruction('appoint_committee', 'operator', later))
  const fromInterval = firstInterval + 8
  deepEqual(effects, [{ kind: 'committee_appointed', fromInterval }])
  deepEqual(market.state.committees.map(({ from, publicKey }) => [from, publicKey]), [
    [0, point(1)], [firstInterval + 8, point(9)],
  ])
  // One that was to come and never did is replaced.
  const other = committeeContent({ fromInterval: firstInterval + 7, publicKey: point(8) })
  market.must(market.instruction('appoint_committee', 'operator', other))
  deepEqual(market.state.committees.map(({ publicKey }) => publicKey), [point(1), point(8)])
})
