import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import {
  existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type CompiledCircuit as NoirCircuit } from '@noir-lang/noir_js'

/** The batch sizes that have a circuit of their own: the most orders that one proof speaks of. */
export const clearingSizes = [64, 256, 1024, 4096] as const

export type ClearingSize = (typeof clearingSizes)[number]

/** Every circuit that has a verifier on chain, named as its folder. */
export const circuitNames = [
  'clearing-64', 'clearing-256', 'clearing-1024', 'clearing-4096', 'threshold',
  // Of a set of more than 4,096 orders: one part, and what joins the parts.
  'clearing-part', 'clearing-join',
  'rank-64', 'rank-256',
] as const

export type CircuitName = (typeof circuitNames)[number]

export type CompiledCircuit = {
  /** The program as Barretenberg and `noir_js` take it: gzip in base64. */
  readonly bytecode: string
  /** How named inputs become the witness. */
  readonly abi: NoirCircuit['abi']
  readonly noirVersion: string
}

/** Where the Noir packages are. */
export const circuitsFolder: string = resolve(import.meta.dirname, '../circuits')

/** The smallest circuit that a batch fits in; null if it takes several proofs. */
export const sizeFor = (orderCount: number): ClearingSize | null =>
  clearingSizes.find((size) => orderCount <= size) ?? null

export const clearingCircuit = (size: ClearingSize): CircuitName => `clearing-${size}`

/**
 * Compiles a circuit from its source, or takes what an earlier call compiled from the very same
 * source with the very same compiler: the largest takes the compiler a while.
 *
 * @param cacheFolder where compiled circuits are kept; it is made if need be.
 * @throws Error with the compiler's messages if the source is wrong.
 */
export async function compileCircuit(
  name: CircuitName,
  cacheFolder: string = defaultCacheFolder,
): Promise<CompiledCircuit> {
  const file = join(cacheFolder, `${name}-${sourceDigest(name).slice(0, 16)}.json`)
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as CompiledCircuit
  const compiled = await compileFolder(join(circuitsFolder, name))
  mkdirSync(cacheFolder, { recursive: true })
  // Several processes may compile at once; each puts a whole file into its place.
  const written = `${file}.${randomUUID()}`
  writeFileSync(written, JSON.stringify(compiled))
  renameSync(written, file)
  return compiled
}

/** What a thread answers: the circuit, or what the compiler said against it. */
export type Compilation = CompiledCircuit | { readonly said: readonly string[] }

/** Compilers that wait for more: one that has compiled before is several times as fast. */
const idle: { readonly worker: Worker; readonly end: NodeJS.Timeout }[] = []
const idleMs = 5_000

/**
 * Compiles the Noir package in `folder`; its dependencies are folders too. In a thread of its own:
 * the compiler computes without a pause, keeps the memory it took, and writes to the console. The
 * thread ends when there is nothing to compile for some seconds.
 *
 * @throws Error with the compiler's messages if the source is wrong.
 */
export async function compileFolder(folder: string): Promise<CompiledCircuit> {
  const worker = compilerThread()
  let compiled: Compilation
  try {
    const answer = once(worker, 'message')
    worker.postMessage(resolve(folder))
    compiled = (await answer)[0] as Compilation
  } catch (error) {
    await worker.terminate()
    throw error
  }
  keepForMore(worker)
  if ('bytecode' in compiled) return compiled
  throw new Error([`${folder} does not compile`, ...compiled.said].join('\n'))
}

function compilerThread(): Worker {
  const waiting = idle.pop()
  if (waiting === undefined) {
    return new Worker(new URL('./compile-worker.ts', import.meta.url), { stdout: true })
  }
  clearTimeout(waiting.end)
  waiting.worker.ref()
  return waiting.worker
}

/** Nobody waits for it: a program that has nothing else to do ends. */
function keepForMore(worker: Worker): void {
  worker.unref()
  const end = setTimeout(() => {
    const at = idle.findIndex((one) => one.worker === worker)
    idle.splice(at, 1)
    void worker.terminate()
  }, idleMs)
  idle.push({ worker, end: end.unref() })
}

/** SHA-256 of what a circuit is made from: its sources, the library's, and the compiler. */
export function sourceDigest(name: CircuitName): string {
  const hash = createHash('sha256').update(compilerVersion)
  for (const folder of [...(librariesOf[name] ?? ['rule']), name]) {
    for (const path of noirFiles(join(circuitsFolder, folder))) {
      hash.update(`\0${relative(circuitsFolder, path)}\0`).update(readFileSync(path))
    }
  }
  return hash.digest('hex')
}

/** Whose sources a circuit uses beside its own. */
const librariesOf: Partial<Record<CircuitName, readonly string[]>> = {
  'clearing-part': ['rule', 'parts'],
  'clearing-join': ['rule', 'parts'],
  'rank-64': ['rule', 'rank'],
  'rank-256': ['rule', 'rank'],
}

const noirFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(?:nr|toml)$/.test(path))
    .sort()
    .map((path) => join(folder, path))

const require = createRequire(import.meta.url)

const compilerVersion: string = (
  JSON.parse(
    readFileSync(resolve(require.resolve('@noir-lang/noir_wasm'), '../../../package.json'), 'utf8'),
  ) as { readonly version: string }
).version

/** Where packages keep what they can make again. */
const defaultCacheFolder = resolve(import.meta.dirname, '../../node_modules/.cache/busbar-circuits')
