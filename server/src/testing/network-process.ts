/** Bill network and bank, simulated in a process of their own, told what to do over their HTTP. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type NetworkMove = {
  readonly number: number
  readonly kind: string
  readonly payment: string
  readonly party: string
  readonly cents: number
}

type Options = Readonly<Record<string, unknown>>

const program = fileURLToPath(
  new URL('../../../simulator/src/bill-network/main.ts', import.meta.url),
)

/** The market’s key, as it is admitted to each network of a test. */
export const marketKeys: { readonly privateKey: KeyObject; readonly publicKey: KeyObject } =
  generateKeyPairSync('rsa', { modulusLength: 2_048 })

export class TestNetwork {
  url = ''
  readonly #folder = mkdtempSync(join(tmpdir(), 'busbar-network-'))
  readonly #options: Options
  #child: ChildProcess | undefined

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

  /** For tests in which it dies: starts it again as often as it does. */
  keepAlive(): { readonly stop: () => void; readonly deaths: () => number } {
    let isWanted = true
    let deaths = 0
    const again = async (): Promise<void> => {
      while (isWanted) {
        const child = this.#child
        if (child === undefined) return
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
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
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  async remove(): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  get networkKey(): KeyObject {
    return createPublicKey(this.#credentials.privateKey)
  }

  get bankKey(): string {
    return this.#credentials.bankKey
  }

  get #credentials(): { adminKey: string; bankKey: string; privateKey: string } {
    return JSON.parse(readFileSync(join(this.#folder, 'credentials.json'), 'utf8')) as never
  }

  /** @param url where its notices go */
  admitMarket(name: string, url: string | null = null): Promise<void> {
    const key = marketKeys.publicKey.export({ type: 'spki', format: 'pem' })
    return this.tell('institutions', { name, key, url })
  }

  admitParty(name: string, pays = 'at-once', more: object = {}): Promise<void> {
    return this.tell('parties', { name, institution: 'district', pays, ...more })
  }

  misbehave(kind: string, what: string | null = null, times = 1): Promise<void> {
    return this.tell('misbehaviour', { kind, what, times })
  }

  advance(nowMs: number): Promise<void> {
    return this.tell('clock', { nowMs })
  }

  async moves(): Promise<readonly NetworkMove[]> {
    const all: NetworkMove[] = []
    for (;;) {
      const path = `moves?after=${all.at(-1)?.number ?? 0}`
      const { moves } = (await this.ask('GET', path)) as { moves: readonly NetworkMove[] }
      if (moves.length === 0) return all
      all.push(...moves)
    }
  }

  async tell(path: string, body: object): Promise<void> {
    await this.ask('POST', path, body)
  }

  async ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.url}/admin/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#credentials.adminKey}` },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return JSON.parse(text)
  }
}
