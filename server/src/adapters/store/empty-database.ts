/**
 * An initialised database without anything in it, kept beside the dependencies: making one takes
 * seconds of work, and every one of a version of PGlite is the same.
 */
import {
  existsSync,
  mkdirSync,
  openAsBlob,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PGlite } from '@electric-sql/pglite'

const cache = fileURLToPath(new URL('../../../../node_modules/.cache/', import.meta.url))

/** Where it is kept for every market of this checkout. */
export function emptyDatabasePath(): string {
  const entry = fileURLToPath(import.meta.resolve('@electric-sql/pglite'))
  const manifest = readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }
  return join(cache, `busbar-database-${version}.tar`)
}

/** A tar of it; undefined where none is kept. */
export const keptEmptyDatabase = async (path: string): Promise<Blob | undefined> =>
  existsSync(path) ? await openAsBlob(path) : undefined

/** Keeps `database`, in which nothing is yet. Where that cannot be written, none is kept. */
export async function keepEmptyDatabase(database: PGlite, path: string): Promise<void> {
  const draft = `${path}.${process.pid}`
  try {
    await database.exec('checkpoint')
    const dump = await database.dumpDataDir('none')
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(draft, Buffer.from(await dump.arrayBuffer()))
    renameSync(draft, path)
  } catch {
    rmSync(draft, { force: true })
  }
}

/** One that cannot be begun from is worth nothing. */
export const dropEmptyDatabase = (path: string): void => rmSync(path, { force: true })
