/**
 * Barretenberg's native program, as the package `@aztec/bb.js` brings it: a child process for each
 * piece of work, bounded in threads, memory and time, in a folder of its own that is removed.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Fault } from '@busbar/core/errors'
import type { Srs } from './srs.ts'

export type Limits = {
  readonly threads?: number
  /** Address space of the process, where the platform can bound it (Linux). */
  readonly memoryBytesMax?: number
  readonly timeoutMs?: number
}

/** Ten times what the largest circuit takes on two cores, and three times its memory. */
const standardLimits = { threads: 2, memoryBytesMax: 4 * 2 ** 30, timeoutMs: 600_000 }

export type Proven = {
  readonly proof: Uint8Array
  /** As Barretenberg read them from the witness: 32 bytes each, hexadecimal. */
  readonly publicInputs: readonly string[]
  readonly seconds: number
  readonly peakBytes: number
}

/**
 * Proofs that a Solidity contract verifies (Keccak transcript), and that tell nothing but the
 * statement.
 */
const target = ['--verifier_target', 'evm'] as const

/**
 * @param bytecode the compiled program, gzip in base64, that the witness was solved with.
 * @throws Fault PROVER_MISSING, PROVER_FAILED, SRS_TOO_SHORT
 */
export async function proveWitness(
  {
    bytecode,
    witness,
    key,
    srs,
  }: {
    readonly bytecode: string
    readonly witness: Uint8Array
    readonly key: Uint8Array
    readonly srs: Srs
  },
  limits: Limits = {},
): Promise<Proven> {
  assertReach(srs, logSizeOf(key))
  return await inFolder(async (folder) => {
    const at = (name: string): string => join(folder, name)
    await writeFile(at('program.json'), JSON.stringify({ bytecode }))
    await writeFile(at('witness.gz'), witness)
    await writeFile(at('key'), key)
    const files = ['-b', at('program.json'), '-w', at('witness.gz'), '-k', at('key')]
    const { seconds, peakBytes } = await run(
      ['prove', ...files, '-o', folder, '-c', srs.folder, ...target],
      limits,
    )
    const inputs = (await readFile(at('public_inputs'))).toString('hex')
    return {
      proof: await readFile(at('proof')),
      publicInputs: (inputs.match(/.{64}/g) ?? []).map((word) => `0x${word}`),
      seconds,
      peakBytes,
    }
  })
}

/** The verification key of a program: its commitments are made with the string. */
export async function keyOf(
  bytecode: string,
  srs: Srs,
  logSize: number,
  limits: Limits = {},
): Promise<Uint8Array> {
  assertReach(srs, logSize)
  return await inFolder(async (folder) => {
    await writeFile(join(folder, 'program.json'), JSON.stringify({ bytecode }))
    const files = ['-b', join(folder, 'program.json'), '-o', folder, '-c', srs.folder]
    await run(['write_vk', ...files, ...target], limits)
    return await readFile(join(folder, 'vk'))
  })
}

/** How many gates a program has; it takes no string to know. */
export async function gatesOf(bytecode: string, limits: Limits = {}): Promise<number> {
  return await inFolder(async (folder) => {
    await writeFile(join(folder, 'program.json'), JSON.stringify({ bytecode }))
    const args = ['gates', '-b', join(folder, 'program.json'), ...target]
    const { stdout } = await run(args, limits)
    const { functions } = JSON.parse(stdout) as { functions: { circuit_size: number }[] }
    return functions[0]?.circuit_size ?? 0
  })
}

/** The Solidity source that verifies proofs under `key`, as Barretenberg writes it. */
export async function verifierSource(key: Uint8Array): Promise<string> {
  return await inFolder(async (folder) => {
    const [keyFile, file] = [join(folder, 'key'), join(folder, 'Verifier.sol')]
    await writeFile(keyFile, key)
    const args = ['-k', keyFile, '-o', file, ...target, '--optimized']
    await run(['write_solidity_verifier', ...args], {})
    return await readFile(file, 'utf8')
  })
}

/** A key begins with the logarithm of its circuit's size, as a word. */
export const logSizeOf = (key: Uint8Array): number => key[31] ?? 0

/** Barretenberg would download what a string lacks. */
function assertReach(srs: Srs, logSize: number): void {
  if (srs.logPoints >= logSize) return
  const details = { folder: srs.folder, has: 2 ** srs.logPoints, needed: 2 ** logSize }
  throw new Fault('SRS_TOO_SHORT', details)
}

type Ran = { readonly stdout: string; readonly seconds: number; readonly peakBytes: number }

async function run(args: readonly string[], limits: Limits): Promise<Ran> {
  const { threads, memoryBytesMax, timeoutMs } = { ...standardLimits, ...limits }
  const [program, ...rest] = bounded([barretenberg(), ...args, '-v'], memoryBytesMax)
  const started = performance.now()
  const child = spawn(program ?? '', rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { HARDWARE_CONCURRENCY: String(threads) },
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  })
  const out: string[] = []
  const said: string[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text))
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (...ended) => resolve(ended))
  }).catch((cause: unknown) => {
    throw new Fault('PROVER_FAILED', { step: args[0] ?? '', reason: 'does not start' }, { cause })
  })
  const seconds = (performance.now() - started) / 1_000
  if (code !== 0) throw failure(args[0] ?? '', said.join(''), signal, seconds >= timeoutMs / 1_000)
  return { stdout: out.join(''), seconds, peakBytes: peakOf(said.join('')) }
}

/** What it says may quote paths, never a witness: its last line is enough to go on. */
function failure(step: string, said: string, signal: string | null, isLate: boolean): Fault {
  const last = said.trimEnd().split('\n').at(-1) ?? ''
  const reason = isLate ? 'it took too long' : signal === null ? last.slice(0, 200) : signal
  return new Fault('PROVER_FAILED', { step, reason: reason.replace(/\p{C}/gu, ' ') })
}

/** It says with every step the most memory it has had so far. */
const peakOf = (said: string): number =>
  Math.max(0, ...[...said.matchAll(/\(mem: ([\d.]+) MiB\)/g)].map(([, mib]) => Number(mib))) *
  2 ** 20

/** A shell hands its own bound on to the program that takes its place. */
const bounded = (command: readonly string[], bytesMax: number): readonly string[] =>
  process.platform === 'linux'
    ? [
        '/bin/sh',
        '-c',
        'ulimit -v "$0" && exec "$@"',
        String(Math.ceil(bytesMax / 1024)),
        ...command,
      ]
    : command

/** A witness holds orders: where the system has files in memory, it never reaches a disk. */
const temporaryRoot = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(temporaryRoot, 'busbar-proof-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const folders: Readonly<Record<string, string>> = {
  'linux-x64': 'amd64-linux',
  'linux-arm64': 'arm64-linux',
  'darwin-x64': 'amd64-macos',
  'darwin-arm64': 'arm64-macos',
}

function barretenberg(): string {
  const { platform, arch } = process
  const folder = folders[`${platform}-${arch}`]
  const path = join(packageFolder(), 'build', folder ?? '', 'bb')
  if (folder === undefined || !existsSync(path)) {
    throw new Fault('PROVER_MISSING', { platform, arch })
  }
  return path
}

/** The package does not export its manifest: from its entry up to the folder of that name. */
function packageFolder(): string {
  let folder = dirname(createRequire(import.meta.url).resolve('@aztec/bb.js'))
  while (!existsSync(join(folder, 'build')) && dirname(folder) !== folder) folder = dirname(folder)
  return folder
}
