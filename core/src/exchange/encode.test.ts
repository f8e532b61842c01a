/**
 * Goal: the text of a state is the state: it reads back to the same text and goes on to the same
 * future, and no other text is taken for one.
 * Method: a market in the middle of its life, cut there; then texts that are broken in one place.
 */
import { deepEqual, equal, throws } from 'node:assert/strict'
import { test } from 'node:test'
import { apply, type Command, decodeState, emptyState, encodeState } from './index.ts'
import { fastEngine, hex, type Market, openMarket } from './testing/market.ts'
import { openSealedMarket, revealRulebook, type SealedMarket } from './testing/sealed-market.ts'
import { changing, inForce, invited, limiting, placing } from './testing/trade-case.ts'
import { deliver, openTradeMarket, settleTradesOf, toGateOf } from './testing/trade-market.ts'

function busyMarket(): Market {
  const market = openMarket({ deposits: { carol: 0 } })
  market.order('alice', 'sell', 500, 150_000, 0)
  market.order('bob', 'buy', 600, 250_000, 0)
  market.order('bob', 'sell', 5, -20, 1)
  market.toGate(0).closeGate(0)
  market.toStart(1, 120)
  market.must(market.readings([
    ['alice', 0, 0, 0], ['bob', 0, 0, 0], ['carol', 0, 0, 0], ['carol', 1, 700, 0],
  ]))
  market.settle(0)
  return market
}

test('an empty state reads back', () => {
  deepEqual(decodeState(encodeState(emptyState())), emptyState())
})

test('a state reads back to itself, and to the same text', () => {
  const { state } = busyMarket()
  const text = encodeState(state)
  deepEqual(decodeState(text), state)
  equal(encodeState(decodeState(text)), text)
})

test('a journal applied to a state that was read back ends where it ends', () => {
  const market = busyMarket()
  const cut = market.journal.length
  const restored = decodeState(encodeState(market.state))
  market.must(market.readings([['alice', 1, 0, 480], ['bob', 1, 630, 0]]))
  market.settle(0)
  market.toStart(4)
  market.settle(0)
  for (const envelope of market.journal.slice(cut)) apply(restored, envelope, fastEngine)
  equal(encodeState(restored), encodeState(market.state))
})

/** Of every stage that sealed orders and proofs have, one. */
const stages: Readonly<Record<string, (sealer: SealedMarket) => void>> = {
  'sealed, one taken back': (sealer) => {
    const { market } = sealer
    const command = sealer.sealed('alice', 'sell', 500, 150_000, 0)
    market.must(command)
    market.must(market.cancellation('alice', command.id))
    for (const interval of [0, 1]) {
      sealer.seal('alice', 'sell', 500, 150_000, interval)
      sealer.seal('bob', 'buy', 600, 250_000, interval)
    }
  },
  fixed: ({ market }) => void market.toGate(0).closeGate(0),
  'revealed by one, where owners reveal': (sealer) => {
    const [, first = ''] = sealer.openings.keys()
    sealer.market.submit(sealer.revealing(first, 0))
  },
  opened: (sealer) => {
    sealer.market.toGate(0, 60)
    equal(sealer.open(0).kind, 'accepted')
  },
  settled: ({ market }) => {
    market.toStart(1, 120)
    equal(market.settled(0), 'provisional')
  },
  overdue: (sealer) => {
    sealer.market.toStart(3)
    sealer.market.must(sealer.proofWord(0, 'overdue'))
  },
  final: (sealer) => {
    sealer.market.must(sealer.proofWord(0, 'proven'))
    sealer.market.toStart(4)
    equal(sealer.market.settled(0), 'final')
  },
}

for (const rulebook of [undefined, revealRulebook]) {
  test(`a sealed market reads back at every stage: ${rulebook?.orderBook ?? 'committee'}`, () => {
    const sealer = openSealedMarket(rulebook === undefined ? {} : { rulebook })
    const { market } = sealer
    const restored = [decodeState(encodeState(market.state))]
    let applied = market.journal.length
    for (const [stage, reach] of Object.entries(stages)) {
      reach(sealer)
      const text = encodeState(market.state)
      deepEqual(decodeState(text), market.state, stage)
      for (const envelope of market.journal.slice(applied)) {
        for (const one of restored) apply(one, envelope, fastEngine)
      }
      applied = market.journal.length
      for (const one of restored) equal(encodeState(one), text, stage)
      restored.push(decodeState(text))
    }
  })
}

test('a market with contracts reads back at every stage of a trade', () => {
  const market = openTradeMarket()
  const restored = [decodeState(encodeState(market.state))]
  let applied = market.journal.length
  const steps: readonly (() => unknown)[] = [
    () => inForce(market, { intervals: 2 }),
    () => limiting(market, { energyWh: 300 }),
    () => changing(market, market.state.trading.trades.get(1)?.versions[0]?.contract ?? ''),
    () => invited(market, { id: hex(7, 32) }),
    () => placing({})(market),
    () => void toGateOf(market, 2),
    () => deliver(market, 2, { alice: 200, bob: -400 }),
    () => void settleTradesOf(market, 2),
  ]
  for (const step of steps) {
    const command = step()
    if (typeof command === 'object' && command !== null && 'kind' in command) {
      market.must(command as Command)
    }
    const text = encodeState(market.state)
    deepEqual(decodeState(text), market.state)
    for (const envelope of market.journal.slice(applied)) {
      for (const one of restored) apply(one, envelope, fastEngine)
    }
    applied = market.journal.length
    for (const one of restored) equal(encodeState(one), text)
    restored.push(decodeState(text))
  }
})

test('what is not the text of a state is refused', () => {
  const text = encodeState(busyMarket().state)
  const broken = [
    '', '{', 'null', '1', '[]', '{}', text.slice(1), text.replace('"taken"', '"token"'),
    text.replace('{', '{"extra":1,'), text.replace(/"#\d+"/, '"#1.5"'),
    // Of a version that knew less of trades, or of what is netted.
    text.replace('"carried"', '"cents"'), text.replace('"between"', '"pairs"'),
  ]
  for (const one of broken) throws(() => decodeState(one), { code: 'STATE_MALFORMED' })
})

test('what breaks the order of the journal stops the lane', () => {
  const market = busyMarket()
  const next = market.state.sequence + 1
  const command = market.deposit('alice', 1)
  const text = encodeState(market.state)
  const wrong = [
    { sequence: next + 1, at: market.at, command },
    { sequence: next - 1, at: market.at, command },
    { sequence: next, at: market.at - 1, command },
  ]
  for (const envelope of wrong) {
    throws(() => apply(market.state, envelope, fastEngine), /invariant broken/)
  }
  equal(encodeState(market.state), text)
})
