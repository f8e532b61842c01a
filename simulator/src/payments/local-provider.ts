import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { FaultKind, FaultRates } from '../services/misbehaviour.ts'
import type { Declinable, Party } from './parties.ts'
import type { ProviderOptions } from './provider.ts'
import { type Credentials, credentialsIn } from './store.ts'

export const providerDefaults: ProviderOptions = {
  directory: 'payment-provider',
  port: 0,
  clock: 'real',
  holdMaxMs: 7 * 86_400_000,
  decideAfterMs: 0,
  lateMs: 2_000,
  rates: {},
  seed: 1,
}

export type Move = {
  readonly number: number
  readonly kind: 'deposit' | 'capture' | 'charge' | 'refund'
  readonly what: string
  readonly payer: string
  readonly payee: string
  readonly amount: number
}

/** A provider in a process of its own, and what it can be told besides the contract. */
export type LocalProvider = {
  readonly url: string
  readonly credentials: Credentials
  readonly pid: number
  /** Resolves when it is gone, asked or not. */
  readonly ended: Promise<void>
  /** At once, as a machine dies. */
  readonly kill: () => Promise<void>
  readonly stop: () => Promise<void>
  /** Admits a party, with money from outside where it is new. */
  readonly admit: (
    token: string,
    micros?: number,
    declines?: readonly Declinable[],
  ) => Promise<void>
  readonly parties: () => Promise<readonly Party[]>
  readonly moves: () => Promise<readonly Move[]>
  /** The next `times` of `what`, or of anything, go wrong like this. */
  readonly misbehave: (kind: FaultKind, what?: string | null, times?: number) => Promise<void>
  readonly misbehaveAtRates: (rates: FaultRates) => Promise<void>
  readonly behave: () => Promise<void>
  readonly bringWebhooksTo: (url: string | null) => Promise<void>
  readonly nowMs: () => Promise<number>
  /** Only for a market clock; never back. */
  readonly advance: (nowMs: number) => Promise<void>
}

/** Starts one, or goes on with that of the folder. */
export async function startProviderProcess(
  options: Partial<ProviderOptions> & Pick<ProviderOptions, 'directory'>,
): Promise<LocalProvider> {
  const program = fileURLToPath(new URL('./main.ts', import.meta.url))
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {
    // Its own group: Ctrl-C reaches this process, which stops the provider in order.
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, BUSBAR_STOP_WITH_STDIN: '1' },
  })
  const words: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => words.push(line))
  const ended = once(child, 'exit').then(() => undefined)
  const ready = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>
  const first = await Promise.race([ready, ended])
  if (first === undefined) throw new Error(`the provider did not start:\n${words.join('\n')}`)
  const { url } = JSON.parse(first[0]) as { readonly url: string }
  const credentials = credentialsIn(options.directory)
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (!hasEnded(child)) child.kill(signal)
    await ended
  }
  return {
    url,
    credentials,
    pid: child.pid ?? 0,
    ended,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    ...adminOf(url, credentials.adminKey),
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
  const tell = async (path: string, body: object): Promise<void> => {
    await ask('POST', path, body)
  }
  return {
    async admit(token: string, micros = 0, declines: readonly Declinable[] = []) {
      await tell('parties', { token, declines })
      if (micros > 0) {
        await tell('deposits', { id: `opening/${token}`, token, amountMicros: micros })
      }
    },
    async parties() {
      const { parties } = (await ask('GET', 'parties')) as { parties: readonly Party[] }
      return parties
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
    bringWebhooksTo: (to: string | null) => tell('webhook', { url: to }),
    nowMs: async () => ((await ask('GET', 'clock')) as { nowMs: number }).nowMs,
    advance: (nowMs: number) => tell('clock', { nowMs }),
  }
}
