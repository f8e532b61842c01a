/** Keeps a server running on one data directory and one port, whatever ends it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(import.meta.resolve('@busbar/server/testing/killable-server'))

type Incarnation = {
  readonly child: ChildProcess
  readonly ready: Promise<void>
  readonly stopped: Promise<string>
  readonly ended: Promise<{ readonly signal: string | null; readonly words: string }>
}

/**
 * The next process waits, loaded, while one runs: what a restart takes is then what the server
 * takes to find its state, and not what Node takes to read its modules.
 */
export class Supervisor {
  readonly url: string
  /** Unasked ends: by SIGKILL, or by itself when the store failed. */
  deaths = 0
  readonly #dataDir: string
  readonly #environment: Readonly<Record<string, string>>
  /** After how many milliseconds every third start is killed, as long as there are any. */
  readonly #startKillsMs: number[]
  #starts = 0
  #current: Incarnation
  #standby: Incarnation
  #isWanted = true
  #isAbandoned = false
  #stateHash: string | undefined
  readonly #finished = Promise.withResolvers<void>()

  private constructor(
    dataDir: string,
    port: number,
    environment: Readonly<Record<string, string>>,
    startKillsMs: readonly number[],
  ) {
    this.#startKillsMs = [...startKillsMs]
    this.#dataDir = dataDir
    this.url = `http://127.0.0.1:${port}`
    this.#environment = { ...environment, BUSBAR_PORT: String(port), KILL_STANDBY: '1' }
    this.#current = this.#spawn()
    this.#standby = this.#spawn()
    // Whoever waits for the end learns of a failure; nobody else is disturbed by it.
    this.#finished.promise.catch(() => undefined)
    void this.#run()
  }

  static async start(
    dataDir: string,
    environment: Readonly<Record<string, string>>,
    startKillsMs: readonly number[] = [],
  ): Promise<Supervisor> {
    return new Supervisor(dataDir, await freePort(), environment, startKillsMs)
  }

  /** Rejects when the server ends by itself for a reason from which no new process comes back. */
  get failed(): Promise<void> {
    return this.#finished.promise
  }

  kill(): void {
    this.#current.child.kill('SIGKILL')
  }

  /** Ends the embedded chain alone. True if there was one. */
  killChain(): boolean {
    try {
      const text = readFileSync(join(this.#dataDir, 'chain', 'anvil.json'), 'utf8')
      const { pid, start } = JSON.parse(text) as { readonly pid: number; readonly start: string }
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
      // Fields are counted after the name, which may contain anything.
      const isIt = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] === start
      return isIt && process.kill(pid, 'SIGKILL')
    } catch {
      // It is being started, or has just ended: a kill that missed.
      return false
    }
  }

  /** Stops in order, however often the server dies of it, and starts again. */
  async restart(): Promise<void> {
    await this.#stopInOrder()
    this.#stateHash = undefined
    this.#isWanted = true
    void this.#run()
  }

  /** Stops in order, however often the server dies of it. Resolves with the state hash. */
  async stop(): Promise<string> {
    const stateHash = await this.#stopInOrder()
    await this.abandon()
    return stateHash
  }

  /** Ends all that was started. */
  async abandon(): Promise<void> {
    this.#isAbandoned = true
    this.#finished.resolve()
    for (const { child, ended } of [this.#current, this.#standby]) {
      child.kill('SIGKILL')
      await ended
    }
  }

  async #stopInOrder(): Promise<string> {
    this.#isWanted = false
    while (this.#stateHash === undefined) {
      const { child, ready, stopped, ended } = this.#current
      await Promise.race([ready, ended, this.#finished.promise])
      child.kill('SIGTERM')
      await Promise.race([stopped, ended, this.#finished.promise])
      await Promise.race([ended, this.#finished.promise])
      // `#run` has seen the end before this goes on, and put the next one in its place.
      await new Promise((resolve) => setImmediate(resolve))
    }
    return this.#stateHash
  }

  /** From one incarnation to the next, until one has stopped in order. */
  async #run(): Promise<void> {
    for (;;) {
      const { child, stopped, ended } = this.#current
      void stopped.then((hash) => {
        this.#stateHash = hash
      })
      child.stdin?.write('start\n')
      this.#starts += 1
      const killMs = this.#starts % 3 === 1 ? this.#startKillsMs.shift() : undefined
      const kill = (): boolean => child.kill('SIGKILL')
      const timer = killMs === undefined ? undefined : setTimeout(kill, killMs)
      const { signal, words } = await ended
      clearTimeout(timer)
      if (this.#isAbandoned) return
      this.#current = this.#standby
      this.#standby = this.#spawn()
      if (this.#stateHash !== undefined && !this.#isWanted) return
      if (signal !== 'SIGKILL' && !/"code":"STORE_FAILED"/.test(words)) {
        this.#finished.reject(new Error(`the server ended by itself:\n${words}`))
        return
      }
      this.deaths += 1
    }
  }

  #spawn(): Incarnation {
    const child = spawn(process.execPath, [program], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...this.#environment },
    })
    child.stdin.on('error', () => undefined)
    let words = ''
    child.stderr.on('data', (data: Buffer) => {
      words = `${words}${data.toString()}`.slice(-4_000)
    })
    const ready = Promise.withResolvers<void>()
    const stopped = Promise.withResolvers<string>()
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return
      const { event, stateHash = '' } = JSON.parse(line) as { event: string; stateHash?: string }
      if (event === 'ready') ready.resolve()
      if (event === 'stopped') stopped.resolve(stateHash)
    })
    const ended = once(child, 'close').then(([code, signal]) => ({
      signal: signal as string | null,
      words: `${words}code ${code}, signal ${signal}`,
    }))
    return { child, ready: ready.promise, stopped: stopped.promise, ended }
  }
}

/**
 * A port below those that the system hands out: while the server is away nobody else gets it, and a
 * client that tries again and again does not connect to itself.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000)
    const server = createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (isFree) return port
  }
}
