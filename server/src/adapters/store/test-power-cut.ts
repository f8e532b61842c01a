/**
 * A disk that forgets what was not synced, for `power-cut.test.ts`.
 *
 * It watches a directory through the syncs of PGlite's file system, and can at any time write out
 * what a machine would find there after its power was cut: the contents of each file as of its last
 * sync, under the names as of the last sync of its directory (or of the file itself, as journalling
 * file systems do). Of what was written since, each page survives or not by `survives`.
 */
import * as fs from 'node:fs'
import { basename, dirname, join } from 'node:path'

const pageBytes = 4_096

type Identity = string
type Names = Map<string, Identity>

export class ForgetfulDisk {
  readonly #root: string
  readonly #files = new Map<Identity, Buffer>()
  readonly #directories = new Map<Identity, Names>()

  /** Takes what is below `root` now as synced. */
  constructor(root: string) {
    this.#root = root
    this.#takeTree(root)
  }

  /** To be called at each sync, before it. */
  sync(descriptor: number): void {
    const path = fs.readlinkSync(`/proc/self/fd/${descriptor}`)
    if (!path.startsWith(this.#root)) return
    if (fs.fstatSync(descriptor).isDirectory()) this.#takeNames(path)
    else {
      this.#files.set(identityOf(path), fs.readFileSync(path))
      this.#directories.get(identityOf(dirname(path)))?.set(basename(path), identityOf(path))
    }
  }

  /** Writes what is found after a power cut now to `target`. */
  cutTo(target: string, survives: () => boolean): void {
    const current = new Map<Identity, string>()
    indexTree(this.#root, current)
    const write = (identity: Identity, to: string): void => {
      const names = this.#directories.get(identity)
      if (names === undefined) {
        const synced = this.#files.get(identity) ?? Buffer.alloc(0)
        const path = current.get(identity)
        const found = path === undefined ? synced : mixed(synced, fs.readFileSync(path), survives)
        fs.writeFileSync(to, found)
        return
      }
      fs.mkdirSync(to, { mode: 0o700 })
      for (const [name, child] of names) write(child, join(to, name))
    }
    write(identityOf(this.#root), target)
  }

  #takeTree(path: string): void {
    this.#takeNames(path)
    for (const entry of fs.readdirSync(path, { withFileTypes: true })) {
      const child = join(path, entry.name)
      if (entry.isDirectory()) this.#takeTree(child)
      else this.#files.set(identityOf(child), fs.readFileSync(child))
    }
  }

  /** A directory made since has no names of its own yet. */
  #takeNames(path: string): void {
    const names: Names = new Map()
    for (const entry of fs.readdirSync(path, { withFileTypes: true })) {
      const identity = identityOf(join(path, entry.name))
      names.set(entry.name, identity)
      if (entry.isDirectory() && !this.#directories.has(identity)) {
        this.#directories.set(identity, new Map())
      }
    }
    this.#directories.set(identityOf(path), names)
  }
}

/** Numbers of files are used again, so that the time of making is part of who a file is. */
function identityOf(path: string): Identity {
  const { ino, birthtimeMs } = fs.statSync(path)
  return `${ino} ${birthtimeMs}`
}

function indexTree(path: string, index: Map<Identity, string>): void {
  for (const entry of fs.readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name)
    index.set(identityOf(child), child)
    if (entry.isDirectory()) indexTree(child, index)
  }
}

function mixed(synced: Buffer, now: Buffer, survives: () => boolean): Buffer {
  if (synced.equals(now)) return synced
  const found = Buffer.from(synced)
  for (let at = 0; at < Math.min(found.length, now.length); at += pageBytes) {
    const page = now.subarray(at, at + pageBytes)
    if (!page.equals(synced.subarray(at, at + pageBytes)) && survives()) page.copy(found, at)
  }
  return now.length > synced.length && survives()
    ? Buffer.concat([found, now.subarray(synced.length)])
    : found
}
