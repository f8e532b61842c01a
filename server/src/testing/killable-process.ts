import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('./killable-server.ts', import.meta.url))

/** `killable-server.ts` as a process of its own, started again and again, with one log. */
export class KillableProcess {
  readonly #logPath: string
  #child: ChildProcess | undefined
  /** What all of them have written to standard error. */
  said = ''

  constructor(logPath: string) {
    this.#logPath = logPath
  }

  /**
   * Starts it, to die at `killAt` (`point:n`; empty: not at all), and says where it listens.
   *
   * @throws Error if it ends before it is ready
   */
  async start(killAt: string, environment: Readonly<Record<string, string>>): Promise<string> {
    const child = spawn(process.execPath, [program], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment, KILL_AT: killAt, KILL_LOG: this.#logPath },
    })
    this.#child = child
    child.stderr.on('data', (text: Buffer) => {
      process.stderr.write(text)
      this.said += text.toString()
    })
    for await (const line of createInterface({ input: child.stdout })) {
      const event = JSON.parse(line) as { readonly event: string; readonly url?: string }
      if (event.event === 'ready' && event.url !== undefined) return event.url
    }
    throw new Error('the server did not start')
  }

  /** Resolves with the signal that ends it, null if none did. Asked before it ends. */
  async ended(): Promise<string | null> {
    const [, signal] = (await once(this.#child as ChildProcess, 'exit')) as [unknown, string | null]
    return signal
  }

  /** Lets it stop in order, if it runs. */
  async stop(): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }

  /** The processes that it has started and that run `program`; none where Linux does not say it. */
  children(program: string): readonly number[] {
    const pid = this.#child?.pid
    const pids = textOf(`/proc/${pid}/task/${pid}/children`).trim().split(' ').map(Number)
    return pids.filter((one) => runs(one, program))
  }

  kill(): void {
    this.#child?.kill('SIGKILL')
  }

  /** How often a point was passed by all processes so far. */
  passages(point: string): number {
    const lines = readFileSync(this.#logPath, 'utf8').split('\n')
    return lines.filter((line) => line === point).length
  }
}

/** Whether a process is there and runs `program`. Of Linux. */
export const runs = (pid: number, program: string): boolean =>
  textOf(`/proc/${pid}/cmdline`).includes(program)

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Whoever is not there has no file.
    return ''
  }
}
