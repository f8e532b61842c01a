import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { BankAccount } from '../bank/bank-book.ts'
import type { FaultKind, FaultRates } from '../services/misbehaviour.ts'
import { type Credentials, keysIn } from './keys.ts'
import type { NetworkOptions } from './network.ts'
import type { Move, Party } from './parties.ts'

export const networkDefaults: NetworkOptions = {
  directory: 'bill-network',
  name: 'bill-network',
  port: 0,
  clock: 'real',
  lateMs: 2_000,
  rates: {},
  seed: 1,
}

/** A network in a process of its own, and what it can be told besides. */
export type LocalNetwork = {
  readonly url: string
  readonly credentials: Credentials
  readonly pid: number
  /** Resolves when it is gone, asked or not. */
  readonly ended: Promise<void>
  /** At once, as a machine dies. */
  readonly kill: () => Promise<void>
  readonly stop: () => Promise<void>
  /** @param url where its notices go; null keeps them */
  readonly admitInstitution: (name: string, key: string, url?: string | null) => Promise<void>
  readonly admitParty: (
    party: Pick<Party, 'name' | 'institution'> & Partial<Party>,
  ) => Promise<void>
  readonly openAccount: (
    account: Pick<BankAccount, 'account' | 'name' | 'currency'> & Partial<BankAccount>,
  ) => Promise<void>
  readonly giveBack: (endToEndId: string, reason: string) => Promise<void>
  readonly parties: () => Promise<readonly Party[]>
  readonly accounts: () => Promise<readonly BankAccount[]>
  readonly moves: () => Promise<readonly Move[]>
  /** The next `times` of `what`, or of anything, go wrong like this. */
  readonly misbehave: (kind: FaultKind, what?: string | null, times?: number) => Promise<void>
  readonly misbehaveAtRates: (rates: FaultRates) => Promise<void>
  readonly behave: () => Promise<void>
  readonly nowMs: () => Promise<number>
  /** Only for a market clock; never back. */
  readonly advance: (nowMs: number) => Promise<void>
}

/** Starts one, or goes on with that of the folder. */
export async function startNetworkProcess(
  options: Partial<NetworkOptions> & Pick<NetworkOptions, 'directory'>,
): Promise<LocalNetwork> {
  const program = fileURLToPath(new URL('./main.ts', import.meta.url))
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {
    // Its own group: Ctrl-C reaches this process, which stops the network in order.
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, BUSBAR_STOP_WITH_STDIN: '1' },
  })
  const words: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => words.push(line))
  const ended = once(child, 'exit').then(() => undefined)
  const ready = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>
  const first = await Promise.race([ready, ended])
  if (first === undefined) throw new Error(`the network did not start:\n${words.join('\n')}`)
  const { url } = JSON.parse(first[0]) as { readonly url: string }
  const { adminKey, bankKey, networkKey } = keysIn(options.directory)
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (!hasEnded(child)) child.kill(signal)
    await ended
  }
  return {
    url,
    credentials: { adminKey, bankKey, networkKey },
    pid: child.pid ?? 0,
    ended,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    ...adminOf(url, adminKey),
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null

function adminOf(url: string, key: string) {
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${url}/admin/${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return JSON.parse(text) as unknown
  }
  const tell = async (path: string, body: object): Promise<void> =>
    void (await ask('POST', path, body))
  return {
    admitInstitution: (name: string, pem: string, to: string | null = null) =>
      tell('institutions', { name, key: pem, url: to }),
    admitParty: (party: object) => tell('parties', party),
    openAccount: (account: object) => tell('bank/accounts', account),
    giveBack: (endToEndId: string, reason: string) => tell('bank/returns', { endToEndId, reason }),
    async parties() {
      return ((await ask('GET', 'parties')) as { parties: readonly Party[] }).parties
    },
    async accounts() {
      const answer = (await ask('GET', 'bank/accounts')) as { accounts: readonly BankAccount[] }
      return answer.accounts
    },
    async moves() {
      const all: Move[] = []
      for (;;) {
        const after = all.at(-1)?.number ?? 0
        const { moves } = (await ask('GET', `moves?after=${after}`)) as { moves: readonly Move[] }
        if (moves.length === 0) return all
        all.push(...moves)
      }
    },
    misbehave: (kind: FaultKind, what: string | null = null, times = 1) =>
      tell('misbehaviour', { kind, what, times }),
    misbehaveAtRates: (rates: FaultRates) => tell('misbehaviour/rates', rates),
    behave: async () => void (await ask('DELETE', 'misbehaviour')),
    nowMs: async () => ((await ask('GET', 'clock')) as { nowMs: number }).nowMs,
    advance: (nowMs: number) => tell('clock', { nowMs }),
  }
}
