/**
 * Goal: the state is the journal's: with a snapshot, without one, and with one that is damaged; and
 * a journal that was changed is told instead of being followed.
 * Method: the journal of a small market with trades, runs and money; it is recovered as it is and
 * after each kind of damage.
 */
import { deepEqual, equal, rejects } from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { Fault } from '@busbar/core/errors'
import { encodeState } from '@busbar/core/exchange'
import { MemoryStore } from '../testing/memory-store.ts'
import { first, SmallMarket } from '../testing/small-market.ts'
import { fastEngine, naiveEngine } from './engines.ts'
import { recover, stateHashOf, takeSnapshot } from './recover.ts'

let market: SmallMarket
let text = ''

before(async () => {
  market = await SmallMarket.traded()
  text = encodeState(market.state)
})

/** The same journal with a snapshot that was taken in its middle. */
async function withSnapshot(): Promise<MemoryStore> {
  const store = new MemoryStore()
  store.entries.push(...market.store.entries.slice(0, 12))
  await takeSnapshot(store, (await recover(store, fastEngine)).state)
  store.entries.push(...market.store.entries.slice(12))
  return store
}

test('the journal alone gives the state byte for byte, by both engines', async () => {
  for (const engine of [fastEngine, naiveEngine]) {
    const { state, end, replayed } = await recover(market.store, engine)
    equal(encodeState(state), text)
    deepEqual(end, market.lane.end)
    equal(replayed, market.store.entries.length)
  }
})

test('snapshot and journal give what the journal alone gives', async () => {
  const { state, end, replayed } = await recover(await withSnapshot(), fastEngine)
  equal(encodeState(state), text)
  deepEqual(end, market.lane.end)
  equal(replayed, market.store.entries.length - 12)
})

test('a recovered market goes on as if it had not stopped', async () => {
  const { state, end } = await recover(market.store, fastEngine)
  const store = new MemoryStore()
  store.entries.push(...market.store.entries)
  const again = new SmallMarket({ store, state, end, now: market.now })
  const [answer] = await again.intake.orders([again.order('bob', { interval: first + 3 })])
  equal(answer?.kind === 'accepted' && answer.sequence, end.sequence + 1)
  equal(store.entries.at(-1)?.previousHash, end.hash)
})

test('a snapshot waits until the journal has all that the state follows from', async () => {
  const { state } = await recover(market.store, fastEngine)
  const store = new MemoryStore()
  store.entries.push(...market.store.entries.slice(0, -3))
  const taken = takeSnapshot(store, state)
  await wait(30)
  equal(store.snapshot, undefined)
  store.entries.push(...market.store.entries.slice(-3))
  equal(await taken, stateHashOf(text))
  equal((await store.latestSnapshot())?.sequence, market.store.entries.length)
})

test('no snapshot is written of what the journal never gets', async () => {
  const { state } = await recover(market.store, fastEngine)
  const store = new MemoryStore()
  store.entries.push(...market.store.entries.slice(0, -1))
  equal(await takeSnapshot(store, state), stateHashOf(text))
  equal(store.snapshot, undefined)
})

describe('a damaged snapshot is passed over', () => {
  const damages: readonly (readonly [string, (store: MemoryStore) => void])[] = [
    ['text and hash differ', (store) => change(store, { body: `${store.snapshot?.body} ` })],
    ['another version of the state', (store) => change(store, hashed('{"version":0}'))],
    ['not JSON', (store) => change(store, hashed('{'))],
    ['of an entry that is not there', (store) => change(store, { sequence: 9_999 })],
    ['of another entry than it says', (store) => change(store, { sequence: 11 })],
  ]
  for (const [title, damage] of damages) {
    test(title, async () => {
      const store = await withSnapshot()
      damage(store)
      const { state, replayed } = await recover(store, fastEngine)
      equal(encodeState(state), text)
      equal(replayed, store.entries.length)
    })
  }

  function change(store: MemoryStore, with_: Partial<NonNullable<MemoryStore['snapshot']>>): void {
    if (store.snapshot !== undefined) store.snapshot = { ...store.snapshot, ...with_ }
  }
  const hashed = (body: string) => ({ body, stateHash: stateHashOf(body) })
})

describe('a journal that was changed', () => {
  const refused = (store: MemoryStore, code: string, sequence: number) =>
    rejects(
      recover(store, fastEngine),
      (error) =>
        error instanceof Fault && error.code === code && error.details.sequence === sequence,
    )

  test('is broken where a body no longer fits its hash', async () => {
    const store = new MemoryStore()
    const { entries } = market.store
    const changed = entries[14]
    if (changed === undefined) throw new Error('the journal is longer')
    const body = changed.body.replace(/\d/, '7')
    store.entries.push(...entries.with(14, { ...changed, body: `${body} ` }))
    await refused(store, 'JOURNAL_BROKEN', 15)
  })

  test('is broken where an entry is missing', async () => {
    const store = new MemoryStore()
    store.entries.push(...market.store.entries.toSpliced(5, 1))
    await refused(store, 'JOURNAL_BROKEN', 6)
  })

  const sequenceOf = (kind: string): number =>
    market.store.entries.find((entry) => entry.kind === kind)?.sequence ?? 0

  test('is refused where hashes fit but the market would not have taken an entry', async () => {
    const sequence = sequenceOf('place_order')
    const store = market.store.rewritten(sequence, ({ body }) => ({
      body: body.replace('"energyWh":800', '"energyWh":8000'),
    }))
    await refused(store, 'JOURNAL_REPLAY_FAILED', sequence)
  })

  test('is refused where an entry says another kind than its command', async () => {
    const sequence = sequenceOf('close_gate')
    const store = market.store.rewritten(sequence, () => ({ kind: 'settle_interval' }))
    await refused(store, 'JOURNAL_REPLAY_FAILED', sequence)
  })

  test('is refused where a command stands in it twice', async () => {
    const sequence = sequenceOf('place_order') + 1
    const twice = market.store.entries[sequence - 2]
    const store = market.store.rewritten(sequence, () => ({ ...twice }))
    await refused(store, 'JOURNAL_REPLAY_FAILED', sequence)
  })
})
