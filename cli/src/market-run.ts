import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BusbarClient } from '@busbar/client'
import { createHttpExchange, type DaySummary, type Progress, runDay } from '@busbar/simulator'
import { dayOptions, type Scenario, serverEnvironment, writeChainKey } from './scenario.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

export type MarketRun = {
  readonly server: ServerProcess
  readonly client: BusbarClient
  /** Runs the scenario's day on the server. */
  readonly day: (
    progress: (progress: Progress) => void,
    pace?: {
      readonly speed: number
      readonly pacedFromMs: number
      readonly signal: AbortSignal
    },
  ) => Promise<DaySummary>
}

/** Starts a server for a scenario in `dataDir`, with room for its own simulator's requests. */
export async function startMarket(
  scenario: Scenario,
  dataDir: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<MarketRun> {
  writeChainKey(scenario, dataDir)
  const server = await startServerProcess({
    BUSBAR_REQUESTS_PER_MINUTE: '10000000',
    ...serverEnvironment(scenario, dataDir),
    ...environment,
  })
  // One request at a time: their order is part of what a repeated run repeats.
  const client = new BusbarClient({ baseUrl: server.url, concurrency: 1, timeoutMs: 120_000 })
  return {
    server,
    client,
    day: (progress, pace) => {
      const exchange = createHttpExchange({ client, seed: scenario.seed, ...pace })
      return runDay(dayOptions(scenario), exchange, progress)
    },
  }
}

/** `dataDir`, or a temporary one that `done` removes. */
export async function dataDirFor(
  dataDir: string | undefined,
): Promise<{ readonly path: string; readonly done: () => Promise<void> }> {
  if (dataDir !== undefined) return { path: dataDir, done: () => Promise.resolve() }
  const path = await mkdtemp(join(tmpdir(), 'busbar-'))
  return { path, done: () => rm(path, { recursive: true, force: true }) }
}
