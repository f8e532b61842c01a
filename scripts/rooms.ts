import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const repositoryRoot: string = resolve(import.meta.dirname, '..')

/** The parts of the product, from the one that imports nothing to those that import the most. */
export const rooms = [
  'core', 'protocols', 'contracts', 'client', 'server', 'simulator', 'cli', 'scripts',
] as const

export type Room = (typeof rooms)[number]

export const isRoom = (name: string): name is Room => rooms.some((room) => room === name)

/** What git knows or would take, relative to the root with `/`, sorted: never what it ignores. */
export function repositoryFiles(): readonly string[] {
  const options = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const listed = execFileSync('git', options, { cwd: repositoryRoot, encoding: 'utf8' })
  const paths = new Set(listed.split('\0').filter((path) => path !== ''))
  return [...paths].filter((path) => existsSync(join(repositoryRoot, path))).sort()
}

export const readText = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8')
