/** The payment provider's simulator as a process of its own, told what to do over its own HTTP. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type Move = {
  readonly kind: string
  readonly what: string
  readonly payer: string
  readonly payee: string
  readonly amount: number
}

export type TestParty = {
  readonly token: string
  readonly balanceMicros: number
  readonly heldMicros: number
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null

type Options = Readonly<Record<string, unknown>>

const program = fileURLToPath(new URL('../../../simulator/src/payments/main.ts', import.meta.url))

/** Money for whoever pays in a test. */
export const openingMicros = 1_000_000_000_000

export class TestProvider {
  url = ''
  readonly #folder = mkdtempSync(join(tmpdir(), 'busbar-provider-'))
  readonly #options: Options
  #child: ChildProcess | undefined
  #admitted = new Set<string>()

  constructor(options: Options = {}) {
    this.#options = options
  }

  /** Starts it, or starts it again where it was. */
  async start(): Promise<this> {
    const port = this.url === '' ? 0 : Number(new URL(this.url).port)
    const options = JSON.stringify({ ...this.#options, directory: this.#folder, port })
    const child = spawn(process.execPath, [program, options], {
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

  get credentials(): { apiKey: string; adminKey: string; webhookSecret: string } {
    return JSON.parse(readFileSync(join(this.#folder, 'credentials.json'), 'utf8')) as never
  }

  async tell(path: string, body: object): Promise<void> {
    await this.#ask('POST', path, body)
  }

  async admit(token: string, micros = openingMicros, declines: string[] = []): Promise<void> {
    await this.tell('parties', { token, declines })
    if (this.#admitted.has(token)) return
    this.#admitted.add(token)
    if (micros > 0) await this.tell('deposits', { id: token, token, amountMicros: micros })
  }

  misbehave(kind: string, what: string | null = null, times = 1): Promise<void> {
    return this.tell('misbehaviour', { kind, what, times })
  }

  /** Everything that moved but what came from outside. */
  async moves(): Promise<readonly Move[]> {
    const all: (Move & { number: number })[] = []
    for (;;) {
      const after = all.at(-1)?.number ?? 0
      const { moves } = (await this.#ask('GET', `moves?after=${after}`)) as { moves: typeof all }
      if (moves.length === 0) return all.filter(({ kind }) => kind !== 'deposit')
      all.push(...moves)
    }
  }

  /** How many of its events were taken by whom they were brought to. */
  async taken(): Promise<number> {
    const { events } = (await this.#ask('GET', 'events')) as { events: { state: string }[] }
    return events.filter(({ state }) => state !== 'waiting').length
  }

  async party(token: string): Promise<TestParty> {
    const { parties } = (await this.#ask('GET', 'parties')) as { parties: TestParty[] }
    const found = parties.find((party) => party.token === token)
    if (found === undefined) throw new Error(`${token} was not admitted`)
    return found
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.url}/admin/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.credentials.adminKey}` },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return JSON.parse(text)
  }
}
