import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { CommitteeKeys } from '@busbar/protocols/timelock'
import { carryCeremony } from './carrier.ts'
import { approvePlan } from './ceremonies.ts'
import type { MarketTiming } from './config.ts'
import { createMember, type MemberCard, memberCard, planKey } from './identity.ts'
import { keyFileName, writeDurably } from './key-file.ts'

export type LocalMember = {
  readonly name: string
  readonly url: string
  readonly pid: number
  /** At once, as a machine dies. */
  readonly kill: () => Promise<void>
}

export type LocalCommittee = {
  /** What the market appoints. */
  readonly committee: CommitteeKeys
  /** Where each member is reached: what the server is configured with. */
  readonly urls: Readonly<Record<string, string>>
  readonly members: readonly LocalMember[]
  /** Tells the members the market's time; only for a market clock. */
  readonly advance: (nowMs: number) => Promise<void>
  readonly stop: () => Promise<void>
}

export type LocalOptions = {
  /** A folder for all of them; one that has a committee goes on with it. */
  readonly directory: string
  readonly names: readonly string[]
  readonly threshold: number
  readonly market: MarketTiming
  readonly clock: 'real' | 'market'
  /** Where each listens, by name, where that must be known before they start; else any free one. */
  readonly ports?: Readonly<Record<string, number>>
}

/**
 * A whole committee on one machine, each member a process of its own: for scenarios and tests.
 * Their passphrase lies beside their keys, so this is for development and not secure.
 */
export async function startLocalCommittee(options: LocalOptions): Promise<LocalCommittee> {
  const { directory, names, threshold, market, clock, ports = {} } = options
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const passphrase = developmentPassphrase(directory)
  const clockToken = randomBytes(24).toString('hex')
  const keysPath = join(directory, 'committee.json')
  const isKnown = existsSync(keysPath)
  const cards: MemberCard[] = []
  for (const name of names) {
    const folder = join(directory, name)
    // Where a first start was killed before they had their key, they go on with their own keys.
    const hasKeys = existsSync(join(folder, keyFileName))
    const card = (): MemberCard =>
      hasKeys
        ? memberCard(folder, name, passphrase)
        : createMember(folder, name, passphrase, 'drawn')
    if (!isKnown) cards.push(card())
    const config = { name, port: ports[name] ?? 0, dataDir: '.', market, clock }
    writeFileSync(join(folder, 'member.json'), `${JSON.stringify(config, undefined, 2)}\n`)
  }
  const started = await Promise.allSettled(
    names.map((name) => startProcess(name, join(directory, name), passphrase, clockToken)),
  )
  const members = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const stop = async (): Promise<void> => {
    await Promise.all(members.map((member) => member.stop()))
  }
  const lost = started.find((one) => one.status === 'rejected')
  if (lost !== undefined) {
    await stop()
    throw lost.reason
  }
  const urls = Object.fromEntries(members.map(({ name, url }) => [name, url]))
  try {
    const committee = isKnown
      ? (JSON.parse(readFileSync(keysPath, 'utf8')) as CommitteeKeys)
      : await generate(directory, cards, threshold, urls)
    return { committee, urls, members, stop, advance: (nowMs) => advance(urls, clockToken, nowMs) }
  } catch (error) {
    await stop()
    throw error
  }
}

async function generate(
  directory: string,
  cards: readonly MemberCard[],
  threshold: number,
  urls: Readonly<Record<string, string>>,
): Promise<CommitteeKeys> {
  const plan = planKey(cards, threshold)
  for (const { name } of cards) approvePlan(join(directory, name), plan)
  const { committee } = await carryCeremony(plan, urls)
  writeDurably(join(directory, 'committee.json'), `${JSON.stringify(committee, undefined, 2)}\n`)
  return committee
}

function developmentPassphrase(directory: string): string {
  const path = join(directory, 'passphrase-development-not-secure')
  if (!existsSync(path)) writeDurably(path, `${randomBytes(24).toString('hex')}\n`)
  return readFileSync(path, 'utf8').trim()
}

async function advance(
  urls: Readonly<Record<string, string>>,
  token: string,
  nowMs: number,
): Promise<void> {
  await Promise.all(
    Object.values(urls).map(async (url) => {
      try {
        await fetch(`${url}/v1/clock`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify({ now_ms: nowMs }),
          signal: AbortSignal.timeout(5_000),
        })
      } catch (error) {
        // A member that is dead is not told the time: what it misses the others make up for.
        if (!(error instanceof Error)) throw error
      }
    }),
  )
}

type StartedMember = LocalMember & { readonly stop: () => Promise<void> }

async function startProcess(
  name: string,
  folder: string,
  passphrase: string,
  clockToken: string,
): Promise<StartedMember> {
  const program = fileURLToPath(new URL('./main.ts', import.meta.url))
  const child = spawn(process.execPath, [program, join(folder, 'member.json')], {
    // Its own group: Ctrl-C reaches this process, which stops the members in order.
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...process.env,
      BUSBAR_COMMITTEE_PASSPHRASE: passphrase,
      BUSBAR_COMMITTEE_CLOCK_TOKEN: clockToken,
      BUSBAR_STOP_WITH_STDIN: '1',
    },
  })
  const words: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => words.push(line))
  const ended = once(child, 'exit')
  const ready = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>
  const first = await Promise.race([ready, ended.then(() => undefined)])
  if (first === undefined) throw new Error(`${name} did not start:\n${words.join('\n')}`)
  const { url } = JSON.parse(first[0]) as { readonly url: string }
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (hasEnded(child)) return
    child.kill(signal)
    await ended
  }
  return {
    name,
    url,
    pid: child.pid ?? 0,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null
