/** One eventful day on a server that is killed as planned, or not at all. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BusbarClient } from '@busbar/client'
import type { VerifyReport } from '@busbar/server/app/audit/findings'
import { verifyMarket } from '@busbar/server/verify'
import { AnswerBook } from './answers.ts'
import { environmentOf, eventfulDay, live } from './eventful-day.ts'
import { leftOver } from './left-over.ts'
import { type Remains, remainsOf } from './remains.ts'
import { Supervisor } from './supervisor.ts'

/** Something done to the server from outside, after so many answers and so many milliseconds. */
export type Blow = {
  readonly afterAnswers: number
  readonly afterMs: number
  readonly at: 'server' | 'chain' | 'database'
}

export type Run = {
  readonly stateHash: string
  readonly book: AnswerBook
  readonly remains: Remains
  readonly report: VerifyReport
  /** See `countedPassages`. */
  readonly log: string
  readonly deaths: number
  /** How many blows hit a chain that was there, and a database. */
  readonly chainDeaths: number
  readonly databaseDeaths: number
  /** Processes that nobody ended, by their commands. */
  readonly orphans: readonly string[]
  readonly seconds: number
}

export type Faults = {
  /** Where the journal is, if not in the data directory: a database, and how to crash it. */
  readonly database?: { readonly url: string; readonly crash: () => Promise<void> }
  /** See `countedPassages`. */
  readonly killAt?: readonly string[]
  readonly blows?: readonly Blow[]
  /** Kills while it starts, so many milliseconds after its first instruction. */
  readonly startKillsMs?: readonly number[]
  /** What stands between the client and the server at `url`. */
  readonly through?: (url: string) => Promise<{
    readonly url: string
    readonly close: () => Promise<void>
  }>
}

const compiled = process.env['NODE_COMPILE_CACHE'] ?? join(tmpdir(), 'busbar-compiled-for-tests')

/** Lives through the day in the empty `directory`, reads what is left of it, and removes that. */
export async function runMarket(directory: string, faults: Faults = {}): Promise<Run> {
  const { killAt = [], blows = [], startKillsMs = [], through = direct, database } = faults
  const began = performance.now()
  const data = join(directory, 'data')
  const logPath = join(directory, 'passages')
  mkdirSync(data, { recursive: true })
  const environment = {
    ...environmentOf(eventfulDay, data),
    ...(database === undefined ? {} : { DATABASE_URL: database.url }),
    // Compiled modules, kept from one process to the next: most of what a start costs.
    NODE_COMPILE_CACHE: compiled,
    KILL_LOG: logPath,
    KILL_AT: killAt.join(','),
  }
  const supervisor = await Supervisor.start(data, environment, startKillsMs)
  let chainDeaths = 0
  let databaseDeaths = 0
  const timers: NodeJS.Timeout[] = []
  let crashed: Promise<void> = Promise.resolve()
  const strike = ({ at }: Blow): void => {
    if (at === 'server') supervisor.kill()
    else if (at === 'database') {
      databaseDeaths += 1
      crashed = crashed.then(database?.crash)
    } else if (supervisor.killChain()) chainDeaths += 1
  }
  const book = new AnswerBook((served) => {
    for (const blow of blows) {
      if (blow.afterAnswers === served) timers.push(setTimeout(() => strike(blow), blow.afterMs))
    }
  })
  const way = await through(supervisor.url)
  try {
    const client = new BusbarClient({
      baseUrl: way.url,
      // One request at a time: their order is part of what both runs share.
      concurrency: 1,
      fetch: book.fetch,
      timeoutMs: 15_000,
      retry: { attemptsMax: 2_000, firstDelayMs: 10, delayMaxMs: 30 },
    })
    const day = live(eventfulDay, client, () => supervisor.restart())
    // If the server cannot go on, nobody waits for the day any more.
    day.catch(() => undefined)
    await Promise.race([day, supervisor.failed])
    for (const timer of timers) clearTimeout(timer)
    await crashed
    const stateHash = await supervisor.stop()
    const report = await verifyMarket({ dataDir: data, databaseUrl: database?.url })
    const remains = await remainsOf(eventfulDay, data, database?.url)
    const log = readFileSync(logPath, 'utf8')
    const seconds = (performance.now() - began) / 1_000
    const { deaths } = supervisor
    const orphans = await leftOver('KILL_LOG', logPath)
    const ends = { deaths, chainDeaths, databaseDeaths, orphans }
    return { stateHash, book, remains, report, log, ...ends, seconds }
  } finally {
    await way.close()
    await supervisor.abandon()
    rmSync(directory, { recursive: true, force: true })
  }
}

const direct = async (url: string) => ({ url, close: async () => undefined })
