/**
 * Goal: faults are on while they are switched on and off before and after, and what is slow is
 * slow and nothing else.
 * Method: switches by hand over an outbox in memory, looked at with a clock.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryStore } from '../../testing/memory-store.ts'
import { FaultSwitches, slowedOutbox } from './fault-switches.ts'

test('are those that were set last, each once', () => {
  const faults = new FaultSwitches()
  deepEqual(faults.on, [])
  for (const one of ['prover_off', 'chain_slow', 'prover_off'] as const) faults.turn(one, true)
  deepEqual(faults.on, ['chain_slow', 'prover_off'])
  equal(faults.has('chain_slow'), true)
  faults.turn('chain_slow', false)
  equal(faults.has('chain_slow'), false)
  deepEqual(faults.on, ['prover_off'])
})

test('are offered as far as the market has what they break', () => {
  const open = new FaultSwitches(() => false)
  deepEqual(open.offered, ['gateway_silent', 'readings_late', 'chain_slow'])
  deepEqual(new FaultSwitches().offered, [...open.offered, 'prover_off'])
})

test('a slow chain is asked later, and as before once it is off', async () => {
  const faults = new FaultSwitches()
  const outbox = slowedOutbox(new MemoryStore(), faults)
  const took = async (): Promise<number> => {
    const begun = performance.now()
    deepEqual(await outbox.unfinished(1), [])
    return performance.now() - begun
  }
  ok((await took()) < 1_000)
  faults.turn('chain_slow', true)
  ok((await took()) > 4_900)
  deepEqual(await outbox.failed(1), [])
  faults.turn('chain_slow', false)
  ok((await took()) < 1_000)
})
