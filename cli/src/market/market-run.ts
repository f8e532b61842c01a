import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BusbarClient, credentialOf, Signer, withPrivateKey } from '@busbar/client'
import type { LocalCommittee } from '@busbar/committee'
import {
  companies,
  createHttpExchange,
  type DaySummary,
  type Exchange,
  type LiveFaults,
  type Progress,
  runDay,
  seededKey,
  signNative,
} from '@busbar/simulator'
import { findAccount } from '../desk/participants.ts'
import {
  type CommitteeShape,
  memberPorts,
  memberUrls,
  startCommittee,
  threeMembers,
  writeProverKey,
} from './local-sealing.ts'
import { ProofRun } from './proof-run.ts'
import { dayOptions, type Scenario, serverEnvironment, writeChainKey } from './scenario.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

export type Pace = {
  readonly speed: number
  readonly pacedFromMs: number
  readonly signal: AbortSignal
}

export type MarketRun = {
  readonly server: ServerProcess
  readonly client: BusbarClient
  /** Null where the book is open. */
  readonly committee: LocalCommittee | null
  /** Null where nothing is proven. */
  readonly proofs: ProofRun | null
  /** Asks with the key of the market's auditor; once the market is set up. */
  readonly auditor: () => Promise<BusbarClient>
  /** Runs the scenario's day on the server; `around` may stand between its traders and that. */
  readonly day: (
    progress: (progress: Progress) => void,
    pace?: Pace,
    around?: (exchange: Exchange) => Exchange,
  ) => Promise<DaySummary>
  /** Lets the market's time pass until `at`, as its committee sees it too. */
  readonly advanceTo: (at: number) => Promise<void>
  /** Stops prover, committee and server, in this order. Resolves with the state hash. */
  readonly stop: () => Promise<string>
}

export type MarketRunOptions = {
  /** Whether its pages may break something on purpose. */
  readonly isBreakable?: boolean
  /** Whether gateways say what the devices behind their meters do, for pages of homes. */
  readonly hasDevices?: boolean
  readonly environment?: Readonly<Record<string, string>>
  /** `each`: the next interval waits for the proof; `trailing`: nobody waits; `none`: no prover. */
  readonly proofs: 'each' | 'trailing' | 'none'
  /** Where the committee's keys are; by default in the data directory. */
  readonly committeeDir?: string | undefined
  /** Who opens orders; by default any two of three. */
  readonly committee?: CommitteeShape
  /** Told every line that the server says. */
  readonly hear?: (line: string) => void
  /** Told what the prover and the committee do, where a person may want to know. */
  readonly say?: (text: string) => void
}

/** Starts a market for a scenario in `dataDir`, with room for its own simulator's requests. */
export async function startMarket(
  scenario: Scenario,
  dataDir: string,
  options: MarketRunOptions,
): Promise<MarketRun> {
  const { rulebook, seed } = scenario
  const isSealed = rulebook.orderBook === 'sealed-committee'
  writeChainKey(scenario, dataDir)
  const { committee: shape = threeMembers } = options
  const ports = isSealed ? await memberPorts(shape) : {}
  const environment = {
    BUSBAR_REQUESTS_PER_MINUTE: '10000000',
    ...serverEnvironment(scenario, dataDir),
    BUSBAR_RULEBOOK: writeRulebook(scenario, dataDir),
    ...(options.isBreakable === true ? breakable : {}),
    ...(isSealed ? { BUSBAR_COMMITTEE: memberUrls(ports) } : {}),
    ...options.environment,
  }
  const server = await startServerProcess(environment, options.hear)
  // One request at a time: their order is part of what a repeated run repeats.
  const client = new BusbarClient({ baseUrl: server.url, concurrency: 1, timeoutMs: 120_000 })
  let committee: LocalCommittee | null = null
  try {
    if (isSealed) {
      const directory = options.committeeDir ?? join(dataDir, 'committee')
      committee = await startCommittee(directory, await client.market(), ports, shape)
    }
  } catch (error) {
    await server.stop().catch(() => '')
    throw error
  }
  const prove = options.proofs !== 'none' && rulebook.proof !== 'none'
  const key = prove ? writeProverKey(scenario, dataDir) : ''
  const proofs = prove ? new ProofRun(server.url, key, options.say ?? (() => undefined)) : null
  const appointed = committee === null ? {} : { committee: asAppointed(committee) }
  return {
    server,
    client,
    committee,
    proofs,
    auditor: () => readingAs(client, seed, companies.auditor),
    day: (progress, pace, around = (exchange) => exchange) => {
      const awaitProofs = prove && options.proofs === 'each'
      const exchange = createHttpExchange({ client, seed, awaitProofs, ...appointed, ...pace })
      const opened = async (step: Progress['step']): Promise<void> => {
        if (step === 'opened') proofs?.start(await accountOf(client, companies.prover))
      }
      const live = options.isBreakable === true ? { live: liveFaults(client, seed) } : {}
      const { hasDevices = false } = options
      const day = { ...dayOptions(scenario), ...live, hasDevices }
      return runDay(day, around(exchange), (one) => {
        void opened(one.step)
        progress(one)
      })
    },
    async advanceTo(at) {
      await committee?.advance(at)
      await client.setClock(at)
    },
    async stop() {
      await proofs?.stop()
      await committee?.stop()
      return server.stop()
    },
  }
}

/** A market's company, with the key that follows from its name. */
async function readingAs(
  client: BusbarClient,
  seed: number,
  name: string,
): Promise<BusbarClient> {
  const account = await accountOf(client, name)
  const sign = withPrivateKey(seededKey(seed, name, 'secp256k1').privateKey, signNative)
  return client.as(credentialOf(new Signer({ domain: await client.domain(), account, sign })))
}

/** With it, an operator on this machine may break something on purpose; see `liveFaults`. */
export const breakable = { BUSBAR_DEMO_FAULTS: 'on' } as const

/** What the pages have switched on of what a simulated market breaks itself. */
export function liveFaults(client: BusbarClient, seed: number): () => Promise<LiveFaults> {
  let reading: Promise<BusbarClient> | undefined
  return async () => {
    reading ??= readingAs(client, seed, companies.operator)
    const { on } = await (await reading).operator.faults()
    return { isSilent: on.includes('gateway_silent'), isLate: on.includes('readings_late') }
  }
}

const asAppointed = ({ committee, advance }: LocalCommittee) => ({ keys: committee, advance })

/** Beside the market it is the rulebook of: a server is told by a file. */
export function writeRulebook({ rulebook }: Pick<Scenario, 'rulebook'>, dataDir: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const path = join(dataDir, 'rulebook.json')
  writeFileSync(path, `${JSON.stringify(rulebook, null, 2)}\n`)
  return path
}

async function accountOf(client: BusbarClient, who: string): Promise<number> {
  const account = await findAccount(client, who)
  if (account === undefined) throw new Error(`no participant is called ${who}`)
  return account
}

/** `dataDir`, or a temporary one that `done` removes. */
export async function dataDirFor(
  dataDir: string | undefined,
): Promise<{ readonly path: string; readonly done: () => Promise<void> }> {
  if (dataDir !== undefined) return { path: dataDir, done: () => Promise.resolve() }
  const path = await mkdtemp(join(tmpdir(), 'busbar-'))
  return { path, done: () => rm(path, { recursive: true, force: true }) }
}
