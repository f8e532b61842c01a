import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'

export const repositoryRoot: string = resolve(import.meta.dirname, '..')

/** The parts of the product, from the one that imports nothing to those that import the most. */
export const rooms = [
  'core', 'protocols', 'contracts', 'client', 'dashboard', 'proofs', 'committee', 'server',
  'simulator', 'cli', 'scripts',
] as const

export type Room = (typeof rooms)[number]

export const isRoom = (name: string): name is Room => rooms.some((room) => room === name)

/**
 * What git knows or would take, relative to the root with `/`, sorted: never what it ignores. Where
 * there is no git, in an unpacked archive, all files but those that are made.
 */
export function repositoryFiles(): readonly string[] {
  const options = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const { status, stdout } = spawnSync('git', options, { cwd: repositoryRoot, encoding: 'utf8' })
  if (status !== 0) return walk(repositoryRoot).sort()
  const paths = new Set(stdout.split('\0').filter((path) => path !== ''))
  return [...paths].filter((path) => existsSync(join(repositoryRoot, path))).sort()
}

/** As in .gitignore. */
const made = /(?:^|\/)(?:node_modules|\.git|\.busbar)$|^contracts\/(?:out|cache)$|\.log$/

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    const name = relative(repositoryRoot, path).split(sep).join('/')
    if (made.test(name)) return []
    return entry.isDirectory() ? walk(path) : [name]
  })
}

export const readText = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8')
