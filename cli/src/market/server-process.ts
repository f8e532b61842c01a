import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type ServerProcess = {
  readonly url: string
  readonly pid: number
  /** The server's own words about its chain. */
  readonly chain: string
  /** Where its embedded chain answers; null for a network by URL. */
  readonly chainNode: string | null
  /** Journal entries that were replayed at its start. */
  readonly replayed: number
  /** Stops in order: what was accepted is finished. Resolves with the state hash. */
  readonly stop: () => Promise<string>
  /** Resolves when the process has ended, asked or not. */
  readonly ended: Promise<{ readonly code: number | null }>
}

type ServerEvent = {
  readonly event: string
  readonly url?: string
  readonly chain?: string
  readonly chainNode?: string | null
  readonly replayed?: number
  readonly stateHash?: string
}

/**
 * Starts the server as a process of its own: the simulator signs on one core while the server
 * verifies on the other, and ending one never leaves half of the other behind.
 *
 * @param environment what the server is configured by, see its reference
 * @param hear told every line that the server says, to whomever
 * @throws Error with the server's last words if it does not come up
 */
export async function startServerProcess(
  environment: Readonly<Record<string, string>>,
  hear: (line: string) => void = () => undefined,
): Promise<ServerProcess> {
  const program = fileURLToPath(import.meta.resolve('@busbar/server/main'))
  const child = spawn(process.execPath, [...process.execArgv, program], {
    // Its own group: Ctrl-C reaches this process, which stops the server in order.
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment, BUSBAR_STOP_WITH_STDIN: '1' },
  })
  const words: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    hear(line)
    words.push(line)
    if (words.length > 20) words.shift()
  })
  const events = eventsOf(child, hear)
  const ended = once(child, 'exit').then(([code]) => ({ code: code as number | null }))
  const ready = await Promise.race([events.next('ready'), ended])
  if ('code' in ready) throw new Error(`the server did not start:\n${words.join('\n')}`)
  return {
    url: ready.url ?? '',
    pid: child.pid ?? 0,
    chain: ready.chain ?? '',
    chainNode: ready.chainNode ?? null,
    replayed: ready.replayed ?? 0,
    ended,
    async stop() {
      const stopped = events.next('stopped')
      child.kill('SIGTERM')
      const last = await Promise.race([stopped, ended])
      await ended
      if ('code' in last) throw new Error(`the server did not stop in order:\n${words.join('\n')}`)
      return last.stateHash ?? ''
    },
  }
}

function eventsOf(
  child: ChildProcess,
  hear: (line: string) => void,
): { readonly next: (event: string) => Promise<ServerEvent> } {
  const waiting = new Map<string, (event: ServerEvent) => void>()
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      hear(line)
      if (!line.startsWith('{')) return
      const event = JSON.parse(line) as ServerEvent
      waiting.get(event.event)?.(event)
    })
  }
  return {
    next: (event) => new Promise((resolve) => waiting.set(event, resolve)),
  }
}
