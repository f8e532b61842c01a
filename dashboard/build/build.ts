import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'

const root = resolve(import.meta.dirname, '..', '..')

/** Built pages are kept here by the hash of what they were built from. */
const cacheFolder = join(root, '.busbar', 'dashboard')
/** Builds that stay when a new one is made: a server that runs may still be restarted with its. */
const buildsKept = 3

/** Whatever the pages are made of: a change in any of it makes other pages. */
const sources = [
  'dashboard', 'client/src', 'protocols/src', 'core/src', 'package-lock.json', 'tsconfig.base.json',
]

const notASource = /(?:^|\/)(?:node_modules|browser|testing|README\.md)(?:\/|$)|\.test\.ts$/

/**
 * The folder with the pages as a server takes them (`BUSBAR_DASHBOARD`), built if their sources
 * changed since they were built last.
 *
 * @param say told when there is something to wait for
 * @throws Error with the last words of the build
 */
export async function builtPages(say: (text: string) => void): Promise<string> {
  const folder = join(cacheFolder, await sourceHash())
  if (existsSync(join(folder, 'pages.json'))) return folder
  say('Building the pages (only when their sources changed) …')
  await mkdir(cacheFolder, { recursive: true })
  const started = performance.now()
  // Another process may build the same: each in a folder of its own, and the first to end wins.
  const making = join(cacheFolder, `making-${randomBytes(6).toString('hex')}`)
  try {
    await run(join(import.meta.dirname, 'build-program.ts'), making)
    await rename(making, folder).catch((error: unknown) => {
      if (!existsSync(join(folder, 'pages.json'))) throw error
    })
  } finally {
    await rm(making, { recursive: true, force: true })
  }
  await forgetOldBuilds()
  say(`Pages built in ${((performance.now() - started) / 1_000).toFixed(1)} s.`)
  return folder
}

/** A process of its own: what it needs of memory and packages ends with it. */
async function run(program: string, target: string): Promise<void> {
  const child = spawn(process.execPath, [program, target], { stdio: ['ignore', 'pipe', 'pipe'] })
  let words = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      words = `${words}${text}`.slice(-4_000)
    })
  }
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject).once('close', resolve)
  })
  if (code !== 0) throw new Error(`the pages could not be built:\n${words}`)
}

async function sourceHash(): Promise<string> {
  const hash = createHash('sha256')
  for (const path of (await Promise.all(sources.map(filesOf))).flat().sort()) {
    hash.update(`${path}\0`).update(await readFile(join(root, path))).update('\0')
  }
  return hash.digest('hex').slice(0, 24)
}

/** The files of a source, relative to the root with `/`. */
async function filesOf(source: string): Promise<readonly string[]> {
  const path = join(root, source)
  if ((await stat(path)).isFile()) return [source]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)).split(sep).join('/'))
    .filter((name) => !notASource.test(name))
}

async function forgetOldBuilds(): Promise<void> {
  const names = (await readdir(cacheFolder)).filter((name) => /^[0-9a-f]{24}$/.test(name))
  const dated = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(cacheFolder, name))).mtimeMs })),
  )
  const old = dated.toSorted((a, b) => b.at - a.at).slice(buildsKept)
  await Promise.all(
    old.map(({ name }) => rm(join(cacheFolder, name), { recursive: true, force: true })),
  )
}
