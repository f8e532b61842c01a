/**
 * Goal: an agent trades for its account within its mandate, to the watt-hour of a day, in an open
 * book and in a sealed one, and does nothing else; what ends it ends it at once.
 * Method: the small markets; and histories by chance beside a second judge that adds up, for each
 * order anew, all that the agent ordered before and what came of it. `SEED=…` replays one.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  decodeState,
  deliveryDay,
  encodeState,
  leftOf,
  mandatesOf,
  type Outcome,
  recordOf,
} from './index.ts'
import { agentKey, byAgent, granting, mandateOf, type NewMandate } from './testing/mandate-case.ts'
import { accountOf, firstInterval, type Market, newcomer, openMarket } from './testing/market.ts'
import { bySigned, passkeyOf, registering } from './testing/passkey-case.ts'
import { openSealedMarket, type SealedMarket } from './testing/sealed-market.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const alice = accountOf('alice')

const answer = (outcome: Outcome): string =>
  outcome.kind === 'accepted' ? 'ok' : outcome.reason

/** A market in which alice has an agent. */
function opened(change: Partial<NewMandate> = {}): Market {
  const market = openMarket()
  market.must(granting(market, mandateOf(market, 1, change)))
  return market
}

const left = (market: Market, interval = 0): bigint => {
  const mandate = market.state.mandates.get(agentKey(1))
  if (mandate === undefined) throw new Error('it is gone')
  return leftOf(mandate, deliveryDay(market.state, firstInterval + interval))
}

describe('an agent', () => {
  test('orders, takes back, and has that energy again', () => {
    const market = opened({ dayEnergyMaxWh: 1_000 })
    const order = market.orderOf('alice', 'sell', 600, 60_000, 1)
    market.must(byAgent(order, 1))
    equal(left(market), 400n)
    const refused = market.submit(byAgent(market.orderOf('alice', 'buy', 500, 60_000, 2), 1))
    equal(answer(refused), 'mandate_used_up')
    market.must(byAgent(market.cancellation('alice', order.id), 1))
    equal(left(market), 1_000n)
    market.must(byAgent(market.orderOf('alice', 'buy', 500, 60_000, 2), 1))
    equal(left(market), 500n)
  })

  test('counts what it got, and has the rest again', () => {
    const market = opened()
    market.must(byAgent(market.orderOf('alice', 'sell', 600, 60_000, 0), 1))
    market.order('bob', 'buy', 250, 200_000, 0)
    market.toGate(0).closeGate(0)
    equal(left(market), 100_000n - 250n)
  })

  test('leaves what its owner orders uncounted, and its owner takes back what it ordered', () => {
    const market = opened()
    market.order('alice', 'sell', 700, 60_000, 1)
    equal(left(market), 100_000n)
    const order = market.orderOf('alice', 'sell', 200, 60_000, 1)
    market.must(byAgent(order, 1))
    market.must(market.cancellation('alice', order.id))
    equal(left(market), 100_000n)
  })

  test('has each day of delivery for itself, by UTC', () => {
    const market = opened({ dayEnergyMaxWh: 800, untilMs: Date.UTC(2026, 5, 3) })
    const midnight = Date.UTC(2026, 5, 2) / 300_000 - firstInterval
    for (let i = 0; i < midnight - 3; i += 1) market.toGate(i).closeGate(i)
    for (const interval of [midnight - 1, midnight]) {
      market.must(byAgent(market.orderOf('alice', 'sell', 800, 60_000, interval), 1))
      const more = byAgent(market.orderOf('alice', 'sell', 1, 60_000, interval), 1)
      equal(answer(market.submit(more)), 'mandate_used_up')
    }
    deepEqual([left(market, midnight - 1), left(market, midnight)], [0n, 0n])
    for (let i = midnight - 3; i < midnight + 800; i += 1) market.toGate(i).closeGate(i)
    equal(market.state.mandates.get(agentKey(1))?.used.size, 0)
  })

  test('that a phone granted goes with the phone, and every one with the registered key', () => {
    const market = openMarket()
    const phone = passkeyOf('alice', 3)
    market.must(registering(market, 'alice', phone))
    market.must(bySigned(granting(market, mandateOf(market, 1)), phone))
    market.must(granting(market, mandateOf(market, 2)))
    const { publicKey } = phone
    market.must(market.instruction('revoke_passkey', 'alice', { publicKey }))
    const names = () => mandatesOf(market.state, alice).map((one) => one.publicKey)
    deepEqual(names(), [agentKey(2)])
    const content = { participant: alice, ...newcomer(99) }
    market.must(market.instruction('replace_key', 'alice', {
      participant: alice, address: content.address, publicKey: content.publicKey,
    }))
    deepEqual(names(), [])
    const ended = market.effects.filter(({ kind }) => kind === 'mandate_revoked')
    deepEqual(ended.map((effect) => 'publicKey' in effect && effect.publicKey), [
      agentKey(1), agentKey(2),
    ])
  })

  test('is revoked at once; what it ordered stands', () => {
    const market = opened()
    market.must(byAgent(market.orderOf('alice', 'sell', 300, 60_000, 1), 1))
    market.must(market.instruction('revoke_mandate', 'alice', { publicKey: agentKey(1) }))
    const more = byAgent(market.orderOf('alice', 'sell', 1, 60_000, 1), 1)
    equal(answer(market.submit(more)), 'mandate_unknown')
    equal(market.record(1).orders.get(alice)?.length, 1)
    market.order('bob', 'buy', 300, 200_000, 1)
    market.toGate(0).closeGate(0)
    market.toGate(1).closeGate(1)
    equal(market.record(1).energy, 300n)
  })

  test('makes room for another when its mandate has ended', () => {
    const market = opened({ untilMs: openMarket().at + 1_000 })
    market.at += 1_000
    market.must(granting(market, mandateOf(market, 2)))
    deepEqual([...market.state.mandates.keys()], [agentKey(2)])
  })

  test('and its orders are in a snapshot', () => {
    const market = opened()
    market.must(byAgent(market.orderOf('alice', 'sell', 300, 60_000, 1), 1))
    const { mandates, intervals } = decodeState(encodeState(market.state))
    deepEqual(mandates, market.state.mandates)
    deepEqual(intervals, market.state.intervals)
  })
})

describe('an agent’s sealed order', () => {
  const sealing = (sealer: SealedMarket, energyWh: number, price: number, interval = 0) =>
    byAgent(sealer.sealed('alice', 'sell', energyWh, price, interval), 1)

  test('is void where its mandate does not cover it, and not otherwise', () => {
    const sealer = openSealedMarket()
    const { market } = sealer
    market.must(granting(market, mandateOf(market, 1)))
    market.must(sealing(sealer, 100, 60_000))
    market.must(sealing(sealer, 100, 49_990))
    market.must(sealing(sealer, 801, 60_000))
    sealer.seal('alice', 'sell', 10, 49_990, 0)
    market.toGate(0).closeGate(0)
    sealer.open(0)
    deepEqual(sealer.voids(0), [null, 'mandate_exceeded', 'mandate_exceeded', null])
  })

  test('is judged by the mandate that it was placed under, though that was revoked since', () => {
    const sealer = openSealedMarket()
    const { market } = sealer
    market.must(granting(market, mandateOf(market, 1)))
    market.must(sealing(sealer, 100, 60_000))
    market.must(sealing(sealer, 100, 49_990))
    market.must(market.instruction('revoke_mandate', 'alice', { publicKey: agentKey(1) }))
    market.toGate(0).closeGate(0)
    sealer.open(0)
    deepEqual(sealer.voids(0), [null, 'mandate_exceeded'])
  })

  test('counts as the most that it may hold until it is opened', () => {
    const sealer = openSealedMarket()
    const { market } = sealer
    market.must(granting(market, mandateOf(market, 1, { dayEnergyMaxWh: 1_600 })))
    market.must(sealing(sealer, 100, 60_000))
    const second = sealing(sealer, 100, 60_000)
    market.must(second)
    equal(answer(market.submit(sealing(sealer, 1, 60_000))), 'mandate_used_up')
    market.must(byAgent(market.cancellation('alice', second.id), 1))
    equal(left(market), 800n)
    sealer.seal('bob', 'buy', 70, 200_000, 0)
    market.toGate(0).closeGate(0)
    sealer.open(0)
    equal(left(market), 1_530n)
  })
})

type Step =
  | { readonly do: 'order'; readonly side: 'buy' | 'sell'; readonly energyWh: number
      readonly price: number; readonly ahead: number }
  | { readonly do: 'cancel'; readonly which: number }
  | { readonly do: 'gate' }

const limits = { orderEnergyMaxWh: 400, dayEnergyMaxWh: 1_000 }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('order' as const),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      energyWh: fc.constantFrom(1, 150, 399, 400, 401),
      price: fc.constantFrom(49_990, 50_000, 120_000, 250_000, 250_010),
      ahead: fc.integer({ min: 0, max: 3 }),
    }),
  },
  fc.record({ do: fc.constant('cancel' as const), which: fc.integer({ min: 0, max: 5 }) }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('gate' as const) }) },
)

type Placed = {
  readonly id: string
  readonly name: string
  readonly interval: number
  readonly energyWh: number
}

/** All that the agent has ordered and what came of it, added up from the records. */
function naiveUsed(market: Market, placed: readonly Placed[], gone: ReadonlySet<string>): number {
  let sum = 0
  for (const { id, name, interval, energyWh } of placed) {
    if (gone.has(id)) continue
    const record = recordOf(market.state, 0, firstInterval + interval)
    const isCleared = record !== undefined && record.openedSequence >= 0
    sum += isCleared ? Number(record.fills.get(name) ?? 0n) : energyWh
  }
  return sum
}

const isCovered = ({ side, energyWh, price }: Extract<Step, { do: 'order' }>): boolean =>
  energyWh <= limits.orderEnergyMaxWh && (side === 'buy' ? price <= 250_000 : price >= 50_000)

/** Plays a history in either kind of book; the words of the mandate are as the judge says. */
function play(steps: readonly Step[], sealer: SealedMarket | undefined): void {
  const market = sealer?.market ?? openMarket()
  market.must(granting(market, mandateOf(market, 1, limits)))
  const placed: Placed[] = []
  const gone = new Set<string>()
  const uncovered = new Set<string>()
  let gate = 0
  for (const one of steps) {
    if (one.do === 'gate') {
      for (const [side, price] of [['buy', 250_000], ['sell', 50_000]] as const) {
        if (sealer === undefined) market.order('bob', side, 170, price, gate)
        else sealer.seal('bob', side, 170, price, gate)
      }
      market.toGate(gate).closeGate(gate)
      sealer?.open(gate)
      if (sealer !== undefined) {
        const { sealed, voids } = market.record(gate)
        for (const name of sealed.keys()) {
          const reason = voids.get(name)
          if (reason === 'cancelled') continue
          equal(reason, uncovered.has(name) ? 'mandate_exceeded' : undefined)
        }
      }
      gate += 1
    } else if (one.do === 'cancel') {
      const order = placed[one.which]
      if (order === undefined) continue
      const outcome = market.submit(byAgent(market.cancellation('alice', order.id), 1))
      if (outcome.kind === 'accepted') gone.add(order.id)
    } else {
      const interval = gate + one.ahead
      const of = ['alice', one.side, one.energyWh, one.price, interval] as const
      const open = byAgent(market.orderOf(...of), 1)
      const command = sealer === undefined ? open : byAgent(sealer.sealed(...of), 1)
      const name = command.kind === 'place_order' ? command.digest : command.commitment
      const counts = sealer === undefined ? one.energyWh : limits.orderEnergyMaxWh
      const fits = naiveUsed(market, placed, gone) + counts <= limits.dayEnergyMaxWh
      const said = answer(market.submit(command))
      const expected = sealer === undefined && !isCovered(one)
        ? 'mandate_exceeded'
        : fits ? 'ok' : 'mandate_used_up'
      // What an open book says before it looks at the mandate, and what either says after.
      if (said !== 'capacity_exceeded' && said !== 'orders_exceeded') equal(said, expected)
      if (said !== 'ok') continue
      placed.push({ id: command.id, name, interval, energyWh: counts })
      if (!isCovered(one)) uncovered.add(name)
    }
    equal(left(market), BigInt(limits.dayEnergyMaxWh - naiveUsed(market, placed, gone)))
  }
}

describe('whatever the history, a mandate leaves what a judge adds up', () => {
  const steps = fc.array(step, { maxLength: 14 })

  test('in an open book', () => {
    fc.assert(fc.property(steps, (each) => play(each, undefined)), { ...replay, numRuns: 200 })
  })

  test('in a sealed book', () => {
    fc.assert(fc.property(steps, (each) => play(each, openSealedMarket())), {
      ...{ ...replay, numRuns: 200 },
    })
  })
})
