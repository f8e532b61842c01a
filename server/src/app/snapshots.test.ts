/**
 * Goal: the hash that is shown is that of a state which stands in the store, and writing states
 * down keeps nobody waiting: where it takes long it is done by the length of the journal alone.
 * Method: the journal of a small market, with a stopwatch that the test moves; what recovery says
 * of the snapshot that it began with.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { encodeState, type State } from '@busbar/core/exchange'
import { MemoryStore } from '../testing/memory-store.ts'
import { SmallMarket } from '../testing/small-market.ts'
import { fastEngine } from './engines.ts'
import { recover, stateHashOf } from './recover.ts'
import { lockedVault } from './sealing.ts'
import { Snapshots } from './snapshots.ts'

let market: SmallMarket
before(async () => {
  market = await SmallMarket.traded()
})

/** Over a copy of the market's journal; `elapse` moves the stopwatch by itself at each look. */
async function setUp() {
  const store = new MemoryStore()
  store.entries.push(...market.store.entries)
  const { state, snapshot } = await recover(store, fastEngine)
  const watch = { ms: 0, elapse: 0 }
  const nowMs = (): number => (watch.ms += watch.elapse)
  const parts = { journal: store, state, vault: lockedVault, newest: snapshot, nowMs }
  return { store, state, watch, snapshots: new Snapshots(parts) }
}

/** As if so many entries had been taken since. */
const grow = (state: State, entries: number): void => {
  state.sequence += entries
}

test('there is no hash before the first, and then that of the state as written', async () => {
  const { store, state, snapshots } = await setUp()
  equal(snapshots.newest, null)
  const stateHash = await snapshots.take()
  equal(stateHash, stateHashOf(encodeState(state)))
  deepEqual(snapshots.newest, { sequence: state.sequence, stateHash })
  deepEqual((await store.latestSnapshot())?.stateHash, stateHash)
})

test('a restart knows the hash of the snapshot that it began with', async () => {
  const { store, snapshots } = await setUp()
  await snapshots.take()
  const { snapshot } = await recover(store, fastEngine)
  deepEqual(snapshot, snapshots.newest)
})

test('what was not written, because the journal lacks an entry, is not shown', async () => {
  const { store, snapshots } = await setUp()
  store.entries.pop()
  await snapshots.take()
  equal(snapshots.newest, null)
})

describe('one is due', () => {
  test('soon after the start of a small market, and then every ten minutes', async () => {
    const { store, state, watch, snapshots } = await setUp()
    equal(snapshots.isDue(), false)
    watch.ms += 30_000
    equal(snapshots.isDue(), true)
    await snapshots.take()
    watch.ms += 600_000
    equal(snapshots.isDue(), false, 'nothing has happened since')
    grow(state, 1)
    equal(snapshots.isDue(), true)
    equal(store.snapshot?.sequence, state.sequence - 1)
  })

  test('by time only where writing one down is quick', async () => {
    const { state, watch, snapshots } = await setUp()
    watch.elapse = 21
    await snapshots.take()
    watch.elapse = 0
    watch.ms += 6_000_000
    grow(state, 1)
    equal(snapshots.isDue(), false)
    grow(state, 250_000)
    equal(snapshots.isDue(), true)
  })

  test('by time only of a market that is known to be small, before any was written', async () => {
    const { state, watch, snapshots } = await setUp()
    grow(state, 20_000)
    watch.ms += 600_000
    equal(snapshots.isDue(), false)
  })
})
