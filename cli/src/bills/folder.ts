import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  type Evidence,
  evidenceName,
  evidenceText,
  inputInvalid,
  type NamedEvidence,
  parseEvidence,
} from '@busbar/client/bills'

/** @throws Fault BILLS_INPUT_INVALID for a file that cannot be read */
export async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw inputInvalid(path, 'file', 'a file that can be read', reason)
  }
}

/** A folder's evidence in the order of its collection; empty where there is no folder yet. */
export async function readEvidence(folder: string): Promise<readonly NamedEvidence[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const own = names.filter((name) => /^\d{6}-\d+-\d+\.json$/.test(name)).sort()
  const files: NamedEvidence[] = []
  for (const name of own) {
    files.push({ name, evidence: parseEvidence(await textOf(join(folder, name)), name) })
  }
  return files
}

/** Puts a file beside those that are there; whole or not at all. Resolves with its name. */
export async function addEvidence(
  folder: string,
  known: readonly NamedEvidence[],
  evidence: Evidence,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const number = Number(known.at(-1)?.name.slice(0, 6) ?? 0) + 1
  const name = evidenceName(evidence, number)
  const path = join(folder, name)
  await writeWhole(`${path}.new`, evidenceText(evidence))
  await rename(`${path}.new`, path)
  await sync(folder)
  return name
}

/**
 * Writes a folder with these files: all of them, or none.
 *
 * @throws Fault BILLS_INPUT_INVALID where something is there already: no bill is written over
 */
export async function writeFolder(
  folder: string,
  files: ReadonlyMap<string, string>,
): Promise<void> {
  const isThere = await readdir(folder).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  )
  if (isThere) throw inputInvalid(folder, 'out', 'a folder that is not there yet')
  const partial = `${folder}.new-${process.pid}`
  try {
    for (const [path, text] of files) {
      await mkdir(dirname(join(partial, path)), { recursive: true, mode: 0o700 })
      await writeWhole(join(partial, path), text)
    }
    await rename(partial, folder)
    await sync(dirname(folder))
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

const writeWhole = (path: string, text: string): Promise<void> =>
  writeFile(path, text, { mode: 0o600, flush: true })

async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync()
  await handle.close()
}
