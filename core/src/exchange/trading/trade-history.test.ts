/**
 * Goal: whatever parties, boards, utilities and meters do, in whichever order, no contract is in
 * force without both signatures, nobody has more set aside than it owns, every watt-hour and micro
 * is explained, the chain holds what trades need, and in the end nothing is left of trades that are
 * over.
 * Method: random histories of negotiations beside the auction, checked after each step against
 * what is worked out anew from the trades; the journal gives the same state by either engine and
 * from any cut. `RUNS` sets how many, `SEED` replays one.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { clearNaive } from '../../clearing/index.ts'
import { heldOf } from '../../ledger/index.ts'
import { allocateNaive, shortagesNaive } from '../../metering/index.ts'
import { reconcileNaive, settleActualsNaive } from '../../settlement/index.ts'
import type { LadderStep } from '../../trades/index.ts'
import {
  apply,
  bilateralZone,
  type Command,
  conservation,
  decodeState,
  encodeState,
  type Engine,
  type State,
  tradesDue,
} from '../index.ts'
import {
  accountOf,
  fastEngine,
  firstInterval,
  hex,
  type Market,
  meters,
  testCommitment,
  testContract,
} from '../testing/market.ts'
import { HoldsOnChain } from '../testing/holds-on-chain.ts'
import { acceptance, openTradeMarket, proposal, termsOf } from '../testing/trade-market.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const numRuns = Number(process.env.RUNS ?? 60)

const naive: Engine = {
  ...{ clear: clearNaive, reconcile: reconcileNaive, allocate: allocateNaive },
  ...{ shortages: shortagesNaive, settleActuals: settleActualsNaive },
  ...{ contract: testContract, commitment: testCommitment },
}

const names = ['alice', 'bob', 'carol'] as const
type Name = (typeof names)[number]
const nameAt = (index: number): Name => names[index % names.length] ?? 'alice'

const small = fc.nat(30)
/** Numbers are taken modulo what there is to choose from. */
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({
    do: fc.constant('propose' as const), who: small, other: small, ahead: fc.nat(4),
    intervals: fc.integer({ min: 1, max: 4 }), energyWh: fc.nat(1_100), price: fc.nat(60),
    rule: fc.nat(5), until: fc.integer({ min: 1, max: 900 }), sells: fc.boolean(),
  }) },
  { weight: 6, arbitrary: fc.record({
    do: fc.constant('accept' as const), who: small, which: small,
  }) },
  { weight: 3, arbitrary: fc.record({
    do: fc.constant('change' as const), who: small, which: small, energyWh: fc.nat(900),
    intervals: fc.integer({ min: 1, max: 4 }), price: fc.nat(60),
  }) },
  { weight: 3, arbitrary: fc.record({
    do: fc.constantFrom('decline' as const, 'withdraw' as const, 'exit' as const),
    who: small, which: small,
  }) },
  { weight: 3, arbitrary: fc.record({
    do: fc.constant('offer' as const), who: small, sells: fc.boolean(), price: fc.nat(40),
    with: fc.constantFrom('participant' as const, 'zone' as const, 'anyone' as const),
  }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unoffer' as const), which: small }) },
  { weight: 2, arbitrary: fc.record({
    do: fc.constant('limit' as const), which: small, ahead: fc.nat(3), energyWh: fc.nat(600),
  }) },
  { weight: 2, arbitrary: fc.record({
    do: fc.constant('order' as const), who: small, sells: fc.boolean(), energyWh: fc.nat(400),
  }) },
  { weight: 6, arbitrary: fc.record({
    do: fc.constant('interval' as const), energies: fc.tuple(fc.nat(900), fc.nat(900), fc.nat(900)),
    lost: fc.constantFrom(0, 0, 0, 1, 2, 4),
  }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('tick' as const), seconds: fc.nat(200) }) },
  { weight: 1, arbitrary: fc.record({
    do: fc.constantFrom('suspend' as const, 'reinstate' as const), who: small,
  }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drain' as const), who: small }) },
)
type Step = (typeof step extends fc.Arbitrary<infer One> ? One : never)

class TradeHistory {
  readonly market: Market
  readonly #sums = new Map<Name, number>()
  readonly #known: string[] = []
  #ids = 0

  constructor(market: Market) {
    this.market = market
  }

  get #next(): number {
    return this.market.state.clearedThrough + 1 - firstInterval
  }

  play(one: Step): void {
    const { market } = this
    switch (one.do) {
      case 'propose':
        return this.#propose(one)
      case 'accept':
        return void market.submit(acceptance(market, nameAt(one.who), this.#contract(one.which)))
      case 'change':
        return this.#change(one)
      case 'decline':
      case 'withdraw':
      case 'exit': {
        const kind = `${one.do}_trade` as 'exit_trade'
        const content = { contract: this.#contract(one.which) }
        return void market.submit(market.instruction(kind, nameAt(one.who), content))
      }
      case 'offer':
        return this.#offer(one)
      case 'unoffer': {
        const [number = 1] = [...market.state.trading.offers.keys()].slice(one.which % 3)
        const owner = market.state.trading.offers.get(number)?.account ?? 0
        const command = market.instruction('withdraw_offer', 'alice', { offer: number })
        return void market.submit({ ...command, account: owner } as Command)
      }
      case 'limit': {
        const content = {
          trade: 1 + (one.which % Math.max(1, market.state.trading.lastTrade)),
          fromInterval: firstInterval + this.#next + one.ahead,
          ...{ intervals: 1, energyWh: one.energyWh, reason: 'fault' },
        }
        return void market.submit(market.instruction('limit_delivery', 'grid', content))
      }
      case 'order': {
        const side = one.sells ? 'sell' : 'buy'
        const energy = Math.max(1, one.energyWh)
        market.submit(market.orderOf(nameAt(one.who), side, energy, 200_000, this.#next))
        return
      }
      case 'interval':
        return this.interval(one.energies, one.lost)
      case 'tick':
        market.at += one.seconds * 1_000
        return this.#tend()
      case 'suspend':
      case 'reinstate': {
        const kind = `${one.do}_participant` as const
        const participant = accountOf(nameAt(one.who))
        return void market.submit(market.instruction(kind, 'operator', { participant }))
      }
      case 'drain': {
        const name = nameAt(one.who)
        const free = Number(market.available(name))
        if (free > 0) market.submit(market.withdrawal(name, Math.ceil(free * 0.9)))
      }
    }
  }

  #contract(which: number): string {
    const { trades } = this.market.state.trading
    const open = [...trades.values()].flatMap(({ proposal: one, versions }) =>
      [one?.contract, versions.at(-1)?.contract].filter((found) => found !== undefined))
    return [...open, ...this.#known.slice(-2)][which % (open.length + 2)] ?? hex(1, 64)
  }

  #propose(one: Extract<Step, { do: 'propose' }>): void {
    const { market } = this
    const seller = nameAt(one.who)
    const buyer = nameAt(one.who + 1 + (one.other % 2))
    this.#ids += 1
    const terms = termsOf(market, seller, buyer, {
      id: hex(this.#ids, 32),
      fromInterval: firstInterval + this.#next + one.ahead,
      intervals: one.intervals,
      profile: one.rule % 2 === 0
        ? { kind: 'per-interval', energyWh: one.energyWh }
        : { kind: 'total', energyWh: one.energyWh, weights: [] },
      priceMicrosPerKwh: one.price * 10_000 - 100_000,
      buyerShort: one.rule > 3 ? 'contracted' : 'actual',
      exitFeeMicros: one.rule % 3 === 0 ? 30_000 : null,
      expiresAt: market.at + one.until * 1_000,
    })
    const command = proposal(market, one.sells ? seller : buyer, terms)
    if (market.submit(command).kind === 'accepted') this.#known.push(testContract(terms))
  }

  #change(one: Extract<Step, { do: 'change' }>): void {
    const { market } = this
    const all = [...market.state.trading.trades.values()]
    const trade = all[one.which % Math.max(1, all.length)]
    const before = trade?.proposal?.terms ?? trade?.versions.at(-1)?.terms
    const replaces = trade?.proposal?.contract ?? trade?.versions.at(-1)?.contract
    if (before === undefined || replaces === undefined) return
    this.#ids += 1
    const terms = {
      ...before,
      ...{ id: hex(this.#ids, 32), replaces, intervals: one.intervals },
      profile: { kind: 'per-interval', energyWh: one.energyWh } as const,
      priceMicrosPerKwh: one.price * 10_000 - 100_000,
      expiresAt: market.at + 200_000,
    }
    const command = proposal(market, nameAt(one.who), terms)
    if (market.submit(command).kind === 'accepted') this.#known.push(testContract(terms))
  }

  #offer(one: Extract<Step, { do: 'offer' }>): void {
    const { market } = this
    const owner = nameAt(one.who)
    const number = { participant: accountOf(nameAt(one.who + 1)), zone: 0, anyone: null }[one.with]
    const step: LadderStep = {
      ...{ with: one.with, number, source: 'any' }, priceMicrosPerKwh: one.price * 10_000,
    }
    const fromInterval = firstInterval + this.#next + 2
    market.submit(market.instruction('place_offer', owner, {
      ...{ meter: meters[owner], side: one.sells ? 'sell' : 'buy', source: 'any' },
      ...{ fromInterval, intervals: 1, energyWhPerInterval: 300, ladder: [step] },
      rails: ['clearing-house'],
      ...{ toleranceBasisPoints: 500, penaltyBasisPoints: 500 },
      expiresAt: fromInterval * 300_000 - 60_000,
    }))
  }

  /** As the server does: what is due is done. */
  #tend(): void {
    const { market } = this
    if (tradesDue(market.state, market.at)) market.must({ kind: 'tend_trades' })
  }

  /** On to the next interval: the gate closes, meters are read but those lost, all is settled. */
  interval(energies: readonly number[], lost: number): void {
    const { market } = this
    const next = this.#next
    if (market.at < (firstInterval + next) * 300_000 - 60_000) market.toGate(next)
    this.#tend()
    market.must({ kind: 'close_gate', interval: firstInterval + next })
    market.to(Math.max(market.at, (firstInterval + next) * 300_000))
    const readings = names.flatMap((name, index) => {
      const sum = (this.#sums.get(name) ?? 0) + (energies[index] ?? 0)
      this.#sums.set(name, sum)
      if (((lost >> index) & 1) === 1) return []
      // Alice gives, bob takes, and carol does both.
      const [taken, given] = [index === 0 ? 0 : sum, index === 1 ? 0 : sum]
      return [[name, next, taken, given] as const]
    })
    if (readings.length > 0) market.submit(market.readings(readings))
    for (const zone of [bilateralZone, 0]) {
      for (const interval of [...(market.state.intervals.get(zone)?.keys() ?? [])]) {
        market.submit({ kind: 'settle_interval', zone, interval })
      }
    }
  }
}

/** What must hold of trades at every moment, worked out from the trades alone. */
function check(state: State, journal: Market['journal']): void {
  const { moneyMicros, energyWh, tokensMicros } = conservation(state)
  deepEqual([moneyMicros, energyWh, tokensMicros], [0n, 0n, 0n])
  for (const [account, balance] of state.ledger.balances) {
    if (account >= 0) ok(balance >= heldOf(state.ledger, account), `${account} owns what it holds`)
  }
  const { trading } = state
  const signed = new Set<string>()
  for (const { command } of journal) {
    if (command.kind === 'propose_trade' || command.kind === 'accept_trade') {
      signed.add(`${command.account} ${command.digest}`)
    }
  }
  const parts = new Map<number, number>()
  for (const { trade, versions, proposal: open, status } of trading.trades.values()) {
    for (const { contract, terms } of versions) {
      for (const party of [terms.seller, terms.buyer]) {
        ok(signed.has(`${party} ${contract}`), `${party} has signed ${contract}`)
      }
      equal(trading.contracts.get(contract), trade)
    }
    equal(trading.inForce.has(trade) || versions.length === 0 || status !== 'agreed', true)
    ok(open === null || trading.contracts.get(open.contract) === trade)
    ok(versions.length > 0 || open !== null, 'what is neither agreed nor proposed is not kept')
  }
  for (const own of trading.tradesOf.values()) {
    for (const trade of own) parts.set(trade, (parts.get(trade) ?? 0) + 1)
  }
  for (const trade of trading.inForce) equal(parts.get(trade), 2, `both have a part in ${trade}`)
  for (const trade of parts.keys()) ok(trading.trades.has(trade), `${trade} is known`)
  const boarded = [...trading.offersOf.values()].flatMap((own) => [...own]).sort((a, b) => a - b)
  deepEqual(boarded, [...trading.offers.keys()].sort((a, b) => a - b))
}

function replayed(opened: string, market: Market, engine: Engine, cut: number): string {
  let state = decodeState(opened)
  const rest = market.journal.filter(({ sequence }) => sequence > state.sequence)
  for (const [i, envelope] of rest.entries()) {
    if (i === cut) state = decodeState(encodeState(state))
    apply(state, envelope, engine)
  }
  return encodeState(state)
}

/** States are long: only where they part is shown. */
function sameText(actual: string, expected: string, what: string): void {
  if (actual === expected) return
  let at = 0
  while (actual[at] === expected[at]) at += 1
  const shown = (text: string): string => text.slice(Math.max(0, at - 200), at + 100)
  equal(shown(actual), shown(expected), what)
}

describe('whatever happens to trades', () => {
  test('what must hold holds, and the journal alone gives the state', () => {
    const purse = fc.oneof(fc.nat(500_000), fc.constant(10 ** 8))
    const deposits = fc.record({ alice: purse, bob: purse, carol: purse })
    const plan = fc.array(step, { maxLength: 70, size: 'max' })
    fc.assert(
      fc.property(deposits, plan, fc.nat(200), (purses, steps, cut) => {
        const history = new TradeHistory(openTradeMarket({ deposits: purses }))
        const { market } = history
        const opened = encodeState(market.state)
        const chain = new HoldsOnChain()
        for (const one of steps) {
          history.play(one)
          check(market.state, market.journal)
          chain.check(market)
        }
        const text = encodeState(market.state)
        sameText(replayed(opened, market, fastEngine, cut), text, 'replayed')
        sameText(replayed(opened, market, naive, -1), text, 'by the naive engine')
        endWell(history)
      }),
      { numRuns, ...replay },
    )
  })
})

/** With money and time, every trade comes to its end, and nothing of it is kept. */
function endWell(history: TradeHistory): void {
  const { market } = history
  for (const person of [...names, 'retailer', 'guarantee', 'balance'] as const) {
    market.must(market.deposit(person, 10 ** 10))
  }
  for (let i = 0; i < 30; i += 1) history.interval([0, 0, 0], 0)
  const { trading, ledger } = market.state
  for (const key of ledger.holds.keys()) ok(!/^(trade|charge):/.test(key), `${key} is held`)
  const left = [...trading.trades.values()].filter(({ trade }) =>
    ![...trading.defaults.values()].some((one) => one.trade === trade))
  deepEqual(left.map(({ trade, status }) => `${trade} ${status}`), [])
  deepEqual([trading.inForce.size, trading.offers.size, trading.spent.size], [0, 0, 0])
  deepEqual([trading.limits.size, trading.tradesOf.size, trading.charges.length], [0, 0, 0])
}
