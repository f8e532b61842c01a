/** A server in a process of its own, with a small neighbourhood registered in it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { BusbarClient } from '@busbar/client'
import { openDerToCash } from '@busbar/core/rulebook'
import {
  addressOfKey,
  createHttpExchange,
  type MarketNumbers,
  type MarketPlan,
  planDay,
  seededNeighbourhood,
} from '@busbar/simulator'

export const seed = 7

export type RunningMarket = {
  readonly url: string
  readonly client: BusbarClient
  readonly plan: MarketPlan
  readonly numbers: MarketNumbers
  readonly close: () => Promise<void>
}

export async function startMarket(): Promise<RunningMarket> {
  const district = seededNeighbourhood({ seed })
  const planned = planDay({ market: 'bench', district, rulebook: openDerToCash, seed })
  // Deep pockets: what is measured is taking orders, not refusing them.
  const participants = planned.participants.map((one) => ({
    ...one,
    depositMicros: one.depositMicros === 0 ? 0 : 10_000_000_000_000,
  }))
  const plan: MarketPlan = { ...planned, participants }
  const [operator] = participants
  if (operator === undefined) throw new Error('a market has an operator')
  const directory = await mkdtemp(join(tmpdir(), 'busbar-bench-'))
  const rulebook = join(directory, 'rulebook.json')
  await writeFile(rulebook, JSON.stringify(openDerToCash))
  const server = await startServer({
    BUSBAR_RULEBOOK: rulebook,
    BUSBAR_MARKET: plan.market,
    BUSBAR_DATA_DIR: directory,
    BUSBAR_PORT: '0',
    BUSBAR_CLOCK: 'manual',
    BUSBAR_CLOCK_START_MS: String(plan.openAt),
    BUSBAR_REQUESTS_PER_MINUTE: '100000000',
    BUSBAR_OPERATOR: JSON.stringify({
      name: operator.name,
      roles: operator.roles,
      address: addressOfKey(operator.key),
      publicKey: operator.key.publicKey,
      retailer: null,
    }),
  })
  const client = new BusbarClient({ baseUrl: server.url, concurrency: 4, timeoutMs: 120_000 })
  const exchange = createHttpExchange({ client, seed })
  const numbers = await exchange.open(plan)
  await exchange.advanceTo(plan.openAt)
  const close = async (): Promise<void> => {
    const ended = new Promise((resolve) => server.child.once('exit', resolve))
    server.child.kill('SIGTERM')
    await ended
    await rm(directory, { recursive: true, force: true })
  }
  return { url: server.url, client, plan, numbers, close }
}

async function startServer(
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const program = fileURLToPath(import.meta.resolve('@busbar/server/main'))
  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...environment },
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as { readonly event: string; readonly url?: string }
    if (event.event === 'ready' && event.url !== undefined) return { child, url: event.url }
  }
  throw new Error('the server did not start')
}
