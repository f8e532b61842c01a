/** A command that runs until it is told to stop, as a process of its own, line by line. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../main.ts', import.meta.url))

export class RunningBusbar {
  readonly lines: string[] = []
  readonly #child: ChildProcess
  readonly #ended: Promise<readonly unknown[]>
  readonly #err: Promise<string>

  constructor(args: readonly string[]) {
    const env = { ...process.env, BUSBAR_STOP_WITH_STDIN: '1' }
    const child = spawn(process.execPath, [program, ...args], { env })
    this.#child = child
    this.#ended = once(child, 'exit')
    this.#err = text(child.stderr)
    createInterface({ input: child.stdout }).on('line', (line) => this.lines.push(line))
  }

  /** Resolves with the lines when `done` holds of them; throws what was said if it never does. */
  async until(done: (lines: readonly string[]) => boolean): Promise<readonly string[]> {
    for (let turn = 0; turn < 600; turn += 1) {
      if (done(this.lines)) return [...this.lines]
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    this.#child.kill()
    throw new Error(`only: ${this.lines.join('\n')} ${await this.#err}`)
  }

  /** Resolves with the exit code, when it has ended by itself. */
  async ended(): Promise<number | null> {
    return (await this.#ended)[0] as number | null
  }

  /** Tells it to stop, and resolves with the exit code. */
  stop(): Promise<number | null> {
    this.#child.stdin?.end()
    return this.ended()
  }
}
