/**
 * Goal: proofs that trail behind a market that does not wait for them stay few, come before their
 * deadline, and come although provers are killed at any step.
 * Method: a day on a real server whose time passes by itself, thirty times as fast as it would,
 * with a prover as `busbar up` has it; and a day whose provers are killed when they have claimed
 * a batch, while they prove it, and when they have handed a proof in.
 */
import { deepEqual, ok } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { derToCash } from '@busbar/core/rulebook'
import { companies, firstIntervals } from '@busbar/simulator'
import { writeProverKey } from '../market/local-sealing.ts'
import { type MarketRun, startMarket } from '../market/market-run.ts'
import { findAccount } from '../desk/participants.ts'
import { proofReport } from './proof-report.ts'
import { type ProverProcess, startProverProcess } from '../market/prover-process.ts'
import { plantedDay } from '../testing/planted-day.ts'

const deadlineIntervals = 6
const { intervalMs } = plantedDay.district

/** A scenario of so many intervals, on a market that is stopped and removed in the end. */
async function onMarket(
  intervals: number,
  proofs: 'trailing' | 'none',
  work: (market: MarketRun, proverKey: string) => Promise<void>,
): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'busbar-trailing-'))
  const scenario = {
    ...plantedDay,
    rulebook: { ...derToCash, proofDeadlineSeconds: (deadlineIntervals * intervalMs) / 1_000 },
    district: firstIntervals(plantedDay.district, intervals),
  }
  const environment = { BUSBAR_PORT: '0', BUSBAR_PROVING_LEASE_SECONDS: '10' }
  const market = await startMarket(scenario, dataDir, { environment, proofs })
  try {
    await work(market, writeProverKey(scenario, dataDir))
  } finally {
    await market.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function proverAccount({ client }: MarketRun): Promise<number> {
  const account = await findAccount(client, companies.prover)
  ok(account !== undefined)
  return account
}

/** What the clearings of the market are, one by one. */
async function proofStates({ client }: MarketRun): Promise<readonly string[]> {
  const { intervals } = await client.intervals({ zone: 0, limit: 500 })
  return intervals.filter(({ status }) => status !== 'open').map(({ proof }) => proof.state)
}

test('proofs trail behind a market that does not wait, and are there in time', async (context) => {
  const intervals = 8
  await onMarket(intervals, 'trailing', async (market) => {
    let most = 0
    const seen = new Set<string>()
    const speed = 30
    const pace = { speed, pacedFromMs: plantedDay.district.startMs, signal: context.signal }
    const watch = async (): Promise<void> => {
      const states = await proofStates(market)
      for (const state of states) seen.add(state)
      most = Math.max(most, states.filter((state) => state !== 'proven').length)
    }
    const summary = await market.day(
      () => undefined,
      pace,
      (exchange) => ({
        ...exchange,
        async submitSealedOrders(orders) {
          await watch()
          return await exchange.submitSealedOrders(orders)
        },
      }),
    )
    ok(summary.orders > intervals)
    const report = await proofReport(market, () => undefined)
    context.diagnostic(`${most} clearings waited at most, ${report?.seconds.max} s the slowest`)
    deepEqual([report?.unproven, report?.proven], [[], report?.batches])
    ok(!seen.has('overdue') && !seen.has('faulty'), [...seen].join())
    ok(most <= deadlineIntervals, `${most} waited at once`)
  })
})

test('provers that are killed at any step leave nothing unproven', async (context) => {
  const intervals = 4
  await onMarket(intervals, 'none', async (market, key) => {
    const account = Promise.withResolvers<number>()
    const day = market.day(({ step }) => {
      if (step === 'opened') account.resolve(proverAccount(market))
    })
    const kills: string[] = []
    let current: ProverProcess | undefined
    const steps = [
      { event: 'claimed', afterMs: 0 },
      { event: 'claimed', afterMs: 400 },
      { event: 'taken', afterMs: 0 },
    ]
    for (const { event, afterMs } of steps) {
      const struck = Promise.withResolvers<void>()
      current = startProverProcess(market.server.url, await account.promise, key, (line) => {
        if (line.event === event) struck.resolve()
      })
      await struck.promise
      await wait(afterMs)
      process.kill(current.pid, 'SIGKILL')
      await current.ended
      kills.push(event)
    }
    const last = startProverProcess(market.server.url, await account.promise, key, () => undefined)
    try {
      await day
      for (let tries = 0; (await proofStates(market)).some((state) => state !== 'proven'); ) {
        tries += 1
        ok(tries < 1_500, `after 5 minutes: ${(await proofStates(market)).join()}`)
        await wait(200)
        await market.client.setClock((await market.client.market()).clock.nowMs)
      }
    } finally {
      await last.stop()
    }
    context.diagnostic(`killed when ${kills.join(', ')}`)
    ok((await proofStates(market)).length >= intervals)
    const { money, energy } = await market.client.conservation()
    deepEqual([money.unexplainedMicros, energy.unexplainedWh], [0, 0])
  })
})
