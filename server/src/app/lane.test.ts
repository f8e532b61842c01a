/**
 * Goal: nothing is answered before what it rests on is durable, and what could not be written
 * breaks the lane for good instead of being built upon.
 * Method: a store in memory whose commit the test holds back or lets fail; what has been answered
 * is looked at while it is held.
 */
import { deepEqual, equal, ok, rejects, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { keysOf, SmallMarket } from '../testing/small-market.ts'
import { verifyChain } from './journal-chain.ts'

/** Holds the next commits back until `open`, or lets them fail. */
function held(market: SmallMarket) {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  market.store.gate = promise
  promise.catch(() => undefined)
  return { open: resolve, fail: () => reject(new Error('the disk is gone')) }
}

/** Whether a promise is settled once everything that can run now has run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  const note = (): void => {
    settled = true
  }
  promise.then(note, note)
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  return settled
}

const newcomer = (name: string) => ({
  ...{ name, roles: ['prosumer' as const], retailer: null },
  ...keysOf(name),
})

describe('an answer waits for the disk', () => {
  test('an accepted command, its repetition, and a rejection that rests on it', async () => {
    const market = await SmallMarket.open()
    const gate = held(market)
    const order = market.order('alice', { energyWh: 900 })
    const accepted = market.intake.orders([order])
    const repeated = market.intake.orders([order])
    // There is no room for it beside the first: a rejection by what is not on disk yet.
    const rejected = market.intake.orders([market.order('alice', { energyWh: 200 })])
    for (const answer of [accepted, repeated, rejected]) ok(!(await isSettled(answer)))
    gate.open()
    const [[one], [two], [three]] = await Promise.all([accepted, repeated, rejected])
    equal(one?.kind === 'accepted' && one.repeated, false)
    equal(two?.kind === 'accepted' && two.repeated, true)
    equal(three?.kind === 'rejected' && three.reason, 'capacity_exceeded')
  })

  test('a rejection with nothing before it is answered at once', async () => {
    const market = await SmallMarket.open()
    held(market)
    const answer = market.intake.orders([market.order('alice', { energyWh: 5_000 })])
    ok(await isSettled(answer))
  })

  test('the end of the journal is the end of what is written', async () => {
    const market = await SmallMarket.open()
    const { end } = market.lane
    const gate = held(market)
    const answer = market.intake.orders([market.order('alice')])
    await isSettled(answer)
    equal(market.state.sequence, end.sequence + 1)
    deepEqual(market.lane.end, end)
    gate.open()
    await answer
    equal(market.lane.end.sequence, end.sequence + 1)
    deepEqual(verifyChain(market.store.entries), { kind: 'intact', last: market.lane.end })
  })
})

describe('commands that come together are written together', () => {
  test('what collects while one batch is written is the next batch', async () => {
    const market = await SmallMarket.open()
    const before = market.store.batches.length
    const gate = held(market)
    const first = market.intake.orders([market.order('alice')])
    await isSettled(first)
    const others = [1, 2, 3].map(() => market.intake.orders([market.order('bob')]))
    await isSettled(others[2] ?? first)
    gate.open()
    await Promise.all([first, ...others])
    const written = market.store.batches.slice(before).map(({ entries }) => entries.length)
    deepEqual(written, [1, 3])
  })

  test('admissions in a row share a transaction, others keep their place', async () => {
    const market = await SmallMarket.open()
    const before = market.chain.effects.length
    const admit = (name: string) =>
      market.instruction('operator', 'admit_participant', newcomer(name)) as never
    const suspend = market.instruction('operator', 'suspend_participant', { participant: 8 })
    await market.intake.instructions([admit('c'), admit('d'), suspend as never, admit('e')])
    deepEqual(
      market.chain.effects.slice(before).map((effect) =>
        effect.kind === 'admit' ? effect.participants.map(({ account }) => account) : effect.kind,
      ),
      [[9, 10], 'suspend', [11]],
    )
  })

  test('a command and its transactions are in one commit', async () => {
    const market = await SmallMarket.open()
    await market.intake.withdrawals([market.withdrawal('alice', 1_000_000)])
    const batch = market.store.batches.find(({ entries }) =>
      entries.some(({ kind }) => kind === 'withdraw'),
    )
    const sequence = batch?.entries.find(({ kind }) => kind === 'withdraw')?.sequence
    deepEqual(batch?.outbox.map(({ journalSequence }) => journalSequence), [sequence])
  })

  test('what may be done to an account again is another transaction each time', async () => {
    const market = await SmallMarket.open()
    const [off, on] = ['suspend_participant', 'reinstate_participant'] as const
    for (const kind of [off, on, off]) {
      await market.instruct('operator', kind, { participant: 8 })
    }
    const ids = market.queued.flat().filter((id) => id.startsWith('suspend/8/'))
    equal(new Set(ids).size, 2)
  })
})

describe('effects', () => {
  test('are told after the commit, in the order of the journal, with what was queued', async () => {
    const market = await SmallMarket.open()
    const before = market.told.length
    const gate = held(market)
    const orders = market.intake.orders([market.order('alice'), market.order('bob')])
    const money = market.intake.withdrawals([market.withdrawal('bob', 1)])
    await isSettled(money)
    equal(market.told.length, before)
    gate.open()
    await Promise.all([orders, money])
    const told = market.told.slice(before)
    const sequences = told.map(({ sequence }) => sequence)
    deepEqual(sequences, sequences.toSorted((a, b) => a - b))
    equal(told.filter(({ effect }) => effect.kind === 'order_placed').length, 2)
    equal(market.store.items.length, market.queued.flat().length)
  })
})

describe('a lane that cannot write', () => {
  test('breaks, tells why, and leaves nobody waiting', async () => {
    const market = await SmallMarket.open()
    const told = market.told.length
    const gate = held(market)
    const first = market.intake.orders([market.order('alice')])
    await isSettled(first)
    const second = market.intake.orders([market.order('bob')])
    gate.fail()
    await rejects(first, /the disk is gone/)
    await rejects(second, /the disk is gone/)
    equal(market.told.length, told)
    equal(market.broken.length, 1)
    equal(market.lane.broken?.message, 'the disk is gone')
  })

  test('takes nothing more, and lets nobody wait for what it still holds', async () => {
    const market = await SmallMarket.open()
    const gate = held(market)
    const first = market.intake.orders([market.order('alice')])
    await isSettled(first)
    // Applied behind the batch that fails, and waited for by nobody yet.
    market.lane.applyNow({ kind: 'record_deposit', reference: 'r', account: 7, amountMicros: 1 })
    gate.fail()
    await rejects(first)
    const waiting = market.lane.durable()
    ok(await isSettled(waiting))
    await rejects(waiting, /the disk is gone/)
    throws(() => market.lane.applyNow({ kind: 'close_gate', interval: 1 }), /the disk is gone/)
    await rejects(market.lane.submit({ kind: 'close_gate', interval: 1 }), /the disk is gone/)
  })

  test('an invariant that broke in memory is not written', async () => {
    const market = await SmallMarket.open()
    const { length } = market.store.entries
    // An account whose balance is not a bigint any more: what no command can bring about.
    market.state.ledger.balances.set(7, Number.NaN as never)
    const answer = market.intake.orders([market.order('alice', { side: 'buy' })])
    await rejects(answer)
    ok(market.lane.broken !== undefined)
    await rejects(market.lane.durable())
    equal(market.store.entries.length, length)
  })
})
