/**
 * Goal: a clearing's proof holds nothing up but what it should: the provisional run comes at once,
 * what it credited is free when it may be, and the final run waits where the rulebook says so; a
 * fault counts whenever it is shown.
 * Method: one trade under each policy, told each word that the chain can say of it.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Rulebook } from '../rulebook/index.ts'
import { withdrawableOf } from './money.ts'
import { unprovenCredit } from './proof.ts'
import { accountOf, firstInterval, type Market, testRulebook } from './testing/market.ts'
import { committeeRulebook, openSealedMarket, type SealedMarket } from './testing/sealed-market.ts'

const required = committeeRulebook
const optional: Rulebook = { ...committeeRulebook, proof: 'optional' }
const none: Rulebook = { ...committeeRulebook, proof: 'none', proofDeadlineSeconds: 0 }

const read = (market: Market, boundary: number, alice: number, version = 0): string | undefined =>
  market.read('alice', boundary, 0, alice, version)

/** Alice has sold 500 Wh at 0.25 and delivered them; the interval stands at its end, unsettled. */
function traded(rulebook: Rulebook): SealedMarket {
  const sealer = openSealedMarket({ rulebook })
  const { market } = sealer
  sealer.seal('alice', 'sell', 500, 250_000, 0)
  sealer.seal('retailer', 'buy', 500, 250_000, 0)
  market.toGate(0).closeGate(0)
  equal(sealer.open(0).kind, 'accepted')
  market.toStart(0)
  market.must(market.readings([['alice', 0, 0, 0], ['bob', 0, 0, 0], ['carol', 0, 0, 0]]))
  market.toStart(1)
  market.must(market.readings([['alice', 1, 0, 500], ['bob', 1, 0, 0], ['carol', 1, 0, 0]]))
  return sealer
}

const credit = 125_000n - 250n

describe('what an interval has credited', () => {
  test('is free at once without proofs', () => {
    const { market } = traded(none)
    equal(market.settled(0), 'provisional')
    equal(market.record(0).proof, 'none')
    equal(market.held('alice'), 0n)
  })

  test('is held back until the clearing is proven, where that is required', () => {
    const sealer = traded(required)
    const { market } = sealer
    equal(market.settled(0), 'provisional')
    equal(market.held('alice'), credit)
    const available = market.available('alice')
    equal(available, 100_000_000n)
    // Neither withdrawn nor promised.
    const more = Number(available) + 1
    equal(market.submit(market.withdrawal('alice', more)).kind, 'rejected')
    equal(sealer.market.submit(
      sealer.sealed('alice', 'buy', 1, 0, 3, { collateralMicros: more }),
    ).kind, 'rejected')
    // Who only paid has nothing to wait for, and the exchange's own accounts never do.
    deepEqual([market.held('retailer'), market.held('fees')], [0n, 0n])
    market.must(sealer.proofWord(0, 'proven'))
    equal(market.held('alice'), 0n)
  })

  test('is held back only while the proof is overdue or the clearing faulty: optional', () => {
    const sealer = traded(optional)
    const { market } = sealer
    equal(market.settled(0), 'provisional')
    equal(market.held('alice'), 0n)
    // At the deadline, not after it: what is not there by then is late.
    market.toGate(0, optional.proofDeadlineSeconds)
    for (const [word, held] of [['overdue', credit], ['proven', 0n], ['faulty', credit]] as const) {
      market.must(sealer.proofWord(0, word))
      equal(market.held('alice'), held, word)
    }
  })

  test('is held back as far as it is still there', () => {
    const sealer = traded(optional)
    const { market } = sealer
    market.settle(0)
    market.must(market.withdrawal('alice', Number(market.balance('alice')) - 7))
    market.toStart(3)
    market.must(sealer.proofWord(0, 'overdue'))
    equal(market.held('alice'), 7n)
  })

  test('follows the corrections', () => {
    const sealer = traded(required)
    const { market } = sealer
    market.settle(0)
    const before = market.balance('alice')
    // 100 Wh less delivered: bought back at 0.25 plus ten per cent.
    equal(read(market, 1, 400, 1), 'counted')
    equal(market.settled(0), 'provisional')
    equal(before - market.balance('alice'), 27_500n)
    equal(market.held('alice'), credit - 27_500n)
    equal(read(market, 1, 500, 2), 'counted')
    equal(market.settled(0), 'provisional')
    equal(market.held('alice'), credit)
    market.must(sealer.proofWord(0, 'proven'))
    equal(market.held('alice'), 0n)
    equal(read(market, 1, 450, 3), 'counted')
    equal(market.settled(0), 'provisional')
    equal(market.held('alice'), 0n)
  })

  test('pays for its own correction, though it is held back', () => {
    const sealer = traded(required)
    const { market } = sealer
    market.settle(0)
    market.must(market.withdrawal('alice', Number(market.available('alice'))))
    equal(market.balance('alice'), credit)
    equal(read(market, 1, 400, 1), 'counted')
    equal(market.settled(0), 'provisional')
    equal(market.balance('alice'), credit - 27_500n)
    deepEqual([...market.state.ledger.arrears], [])
  })

  test('is not withdrawn where corrections come far apart and the chain counts each', () => {
    const sealer = traded(required)
    const { market } = sealer
    market.settle(0)
    for (const [alice, version] of [[400, 1], [500, 2]] as const) {
      equal(read(market, 1, alice, version), 'counted')
      equal(market.settled(0), 'provisional')
    }
    equal(market.held('alice'), credit)
    // Booked twice, the correction up is counted beside the first credit, the one down is not.
    const free = Number(market.balance('alice') - credit - 27_500n)
    const refused = market.submit(market.withdrawal('alice', free + 1))
    equal(refused.kind === 'rejected' && refused.limit, `at most ${free}`)
    // What is available is more: it may be ordered for, and is not to be had yet.
    equal(market.available('alice') > BigInt(free), true)
    equal(withdrawableOf(market.state, accountOf('alice')), BigInt(free))
    market.must(market.withdrawal('alice', free))
    market.must(sealer.proofWord(0, 'proven'))
    market.must(market.withdrawal('alice', Number(market.balance('alice'))))
  })

  test('is there for a correction, though its owner asked the chain for all and was paid', () => {
    const sealer = traded(required)
    const { market } = sealer
    market.settle(0)
    market.must(sealer.proofWord(0, 'faulty'))
    const account = accountOf('alice')
    const all = Number(market.balance('alice'))
    const [reference, payment] = ['0xaa:0', '0xbb:0']
    market.must(
      { kind: 'record_withdrawal_request', reference, account, amountMicros: all },
    )
    for (const stage of ['near', 'due'] as const) {
      market.must({ kind: 'advance_withdrawal_request', reference, account, stage })
    }
    // The chain pays no more than this: `HeldBackTest` has the other half.
    const amountMicros = all - Number(unprovenCredit(market.state, account))
    market.must({ kind: 'record_chain_withdrawal', reference: payment, account, amountMicros })
    deepEqual([market.balance('alice'), market.held('alice')], [credit, credit])
    equal(market.submit(market.withdrawal('alice', 1)).kind, 'rejected')
    equal(read(market, 1, 0, 1), 'counted')
    equal(market.settled(0), 'provisional')
    equal(market.balance('alice') < credit, true)
  })

  test('is not held back twice where it is estimated', () => {
    const sealer = openSealedMarket()
    const { market } = sealer
    sealer.seal('alice', 'sell', 500, 250_000, 1)
    sealer.seal('retailer', 'buy', 500, 250_000, 1)
    for (const interval of [0, 1]) market.toGate(interval).closeGate(interval)
    sealer.open(1)
    market.toStart(1)
    equal(read(market, 0, 0), 'counted')
    equal(read(market, 1, 500), 'counted')
    // Nobody is read at the end: what Alice fed in before is taken to repeat itself.
    market.toStart(2, testRulebook.readingDeadlineSeconds)
    equal(market.settled(1), 'provisional')
    const key = `${accountOf('alice')}:0:${firstInterval + 1}`
    const { holds } = market.state.ledger
    const [estimate, unproven] = ['estimate', 'unproven'].map((kind) => holds.get(`${kind}:${key}`))
    ok(estimate !== undefined && estimate.amount >= credit)
    equal(unproven, undefined)
    // Once it was read, only the proof holds it back.
    market.must(market.readings([['alice', 2, 0, 1_000], ['bob', 1, 0, 0], ['bob', 2, 0, 0]]))
    equal(market.settled(1), 'provisional')
    equal(market.held('alice'), credit)
    market.must(sealer.proofWord(1, 'proven'))
    equal(market.held('alice'), 0n)
  })
})

describe('the final run', () => {
  test('waits for the proof that is required, and corrections do not', () => {
    const sealer = traded(required)
    const { market } = sealer
    market.settle(0)
    market.toStart(4)
    equal(market.settled(0), 'proof_awaited')
    equal(read(market, 1, 400, 1), 'counted')
    equal(market.settled(0), 'provisional')
    market.must(sealer.proofWord(0, 'overdue'))
    equal(market.settled(0), 'proof_awaited')
    market.must(sealer.proofWord(0, 'proven'))
    equal(market.settled(0), 'final')
  })

  test('never comes where a fault was shown, even of what was proven', () => {
    for (const before of [[], ['proven']] as const) {
      const sealer = traded(required)
      const { market } = sealer
      market.settle(0)
      for (const word of [...before, 'faulty'] as const) market.must(sealer.proofWord(0, word))
      market.toStart(4)
      equal(market.settled(0), 'proof_awaited')
      equal(market.submit(sealer.proofWord(0, 'proven')).kind, 'rejected')
      equal(market.held('alice'), credit)
    }
  })

  test('is the first one where the proof was there before the readings', () => {
    const sealer = traded(required)
    sealer.market.must(sealer.proofWord(0, 'proven'))
    sealer.market.toStart(4)
    equal(sealer.market.settled(0), 'final')
    equal(sealer.market.held('alice'), 0n)
  })

  test('is a provisional one first where the proof is later than its time', () => {
    const sealer = traded(required)
    sealer.market.toStart(4)
    equal(sealer.market.settled(0), 'provisional')
    equal(sealer.market.settled(0), 'proof_awaited')
  })

  test('does not wait for a proof that is optional, even one that failed', () => {
    const sealer = traded(optional)
    const { market } = sealer
    market.settle(0)
    market.must(sealer.proofWord(0, 'faulty'))
    market.toStart(4)
    equal(market.settled(0), 'final')
    equal(market.held('alice'), credit)
  })
})

describe('a fault that is shown after the proof', () => {
  for (const left of [undefined, 7] as const) {
    const name = left === undefined ? 'all that was credited' : 'what is left of it'
    test(`after the final run, holds back ${name}`, () => {
      const sealer = traded(required)
      const { market } = sealer
      market.must(sealer.proofWord(0, 'proven'))
      market.toStart(4)
      equal(market.settled(0), 'final')
      const all = Number(market.available('alice'))
      if (left !== undefined) market.must(market.withdrawal('alice', all - left))
      const { effects } = market.apply(sealer.proofWord(0, 'faulty'))
      const place = { zone: 0, interval: firstInterval }
      deepEqual(effects, [{ kind: 'interval_proven', ...place, state: 'faulty' }])
      equal(market.held('alice'), left === undefined ? credit : BigInt(left))
      equal(market.available('alice'), BigInt(left ?? all) - market.held('alice'))
      equal(market.record(0).proof, 'faulty')
      equal(market.record(0).status, 'final')
      // A correction after it holds back what then stands credited.
      equal(read(market, 1, 400, 1), 'counted')
      equal(market.settled(0), 'resettled')
      equal(market.held('alice'), left === undefined ? credit - 27_500n : 0n)
    })
  }
})

test('an interval takes as many sealed orders as can be proven, where that is required', () => {
  for (const [rulebook, most] of [[required, 65_536], [optional, 4_000_000]] as const) {
    const sealer = openSealedMarket({ rulebook })
    const { market } = sealer
    const own = sealer.sealed('alice', 'sell', 500, 250_000, 0)
    market.must(own)
    const record = market.record(0)
    record.orderCount = most - 1
    market.must(sealer.sealed('bob', 'buy', 1, 0, 0))
    equal(record.orderCount, most)
    const full = ['orders_exceeded', 'interval', `at most ${most}`]
    const beyond = market.submit(sealer.sealed('carol', 'buy', 1, 0, 0))
    ok(beyond.kind === 'rejected')
    deepEqual([beyond.reason, beyond.field, beyond.limit], full)
    equal(record.orderCount, most)
    // What is taken back stays in the set, and so makes no room.
    market.must(market.cancellation('alice', own.id))
    equal(record.orderCount, most)
    const again = market.submit(sealer.sealed('carol', 'buy', 1, 0, 0))
    ok(again.kind === 'rejected')
    deepEqual([again.reason, again.field, again.limit], full)
  }
})

test('what is faulty is not forgotten, though it was proven before and is final', () => {
  const sealer = traded(optional)
  const { market } = sealer
  market.settle(0)
  market.must(sealer.proofWord(0, 'proven'))
  market.must(sealer.proofWord(0, 'faulty'))
  const run = (from: number, to: number): void => {
    for (let interval = from; interval < to; interval += 1) {
      market.toStart(interval).closeGate(interval)
      market.must(sealer.proofWord(interval, 'proven'))
      market.settle(0)
    }
  }
  run(1, 40)
  equal(market.record(0).status, 'final')
  equal(market.held('alice'), credit)
  equal(market.state.intervals.get(0)?.has(firstInterval + 1), true, 'not settled')
})
