/**
 * Where the files of tests are: in memory where there is room, since a market makes a thousand
 * files when it begins, and none of them is read after the test. What reaches the disk when is told
 * by the calls that ask for it, which are the same anywhere.
 */
import { spawnSync } from 'node:child_process'
import {
  existsSync, mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync,
} from 'node:fs'
import { freemem } from 'node:os'
import { join } from 'node:path'

const root = '/dev/shm'
const prefix = 'busbar-tests-'
/** Six markets and their provers at a time take a third of it. */
const freeBytesMin = 8 * 2 ** 30

export type MemoryFolder = { readonly path: string; readonly remove: () => void }

/** Makes one; undefined where there is no room or no program may be run from it. */
export function memoryFolder(): MemoryFolder | undefined {
  if (!existsSync(root) || freemem() < freeBytesMin) return undefined
  const { bavail, bsize } = statfsSync(root)
  if (bavail * bsize < freeBytesMin) return undefined
  removeForgotten()
  const path = join(root, `${prefix}${process.pid}`)
  const remove = (): void => rmSync(path, { recursive: true, force: true })
  try {
    // Others may look in: a database server runs as another user than root.
    mkdirSync(path, { mode: 0o755 })
    const program = join(path, 'program')
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 })
    if (spawnSync(program).status === 0) return { path, remove }
  } catch {
    // No right to write there: as good as no room.
  }
  remove()
  return undefined
}

/** Those of runs that were killed. */
function removeForgotten(): void {
  for (const name of readdirSync(root)) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN
    if (!Number.isInteger(pid) || isAlive(pid)) continue
    rmSync(join(root, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
