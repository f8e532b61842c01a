/**
 * PGlite's file system on a directory, with `fsync` added.
 *
 * PGlite 0.5.16 as it comes never syncs: it starts PostgreSQL with `-F` (fsync off), its NODEFS has
 * no `fsync` operation, so that `fsync(2)` succeeds without doing anything, and its `fdatasync(2)`,
 * which PostgreSQL chooses for the WAL, is an empty function. What it acknowledges survives the
 * death of the process, not of the machine. Here `fsync(2)` reaches the disk; `pglite-engine.ts`
 * sets the parameters that make PostgreSQL call it. See docs/decisions/0002-store.md.
 */
import { fdatasyncSync, fstatSync, fsyncSync } from 'node:fs'
import { assert } from '@busbar/core/errors'
import { NodeFS } from '@electric-sql/pglite/nodefs'

/** The part of Emscripten's NODEFS that is used here; PGlite does not type it. */
type NodeFsModule = {
  readonly NODEFS: {
    /** Turns an error of node:fs into an errno that PostgreSQL sees, and panics about. */
    tryFSOperation(operation: () => void): void
    readonly stream_ops: { fsync?: (stream: { readonly nfd: number }) => number }
  }
}

/** Called with the descriptor just before it is synced: what was written until now counts. */
export type SyncListener = (descriptor: number) => void

export class DurableNodeFs extends NodeFS {
  /** How often PostgreSQL synced a file: lets the engine prove that it does. */
  syncCount = 0
  readonly #beforeSync: SyncListener

  constructor(directory: string, beforeSync: SyncListener = () => undefined) {
    super(directory)
    this.#beforeSync = beforeSync
  }

  override async init(...given: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const initialised = await super.init(...given)
    const before = initialised.emscriptenOpts.preRun
    const addFsync = (module: unknown): void => {
      const { NODEFS } = module as NodeFsModule
      assert(typeof NODEFS.tryFSOperation === 'function', 'PGlite exposes NODEFS as in 0.5.16')
      NODEFS.stream_ops.fsync = ({ nfd }) => {
        this.#beforeSync(nfd)
        NODEFS.tryFSOperation(() => sync(nfd))
        this.syncCount += 1
        return 0
      }
    }
    const preRun = Array.isArray(before) ? before : before === undefined ? [] : [before]
    const emscriptenOpts = { ...initialised.emscriptenOpts, preRun: [...preRun, addFsync] }
    return { emscriptenOpts }
  }
}

/** A WAL file is preallocated: its times need no journal write of the file system. */
function sync(descriptor: number): void {
  if (fstatSync(descriptor).isFile()) fdatasyncSync(descriptor)
  else fsyncSync(descriptor)
}
