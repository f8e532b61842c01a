/**
 * The structured reference string (SRS): what provers and keys are made from.
 *
 * Either the public ceremony's, from a folder that is configured, or the development string. Both
 * are compared with digests that the repository pins before anything uses them. Nothing is ever
 * downloaded: Barretenberg fetches what it misses, so it is never started without enough points.
 */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Fault } from '@busbar/core/errors'
import { developmentFolder, digestOf, type MakeOptions } from './srs-development.ts'
import { pointBytes } from './srs-powers.ts'

export type Srs = {
  /** Holds `bn254_g1.dat` and `bn254_g2.dat` in Barretenberg's form. */
  readonly folder: string
  /** How many points it has been checked for: powers of two. */
  readonly logPoints: number
  readonly isDevelopment: boolean
}

/** The name that stands for the development string where a folder is asked for. */
export const developmentName = 'development'

type Pins = {
  readonly g2Sha256: string
  /** Of the first 2^k points, by k. */
  readonly prefixes?: Readonly<Record<string, string>>
  /** Of consecutive chunks of `chunkPoints` points each. */
  readonly chunks?: readonly string[]
  readonly chunkPoints?: number
}

const pinsOf = (name: 'srs-development' | 'srs-ceremony'): Pins =>
  JSON.parse(readFileSync(resolve(import.meta.dirname, `../keys/${name}.json`), 'utf8')) as Pins

/** More points than the largest circuit takes. */
export const logPointsMax = 20

/**
 * The string from `source`, `development` or a folder, checked for `2^logPoints` points.
 *
 * @throws Fault SRS_MISSING, SRS_TOO_SHORT, SRS_DIFFERS
 */
export async function openSrs(
  source: string,
  logPoints: number,
  options: MakeOptions = {},
): Promise<Srs> {
  if (logPoints > logPointsMax) throw new Fault('SRS_TOO_SHORT', { needed: 2 ** logPoints })
  const isDevelopment = source === developmentName
  const folder = isDevelopment ? await developmentFolder(logPoints, options) : resolve(source)
  const has = sizeOf(join(folder, 'bn254_g1.dat')) / pointBytes
  if (sizeOf(join(folder, 'bn254_g2.dat')) !== 128) throw different(folder, 'bn254_g2.dat')
  if (has < 2 ** logPoints)
    throw new Fault('SRS_TOO_SHORT', { folder, has, needed: 2 ** logPoints })
  const pins = pinsOf(isDevelopment ? 'srs-development' : 'srs-ceremony')
  const g2 = createHash('sha256')
    .update(readFileSync(join(folder, 'bn254_g2.dat')))
    .digest('hex')
  if (g2 !== pins.g2Sha256) throw different(folder, 'bn254_g2.dat')
  if (isDevelopment) {
    if (digestOf(folder, logPoints) !== pins.prefixes?.[logPoints]) {
      throw different(folder, 'bn254_g1.dat')
    }
  } else checkChunks(folder, logPoints, pins)
  return { folder, logPoints, isDevelopment }
}

/** The ceremony's digests are of whole chunks: the file holds as many as the points begin. */
function checkChunks(folder: string, logPoints: number, pins: Pins): void {
  const chunkPoints = pins.chunkPoints ?? 0
  const chunkBytes = chunkPoints * pointBytes
  const path = join(folder, 'bn254_g1.dat')
  const count = Math.ceil(2 ** logPoints / chunkPoints)
  if (sizeOf(path) < count * chunkBytes) {
    const details = { folder, has: sizeOf(path) / pointBytes, needed: count * chunkPoints }
    throw new Fault('SRS_TOO_SHORT', details)
  }
  const chunk = Buffer.alloc(chunkBytes)
  const file = openSync(path, 'r')
  try {
    for (let i = 0; i < count; i += 1) {
      readSync(file, chunk, 0, chunkBytes, i * chunkBytes)
      const digest = createHash('sha256').update(chunk).digest('hex')
      if (digest !== pins.chunks?.[i]) throw different(folder, `bn254_g1.dat, chunk ${i}`)
    }
  } finally {
    closeSync(file)
  }
}

const different = (folder: string, file: string): Fault =>
  new Fault('SRS_DIFFERS', { folder, file })

function sizeOf(path: string): number {
  try {
    return statSync(path).size
  } catch (cause) {
    throw new Fault('SRS_MISSING', { path }, { cause })
  }
}
