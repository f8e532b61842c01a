/**
 * Goal: where owners open their own orders, who does so in time trades, who does not loses its bond
 * and nothing else, once; and nobody waits for it longer than the rulebook says.
 * Method: a seller who reveals, a buyer who does not, and the money of both, run by run.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import { accountOf, firstInterval, type Market } from './testing/market.ts'
import { suspend } from './testing/rejection-case.ts'
import { openSealedMarket, revealRulebook, type SealedMarket } from './testing/sealed-market.ts'

const { bondMicros, revealSeconds } = revealRulebook
const bond = BigInt(bondMicros)

function market(): SealedMarket {
  return openSealedMarket({ rulebook: revealRulebook })
}

const readAll = (market: Market, boundary: number, alice: number, version = 0): void => {
  const items = [
    ['alice', boundary, 0, alice, version], ['bob', boundary, 0, 0, version],
    ['carol', boundary, 0, 0, version],
  ] as const
  market.must(market.readings(items))
}

test('who does not reveal loses the bond with the first run, and the guarantee has it', () => {
  const sealer = market()
  const { market: m } = sealer
  const sold = sealer.seal('alice', 'sell', 100, 150_000, 0)
  const bought = sealer.seal('retailer', 'buy', 100, 250_000, 0)
  const hidden = sealer.seal('bob', 'buy', 100, 900_000, 0, { collateralMicros: 1_000_000 })
  sealer.seal('bob', 'buy', 50, 900_000, 0, { collateralMicros: 0 })
  equal(m.held('bob'), 1_000_000n + 2n * bond)
  m.toGate(0).closeGate(0)
  for (const one of [sold, bought]) m.must(sealer.revealing(one, 0))
  m.toGate(0, revealSeconds)
  equal(sealer.open(0).kind, 'accepted')

  deepEqual(sealer.voids(0), [null, null, 'not_opened', 'not_opened'])
  equal(m.record(0).fills.get(sold), 100n)
  equal(m.record(0).fills.get(hidden), undefined)
  // The bonds of those who revealed are free, with what else they no longer need.
  equal(m.held('bob'), 2n * bond)
  const [bob, guarantee] = [m.balance('bob'), m.balance('guarantee')]
  readAll(m, 0, 0)
  m.toStart(1)
  readAll(m, 1, 100)
  equal(m.settled(0), 'provisional')
  deepEqual([bob - m.balance('bob'), m.balance('guarantee') - guarantee], [2n * bond, 2n * bond])
  equal(m.held('bob'), 0n)
  const lines = m.record(0).runs[0]?.items.filter(({ reason }) => reason.startsWith('bond'))
  deepEqual(lines?.map(({ account, reason, amount }) => [account, reason, amount]), [
    [accountOf('bob'), 'bond_lost', -2n * bond],
    [accountOf('guarantee'), 'bond_received', 2n * bond],
  ])

  // Corrections and the final run leave it at that.
  readAll(m, 1, 90, 1)
  equal(m.settled(0), 'provisional')
  m.toStart(4)
  equal(m.settled(0), 'final')
  equal(bob - m.balance('bob'), 2n * bond)
})

test('two who do not reveal lose one bond each, also where one of them has left the market', () => {
  const sealer = market()
  const { market: m } = sealer
  sealer.seal('alice', 'sell', 100, 150_000, 0)
  sealer.seal('bob', 'buy', 100, 150_000, 0)
  m.toGate(0).closeGate(0)
  const left = { account: accountOf('bob'), amountMicros: Number(m.balance('bob')) }
  m.must({ kind: 'record_chain_withdrawal', reference: '0x1:0', ...left })
  m.toGate(0, revealSeconds)
  equal(sealer.open(0).kind, 'accepted')
  readAll(m, 0, 0)
  m.toStart(1)
  readAll(m, 1, 0)
  const [alice, retailer] = [m.balance('alice'), m.balance('retailer')]
  equal(m.settled(0), 'provisional')
  equal(alice - m.balance('alice'), bond)
  // Its retailer stands in for who has nothing.
  equal(retailer - m.balance('retailer'), bond)
  equal(m.balance('bob'), 0n)
  equal(m.state.ledger.arrears.get(`${accountOf('bob')}:${accountOf('retailer')}`), bond)
})

test('an order that is revealed and void for its content keeps its bond', () => {
  const sealer = market()
  const { market: m } = sealer
  const opening = { limitMicrosPerKwh: 150_001 }
  const odd = sealer.seal('alice', 'sell', 100, 0, 0, { opening })
  m.toGate(0).closeGate(0)
  m.must(sealer.revealing(odd, 0))
  equal(sealer.open(0).kind, 'accepted')
  deepEqual(sealer.voids(0), ['price_off_tick'])
  deepEqual([m.held('alice'), m.record(0).bondsLost.size], [0n, 0])
})

test('a bond comes back with an order that is taken back before the gate', () => {
  const sealer = market()
  const { market: m } = sealer
  const command = sealer.sealed('alice', 'sell', 100, 0, 0, { collateralMicros: 70 })
  m.must(command)
  equal(m.held('alice'), 70n + bond)
  m.must(m.cancellation('alice', command.id))
  equal(m.held('alice'), 0n)
  m.toGate(0).closeGate(0)
  deepEqual([m.record(0).status, m.record(0).bondsLost.size], ['cleared', 0])
})

test('who is suspended keeps its bonds, also of what it had taken back', () => {
  const sealer = market()
  const { market: m } = sealer
  const command = sealer.sealed('alice', 'sell', 100, 0, 0)
  m.must(command)
  m.must(m.cancellation('alice', command.id))
  sealer.seal('alice', 'sell', 100, 0, 0)
  suspend(m, accountOf('alice'))
  deepEqual(sealer.voids(0), ['cancelled', 'suspended'])
  equal(m.held('alice'), 0n)
})

test('once all have revealed, nobody waits for the rest of the time', () => {
  const sealer = market()
  const { market: m } = sealer
  const commitments = [
    sealer.seal('alice', 'sell', 100, 150_000, 0), sealer.seal('bob', 'buy', 100, 150_000, 0),
  ]
  m.toGate(0).closeGate(0)
  for (const one of commitments) {
    const outcome = sealer.open(0)
    equal(outcome.kind === 'rejected' && outcome.reason, 'reveal_open')
    m.must(sealer.revealing(one, 0))
  }
  equal(sealer.open(0).kind, 'accepted')
  equal(m.record(0).energy, 100n)
})

test('an order revealed again is the same order, and nothing happens', () => {
  const sealer = market()
  const { market: m } = sealer
  const one = sealer.seal('alice', 'sell', 100, 150_000, 0)
  m.toGate(0).closeGate(0)
  const first = m.submit(sealer.revealing(one, 0))
  ok(first.kind === 'accepted' && !first.repeated)
  m.must(m.deposit('alice', 1))
  m.at += 1_000
  const again = m.apply(sealer.revealing(one, 0))
  deepEqual(again, { outcome: { ...first, repeated: true }, effects: [] })
  deepEqual(m.record(0).sealed.get(one)?.revealed, {
    opening: sealer.openings.get(one), sequence: first.sequence,
  })
  equal(m.record(0).interval, firstInterval)
})
