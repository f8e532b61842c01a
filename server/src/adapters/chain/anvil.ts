/**
 * One anvil process: found, started, watched, ended.
 *
 * It keeps its chain in memory and writes nothing by itself. What anvil would write (`--state`,
 * `--dump-state`) is written at its end or every few seconds, in place: a kill in between leaves a
 * file that is old, or half. So the state is saved by us, see `embedded-chain.ts`.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Fault } from '@busbar/core/errors'
import { endProcess, type StartedProcess, startedProcess } from './child-process.ts'
import { readFileIfThere, writeFileAtomically } from './files.ts'
import { HttpRpc } from './rpc.ts'

export type Anvil = {
  readonly url: string
  readonly pid: number
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>
  end(): Promise<void>
}

const startTimeoutMs = 20_000
const startAttempts = 3

/** The chain id of a development chain. */
export const embeddedChainId = 31_337

/**
 * Starts anvil on the loopback interface, on a free port, with an empty chain.
 *
 * `directory` gets a file that names the process, so that the next start can end it if neither this
 * process nor the watchdog could. Faults: CHAIN_NODE_MISSING.
 */
export async function startAnvil(directory: string): Promise<Anvil> {
  const binary = anvilBinary()
  const pidFile = join(directory, 'anvil.json')
  endLeftOver(pidFile)
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    const child = spawn(binary, anvilArguments(port), { stdio: 'ignore', detached: true })
    // At once: this process may be killed while the node comes up, and nobody else knows of it.
    const anvil = watched(child, port, pidFile)
    if (await isUp(port, anvil.ended)) return anvil
    await anvil.end()
    if (attempt === startAttempts) {
      throw new Fault('CHAIN_NODE_MISSING', { binary, reason: 'it does not come up' })
    }
  }
}

const anvilArguments = (port: number): readonly string[] => [
  ...['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(embeddedChainId)],
  // The limit of a transaction is the real one, the block's is not a market's concern here.
  ...['--hardfork', 'osaka', '--enable-tx-gas-limit', '--gas-limit', '1000000000'],
  // States for a look back and for reorganisations; without a number they would fill the disk.
  ...['--prune-history', '256', '--accounts', '1', '--no-request-size-limit', '--quiet'],
]

/** Its own native binary: the package's launcher would be one more process between us. */
function anvilBinary(): string {
  const { platform, arch } = process
  const cpu = ({ x64: 'amd64', arm64: 'arm64' } as Record<string, string>)[arch] ?? arch
  const name = platform === 'win32' ? 'anvil.exe' : 'anvil'
  const require = createRequire(import.meta.url)
  try {
    const launcher = createRequire(require.resolve('@foundry-rs/anvil/package.json'))
    const binary = launcher.resolve(`@foundry-rs/anvil-${platform}-${cpu}/bin/${name}`)
    if (existsSync(binary)) return binary
  } catch {
    // Not installed for this platform: said below.
  }
  throw new Fault('CHAIN_NODE_MISSING', { platform, arch })
}

function watched(child: ChildProcess, port: number, pidFile: string): Anvil {
  const ended = endOf(child)
  const started = startedProcess(child.pid ?? 0)
  const watchdog = startWatchdog(started)
  writeFileAtomically(pidFile, JSON.stringify(started))
  // The server waits for its work, not for its helpers.
  child.unref()
  return {
    url: `http://127.0.0.1:${port}`,
    pid: started.pid,
    ended,
    async end() {
      child.ref()
      child.kill('SIGKILL')
      await ended
      watchdog.stdin?.end()
    },
  }
}

function startWatchdog({ pid, start }: StartedProcess): ChildProcess {
  const program = fileURLToPath(new URL('./anvil-watchdog.ts', import.meta.url))
  const watchdog = spawn(process.execPath, [program, String(pid), start], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  watchdog.on('error', () => undefined)
  watchdog.stdin.on('error', () => undefined)
  watchdog.unref()
  ;(watchdog.stdin as unknown as { unref(): void }).unref()
  return watchdog
}

/** An anvil of a server that died together with its watchdog. */
function endLeftOver(pidFile: string): void {
  const text = readFileIfThere(pidFile)?.toString('utf8')
  if (text === undefined) return
  const { pid, start } = JSON.parse(text) as Partial<StartedProcess>
  if (pid !== undefined && start !== undefined) endProcess({ pid, start })
}

const endOf = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })

/** False when it ended, or did not answer in time (as when somebody was faster with the port). */
async function isUp(port: number, ended: Promise<void>): Promise<boolean> {
  const rpc = new HttpRpc(() => `http://127.0.0.1:${port}`)
  let hasEnded = false
  void ended.then(() => {
    hasEnded = true
  })
  const end = performance.now() + startTimeoutMs
  while (!hasEnded && performance.now() < end) {
    try {
      await rpc.call('eth_chainId', [], 1_000)
      return true
    } catch {
      // Not listening yet.
      await wait(5)
    }
  }
  return false
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
