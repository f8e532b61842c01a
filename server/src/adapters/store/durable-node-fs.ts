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

/** Called with the descriptor just before it is synced: what was written until now counts. */
export type SyncListener = (descriptor: number) => void

type FileNode = object
type Stream = { readonly nfd: number; readonly node: FileNode }
type Operation<First> = (first: First, ...others: readonly unknown[]) => unknown

/** The part of Emscripten's NODEFS that is used here; PGlite does not type it. */
type NodeFsModule = {
  readonly NODEFS: {
    /** Turns an error of node:fs into an errno that PostgreSQL sees, and panics about. */
    tryFSOperation(operation: () => void): void
    readonly stream_ops: {
      fsync?: (stream: Stream) => number
      write: Operation<Stream>
      setattr: Operation<Stream>
    }
    readonly node_ops: { mknod: Operation<FileNode>; setattr: Operation<FileNode> }
  }
}

export class DurableNodeFs extends NodeFS {
  /** How often PostgreSQL synced a file: lets the engine prove that it does. */
  syncCount = 0
  readonly #beforeSync: SyncListener

  /** Everything in `directory` must be on disk already: only what is written here is synced. */
  constructor(directory: string, beforeSync: SyncListener = () => undefined) {
    super(directory)
    this.#beforeSync = beforeSync
  }

  override async init(...given: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const initialised = await super.init(...given)
    const before = initialised.emscriptenOpts.preRun
    const addSync = (module: unknown): void => this.#addSync((module as NodeFsModule).NODEFS)
    const preRun = Array.isArray(before) ? before : before === undefined ? [] : [before]
    const emscriptenOpts = { ...initialised.emscriptenOpts, preRun: [...preRun, addSync] }
    return { emscriptenOpts }
  }

  #addSync(nodeFs: NodeFsModule['NODEFS']): void {
    const { stream_ops: streams, node_ops: nodes } = nodeFs
    const used = [nodeFs.tryFSOperation, streams.write, streams.setattr, nodes.mknod, nodes.setattr]
    assert(used.every((each) => typeof each === 'function'), 'NODEFS is that of PGlite 0.5.16')

    // After a crash PostgreSQL syncs each of its thousand files, one after the other, because it
    // cannot know which were synced: seconds on a busy disk. Here that is known.
    const written = new WeakSet<FileNode>()
    const { write, setattr: setStream } = streams
    const { mknod, setattr: setNode } = nodes
    streams.write = (stream, ...others) => {
      written.add(stream.node)
      return write(stream, ...others)
    }
    streams.setattr = (stream, ...others) => {
      written.add(stream.node)
      return setStream(stream, ...others)
    }
    nodes.setattr = (node, ...others) => {
      written.add(node)
      return setNode(node, ...others)
    }
    nodes.mknod = (parent, ...others) => {
      const node = mknod(parent, ...others)
      written.add(node as FileNode)
      return node
    }
    streams.fsync = ({ nfd, node }) => {
      nodeFs.tryFSOperation(() => {
        const isFile = fstatSync(nfd).isFile()
        if (isFile && !written.has(node)) return
        this.#beforeSync(nfd)
        // A WAL file is preallocated: its times need no journal write of the file system.
        if (isFile) fdatasyncSync(nfd)
        else fsyncSync(nfd)
        this.syncCount += 1
      })
      return 0
    }
  }
}
