import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What stands in the file of the folder; made, and on the disk, when it is asked for first. */
export function keptJson<Kept extends object>(
  folder: string,
  name: string,
  make: () => Kept,
): Kept {
  const path = join(folder, name)
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const text = `${JSON.stringify(make(), undefined, 2)}\n`
    writeFileSync(`${path}.new`, text, { mode: 0o600, flush: true })
    renameSync(`${path}.new`, path)
    const directory = openSync(folder, 'r')
    fsyncSync(directory)
    closeSync(directory)
  }
  return JSON.parse(readFileSync(path, 'utf8')) as Kept
}
