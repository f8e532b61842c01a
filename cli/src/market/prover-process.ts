import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** One line of `busbar prover --json`. */
export type ProverLine = {
  readonly event: string
  readonly interval?: number
  readonly size?: number
  readonly seconds?: number
  readonly reason?: string
  readonly error?: string
}

export type ProverProcess = {
  readonly pid: number
  /** Resolves with its last words when it has ended, asked or not. */
  readonly ended: Promise<string>
  readonly stop: () => Promise<void>
}

/** How often it asks for a batch. */
const pollMs = 100

/**
 * Starts a prover as a process of its own, with the development reference string: what it proves
 * is for development and not secure.
 *
 * @param key a file with the private key of the market's prover
 */
export function startProverProcess(
  url: string,
  account: number,
  key: string,
  hear: (line: ProverLine) => void,
  progress: (text: string) => void = () => undefined,
): ProverProcess {
  const program = fileURLToPath(new URL('../main.ts', import.meta.url))
  const place = ['--server', url, '--account', String(account), '--key', key]
  const work = ['--srs', 'development', '--poll-ms', String(pollMs), '--json']
  const args = [...process.execArgv, program, 'prover', ...place, ...work]
  const child = spawn(process.execPath, args, {
    // Its own group: Ctrl-C reaches this process, which stops the prover in order.
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, BUSBAR_STOP_WITH_STDIN: '1' },
  })
  const words: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    words.push(line)
    progress(line)
    if (words.length > 20) words.shift()
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('{')) hear(JSON.parse(line) as ProverLine)
  })
  const exit = once(child, 'exit')
  return {
    pid: child.pid ?? 0,
    ended: exit.then(() => words.join('\n')),
    async stop() {
      if (hasEnded(child)) return
      child.kill('SIGTERM')
      await exit
    },
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null
