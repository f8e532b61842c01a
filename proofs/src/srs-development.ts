/**
 * The development string: powers of a secret that everybody knows, so that whoever likes can prove
 * anything with it. It makes proving work on a machine that has no ceremony's file, and is refused
 * by the verifier contract wherever the chain is not a development chain.
 */
import { createHash, randomUUID } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism, homedir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { bn254 } from '@noble/curves/bn254.js'
import { pointBytes } from './srs-powers.ts'

/** What every output says that depends on the development string. */
export const developmentNotice = 'development, not secure'

/** The text whose hash is the secret: it is meant to be known. */
const secretText = 'busbar development: not secure'

export const developmentSecret: bigint = bn254.fields.Fr.create(
  BigInt(`0x${createHash('sha256').update(secretText).digest('hex')}`),
)

export type MakeOptions = {
  /** Under which it is kept, made once: a folder for each length. */
  readonly cacheFolder?: string
  readonly threads?: number
  readonly onProgress?: (done: number, all: number) => void
}

const defaultCacheFolder = join(homedir(), '.cache', 'busbar', 'development-srs')

/**
 * A folder with the files `bn254_g1.dat` (at least `2^logPoints` points) and `bn254_g2.dat`, made
 * if it is not there. What is there is not judged here: `openSrs` compares its digest.
 */
export async function developmentFolder(
  logPoints: number,
  { cacheFolder = defaultCacheFolder, threads, onProgress }: MakeOptions = {},
): Promise<string> {
  const lengths = existsSync(cacheFolder) ? readdirSync(cacheFolder).filter(isLength) : []
  const enough = lengths.map(Number).filter((length) => length >= logPoints)
  if (enough.length > 0) return join(cacheFolder, String(Math.min(...enough)))
  const points = await makePoints(2 ** logPoints, threads ?? availableParallelism(), onProgress)
  const folder = join(cacheFolder, String(logPoints))
  // Several processes may make it at once; each puts a whole folder into its place.
  const written = `${folder}.${randomUUID()}`
  mkdirSync(written, { recursive: true })
  writeFileSync(join(written, 'bn254_g1.dat'), points)
  writeFileSync(join(written, 'bn254_g2.dat'), developmentG2())
  try {
    renameSync(written, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  }
  return folder
}

const isLength = (name: string): boolean => /^\d+$/.test(name)

async function makePoints(
  count: number,
  threads: number,
  onProgress: (done: number, all: number) => void = () => {},
): Promise<Uint8Array> {
  const share = Math.ceil(count / threads)
  const starts = Array.from({ length: Math.ceil(count / share) }, (_, i) => i * share)
  const done = starts.map(() => 0)
  const parts = starts.map((from, i) =>
    partOf(from, Math.min(share, count - from), (own) => {
      done[i] = own
      onProgress(
        done.reduce((sum, other) => sum + other, 0),
        count,
      )
    }),
  )
  return Buffer.concat(await Promise.all(parts), count * pointBytes)
}

function partOf(from: number, count: number, onDone: (done: number) => void): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const workerData = { secret: developmentSecret, from, count }
    const worker = new Worker(new URL('./srs-worker.ts', import.meta.url), { workerData })
    worker.on('message', (message: { done?: number; points?: Uint8Array }) => {
      if (message.done !== undefined) onDone(message.done)
      if (message.points !== undefined) resolve(message.points)
    })
    worker.on('error', reject)
    worker.on('exit', (code) => reject(new Error(`a thread ended with code ${code}`)))
  })
}

/** The generator of G2 times the secret: x and y, real part first, each part big-endian. */
export function developmentG2(): Uint8Array {
  const { x, y } = bn254.G2.Point.BASE.multiply(developmentSecret).toAffine()
  const words = [x.c0, x.c1, y.c0, y.c1].map((part) => part.toString(16).padStart(64, '0'))
  return Buffer.from(words.join(''), 'hex')
}

/** SHA-256 of the first `2^logPoints` points in a folder. */
export function digestOf(folder: string, logPoints: number): string {
  const bytes = readFileSync(join(folder, 'bn254_g1.dat'))
  return createHash('sha256')
    .update(bytes.subarray(0, 2 ** logPoints * pointBytes))
    .digest('hex')
}
