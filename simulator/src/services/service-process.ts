import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { FaultKind, FaultRates } from './misbehaviour.ts'

/** A service in a process of its own. */
export type ServiceProcess = {
  readonly url: string
  readonly pid: number
  /** Resolves when it is gone, asked or not. */
  readonly ended: Promise<void>
  /** At once, as a machine dies. */
  readonly kill: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** What every service can be told besides its contract. */
export type ServiceAdmin<Move> = {
  readonly moves: () => Promise<readonly Move[]>
  /** The next `times` of `what`, or of anything, go wrong like this. */
  readonly misbehave: (kind: FaultKind, what?: string | null, times?: number) => Promise<void>
  readonly misbehaveAtRates: (rates: FaultRates) => Promise<void>
  readonly behave: () => Promise<void>
  readonly nowMs: () => Promise<number>
  /** Only for a market clock; never back. */
  readonly advance: (nowMs: number) => Promise<void>
}

/**
 * @param program what is run, which says where it listens on its first line
 * @param name of the service, as it is called where it does not start
 * @throws Error with its last words where it does not come up
 */
export async function startService(
  program: string,
  name: string,
  options: object,
): Promise<ServiceProcess> {
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {
    // Its own group: Ctrl-C reaches this process, which stops the service in order.
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, BUSBAR_STOP_WITH_STDIN: '1' },
  })
  const words: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => words.push(line))
  const ended = once(child, 'exit').then(() => undefined)
  const ready = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>
  const first = await Promise.race([ready, ended])
  if (first === undefined) throw new Error(`the ${name} did not start:\n${words.join('\n')}`)
  const { url } = JSON.parse(first[0]) as { readonly url: string }
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (!hasEnded(child)) child.kill(signal)
    await ended
  }
  const ends = { kill: () => end('SIGKILL'), stop: () => end('SIGTERM') }
  return { url, pid: child.pid ?? 0, ended, ...ends }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null

export type AdminCalls = {
  readonly ask: (method: string, path: string, body?: object) => Promise<unknown>
  readonly tell: (path: string, body: object) => Promise<void>
}

/** Speaks to a service as who runs it. */
export function adminCalls(url: string, key: string): AdminCalls {
  const ask: AdminCalls['ask'] = async (method, path, body) => {
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
  return { ask, tell: async (path, body) => void (await ask('POST', path, body)) }
}

export const adminOf = <Move extends { readonly number: number }>(
  { ask, tell }: AdminCalls,
): ServiceAdmin<Move> => ({
  async moves() {
    const all: Move[] = []
    for (;;) {
      const after = all.at(-1)?.number ?? 0
      const { moves } = (await ask('GET', `moves?after=${after}`)) as { moves: readonly Move[] }
      if (moves.length === 0) return all
      all.push(...moves)
    }
  },
  misbehave: (kind, what = null, times = 1) => tell('misbehaviour', { kind, what, times }),
  misbehaveAtRates: (rates) => tell('misbehaviour/rates', rates),
  behave: async () => void (await ask('DELETE', 'misbehaviour')),
  nowMs: async () => ((await ask('GET', 'clock')) as { nowMs: number }).nowMs,
  advance: (nowMs) => tell('clock', { nowMs }),
})
