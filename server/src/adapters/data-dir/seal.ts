import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

/** Written when a server has stopped in order; removed when one starts. */
const sealName = 'sealed.json'

type Seal = { readonly files: Readonly<Record<string, string>> }

/**
 * Notes the SHA-256 of every file of a data directory at rest. A database page has room that no
 * query ever reads; the seal is what tells a changed byte even there.
 */
export async function sealDataDir(dataDir: string): Promise<void> {
  const files = await hashesOf(dataDir)
  const path = join(dataDir, sealName)
  await writeFile(`${path}.new`, `${JSON.stringify({ files } satisfies Seal, null, 1)}\n`)
  await rename(`${path}.new`, path)
}

export const breakSeal = (dataDir: string): Promise<void> =>
  rm(join(dataDir, sealName), { force: true })

export type SealCheck =
  /** The directory was not closed in order, or is in use: there is nothing to compare with. */
  | { readonly kind: 'not_sealed' }
  | { readonly kind: 'intact'; readonly files: number }
  | { readonly kind: 'changed'; readonly paths: readonly string[] }

/** Compares a data directory with its seal: changed, missing and added files. */
export async function checkSeal(dataDir: string): Promise<SealCheck> {
  let text: string
  try {
    text = await readFile(join(dataDir, sealName), 'utf8')
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (isMissing) return { kind: 'not_sealed' }
    throw error
  }
  const sealed = parseSeal(text)
  if (sealed === undefined) return { kind: 'changed', paths: [sealName] }
  const present = await hashesOf(dataDir)
  const names = [...new Set([...Object.keys(sealed.files), ...Object.keys(present)])].sort()
  const paths = names.filter((name) => sealed.files[name] !== present[name])
  return paths.length === 0 ? { kind: 'intact', files: names.length } : { kind: 'changed', paths }
}

function parseSeal(text: string): Seal | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('files' in value)) return undefined
    if (typeof value.files !== 'object' || value.files === null) return undefined
    const again = `${JSON.stringify(value, null, 1)}\n`
    return again === text ? (value as Seal) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

async function hashesOf(dataDir: string): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {}
  const entries = await readdir(dataDir, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  for (const path of paths) {
    const name = relative(dataDir, path).split(sep).join('/')
    if (name === sealName) continue
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
    hashes[name] = hash.digest('hex')
  }
  return hashes
}
