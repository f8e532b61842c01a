/**
 * A market for measuring: the server's own lane, store and chain in this process, with as many
 * participants as wanted, and with a past where one is wanted.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Command, emptyState, gateOf, intervalEnd, type State } from '@busbar/core/exchange'
import { createOutboxSender, openChain } from '@busbar/server/adapters/chain/index'
import { manualClock } from '@busbar/server/adapters/clock/clocks'
import { openStore } from '@busbar/server/adapters/store/open-store'
import { fastEngine } from '@busbar/server/app/engines'
import { journalStart } from '@busbar/server/app/journal-chain'
import { Lane, type LaneChain } from '@busbar/server/app/lane'
import type { Store } from '@busbar/server/app/ports/store'
import { lockedVault } from '@busbar/server/app/sealing'
import { Snapshots } from '@busbar/server/app/snapshots'
import {
  deposits, firstInterval, market, orders, readings, registry, rulebook, startMs,
} from './bench-commands.ts'

/** Milliseconds from a command to where its effect is on disk, and on the chain. */
export type Took = { readonly durableMs: number; readonly receiptMs: number }

export type BenchMarket = {
  readonly participants: number
  readonly state: State
  readonly store: Store
  readonly chain: LaneChain
  readonly nowMs: () => number
  /** Resolves when all that was applied until now is on disk. */
  readonly durable: () => Promise<void>
  /** The first interval that has not begun. */
  readonly first: number
  /** Places one order for each participant and makes them durable: not measured. */
  readonly trade: (interval: number) => Promise<void>
  /** The measured part before delivery: the gate with its commitment. */
  readonly gate: (interval: number) => Promise<Took>
  /** Every meter's reading at the interval's end, durable: not measured. */
  readonly read: (boundary: number) => Promise<void>
  /** The measured part after delivery: the run with its money. */
  readonly settle: (interval: number) => Promise<Took>
  readonly close: () => Promise<void>
}

/** @param past intervals that the journal already has, of which the chain was told nothing */
export async function openBenchMarket(participants: number, past = 0): Promise<BenchMarket> {
  const directory = await mkdtemp(join(tmpdir(), 'busbar-bench-'))
  const store = await openStore(market, { dataDir: join(directory, 'store') })
  const { intervalSeconds } = rulebook
  const chain = await openChain({ dataDir: directory, market, intervalSeconds })
  const sender = createOutboxSender({ chain, outbox: store })
  const intervalMs = intervalSeconds * 1_000
  const clock = manualClock(startMs - 200_000, directory)
  const state = emptyState()
  const parts = { state, store, engine: fastEngine }
  const first = new Lane({ ...parts, end: journalStart, chain, clock, tell: () => sender.kick() })
  await applied(first, registry(participants))
  await applied(first, deposits(participants))
  await sender.drained()
  await applied(first, await bookedDeposits(chain))
  const { end } = past === 0 ? first : await livedThrough(first, store, chain, participants, past)
  clock.advance(startMs + past * intervalMs - 200_000)
  const lane = new Lane({ ...parts, end, chain, clock, tell: () => sender.kick() })

  const timed = async (command: Command): Promise<Took> => {
    const begun = performance.now()
    await applied(lane, [command])
    const durableMs = performance.now() - begun
    await sender.drained()
    return { durableMs, receiptMs: performance.now() - begun }
  }
  return {
    ...{ participants, state, store, chain, nowMs: () => clock.now() },
    durable: () => lane.durable(),
    first: firstInterval + past,
    trade: (interval) => applied(lane, orders(participants, interval)),
    gate(interval) {
      clock.advance(gateOf(state, interval))
      return timed({ kind: 'close_gate', interval })
    },
    read(boundary) {
      clock.advance(intervalEnd(state, boundary - 1))
      return applied(lane, readings(participants, boundary))
    },
    settle: (interval) => timed({ kind: 'settle_interval', zone: 0, interval }),
    async close() {
      await sender.close()
      await chain.close()
      await store.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function applied(lane: Lane, commands: Iterable<Command>): Promise<void> {
  for (const command of commands) {
    const outcome = lane.applyNow(command)
    if (outcome.kind === 'rejected') throw new Error(`${command.kind}: ${JSON.stringify(outcome)}`)
  }
  await lane.durable()
}

/**
 * Intervals as a market lives them, from orders to final runs, with snapshots when the server takes
 * them. Nothing is sent to the chain, which would take hours: the journal is the same.
 */
async function livedThrough(
  { state, end }: Lane,
  store: Store,
  { deployment }: LaneChain,
  participants: number,
  past: number,
): Promise<Lane> {
  let nowMs = state.at
  const lane = new Lane({
    ...{ state, end, store, engine: fastEngine, clock: { now: () => nowMs } },
    ...{ chain: { deployment, encode: () => [] }, tell: () => undefined },
  })
  const snapshots = new Snapshots({
    ...{ journal: store, state, vault: lockedVault, newest: null },
    nowMs: () => performance.now(),
  })
  const settle = (interval: number): Promise<void> =>
    applied(lane, [{ kind: 'settle_interval', zone: 0, interval }])
  const untilFinal = rulebook.finalAfterIntervals + 1
  for (let interval = firstInterval; interval < firstInterval + past; interval += 1) {
    await applied(lane, orders(participants, interval))
    nowMs = gateOf(state, interval)
    await applied(lane, [{ kind: 'close_gate', interval }])
    nowMs = intervalEnd(state, interval - 1)
    await applied(lane, readings(participants, interval))
    if (interval > firstInterval) await settle(interval - 1)
    if (interval >= firstInterval + untilFinal) await settle(interval - untilFinal)
    if (snapshots.isDue()) await snapshots.take()
  }
  return lane
}

async function bookedDeposits(chain: Awaited<ReturnType<typeof openChain>>): Promise<Command[]> {
  const { movements } = await chain.finalMovements(chain.deployment.fromBlock)
  return movements.map(({ reference, account, amount }) => ({
    kind: 'record_deposit',
    reference,
    account,
    amountMicros: Number(amount),
  }))
}
