/** A house of money, simulated in a process of its own, told what to do over its own HTTP. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type HouseOptions = Readonly<Record<string, unknown>>

type HouseCredentials = { readonly adminKey: string }

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null

export class SimulatedHouse<Credentials extends HouseCredentials> {
  url = ''
  readonly #program: string
  readonly #folder: string
  readonly #options: HouseOptions
  #child: ChildProcess | undefined

  /** @param kind the simulator's folder, and what its own is called after */
  constructor(kind: 'bill-network' | 'payments', options: HouseOptions) {
    this.#program = fileURLToPath(
      new URL(`../../../simulator/src/${kind}/main.ts`, import.meta.url),
    )
    this.#folder = mkdtempSync(join(tmpdir(), `busbar-${kind}-`))
    this.#options = options
  }

  /** Starts it, or starts it again where it was. */
  async start(): Promise<this> {
    const port = this.url === '' ? 0 : Number(new URL(this.url).port)
    const options = JSON.stringify({ ...this.#options, directory: this.#folder, port })
    const child = spawn(process.execPath, [this.#program, options], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, BUSBAR_STOP_WITH_STDIN: '1' },
    })
    this.#child = child
    const line = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>
    const first = await Promise.race([line, once(child, 'exit')])
    this.url = (JSON.parse(String(first[0])) as { url: string }).url
    return this
  }

  /** Waits until it has died by itself, and starts it where it was. */
  async startAgain(): Promise<void> {
    const child = this.#child
    if (child === undefined) throw new Error('it was never started')
    if (!hasEnded(child)) await once(child, 'exit')
    await this.start()
  }

  /** For tests in which it dies: starts it again as often as it does. */
  keepAlive(): { readonly stop: () => void; readonly deaths: () => number } {
    let isWanted = true
    let deaths = 0
    const again = async (): Promise<void> => {
      while (isWanted) {
        const child = this.#child
        if (child === undefined) return
        if (!hasEnded(child)) await once(child, 'exit')
        if (!isWanted) return
        deaths += 1
        await this.start()
      }
    }
    void again()
    return { stop: () => void (isWanted = false), deaths: () => deaths }
  }

  async kill(): Promise<void> {
    const child = this.#child
    if (child === undefined || hasEnded(child)) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  async remove(): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  get credentials(): Credentials {
    return JSON.parse(readFileSync(join(this.#folder, 'credentials.json'), 'utf8')) as Credentials
  }

  misbehave(kind: string, what: string | null = null, times = 1): Promise<void> {
    return this.tell('misbehaviour', { kind, what, times })
  }

  async tell(path: string, body: object): Promise<void> {
    await this.ask('POST', path, body)
  }

  async ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.url}/admin/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.credentials.adminKey}` },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return JSON.parse(text)
  }

  /** All that moved in it, a page at a time. */
  protected async allMoves<Move extends { readonly number: number }>(): Promise<readonly Move[]> {
    const all: Move[] = []
    for (;;) {
      const path = `moves?after=${all.at(-1)?.number ?? 0}`
      const { moves } = (await this.ask('GET', path)) as { moves: readonly Move[] }
      if (moves.length === 0) return all
      all.push(...moves)
    }
  }
}
